"""Who reports, on which year, at which level and where; `identify` decides, the other modules know
names, titles and years.
"""

from __future__ import annotations

from .bodies import LEVELS
from .deciding import Identity, identify

__all__ = ["LEVELS", "Identity", "identify"]
