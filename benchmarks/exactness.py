"""Random reports in every layout, read back and compared cell by cell.

    python benchmarks/exactness.py --n 10000
    python benchmarks/exactness.py --replay 'dump_tabs/17'

Counts cells: right, lossy (unreadable where the layout itself lost the figure), unreadable (though the layout kept it),
status and unit (no figure wrong, but its status or unit), wrong. A report is named 'layout/number'; the name alone
makes it again. Exit code 1 where anything is wrong or a page that must be refused was read.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from govdisclosure.decode import decode_document
from govdisclosure.errors import DisclosureError
from govdisclosure.model import Source
from govdisclosure.readers import read
from tests.writers.judge import KINDS, judge
from tests.writers.layouts import LAYOUTS
from tests.writers.random_reports import report

OUTCOMES = (*KINDS, "refused_as_expected", "refused", "crashed", "unlisted")
BAD = ("wrong", "crashed")


def outcome(name: str) -> tuple[Counter, list[str]]:
    """Counts of one report and a line for each cell that is not as expected."""
    made = report(name)
    try:
        record = decode_document(read(made.data, Source(name)))
    except DisclosureError as error:
        kind = "refused_as_expected" if made.expected.refused else "refused"
        return Counter({kind: 1}), [] if made.expected.refused else [f"refused: {error}"]
    except Exception as error:  # nothing else may leave the public functions: count it and go on
        return Counter({"crashed": 1}), [f"crashed: {type(error).__name__}: {error}"]
    verdicts = judge(record.cells, made.expected)
    listed = " ".join(u.text for u in record.unplaced)
    lost = [figure for figure in made.expected.unplaced if figure not in listed]
    lines = [
        f"{v.kind}: {'.'.join(v.cell)}: expected {v.expected}, read {v.read}"
        for v in verdicts
        if v.kind not in ("right", "lossy")
    ]
    return Counter(v.kind for v in verdicts) + Counter(unlisted=len(lost)), lines + [
        f"unlisted: {figure}" for figure in lost
    ]


def run(layouts: list[str], n: int, show: int) -> Counter:
    """`n` reports over the layouts in turn; the first cells of the first reports that fail are printed with their name."""
    counts: dict[str, Counter] = {layout: Counter() for layout in layouts}
    reports = Counter()
    start, shown = time.perf_counter(), Counter()
    for i in range(n):
        name = f"{layouts[i % len(layouts)]}/{i // len(layouts)}"
        found, lines = outcome(name)
        layout = name.split("/")[0]
        counts[layout] += found
        reports.update(
            k for k in ("wrong", "unreadable", "refused", "not_refused", "crashed") if found[k]
        )
        for kind in dict.fromkeys(line.split(":")[0] for line in lines):
            shown[layout, kind] += 1
            if shown[layout, kind] <= show:
                first = next(line for line in lines if line.startswith(kind))
                print(f"{name} [{report(name).story}] {first}")
    table(counts)
    total = sum(counts.values(), Counter())
    print(
        f"{n} reports, {sum(total[k] for k in KINDS):,} cells in {time.perf_counter() - start:.0f} s; reports with: {dict(reports)}"
    )
    return total


def table(counts: dict[str, Counter]) -> None:
    """One line a layout."""
    used = [k for k in OUTCOMES if any(c[k] for c in counts.values())]
    print(f"{'layout':28}" + "".join(f"{k[:12]:>13}" for k in used))
    for layout, found in [*counts.items(), ("all", sum(counts.values(), Counter()))]:
        print(f"{layout:28}" + "".join(f"{found[k]:13,}" for k in used))


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--n", type=int, default=len(LAYOUTS) * 10, help="how many reports")
    parser.add_argument(
        "--layout",
        action="append",
        choices=sorted(LAYOUTS),
        help="only this layout (may be given again)",
    )
    parser.add_argument(
        "--show", type=int, default=1, help="failures of a kind printed for each layout"
    )
    parser.add_argument(
        "--replay",
        metavar="NAME",
        help="print one report and everything that is not as expected of it",
    )
    given = parser.parse_args()
    if given.replay:
        made = report(given.replay)
        print(
            made.story,
            "",
            made.data.decode(made.charset, "replace")
            if made.charset
            else f"({len(made.data)} bytes)",
            sep="\n",
        )
        print(*outcome(given.replay)[1], sep="\n")
        return 0
    total = run(given.layout or list(LAYOUTS), given.n, given.show)
    return 1 if any(total[k] for k in BAD) else 0


if __name__ == "__main__":
    sys.exit(main())
