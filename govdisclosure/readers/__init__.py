"""Readers: bytes → Document, one module a format. They know formats and nothing of disclosure."""

from __future__ import annotations

from .reading import read, read_bytes, source_of

__all__ = ["read", "read_bytes", "source_of"]
