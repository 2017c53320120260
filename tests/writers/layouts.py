"""Every layout a report is written in, and what each of them loses.

``write(sample, name, …)`` gives the bytes with `Expected`: exactly the figure, or that the layout itself lost which
figure is which (then only ``unreadable`` may come back), or that the whole page must be refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from govdisclosure.forms import FORMS
from tests.reportwriter import (
    Block,
    Paper,
    Sheet,
    Table,
    docx,
    dumps,
    html,
    lay_out,
    markdown,
    sheets_of,
)
from tests.reportwriter.model import TABLES
from tests.reportwriter.tables import proactive, proactive_parts, split

from .figures import Key, Sample

TITLES = {
    1: ("一、总体情况",), 2: ("二、主动公开政府信息情况",), 3: ("三、收到和处理政府信息公开申请情况",),
    4: ("四、政府信息公开行政复议、行政诉讼情况", "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况"),
    5: ("五、存在的主要问题及改进情况", "五、存在的主要问题及整改措施"), 6: ("六、其他需要报告的事项",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Expected:
    """``cells``: (value, unit, status) a cell; ``lossy``: cells that may also be unreadable; ``refused``: the page must be.

    ``unplaced``: figures printed that the form has no cell for and that must be listed.
    """

    cells: dict[Key, tuple]
    lossy: frozenset[Key] = frozenset()
    refused: bool = False
    unplaced: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A sample with its sheets, which `misprints` may have changed, and the section titles chosen."""

    sample: Sample
    sheets: dict[str, Sheet]
    titles: dict[int, str] = field(default_factory=lambda: {n: t[0] for n, t in TITLES.items()})
    hard: frozenset[Key] = frozenset()
    extra: tuple[str, ...] = ()


def plan(sample: Sample) -> Plan:
    """The sample on the form's own labels."""
    return Plan(
        sample, sheets_of(FORMS[sample.form], sample.texts, one_row_other=sample.one_row_other)
    )


def expected_cells(made: Plan) -> dict[Key, tuple]:
    """What each cell of the form must read: printed cells as the sample says, the others absent."""
    printed = {
        (s.key, r.key, c.key)
        for s in made.sheets.values()
        for p in s.parts
        for r in p.rows
        for c in p.columns
    }
    known = made.sample.expected
    return {
        key: known[key] if key in printed else (None, made.sample.unit(key), "absent")
        for key in known
    }


def paper(made: Plan, tables: dict[str, list[Table]], pen: Random) -> Paper:
    """The report around its tables."""
    s = made.sample
    blocks = [
        Block("title", f"{s.agency}{s.year}年政府信息公开工作年度报告"),
        Block(
            "prose",
            f"根据《中华人民共和国政府信息公开条例》编制本报告，数据统计期限为{s.year}年1月1日至12月31日。",
        ),
        Block("heading", made.titles[1]),
        Block(
            "prose",
            f"{s.year}年，我们按照条例要求推进公开工作，主动公开信息{pen.randint(3, 900)}条。",
        ),
    ]
    for key, number in TABLES.items():
        if tables[key]:
            blocks.append(Block("heading", made.titles[number]))
        blocks += [Block("table", table=t) for t in tables[key]]
    blocks += [
        Block("heading", made.titles[5]),
        Block("prose", "公开内容还不够丰富，下一步将加强培训，改进平台建设。"),
        Block("heading", made.titles[6]),
        Block("prose", f"{s.year}年度收取信息处理费0元。"),
    ]
    page = {
        "索引号": "000014349/2024-00012",
        "发布机构": s.agency,
        "公开日期": f"{s.year + 1}-01-20",
        "主办单位": s.agency,
    }
    return Paper(tuple(blocks), page)


def plain_tables(made: Plan) -> dict[str, list[Table]]:
    """One table a section, on the national geometry."""
    return {key: [lay_out(sheet)] for key, sheet in made.sheets.items()}


def disagreeing(made: Plan) -> dict[str, list[Table]]:
    """Header spans 1/2/1 over figures 2/1/1 in table 二."""
    return plain_tables(made) | {"proactive": [proactive(made.sheets["proactive"], disagree=True)]}


def by_item(made: Plan) -> dict[str, list[Table]]:
    """Table 二 as one table per item of article 20."""
    return plain_tables(made) | {"proactive": proactive_parts(made.sheets["proactive"])}


def halves(made: Plan, pen: Random, repeat: bool) -> dict[str, list[Table]]:
    """Table 三 in two, as a page break leaves it."""
    tables = plain_tables(made)
    whole = tables["requests"][0]
    at = pen.randrange(whole.head + 2, len(whole.rows) - 1)
    return tables | {"requests": list(split(whole, at, repeat=repeat))}


def blank_tables(made: Plan) -> set[Key]:
    """Cells of rows where a blank was printed: a layout that drops blanks loses which figure is which there."""
    lost = set()
    for sheet in made.sheets.values():
        for part in sheet.parts:
            rows = [[(sheet.key, r.key, c.key) for c in part.columns] for r in part.rows]
            rows = [[k for row in rows for k in row]] if sheet.key == "disputes" else rows
            lost.update(
                k
                for row in rows
                if any(not sheet.texts.get(key[1:], "").strip() for key in row)
                for k in row
            )
    return lost


def _word_rows(made: Plan) -> set[Key]:
    """Cells of rows where words stand in a cell: set off by spaces only, they can't be told from the label."""
    words = {(k[0], k[1]) for k, t in made.sample.tokens.items() if t.status == "unreadable"}
    across = any(table == "disputes" for table, _ in words)
    return {k for k in made.sample.tokens if k[:2] in words or (across and k[0] == "disputes")}


