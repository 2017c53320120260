"""HTML: what the eye sees of a cell, each kind of hidden, raised and shown text once."""

from __future__ import annotations

import pytest
from reader_samples import doc, grids, prose

from govdisclosure.readers.placing import OBJECT


def cell(inside: str, head: str = "", body: str = "") -> str:
    """The text of a cell with this content, in a page with this head."""
    page = f"<!doctype html><html><head>{head}</head><body {body}><table><tr><td>甲</td><td>{inside}</td><td>乙</td></tr></table></body></html>"
    (row,) = grids(doc(page))[0]
    assert (row[0], row[2]) == ("甲", "乙"), "its neighbours stay"
    return row[1]


HIDDEN_STYLES = (
    "display:none",
    "DISPLAY : None !important; display:block",
    "visibility:hidden",
    "visibility: collapse",
    "opacity:0",
    "opacity:0.0",
    "opacity: .01",
    "filter:alpha(opacity=0)",
    "font-size:0",
    "font-size:0px",
    "font-size:1px",
    "font-size: .1pt",
    "color:#fff",
    "color:white",
    "color: rgb(255, 255, 255)",
    "color:#FEFEFE",
    "color:transparent",
    "color:rgba(0,0,0,0)",
    "color:#0000",
    "color:#fff;background:#fff",
    "-webkit-text-fill-color:transparent",
    "text-decoration:line-through",
    "text-decoration: underline line-through red",
    "text-decoration-line:line-through",
    "position:absolute;left:-9999px",
    "position:fixed;top:-1000px",
    "position:absolute;left:-999em",
    "position:absolute;clip:rect(0,0,0,0)",
    "position:absolute;clip:rect(1px 1px 1px 1px)",
    "position:absolute;width:1px;height:1px;overflow:hidden",
    "clip-path:inset(50%)",
    "clip-path:polygon(0 0,0 0,0 0)",
    "display:inline-block;width:0;overflow:hidden",
    "display:inline-block;max-height:0px;overflow:hidden",
    "display:block;text-indent:-9999px",
    "margin-left:-9999px",
    "display:inline-block;transform:scale(0)",
    "float:left;transform: translateX(-9999px)",
    "display:block;content-visibility:hidden",
    "mso-hide:all",
    "mso-element:comment",
)


@pytest.mark.parametrize("style", HIDDEN_STYLES)
def test_a_style_that_hides(style):
    assert cell(f'<span style="{style}">9</span>39') == "39"
    assert cell('<b class="x y">9</b>39', f"<style>.x{{{style}}}</style>") == "39"
    assert cell(f'<p>39</p><div style="{style}"><p>9<b>9</b></p></div>') == "39"


SEEN_STYLES = (
    "display:inline",
    "visibility:visible",
    "opacity:0.9",
    "font-size:6pt",
    "color:#333",
    "color:#fff;background:#06c",
    "background:url(a.png);color:white",
    "text-decoration:underline",
    "text-indent:-2em",
    "text-indent:2em",
    "margin-left:-10px",
    "position:absolute;left:0",
    "left:-9999px",
    "width:0",
    "overflow:hidden",
    "overflow:hidden;width:20px",
    "width:100%;height:10px",
    "clip:rect(0,0,0,0)",
    "line-height:1",
    "vertical-align:middle",
    "vertical-align:-1px",
    "vertical-align:baseline",
    "transform:scale(0.5)",
    "transform:scale(0)",
    "text-indent:-9999px",
    "width:0;overflow:hidden",
    "white-space:nowrap",
)


@pytest.mark.parametrize("style", SEEN_STYLES)
def test_a_style_that_does_not_hide(style):
    assert cell(f'<span style="{style}">3</span>9') == "39"
    assert cell('<span class="x">3</span>9', f"<style>.x{{{style}}}</style>") == "39"


