"""Tables of figures as sources: a CSV, Parquet or Excel table with a row per figure, read as Records.

A table needs ``agency, year``, the place of a figure (``table, row, column``; or ``indicator``; or ``measure``) and
``value`` or ``text``. What else it may say is in figure_codes.toml. A report has the cells that the table gives and
no others: a row that is not there was not seen, it is neither absent nor zero.
"""

from __future__ import annotations

from .sheets import is_figures
from .table_records import figure_records

__all__ = ["figure_records", "is_figures"]
