"""Notebooks run on one corpus: it is read once, two kernels run side by side, and each page is written when all are done."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import tempfile
from pathlib import Path

from ..errors import DatasetError
from ..selection import open_corpus
from ..shipped import brought
from .webpage import Page, chinese, tags, write_index, write_page

KERNELS = 2
NAMES = re.compile(r"\d\d-.*\.ipynb")
# What a kernel would say to a terminal: a hint about its debugger.
QUIET = {"PYDEVD_DISABLE_FILE_VALIDATION": "1", "PYTHONWARNINGS": "ignore"}


def run_notebooks(
    reports: str | os.PathLike | None,
    out: str | os.PathLike,
    *,
    only=None,
    language: str = "en",
    years=None,
    agencies=None,
    progress: bool = True,
    notebooks: str | os.PathLike | None = None,
    series: bool = False,
) -> list[Page]:
    """Run the notebooks on a folder of reports (or a data set) and write .ipynb, .html, .csv and index.html into `out`.

    `reports`: None stands for the data that come with the package. `only`: numbers or names of notebooks.
    `notebooks`: their folder; by default those that come with the package, never those of the current folder.
    `series`: draw the shipped series of accounts beside one's own reports. A notebook that fails is a Page with
    `error`; the others still run. Raises DatasetError where `reports` or the notebooks don't exist, or `out` can't be
    written; ValueError for another language than 'en' or 'zh'.
    """
    if language not in ("en", "zh"):
        raise ValueError(f"language is 'en' or 'zh', not {language!r}")
    paths = find_notebooks(notebooks or brought("notebooks"), only)
    target = Path(out)
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatasetError(str(out), "a folder to write into", seen=str(error)) from error
    parameters = {"YEARS": years or None, "AGENCIES": agencies or None, "LANGUAGE": language}
    with tempfile.TemporaryDirectory(prefix="govdisclosure-") as data:
        if reports is not None:
            open_corpus(reports, progress=None if progress else False).save(data)
            parameters |= {"REPORTS": data, "SERIES": series}
        books = [prepared(path, parameters, language) for path in paths]
        with asyncio.Runner(loop_factory=_Loop) as runner:
            errors = runner.run(_run_all(books, paths, progress))
    own = None if reports is None else str(Path(reports).resolve())
    pages = []
    for path, book, failed in zip(paths, books, errors):
        save(book, target / path.name, data, own)
        short, question = names_of(book, path.stem, language)
        pages.append(Page(path.stem, short, question, answer_of(book), failed, book))
    for page in pages:
        write_page(page, pages, target, language)
    write_index(pages, target, language)
    return pages


class _Loop(asyncio.SelectorEventLoop):
    """Ctrl-C is asyncio's, which ends all: nbclient's own would stop one kernel, and the next notebook would run."""

    def add_signal_handler(self, *_arguments) -> None:  # type: ignore[override]
        raise RuntimeError("this loop takes no handlers")


async def _run_all(books: list, paths: list[Path], progress: bool) -> list[str]:
    """Errors ('' where there is none) of the notebooks, in their order."""
    from tqdm import tqdm

    free = asyncio.Semaphore(KERNELS)
    with tqdm(total=len(books), unit=" pages", disable=None if progress else True) as bar:

        async def run(book, path: Path) -> str:
            async with free:
                error = await execute(book, path.resolve().parent)
            bar.update()
            return error

        return await asyncio.gather(*map(run, books, paths))


def find_notebooks(folder: str | os.PathLike, only=None) -> list[Path]:
    """Numbered notebooks of a folder in order; `only`: their numbers or names. Raises DatasetError where there is none."""
    wanted = [str(name) for name in only or ()]
    paths = sorted(p for p in Path(folder).glob("*.ipynb") if NAMES.fullmatch(p.name))
    chosen = [p for p in paths if not wanted or p.stem in wanted or p.stem[:2] in wanted]
    if not chosen:
        raise DatasetError(
            os.fspath(folder),
            f"notebooks {', '.join(wanted)}".strip(),
            seen=", ".join(p.stem for p in paths) or "none",
            advice="Give the folder of notebooks, or other numbers.",
        )
    return chosen


def prepared(path: Path, parameters: dict, language: str):
    """The notebook without outputs, its prose in `language`, with a cell after the one tagged `parameters` that sets these."""
    import nbformat

    book = nbformat.read(path, as_version=4)
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        elif language == "zh":
            cell.source = chinese(cell) or cell.source
    tagged = [i for i, cell in enumerate(book.cells) if "parameters" in tags(cell)]
    lines = "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
    cell = nbformat.v4.new_code_cell(lines, metadata={"tags": ["injected-parameters"]})
    book.cells.insert(tagged[0] + 1 if tagged else 0, cell)
    return book


async def execute(book, folder: Path, timeout: int = 600) -> str:
    """Run the cells in `folder`; returns '' or the error in one line. What ran before it keeps its outputs."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    client = NotebookClient(
        book,
        timeout=timeout,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        store_widget_state=False,
    )
    try:
        await client.async_execute(env=os.environ | QUIET, stderr=subprocess.DEVNULL)
    except CellExecutionError as error:
        return f"{error.ename}: {error.evalue}".splitlines()[0]
    except Exception as error:  # a dead kernel, a time-out: the next notebook still runs
        return f"{type(error).__name__}: {error}".splitlines()[0]
    return ""


def answer_of(book) -> str:
    """What the cell tagged `answer` printed; '' where it did not run."""
    outputs = [o for cell in book.cells if "answer" in tags(cell) for o in cell.get("outputs", [])]
    return "".join(output.get("text", "") for output in outputs).strip()


def names_of(book, stem: str, language: str) -> tuple[str, str]:
    """(short name, question): the first cell's `short` [en, zh] in its metadata, and the title it opens with."""
    first = book.cells[0]
    plain = [stem[3:].replace("-", " ")] * 2
    short = first.metadata.get("govdisclosure", {}).get("short", plain)[language == "zh"]
    return short, first.source.lstrip("# ").split("\n", 1)[0].strip()


def save(book, path: Path, read: str, own: str | None) -> None:
    """Write the notebook; the folder that its kernel read from, `read`, is given the name of the reports' `own`."""
    import nbformat

    for cell in book.cells:
        if "injected-parameters" in tags(cell):
            cell.source = cell.source.replace(repr(read), repr(own))
    nbformat.write(book, path)
