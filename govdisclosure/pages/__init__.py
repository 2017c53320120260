"""The notebooks, run on any folder of reports, as executed notebooks and as HTML pages with an index.

`run_notebooks` is what ``govdisclosure notebooks`` calls. It needs the extra ``notebooks``.
"""

from __future__ import annotations

import json
import os
from html import escape
from pathlib import Path
from typing import NamedTuple

from .html import body_of, first_figure, page
from .notebook import (
    answer_of,
    execute,
    find_notebooks,
    in_language,
    keep,
    load,
    question_of,
    set_answer,
    with_parameters,
)

__all__ = ["Result", "find_notebooks", "keep", "run_notebooks"]
FAILED = ("This page could not be finished", "本页未能完成")
NO_ANSWER = ("The notebook did not get as far as its answer.", "笔记本未能算出回答。")


class Result(NamedTuple):
    """One notebook's run: its name, question, answer, first figure (data address, alt text) and error ('' if none)."""

    name: str
    question: str
    answer: str
    figure: tuple[str, str]
    error: str


def run_notebooks(
    reports: str | os.PathLike, out: str | os.PathLike, *, only=None, language: str = "en", years=None, agencies=None,
    progress: bool = True, notebooks: str | os.PathLike = "",
) -> list[Result]:  # fmt: skip
    """Run the notebooks on a folder of reports (or a data set) and write .ipynb, .html and index.html into `out`.

    `only`: numbers or names of notebooks. `notebooks`: their folder; by default ``notebooks`` here, beside the package or
    inside it. One that fails is a Result with `error`; the others still run. Raises DatasetError where `reports` or the
    notebooks don't exist, or `out` can't be written; ValueError for another language than 'en' or 'zh'.
    """
    from tqdm import tqdm

    from ..errors import DatasetError

    if language not in ("en", "zh"):
        raise ValueError(f"language is 'en' or 'zh', not {language!r}")
    if not Path(reports).exists():
        raise DatasetError(
            str(reports), "a folder of reports", seen="nothing there", advice="Check --reports."
        )
    paths = find_notebooks(notebooks or _folder(), only)
    target = Path(out)
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatasetError(
            str(out),
            "a folder to write into",
            seen=error.strerror or str(error),
            advice="Check --out.",
        ) from None
    parameters = {
        "REPORTS": str(Path(reports).resolve()),
        "YEARS": years or None,
        "AGENCIES": agencies or None,
        "LANGUAGE": language,
    }
    bar = tqdm(paths, unit=" notebooks", disable=not progress)
    results = []
    for path in bar:
        bar.set_postfix_str(path.stem)
        results.append(_run(path, target, parameters, language, [p.stem for p in paths]))
    (target / "index.html").write_text(_index(results, language), encoding="utf-8")
    return results


def _folder() -> Path:
    places = (
        Path("notebooks"),
        Path(__file__).parents[2] / "notebooks",
        Path(__file__).parents[1] / "notebooks",
    )
    return next((p for p in places if any(p.glob("[0-9][0-9]-*.ipynb"))), places[0])


def _run(path: Path, target: Path, parameters: dict, language: str, names: list[str]) -> Result:
    book = with_parameters(load(path), parameters)
    error = execute(book, path.resolve().parent)
    answer = answer_of(book) or NO_ANSWER[language == "zh"]
    set_answer(book, answer)
    in_language(book, language)
    (target / path.name).write_text(
        json.dumps(book, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    result = Result(path.stem, question_of(book, language), answer, first_figure(book), error)
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.outputs = [o for o in cell.outputs if o.output_type != "error"]
    body = _error_box(error, language) + body_of(book, language)
    (target / f"{path.stem}.html").write_text(
        page(result.question, body, language=language, nav=_nav(names, path.stem, language)),
        encoding="utf-8",
    )
    return result


def _error_box(error: str, language: str) -> str:
    return (
        f'<p class="error"><strong>{FAILED[language == "zh"]}</strong>: {escape(error)}</p>'
        if error
        else ""
    )


def _nav(names: list[str], here: str, language: str) -> str:
    home = f'<a href="index.html">{"目录" if language == "zh" else "All pages"}</a>'
    links = [
        f"<strong>{n[:2]}</strong>"
        if n == here
        else f'<a href="{escape(n)}.html">{escape(n[:2])}</a>'
        for n in names
    ]
    return f"<nav>{home} · {' '.join(links)}</nav>"


def _index(results: list[Result], language: str) -> str:
    title = (
        "政府信息公开年度报告：问题与回答"
        if language == "zh"
        else "Open-government-information reports: questions and answers"
    )
    cards = []
    for r in results:
        figure = (
            f'<a href="{escape(r.name)}.html"><img src="{r.figure[0]}" alt="{escape(r.figure[1])}"></a>'
            if r.figure[0]
            else ""
        )
        cards.append(
            f'<section class="card"><h2><a href="{escape(r.name)}.html">{escape(r.question)}</a></h2>{_error_box(r.error, language)}<p>{escape(r.answer)}</p>{figure}</section>'
        )
    return page(title, f"<h1>{escape(title)}</h1>" + "".join(cards), language=language)