@pytest.mark.parametrize(
    "inside",
    [
        "<del>99</del>39",
        "<s>99</s>39",
        "<strike>99</strike>39",
        "<del cite='a'><span>9</span>9</del><ins>39</ins>",
        "<!-- 9 -->39",
        "39<!--[if mso]>9<![endif]-->",
        "39<script>9</script><style>9{}</style>",
        "39<script><!--<script>9</script>9--></script>",
        "<del><font color=red>9</font><s>9</s></del>39",
        "39<svg><title>9</title><script>9</script><text></text></svg>",
        "<b width='1'' a<b='<i>' c=\"x>y\" d='&quot;>'>39</b>",
        "39<!-- --!> <!-- <td>9 -->",
        "39<template>9</template><noscript>9</noscript>",
        "<ruby>39<rp>(</rp><rt>9</rt><rp>)</rp></ruby>",
        "39<span hidden>9</span>",
        "39<input type=hidden value=9>",
        "39<input type=checkbox value=9>",
        "39<datalist><option>9</option></datalist>",
        "39<dialog>9</dialog>",
        "39<span class=MsoCommentReference><a class=msocomanchor href='#_msocom_1'>[A1]</a></span>",
        "39<iframe>9</iframe><noframes>9</noframes>",
        "39<math><semantics><mrow></mrow><annotation>9</annotation></semantics></math>",
    ],
)
def test_what_is_struck_out_or_no_text(inside):
    assert cell(inside) == "39"


@pytest.mark.parametrize(
    "sheet",
    [
        ".a{display:none}",
        "td .a, p{display:none}",
        "td > span.a{display:none}",
        "TABLE TD .a, TH{display:none}",
        "td span:first-child{display:none}",
        "[data-x='1']{display:none}",
        "@media screen{.a{display:none}}",
        "@media all{@media screen{.a{display:none}}}",
        "@media (min-width:1200px){.a{display:none}}",
        "@media print, screen and (min-width: 48em) and (max-width:2000px){.a{display:none}}",
        ".a{font:0/0 a}",
        "/* .b{ */ .a{color:red;display:none}",
        "<!-- .a{display:none} -->",
        ".a{display:block}.a{display:none}",
        "span{display:inline}.a{display:none}",
        ".a{display:none!important}#i.a{display:inline}",
        "@charset 'utf-8';.a{display:none}",
        "@font-face{font-family:x}.a{display:none}",
        ".a{width:1px;position:absolute}.a{overflow:hidden}",
    ],
)
def test_the_pages_own_style_sheet_hides(sheet):
    assert cell("<span id=i class=a data-x=1>9</span>39", f"<style>{sheet}</style>") == "39"


@pytest.mark.parametrize(
    "sheet",
    [
        "@media print{.a{display:none}}",
        "@media (max-width:600px){.a{display:none}}",
        "@media screen and (min-width:992px) and (max-width:1199px){.a{display:none}}",
        ".a{font:bold 12px/0 a}",
        ".a:hover{display:none}",
        ".a::before{display:none}",
        ".a{display:none}.a{display:inline}",
        ".a{display:none}.a.b{display:inline}",
        ".a{display:none}#i{display:inline}",
        ".b .a .a{display:none}",
        ".tab{display:none}.tab.on{display:inline}",
        ".a{display:none",
        "/* .a{display:none}",
        ".c{display:none}",
    ],
)
def test_a_rule_that_does_not_hold(sheet):
    inside = "<span id=i class='a b'>3</span><b class='tab on'>9</b>"
    assert cell(inside, f"<style>{sheet}</style>") == "39"


def test_an_inline_style_wins_over_a_rule():
    assert (
        cell("<b class=a style='display:inline'>3</b>9", "<style>.a{display:none}</style>") == "39"
    )


def test_what_is_inside_can_be_shown_again():
    for hide, show in (
        ("visibility:hidden", "visibility:visible"),
        ("font-size:0", "font-size:14px"),
        ("font-size:0", "font:700 14px/1.5 SimSun"),
        ("color:#fff", "color:#000"),
        ("color:#fff", "background:#036"),
    ):
        assert cell(f'<div style="{hide}">9<span style="{show}">39</span></div>') == "39"
    assert cell('<div style="display:none"><b style="display:block">9</b></div>39') == "39"


def test_a_cell_grows_with_its_text():
    page = "<table><tr><td>甲</td><td style='width:0;height:0;overflow:hidden'>39</td></tr></table>"
    assert grids(doc(page)) == [[["甲", "39"]]]
    assert cell("<p style='height:0;overflow:hidden'>9</p>39") == "39"
    assert cell("<p style='text-indent:-9999px'>9</p>39") == "39"


