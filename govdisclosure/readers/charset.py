"""Bytes → text. The declared charset is not asked.

Evidence: pages that declare gb2312 hold characters outside it (lxml stops at the first), pages that
declare gb2312 are UTF-8 and the reverse. So: byte order mark, then strict UTF-8 (Chinese text in
another charset practically never passes as UTF-8), then the charset in which the text looks most like a report.
"""

from __future__ import annotations

import codecs
import re

from ..errors import UnreadableFileError

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x841\x953", "gb18030"),
)

# GB18030 contains gb2312 and GBK; big5hkscs contains Big5.
OTHERS = ("gb18030", "utf-8", "big5hkscs")
# Characters every such report holds; where two charsets are possible, the one that shows more of them wins.
COMMON = frozenset(
    "的政府信息公开公開年度报告報告一二三四五六申请申請行政情况情況和主动動处理處数數本年收到其他機机关關無无，。、："
)
# C0 controls without tab, line feed, form feed, carriage return: no text, and the HTML reader uses them as marks.
CONTROLS = bytes(c for c in range(32) if c not in (9, 10, 12, 13)) + b"\x7f"
_CONTROL_TEXT = dict.fromkeys(CONTROLS)
_SAMPLE = 60_000
_ASCII = re.compile("[\0-\x7f]+")


def decode(data: bytes, report: str = "") -> tuple[str, str]:
    """(text, codec). Control characters are dropped, undecodable bytes become U+FFFD.

    Raises UnreadableFileError when the bytes are no text.

    >>> decode("年报".encode("gb18030"))
    ('年报', 'gb18030')
    """
    for mark, codec in BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, "replace").translate(_CONTROL_TEXT), codec
    if b"\0" in data[:_SAMPLE]:
        return _wide(data, report)
    data = data.translate(None, CONTROLS)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        return _other(data, error)


def _wide(data: bytes, report: str) -> tuple[str, str]:
    """UTF-16 without a mark, or binary junk."""
    sample = data[: _SAMPLE & ~1]
    odd, even = sample[1::2].count(0), sample[::2].count(0)
    for codec, zeros in (("utf-16-le", odd), ("utf-16-be", even)):
        if zeros >= 2 and zeros > 3 * min(odd, even) + 1:
            text = data.decode(codec, "replace").translate(_CONTROL_TEXT)
            if text[:4000].count("\ufffd") * 20 <= len(text[:4000]):
                return text, codec
    if data[:_SAMPLE].count(0) * 100 > len(data[:_SAMPLE]):
        raise UnreadableFileError(
            report,
            "text, HTML, DOCX or PDF",
            seen="binary data",
            advice="Check the download, or convert the file to DOCX, PDF or HTML.",
        )
    return decode(data.replace(b"\0", b""), report)


def _other(data: bytes, error: UnicodeDecodeError) -> tuple[str, str]:
    if error.start >= len(data) - 3 and error.start > 0:  # only the end is cut, inside a character
        return data.decode("utf-8", "replace"), "utf-8"
    best = max(OTHERS, key=lambda codec: _likeness(data, codec))  # the first of equals
    return data.decode(best, "replace"), best


def _likeness(data: bytes, codec: str) -> float:
    """Common characters less three times the undecodable ones, as a share of the characters outside ASCII."""
    wide = _ASCII.sub("", data[:_SAMPLE].decode(codec, "replace"))
    return (sum(map(wide.count, COMMON)) - 3 * wide.count("\ufffd")) / (len(wide) or 1)
