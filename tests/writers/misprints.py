"""Changes to a plan's labels and structure; each keeps what is expected in step with what is printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from tests.reportwriter import Column, Part, Row, Sheet

from .layouts import TITLES, Plan
from .misprints_data import EXTRA_ROWS, HALF, KNOWN, LOOKALIKES, TRADITIONAL

Change = Callable[[Plan, Random], Plan]
Rename = Callable[[str], str]
LONG = 6  # a shorter label with a wrong character could be another label


def relabel(made: Plan, rename: Rename, *, groups: bool = True) -> Plan:
    """The plan with every row, column and (unless told not to) group label passed through `rename`."""

    def sheet(old: Sheet) -> Sheet:
        parts = tuple(
            Part(tuple(replace(c, label=rename(c.label)) for c in p.columns),
                 tuple(replace(r, label=rename(r.label)) for r in p.rows), p.title)
            for p in old.parts
        )  # fmt: skip
        return old.change(
            parts=parts, groups={k: rename(v) if groups else v for k, v in old.groups.items()}
        )

    return replace(made, sheets={key: sheet(old) for key, old in made.sheets.items()})


def labels(made: Plan) -> list[str]:
    """Every row and column label, once."""
    found = [x.label for s in made.sheets.values() for p in s.parts for x in (*p.columns, *p.rows)]
    return list(dict.fromkeys(found))


def known(made: Plan, pen: Random) -> Plan:
    """One misprint of the list, wherever its label stands."""
    wrong, right = pen.choice([k for k in KNOWN if any(k[1] in label for label in labels(made))])
    return relabel(made, lambda label: label.replace(right, wrong) if wrong not in label else label)


def cut_headers(made: Plan, pen: Random) -> Plan:
    """本年新制作数量 and 本年新公开数量 both printed 本年新."""
    return relabel(
        made,
        lambda label: (
            "本年新"
            if label.startswith("本年新") and "数量" in label and "申请" not in label
            else label
        ),
    )


def one_character(made: Plan, pen: Random) -> Plan:
    """One character of one long row label replaced by a look-alike, dropped or doubled."""
    victims = [
        r.label
        for s in made.sheets.values()
        for p in s.parts
        for r in p.rows
        if len(_core(r.label)) >= LONG
    ]
    label = pen.choice(victims)
    at = pen.randrange(len(label) - len(_core(label)), len(label))
    new = pen.choice(("", label[at] * 2, LOOKALIKES.get(label[at], "某")))
    return relabel(made, lambda x: x[:at] + new + x[at + 1 :] if x == label else x)


def _core(label: str) -> str:
    return label.lstrip("（一二三四五六七八）、123456789.")


def numbering(made: Plan, pen: Random) -> Plan:
    """1、 or （1） or 1． for 1."""
    style = pen.choice(("{}、", "（{}）", "({})", "{}．", "{}. "))
    return relabel(made, lambda x: style.format(x[0]) + x[2:] if x[1:2] == "." else x)


def half_width(made: Plan, pen: Random) -> Plan:
    """Half-width brackets and quotes."""
    return relabel(made, lambda x: x.translate(HALF))


def traditional(made: Plan, pen: Random) -> Plan:
    """Labels in Traditional characters."""
    return relabel(made, lambda x: x.translate(TRADITIONAL))


def spaced(made: Plan, pen: Random) -> Plan:
    """Spaces inside labels: 商业 企业, 自 然 人."""
    gap = pen.choice((" ", "\u3000", "\xa0"))
    return relabel(made, lambda x: _insert(x, gap, pen) if pen.random() < 0.4 else x)


def broken(made: Plan, pen: Random) -> Plan:
    """Line breaks inside labels: 商业\\n企业."""
    return relabel(
        made, lambda x: _insert(x, "\n", pen) if len(x) >= 3 and pen.random() < 0.3 else x
    )


def _insert(label: str, gap: str, pen: Random) -> str:
    if len(label) == 3 and pen.random() < 0.5:
        return gap.join(label)
    at = len(label) // 2
    return label[:at] + gap + label[at:]


def titles(made: Plan, pen: Random) -> Plan:
    """Other wordings of the section titles, spaces and half-width commas among them."""
    comma = pen.choice(("、", "、 ", "，", ".", "．"))
    return replace(
        made, titles={n: pen.choice(t).replace("、", comma, 1) for n, t in TITLES.items()}
    )


def missing_row(made: Plan, pen: Random) -> Plan:
    """A row of table 二 or 三 not printed: absent, never zero."""

    def drop(sheet: Sheet, key: str) -> Sheet:
        parts = tuple(
            replace(p, rows=tuple(r for r in p.rows if r.key != key)) for p in sheet.parts
        )
        return sheet.change(parts=tuple(p for p in parts if p.rows))

    name = pen.choice(("requests", "requests", "proactive"))
    rows = [
        r.key
        for p in made.sheets[name].parts
        for r in p.rows
        if r.key not in ("disclosed_full", "received", "other_handling", "extra")
    ]
    return replace(made, sheets=made.sheets | {name: drop(made.sheets[name], pen.choice(rows))})


def extra_row(made: Plan, pen: Random) -> Plan:
    """A row that the form does not have, with figures that must be listed and put nowhere."""
    sheet = made.sheets["proactive"]
    number = pen.choice(
        [
            i
            for i, p in enumerate(sheet.parts)
            if len(p.columns) == 3 or p.columns[0].key == "decisions"
        ]
    )
    part = sheet.parts[number]
    label = EXTRA_ROWS[
        "article_20_1"
        if part.columns[0].key in ("issued", "newly_made")
        else pen.choice(("article_20_5", "article_20_6"))
    ]
    figures = [str(pen.randint(100_000, 999_999)) for _ in part.columns]
    texts = dict(sheet.texts) | {("extra", c.key): f for c, f in zip(part.columns, figures)}
    parts = list(sheet.parts)
    parts[number] = replace(part, rows=(*part.rows, Row("extra", label)))
    return replace(
        made,
        sheets=made.sheets | {"proactive": sheet.change(parts=tuple(parts), texts=texts)},
        extra=(*made.extra, *figures),
    )


def subtotal_column(made: Plan, pen: Random) -> Plan:
    """小计 at the end of the organisations or between them and 总计."""
    sheet = made.sheets["requests"]
    part = sheet.parts[0]
    *others, total = part.columns
    group = pen.choice(("", "organization"))
    columns = (*others, Column("subtotal", "小计", group), total)
    texts = dict(sheet.texts) | {
        (r.key, "subtotal"): str(pen.choice((0, 3, 77))) for r in part.rows
    }
    changed = sheet.change(parts=(replace(part, columns=columns),), texts=texts)
    return replace(made, sheets=made.sheets | {"requests": changed})


def subtotal_row(made: Plan, pen: Random) -> Plan:
    """Figures on the line of a group's own label: a sub-total of what follows, and no row of the form."""
    sheet = made.sheets["requests"]
    part = sheet.parts[0]
    group = pen.choice(
        [g for g in ("denied", "unable", "not_processed") if any(r.group == g for r in part.rows)]
    )
    at = next(i for i, r in enumerate(part.rows) if r.group == group)
    row = Row(f"group:{group}", sheet.groups[group], "outcomes")
    texts = dict(sheet.texts) | {
        (row.key, c.key): str(pen.choice((0, 5, 88))) for c in part.columns
    }
    changed = sheet.change(
        parts=(replace(part, rows=(*part.rows[:at], row, *part.rows[at:])),), texts=texts
    )
    return replace(made, sheets=made.sheets | {"requests": changed})


