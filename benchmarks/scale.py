"""Throughput, CPU time and peak memory of `gd.build` by number of reports and of worker processes.

    python -m benchmarks.scale                                 1,000 and 10,000 reports on 1 and 2 processes
    python -m benchmarks.scale --counts 100000 --jobs 1 2      adds to what benchmarks/results/scale.csv has (--fresh: begins anew)
    python -m benchmarks.scale --pages build/pages             keeps the pages there for the next time
    python -m benchmarks.scale --against ../other              builds with another checkout too, side by side: ratios in one run

Each build is a process of its own on synthetic pages (`benchmarks.synthetic`), into an empty folder. Every 0.2 s the
memory of it and all its children is added up (PSS: a page that n processes share counts 1/n in each) and so is their CPU
time. `ceiling` is what the machine itself allows: how much faster two processes that share nothing read the same pages
than one does, over 2. CPU time hardly depends on what else the machine does; wall-clock time does, so the load average
stands beside it. Writes scale.csv, scale.md and scale.png into benchmarks/results. Linux only (/proc).
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import synthetic

RUN = "import sys, govdisclosure as gd; print(*gd.build(sys.argv[1], sys.argv[2], jobs=int(sys.argv[3]), progress=False)[1:])"
LOAD = "import sys, time, govdisclosure as gd; t = time.perf_counter(); gd.load(sys.argv[1], years=2021).cells; print(time.perf_counter() - t)"
READ = """import sys, time, pathlib
from govdisclosure.pipeline import read_record
paths = sorted(pathlib.Path(sys.argv[1]).rglob("*.html"))[:1200]
for path in paths[:50]: read_record(path)
print(); sys.stdout.flush(); sys.stdin.readline()
began = time.perf_counter()
for path in paths: read_record(path)
print(time.perf_counter() - began)"""
TICK = os.sysconf("SC_CLK_TCK")
COLUMNS = (
    "reports",
    "processes",
    "seconds",
    "reports_per_s",
    "cpu_ms_per_report",
    "peak_mib",
    "dataset_mib",
    "load_year_s",
    "load_average",
    "ceiling",
)


def family(root: int) -> list[int]:
    """Process ids of `root` and all that descend from it."""
    parents = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            parents[int(entry)] = int(
                Path("/proc", entry, "stat").read_text().rpartition(")")[2].split()[1]
            )
    found = [root]
    for one in found:
        found += [pid for pid, parent in parents.items() if parent == one]
    return found


def usage(pid: int) -> tuple[int, float]:
    """(PSS in bytes, CPU seconds so far) of a process; zeros where it has ended."""
    try:
        times = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        pss = next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        return pss << 10, sum(map(int, times)) / TICK
    except (OSError, StopIteration):
        return 0, 0.0


def watch(process: subprocess.Popen) -> tuple[int, float]:
    """(peak memory in bytes, CPU seconds) of a process and its children until it ends."""
    peak, cpu = 0, {}
    while process.poll() is None:
        seen = {pid: usage(pid) for pid in family(process.pid)}
        peak = max(peak, sum(memory for memory, _ in seen.values()))
        cpu.update({pid: max(seconds, cpu.get(pid, 0)) for pid, (_, seconds) in seen.items()})
        time.sleep(0.2)
    return peak, sum(cpu.values())


def ceiling(source: Path) -> float:
    """How much of twice the speed two processes reach that read the same pages and share nothing but the machine."""

    def seconds(jobs: int) -> float:
        readers = [
            subprocess.Popen(
                [sys.executable, "-c", READ, str(source)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(jobs)
        ]
        for reader in readers:
            reader.stdout.readline()
        for reader in readers:
            reader.stdin.write("\n")
            reader.stdin.flush()
        return max(float(reader.communicate()[0]) for reader in readers)

    return min(seconds(1), seconds(1)) / min(seconds(2), seconds(2))


def measure(
    source: Path, out: Path, count: int, jobs: int, limit: float, code: str = ""
) -> dict[str, float]:
    """One build, by this library or by the one in the folder `code`."""
    began = time.monotonic()
    # `python -c` looks into the folder it runs in before PYTHONPATH
    where = {"cwd": code, "env": {**os.environ, "PYTHONPATH": code}} if code else {}
    source, out = source.resolve(), out.resolve()
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(source), str(out), str(jobs)],
        stdout=subprocess.PIPE,
        text=True,
        **where,
    )
    peak, cpu = watch(process)
    seconds = time.monotonic() - began
    sources, read, _, failed = map(int, process.stdout.read().split()[:4])
    if process.returncode or (sources, read, failed) != (count, count, 0):
        raise SystemExit(
            f"the build of {count} reports ended with {process.returncode}: {sources} sources, {read} read, {failed} failed"
        )
    size = sum(p.stat().st_size for p in out.rglob("*.parquet"))
    loaded = float(
        subprocess.run(
            [sys.executable, "-c", LOAD, str(out)],
            capture_output=True,
            text=True,
            check=True,
            **where,
        ).stdout
    )
    numbers = (
        count,
        jobs,
        seconds,
        count / seconds,
        cpu / count * 1000,
        peak / 2**20,
        size / 2**20,
        loaded,
        os.getloadavg()[0],
        limit,
    )
    return dict(zip(COLUMNS, (round(n, 2) for n in numbers)))


def growth(rows: list[dict]) -> str:
    """Ratios: parallel efficiency at each count, then how CPU time and memory grow from the smallest to the largest."""
    lines = []
    for count in sorted({r["reports"] for r in rows}):
        mine = {r["processes"]: r for r in rows if r["reports"] == count}
        if {1, 2} <= mine.keys():
            busy = (
                " (others were using the machine: no measure)"
                if any(r["load_average"] > os.cpu_count() + 0.5 for r in mine.values())
                else ""
            )
            efficiency = mine[2]["reports_per_s"] / mine[1]["reports_per_s"] / 2
            lines.append(
                f"- {count:,} reports: parallel efficiency on 2 processes {efficiency:.0%}{busy}; two processes that share nothing "
                f"reach {mine[2]['ceiling']:.0%} on this machine"
            )
    for jobs in sorted({r["processes"] for r in rows}):
        mine = sorted((r for r in rows if r["processes"] == jobs), key=lambda r: r["reports"])
        first, last = mine[0], mine[-1]
        if first is not last:
            lines.append(
                f"- {jobs} process{'es' * (jobs > 1)}: {last['reports'] / first['reports']:g} times the reports take "
                f"{last['reports'] * last['cpu_ms_per_report'] / (first['reports'] * first['cpu_ms_per_report']):.1f} times the CPU time "
                f"and {last['peak_mib'] / first['peak_mib']:.2f} times the memory"
            )
    return "\n".join(lines)


def extrapolation(rows: list[dict]) -> str:
    """What ten million files would take, said to be an extrapolation."""
    last = max(rows, key=lambda r: (r["reports"], r["processes"]))
    hours = 10_000_000 * last["cpu_ms_per_report"] / 1000 / 3600
    size = 10_000_000 / last["reports"] * last["dataset_mib"] / 1024
    return (
        f"**Extrapolated, not measured**: 10 million such files would take {hours:.0f} hours of CPU time at the {last['cpu_ms_per_report']:.1f} ms a "
        f"report of {last['reports']:,} reports: "
        + ", ".join(f"{hours / n / 0.85:.1f} h on {n} cores" for n in (2, 16, 64))
        + f" at 85 % efficiency, and a data set of about {size:.0f} GiB, if the storage delivers the pages as fast. Nothing over "
        f"{max(r['reports'] for r in rows):,} reports and {max(r['processes'] for r in rows)} processes was run."
    )


def machine() -> str:
    """What it was measured on."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next(
        (line.split(":")[1].strip() for line in lines if line.startswith("model name")),
        platform.machine(),
    )
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 2**20
    return f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores ({model}), {memory:.0f} GiB, Python {platform.python_version()}"