def test_a_style_sheet_for_paper_hides_nothing():
    for media in ("print", "screen and (max-width:767px)", "(max-width: 1.2.3px)"):
        assert cell("<b>3</b>9", f"<style media='{media}'>b{{display:none}}</style>") == "39"
    assert cell("<b>3</b>9", "<style media='screen'>b{display:none}</style>") == "9"


def test_white_on_a_ground_is_seen():
    assert cell("<font color=white>39</font>") == ""
    assert cell("<font color=white>39</font>", body="bgcolor='#003366'") == "39"
    assert cell("<font color='#ffffff'>39</font>", "<style>td{background:#036}</style>") == "39"
    assert (
        cell("<b class=w>39</b>", "<style>.w{color:#fff}table{background-color:navy}</style>")
        == "39"
    )
    assert cell("<b style='color:#fff'>39</b>", "<link rel=stylesheet href=a.css>") == "39"
    again = "<b style='visibility:visible'>39</b><i style='visibility:hidden'>9</i>"
    assert cell(again, "<link rel=stylesheet href=a.css>") == "39", "no colour is no other's"


def test_a_hidden_cell_is_none_and_an_unseen_one_is_blank():
    row = "<table><tr><td>甲<td style='display:none'>9<td style='visibility:hidden'>9<td style='color:#fff'>9</tr>{}</table>"
    assert grids(doc(row.format(""))) == [[["甲", "", ""]]]
    hidden = "<tr style='display:none'><td>9<td>9<td>9</tr><tr hidden><td>9<td>9<td>9</tr>"
    assert grids(doc(row.format(hidden))) == [[["甲", "", ""]]]
    struck = "<tr style='text-decoration:line-through'><td>9<td>9<td>9</tr>"
    assert grids(doc(row.format(struck))) == [[["甲", "", ""], ["", "", ""]]]


@pytest.mark.parametrize(
    "inside, text",
    [
        ("39<sup>1</sup>", "39⁽¹⁾"),
        ("39<sup>[1]</sup>", "39[1]"),
        ("39<sup>①</sup>", "39①"),
        ("39<sup><a href='#n'><span style='color:red'>2</span></a></sup>", "39⁽²⁾"),
        ("39<sub>1</sub>", "39⁽¹⁾"),
        ("39<span style='vertical-align:super;font-size:6pt'>1</span>", "39⁽¹⁾"),
        ("39<span style='vertical-align:4px'>1</span>", "39⁽¹⁾"),
        ("39<span style='position:relative;top:-.5em'>1</span>", "39⁽¹⁾"),
        (
            "39<a href='#_ftn1' style='mso-footnote-id:ftn1'><span class=MsoFootnoteReference>[1]</span></a>",
            "39[1]",
        ),
        ("39<i class=n>1</i>", "39⁽¹⁾"),
        ("39<span class=MsoFootnoteReference>1</span>", "39⁽¹⁾"),
        ("<math><msup><mn>39</mn><mn>1</mn></msup></math>", "39⁽¹⁾"),
        ("<sup>39</sup>", "39"),
        ("5km<sup>2</sup>", "5km⁽²⁾"),
        ("10<sup>3</sup>", "10⁽³⁾"),
        ("CO<sub>2</sub>", "CO2"),
        ("39¹", "39¹"),
    ],
)
def test_raised_marks_stay_raised(inside, text):
    assert cell(inside, "<style>.n{vertical-align:super}</style>") == text


