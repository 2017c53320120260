"""Mutated reports through reader, parser, prose and checks: nothing but DisclosureError may come out, in time and in memory.

    python -m benchmarks.fuzz --seconds 300 --kinds html docx pdf txt md
    python -m benchmarks.fuzz --show html 1234 broken.html        write input 1234 of the HTML reader to a file

Input n of a kind is the same each time: a report of data/reports, changed by `Random(n)` in one to eight places (bytes,
pieces moved, dropped, repeated, tokens of the format put in; in a DOCX inside its XML, sealed again). They run in a
process of its own, so that one that kills or hangs it is known too. What is found goes to tests/readers/found, which
a test reads again. Exit code 1 where anything was found.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import multiprocessing
import sys
import time
import traceback
import zipfile
from functools import lru_cache
from pathlib import Path
from random import Random

from govdisclosure.errors import DisclosureError
from govdisclosure.pipeline import read_record
from govdisclosure.scale.guard import Overtime, limit_memory, time_limit

ROOT = Path(__file__).resolve().parent.parent
FOUND = ROOT / "tests" / "readers" / "found"
SLOW, HUNG, MEMORY = 20.0, 60.0, 2 << 30
TOKENS = {
    "html": (b"<table>", b"</table>", b"<tr>", b"<td colspan=1000000000>", b'<td rowspan="-1">', b"</td>", b"<p>", b"<!--", b"<![CDATA[", b"&#0;",
             b"&#xD800;", b"<meta charset=utf-16>", b"<script>", b"<svg>", b"<th rowspan=65535 colspan=65535>", b"<div>" * 400),
    "docx": (b"<w:tbl>", b"</w:tbl>", b'<w:gridSpan w:val="2147483647"/>', b"<w:vMerge/>", b"<w:tc>", b"</w:tc>", b"</w:tr>", b"&x;", b"<w:p/>"),
    "pdf": (b"endobj", b"stream", b"endstream", b"/Kids [1 0 R]", b"99999999999", b"-1", b"/Length 0", b"<<", b">>", b"[", b"BT", b"ET", b"1e38 0 0 1e38 0 0 cm"),
    "txt": ("一、总体情况".encode(), "（一）".encode(), b"|", b"\t", b"\r", b"\0", "合计".encode(), "９９９９".encode(), "负".encode(), "万".encode() * 40),
    "md": (b"|---|", b"||", b"|", b"# ", b"```", b"<table>", b"\\|", b"\n\n", b"| - | / |", "表".encode()),
}  # fmt: skip
ANY = (b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"9" * 400, b"1e999", b"\xed\xa0\x80", "年".encode("gb18030"), "\u202e".encode(), "０".encode(), b"")


@lru_cache(maxsize=None)
def seeds(kind: str) -> tuple[bytes, ...]:
    """Valid reports of a kind."""
    return tuple(p.read_bytes() for p in sorted((ROOT / "data" / "reports").glob(f"*.{kind}")))


def mutated(data: bytes, pen: Random, tokens: tuple[bytes, ...]) -> bytes:
    """`data` changed in one to eight places."""
    for _ in range(pen.randint(1, 8)):
        a, b = sorted(pen.randrange(len(data) + 1) for _ in range(2))
        b = min(b, a + pen.choice((1, 4, 30, 300, 3000)))
        middle = data[a:b]
        place = pen.randrange(len(data) + 1)
        how = pen.randrange(7)
        if how == 0:
            middle = bytes(pen.randrange(256) for _ in middle[:40]) + middle[40:]
        elif how == 1:
            middle = b""
        elif how == 2:
            middle = middle * pen.choice((2, 3, 20))
        elif how == 3:
            data = data[:place] + middle + data[place:]
            continue
        elif how == 4:
            data = data[: max(1, place)]
            continue
        else:
            data = data[:place] + pen.choice(tokens if how == 5 else ANY) + data[place:]
            continue
        data = data[:a] + middle + data[b:]
    return data


def sealed(data: bytes, pen: Random) -> bytes:
    """A DOCX with one of its members changed."""
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        target = "word/document.xml" if pen.random() < 0.8 else pen.choice(names)
        for name in names:
            member = old.read(name)
            info = zipfile.ZipInfo(name)  # a date of its own, never the clock's: equal numbers give equal bytes at any time
            new.writestr(info, mutated(member, pen, TOKENS["docx"]) if name == target else member, zipfile.ZIP_DEFLATED)
    return sink.getvalue()


def made(kind: str, number: int) -> bytes:
    """Input `number` of a kind."""
    pen = Random(f"{kind}{number}")
    seed = pen.choice(seeds(kind))
    return sealed(seed, pen) if kind == "docx" and pen.random() < 0.7 else mutated(seed, pen, TOKENS[kind])


def trouble(kind: str, data: bytes) -> str:
    """What is wrong with how `data` is taken; '' where it gives a Record or a DisclosureError in time."""
    try:
        with time_limit(SLOW):
            read_record(f"fuzz.{kind}", data=data)
    except DisclosureError:
        return ""
    except Overtime:
        return f"over {SLOW:g} s"
    except BaseException as error:  # whatever it is, it is a finding
        return "".join(traceback.format_exception(error)[-3:])
    return ""


def _run(kinds: list[str], at, until: float, pipe) -> None:
    limit_memory(MEMORY)
    while time.time() < until:
        number, kind = at.value, kinds[at.value % len(kinds)]
        wrong = trouble(kind, made(kind, number))
        if wrong:
            pipe.send((number, wrong))
        at.value += 1


def fuzz(kinds: list[str], first: int, seconds: float) -> tuple[int, list[tuple[str, int, str]]]:
    """(number of inputs, findings as (kind, number, what)) of some seconds from input `first` on."""
    context = multiprocessing.get_context("fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn")
    at, until, found = context.Value("q", first), time.time() + seconds, []
    while time.time() < until:
        mine, theirs = context.Pipe(False)
        process = context.Process(target=_run, args=(kinds, at, until, theirs))
        process.start()
        theirs.close()
        last, since = at.value, time.time()
        while process.is_alive():
            process.join(1)
            while mine.poll():
                try:
                    number, wrong = mine.recv()
                except EOFError:
                    break
                found.append((kinds[number % len(kinds)], number, wrong))
            if at.value != last:
                last, since = at.value, time.time()
            elif time.time() - since > HUNG:
                process.kill()
        if process.exitcode:
            found.append((kinds[at.value % len(kinds)], at.value, f"the process ended with {process.exitcode}"))
            at.value += 1
    return at.value - first, found


def main() -> int:
    """Fuzz, say what was found, keep each new kind of finding."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--seconds", type=float, default=300)
    options.add_argument("--first", type=int, default=0)
    options.add_argument("--kinds", nargs="+", choices=sorted(TOKENS), default=sorted(TOKENS))
    options.add_argument("--show", nargs=3, metavar=("KIND", "NUMBER", "FILE"))
    given = options.parse_args()
    if given.show:
        Path(given.show[2]).write_bytes(made(given.show[0], int(given.show[1])))
        return 0
    count, found = fuzz(given.kinds, given.first, given.seconds)
    for wrong in dict.fromkeys((kind, what) for kind, _, what in found):
        number = next(n for k, n, what in found if (k, what) == wrong)
        data = made(wrong[0], number)
        FOUND.mkdir(exist_ok=True)
        (FOUND / f"{hashlib.sha256(data).hexdigest()[:12]}.{wrong[0]}").write_bytes(data)
        print(f"{wrong[0]} {number}: {wrong[1]}")
    print(f"{count:,} inputs ({', '.join(given.kinds)}; {given.first} … {given.first + count - 1}), {len(found)} findings")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
