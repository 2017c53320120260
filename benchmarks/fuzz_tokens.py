"""What the fuzzer puts into its inputs: the grammar of each format, and spellings of numbers and labels. Data only."""

from __future__ import annotations

MARKUP = {
    "html": (
        "<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<th>", "</th>", "<tbody>", "</tbody>", "<thead>", "<tfoot>", "<caption>合计</caption>",
        "<colgroup><col span=3></colgroup>", "<p>", "</p>", "<div>", "</div>", "<span>", "</span>", "<br>", "<hr>", "<b>", "</b>", "<ul><li>", "</li></ul>",
        "<h1>", "</h1>", "<h2>一、总体情况</h2>", "<pre>", "</pre>", "<form>", "<select><option>1</select>", "<textarea>", "</textarea>", "<template>",
        "<td colspan=1000000000>", '<td rowspan="-1">', "<td colspan=0>", '<td colspan="2.5e3">', "<td rowspan=0>", "<th rowspan=65535 colspan=65535>",
        "<td rowspan=２>", "<td hidden>", "<div style='display:none'>", "<p style=display:none>", "<!--", "-->", "<![CDATA[", "]]>", "<!doctype html>",
        "<?xml version='1.0' encoding='gbk'?>", "<meta charset=utf-16>", "<meta charset=gb2312>", "<script>", "</script>", "<style>", "</style>", "<svg>",
        "<math>", "<noscript>", "</noscript>", "<iframe src=x>", "<title>", "</title>", "<head>", "</head>", "<body>", "</body>", "<html>", "</html>", "<frameset>",
        "<base href=//x>", "<a href='javascript:1'>", "</a>", "<img alt='12件'>", "<input value=3>", "<o:p></o:p>", "<w:tbl>", "<font", "<td", "<", "</", "</>",
        "<a b='", "<a b=\"", "=", "<div>" * 40, "<table><tr><td>" * 12, "</div>" * 40, "</td></tr></table>" * 12, "<b>" * 300,
        "&nbsp;", "&amp;", "&lt;", "&#0;", "&#xD800;", "&#99999999999;", "&#12288;", "&#x1F600;", "&bogus;", "&amp", "&#", "&ensp;", "&zwj;", "&lt;table&gt;",
    ),
    "docx": (
        "<w:tbl>", "</w:tbl>", "<w:tr>", "</w:tr>", "<w:tc>", "</w:tc>", "<w:p/>", "<w:p>", "</w:p>", "<w:r>", "</w:r>", "<w:t>", "</w:t>", "<w:tc/>", "<w:tr/>",
        "<w:tbl/>", '<w:tcPr><w:gridSpan w:val="2147483647"/></w:tcPr>', '<w:tcPr><w:gridSpan w:val="0"/></w:tcPr>', '<w:tcPr><w:gridSpan w:val="-3"/></w:tcPr>',
        '<w:tcPr><w:gridSpan w:val="3"/><w:vMerge/></w:tcPr>', "<w:tcPr><w:vMerge/></w:tcPr>", '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>',
        '<w:tcPr><w:hMerge w:val="continue"/></w:tcPr>', '<w:trPr><w:gridBefore w:val="9"/><w:gridAfter w:val="2"/></w:trPr>', "<w:trPr><w:del/></w:trPr>",
        "<w:tc><w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl></w:tc>", "<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>", "<w:ins>", "</w:ins>", "<w:del>", "</w:del>",
        "<w:r><w:tab/></w:r>", "<w:r><w:br/></w:r>", "<w:r><w:rPr><w:vanish/></w:rPr><w:t>9</w:t></w:r>", '<w:pPr><w:pStyle w:val="a"/></w:pPr>',
        '<w:pPr><w:numPr><w:ilvl w:val="8"/><w:numId w:val="1"/></w:numPr></w:pPr>', '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>', "<w:fldSimple>", "</w:fldSimple>",
        "<mc:AlternateContent/>", "<w:AlternateContent><w:Choice><w:p/></w:Choice></w:AlternateContent>", "<w:r><w:drawing><w:txbxContent><w:p/></w:txbxContent></w:drawing></w:r>",
        "<w:r><w:pict><w:txbxContent><w:tbl/></w:txbxContent></w:pict></w:r>", "<w:body>", "</w:body>", "<w:altChunk/>", "<w:subDoc/>", "<!-- x -->", "<?x y?>",
        "<![CDATA[9]]>", "&x;", "&#x1F600;", "&#0;", "<!DOCTYPE a>", "<w:sectPr/>", "<w:sdt>" * 30, "</w:sdt>" * 30, "<w:tbl><w:tr><w:tc>" * 8, "</w:tc></w:tr></w:tbl>" * 8,
        "<w:ruby><w:rubyBase><w:r><w:t>三</w:t></w:r></w:rubyBase></w:ruby>", "<x>", "</x>", '<w:lvl w:ilvl="0"><w:lvlText w:val="%1%9、"/></w:lvl>',
    ),
    "md": (
        "|---|", "||", "|", "| - | / |", "\\|", "# ", "###### ", "```", "~~~", "**", "__", "`", "> ", "- ", "* 3", "---", "===", "\n\n", "<table>", "</table>", "<tr>", "<td>",
        "</td>", "<td rowspan=9>", "[a](b)", "![a](b)", "---\ntitle: 2021\n---\n", "<br>", "&nbsp;", "&#124;", "+----+----+", ":-:", "[^1]: x", "1. ", "\\", "<!--",
    ),
    "txt": (
        " | ", "|", "||", "|||||||", "\t", "\t\t", "\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\n\n", "    ", "\u3000", "------", "┌──┬──┐", "│", "｜", "=====", "+---+",
        "一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、", "（一）", "（七）总计", "1.", "信息内容", "自然人", "法人或其他组织", "总计", "合计",
        "结果维持", "尚未审结", "本年制发件数", "行政许可", "规章", "（本列数据的勾稽关系为", "2021年政府信息公开工作年度报告", "索引号：", "发布机构：某县人民政府", "主办单位：",
    ),
}  # fmt: skip
MARKUP["mhtml"] = MARKUP["html"] + ("\n--b\n", "\n--b--\n", "Content-Type: text/html; charset=klingon\n", "Content-Transfer-Encoding: uuencode\n",
                                    "Content-Transfer-Encoding: 7bit\n\n", "=3D", "=\n", "=ZZ", "\n\n", "boundary=", "Content-Type: multipart/related\n")  # fmt: skip