Writer = Callable[[Plan, Random], tuple[bytes, Expected]]


def _exact(made: Plan, data: bytes) -> tuple[bytes, Expected]:
    return data, Expected(expected_cells(made), made.hard, unplaced=made.extra)


def _html(tables: Callable, shell: str, style: str, charset: str = "utf-8") -> Writer:
    def write(made: Plan, pen: Random):
        page = paper(made, tables(made, pen), pen)
        return _exact(
            made,
            html.write(page, shell=shell, style=style, charset=charset, seed=pen.randrange(10**6)),
        )

    return write


def _docx(made: Plan, pen: Random):
    return _exact(made, docx.write(paper(made, plain_tables(made), pen)))


def _markdown(**how) -> Writer:
    return lambda made, pen: _exact(
        made, markdown.write(paper(made, plain_tables(made), pen), **how)
    )


def _markdown_copies(made: Plan, pen: Random):
    """Merged cells repeated: no layout of layouts.md; nothing wrong may be read, and more is not asked."""
    data = markdown.write(paper(made, plain_tables(made), pen), copies=True)
    return data, Expected(expected_cells(made), frozenset(made.sample.tokens), unplaced=made.extra)


def _dump(layout: str, other: dict[str, str] | None = None) -> Writer:
    def write(made: Plan, pen: Random):
        tables = plain_tables(made)
        data = dumps.write(paper(made, tables, pen), layout, other=other)
        used = {key: (other or {}).get(key, layout) for key in TABLES}
        lost = {
            key
            for key, printed in tables.items()
            if not all(dumps.keeps(table, used[key]) for table in printed)
        }
        lossy = {k for k in blank_tables(made) if k[0] in lost}
        lossy |= {k for k in _word_rows(made) if used[k[0]] in dumps.SPACED}
        stacked = {key for key in lost if used[key].startswith(("lines", "bars_alone"))}
        lossy |= {k for k in made.sample.tokens if k[0] in stacked and not _adds_up(made, k)}
        if layout == "rows_repeated_removed":  # headers that occurred before are gone
            lossy |= {k for k in made.sample.tokens if k[0] == "proactive"}
        return data, Expected(
            expected_cells(made), made.hard | lossy, layout in dumps.REFUSED, made.extra
        )

    return write


def _adds_up(made: Plan, key: Key) -> bool:
    """Whether the row of a cell is what its total says: where blanks are gone and each cell has its line, only that shows
    that no other number stands in it."""
    table = FORMS[made.sample.form].table(key[0])
    total = next((i for i in table.identities if i.axis == "columns" and i.relation == "=="), None)
    if total is None:
        return False
    known = made.sample.expected
    parts, whole = (
        [known[key[0], key[1], c][0] for c in side] for side in (total.parts, total.total)
    )
    return None not in (*parts, *whole) and sum(parts) == sum(whole)


def _dump_mixed(made: Plan, pen: Random) -> tuple[bytes, Expected]:
    """Each table in any layout: blank cells kept in one and gone in the next."""
    pool = [
        name
        for name in dumps.LAYOUTS
        if name not in dumps.REFUSED and not name.startswith("page_") and "removed" not in name
    ]
    return _dump(pool[0], {key: pen.choice(pool) for key in TABLES})(made, pen)


def _t(function: Callable) -> Callable:
    return lambda made, pen: function(made)


def _one_big(made: Plan, pen: Random) -> dict[str, list[Table]]:
    from .big import one_table

    return one_table(made, plain_tables(made))


def _halves(repeat: bool) -> Callable:
    return lambda made, pen: halves(made, pen, repeat)


LAYOUTS: dict[str, Writer] = {
    "html_bare": _html(_t(plain_tables), "bare", "plain"),
    "html_cms_word": _html(_t(plain_tables), "cms", "word"),
    "html_cms_paragraphs": _html(_t(plain_tables), "cms", "paragraphs"),
    "html_archive_breaks": _html(_t(plain_tables), "archive", "breaks"),
    "html_frames": _html(_t(plain_tables), "frames", "paragraphs"),
    "html_gb18030": _html(_t(plain_tables), "cms", "paragraphs", "gb18030"),
    "html_disagreeing": _html(_t(disagreeing), "bare", "paragraphs"),
    "html_by_item": _html(_t(by_item), "cms", "word"),
    "html_split": _html(_halves(False), "bare", "plain"),
    "html_split_headers": _html(_halves(True), "cms", "paragraphs"),
    "html_one_table": _html(_one_big, "bare", "plain"),
    "docx": _docx,
    "markdown": _markdown(),
    "markdown_no_pipes": _markdown(pipes=False),
    "markdown_no_rule": _markdown(rule=False),
    "markdown_copies": _markdown_copies,
    **{f"dump_{name}": _dump(name) for name in dumps.LAYOUTS},
    "dump_changing_1": _dump("rows_kept", {"requests": "lines_plain"}),
    "dump_changing_2": _dump("lines_bar", {"requests": "rows_kept", "disputes": "tabs"}),
    "dump_mixed": _dump_mixed,
    "dump_changing_3": _dump("lines_plain", {"proactive": "bars_alone", "disputes": "spaces"}),
}


def write(made: Plan | Sample, name: str, pen: Random | None = None) -> tuple[bytes, Expected]:
    """The report in the layout `name` of `LAYOUTS`, and what is expected of it."""
    made = plan(made) if isinstance(made, Sample) else made
    return LAYOUTS[name](made, pen or Random(0))
