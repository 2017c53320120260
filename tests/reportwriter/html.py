"""Papers as HTML pages: shells of content systems, and cells as editors and Word leave them."""

from __future__ import annotations

from html import escape
from random import Random

from .model import Block, Cell, Paper, Table

SHELLS = ("bare", "cms", "archive", "frames")
STYLES = ("plain", "paragraphs", "word", "breaks")
NAVIGATION = ("网站首页", "要闻动态", "政务公开", "办事服务", "互动交流", "数据开放", "走进本地")
OPENING = '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n'


def write(
    paper: Paper,
    *,
    shell: str = "bare",
    style: str = "plain",
    charset: str = "utf-8",
    seed: int = 0,
) -> bytes:
    """The page's bytes.

    ``shell`` 'bare' (title and article), 'cms' (navigation, metadata table, article, footer), 'archive' (a saved page:
    a second head inside the body, several titles), 'frames' (the article inside layout tables).
    ``style`` 'plain', 'paragraphs' (<p> in each cell, &nbsp; where it is blank), 'word' (text cut into runs, <o:p>),
    'breaks' (<br> inside labels). ``charset`` 'gb18030' writes those bytes under a label that says gb2312.
    """
    pen = Random(seed)
    article = "\n".join(_block(b, style, pen) for b in paper.blocks)
    label = "gb2312" if charset == "gb18030" else charset
    return _SHELLS[shell](paper, article, label).encode(charset, "xmlcharrefreplace")


def _block(block: Block, style: str, pen: Random) -> str:
    if block.kind == "table":
        return table_html(block.table, style, pen)
    if block.kind == "title":
        return f'<h1 class="article-title">{escape(block.text)}</h1>'
    text = _runs(block.text, pen) if style == "word" else escape(block.text)
    strong = ("<strong>", "</strong>") if block.kind == "heading" else ("", "")
    return f'<p style="text-indent: 2em;">{strong[0]}{text}{strong[1]}</p>'


def table_html(table: Table, style: str = "plain", pen: Random | None = None) -> str:
    """One <table>."""
    pen = pen or Random(0)
    rows = ["<tr>" + "".join(_cell(c, style, pen) for c in row) + "</tr>" for row in table.rows]
    return '<table border="1" cellspacing="0"><tbody>' + "\n".join(rows) + "</tbody></table>"


def _cell(cell: Cell, style: str, pen: Random) -> str:
    spans = (f' colspan="{cell.cols}"' if cell.cols > 1 else "") + (
        f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    )
    return f"<td{spans}>{_STYLES[style](cell, pen)}</td>"


def _plain(cell: Cell, pen: Random) -> str:
    return escape(cell.text)


def _paragraph(cell: Cell, pen: Random) -> str:
    return f'<p align="center">{escape(cell.text)}</p>' if cell.text else "&nbsp;"


def _word(cell: Cell, pen: Random) -> str:
    if not cell.text:
        return '<p class="MsoNormal"><span style="font-size:10pt;"><o:p>&nbsp;</o:p></span></p>'
    return (
        f'<p class="MsoNormal" align="center">{_runs(cell.text, pen)}<span><o:p></o:p></span></p>'
    )


def _breaks(cell: Cell, pen: Random) -> str:
    if cell.key or len(cell.text) < 4:
        return escape(cell.text) or "<br/>"
    at = pen.randrange(2, len(cell.text) - 1)
    return escape(cell.text[:at]) + "<br />" + escape(cell.text[at:])


def _runs(text: str, pen: Random) -> str:
    """Word's runs: each of one to six characters in a span or font of its own."""
    pieces, at = [], 0
    while at < len(text):
        end = at + pen.randint(1, 6)
        piece = escape(text[at:end])
        pieces.append(
            pen.choice(
                (f"<span>{piece}</span>", f'<span><font face="仿宋">{piece}</font></span>', piece)
            )
        )
        at = end
    return "".join(pieces)


_STYLES = {"plain": _plain, "paragraphs": _paragraph, "word": _word, "breaks": _breaks}


def _head(paper: Paper, charset: str, site: str = "") -> str:
    title = escape(paper.title or paper.page.get("标题", ""))
    code = paper.page.get("网站标识码", "")
    meta = f'<meta name="SiteIDCode" content="{code}">\n' if code else ""
    return (
        f'<meta charset="{charset}">\n<title>{title}{escape(site and "-" + site)}</title>\n{meta}'
    )


def _bare(paper: Paper, article: str, charset: str) -> str:
    return f"{OPENING}{_head(paper, charset)}</head>\n<body>\n{article}\n</body>\n</html>\n"


def _cms(paper: Paper, article: str, charset: str) -> str:
    links = "".join(f'<li><a href="#">{name}</a></li>' for name in NAVIGATION)
    fields = [
        (k, v) for k, v in paper.page.items() if k not in ("网站标识码", "主办单位", "网站名称")
    ]
    rows = "".join(f"<tr><td>{k}</td><td>{escape(v)}</td></tr>" for k, v in fields)
    table = f'<table class="xxgk_table"><tbody>{rows}</tbody></table>' if fields else ""
    return (
        f"{OPENING}{_head(paper, charset, paper.page.get('网站名称', ''))}<script>var site = '2021';</script>\n</head>\n<body>\n"
        f'<div class="nav"><ul>{links}</ul></div>\n<div class="position">当前位置：首页 &gt; 政务公开 &gt; 年度报告</div>\n'
        f'<div class="main">{table}\n<div class="article" id="zoom">\n{article}\n</div></div>\n{_footer(paper)}</body>\n</html>\n'
    )


def _archive(paper: Paper, article: str, charset: str) -> str:
    site = escape(paper.page.get("网站名称", "政府网站"))
    return (
        f"{OPENING}{_head(paper, charset, site)}</head>\n<body>\n<div class='meta'>采集时间：2026-01-05T08:00:00+08:00</div>\n"
        f"<article>\n<meta name='ColumnName' content='年报'>\n<title>{site}</title>\n<div class='top'>2026年1月5日 星期一</div>\n"
        f"<div class='content'>\n{article}\n</div>\n{_footer(paper)}</article>\n</body>\n</html>\n"
    )


def _frames(paper: Paper, article: str, charset: str) -> str:
    links = "".join(f'<td><a href="#">{name}</a></td>' for name in NAVIGATION)
    return (
        f"{OPENING}{_head(paper, charset)}</head>\n<body>\n<table width='1000'><tr>{links}</tr></table>\n"
        f"<table width='1000'><tr><td width='200'>公开指南<br>公开目录</td><td>\n{article}\n</td></tr></table>\n{_footer(paper)}</body>\n</html>\n"
    )


def _footer(paper: Paper) -> str:
    parts = [f"{k}：{paper.page[k]}" for k in ("主办单位", "网站标识码") if k in paper.page]
    return f'<div class="footer">{escape(" ".join(parts))}</div>\n' if parts else ""


_SHELLS = {"bare": _bare, "cms": _cms, "archive": _archive, "frames": _frames}
