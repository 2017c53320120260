"""Papers as plain text, in the layouts of page-text archives.

Names ending in ``repeated_removed``: lines that occurred before on the page are left out; in ``page_…`` the whole page
is one line. ``|`` after a row: extractors (trafilatura and those like it) join the cells of a row by `` | `` and then draw one ``|``
for each column of the table that the row has no cell for.
"""

from __future__ import annotations

from collections.abc import Callable

from .model import Cell, Paper, Table

Row = tuple[Cell, ...]


def write(paper: Paper, layout: str, *, other: dict[str, str] | None = None) -> bytes:
    """The text in UTF-8. ``layout`` is a key of `LAYOUTS`; ``other`` gives tables a layout of their own ({'requests': 'tabs'})."""
    lines = []
    for block in paper.blocks:
        chosen = (other or {}).get(block.table.key, layout) if block.table else layout
        lines.append(LAYOUTS[chosen](block.table) if block.table else block.text)
    text = (" " if layout.startswith("page_") else "\n").join(lines) + "\n"
    return (_once(text) if layout.endswith("repeated_removed") else text).encode()


def rows_kept(table: Table) -> str:
    """a | b | | d ||: a row a line, blank cells kept as cells."""
    return "\n".join(
        " | ".join(_one_line(c) for c in row) + _pad(table, row, row) for row in table.rows
    )


def rows_barred(table: Table) -> str:
    """a | b | | d | ||: as `rows_kept`, with a bar after each cell, the last one too."""
    return "\n".join(_barred(table, row) for row in table.rows)


def rows_vanishing(table: Table) -> str:
    """a | b | d |||: blank cells vanish, and the row is padded to the table's width."""
    rows = [_printed(row) for row in table.rows]
    return "\n".join(" | ".join(_one_line(c) for c in row) + _pad(table, row, row) for row in rows)


def rows_vanishing_barred(table: Table) -> str:
    """a | b | d | ||: blank cells vanish, each cell is followed by a bar, and the row is padded."""
    return "\n".join(_barred(table, _printed(row)) for row in table.rows)


def lines_plain(table: Table) -> str:
    """A cell a line, nothing between; a blank cell leaves no line."""
    return "\n".join(c.text for row in table.rows for c in _printed(row))


def lines_blank(table: Table) -> str:
    """A cell a line, a blank line between."""
    return "\n\n".join(c.text for row in table.rows for c in _printed(row))


def lines_bar(table: Table) -> str:
    """A cell a line, each ending in `` |``; a blank cell is a line of its own."""
    return "\n".join(f"{_one_line(c)} |" for row in table.rows for c in row)


def lines_bar_vanishing(table: Table) -> str:
    """As `lines_bar`, blank cells left out."""
    return "\n".join(f"{_one_line(c)} |" for row in table.rows for c in _printed(row))


def bars_alone(table: Table) -> str:
    """A cell a line, ``|`` alone on a line after each, the row's padding on a line: blank cells keep their ``|``."""
    return "\n".join(_bars(table, row, row) for row in table.rows)


def bars_alone_vanishing(table: Table) -> str:
    """As `bars_alone`, blank cells left out and made up for in the padding."""
    return "\n".join(_bars(table, _printed(row), _printed(row)) for row in table.rows)


def bars_before_rows(table: Table) -> str:
    """A lone ``|`` on a line before each row, its cells on the next."""
    return "\n".join("|\n" + " | ".join(_one_line(c) for c in row) for row in table.rows)


def tabs(table: Table) -> str:
    """A row a line, cells set off by tabs, as copied from a browser or a sheet."""
    return "\n".join("\t".join(_one_line(c) for c in row) for row in table.rows)


def spaces(table: Table) -> str:
    """A row a line, cells set off by single spaces, as in the text of a PDF; blank cells vanish."""
    return "\n".join(" ".join(_one_line(c) for c in _printed(row)) for row in table.rows)


def one_line_bars(table: Table) -> str:
    """The whole table on one line, cells set off by `` | ``, blank ones kept."""
    return " | ".join(_one_line(c) for row in table.rows for c in row)


def one_line_spaces(table: Table) -> str:
    """The whole table on one line, cells set off by single spaces; blank cells vanish."""
    return " ".join(_one_line(c) for row in table.rows for c in _printed(row))


def glued(table: Table) -> str:
    """A row a line with nothing between its cells (规章000): the figures can't be told apart."""
    return "\n".join("".join(_one_line(c) for c in row) for row in table.rows)


def keeps(table: Table, layout: str) -> bool:
    """Whether the text of a table tells which of its cells are blank: not where blank cells vanish, nor where the layout
    in which they do prints the same text but for spaces between marks, because the only blanks stand where that one would
    fill up the row."""
    twin = TWINS.get(layout)
    return layout not in VANISHING and (
        twin is None or _marks(table, layout) != _marks(table, twin)
    )


def _marks(table: Table, layout: str) -> str:
    return LAYOUTS[layout](table).replace("| ", "|").replace(" |", "|")


def _once(text: str) -> str:
    """Lines that occurred before are removed, as some archives do: most figures are gone."""
    return "\n".join(dict.fromkeys(text.split("\n")))


def _printed(row: Row) -> Row:
    return tuple(c for c in row if c.text.strip())


def _one_line(cell: Cell) -> str:
    return " ".join(cell.text.split())


def _barred(table: Table, row: Row) -> str:
    missing = table.width - len(row)
    return "".join(f"{_one_line(c)} | " if c.text else "| " for c in row).rstrip() + (
        " " + "|" * missing if missing else ""
    )


def _pad(table: Table, row: Row, seen: Row) -> str:
    missing = table.width - len(row)
    return (" " if seen else "") + "|" * (missing + 1) if missing else ""


def _bars(table: Table, row: Row, seen: Row) -> str:
    missing = table.width - len(row)
    cells = [f"{c.text}\n|" if c.text else "|" for c in seen]
    return "\n".join(cells + (["|" * missing] if missing else []))


LAYOUTS: dict[str, Callable[[Table], str]] = {
    "rows_kept": rows_kept, "rows_barred": rows_barred, "rows_vanishing": rows_vanishing,
    "rows_vanishing_barred": rows_vanishing_barred, "lines_plain": lines_plain, "lines_blank": lines_blank,
    "lines_bar": lines_bar, "lines_bar_vanishing": lines_bar_vanishing, "bars_alone": bars_alone,
    "bars_alone_vanishing": bars_alone_vanishing, "bars_before_rows": bars_before_rows, "tabs": tabs, "spaces": spaces,
    "one_line_bars": one_line_bars, "one_line_spaces": one_line_spaces, "page_one_line_bars": one_line_bars,
    "page_one_line_spaces": one_line_spaces, "glued": glued, "repeated_removed": lines_plain,
    "rows_repeated_removed": rows_kept,
}  # fmt: skip
VANISHING = frozenset(
    {
        "rows_vanishing",
        "rows_vanishing_barred",
        "lines_plain",
        "lines_blank",
        "lines_bar_vanishing",
        "bars_alone_vanishing",
        "spaces",
        "one_line_spaces",
        "page_one_line_spaces",
    }
)
TWINS = {
    "rows_kept": "rows_vanishing",
    "rows_barred": "rows_vanishing_barred",
    "lines_bar": "lines_bar_vanishing",
    "bars_alone": "bars_alone_vanishing",
}
SPACED = frozenset({"spaces", "one_line_spaces", "page_one_line_spaces"})
REFUSED = frozenset({"glued", "repeated_removed"})