@pytest.mark.parametrize(
    "inside, text",
    [
        ("<input value=39>", "39"),
        ("<input readonly type=text value='39' style='border:0'>", "39"),
        ("<input type=number value=39><input type=hidden value=1>", "39"),
        ("<input>", ""),
        ("<select><option>0</option><option selected>39</option></select>", "39"),
        ("<select><option>39</option><option>40</option></select>", "39"),
        ("<textarea>39</textarea>", "39"),
        ("<math><mn>39</mn></math>", "39"),
        ("<math><mrow><mn>39</mn></mrow></math>", "39"),
        ("<table><tr><td>39</td></tr></table>", "39"),
        ("<table><tr><td><table><tr><td>39</td></tr></table></td></tr></table>", "39"),
        ("1\u2009234", "1234"),
        ("1&thinsp;234", "1234"),
        ("12&#8239;345&#8239;678", "12345678"),
        ("1\u200923", "1 23"),
        ("&amp;nbsp;39&amp;nbsp;", "39"),
        ("&amp;nbsp;", ""),
        ("3\u200b9\u00ad&#8203;", "39"),
        ("&#1;39", "39"),
        ("<svg><text>39</text></svg>", "39"),
        ("<object>39</object>", "39"),
        ("<ins>39</ins>", "39"),
        ("<button>39</button>", "39"),
        ("<details open><summary>其中</summary>39</details>", "其中\n39"),
        (
            "<span style='display:block'>其中</span><span style='display:block'>39</span>",
            "其中\n39",
        ),
        ("<pre>其中\n39</pre>", "其中\n39"),
        ("<span style='white-space:pre-line'>其中\n39</span>", "其中\n39"),
        ("39<img src=a.gif width=1 height=1>", "39"),
        ("<img src=n.png alt=39>", OBJECT),
        ("3<img src=n.png>", f"3{OBJECT}"),
        ("<svg><path d='M0 0'/></svg>", OBJECT),
        ("<canvas>9</canvas>", OBJECT),
        ("<object data=n.pdf>9</object>", OBJECT),
        ("<math><mfrac><mn>3</mn><mn>9</mn></mfrac></math>", OBJECT),
        ("<img src=n.png style='display:none'>39", "39"),
    ],
)
def test_what_is_shown_in_a_cell(inside, text):
    assert cell(inside) == text


def test_tables_in_cells_of_a_figure_table():
    inner = "<table><tr><td>其中</td><td>39</td></tr>{}</table>"
    page = "<table><tr><td>甲</td><td>1</td><td>2</td></tr><tr><td>乙</td><td>%s</td><td>2</td></tr></table>"
    assert grids(doc(page % inner.format(""))) == [[["甲", "1", "2"], ["乙", "其中 39", "2"]]]
    two = grids(doc(page % inner.format("<tr><td>a</td><td>b</td></tr>")))
    assert two == [[["甲", "1", "2"], ["乙", OBJECT, "2"]], [["其中", "39"], ["a", "b"]]]


def test_pictures_outside_tables_say_nothing():
    assert prose(doc("<p>甲<img src=a.png></p><img src=b.png><p>乙</p>")) == ["甲", "乙"]


def test_frames_with_their_page_inside():
    inner = "<table><tr><td>规章</td><td>39</td></tr></table>"
    escaped = inner.replace("<", "&lt;").replace('"', "&quot;")
    assert grids(doc(f'<p>甲</p><iframe srcdoc="{escaped}"></iframe>')) == [[["规章", "39"]]]
    hidden = f'<div style="display:none"><iframe srcdoc="{escaped}"></iframe></div><p>甲</p>'
    assert grids(doc(hidden)) == []


INNER = "<h1>某县2023年政府信息公开工作年度报告</h1><p>一、总体情况</p><table><tr><td>规章</td><td>39</td></tr></table><p>六、其他</p>"


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@pytest.mark.parametrize(
    "page",
    [
        f"<textarea style='display:none'>{escaped(INNER)}</textarea>",
        f"<textarea>{INNER}</textarea>",
        f"<div>{escaped(INNER)}</div>",
        f"<div>{escaped(escaped(INNER))}</div>",
        f"<script type='text/html'>{INNER}</script>",
        f"<script type='text/template'>{escaped(INNER)}</script>",
        f"<template>{INNER}</template>",
        f"<script>window.data = {{'a': 1}}</script><noscript>{INNER}</noscript>",
    ],
)
def test_a_page_that_its_script_would_draw(page):
    document = doc(f"<html><head><title>某县门户</title></head><body>{page}</body></html>")
    assert grids(document) == [[["规章", "39"]]]
    assert document.titles[0] == "某县2023年政府信息公开工作年度报告"


