"""Cells right, wrong and missing: this library, pandas.read_html, and pouring digits into a grid.

    python benchmarks/compare.py            data/reports, and random HTML reports with blanks and / marks
    python benchmarks/compare.py DIR        also the documents of DIR that have figures in DIR/../figures

Each reader is asked for every cell of the statutory form. `right`: the figure printed (or rightly none);
`wrong`: another figure, or a figure where none is printed; `missing`: printed, but not given.
pandas.read_html is asked by exact label: the row that holds the form's row label, the column that holds its column
label. The digit grid takes all numbers of a section in reading order and fills the form's cells with them.
"""

from __future__ import annotations

import io
import json
import re
import sys
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pandas as pd  # noqa: E402

from govdisclosure.decode import decode_document  # noqa: E402
from govdisclosure.forms import FORMS, form_cells  # noqa: E402
from govdisclosure.model import Source  # noqa: E402
from govdisclosure.numbers import number  # noqa: E402
from govdisclosure.readers import read  # noqa: E402
from govdisclosure.text import fold  # noqa: E402
from tests.writers.figures import sample  # noqa: E402
from tests.writers.layouts import plan, write  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
ORDER = {
    "requests": (
        "natural_person",
        "commercial",
        "research",
        "public_interest",
        "legal_service",
        "other_organization",
        "total",
    ),
    "disputes": ("upheld", "corrected", "other", "pending", "total"),
}
Figures = dict[tuple[str, str, str], float | None]


def truth(path: Path) -> tuple[str, Figures]:
    """Form and figures of a report; None where the cell holds no number. Illegible cells are left out."""
    facts = json.loads(path.read_text("utf-8"))
    found: Figures = {}
    for table in ("proactive", "requests", "disputes"):
        for row, values in facts[table].items():
            pairs = values.items() if isinstance(values, dict) else zip(ORDER[table], values)
            found |= {(table, row, c): _plain(v) for c, v in pairs if v is not None}
    return facts["form"], found


def _plain(text: str) -> float | None:
    value = number(text).value
    return None if value is None else float(value)


def ours(data: bytes, form: str) -> Figures:
    """This library."""
    record = decode_document(read(data, Source("x")))
    return {(c.table, c.row, c.column): c.value for c in record.cells}


def by_read_html(data: bytes, form: str) -> Figures:
    """pandas.read_html, asked by exact label."""
    try:
        grids = pd.read_html(io.BytesIO(data), header=None)
    except (ValueError, ImportError, UnicodeError):
        return {}
    grids = [g.astype("string").map(lambda v: fold(v) if isinstance(v, str) else "") for g in grids]
    found: Figures = {}
    for table, row, column in form_cells(FORMS[form]):
        hits = [g.iat[r, c] for g in grids for r, c in _meet(g, fold(row.zh), fold(column.zh))]
        if hits:
            found[table.key, row.key, column.key] = _plain(hits[0])
    return found


def _meet(grid: pd.DataFrame, row: str, column: str):
    values = grid.to_numpy()
    rows = [r for r in range(len(values)) if row in values[r]]
    for r in rows:
        above = [c for c in range(values.shape[1]) if column in values[:r, c]]
        yield from ((r, c) for c in above)


def by_digits(data: bytes, form: str) -> Figures:
    """All numbers of a section, poured into the form's cells in order."""
    text = data.decode("utf-8", "replace") if b"\x00" not in data[:100] else ""
    text = re.sub(r"<[^>]+>", " ", text)
    found: Figures = {}
    for table in FORMS[form].tables:
        begin = text.find(table.zh)
        section = re.split(r"[三四五]、", text[begin + len(table.zh) :])[0] if begin >= 0 else ""
        section = re.sub(r"[（(][^（）()]*[）)]|\d[.、]\s*(?=[\u4e00-\u9fff])", " ", section)
        numbers = [float(n) for n in re.findall(r"\d+(?:\.\d+)?", section)]
        keys = [
            (table.key, r.key, c) for r in table.rows if not r.optional for c in table.columns_of(r)
        ]
        found |= dict(zip(keys, numbers))
    return found


def score(read_as: Figures, real: Figures) -> Counter:
    """right, wrong and missing cells."""
    kinds = Counter(right=0, wrong=0, missing=0)
    for key, value in real.items():
        got = read_as.get(key)
        kinds["right" if got == value else "missing" if got is None else "wrong"] += 1
    return kinds


def documents(extra: Path | None):
    """(group, bytes, form, figures) of every document."""
    for path in sorted((ROOT / "data" / "reports").iterdir()):
        group = "data/reports, HTML" if path.suffix == ".html" else "data/reports, other formats"
        yield group, path.read_bytes(), *truth(ROOT / "data" / "figures" / f"{path.stem}.json")
    for seed in range(60):
        made = sample(Random(seed), blanks=0.1, odd=0.05)
        data, _ = write(
            plan(made), ("html_bare", "html_cms_word", "html_split")[seed % 3], Random(seed)
        )
        yield (
            "random reports, HTML",
            data,
            made.form,
            {k: None if v[0] is None else float(v[0]) for k, v in made.expected.items()},
        )
    for path in sorted(extra.iterdir()) if extra else ():
        figures = extra.parent / "figures" / f"{path.stem}.json"
        if figures.is_file():
            yield f"{extra.name}, real documents", path.read_bytes(), *truth(figures)


def main(arguments: list[str]) -> None:
    """Print the table."""
    readers = {
        "govdisclosure": ours,
        "pandas.read_html, by exact label": by_read_html,
        "digits into a grid": by_digits,
    }
    totals: dict[tuple[str, str], Counter] = {}
    counts: Counter = Counter()
    for group, data, form, real in documents(Path(arguments[0]).resolve() if arguments else None):
        counts[group] += 1
        for name, reader in readers.items():
            totals.setdefault((group, name), Counter()).update(score(reader(data, form), real))
    print("| documents | reader | right | wrong | missing |\n|---|---|---:|---:|---:|")
    for (group, name), kinds in totals.items():
        total = sum(kinds.values())
        share = " | ".join(f"{100 * kinds[k] / total:.1f} %" for k in ("right", "wrong", "missing"))
        print(f"| {group} ({counts[group]}; {total:,} cells) | {name} | {share} |")


if __name__ == "__main__":
    main(sys.argv[1:])
