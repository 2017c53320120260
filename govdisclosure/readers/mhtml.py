"""MHTML (.mht, or Word's single-file page) → Document: its first HTML part."""

from __future__ import annotations

from email import message_from_bytes, policy

from ..errors import UnreadableFileError
from ..model import Document, Source
from . import limits
from .charset import decode
from .html import html_document


def read_mhtml(data: bytes, source: Source) -> Document:
    """As `read_html`, of the HTML part. Raises UnreadableFileError, LimitError."""
    limits.check(source.path, "bytes of MHTML", len(data), limits.TEXT_BYTES)
    try:
        parts = [
            part
            for part in message_from_bytes(data, policy=policy.compat32).walk()
            if part.get_content_type() == "text/html"
        ]
        payload = parts[0].get_payload(decode=True) if parts else None
        declared = str(parts[0].get_content_charset("") or "") if parts else ""
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError) as error:
        raise UnreadableFileError(
            source.path, "a web archive", seen=f"{type(error).__name__}: {error}"
        ) from error
    if not payload:
        raise UnreadableFileError(
            source.path, "a web archive with an HTML part", seen="no HTML part"
        )
    return html_document(decode(payload, source.path, declared)[0], source)