def test_a_page_in_json():
    import json

    value = {
        "code": 200,
        "data": {"id": 7, "content": INNER, "list": [{"title": "某县2023年年报"}]},
    }
    for ascii_only in (True, False):
        text = json.dumps(value, ensure_ascii=ascii_only)
        assert grids(doc(text)) == [[["规章", "39"]]]
        script = (
            f"<div id=app></div><script id=d type='application/json'>{text}</script><p>门户</p>"
        )
        assert grids(doc(script.replace("</h1>", "<\\/h1>"))) == [[["规章", "39"]]]


def test_a_template_beside_a_report_is_not_read():
    table = "<table><tr><td>规章</td><td>1</td></tr></table>"
    page = f"<h1>年报</h1>{table}<script type='text/html'>{INNER}{INNER}</script>"
    assert grids(doc(page)) == [[["规章", "1"]]]


PART = "Content-Type: {}\nContent-Transfer-Encoding: {}\nContent-Location: {}\n{}\n{}\n"


def archive(kind: str, *parts: str, mark: str = "B") -> str:
    body = "".join(f"--{mark}\n{part}" for part in parts)
    return f'MIME-Version: 1.0\nContent-Type: {kind};\n\tboundary="{mark}"\n\n{body}--{mark}--\n'


@pytest.mark.parametrize("source", ["http://x/b.html", "b.html", "files/b.html", "cid:f1@x"])
def test_frames_of_a_web_archive(source):
    page = PART.format(
        "text/html",
        "8bit",
        "http://x/a.html",
        "",
        f"<p>甲</p><iframe src='{source}'></iframe><p>乙</p>",
    )
    frame = PART.format(
        "text/html; charset=utf-8", "8bit", "http://x/b.html", "Content-ID: <f1@x>\n", INNER
    )
    document = doc(archive("multipart/related", page, frame))
    assert grids(document) == [[["规章", "39"]]] and prose(document)[0] == "甲"


def test_a_frameset_and_parts_in_a_chinese_charset():
    import quopri

    frames = "<frameset rows='9,*'><frame src='x.files/tabstrip.htm'><frame src='x.files/sheet001.htm'><noframes>无</noframes></frameset>"
    page = PART.format("text/html", "8bit", "file:///C:/x.htm", "", f"<html>{frames}</html>")
    sheet = quopri.encodestring(INNER.encode("gb18030")).decode()
    place = "file:///C:/x.files/sheet001.htm"
    sheet = PART.format("text/html; charset=gb2312", "quoted-printable", place, "", sheet)
    assert grids(doc(archive("multipart/related", page, sheet))) == [[["规章", "39"]]]


def test_a_mail_and_the_style_sheet_of_an_archive():
    plain = PART.format("text/plain", "8bit", "", "", "纯文本")
    hidden = INNER.replace("39", "<b class=x>9</b>39")
    page = PART.format("text/html", "8bit", "", "", hidden)
    sheet = PART.format("text/css", "8bit", "http://x/a.css", "", ".x{display:none}")
    inner = archive("multipart/alternative", plain, page, mark="C").partition("\n")[2]
    for text in (
        archive("multipart/alternative", plain, PART.format("text/html", "8bit", "", "", INNER)),
        archive("multipart/mixed", inner + "\n", sheet),
    ):
        assert grids(doc(text)) == [[["规章", "39"]]]
        assert grids(doc(text.replace("\n", "\r\n"))) == [[["规章", "39"]]]


@pytest.mark.parametrize(
    "inside, head, text",
    [
        ("<bdo dir=rtl>12</bdo>", "", OBJECT),
        ("<bdo dir=RTL><b>12</b></bdo>", "", OBJECT),
        ("<i style='unicode-bidi:bidi-override;direction:rtl'>12</i>", "", OBJECT),
        (
            "<i class=r>12</i>",
            "<style>.r{direction:rtl;unicode-bidi:isolate-override}</style>",
            OBJECT,
        ),
        ("&#8238;12&#8236;", "", OBJECT),
        ("<i style='display:inline-block;transform:scaleX(-1)'>12</i>", "", OBJECT),
        ("<i style='color:hsl(0, 0%, 100%)'>9</i>39", "", "39"),
        ("<i style='color:rgb(100%,100%,100%)'>9</i>39", "", "39"),
        ("<i style='color:ghostwhite'>9</i>39", "", "39"),
        ("<i style='color:hsla(0,0%,100%,1)'>9</i>39", "", "39"),
        ("<i style='color:hsla(0,0%,0%,100%)'>9</i>39", "", "939"),
        ("<i style='color:hsl(0 0% 0% / 100%)'>9</i>39", "", "939"),
        ("<bdo dir=ltr>12</bdo>", "", "12"),
        ("<i style='direction:rtl'>12</i>", "", "12"),
        ("<i style='unicode-bidi:bidi-override'>12</i>", "", "12"),
    ],
)
def test_digits_turned_or_white_are_no_figure(inside, head, text):
    assert cell(inside, head) == text


