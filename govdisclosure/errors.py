"""Everything that can go wrong with a report, under one root.

Each message says which report, what was expected, the nearest thing seen and what to do,
so that a row of ``corpus.failures`` is enough to act on.
"""

from __future__ import annotations

import re
from functools import partial


class DisclosureError(Exception):
    """Root of all errors of this package.

    Parameters are kept as attributes: ``report`` (path or id), ``expected``, ``seen`` and
    ``advice``.

    >>> str(UnreadableFileError("a.html", "an HTML page", seen="0 bytes", advice="Download it again."))
    'a.html: expected an HTML page; seen: 0 bytes. Download it again.'
    """

    def __init__(self, report: str, expected: str, *, seen: str = "", advice: str = "") -> None:
        self.report, self.expected, self.seen, self.advice = report, expected, seen, advice
        message = f"{report}: expected {expected}"
        if seen:
            message += f"; seen: {seen}"
        super().__init__(f"{message}. {advice}".rstrip() if advice else message)

    def __reduce__(self):
        """Errors cross process borders whole."""
        made = partial(type(self), seen=self.seen, advice=self.advice)
        return made, (self.report, self.expected)

    @property
    def kind(self) -> str:
        """Short name for the column ``kind`` of ``corpus.failures``: 'unreadable_file',
        'not_a_report', …
        """
        return re.sub("(?<=.)(?=[A-Z])", "_", type(self).__name__.removesuffix("Error")).lower()


class UnreadableFileError(DisclosureError):
    """The bytes can't be read as the format they claim: empty, damaged, encrypted, a format we
    don't read.
    """


class LimitError(DisclosureError):
    """Reading would take more memory, time or cells than a real report ever needs."""


class NotAReportError(DisclosureError):
    """The file was read, and it holds no annual report of a form we know."""


class SeveralReportsError(DisclosureError):
    """The file holds more than one annual report; split it."""


class LayoutError(DisclosureError):
    """The text lost what is needed to tell its cells apart (digits glued together, repeated lines
    removed).
    """


class DatasetError(DisclosureError):
    """A manifest or a saved data set can't be read or written as asked."""


class ManifestError(DisclosureError):
    """Rows of a manifest that say nothing of any file."""


class TableRowError(DisclosureError):
    """A row of a table of figures that belongs to no report: ragged, without agency or year, of two
    reports.
    """


class DuplicateError(DisclosureError):
    """The report is in the corpus already: in another format, or another copy. ``seen`` says which
    one stands for it.
    """


def said(error: BaseException, most: int = 200) -> str:
    """What an error of another library says, on one line of a message.

    >>> said(ValueError("no such method"))
    'ValueError: no such method'
    """
    return f"{type(error).__name__}: {str(error)[:most]}"
