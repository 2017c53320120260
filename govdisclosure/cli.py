"""The command line: govdisclosure build | check | show | codebook | notebooks."""

from __future__ import annotations

import argparse
import io
import os
import sys

from . import __version__
from .errors import DisclosureError

OK, FOUND, FAILED = 0, 1, 2
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
    for stream in (
        sys.stdout,
        sys.stderr,
    ):  # what a charset lacks is shown as \\u…, never a traceback
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        options = parser().parse_args(arguments)
        code = options.run(options)
        sys.stdout.flush()
        return code
    except DisclosureError as error:
        _warn(str(error))
        return FAILED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except OSError as error:  # a full disk behind a pipe
        _warn(f"output could not be written: {error.strerror or error}")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        print("govdisclosure: interrupted", file=sys.stderr)
        return 130


def parser() -> argparse.ArgumentParser:
    """The argument parser, one sub-command a verb."""
    top = argparse.ArgumentParser(
        "govdisclosure",
        description="Chinese open-government-information annual reports as tidy frames.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"govdisclosure {__version__}")
    verbs = top.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_build(verbs)
    _add_check(verbs)
    _add_show(verbs)
    _add_codebook(verbs)
    _add_notebooks(verbs)
    return top


def _verb(verbs, name: str, run, help: str, example: str) -> argparse.ArgumentParser:
    verb = verbs.add_parser(
        name,
        help=help,
        description=help[0].upper() + help[1:] + ".",
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verb.set_defaults(run=run)
    return verb


def _sources(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "sources",
        nargs="+",
        metavar="SRC",
        help="report files, folders, globs; build: also archives (zip, tar, WARC) and a CSV with a column path",
    )
    verb.add_argument(
        "--manifest",
        metavar="CSV",
        help="adds or overrides agency, year, url, … (default: manifest.csv in or beside the folder)",
    )


def _add_build(verbs) -> None:
    verb = _verb(
        verbs,
        "build",
        _build,
        "read reports and write tidy tables",
        "govdisclosure build data/reports --out build/tidy --jobs 2",
    )
    _sources(verb)
    verb.add_argument(
        "--out",
        required=True,
        metavar="DIR",
        help="folder of the Parquet data set; run again, only what changed is read",
    )
    verb.add_argument(
        "--jobs",
        type=int,
        metavar="N",
        help="worker processes (default: one for a few files, else one a core)",
    )
    verb.add_argument(
        "--dask", metavar="ADDRESS", help="scheduler of a Dask cluster (tcp://…) to do the work"
    )
    verb.add_argument(
        "--timeout", type=float, metavar="S", help="seconds after which a file is given up"
    )
    verb.add_argument(
        "--retry", action="store_true", help="read again the files that failed in an earlier run"
    )
    verb.add_argument("--csv", action="store_true", help="write CSV tables into DIR/csv too")
    verb.add_argument("--excel", metavar="FILE", help="write one workbook too")


def _add_check(verbs) -> None:
    verb = _verb(
        verbs,
        "check",
        _check,
        "list what does not add up or is doubtful",
        "govdisclosure check data/reports --format csv > findings.csv",
    )
    _sources(verb)
    verb.add_argument("--format", choices=("table", "csv", "json"), default="table")
    verb.add_argument("--all", action="store_true", help="show findings of severity info too")


def _add_show(verbs) -> None:
    verb = _verb(
        verbs,
        "show",
        _show,
        "show the tables of one report as printed, doubtful cells marked",
        "govdisclosure show data/reports/hongze-2024.pdf",
    )
    verb.add_argument("file", metavar="FILE")


def _add_codebook(verbs) -> None:
    verb = _verb(
        verbs,
        "codebook",
        _codebook,
        "print every code with its meaning in Chinese and English",
        "govdisclosure codebook --format csv > codebook.csv",
    )
    verb.add_argument("--format", choices=("table", "csv", "json"), default="table")


def _add_notebooks(verbs) -> None:
    verb = _verb(
        verbs,
        "notebooks",
        _notebooks,
        "run the analyses on a folder of reports and write HTML pages",
        "govdisclosure notebooks --reports my-reports --out pages",
    )
    verb.add_argument(
        "--reports",
        metavar="DIR",
        help="folder of reports, or a data set that `build` wrote (default: the data that come with the package)",
    )
    verb.add_argument("--out", required=True, metavar="DIR")
    verb.add_argument(
        "--notebooks",
        metavar="DIR",
        help="folder of other notebooks (default: those that come with the package)",
    )
    verb.add_argument(
        "--only",
        action="append",
        metavar="NN",
        help="only this notebook (10, 20, …); may be repeated",
    )
    verb.add_argument(
        "--series",
        action="store_true",
        help="put the counts of accounts that come with the package beside your own reports",
    )
    verb.add_argument("--language", choices=("en", "zh"), default="en")
    verb.add_argument("--years", type=int, nargs="*", metavar="YEAR")
    verb.add_argument("--agencies", nargs="*", metavar="NAME")


def _build(options) -> int:
    from .build import build
    from .dataset import load

    limits = {"timeout": options.timeout} if options.timeout else {}
    result = build(
        options.sources,
        options.out,
        jobs=options.jobs,
        manifest=options.manifest,
        executor=options.dask,
        csv=options.csv,
        retry=options.retry,
        **limits,
    )
    if options.excel:
        load(options.out).to_excel(options.excel)
    _say(
        f"{result.folder}: {result.sources - result.failed} reports ({result.read} read now, {result.kept} unchanged), "
        f"{result.failed} files that could not be read, {result.seconds:.1f} s"
    )
    if result.failed:
        _warn(f"see the failures in {result.folder}")
    return OK if not result.failed else (FOUND if result.sources > result.failed else FAILED)


def _check(options) -> int:
    from .corpus import read_corpus

    corpus = read_corpus(options.sources, manifest=options.manifest)
    findings = corpus.findings
    shown = findings if options.all else findings[findings["severity"] != "info"]
    columns = [
        "report_id",
        "severity",
        "kind",
        "rule",
        "expected",
        "actual",
        "gap",
        "cells",
        "message",
        "suggestion",
    ]
    brief = ["report_id", "severity", "rule", "message", "suggestion"]
    _print(shown[brief if options.format == "table" else columns], options.format)
    for message in corpus.failures["message"]:
        _warn(message)
    if not len(corpus):
        return FAILED
    wrong = (findings["severity"] == "error") & findings["kind"].isin(["printed", "reading"])
    return FOUND if wrong.any() or len(corpus.failures) else OK


def _show(options) -> int:
    from .pipeline import read_record
    from .show import report_text

    print(report_text(read_record(options.file)))
    return OK


def _codebook(options) -> int:
    from .export import codebook

    _print(codebook(), options.format)
    return OK


def _notebooks(options) -> int:
    from .pages import run_notebooks

    results = run_notebooks(
        options.reports,
        options.out,
        only=options.only,
        language=options.language,
        years=options.years,
        agencies=options.agencies,
        notebooks=options.notebooks,
        series=options.series,
    )
    failed = [r for r in results if r.error]
    for result in failed:
        _warn(f"{result.name}: {result.error}")
    _say(
        f"{len(results) - len(failed)} of {len(results)} notebooks: {os.path.join(options.out, 'index.html')}"
    )
    return OK if not failed else (FOUND if len(failed) < len(results) else FAILED)


def _say(text: str) -> None:
    """A line on standard output without control characters: file names and documents can hold any."""
    from .show import clean

    print(clean(text))


def _warn(text: str) -> None:
    """The same on standard error, with our name before it."""
    from .show import clean

    print(f"govdisclosure: {clean(text)}", file=sys.stderr)


def _print(frame, style: str) -> None:
    """A frame on standard output. Control characters of a document never reach the terminal."""
    from .export import neutral
    from .show import clean

    def tame(value):
        return clean(value) if isinstance(value, str) else value

    if style == "csv":  # may be opened in a spreadsheet: no formula either
        frame = frame.astype(object).map(tame)
        for name in frame.columns:
            text = frame[name].map(lambda value: isinstance(value, str))
            frame.loc[text, name] = neutral(list(frame.loc[text, name]))
        frame.to_csv(sys.stdout, index=False)
    elif style == "json":
        print(frame.astype(object).map(tame).to_json(orient="records", force_ascii=False, indent=1))
    elif frame.empty:
        print("nothing to report")
    else:
        for row in frame.astype("string").fillna("").itertuples(index=False):
            print("  ".join(clean(v) for v in row if v))


if __name__ == "__main__":
    sys.exit(main())
