"""Hypothesis draws the same examples at each run, so that CI is steady: a red test is a change of ours, never of luck.

New examples are drawn where they belong, outside CI: `HYPOTHESIS_PROFILE=search make test`, `benchmarks/exactness.py`,
`benchmarks/fuzz.py`. What they find becomes a case.
"""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import settings

ROOT = Path(__file__).parent.parent
paths = (str(ROOT), os.environ.get("PYTHONPATH", ""))
os.environ["PYTHONPATH"] = os.pathsep.join(
    filter(None, paths)
)  # processes that tests start find it

settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

# Files that take longest, longest first: begun in this order, both processes of `make test` are busy to the end.
LONGEST = (
    "notebooks/test_jupyterlab.py",
    "test_ends.py",
    "notebooks/test_planted.py",
    "narrative/test_labels.py",
    "build/test_strikes.py",
    "notebooks/test_three_hundred.py",
    "notebooks/test_pages_in_browser.py",
    "notebooks/test_notebooks.py",
    "security/test_hostile.py",
    "robust/test_growth.py",
    "readers/test_pdf_seen.py",
    "test_roundtrip.py",
    "build/test_build.py",
    "narrative/test_extract.py",
)


def pytest_collection_modifyitems(items):
    places = {ROOT / "tests" / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))
