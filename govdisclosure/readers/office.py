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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lxml import etree

from ..errors import DisclosureError, UnreadableFileError, said
from . import limits

_PACKAGE = "an Office package"
SECONDS = 60  # LibreOffice takes one to four seconds for a report
# The converter's own settings (a file beside this one): macros never run, links are never followed
# or updated.
_SETTINGS = Path(__file__).with_name("libreoffice.xcu")
_NOWHERE = "http://127.0.0.1:9"  # nothing listens at the discard port: whatever asks a proxy gets no answer
_OFFLINE = dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy", "all_proxy"), _NOWHERE)


@contextmanager
def refusing(report: str, expected: str, part: str = "") -> Iterator[None]:
    """What a library raises over a damaged file, of which each has many ways, as one error of ours."""
    try:
        yield
    except (DisclosureError, ImportError):
        raise
    except Exception as error:
        advice = (
            "Download it again, or open it in Office or WPS and save it anew without a password."
        )
        seen = f"{part}{said(error, 120)}"
        raise UnreadableFileError(report, expected, seen=seen, advice=advice) from error


class Package:
    """The parts of an Office package. Raises UnreadableFileError and LimitError only."""

    def __init__(self, data: bytes, report: str) -> None:
        self.report = report
        limits.check(report, "files in a package", data.count(b"PK\x01\x02"), limits.ZIP_MEMBERS)
        with refusing(report, _PACKAGE, "a broken ZIP: "):
            self.zip = zipfile.ZipFile(io.BytesIO(data))
        infos = self.zip.infolist()
        self.names = {info.filename.replace("\\", "/").lstrip("/"): info for info in infos}

    def xml(self, name: str) -> etree._Element | None:
        """Root element of a part, tags and attributes without namespaces, or None where the package
        lacks it.

        Never more than `limits.XML_BYTES` are unpacked; DTDs are refused.
        """
        if name not in self.names:
            return None
        parser = etree.XMLParser(resolve_entities=False, remove_comments=True, remove_pis=True)
        short = name[:80]
        with refusing(self.report, _PACKAGE, f"{short}: "):
            with self.zip.open(self.names[name]) as file:
                data = file.read(limits.XML_BYTES + 1)
            limits.check(self.report, f"bytes in {short}", len(data), limits.XML_BYTES)
            limits.check(self.report, f"tags in {short}", data.count(b"<"), limits.XML_TAGS)
            root = etree.fromstring(data, parser)
            if root.getroottree().docinfo.internalDTD is not None:
                raise ValueError("a DOCTYPE, which Office never writes")
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

        convert(source, result)
    except Exception as error:  # it is not installed, or refuses a damaged file in one of many ways
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
    folder = source.parent
    profile = folder / "profile"
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
    with subprocess.Popen(
        command, cwd=folder, env={**os.environ, **_OFFLINE, "HOME": str(folder), "TMPDIR": str(folder)},
        start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
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
    "xml": ("a Word document in one XML file", (_by_office,), "Install"),
}
