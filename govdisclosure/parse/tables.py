"""Which rows and paragraphs make up which statutory table, and in which form."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby

from ..forms import FORMS, Form
from ..model import Paragraph
from ..normalize import label
from .lexicon import distinctive, forms_with
from .outline import Item, is_prose
from .parts import Part, vote
from .runs import cut

OTHER = ""
PARAGRAPH_LABELS = (
    3  # so many labels of one table among a section's paragraphs make it a table without a grid
)


@dataclass(slots=True)
class Material:
    """What a table is read from: the rows of grids, part by part, and paragraphs of flattened text."""

    parts: list[Part] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    items: list[int] = field(default_factory=list)
    inside: list[bool] = field(default_factory=list)
    after: Paragraph | None = None


@lru_cache(maxsize=None)
def table_of_section() -> dict[int, str]:
    """Section number → table code, for sections that are tables."""
    return {t.section: t.key for f in FORMS.values() for t in f.tables if t.section}


def gather(items: list[Item], flat: bool) -> dict[str, Material]:
    """Table code → its material. Grids go by their labels, flattened text by its section."""
    found: dict[str, Material] = {}
    _from_grids(items, found)
    _from_paragraphs(items, flat, found)
    return found


def _from_grids(items: list[Item], found: dict[str, Material]) -> None:
    rows = [(i, item) for i, item in enumerate(items) if item.grid is not None]
    for _, grid in groupby(rows, key=lambda row: id(row[1].grid)):
        _one_grid(list(grid), found)


def _one_grid(rows: list[tuple[int, Item]], found: dict[str, Material]) -> None:
    tables = [_table_of(item) for _, item in rows]
    known = next((t for t in tables if t), OTHER)
    last = None
    for (i, item), table in zip(rows, tables):
        known = table or known
        if item.is_title or is_prose(item):
            last = None
            continue
        if last != known:
            material = found.setdefault(known, Material())
            material.parts.append(Part(item.grid, item.number))
            material.inside.append(table_of_section().get(item.section) == known)
        material.parts[-1].end = item.number + 1
        material.items.append(i)
        last = known


def _table_of(row: Item) -> str:
    return table_of_section().get(row.section, "") if row.is_title else row.table


def _from_paragraphs(items: list[Item], flat: bool, found: dict[str, Material]) -> None:
    """Flattened tables: the text between the table's section title and the next title."""
    present = {i.section for i in items if i.is_title}
    for number, key in table_of_section().items():
        if found.get(key) and found[key].parts:
            continue
        section = (
            number if number in present else max((n for n in present if n < number), default=0)
        )
        chosen = [
            i
            for i, item in enumerate(items)
            if item.grid is None and item.section == section and not item.is_title
        ]
        chosen = chosen if number in present else _from_first_vote(items, chosen, key)
        if sum(vote(items[i].text) == key for i in chosen) < PARAGRAPH_LABELS and not (
            flat and number in present
        ):
            continue
        material = found.setdefault(key, Material())
        material.paragraphs = [_as_paragraph(items[i]) for i in chosen]
        material.items += [i for i in chosen if _in_table(items[i], key)]
        material.after = _next(items, chosen)
    for key in {t.key for f in FORMS.values() for t in f.tables if not t.section}:
        _sectionless(items, key, found)


def _sectionless(items: list[Item], key: str, found: dict[str, Material]) -> None:
    """A table that has no section of its own (the form of 2014) is found by its labels alone."""
    if found.get(key) and found[key].parts:
        return
    texts = [i for i, item in enumerate(items) if item.grid is None]
    votes = [i for i in texts if vote(items[i].text.split("|")[0].split(" ")[0]) == key]
    if len(votes) >= 2 * PARAGRAPH_LABELS:
        chosen = [i for i in texts if i >= votes[0]]
        found[key] = Material(
            [], [_as_paragraph(items[i]) for i in chosen], list(chosen), [], _next(items, chosen)
        )


def _next(items: list[Item], chosen: list[int]) -> Paragraph | None:
    """What follows a table; None where the text ends with it, so that its last line may be cut off."""
    after = items[chosen[-1] + 1] if chosen and chosen[-1] + 1 < len(items) else None
    return (
        _as_paragraph(after)
        if after and after.grid is None
        else Paragraph("", "")
        if after
        else None
    )


def _from_first_vote(items: list[Item], chosen: list[int], key: str) -> list[int]:
    first = next((n for n, i in enumerate(chosen) if vote(items[i].text) == key), len(chosen))
    return chosen[first:]


def _as_paragraph(item: Item) -> Paragraph:
    block = item.block
    return block if isinstance(block, Paragraph) else Paragraph(item.text, item.where)


def _in_table(item: Item, key: str) -> bool:
    return not any(c in item.text for c in "。；") or bool(vote(item.text))


def detect_form(key: str, texts: set[str], preferred: str = "") -> Form:
    """The form whose own labels the table shows most; ``preferred`` where it shows none that tell."""
    cores = {label(t).core for t in texts if len(t) > 1}
    scored = [
        (len(cores & distinctive(f.key, key)), f.key == preferred, f.key) for f in forms_with(key)
    ]
    return (
        FORMS[max(scored)[2]] if max(scored)[0] or preferred else FORMS[min(s[2] for s in scored)]
    )


def texts_of(material: Material) -> set[str]:
    """All printed texts of a table; lines of flattened text cut at their white space too."""
    grids = {c.text for part in material.parts for row in part.rows for c in row.cells}
    lines = {p.text for p in material.paragraphs}
    return grids | lines | {t for line in lines for t in cut(line)}