def joined_labels(made: Plan, pen: Random) -> Plan:
    """三、本年度办理结果 and （一）予以公开 in one cell."""
    sheet = made.sheets["requests"]
    part = sheet.parts[0]
    rows = tuple(replace(r, joined=r.key == "disclosed_full") for r in part.rows)
    return replace(
        made, sheets=made.sheets | {"requests": sheet.change(parts=(replace(part, rows=rows),))}
    )


def total_first(made: Plan, pen: Random) -> Plan:
    """总计 as the first column, in the headers too."""
    sheets = {}
    for key in ("requests", "disputes"):
        sheet = made.sheets[key]
        *others, total = sheet.parts[0].columns
        sheets[key] = sheet.change(parts=(replace(sheet.parts[0], columns=(total, *others)),))
    return replace(made, sheets=made.sheets | sheets)


CHANGES: dict[str, Change] = {
    f.__name__: f for f in (
        known, cut_headers, one_character, numbering, half_width, traditional, spaced, broken, titles, missing_row, extra_row,
        subtotal_column, subtotal_row, joined_labels, total_first,
    )
}  # fmt: skip


def misprint(made: Plan, pen: Random, names: tuple[str, ...]) -> Plan:
    """The plan with these changes made, one after the other."""
    for name in names:
        made = CHANGES[name](made, pen)
    return made
