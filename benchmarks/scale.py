"""Throughput, CPU time and peak memory of `gd.build` by number of reports and of worker processes.

    python -m benchmarks.scale                            1,000 and 10,000 reports on 1 and 2 processes
    python -m benchmarks.scale --counts 1000 100000 --out build/scale

Each build is a process of its own on synthetic pages (`benchmarks.synthetic`), into an empty folder. Every 0.2 s the
memory of it and all its children is added up (PSS: a page that n processes share counts 1/n in each) and so is their CPU
time. CPU time hardly depends on what else the machine does; wall-clock time does, so the load average stands beside it.
Writes scale.csv, scale.md and scale.png into benchmarks/results. Linux only (/proc).
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import synthetic

RUN = "import sys, govdisclosure as gd; print(*gd.build(sys.argv[1], sys.argv[2], jobs=int(sys.argv[3]), progress=False)[1:])"
LOAD = "import sys, time, govdisclosure as gd; t = time.perf_counter(); gd.load(sys.argv[1], years=2021).cells; print(time.perf_counter() - t)"
TICK = os.sysconf("SC_CLK_TCK")
COLUMNS = ("reports", "processes", "seconds", "reports_per_s", "cpu_ms_per_report", "peak_mib", "dataset_mib", "load_year_s", "load_average")


def family(root: int) -> list[int]:
    """Process ids of `root` and all that descend from it."""
    parents = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            parents[int(entry)] = int(Path("/proc", entry, "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            pass
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


def measure(source: Path, out: Path, count: int, jobs: int) -> dict[str, float]:
    """One build."""
    began = time.monotonic()
    process = subprocess.Popen([sys.executable, "-c", RUN, str(source), str(out), str(jobs)], stdout=subprocess.PIPE, text=True)
    peak, cpu = watch(process)
    seconds = time.monotonic() - began
    sources, read, _, failed = map(int, process.stdout.read().split()[:4])
    if process.returncode or (sources, read, failed) != (count, count, 0):
        raise SystemExit(f"the build of {count} reports ended with {process.returncode}: {sources} sources, {read} read, {failed} failed")
    size = sum(p.stat().st_size for p in out.rglob("*.parquet"))
    loaded = float(subprocess.run([sys.executable, "-c", LOAD, str(out)], capture_output=True, text=True, check=True).stdout)
    numbers = (count, jobs, seconds, count / seconds, cpu / count * 1000, peak / 2**20, size / 2**20, loaded, os.getloadavg()[0])
    return dict(zip(COLUMNS, (round(n, 2) for n in numbers)))


def growth(rows: list[dict]) -> str:
    """How CPU time and memory grow from the smallest to the largest count, for each number of processes."""
    lines = []
    for jobs in sorted({r["processes"] for r in rows}):
        mine = sorted((r for r in rows if r["processes"] == jobs), key=lambda r: r["reports"])
        first, last = mine[0], mine[-1]
        if first is not last:
            lines.append(f"- {jobs} process{'es' * (jobs > 1)}: {last['reports'] / first['reports']:g} times the reports take "
                         f"{last['reports'] * last['cpu_ms_per_report'] / (first['reports'] * first['cpu_ms_per_report']):.1f} times the CPU time "
                         f"and {last['peak_mib'] / first['peak_mib']:.2f} times the memory")
    for count in sorted({r["reports"] for r in rows}):
        mine = {r["processes"]: r for r in rows if r["reports"] == count}
        if {1, 2} <= mine.keys():
            busy = " (others were using the machine: no measure of parallel efficiency)" if any(r["load_average"] > os.cpu_count() + 0.5 for r in mine.values()) else ""
            lines.append(f"- {count:,} reports: 2 processes are {mine[2]['reports_per_s'] / mine[1]['reports_per_s']:.2f} times as fast as 1 by the clock{busy}")
    return "\n".join(lines)


def machine() -> str:
    """What it was measured on."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())
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
    table = ["| " + " | ".join(COLUMNS) + " |", "|" + "---:|" * len(COLUMNS), *("| " + " | ".join(f"{r[c]:,}" for c in COLUMNS) + " |" for r in rows)]
    (out / "scale.md").write_text(
        f"# `build` by number of reports\n\n{growth(rows)}\n\n" + "\n".join(table) + f"\n\nMeasured {machine()}, by `python -m benchmarks.scale --counts {counts}`, "
        f"one run each, on synthetic HTML reports of {page_bytes / 1024:.0f} KiB on average, cells with prose figures and findings, start-up included. "
        "`load_average` says how busy the machine was at the end of the run: above `processes`, others were using it, and times by the clock are too long; "
        "CPU time and memory hardly change by that. `peak_mib` is the sum over all processes (PSS). `load_year_s`: `gd.load(…, years=2021).cells`.\n",
        encoding="utf-8")
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
        panels[0].plot(counts, [r["reports"] * r["cpu_ms_per_report"] / 1000 for r in mine], marker=mark, color=colour, label=name)
        panels[1].plot(counts, [r["peak_mib"] for r in mine], marker=mark, color=colour, label=name)
    first = min(rows, key=lambda r: (r["reports"], r["processes"]))
    ends = [first["reports"], max(r["reports"] for r in rows)]
    panels[0].plot(ends, [n * first["cpu_ms_per_report"] / 1000 for n in ends], color="#6b6b6b", linestyle=":", label="linear growth")
    panels[0].set(xscale="log", yscale="log", ylabel="CPU time, seconds", title=f"Building {ends[0]:,} to {ends[1]:,} reports")
    panels[1].set(xlabel="reports", ylabel="peak memory, MiB", ylim=(0, None), xticks=sorted({r["reports"] for r in rows}))
    panels[1].minorticks_off()
    panels[1].xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    for panel in panels:
        panel.legend(frameon=False)
    figure.savefig(path, dpi=130, metadata={"Software": None})


def main() -> None:
    """Write the reports, build them in every way, write the results."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--counts", type=int, nargs="+", default=[1_000, 10_000])
    options.add_argument("--jobs", type=int, nargs="+", default=[1, 2])
    options.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    given = options.parse_args()
    rows, sizes = [], []
    with tempfile.TemporaryDirectory() as folder:
        for count in sorted(given.counts):
            source = Path(folder, f"reports-{count}")
            sizes += [path.stat().st_size for path in synthetic.write(count, str(source))]
            for jobs in given.jobs:
                rows.append(measure(source, Path(folder, f"out-{count}-{jobs}"), count, jobs))
                print(rows[-1], flush=True)
                write(rows, sum(sizes) / len(sizes), given.out)


if __name__ == "__main__":
    main()
