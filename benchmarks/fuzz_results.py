"""Counts of every fuzzing run: a line a run and kind in results/fuzz.csv, and results/fuzz.md made from it."""

from __future__ import annotations

import csv
import subprocess
from datetime import datetime, timezone
from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "results"
FIELDS = (
    "when",
    "commit",
    "engine",
    "kind",
    "first",
    "inputs",
    "records",
    "refused",
    "finds",
    "cpu_s",
    "wall_s",
    "rss_early_mib",
    "rss_late_mib",
    "slowest_ms",
    "slowest",
)
HEAD = """# Fuzzing
Every input goes through reader, parser, prose figures and checks (kind `blocks`: a Document, through all but a reader). Engine `grammar`:
`python -m benchmarks.fuzz`, inputs numbered, the same bytes at the same commit. Engine `coverage`: `python -m benchmarks.fuzz_coverage`
(atheris), steered to new branches. A find is an exception other than `DisclosureError`, a defect masked by a polite refusal, a Record that
breaks `model`'s contract, more than 10 s of CPU, a death, or memory that grows; the same defect met again counts again. What was found is
kept, minimised, in `tests/readers/found`. Library code changed between runs: each has its commit. `records`: inputs that became a Record.
"""


def commit() -> str:
    """Short hash of HEAD, with a + where the package differs from it."""

    def git(*words: str) -> str:
        return subprocess.run(
            ("git", *words), cwd=RESULTS.parent, capture_output=True, text=True, check=False
        ).stdout.strip()

    return (git("rev-parse", "--short", "HEAD") or "?") + (
        "+" if git("status", "--porcelain", "--", "../govdisclosure") else ""
    )


def now() -> str:
    """UTC, to the minute."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%MZ")


def add(rows: list[dict], folder: Path = RESULTS) -> None:
    """Append runs to fuzz.csv and write fuzz.md anew."""
    path = folder / "fuzz.csv"
    fresh = not path.exists()
    with open(path, "a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        if fresh:
            writer.writeheader()
        writer.writerows(rows)
    with open(path, newline="", encoding="utf-8") as file:
        (folder / "fuzz.md").write_text(summary(list(csv.DictReader(file))), encoding="utf-8")


def summary(rows: list[dict]) -> str:
    """The table of all runs by engine and kind, and the runs themselves."""
    total = sum(int(r["inputs"]) for r in rows)
    lines = [
        HEAD,
        f"**{total:,} inputs in all runs**; {sum(int(r['records']) for r in rows):,} of them became a Record.",
        "",
        "| engine | kind | inputs | records | refused | finds | ms of CPU an input | slowest ms |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for engine, kind in sorted({(r["engine"], r["kind"]) for r in rows}):
        own = [r for r in rows if (r["engine"], r["kind"]) == (engine, kind)]
        inputs, *rest = (
            sum(int(r[f]) for r in own) for f in ("inputs", "records", "refused", "finds")
        )
        cost = sum(float(r["cpu_s"]) for r in own) / max(inputs, 1) * 1000
        cells = (
            engine,
            kind,
            f"{inputs:,}",
            *(f"{n:,}" for n in rest),
            f"{cost:.2f}",
            f"{max(float(r['slowest_ms'] or 0) for r in own):.0f}",
        )
        lines.append("| " + " | ".join(cells) + " |")
    lines += [
        "",
        "## Runs",
        "| when | commit | engine | inputs | finds | wall s | inputs/s | worker MiB early → late |",
        "|---|---|---|--:|--:|--:|--:|---|",
    ]
    for key in dict.fromkeys(
        (r["when"], r["commit"], r["engine"], r["first"], r["wall_s"]) for r in rows
    ):
        own = [
            r for r in rows if (r["when"], r["commit"], r["engine"], r["first"], r["wall_s"]) == key
        ]
        inputs, finds, wall = (
            sum(int(r["inputs"]) for r in own),
            sum(int(r["finds"]) for r in own),
            float(key[4]),
        )
        lines.append(
            f"| {key[0]} | {key[1]} | {key[2]} | {inputs:,} | {finds} | {wall:.0f} | {inputs / max(wall, 1):.0f} | {own[0]['rss_early_mib']} → {own[0]['rss_late_mib']} |"
        )
    return "\n".join(lines) + "\n"
