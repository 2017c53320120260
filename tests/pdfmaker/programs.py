"""Printing with other people's programs: a browser (Chromium) and LibreOffice."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from .font import FAMILY, PATH

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
SOFFICE = next(filter(None, map(shutil.which, ("soffice", "libreoffice"))), None)

_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>{folder}</dir><cachedir>{cache}</cachedir>
<alias><family>serif</family><prefer><family>{family}</family></prefer></alias>
<alias><family>sans-serif</family><prefer><family>{family}</family></prefer></alias></fontconfig>"""


def chromium_pdf(html: str, header: bool = False) -> bytes:
    """The PDF that a browser prints of a page."""
    with tempfile.TemporaryDirectory() as folder:
        page, out = Path(folder, "page.html"), Path(folder, "page.pdf")
        page.write_text(html, "utf-8")
        flags = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={out}",
        ]
        flags += [] if header else ["--no-pdf-header-footer"]
        _run([CHROMIUM, *flags, page.as_uri()], folder)
        return out.read_bytes()


def libreoffice_pdfs(files: dict[str, bytes]) -> dict[str, bytes]:
    """Name → PDF of documents given as name → bytes; one start of LibreOffice prints them all."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in files]
        for path, data in zip(paths, files.values()):
            path.write_bytes(data)
        _run(
            [
                SOFFICE,
                "--headless",
                f"-env:UserInstallation=file://{folder}/profile",
                "--convert-to",
                "pdf",
                "--outdir",
                folder,
                *map(str, paths),
            ],
            folder,
        )
        return {path.name: path.with_suffix(".pdf").read_bytes() for path in paths}


def _run(command: list[str], folder: str) -> None:
    """Run with only our font in sight, so that every machine prints the same."""
    config = Path(folder, "fonts.conf")
    config.write_text(
        _FONTS.format(folder=Path(PATH).parent, cache=f"{folder}/cache", family=FAMILY)
    )
    env = {**os.environ, "FONTCONFIG_FILE": str(config), "HOME": folder}
    subprocess.run(command, env=env, check=True, timeout=240, capture_output=True)
