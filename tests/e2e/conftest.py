"""A real server and a real Chromium; every page must stay silent and on this machine."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, expect

from tests.e2e.attention_page import listening

ROOT = Path(__file__).parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
LOCAL = {"127.0.0.1", "localhost"}
START_SECONDS = 60
expect.set_options(timeout=20_000)  # a condition that comes late on a busy machine is no fault

# In the drawings of our own every name and number has at least so many pixels; single letters of a long text
# and Altair's charts are left out.
READABLE = """least => {
  const inside = each => (each.shadowRoot ? all(each.shadowRoot) : [])
  const all = node => [...node.querySelectorAll("*")].flatMap(each => [each, ...inside(each)])
  const size = text => {
    const { a, b } = text.getScreenCTM()
    return parseFloat(getComputedStyle(text).fontSize) * Math.hypot(a, b)
  }
  return all(document)
    .filter(node => node.tagName === "text" && node.textContent.trim().length > 1 && node.checkVisibility())
    .every(text => text.closest(".stVegaLiteChart") || size(text) >= least)
}"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser test that fails is tried once more; the summary still names it, as a thing to mend."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session", autouse=True)
def _chromium() -> None:
    if CHROMIUM is None:
        pytest.skip("browser tests need Chromium or Chrome on the PATH")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The installed browser, and no errands of its own."""
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": QUIET}


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], str]]:
    """Run a Streamlit script, once a session, and give its address."""
    running: dict[Path, tuple[str, subprocess.Popen[bytes]]] = {}

    def start(script: Path) -> str:
        if script not in running:
            log = tmp_path_factory.mktemp("server") / "log"
            running[script] = start_server(script, log)
        return running[script][0]

    yield start
    for _, process in running.values():
        process.terminate()
        process.wait()


def start_server(script: Path, log: Path) -> tuple[str, subprocess.Popen[bytes]]:
    """Run a Streamlit script on a free port and wait until it answers; its output goes to `log`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.headless=true"]
    command += ["--server.address=127.0.0.1", f"--server.port={port}", "--server.fileWatcherType=none"]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + START_SECONDS
    while not _healthy(address):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            pytest.fail(f"The server did not start:\n{log.read_text()}")
        time.sleep(0.1)
    return address, process


def _healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health") as answer:
            return answer.status == 200
    except urllib.error.URLError:
        return False


@pytest.fixture(scope="session")
def server(serve: Callable[[Path], str]) -> str:
    """The address of the app."""
    return serve(ROOT / "streamlit_app.py")


@pytest.fixture
def visit(new_context: Callable[..., BrowserContext]) -> Iterator[Callable[..., Page]]:
    """Open an address in a browser of its own; console errors and requests to elsewhere fail the test."""
    faults: list[str] = []

    def open_page(address: str, **options: Any) -> Page:
        context = new_context(**{"viewport": {"width": 1366, "height": 768}, **options})
        page = context.new_page()
        page.on("console", lambda message: faults.extend(_console_fault(message)))
        page.on("pageerror", lambda error: faults.append(f"page error: {error}"))
        page.on("request", lambda request: faults.extend(_request_fault(request)))
        page.goto(address)
        return page

    yield open_page
    assert faults == []


# In a room: nothing past the fold, nothing shrunk below what can be read (components/presenter)
FITS = """() => document.querySelector("[data-testid=stMain]").scrollHeight <= innerHeight
  && [...document.querySelectorAll(".st-key-present_picture > *")]
    .every(at => at.getBoundingClientRect().bottom <= innerHeight)
  && Number(getComputedStyle(document.documentElement).getPropertyValue("--fit")) > 0.7"""


@pytest.fixture
def see(visit: Callable[..., Page], server: str) -> Callable[..., Locator]:
    """The picture of the page Attention heads that this address opens."""

    def open_page(address: str = "", **options: Any) -> Locator:
        return listening(visit(f"{server}/attention-heads{address}", **options))

    return open_page


@pytest.fixture
def offline(new_context: Callable[..., BrowserContext]) -> Iterator[Callable[[Path], Page]]:
    """A browser without a network that opens a saved page; whatever the page asks for fails the test."""
    faults: list[str] = []

    def open_file(file: Path) -> Page:
        page = new_context(viewport={"width": 1366, "height": 768}, offline=True).new_page()
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda request: faults.extend({request.url} - {file.as_uri()}))
        page.goto(file.as_uri())
        return page

    yield open_file
    assert faults == []


def _console_fault(message: ConsoleMessage) -> list[str]:
    # On a deep link Streamlit looks for its server below the page's path first; that 404 is its own.
    path = urlsplit(message.location["url"]).path
    probing = path.endswith(("/_stcore/health", "/_stcore/host-config")) and path.count("/") > 2
    return [f"console: {message.text}"] if message.type == "error" and not probing else []


def _request_fault(request: Request) -> list[str]:
    parts = urlsplit(request.url)
    local = parts.hostname in LOCAL or parts.scheme in ("data", "blob")
    return [] if local else [f"left this machine: {request.url}"]
