"""Where Arrow takes its memory from while a data set is loaded."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa

_lock = threading.Lock()
_inside, _before = 0, None


@contextmanager
def small_pages() -> Iterator[None]:
    """While it lasts Arrow takes memory from the system's allocator where it would take it from mimalloc; then as before.

    mimalloc asks Linux for pages of 2 MiB. Loading touches hundreds of MiB for the first time and keeps half of them: finding and
    clearing the large pages took more CPU time than reading, and more memory. Nothing changes where the user has chosen a
    pool (`pyarrow.set_memory_pool`, ARROW_DEFAULT_MEMORY_POOL), nor elsewhere than on Linux. What other threads allocate
    meanwhile is as good: every buffer knows the pool it came from.
    """
    _enter()
    try:
        yield
    finally:
        _leave()


def _enter() -> None:
    global _inside, _before
    with _lock:
        if (
            not _inside
            and sys.platform == "linux"
            and "ARROW_DEFAULT_MEMORY_POOL" not in os.environ
        ):
            pool = pa.default_memory_pool()
            if pool.backend_name == "mimalloc":
                _before = pool
                pa.set_memory_pool(pa.system_memory_pool())
        _inside += 1


def _leave() -> None:
    global _inside, _before
    with _lock:
        _inside -= 1
        if not _inside and _before is not None:
            if (
                pa.default_memory_pool().backend_name == "system"
            ):  # else someone has chosen another meanwhile
                pa.set_memory_pool(_before)
            _before = None
