"""PDF reports of our own making, read back through the parser: right, wrong and unreadable cells a maker and border.

    python benchmarks/pdf_sweep.py [--rounds 2] [--makers reportlab,chromium,libreoffice] [--blanks 0.1] [--show 3]

Each round draws both forms, portrait and landscape, with random figures; tables begin at another height each time,
so that page breaks meet other rows (with ``--every-row`` reportlab breaks table 三 at each of its rows). Needs
reportlab and pylopdf-fonts-zh-cn; Chromium and LibreOffice are left out, with a word, where they are missing.
A figure read as blank counts as wrong, as does a blank read as a figure.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # the makers live in tests/pdfmaker

from reportlab.lib.pagesizes import A4, landscape

from govdisclosure.errors import DisclosureError
from govdisclosure.model import Source
from govdisclosure.readers.pdf import read_pdf
from tests.pdfmaker import docx, html, programs
from tests.pdfmaker.canvas import Look, draw
from tests.pdfmaker.compare import judge
from tests.pdfmaker.report import Made, make

BORDERS = {
    "reportlab": ("lines", "boxes", "double", "open_sides", "level", "none"),
    "chromium": ("collapse", "separate", "dotted", "none"),
    "libreoffice": ("lines", "none"),
}
ROW = 17  # points of a row of table 三 as drawn: steps of it move the page break from row to row


def cases(options) -> list[tuple[Made, bool, float, int]]:
    """(report, landscape?, spacer, number) of a sweep."""
    out = []
    for number in range(options.rounds):
        for form in ("2021", "2019"):
            for wide in (False, True):
                seed = options.seed + 4 * number + 2 * (form == "2019") + wide
                out.append(
                    (make(form, seed, blanks=options.blanks), wide, (seed * 53) % 420, number)
                )
    return out


def reportlab_pdfs(borders: str, options):
    """PDFs drawn by reportlab, with what they hold."""
    chosen = cases(options)
    if options.every_row:
        chosen = [
            (make(("2021", "2019")[n % 2], n, blanks=options.blanks), wide, n * ROW, n)
            for wide, rows in ((False, 40), (True, 26))
            for n in range(rows)
        ]
    for made, wide, spacer, number in chosen:
        size = landscape(A4) if wide else A4
        yield (
            made,
            draw(made.blocks, Look(size=size, spacer=spacer, borders=borders, cut=number % 2 == 1)),
        )


def chromium_pdfs(borders: str, options):
    """PDFs printed by a browser."""
    for made, wide, spacer, number in cases(options):
        page = html.page(
            made.blocks, spacer=spacer, landscape=wide, borders=borders, cut=number % 2 == 1
        )
        yield made, programs.chromium_pdf(page)


def libreoffice_pdfs(borders: str, options):
    """PDFs printed by LibreOffice, all in one start of it."""
    chosen = cases(options)
    files = {
        f"{i}.docx": docx.document(
            made.blocks,
            spacer=spacer,
            landscape=wide,
            borders=borders == "lines",
            cut=number % 2 == 1,
        )
        for i, (made, wide, spacer, number) in enumerate(chosen)
    }
    for name, data in programs.libreoffice_pdfs(files).items():
        yield chosen[int(name[:-5])][0], data


MAKERS = {"reportlab": reportlab_pdfs, "chromium": chromium_pdfs, "libreoffice": libreoffice_pdfs}
PROGRAMS = {"reportlab": True, "chromium": programs.CHROMIUM, "libreoffice": programs.SOFFICE}


def sweep(maker: str, borders: str, options) -> Counter:
    """Counts of cells: right, wrong, left out; and of files refused. Wrong ones are printed."""
    found: Counter = Counter()
    for made, data in MAKERS[maker](borders, options):
        found["files"] += 1
        try:
            right, wrong, left_out = judge(read_pdf(data, Source("made.pdf")), made.figures)
        except DisclosureError as error:
            found["refused"] += 1
            print(f"  refused: {error}")
            continue
        found.update(right=right, wrong=len(wrong), left_out=len(left_out))
        for text in [f"wrong: {w}" for w in wrong[: options.show]] + [
            f"left out: {w}" for w in left_out[: options.show]
        ]:
            print(f"  form {made.form}, {text}")
    return found


def main() -> int:
    """Print a line a maker and border; the exit status is 1 where a cell was read wrong."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--makers", default=",".join(MAKERS))
    parser.add_argument("--borders", default="")
    parser.add_argument("--blanks", type=float, default=0.0)
    parser.add_argument("--show", type=int, default=2)
    parser.add_argument("--every-row", action="store_true")
    options = parser.parse_args()
    wrong = 0
    for maker in options.makers.split(","):
        if not PROGRAMS[maker]:
            print(f"{maker}: not installed, left out")
            continue
        for borders in BORDERS[maker]:
            if options.borders and borders not in options.borders.split(","):
                continue
            found = sweep(maker, borders, options)
            wrong += found["wrong"]
            print(
                f"{maker}, {borders}: {found['files']} files, {found['right']} cells right, {found['wrong']} wrong, "
                f"{found['left_out']} left out, {found['refused']} files refused",
                flush=True,
            )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
