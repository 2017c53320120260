"""Coverage-guided fuzzing of readers and decoder together, by hand: nothing but a Record or a DisclosureError may come out.

    pip install -e '.[fuzz]'                                   atheris (libFuzzer for Python), Apache-2.0
    nice -n 19 python -m benchmarks.fuzz html --seconds 600    formats: see FORMATS; the corpus grows in build/fuzz/<format>

Inputs begin as the small reports of `benchmarks.growth` and go the whole way: reader, decoder, prose, checks. Beside
exceptions it finds what takes more than 10 s or 3 GB. A find lies in build/fuzz as crash-… or timeout-…; cut it down by
hand and keep it in tests/readers/found, which a test reads again.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from govdisclosure.errors import DisclosureError

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "build" / "fuzz"
FORMATS = ("html", "txt", "md", "docx", "mhtml", "xlsx", "odt", "rtf", "pdf")
LONGEST, SECONDS, MIB = 8_000, 10, 3_000  # bytes of an input; limits of one


class Defect(Exception):
    """What should never come out of a reader."""


def judge(data: bytes, name: str) -> None:
    """Read an input. Raises Defect where anything but a Record or a DisclosureError comes of it."""
    from govdisclosure.pipeline import read_record

    try:
        read_record(name, data=data)
    except DisclosureError as error:
        if "Please report" in str(error):  # a defect behind a polite refusal
            raise Defect(repr(error.__cause__)) from error
    except Exception as error:
        raise Defect(repr(error)) from error


def seeds(form: str) -> list[bytes]:
    """Small reports of a format, and what was found in it before."""
    from benchmarks import growth

    if form == "pdf":
        made = [growth.pdf(growth.BASE_PDF), growth.pdf(growth.BASE_PDF + growth.lattice(9))]
    else:
        write = {"txt": growth.text, "md": growth.markdown}.get(form) or getattr(growth, form)
        made = [write(growth.Report())]
        for name, unit in growth.UNITS.items():
            made += (
                [write(growth.Report(place, unit * 3)) for place in growth.PLACES] if name else []
            )
    return made + [path.read_bytes() for path in (ROOT / "tests/readers/found").glob(f"*.{form}")]


def main() -> None:
    """Fuzz one format until the time is up or something is found."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("form", choices=FORMATS)
    options.add_argument("--seconds", type=int, default=300)
    given = options.parse_args()
    import atheris

    with atheris.instrument_imports(include=["govdisclosure"]):
        import govdisclosure.pipeline  # noqa: F401
    place = CORPUS / given.form
    place.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds(given.form)):
        judge(data, f"seed.{given.form}")  # what is imported late is not counted as new
        (place / f"seed{number:03d}").write_bytes(data)
    limits = [f"-max_total_time={given.seconds}", f"-max_len={LONGEST}", f"-timeout={SECONDS}"]
    limits += [f"-rss_limit_mb={MIB}", f"-artifact_prefix={CORPUS}/", str(place)]
    atheris.Setup([sys.argv[0], *limits], lambda data: judge(data, f"fuzz.{given.form}"))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
