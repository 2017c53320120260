"""Text that a spreadsheet would run as a formula, made harmless.

A cell whose text begins (after spaces) with = + - @, their full-width forms, a tab or a line end is read as a formula
by Excel, WPS and LibreOffice when a CSV is opened (OWASP, "CSV Injection"). Such text gets an apostrophe in front, as one
types it by hand; so does text that begins with an apostrophe, so that taking one apostrophe away gives back every text
exactly. Numbers (-11, +3, -1,200.5, 12 %) and a lone dash can do no harm and stay as printed.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

_SPACE = r"[\x00-\x20\x{a0}\x{3000}\x{feff}]*"
RISKY = rf"^({_SPACE}[=+\-@＝＋－＠]|['\t\r\n])"
HARMLESS = rf"^{_SPACE}([+\-＋－]?[0-9][0-9,，]*([.][0-9]+)?[ ]?[%％]?|[-－]){_SPACE}$"
_PYTHON = [
    re.compile(re.sub(r"\\x\{(\w+)\}", lambda m: chr(int(m[1], 16)), p)) for p in (RISKY, HARMLESS)
]


def neutral(text: str) -> str:
    """`text` as it may stand in a spreadsheet.

    >>> [neutral(t) for t in ("=1+1", "-11", "－", "@SUM(A1)", "'x", "予以公开")]
    ["'=1+1", '-11', '－', "'@SUM(A1)", "''x", '予以公开']
    """
    risky, harmless = (pattern.search(text) for pattern in _PYTHON)
    return "'" + text if risky and not harmless else text


def original(text: str) -> str:
    """What `neutral` was given.

    >>> original(neutral("'=1")), original(neutral("-11"))
    ("'=1", '-11')
    """
    return text[1:] if text.startswith("'") else text


def neutral_table(table: pa.Table) -> pa.Table:
    """`table` with `neutral` on every text; categories become strings."""
    for number, field in enumerate(table.schema):
        column = table.column(number)
        if pa.types.is_dictionary(field.type):
            column = column.cast(pa.string())
        if pa.types.is_string(column.type):
            risky = pc.and_(
                pc.match_substring_regex(column, RISKY),
                pc.invert(pc.match_substring_regex(column, HARMLESS)),
            )
            column = pc.if_else(risky, pc.binary_join_element_wise("'", column, ""), column)
            table = table.set_column(number, field.name, column)
    return table
