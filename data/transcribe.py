"""Rebuilds ``data/reports`` and ``data/manifest.csv`` from ``data/figures`` and ``data/prose``.

    python data/transcribe.py            # write
    python data/transcribe.py --check    # compare with what is there; exit code 1 where something differs

The same input gives the same bytes. The figures are those that the agencies printed; the prose is ours (README.md).
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from govdisclosure.forms import FORMS
from tests.reportwriter import (
    Paper,
    Table,
    docx,
    dumps,
    html,
    lay_out,
    markdown,
    paper_of,
    pdf,
    sheets_of,
)
from tests.reportwriter.tables import proactive, proactive_parts, split

ILLEGIBLE = "□"
PROVINCES = {"31": "上海市", "32": "江苏省", "53": "云南省"}  # GB/T 2260, first two digits
COLUMNS = (
    "report_id",
    "path",
    "agency",
    "level",
    "division_code",
    "province",
    "year",
    "url",
    "form",
    "transcribed_from",
    "layout",
    "note",
)
PRINTED = "figures as printed in the published report; the kind of copy is not recorded"


class Plan(NamedTuple):
    """How a report is written: ending, the writer, the layout in words, and what the figures were read from."""

    ending: str
    write: Callable[[Paper], bytes]
    layout: str
    read_from: str = PRINTED
    two: str = "whole"  # table 二: whole, items, disagreeing
    break_at: int = 0  # table 三 goes on as a second table at this row


def _dump(layout: str) -> Callable[[Paper], bytes]:
    return lambda paper: dumps.write(paper, layout)


PLANS: dict[str, Plan] = {
    "dayao-2021": Plan("txt", _dump("bars_alone"), "text dump: a cell a line, | alone on a line between cells", "text dump of the published page"),
    "hongze-2023": Plan("docx", docx.write, "Word: cells merged both ways", "published PDF"),
    "hongze-2024": Plan("pdf", pdf.write, "PDF: ruled tables, 三 over two pages", break_at=17),
    "huaian-2024": Plan("pdf", pdf.write, "PDF: ruled tables"),
    "shanghai-office-2019": Plan(
        "html", lambda p: html.write(p, shell="cms", style="paragraphs"),
        "HTML: content-system page, header spans 1/2/1 over figures 2/1/1", "published page", two="disagreeing"),
    "shanghai-office-2025": Plan("md", markdown.write, "Markdown: tables with a rule"),
    "shanghai-stcsm-2024": Plan(
        "html", lambda p: html.write(p, shell="cms", style="paragraphs", charset="gb18030"), "HTML: GB18030 bytes labelled gb2312"),
    "shuyang-2025": Plan("txt", _dump("rows_barred"), "text dump: a row a line, cells set off by |, merged cells leave ||"),
    "shuyang-fgj-2023": Plan(
        "html", lambda p: html.write(p, shell="cms", style="word", seed=1),
        "HTML: content-system page, Word runs, one table per item of article 20", "published page", two="items"),
    "suqian-2023": Plan("txt", _dump("lines_bar"), "text dump: a cell a line, each ending in |", "third-party side-by-side print of 2023 and 2024"),
    "suqian-2024": Plan("txt", _dump("lines_plain"), "text dump: a cell a line, nothing between", "third-party side-by-side print of 2023 and 2024"),
}  # fmt: skip


def printed(figures: dict) -> dict[tuple[str, str, str], str]:
    """{(table, row, column): printed text}; a figure that was not legible is printed as an illegible mark."""
    form = FORMS[figures["form"]]
    cells = {
        ("proactive", row, column): text
        for row, texts in figures["proactive"].items()
        for column, text in texts.items()
    }
    for table in ("requests", "disputes"):
        columns = [column.key for column in form.table(table).columns]
        cells |= {
            (table, row, c): text
            for row, texts in figures[table].items()
            for c, text in zip(columns, texts, strict=True)
        }
    return {key: ILLEGIBLE if text is None else text for key, text in cells.items()}


def prose(report_id: str) -> tuple[dict[str, str], dict[int, list[str]]]:
    """Fields of the head and paragraphs by section of ``data/prose/<report_id>.txt``."""
    fields, sections, number = {}, {}, None
    for line in (HERE / "prose" / f"{report_id}.txt").read_text("utf-8").splitlines():
        if line.startswith("# "):
            number = int(line[2:])
            sections[number] = []
        elif line.strip() and number is None:
            key, _, value = line.partition(": ")
            fields[key.removeprefix("page ")] = value
        elif line.strip():
            sections[number].append(line)
    return fields, sections


def tables(figures: dict, plan: Plan) -> dict[str, list[Table]]:
    """The three tables, laid out as the plan says."""
    sheets = sheets_of(
        FORMS[figures["form"]],
        printed(figures),
        one_row_other="other_handling" in figures["requests"],
    )
    two = sheets["proactive"]
    first = {
        "whole": lambda: [lay_out(two)],
        "items": lambda: proactive_parts(two),
        "disagreeing": lambda: [proactive(two, disagree=True)],
    }
    three = lay_out(sheets["requests"])
    parts = list(split(three, plan.break_at, repeat=False)) if plan.break_at else [three]
    return {
        "proactive": first[plan.two](),
        "requests": parts,
        "disputes": [lay_out(sheets["disputes"])],
    }


def paper(figures: dict, plan: Plan) -> Paper:
    """The whole report."""
    fields, sections = prose(figures["report_id"])
    return paper_of(fields.pop("title"), sections, tables(figures, plan), fields)


def manifest_row(figures: dict, plan: Plan) -> dict[str, str]:
    """One row of the manifest."""
    code = figures["division_code"]
    notes = [figures.get("note", ""), f"scope: {figures['scope']}" if figures.get("scope") else ""]
    return {
        "report_id": figures["report_id"], "path": f"reports/{figures['report_id']}.{plan.ending}", "agency": figures["agency"],
        "level": figures["level"], "division_code": code, "province": PROVINCES[code[:2]], "year": str(figures["year"]),
        "url": figures.get("source_url", ""), "form": figures["form"], "transcribed_from": plan.read_from, "layout": plan.layout,
        "note": "; ".join(n for n in notes if n),
    }  # fmt: skip


def build() -> dict[Path, bytes]:
    """{path: bytes} of everything this script writes."""
    files, rows = {}, []
    for report_id, plan in PLANS.items():
        figures = json.loads((HERE / "figures" / f"{report_id}.json").read_text("utf-8"))
        row = manifest_row(figures, plan)
        files[HERE / row["path"]] = plan.write(paper(figures, plan))
        rows.append(row)
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return files | {HERE / "manifest.csv": out.getvalue().encode()}


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing; say what differs")
    check = parser.parse_args().check
    files = build()
    stale = [path for path, data in files.items() if not path.exists() or path.read_bytes() != data]
    if not check:
        for path in stale:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(files[path])
    for path in stale:
        print("differs:" if check else "wrote:", path.relative_to(HERE.parent))
    print(f"{len(files)} files, {len(files) - len(stale)} as they should be")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
