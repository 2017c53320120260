"""Office packages (ZIP), their parts read with a bound; old word-processor files (.doc, .wps, .rtf,
.odt) → DOCX, by a library or by LibreOffice where it is installed.
"""

from __future__ import annotations

import io
import os
import posixpath
import shutil
import signal
import subprocess
import tempfile
import zipfile
from pathlib import Path

from lxml import etree

from ..errors import UnreadableFileError, said
from . import limits

SECONDS = 60  # LibreOffice takes one to four seconds for a report
# The converter's own settings (a file beside this one): macros never run, links are never followed
# or updated.
_SETTINGS = Path(__file__).with_name("libreoffice.xcu")
_NOWHERE = "http://127.0.0.1:9"  # nothing listens at the discard port: whatever asks a proxy gets no answer
_OFFLINE = dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy", "all_proxy"), _NOWHERE)


class Package:
    """The parts of an Office package. Raises UnreadableFileError and LimitError only."""

    def __init__(self, data: bytes, report: str) -> None:
        self.report = report
        limits.check(report, "files in a package", data.count(b"PK\x01\x02"), limits.ZIP_MEMBERS)
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(data))
        except Exception as error:  # a damaged directory has many ways to fail
            raise self._refused(f"a broken ZIP ({error})") from error
        infos = self.zip.infolist()
        self.names = {info.filename.replace("\\", "/").lstrip("/"): info for info in infos}

    def _refused(self, seen: str, advice: str = "") -> UnreadableFileError:
        advice = advice or "Download it again, or open it in Word or WPS and save it anew."
        return UnreadableFileError(self.report, "an Office package", seen=seen, advice=advice)

    def part(self, name: str) -> bytes | None:
        """Bytes of a part, or None. Never more than `limits.XML_BYTES` are unpacked."""
        info = self.names.get(name)
        if info is None:
            return None
        if info.flag_bits & 1:
            advice = "Open it with its password and save it without one."
            raise self._refused("an encrypted ZIP", advice)
        limits.check(self.report, f"bytes in {name[:80]}", info.file_size, limits.XML_BYTES)
        try:
            with self.zip.open(info) as file:
                data = file.read(limits.XML_BYTES + 1)
        except Exception as error:  # zlib, lzma and bz2 have errors of their own
            raise self._refused(f"{name[:80]}: {error or type(error).__name__}") from error
        limits.check(self.report, f"bytes in {name[:80]}", len(data), limits.XML_BYTES)
        return data

    def xml(self, name: str) -> etree._Element | None:
        """Root element of a part, tags and attributes without namespaces, or None where the package
        lacks it.

        Entities and DTDs are refused.
        """
        data = self.part(name)
        if data is None:
            return None
        limits.check(self.report, f"tags in {name[:80]}", data.count(b"<"), limits.XML_TAGS)
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
            raise self._refused(f"{name[:80]}: {str(error)[:120]}") from error
        if root.getroottree().docinfo.internalDTD is not None:
            advice = "Office never writes one; the file was tampered with."
            raise self._refused(f"a DOCTYPE in {name[:80]}", advice)
        for element in root.iter():
            element.tag = element.tag.rpartition("}")[2]
            for key, value in element.items():
                if key[0] == "{":
                    element.set(key.rpartition("}")[2], value)
        return root

    def optional(self, name: str) -> etree._Element:
        """As `xml`, but an empty element for a missing or damaged part, which the report can do
        without.
        """
        try:
            root = self.xml(name)
        except UnreadableFileError:
            root = None
        return etree.Element("none") if root is None else root

    def related(self, name: str, kind: str) -> str:
        """Name of the part that a part (the package itself: "") has for this kind of thing, or "".

        Source: ECMA-376 part 2, §9.3.
        """
        folder, base = posixpath.split(name)
        for relation in self.optional(posixpath.join(folder, "_rels", f"{base}.rels")):
            if relation.get("Type", "").endswith(f"/{kind}"):
                target = posixpath.join("/", folder, relation.get("Target", ""))
                return posixpath.normpath(target).lstrip("/")
        return ""

    def main_part(self) -> str:
        """Name of the main document part. Raises UnreadableFileError where there is none."""
        for name in (self.related("", "officeDocument"), "word/document.xml"):
            if name in self.names and name.startswith("word"):
                return name
        raise UnreadableFileError(
            self.report,
            "a DOCX document",
            seen="a ZIP archive without word/document.xml",
            advice="Unpack it and read the files inside.",
        )


def to_docx(data: bytes, kind: str, report: str) -> bytes:
    """The document as DOCX.

    Raises UnreadableFileError, naming the library and LibreOffice, where neither is there or
    neither can read it.
    """
    called, converters, install = KINDS[kind]
    failed = []
    with tempfile.TemporaryDirectory(prefix="govdisclosure-") as folder:
        source, result = Path(folder, f"report.{kind}"), Path(folder, "out", "report.docx")
        source.write_bytes(data)
        result.parent.mkdir()
        for convert in converters:
            problem = convert(source, result)
            if not problem and result.is_file():
                return result.read_bytes()
            failed.append(problem or "no output")
    advice = f"{install} LibreOffice, or save the file as .docx."
    raise UnreadableFileError(
        report, f"a converter for {called}", seen="; ".join(failed), advice=advice
    )


def _by_library(source: Path, result: Path) -> str:
    """Convert with msdoc2docx (MIT); what went wrong, or ""."""
    try:
        from doc2docx import convert
    except ImportError:
        return "msdoc2docx is not installed"
    try:
        convert(source, result)
    except Exception as error:  # a library's many ways to refuse a damaged file
        result.unlink(missing_ok=True)
        return f"msdoc2docx: {said(error, 120)}"
    return ""


def _by_office(source: Path, result: Path) -> str:
    """Convert with LibreOffice in a profile of its own, without network, within `SECONDS`; what
    went wrong, or "".
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        return "LibreOffice is not installed"
    profile = source.parent / "profile"
    (profile / "user").mkdir(parents=True)
    shutil.copy(_SETTINGS, profile / "user" / "registrymodifications.xcu")
    command = [
        program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck",
        "--convert-to", "docx", "--outdir", str(result.parent), str(source),
    ]  # fmt: skip
    if isolated := shutil.which("unshare"):
        alone = [isolated, "--net", "--map-root-user"]
        if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode == 0:
            command = [*alone, *command]
    return _run(command, source.parent)


def _run(command: list[str], folder: Path) -> str:
    environment = {**os.environ, **_OFFLINE, "HOME": str(folder), "TMPDIR": str(folder)}
    with subprocess.Popen(
        command, cwd=folder, env=environment, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            code = process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            return f"LibreOffice: not done after {SECONDS} s"
        finally:
            if process.poll() is None:  # also when interrupted: with what it started
                if hasattr(os, "killpg"):
                    os.killpg(process.pid, signal.SIGKILL)
                process.kill()
    return f"LibreOffice: exit code {code}" if code else ""


# kind → (what it is called, its converters, what the error says is missing)
KINDS = {
    "doc": (
        "a Word 97-2003 or WPS document",
        (_by_library, _by_office),
        "pip install 'govdisclosure[office]' (msdoc2docx), or install",
    ),
    "rtf": ("an RTF document", (_by_office,), "Install"),
    "odt": ("an OpenDocument text", (_by_office,), "Install"),
}