MARKUP["blocks"] = MARKUP["txt"]

# Spellings of figures and of what stands in their place.
NUMBERS = (
    "0", "7", "-11", "+3", "减4", "增加1558", "增", "0/0", "124件", "251000元", "52.15万元", "22（其中修订16件）", "3,119", "1,23,4", "１２３", "12 345", "8.4565", "1e999", "-0",
    "0x10", "٣", "²", "½", "Ⅷ", "㈢", "①", "三十二", "一百二十人次", "廿", "两万", "万", "亿亿亿", "万" * 40, "9" * 400, "." * 60, "1.2.3", "1/0", "—", "--", "/", "无", "不适用",
    "NaN", "inf", "余", "18万余", "近百", "约1.2万余件", "100%", "百分之百", "99.5％", "本单位未制作规章", "1994年", "2021", "2021年1月1日至12月31日", "12345", "一" * 300, "〇", "零",
    "1 2", "1\n2", "2）", "（3", "3‰", "-", "−5", "５０万", "1.7976931348623157e309", "0.1" + "0" * 330 + "1",
)  # fmt: skip
# Text that readers stumble over: marks of direction, controls, lone halves, combining, radicals, private use.
ODD = (
    "\0", "\x01", "\x1b[31m", "\x7f", "\x85", "\u200b", "\u202e", "\u2029", "\ufeff", "\ufffd", "\ufffe", "\ud800", "\udfff", "\U0010ffff", "\U00020000", "\ue000", "\ue010",
    "é", "e\u0301" * 50, "⼀⽂⾯", "⺠⻓", "ﷺ" * 20, "İ", "ß", "ﬁ", "㍻", "\u115f", "\xa0", "\xad", "﹏", "𝟗𝟗", "🀄", "ͅ", "\u0345" * 200, "İ" * 100, "ŉ", "ǰ", "Ω", "K",
)  # fmt: skip
BYTES = (b"\0", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"9" * 400, b"1e999", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\x81\x30\x81\x30", b"\x84\x31\xa4\x37",
         "年".encode("gb18030"), "報".encode("big5"), "０".encode(), b"\x80", b"\xff", b"PK\x03\x04", b"%PDF-", b"\x1b$B", b"~{", b"")  # fmt: skip
CHARSETS = (
    "utf-8",
    "utf-8",
    "utf-8",
    "utf-8",
    "gb18030",
    "gb18030",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "utf-8-sig",
    "big5",
    "hz",
    "utf-7",
    "iso2022_jp",
    "cp037",
)
ATTRIBUTES = (
    "colspan",
    "rowspan",
    "class",
    "style",
    "id",
    "hidden",
    "align",
    "content",
    "name",
    "charset",
    "w:val",
    "http-equiv",
    "width",
    "title",
    "aria-hidden",
)
VALUES = (
    "0",
    "1",
    "2",
    "3",
    "9",
    "-1",
    "1000",
    "65535",
    "4294967296",
    "9" * 30,
    "٣",
    "0x2",
    "2 3",
    "",
    "a",
    "display:none",
    "nav",
    "footer",
    "article",
    '"',
    "'",
    ">",
    "&quot;",
)

PDF = (
    "BT", "ET", "q", "Q", "re", "S", "f", "W n", "Tj", "TJ", "Td", "Tf", "Tm", "cm", "Do", "BI /W 1 /H 1 ID x EI", "0 0 0 0 re S", "1e38 0 0 1e38 0 0 cm", "0 0 0 0 0 0 cm",
    "-1 0 0 1 0 0 cm", "0 1 -1 0 300 300 cm", "-5 Tc", "1e9 Tw", "0 Tz", "-100 Tz", "3 Tr", "99999 w", "0 w", "60 500 m 500 500 l S", "60 500 m 60 100 l S", "1e308 nan re S",
    "[<0001> -99999999 <0002>] TJ", "<ffff> Tj", "<> Tj", "(x) Tj", "' ", "9 Ts", "/F 0 Tf", "/F 1e9 Tf", "/F -12 Tf", "/G 9 Tf", "100 100 m 200 200 300 300 400 400 c f",
    "q " * 60, "Q " * 60, "<<", ">>", "[", "]", "%", "\\", "( (", "99999999999", "-2147483648", "endstream", "endobj", "/Kids [2 0 R]", "/Count -1", "/Rotate 45", "/MediaBox [0 0 0 0]",
    "/MediaBox [0 0 1e9 1e9]", "/Length 0", "/Parent 6 0 R", "2 0 R", "6 0 R", "99 0 R", "null", "/Filter /FlateDecode", "/Encrypt 3 0 R", "beginbfchar", "<0001> <d800>", "<0001> <0031003200330034>",
    "1 beginbfrange <0000> <ffff> <0000> endbfrange", "/UserUnit 75", "/CropBox [0 0 1 1]", "/Contents [7 0 R 7 0 R 7 0 R]", "/Type /XObject /Subtype /Form",
)  # fmt: skip
