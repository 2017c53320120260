"""Old word-processor files (.doc, .wps, .rtf, .odt) → DOCX, by a library or by LibreOffice where it is installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from ..errors import UnreadableFileError

SECONDS = 60  # LibreOffice takes one to four seconds for a report
# kind → (ending that the converter expects, what it is called, a library that reads it, its package)
KINDS = {
    "doc": (".doc", "a Word 97-2003 or WPS document", "msdoc2docx"),
    "rtf": (".rtf", "an RTF document", ""),
    "odt": (".odt", "an OpenDocument text", ""),
}
# The converter's own settings: macros never run, links are never followed or updated.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""
_NOWHERE = "http://127.0.0.1:9"  # nothing listens at the discard port: whatever asks a proxy gets no answer
_OFFLINE = dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy", "all_proxy"), _NOWHERE)


def to_docx(data: bytes, kind: str, report: str) -> bytes:
    """The document as DOCX.

    Raises UnreadableFileError, naming the library and LibreOffice, where neither is there or neither can read it.
    """
    ending, called, library = KINDS[kind]
    failed = []
    with tempfile.TemporaryDirectory(prefix="govdisclosure-") as folder:
        source, result = Path(folder, "report" + ending), Path(folder, "out", "report.docx")
        source.write_bytes(data)
        result.parent.mkdir()
        for convert in (_by_library, _by_office) if library else (_by_office,):
            problem = convert(source, result)
            if not problem and result.is_file():
                return result.read_bytes()
            failed.append(problem or "no output")
    install = (
        f"pip install 'govdisclosure[office]' ({library}), or install" if library else "Install"
    )
    raise UnreadableFileError(
        report,
        f"a converter for {called}",
        seen="; ".join(failed),
        advice=f"{install} LibreOffice, or save the file as .docx.",
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
        return f"msdoc2docx: {type(error).__name__}: {str(error)[:120]}"
    return ""


def _by_office(source: Path, result: Path) -> str:
    """Convert with LibreOffice in a profile of its own, without network, within `SECONDS`; what went wrong, or ""."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        return "LibreOffice is not installed"
    profile = source.parent / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
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
    process = subprocess.Popen(
        command, cwd=folder, env=environment, start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        code = process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        return f"LibreOffice: not done after {SECONDS} s"
    finally:
        if process.poll() is None:  # also when interrupted
            _kill(process)
    return f"LibreOffice: exit code {code}" if code else ""


def _kill(process: subprocess.Popen) -> None:
    """End the converter and what it started."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
