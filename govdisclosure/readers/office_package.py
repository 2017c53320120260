"""Office packages (ZIP): parts read with a bound, whatever the directory claims."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib

from lxml import etree

from ..errors import LimitError, UnreadableFileError
from . import limits

_DOCTYPE = tuple(
    "<!DOCTYPE".encode(codec)
    for codec in ("ascii", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
)
_CHUNK = 1 << 20


class Package:
    """The parts of an Office package. Raises UnreadableFileError and LimitError only."""

    def __init__(self, data: bytes, report: str) -> None:
        self.report = report
        limits.check(report, "files in a package", data.count(b"PK\x01\x02"), limits.ZIP_MEMBERS)
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(data))
        except (
            zipfile.BadZipFile,
            ValueError,
            OSError,
            NotImplementedError,
            EOFError,
            KeyError,
            OverflowError,
            UnicodeError,
        ) as error:
            raise self._damaged(f"a broken ZIP ({error})") from error
        self.names = {
            info.filename.replace("\\", "/").lstrip("/"): info for info in self.zip.infolist()
        }

    def _damaged(self, seen: str) -> UnreadableFileError:
        return UnreadableFileError(
            self.report,
            "an Office package",
            seen=seen,
            advice="Download it again, or open it in Word or WPS and save it anew.",
        )

    def part(self, name: str) -> bytes | None:
        """Bytes of a part, or None. Never more than `limits.XML_BYTES` are unpacked."""
        info = self.names.get(name)
        if info is None:
            return None
        if info.flag_bits & 1:
            raise UnreadableFileError(
                self.report,
                "an Office package",
                seen="an encrypted ZIP",
                advice="Open it with its password and save it without one.",
            )
        limits.check(self.report, f"bytes in {name[:80]}", info.file_size, limits.XML_BYTES)
        try:
            return self._unpack(info, name)
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            ValueError,
            NotImplementedError,
            EOFError,
            RuntimeError,
        ) as error:
            raise self._damaged(f"{name[:80]}: {error}") from error
        except Exception as error:  # lzma and bz2 have errors of their own
            if isinstance(error, LimitError):
                raise
            raise self._damaged(f"{name[:80]}: {type(error).__name__}") from error

    def _unpack(self, info: zipfile.ZipInfo, name: str) -> bytes:
        chunks, size = [], 0
        with self.zip.open(info) as file:
            while chunk := file.read(_CHUNK):
                size += len(chunk)
                limits.check(self.report, f"bytes in {name[:80]}", size, limits.XML_BYTES)
                chunks.append(chunk)
        return b"".join(chunks)

    def xml(self, name: str) -> etree._Element | None:
        """Root element of a part, or None where the package lacks it. Entities and DTDs are refused."""
        data = self.part(name)
        if data is None:
            return None
        if any(mark in data for mark in _DOCTYPE):
            raise self._tampered(name)
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self._damaged(f"{name[:80]}: {str(error)[:120]}") from error
        if (
            root.getroottree().docinfo.internalDTD is not None
        ):  # in an encoding that hides the word, UTF-7 for one
            raise self._tampered(name)
        return root

    def _tampered(self, name: str) -> UnreadableFileError:
        return UnreadableFileError(
            self.report,
            "an Office package",
            seen=f"a DOCTYPE in {name[:80]}",
            advice="Office never writes one; the file was tampered with.",
        )

    def optional(self, name: str) -> etree._Element | None:
        """As `xml`, but a damaged part that the report can do without is no error."""
        try:
            return self.xml(name)
        except UnreadableFileError:
            return None

    def main_part(self) -> str:
        """Name of the main document part, by its relationship. Raises UnreadableFileError where there is none."""
        relations = self.optional("_rels/.rels")
        for relation in relations if relations is not None else ():
            if relation.get("Type", "").endswith("/officeDocument"):
                name = posixpath.normpath(relation.get("Target", "").lstrip("/"))
                if name in self.names and name.startswith("word"):
                    return name
        if "word/document.xml" in self.names:
            return "word/document.xml"
        raise UnreadableFileError(
            self.report,
            "a DOCX document",
            seen="a ZIP archive without word/document.xml",
            advice="Unpack it and read the files inside.",
        )
