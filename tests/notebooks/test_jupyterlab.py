"""Three notebooks in a live JupyterLab with Chromium: run, changed and run again, menus clicked; test_planted reruns all."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
selenium = pytest.importorskip(
    "selenium", reason="selenium is not installed: notebooks were NOT run in a live JupyterLab"
)
pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER),
    reason="no chromium or chromedriver (Debian: apt-get install chromium-driver): notebooks were NOT run in a live JupyterLab",
)
ROOT = Path(__file__).resolve().parents[2]
CELLS = "return jupyterapp.shell.currentWidget.content.model.toJSON().cells"
STATE = """const w = jupyterapp.shell.currentWidget;
return Boolean(w && w.content && w.content.model && w.sessionContext && w.sessionContext.session
  && w.sessionContext.session.kernel) ? w.sessionContext.session.kernel.status : ''"""
CHANGE = """const cells = jupyterapp.shell.currentWidget.content.widgets;
const cell = cells.find(c => (c.model.getMetadata('tags') || []).includes('parameters'));
cell.model.sharedModel.setSource(cell.model.sharedModel.getSource() + '\\n' + arguments[0]);"""
RUN = "window.done = false; jupyterapp.commands.execute('notebook:run-all-cells').then(() => { window.done = true; })"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Address of a JupyterLab over a copy of the repository's notebooks and data."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ("--no-browser", "--allow-root", "--expose-app-in-browser", "--IdentityProvider.token=", f"--ServerApp.port={port}",
               f"--ServerApp.root_dir={folder}", "--LabApp.news_url=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate")  # fmt: skip
    env = os.environ | {"JUPYTER_CONFIG_DIR": str(folder / "config"), "JUPYTER_DATA_DIR": str(folder / "data")}  # fmt: skip
    with open(folder / "log", "w") as log:
        server = subprocess.Popen([sys.executable, "-m", "jupyterlab", *options], env=env, stdout=log, stderr=log)  # fmt: skip
    try:
        for _ in range(120):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.5)
        yield f"http://127.0.0.1:{port}/lab"
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    profile = tmp_path_factory.mktemp("profile")
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--window-size=1400,1000", f"--user-data-dir={profile}"):  # fmt: skip
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


def wait(what, seconds=120):
    """Until `what()` is true."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, f"nothing after {seconds} s"
        time.sleep(0.1)


def open_notebook(browser, lab, name):
    browser.get(f"{lab}/tree/notebooks/{name}?reset")
    wait(lambda: browser.execute_script("return Boolean(window.jupyterapp)"))
    wait(lambda: browser.execute_script(STATE) == "idle")


def run_all(browser):
    """Run all cells; their outputs, which hold no error and no warning."""
    browser.execute_script(RUN)
    wait(
        lambda: (
            browser.execute_script("return window.done && true")
            and browser.execute_script(STATE) == "idle"
        ),
        300,
    )
    cells = [c for c in browser.execute_script(CELLS) if c["cell_type"] == "code"]
    outputs = [o for c in cells for o in c["outputs"]]
    assert [o for o in outputs if o["output_type"] == "error" or o.get("name") == "stderr"] == []
    assert all(c["execution_count"] for c in cells if c["source"])
    return cells


def answer(cells) -> str:
    (cell,) = [c for c in cells if "answer" in c["metadata"].get("tags", [])]
    return "".join("".join(o["text"]) for o in cell["outputs"])


def texts(cells) -> str:
    """Everything that the outputs say, figures' titles included."""
    return "".join(
        "".join(o.get("text", "")) + str(o.get("data", {}).get("text/plain", "")) + str(o.get("metadata", {}).get("govdisclosure", {}).get("title", ""))
        for c in cells for o in c["outputs"]
    )  # fmt: skip


def change_and_run_again(browser, first: str):
    """The answer is another one, in Chinese, and no line of the first is left."""
    browser.execute_script(
        CHANGE, 'YEARS = [2023, 2024]\nAGENCIES = ["宿迁市", "淮安市"]\nLANGUAGE = "zh"'
    )
    cells = run_all(browser)
    assert answer(cells) != first and any("一" <= c <= "鿿" for c in answer(cells))
    assert [line for line in first.splitlines() if line and line in texts(cells)] == []


@pytest.mark.parametrize("name", ["00-quickstart.ipynb", "60-your-reports.ipynb"])
def test_changed_and_run_again_nothing_is_stale(browser, lab, name):
    open_notebook(browser, lab, name)
    change_and_run_again(browser, answer(run_all(browser)))


class Menus:
    """The page's menus, found anew at each look: JupyterLab draws cells again when they come into view."""

    def __init__(self, browser):
        self.browser = browser

    def look(self, script: str, *arguments):
        found = "const menus = [...document.querySelectorAll('.jupyter-widgets select')];"
        return self.browser.execute_script(found + script, *arguments)

    def offers(self, n: int) -> list[str]:
        return self.look(
            "return [...menus[arguments[0]].options].map(o => o.textContent.trim().replaceAll('\\u00a0', ' '))",
            n,
        )

    def chosen(self, n: int) -> str:
        return self.look(
            "return menus[arguments[0]].selectedOptions[0].textContent.trim().replaceAll('\\u00a0', ' ')",
            n,
        )

    def picture(self) -> str:
        return self.look(
            "const i = document.querySelector('img.widget-image'); return i ? i.src : ''"
        )

    def choose(self, n: int, text: str) -> None:
        """Choose as a hand does: the browser's own click on the option; one that is drawn anew meanwhile is found again."""
        from selenium.common.exceptions import StaleElementReferenceException
        from selenium.webdriver.common.by import By

        for _ in range(5):
            try:
                menu = self.browser.find_elements(By.CSS_SELECTOR, ".jupyter-widgets select")[n]
                menu.find_elements(By.TAG_NAME, "option")[self.offers(n).index(text)].click()
                return
            except StaleElementReferenceException:
                if self.chosen(n) == text:
                    return


def test_menus_start_at_all_offer_what_has_data_and_redraw_within_a_second(browser, lab):
    open_notebook(browser, lab, "30-new-media.ipynb")
    first = answer(run_all(browser))
    browser.execute_script(
        "const c = jupyterapp.shell.currentWidget.content; c.activeCellIndex = c.widgets.length - 2; c.scrollToItem(c.widgets.length - 2)"
    )
    menus = Menus(browser)
    wait(lambda: menus.look("return menus.length") == 2 and menus.picture())
    time.sleep(1)
    assert menus.chosen(0) == menus.chosen(1) == "all"
    places, seconds = menus.offers(0), []
    for kind in (
        "registered",
        "all",
        "in operation",
        "registered",
    ):  # the quickest: others may use the machine
        before, began = menus.picture(), time.monotonic()
        menus.choose(1, kind)
        wait(lambda old=before: menus.picture() != old, 10)
        seconds.append(time.monotonic() - began)
    assert min(seconds) < 1.0, seconds
    fewer = menus.offers(0)
    assert "all" in fewer and 1 < len(fewer) < len(places) and set(fewer) < set(places)
    menus.choose(0, fewer[1])
    wait(lambda: menus.chosen(0) == fewer[1])
    menus.choose(1, "all")
    wait(lambda: menus.chosen(1) == "all")
    assert menus.chosen(0) == fewer[1] and "registered" in menus.offers(1)
    change_and_run_again(browser, first)
