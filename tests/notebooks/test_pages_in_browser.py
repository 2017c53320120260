"""Pages in a real headless Chromium: no request to any host, readable on a phone, every figure decoded, Chinese drawn."""

from __future__ import annotations

import base64
import io
import re
import shutil
import subprocess

import pytest

from govdisclosure.pages import run_notebooks

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--hide-scrollbars"]  # fmt: skip
pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER),
    reason="no chromium or chromedriver (Debian: apt-get install chromium-driver): pages were NOT opened in a browser",
)
NAMES = ["index.html", "30-new-media.html", "60-your-reports.html"]


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    out = tmp_path_factory.mktemp("pages")
    made = run_notebooks(None, out, only=["30", "60"], language="zh")
    assert [page.error for page in made] == ["", ""]
    return out


@pytest.fixture(scope="module")
def phone(tmp_path_factory):
    """A browser that is 390 pixels wide."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    yield driver
    driver.quit()


def open_page(path, tmp_path, width=500, height=3000):
    shot, log = tmp_path / "shot.png", tmp_path / "net.json"
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", f"--window-size={width},{height}", f"--log-net-log={log}",
               "--enable-logging=stderr", f"--screenshot={shot}", path.as_uri()]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    return shot, log, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def hosts(log) -> set[str]:
    """Hosts asked for while the page was open, but for Chromium's own services (updates, clock, accounts)."""
    found = set(re.findall(r'"url":"https?://([^/"]+)', log.read_text(errors="replace")))
    return {h for h in found if not re.fullmatch(r"(?!fonts|ajax)[\w-]+\.(google|googleapis|gvt1)\.com", h)}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_page_opens_alone(pages, name, tmp_path):
    shot, log, console = open_page(pages / name, tmp_path)
    assert shot.exists() and console == []
    assert hosts(log) == set()


def test_a_request_would_be_seen(tmp_path):
    page = tmp_path / "bad.html"
    page.write_text('<img src="http://127.0.0.1:9/x.png">', encoding="utf-8")
    _, log, _ = open_page(page, tmp_path)
    assert hosts(log) == {"127.0.0.1:9"}


@pytest.mark.parametrize("name", NAMES)
def test_nothing_in_the_page_points_elsewhere(pages, name):
    text = (pages / name).read_text("utf-8")
    outward = r'(?:src|href|action|data)\s*=\s*"(?:https?:)?//|url\((?!data:)|@import|<script|<iframe|<object'
    assert not re.search(outward, text)
    assert 'name="viewport"' in text and "Content-Security-Policy" in text


@pytest.mark.parametrize("name", NAMES)
def test_links_between_pages_and_to_data_lead_somewhere(pages, name):
    links = set(re.findall(r'href="([^"#:]+)"', (pages / name).read_text("utf-8")))
    assert {link for link in links if link.endswith(".csv")} or name == "index.html"
    made = {path.name for path in pages.iterdir()}
    assert links - made <= {
        "00-quickstart.html",
        "10-request-outcomes.html",
        "50-data-quality.html",
    }  # not asked for


@pytest.mark.parametrize("name", NAMES)
def test_a_phone_can_read_it(pages, phone, name):
    """Nothing but tables and figures scrolls sideways; letters of figures (15 pixels as drawn) stay 11 high."""
    phone.get((pages / name).as_uri())
    assert phone.execute_script("return document.documentElement.scrollWidth") == 390
    shrunk = phone.execute_script(
        "return [...document.querySelectorAll('img')].map(i => i.getBoundingClientRect().width / (i.naturalWidth / 2))"
    )
    assert len(shrunk) >= 2 and min(shrunk) * 10.5 * 100 / 72 >= 10.9
    cues = phone.execute_script(
        "return [...document.querySelectorAll('.scroll table')].filter(t => t.scrollWidth > t.closest('.scroll').clientWidth + 60)"
        ".map(t => { const n = t.closest('.scroll').nextElementSibling; return Boolean(n && n.classList.contains('cue')); })"
    )
    assert all(cues)
    small = phone.execute_script(
        "return [...document.querySelectorAll('p,td,th,li,summary,a')].map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(small) >= 12


def test_every_figure_decodes_and_has_words(pages):
    from PIL import Image

    text = (pages / "60-your-reports.html").read_text("utf-8")
    images = re.findall(r"<img[^>]*>", text)
    assert len(images) >= 3
    for tag in images:
        picture = Image.open(io.BytesIO(base64.b64decode(re.search(r'base64,([^"]+)"', tag)[1])))
        words = re.search(r'alt="([^"]*)"', tag)[1]
        assert picture.width >= 1000 and len(picture.convert("RGB").getcolors(10**6)) > 20  # sharp
        assert len(words) > 8 and re.search("[一-鿿]", words)


def test_no_word_of_a_page_is_boxes(pages, tmp_path):
    """The title, as the page's own style draws it: behind other families Chromium drew words it met first as boxes."""
    from PIL import Image

    text = (pages / "60-your-reports.html").read_text("utf-8")
    style = re.search(r"<style>.*?</style>", text, flags=re.S).group()
    widths = set()
    for number, words in enumerate(("一批年报如何比较，哪些突出？", "一一一一一一一一一一一一一一")):
        page = tmp_path / f"{number}.html"
        page.write_text(f'<meta charset="utf-8">{style}<h1>{words}</h1>', encoding="utf-8")
        folder = tmp_path / str(number)
        folder.mkdir()
        shot, _, _ = open_page(page, folder, 900, 300)
        picture = Image.open(shot).convert("L")
        widths.add(sum(picture.point(lambda grey: grey < 128 and 255).histogram()[255:]))
    assert len(widths) == 2 and min(widths) * 2 < max(widths)  # strokes, not fourteen equal boxes


def test_chinese_is_drawn_not_boxes(pages, tmp_path):
    """Two different characters, drawn by the page's own font, differ; boxes for missing glyphs would not."""
    from PIL import Image

    face = re.search(
        r"@font-face\{.*?\}", (pages / "60-your-reports.html").read_text("utf-8")
    ).group()
    shapes = []
    for i, character in enumerate("年报"):
        page = tmp_path / f"{i}.html"
        page.write_text(f'<meta charset="utf-8"><style>{face} p{{font:80px "Page Chinese"}}</style><p>{character}', encoding="utf-8")  # fmt: skip
        folder = tmp_path / str(i)
        folder.mkdir()
        shot, _, _ = open_page(page, folder, 300, 300)
        picture = Image.open(shot).convert("L")
        shapes.append(picture.tobytes())
        assert min(shapes[-1]) < 100
    assert shapes[0] != shapes[1]