def write(rows: list[dict], page_bytes: float, out: Path) -> None:
    """Table as CSV and Markdown, and the plot."""
    out.mkdir(parents=True, exist_ok=True)
    counts = " ".join(str(n) for n in sorted({r["reports"] for r in rows}))
    with open(out / "scale.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    table = [
        "| " + " | ".join(COLUMNS) + " |",
        "|" + "---:|" * len(COLUMNS),
        *("| " + " | ".join(f"{r[c]:,}" for c in COLUMNS) + " |" for r in rows),
    ]
    (out / "scale.md").write_text(
        f"# `build` by number of reports\n\n{growth(rows)}\n\n"
        + "\n".join(table)
        + f"\n\n{extrapolation(rows)}\n\nMeasured {machine()}, by `python -m benchmarks.scale --counts {counts}`, "
        f"one run each, on synthetic HTML reports of {page_bytes / 1024:.0f} KiB on average, cells with prose figures and findings, start-up included. "
        "`load_average` says how busy the machine was at the end of the run: above `processes`, others were using it, and times by the clock are too long; "
        "CPU time and memory hardly change by that. `ceiling`: see the first lines. `peak_mib` is the sum over all processes (PSS). `load_year_s`: `gd.load(…, years=2021).cells`.\n",
        encoding="utf-8",
    )
    draw(rows, out / "scale.png")


