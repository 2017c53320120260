"""Hypothesis draws the same examples at each run, so that CI is steady: a red test is a change of ours, never of luck.

New examples are drawn where they belong, outside CI: `HYPOTHESIS_PROFILE=search make test`, `benchmarks/exactness.py`,
`benchmarks/fuzz.py`. What they find becomes a case.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