@pytest.mark.parametrize(
    "sheet, text",
    [
        (".a::before{content:'1'}", f"5{OBJECT}"),
        ('.a:after{color:red;content: "1"}', f"5{OBJECT}"),
        (r".a::before{content:'\33 9'}", f"5{OBJECT}"),
        (".a::before{content:counter(x)}", f"5{OBJECT}"),
        (".a::before,.a{content:'1'}", f"5{OBJECT}"),
        (".a::before{content:'1';display:none}", "5"),
        (".a::before{content:'•'}", "5"),
        (r".a::before{content:'\200B'}", "5"),
        (r'.a::before{content:"\f101"}', "5"),
        (".a::before{content:attr(data-label)}", "5"),
        (".b::before{content:'1'}", "5"),
    ],
)
def test_digits_set_before_or_after_an_element_cannot_be_read(sheet, text):
    assert cell("<i class=a>5</i>", f"<style>{sheet}</style>") == text


@pytest.mark.parametrize(
    "inside, head, text",
    [
        ("<i style='color:#eee;background:#eee'>5</i>", "", ""),
        ("<div style='background-color:red'><i style='color:red'>5</i></div>", "", ""),
        ("<div bgcolor=red><font color=red>5</font></div>", "", ""),
        ("<i class=a>5</i>", "<style>td{background:#ddd}.a{color:#ddd}</style>", ""),
        ("<i style='color:#ddd;background:#eee'>5</i>", "", "5"),
        ("<i style='color:#eee;background:#eee'><b style='color:#000'>5</b></i>", "", "5"),
    ],
)
def test_text_in_the_colour_of_its_ground_is_not_shown(inside, head, text):
    assert cell(inside, head) == text


@pytest.mark.parametrize(
    "style",
    [
        "vertical-align:top;font-size:8px",
        "vertical-align:text-top;font-size:70%",
        "position:relative;bottom:1ex",
        "font-size:smaller;vertical-align:top",
    ],
)
def test_a_small_text_at_the_top_of_its_line_is_a_note(style):
    assert cell(f"39<span style='{style}'>1</span>") == "39⁽¹⁾"
    assert cell(f"<table><tr><td style='{style}'>39</td></tr></table>") == "39"


@pytest.mark.parametrize(
    "inside, text",
    [
        ("<input type=button value=39>", "39"),
        ("<meter value=3>39</meter>", OBJECT),
        ("<progress value=3>39</progress>", OBJECT),
        *(
            (f"<i style='display:inline-block;transform:{turn}'>69</i>", OBJECT)
            for turn in ("scaleY(-1)", "scale(1, -1)", "matrix(-1,0,0,1,0,0)", "rotateX(180deg)")
        ),
        ("<i style='display:inline-block;transform:scale(1,1)'>69</i>", "69"),
    ],
)
def test_buttons_gauges_and_turned_boxes(inside, text):
    assert cell(inside) == text


@pytest.mark.parametrize(
    "inside, text",
    [
        ("<details><summary>3</summary>9</details>", "3\n9"),
        ("<i style='display:inline-block;rotate:180deg'>69</i>", OBJECT),
        ("<i style='display:inline-block;scale:-1 1'>69</i>", OBJECT),
        ("<i style='display:inline-block;transform:rotate(.5turn)'>69</i>", OBJECT),
        ("<i style='color:#f00;background:red'>5</i>", ""),
        ("<i style='color:rgb(0,0,255);background:#00f'>5</i>", ""),
    ],
)
def test_unfolded_and_turned_text(inside, text):
    assert cell(inside) == text


