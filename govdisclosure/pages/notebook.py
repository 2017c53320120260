"""One notebook: find it, put parameters in, run it, and bring its first cell in line with the answer it computed."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path

ANSWER_MARK = re.compile(r"(\*\*(?:Answer|回答)[.。:：]\*\*).*", re.S)
MARKUP = re.compile(r"[&<>\[\]`*_\\|$]|:(?=//)")
NAMES = re.compile(r"^(\d\d)-.*\.ipynb$")


def find_notebooks(folder: str | Path, only=None) -> list[Path]:
    """Numbered notebooks of a folder in order; `only`: their numbers or names. Raises DatasetError where there is none."""
    from ..errors import DatasetError

    wanted = [only] if isinstance(only, (str, int)) else only
    paths = [p for p in sorted(Path(folder).glob("*.ipynb")) if NAMES.match(p.name)]
    chosen = [
        p
        for p in paths
        if wanted is None or any(p.stem == str(w) or p.stem.startswith(f"{w}-") for w in wanted)
    ]
    if not chosen:
        raise DatasetError(str(folder), f"notebooks{'' if wanted is None else ' ' + ', '.join(map(str, wanted))}",
                           seen=", ".join(p.stem for p in paths) or "none", advice="Give the folder of notebooks, or other numbers.")  # fmt: skip
    return chosen


def load(path: str | Path):
    """The notebook as nbformat's node."""
    import nbformat

    return nbformat.read(path, as_version=4)


def with_parameters(notebook, parameters: dict):
    """A copy without outputs, with a cell after the one tagged `parameters` that sets these names."""
    import nbformat

    book = copy.deepcopy(notebook)
    lines = "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
    cell = nbformat.v4.new_code_cell(lines, metadata={"tags": ["injected-parameters"]})
    at = next(
        (i for i, c in enumerate(book.cells) if "parameters" in c.metadata.get("tags", [])), -1
    )
    book.cells = [c for c in book.cells if "injected-parameters" not in c.metadata.get("tags", [])]
    book.cells.insert(at + 1, cell)
    for c in book.cells:
        if c.cell_type == "code":
            c.outputs, c.execution_count = [], None
    return book


def execute(book, folder: str | Path, timeout: int = 600) -> str:
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
        client.execute()
    except CellExecutionError as error:
        return f"{error.ename}: {error.evalue}".splitlines()[0]
    except Exception as error:  # a dead kernel, a time-out: the next notebook still runs
        return f"{type(error).__name__}: {error}".splitlines()[0]
    return ""


def answer_of(book) -> str:
    """What the cell tagged `answer` printed; '' where it did not run."""
    for cell in book.cells:
        if cell.cell_type == "code" and "answer" in cell.metadata.get("tags", []):
            return "".join(
                o.get("text", "")
                for o in cell.outputs
                if o.output_type == "stream" and o.name == "stdout"
            ).strip()
    return ""


def question_of(book, language: str = "en") -> str:
    """The question the notebook opens with."""
    first = book.cells[0]
    text = first.metadata.get("zh", first.source) if language == "zh" else first.source
    return text.lstrip("# ").split("\n", 1)[0].strip()


def as_text(text: str) -> str:
    """Text that Markdown shows as it is: an agency's name makes no tag, link or picture."""
    return MARKUP.sub(lambda m: f"&#{ord(m[0])};", " ".join(text.split()))


def set_answer(book, answer: str) -> None:
    """Make the first cell say `answer`, so that no page repeats the answer of another corpus."""
    first, answer = book.cells[0], as_text(answer)
    first.source = ANSWER_MARK.sub(lambda m: f"{m.group(1)} {answer}", first.source, count=1)
    if "zh" in first.metadata:
        first.metadata["zh"] = ANSWER_MARK.sub(
            lambda m: f"{m.group(1)} {answer}", first.metadata["zh"], count=1
        )


def in_language(book, language: str) -> None:
    """Markdown cells in the language of the page, where they have it (metadata `zh`)."""
    for cell in book.cells:
        if language == "zh" and cell.cell_type == "markdown" and cell.metadata.get("zh"):
            cell.source = cell.metadata["zh"]


def keep(path: str | Path) -> str:
    """Run a notebook where it lies, with its own parameters, and keep the outputs in it. Returns '' or the error.

    The first cell's answer is brought in line; times and machine details are left out, so that a rerun changes nothing.
    """
    path = Path(path)
    book = load(path)
    error = execute(book, path.parent)
    for cell in book.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)
    if not error:
        set_answer(book, answer_of(book))
    book.metadata.pop("widgets", None)
    book.metadata["language_info"] = {"name": "python"}
    path.write_text(
        json.dumps(book, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    return error
