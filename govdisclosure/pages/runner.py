"""All notebooks on one corpus: it is read once, two kernels run side by side, and each page is written when it is done."""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path

from ..errors import DatasetError
from ..selection import open_corpus
from ..shipped import brought
from . import notebook
from .webpage import Page, write_index, write_page

KERNELS = 2


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
    paths = notebook.find_notebooks(notebooks or brought("notebooks"), only)
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
        books = [notebook.prepared(path, parameters, language) for path in paths]
        errors = asyncio.run(_run_all(books, paths, progress))
    own = None if reports is None else str(Path(reports).resolve())
    pages = []
    for path, book, failed in zip(paths, books, errors):
        notebook.save(book, target / path.name, data, own)
        short, question = notebook.names_of(book, path.stem, language)
        pages.append(Page(path.stem, short, question, notebook.answer_of(book), failed, book))
    for page in pages:
        write_page(page, pages, target, language)
    write_index(pages, target, language)
    return pages


async def _run_all(books: list, paths: list[Path], progress: bool) -> list[str]:
    """Errors ('' where there is none) of the notebooks, in their order."""
    from tqdm import tqdm

    free = asyncio.Semaphore(KERNELS)
    with tqdm(total=len(books), unit=" pages", disable=None if progress else True) as bar:

        async def run(book, path: Path) -> str:
            async with free:
                error = await notebook.execute(book, path.resolve().parent)
            bar.update()
            return error

        return await asyncio.gather(*map(run, books, paths))
