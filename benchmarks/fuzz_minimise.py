"""A find made small: pieces are taken away as long as the same defect comes out.

python -m benchmarks.fuzz_minimise broken.html
"""

from __future__ import annotations

import hashlib
import io
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import fuzz_pdf
from benchmarks.fuzz_oracle import judge

FOUND = Path(__file__).resolve().parent.parent / "tests" / "readers" / "found"
TIME = 60.0  # seconds a find may take


def keep(kind: str, data: bytes, what: str = "", *, seconds: float = TIME) -> str:
    """Minimise an input and write it to tests/readers/found; its file name."""
    small = (
        minimal(kind, data, what, seconds)
        if what and "process ended" not in what and "CPU" not in what
        else data
    )
    FOUND.mkdir(exist_ok=True)
    path = FOUND / f"{hashlib.sha256(small).hexdigest()[:12]}.{kind}"
    path.write_bytes(small)
    return path.name


def minimal(kind: str, data: bytes, what: str, seconds: float = TIME) -> bytes:
    """The smallest input met on the way of which the same thing is said."""
    until = time.time() + seconds

    def still(candidate: bytes) -> bool:
        return (
            time.time() < until
            and judge(kind, candidate, deep="twice" in what or "ArrowInvalid" in what).what == what
        )

    if not still(data):
        return data
    if kind == "docx":
        return _docx(data, still)
    if kind == "pdf":
        return _pdf(data, still)
    return shrunk(data, still)


def shrunk(data: bytes, still: Callable[[bytes], bool]) -> bytes:
    """Stretches dropped, long ones first (delta debugging)."""
    size = len(data) // 2
    while size:
        at = 0
        while at < len(data):
            shorter = data[:at] + data[at + size :]
            if shorter and still(shorter):
                data = shorter
            else:
                at += size
        size //= 2
    return data


def _docx(data: bytes, still: Callable[[bytes], bool]) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = {name: package.read(name) for name in package.namelist()}
    except Exception:  # a broken package: as bytes
        return shrunk(data, still)

    def packed(some: dict[str, bytes]) -> bytes:
        sink = io.BytesIO()
        with zipfile.ZipFile(sink, "w") as package:
            for name, content in some.items():
                package.writestr(zipfile.ZipInfo(name), content)
        return sink.getvalue()

    if not still(packed(parts)):
        return shrunk(data, still)
    for name in list(parts):
        less = {n: c for n, c in parts.items() if n != name}
        if still(packed(less)):
            parts = less
    for name in parts:
        parts[name] = shrunk(
            parts[name], lambda content, name=name: still(packed(parts | {name: content}))
        )
    return packed(parts)


def _pdf(data: bytes, still: Callable[[bytes], bool]) -> bytes:
    objects = fuzz_pdf.opened(data)
    if not objects or not still(fuzz_pdf.sealed(objects)):
        return shrunk(data, still)
    for i, thing in enumerate(objects):
        content = fuzz_pdf.content_of(thing)
        if content is not None:

            def whole(candidate: bytes, i=i) -> bytes:
                return fuzz_pdf.sealed(
                    [*objects[:i], fuzz_pdf.stream(candidate), *objects[i + 1 :]]
                )

            objects[i] = fuzz_pdf.stream(shrunk(content, lambda c, w=whole: still(w(c))))
    return fuzz_pdf.sealed(objects)


if __name__ == "__main__":
    place = Path(sys.argv[1])
    seen = judge(place.suffix[1:], place.read_bytes(), deep=True)
    print(seen, keep(place.suffix[1:], place.read_bytes(), seen.what))