def draw(rows: list[dict], path: Path) -> None:
    """CPU time and memory against the number of reports."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import StrMethodFormatter

    figure = Figure(figsize=(5.6, 5.6), layout="constrained")
    panels = figure.subplots(2, 1, sharex=True)
    for jobs, colour, mark in ((1, "#0072B2", "o"), (2, "#D55E00", "s")):
        mine = sorted((r for r in rows if r["processes"] == jobs), key=lambda r: r["reports"])
        counts, name = [r["reports"] for r in mine], f"{jobs} process{'es' * (jobs > 1)}"
        panels[0].plot(
            counts,
            [r["reports"] * r["cpu_ms_per_report"] / 1000 for r in mine],
            marker=mark,
            color=colour,
            label=name,
        )
        panels[1].plot(counts, [r["peak_mib"] for r in mine], marker=mark, color=colour, label=name)
    first = min(rows, key=lambda r: (r["reports"], r["processes"]))
    ends = [first["reports"], max(r["reports"] for r in rows)]
    panels[0].plot(
        ends,
        [n * first["cpu_ms_per_report"] / 1000 for n in ends],
        color="#6b6b6b",
        linestyle=":",
        label="linear growth",
    )
    panels[0].set(
        xscale="log",
        yscale="log",
        ylabel="CPU time, seconds",
        title=_title(first, max(rows, key=lambda r: (r["reports"], -r["processes"]))),
    )
    panels[1].set(
        xlabel="reports",
        ylabel="peak memory, MiB",
        ylim=(0, None),
        xticks=sorted({r["reports"] for r in rows}),
    )
    panels[1].minorticks_off()
    panels[1].xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    for panel in panels:
        panel.legend(frameon=False)
    figure.savefig(path, dpi=130, metadata={"Software": None})


def _title(first: dict, last: dict) -> str:
    """What the plot shows: growth of reports, CPU time and memory on one process."""
    times = (
        last["cpu_ms_per_report"]
        * last["reports"]
        / (first["cpu_ms_per_report"] * first["reports"])
    )
    return (
        f"{last['reports'] / first['reports']:g} times the reports take {times:.0f} times the CPU time\n"
        f"and {last['peak_mib'] / first['peak_mib']:.2f} times the memory (one process)"
    )


def main() -> None:
    """Write the reports, build them in every way, write the results."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--counts", type=int, nargs="+", default=[1_000, 10_000])
    options.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    options.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    options.add_argument(
        "--pages", type=Path, help="folder in which the pages are kept (default: a temporary one)"
    )
    options.add_argument("--against", type=Path, help="another checkout to compare with")
    options.add_argument(
        "--fresh", action="store_true", help="forget what scale.csv has from other counts"
    )
    given = options.parse_args()
    rows = [] if given.fresh else earlier(given.out / "scale.csv")
    with tempfile.TemporaryDirectory() as folder:
        for count in sorted(given.counts):
            source = pages(count, given.pages or Path(folder))
            size = sum(p.stat().st_size for p in source.rglob("*.html")) / count
            limit = ceiling(source)
            for jobs in given.jobs:
                out = Path(folder, f"out-{count}-{jobs}")
                row = measure(source, out, count, jobs, limit)
                shutil.rmtree(out)
                if given.against:
                    other = measure(source, out, count, jobs, limit, str(given.against.resolve()))
                    shutil.rmtree(out)
                    compare(row, other)
                rows = sorted(
                    [r for r in rows if (r["reports"], r["processes"]) != (count, jobs)] + [row],
                    key=lambda r: (r["reports"], r["processes"]),
                )
                print(row, flush=True)
                write(rows, size, given.out)


def compare(row: dict, other: dict) -> None:
    """Print how this build compares with that of another checkout."""
    ratios = ", ".join(
        f"{name} {row[name] / other[name]:.2f}" for name in COLUMNS[2:8] if other[name]
    )
    print(f"{row['reports']:,} reports, {row['processes']} processes, against the other: {ratios}")


def earlier(path: Path) -> list[dict]:
    """Rows of an earlier run with the same columns; [] where there are none."""
    if not path.exists():
        return []
    with open(path, encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            return []
        return [
            {k: int(v) if k in COLUMNS[:2] else float(v) for k, v in row.items()} for row in reader
        ]


def pages(count: int, folder: Path) -> Path:
    """A folder with `count` reports; those that are there are not written again."""
    source = folder / f"reports-{count}"
    done = source / ".complete"
    if not done.exists():
        for _ in synthetic.write(count, str(source)):
            pass
        done.touch()
    return source


if __name__ == "__main__":
    main()
