"""Coverage-guided fuzzing with atheris (libFuzzer for Python): inputs that reach new branches are kept and changed again.

    pip install -e '.[fuzz]'                                       atheris, Apache-2.0; CI does without it
    nice -n 19 python -m benchmarks.fuzz_coverage html --seconds 300
    nice -n 19 python -m benchmarks.fuzz_coverage --all --seconds 1500

Targets: html, txt, md, docx (the XML of the document part), mhtml, pdf, blocks (the parser alone, steered by bytes). The corpus grows in
build/fuzz-corpus/<target> and is used again by the next run. Each input goes the whole way and `fuzz_oracle` says what is wrong;
a find is minimised into tests/readers/found. Counts go to results/fuzz.csv with engine `coverage` (up to 499 inputs of a run's end are not counted).
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from random import Random

from benchmarks import fuzz_results

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "build" / "fuzz-corpus"
TARGETS = ("html", "txt", "md", "docx", "blocks", "mhtml", "pdf")
LONGEST = 6_000  # bytes of an input; a seed has one to four thousand
NEW_SHARE = 0.5  # of the mutations are ours, which know the grammar; the others are libFuzzer's


def xml_of(data: bytes) -> bytes:
    """The document part of a package."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read("word/document.xml")


def packed(xml: bytes) -> bytes:
    """A package of a document part."""
    from benchmarks.fuzz_seeds import STYLES

    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as package:
        for name, content in (("word/document.xml", xml), ("word/styles.xml", STYLES)):
            package.writestr(zipfile.ZipInfo(name), content)
    return sink.getvalue()


def as_file(target: str, data: bytes) -> bytes:
    """What is read for an input of libFuzzer."""
    if target == "docx":
        return packed(data)
    if target == "blocks":  # the bytes choose what is changed
        from benchmarks import fuzz_blocks

        return fuzz_blocks.dumped(fuzz_blocks.made(_Steered(data)))
    return data


class _Steered(Random):
    """A Random whose first choices are read from bytes, so that libFuzzer steers them."""

    def __new__(cls, data: bytes):
        return super().__new__(cls)

    def __init__(self, data: bytes) -> None:
        super().__init__(len(data))
        self.data, self.at = data, 0

    def random(self) -> float:
        return self._take() / 256

    def getrandbits(self, k: int) -> int:
        value = 0
        for _ in range((k + 7) // 8):
            value = value << 8 | self._take()
        return value & ((1 << k) - 1)

    def _take(self) -> int:
        self.at += 1
        return self.data[self.at - 1] if self.at <= len(self.data) else int(super().random() * 256)


def _mutator(target: str):
    """Half of the mutations from `fuzz_mutate`, half from libFuzzer."""
    import atheris

    from benchmarks import fuzz_mutate, fuzz_seeds

    others = (
        [xml_of(d) for d in fuzz_seeds.small("docx")]
        if target == "docx"
        else fuzz_seeds.small(target)
    )

    def mutate(data: bytes, longest: int, number: int) -> bytes:
        pen = Random(number)
        if target == "blocks" or pen.random() >= NEW_SHARE or not data:
            return atheris.Mutate(data, longest)
        if target == "docx":
            text = fuzz_mutate.grammatical(
                "docx", data.decode("utf-8", "replace"), pen.choice(others).decode(), pen
            )
            return fuzz_mutate.well_formed(text).encode("utf-8", "replace")[:longest]
        return fuzz_mutate.changed(target, data, pen.choice(others), pen)[:longest]

    return mutate


def worker(target: str, seconds: int, report: Path) -> None:
    """Fuzz one target in this process; libFuzzer ends it. Counts and finds are written to `report` as they come."""
    import atheris

    with atheris.instrument_imports(include=["govdisclosure"]):
        import govdisclosure.pipeline
        import govdisclosure.readers.docx
        import govdisclosure.readers.html
        import govdisclosure.readers.markdown
        import govdisclosure.readers.mhtml
        import govdisclosure.readers.pdf
        import govdisclosure.readers.text  # noqa: F401
    from benchmarks import fuzz_seeds
    from benchmarks.fuzz_oracle import judge

    place = CORPUS / target
    place.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(fuzz_seeds.small(target)):
        data = (
            xml_of(seed)
            if target == "docx"
            else Random(number).randbytes(64)
            if target == "blocks"
            else seed
        )
        (place / f"seed{number:03d}").write_bytes(data[:LONGEST])
    counts = {
        "inputs": 0,
        "records": 0,
        "refused": 0,
        "finds": 0,
        "cpu_s": 0.0,
        "slowest_ms": 0,
        "said": {},
        "rss": [],
    }

    def one(data: bytes) -> None:
        made = as_file(target, data)
        verdict = judge(target, made, deep=counts["inputs"] % 100 == 0)
        counts["inputs"] += 1
        counts["cpu_s"] += verdict.seconds
        counts["slowest_ms"] = max(counts["slowest_ms"], round(verdict.seconds * 1000))
        counts[{"record": "records", "refused": "refused", "wrong": "finds"}[verdict.kind]] += 1
        if verdict.kind == "wrong" and verdict.what not in counts["said"]:
            path = report.with_name(f"find-{target}-{counts['inputs']}.{target}")
            path.write_bytes(made)
            counts["said"][verdict.what] = str(path)
        if counts["inputs"] % 500 == 0 or verdict.kind == "wrong":
            counts["rss"].append(_resident())
            report.write_text(json.dumps(counts), encoding="utf-8")

    corpus_only = (
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST}",
        "-rss_limit_mb=3000",
        "-timeout=60",
        "-print_final_stats=1",
        str(place),
    )
    atheris.Setup([sys.argv[0], *corpus_only], one, custom_mutator=_mutator(target))
    atheris.Fuzz()


