"""The command line: govdisclosure build | check | show | codebook | notebooks."""

from __future__ import annotations

import argparse
import io
import os
import sys
import tomllib
from pathlib import Path

from . import __version__
from .errors import DisclosureError
from .show import clean, report_text
from .text import counted

OK, FOUND, FAILED = 0, 1, 2
COMMANDS = tomllib.loads(Path(__file__).with_name("commands.toml").read_text("utf-8"))
EXAMPLES = """examples:
  govdisclosure build data/reports --out build/tidy        tidy Parquet tables of a folder of reports
  govdisclosure build 2024/*.html more/ --out out --csv    files, folders and globs; CSV beside the Parquet
  govdisclosure check data/reports                         what does not add up, and which cell is at fault
  govdisclosure show data/reports/dayao-2021.txt           the three tables of one report
  govdisclosure codebook --format csv > codebook.csv       every code, in Chinese and English
  govdisclosure notebooks --reports my-reports --out pages the analyses, for your own folder

exit status: 0 all well; 1 findings (check) or files that could not be read (build, notebooks); 2 nothing could be done
"""


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit status (0, 1 or 2)."""
    for stream in (sys.stdout, sys.stderr):
        # What a charset lacks is shown as \\u…, never a traceback.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        options = vars(parser().parse_args(arguments))
        code = options.pop("run")(**options)
        sys.stdout.flush()
        return code or OK
    except DisclosureError as error:
        _warn(str(error))
        return FAILED
    except OSError as error:  # nobody reads any more, or a full disk behind a pipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return OK
        _warn(f"output could not be written: {error.strerror or error}")
        return FAILED
    except KeyboardInterrupt:
        _warn("interrupted")
        return 130


def parser() -> argparse.ArgumentParser:
    """The argument parser: a sub-command for each table of ``commands.toml``."""
    top = argparse.ArgumentParser(
        "govdisclosure",
        description="Chinese open-government-information annual reports as tidy frames.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"govdisclosure {__version__}")
    verbs = top.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        verb = verbs.add_parser(
            name,
            **command["about"],
            formatter_class=argparse.RawDescriptionHelpFormatter,
            argument_default=argparse.SUPPRESS,
        )
        verb.set_defaults(run=RUN[name])
        for kind in (int, float):
            verb.register("type", kind.__name__, kind)
        for argument, options in command["arguments"].items():
            verb.add_argument(argument, **options)
    return top


def _build(sources, out, excel="", **options) -> int:
    from .build import build
    from .dataset import load

    result = build(sources, out, **options)
    if excel:
        load(out).to_excel(excel)
    counts = counted(
        f"{result.sources - result.failed} reports ({result.read} read now, {result.kept} unchanged), "
        f"{result.failed} files that could not be read"
    )
    print(clean(f"{result.folder}: {counts}, {result.seconds:.1f} s"))
    if result.failed:
        _warn(f"see the failures in {result.folder}")
    return OK if not result.failed else (FOUND if result.sources > result.failed else FAILED)


def _check(sources, format, manifest=None, all=False) -> int:
    from .corpus import read_corpus

    corpus = read_corpus(sources, manifest=manifest)
    findings = corpus.findings
    shown = findings if all else findings[findings["severity"] != "info"]
    whole = "report_id severity kind rule expected actual gap cells message suggestion"
    brief = "report_id severity rule message suggestion"
    _print(shown[(brief if format == "table" else whole).split()], format)
    for message in corpus.failures["message"]:
        _warn(message)
    if not len(corpus):
        return FAILED
    wrong = (findings["severity"] == "error") & findings["kind"].isin(["printed", "reading"])
    return FOUND if wrong.any() or len(corpus.failures) else OK


def _show(file) -> None:
    from .corpus import read_report

    print(report_text(read_report(file).record))


def _codebook(format) -> None:
    from .export import codebook

    _print(codebook(), format)


def _notebooks(out, reports=None, **options) -> int:
    from .pages import run_notebooks

    pages = run_notebooks(reports, out, **options)
    failed = [page for page in pages if page.error]
    for page in failed:
        _warn(f"{page.name}: {page.error}")
    done = len(pages) - len(failed)
    print(clean(f"{done} of {len(pages)} notebooks: {os.path.join(out, 'index.html')}"))
    return OK if not failed else (FOUND if done else FAILED)


RUN = {
    "build": _build, "check": _check, "show": _show, "codebook": _codebook, "notebooks": _notebooks,
}  # fmt: skip


def _warn(text: str) -> None:
    """A line on standard error without control characters, which file names and documents can
    hold.
    """
    print(f"govdisclosure: {clean(text)}", file=sys.stderr)


def _print(frame, style: str) -> None:
    """A frame on standard output. Control characters of a document never reach the terminal."""
    frame = frame.astype(object).map(
        lambda value: clean(value) if isinstance(value, str) else value
    )
    if style == "csv":  # may be opened in a spreadsheet: no formula either
        import pyarrow as pa

        from .export import neutral

        table = neutral(pa.Table.from_pandas(frame, preserve_index=False))
        table.to_pandas().to_csv(sys.stdout, index=False)
    elif style == "json":
        print(frame.to_json(orient="records", force_ascii=False, indent=1))
    elif frame.empty:
        print("nothing to report")
    else:
        for row in frame.astype("string").fillna("").itertuples(index=False):
            print("  ".join(filter(None, row)))