def test_titles_of_other_reports_beside_the_text_come_after_its_own():
    other = "<p>大姚县教育局2022年政府信息公开工作年度报告</p>"
    own = "<h2>大姚县水利局2023年政府信息公开工作年度报告</h2>"
    text = "<p>一、总体情况</p><p>公开信息12条。</p>"
    assert doc(f"{other}{own}{text}").titles[0].startswith("大姚县水利局")
    assert len(doc(f"{own}{text}{other}").titles) == 1


def test_numbers_of_lists_are_no_figures():
    assert cell("<ol start=4><li>3</li></ol>") == "3"


def test_the_foot_of_a_table_is_shown_last():
    rows = "<t{0}><tr><td>{1}</td><td>1</td></tr></t{0}>".format
    body, head, foot = rows("body", "乙"), rows("head", "甲"), rows("foot", "丙")
    told = [[["甲", "1"], ["乙", "1"], ["丙", "1"]]]
    for order in (head + body + foot, head + foot + body, foot + head + body):
        assert grids(doc(f"<table>{order}</table>")) == told


@pytest.mark.parametrize(
    "style, text",
    [
        ("color:transparent;background:linear-gradient(red,blue);background-clip:text", "39"),
        (
            "background:red;-webkit-background-clip:text;-webkit-text-fill-color:transparent",
            "39",
        ),
        ("color:transparent;background:white;background-clip:text", ""),
        ("color:transparent;background:linear-gradient(red,blue)", ""),
        ("color:transparent;-webkit-text-fill-color:#000", "39"),
        ("color:#000;-webkit-text-fill-color:#fff", ""),
    ],
)
def test_letters_filled_with_their_ground(style, text):
    assert cell(f"<b style='{style}'>39</b>") == text
    assert cell("<b class=a>39</b>", f"<style>.a{{{style}}}</style>") == text


def test_a_colour_inside_is_seen_again():
    assert cell("<b style='color:transparent'>9<i style='color:#000'>39</i></b>") == "39"
    assert cell("<b style='color:#fff'>9<i style='color:inherit'>9</i></b>39") == "39"


@pytest.mark.parametrize(
    "inside",
    [
        "<style>td,p{display:none}</style>",
        "<html><body style='display:none'>",
        "<table><tr><td>",
        "</div></td></table>",
    ],
)
def test_what_a_frame_holds_changes_nothing_around_it(inside):
    frame = f'<iframe srcdoc="{inside}"></iframe>'
    table = "<table><tr><td>规章</td><td>39</td></tr></table>"
    page = f"<p>甲</p>{frame}{table}<!-- {frame} --><script>var a='{frame}'</script><p>乙</p>"
    document = doc(page)
    assert prose(document) == ["甲", "乙"] and grids(document) == [[["规章", "39"]]]


@pytest.mark.parametrize("boundary", ["a b", "----=_Part(1)+?"])
def test_only_declared_boundaries_part_a_web_archive(boundary):
    head = f'MIME-Version: 1.0\nContent-Type: multipart/related;\n boundary="{boundary}"\n\n--{boundary}\n'
    page = "<p>甲</p>\n--note\nwarning: see\n<table><tr><td>规章</td><td>39</td></tr></table>"
    document = doc(f"{head}Content-Type: text/html; charset=utf-8\n\n{page}\n--{boundary}--\n")
    assert grids(document) == [[["规章", "39"]]]


@pytest.mark.parametrize(
    "style", ["flex-direction:row-reverse", "flex-flow:row-reverse wrap", "order:2"]
)
def test_pieces_shown_in_another_order_are_not_read_in_a_cell(style):
    """A box around the whole page may be reversed: its tables are read."""
    table = "<table><tr><td>规章</td><td>{}</td></tr></table>"
    inner = f"<div style='display:flex;{style}'><span style='{style}'>3</span><span>9</span></div>"
    ((row,),) = grids(doc(table.format(inner)))
    assert OBJECT in row[1]
    around = f"<div style='display:flex;{style}'><div>{table.format('39')}</div><p>甲</p></div>"
    assert grids(doc(around)) == [[["规章", "39"]]]