def _resident() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20


def run(target: str, seconds: int) -> dict:
    """Fuzz one target in a process of its own; its counts."""
    report = CORPUS / f"{target}.json"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text("{}", encoding="utf-8")
    before, began = _size(target), time.time()
    with open(
        report.with_suffix(".log"), "wb"
    ) as log:  # what libFuzzer says: new features, rate, corpus
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "benchmarks.fuzz_coverage",
                "--worker",
                target,
                "--seconds",
                str(seconds),
            ],
            cwd=ROOT,
            check=False,
            stderr=log,
        )
    counts = json.loads(report.read_text(encoding="utf-8"))
    if not counts:
        raise SystemExit(
            f"{target}: the worker said nothing (exit {done.returncode}); is atheris installed?"
        )
    print(
        f"{target}: {counts['inputs']:,} inputs, {counts['records']:,} records, {counts['finds']} finds, corpus {before} → {_size(target)}, "
        f"slowest {counts['slowest_ms']} ms, {counts['rss'][0] if counts['rss'] else '?'} → {counts['rss'][-1] if counts['rss'] else '?'} MiB, "
        f"exit {done.returncode}",
        flush=True,
    )
    return counts | {"wall": time.time() - began, "exit": done.returncode}


def _size(target: str) -> int:
    place = CORPUS / target
    return len(list(place.iterdir())) if place.is_dir() else 0


def main() -> int:
    """Run the targets in turn, keep what was found, write down the counts."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("targets", nargs="*", choices=[*TARGETS, []])
    options.add_argument("--all", action="store_true")
    options.add_argument("--seconds", type=int, default=300, help="for all targets together")
    options.add_argument("--worker", choices=TARGETS, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.worker:
        worker(given.worker, given.seconds, CORPUS / f"{given.worker}.json")
        return 0
    targets = TARGETS if given.all or not given.targets else tuple(given.targets)
    from benchmarks import fuzz_minimise

    commit, found = fuzz_results.commit(), 0
    for target in targets:
        counts = run(target, max(1, given.seconds // len(targets)))
        for what, path in counts["said"].items():
            print(
                f"kept {fuzz_minimise.keep(target, Path(path).read_bytes(), what)}: {what}",
                flush=True,
            )
        found += counts["finds"] + bool(counts["exit"])
        rss = counts["rss"] or [0]
        fuzz_results.add(
            [
                {
                    "when": fuzz_results.now(),
                    "commit": commit,
                    "engine": "coverage",
                    "kind": target,
                    "first": "",
                    "inputs": counts["inputs"],
                    "records": counts["records"],
                    "refused": counts["refused"],
                    "finds": counts["finds"],
                    "cpu_s": round(counts["cpu_s"], 1),
                    "wall_s": round(counts["wall"]),
                    "rss_early_mib": rss[min(10, len(rss) - 1)],
                    "rss_late_mib": rss[-1],
                    "slowest_ms": counts["slowest_ms"],
                    "slowest": "",
                }
            ]
        )
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
