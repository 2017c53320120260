"""One notebook: find it, put parameters and language in, run it in a quiet kernel, read its question and answer."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from ..errors import DatasetError

NAMES = re.compile(r"\d\d-.*\.ipynb")
# What a kernel would say to a terminal: a hint about its debugger.
QUIET = {"PYDEVD_DISABLE_FILE_VALIDATION": "1", "PYTHONWARNINGS": "ignore"}


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


def chinese(cell) -> str:
    """The cell's text in Chinese: of prose, or of what its code does; '' where it has none."""
    return cell.metadata.get("govdisclosure", {}).get("zh", "")


def tags(cell) -> list[str]:
    """The cell's tags."""
    return cell.metadata.get("tags", [])


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
