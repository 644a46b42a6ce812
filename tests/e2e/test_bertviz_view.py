"""bertviz's pictures in a real Chromium: they draw, answer the mouse, run no token and send nothing."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from components.bertviz_view import bertviz_html
from tests.components.test_bertviz_view import trace_of

ROOT = Path(__file__).parents[2]
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None
)
QUIET = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync "
    "--no-first-run"
)
HOSTILE = [
    "</script><script>window.hit = alert(1)</script>",
    "<img src=http://127.0.0.1:9/pixel onerror='window.hit = 1'>",
    '"><svg onload="window.hit = 1">',
    "<!--<script>",
    "&lt;b&gt;",
    "${window.hit = 1}",
    "\u2028window.hit = 1",
]
APP = """
import streamlit as st
from components.bertviz_view import bertviz_view
from tests.components.test_bertviz_view import trace_of

view = st.query_params["view"]
bertviz_view(trace_of(*{texts!r}, heads=4), view=view, layer=1 if view == "head" else 0, key="view")
"""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium or Chrome on the PATH")


@pytest.fixture(scope="module")
def chromium(playwright):
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())
    yield browser
    browser.close()


@pytest.fixture
def tab(chromium):
    """A page that counts what leaves it and whatever a token managed to run."""
    page = chromium.new_page(viewport={"width": 1366, "height": 768})
    page.sent, page.ran = [], []
    page.on("dialog", lambda dialog: (page.ran.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: page.ran.append(str(error)))
    yield page
    page.close()


def opened(page: Page, folder: Path, html: str) -> Page:
    """The page showing this document; every request but the document's own is recorded and refused."""
    file = folder / "view.html"
    file.write_text(html, encoding="utf-8")
    page.route("http*://**", lambda route: (page.sent.append(route.request.url), route.abort()))
    page.goto(file.as_uri())
    return page


def test_the_head_view_draws_every_line_and_answers_the_mouse(tab, tmp_path):
    opened(tab, tmp_path, bertviz_html(trace_of("a", "b", "c"), view="head", layer=1))
    expect(tab.locator("#attention line")).to_have_count(3 * 3 * 3)
    expect(tab.locator("#layer")).to_have_value("1")
    tab.locator("#left text").nth(1).hover()
    expect(tab.locator("#attention")).to_have_attribute("visibility", "hidden")
    expect(tab.locator("#attention line[visibility=visible]")).to_have_count(3 * 3)  # three heads, from "b"
    first = tab.locator("svg").element_handle()
    tab.locator("#layer").select_option("0")
    assert not first.evaluate("svg => svg.isConnected")
    expect(tab.locator("#attention line")).to_have_count(3 * 3 * 3)
    assert tab.sent == tab.ran == []


def test_the_model_view_opens_a_head(tab, tmp_path):
    opened(tab, tmp_path, bertviz_html(trace_of("a", "b", "c"), view="model"))
    expect(tab.locator("svg line")).to_have_count(2 * 3 * 3 * 3)
    tab.locator("#attn_background_1_2 ~ rect").click()
    expect(tab.locator("svg")).to_contain_text("Layer 1, Head 2")
    assert tab.sent == tab.ran == []


@pytest.mark.parametrize("view", ["head", "model"])
def test_a_pair_can_be_filtered(tab, tmp_path, view):
    opened(tab, tmp_path, bertviz_html(trace_of("a", "b", "c", second=2), view=view))
    tab.get_by_role("combobox").last.select_option("Sentence B -> Sentence A")
    expect(tab.locator("svg line")).to_have_count(1 * 2 * 3 * (2 if view == "model" else 1))


@pytest.mark.parametrize("view", ["head", "model"])
def test_hostile_tokens_are_shown_and_do_nothing(tab, tmp_path, view):
    opened(tab, tmp_path, bertviz_html(trace_of(*HOSTILE), view=view))
    if view == "model":
        tab.locator("#attn_background_0_0 ~ rect").click()
    shown = tab.locator("svg text").evaluate_all("all => all.map(text => text.textContent)")
    assert [text for text in shown if text in HOSTILE] == HOSTILE * 2  # left column, right column
    tab.locator("svg text", has_text="onerror").first.hover()
    assert tab.locator("#vis img, #vis script, #vis svg svg").count() == 0
    assert tab.evaluate("window.hit") is None
    assert tab.sent == tab.ran == []


def test_markup_that_slipped_through_would_still_run_and_send_nothing(tab, tmp_path):
    html = bertviz_html(trace_of("a"), view="head")
    opened(
        tab,
        tmp_path,
        html.replace("</body>", f"{''.join(HOSTILE[:3])}<script>window.hit = 1</script></body>"),
    )
    tab.locator("img").wait_for(state="attached")
    tab.evaluate("fetch('http://127.0.0.1:9/').catch(() => {})")
    assert tab.evaluate("window.hit") is None
    assert tab.sent == tab.ran == []


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """The address of a small app that shows the hostile tokens."""
    script = tmp_path_factory.mktemp("app") / "app.py"
    script.write_text(APP.format(texts=HOSTILE), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = f"--server.port {port} --server.address 127.0.0.1 --server.headless true --theme.base dark"
    command = [sys.executable, "-m", "streamlit", "run", script, *options.split()]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, **quiet)
    address = f"http://127.0.0.1:{port}"
    for _ in range(100):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1)
            break
        except OSError:
            time.sleep(0.2)
    yield address
    server.terminate()
    server.wait()


@pytest.mark.parametrize(("view", "lines"), [("head", 4 * 7 * 7), ("model", 2 * 4 * 7 * 7)])
def test_the_app_shows_it_in_a_sealed_white_frame_of_its_own_height(tab, app, view, lines):
    tab.on("request", lambda request: tab.sent.append(request.url) if app not in request.url else None)
    tab.goto(f"{app}/?view={view}")
    frame = tab.get_by_title(f"BertViz {view} view")
    expect(frame.content_frame.locator("svg line")).to_have_count(lines)
    expect(frame).to_have_attribute("sandbox", "allow-scripts")
    tab.wait_for_function("frame => frame.style.height", arg=frame.element_handle())
    inside = frame.content_frame.locator("body")
    assert frame.bounding_box()["height"] == inside.evaluate("body => body.offsetHeight")
    assert inside.evaluate("body => getComputedStyle(body).backgroundColor") == "rgb(255, 255, 255)"
    assert inside.evaluate("() => window.origin") == "null"
    assert inside.evaluate("() => window.hit") is None
    assert [url for url in tab.sent if url.startswith("http")] == tab.ran == []
