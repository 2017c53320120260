"""Pages in a real headless Chromium: no request to any host, no console error, every figure decoded, Chinese drawn."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
import subprocess

import pytest

from govdisclosure.pages import run_notebooks

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--hide-scrollbars"]  # fmt: skip
pytestmark = pytest.mark.skipif(
    CHROMIUM is None,
    reason="Chromium is not installed (Debian: apt-get install chromium): pages were NOT opened in a browser",
)


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    out = tmp_path_factory.mktemp("pages")
    (result,) = run_notebooks("data/reports", out, only=["40"], language="zh", progress=False)
    assert result.error == ""
    return out


def open_page(path, tmp_path, width=500, height=3000):
    shot, log = tmp_path / "shot.png", tmp_path / "net.json"
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", f"--window-size={width},{height}", f"--log-net-log={log}",
               "--enable-logging=stderr", f"--screenshot={shot}", path.as_uri()]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    return shot, log, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


@pytest.mark.parametrize("name", ["index.html", "40-disputes.html"])
def test_page_opens_alone(pages, name, tmp_path):
    shot, log, console = open_page(pages / name, tmp_path)
    assert shot.exists() and console == []
    assert hosts(log) == set()


def hosts(log) -> set[str]:
    """Hosts asked for while the page was open, but for Chromium's own services (updates, clock, accounts)."""
    found = set(re.findall(r'"url":"https?://([^/"]+)', log.read_text(errors="replace")))
    return {
        h
        for h in found
        if not re.fullmatch(r"(?!fonts|ajax)[\w-]+\.(google|googleapis|gvt1)\.com", h)
    }


def test_a_request_would_be_seen(tmp_path):
    page = tmp_path / "bad.html"
    page.write_text('<img src="http://127.0.0.1:9/x.png">', encoding="utf-8")
    _, log, _ = open_page(page, tmp_path)
    assert hosts(log) == {"127.0.0.1:9"}


@pytest.mark.parametrize("name", ["index.html", "40-disputes.html"])
def test_nothing_in_the_page_points_elsewhere(pages, name):
    text = (pages / name).read_text("utf-8")
    assert not re.search(
        r'(?:src|href|action|data)\s*=\s*"(?:https?:)?//|url\((?!data:)|@import|<script|<iframe|<object',
        text,
    )
    assert 'name="viewport"' in text and "Content-Security-Policy" in text


def test_every_figure_decodes_and_has_words(pages):
    from PIL import Image

    text = (pages / "40-disputes.html").read_text("utf-8")
    images = re.findall(r"<img[^>]*>", text)
    drawn = [
        (re.search(r'base64,([^"]+)"', i).group(1), re.search(r'alt="([^"]*)"', i).group(1))
        for i in images
    ]
    book = json.loads((pages / "40-disputes.ipynb").read_text("utf-8"))
    figures = sum(
        c["source"].count("plots.") and not c["source"].startswith("from")
        for c in book["cells"]
        if c["cell_type"] == "code"
    )
    assert len(drawn) == figures and figures > 4
    for data, words in drawn:
        picture = Image.open(io.BytesIO(base64.b64decode(data)))
        assert (
            picture.width > 600
            and len(picture.convert("RGB").getcolors(10**6)) > 20
            and len(words) > 8
        )


def test_chinese_is_drawn_not_boxes(pages, tmp_path):
    """Two different characters, drawn by the page's own font, differ; boxes for missing glyphs would not."""
    from PIL import Image

    face = re.search(r"@font-face\{.*?\}", (pages / "40-disputes.html").read_text("utf-8")).group()
    shapes = []
    for i, character in enumerate("复纠"):
        page = tmp_path / f"{i}.html"
        page.write_text(
            f'<meta charset="utf-8"><style>{face} p{{font:80px "Page Chinese"}}</style><p>{character}',
            encoding="utf-8",
        )
        folder = tmp_path / str(i)
        folder.mkdir()
        shot, _, _ = open_page(page, folder, 300, 300)
        picture = Image.open(shot).convert("L")
        shapes.append(picture.tobytes())
        assert min(shapes[-1]) < 100
    assert shapes[0] != shapes[1]
