"""Whether the figures hold: rules as data, a generic engine, a diagnosis. Nothing is ever changed.

``check_record`` looks at one report without pandas; ``check_corpus`` compares reports across years
and levels.
"""

from __future__ import annotations

from ..model import Finding, Record
from .cross import check_corpus
from .prose import prose_findings
from .rules import cell_findings, form_findings
from .sums import sum_findings
from .values import Values

__all__ = ["check_corpus", "check_record"]


def check_record(record: Record) -> tuple[Finding, ...]:
    """Findings on one report beyond those that reading it gave (``record.findings``, which are not
    repeated).

    Each `Finding` says ``expected`` (件, 项, 万元 or 元 as the cells), ``actual``, ``gap`` = actual −
    expected, the ``cells`` that take part (suspects first) and, where one cell alone would make
    every broken sum true, a ``suggestion``, which is never applied. ``kind`` 'printed': read
    surely, the document does not add up; 'reading': a cell that takes part is unreadable or
    recognised without confidence. Sums with blanks are judged as far as the printed totals settle
    them, else a finding of severity 'info' says why not.

    Raises nothing. Sources: 国办公开办函〔2019〕60号, 〔2021〕30号 (identities of tables 三 and 四), 条例 Art. 50.

    >>> from govdisclosure.model import Cell, Known, Source
    >>> no = Known(None)
    >>> figures = {"upheld": 10, "corrected": 1, "other": 0, "pending": 0, "total": 0}
    >>> cells = tuple(Cell("disputes", "reconsideration", c, float(v), "件", "reported", str(v), "") for c, v in figures.items())
    >>> record = Record("x", Source("x"), no, no, no, no, no, no, no, "2021", cells, (), ())
    >>> [(f.expected, f.actual, f.suggestion) for f in check_record(record) if f.severity == "error"]
    [(11.0, 0.0, 'disputes.reconsideration.total = 11 (printed 0) would make every broken sum true.')]
    """
    found = Values(record)
    families = (sum_findings, cell_findings, form_findings, prose_findings)
    return tuple(finding for family in families for finding in family(found))
