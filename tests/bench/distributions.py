"""The medcouple against statsmodels', and every slider of the page from its event to the painted picture.

statsmodels compares every value below the median with every one above. A slider is moved over its stops in
Chromium; the budget is 100 ms. Run ``python -m tests.bench.distributions``; it prints ratios and
fails nothing.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from statsmodels.stats.stattools import medcouple as peer

from models.distributions import describe, medcouple
from tests.e2e.conftest import CHROMIUM, QUIET, start_server
from tests.e2e.conftest import ROOT as HOUSE

SIZES = (50, 200, 1000, 5000)
ROUNDS = 7
BUDGET = 100.0  # ms
SLIDERS = (
    ("", "σ of the logarithm"),
    ("", "Values n"),
    ("dist_n=5000", "σ of the logarithm"),
    ("dist_source=shape", "Skewness g1"),
    ("dist_source=shape&dist_n=5000", "Excess kurtosis g2"),
    ("dist_source=skewnormal", "Slant α"),
    ("dist_source=gamma", "Shape k"),
    ("dist_source=t", "Degrees of freedom ν"),
    ("dist_source=mixture", "Distance of the two"),
    ("dist_source=binomial", "Tries"),
    ("dist_view=numbers", "σ of the logarithm"),
    ("dist_view=mend", "σ of the logarithm"),
    ("dist_view=wrong&dist_wrong=peak", "Excess kurtosis of the second"),
    ("dist_view=wrong&dist_wrong=impression", "Bins"),
    ("dist_view=standard&dist_standard=areas", "Within k standard deviations"),
    ("dist_view=standard", "Values a sample"),
    ("dist_view=standard", "Samples thrown"),
)
# the slider's own event, then the frame after it, when the picture is on the screen
MOVE = """async slider => {
  const frame = () => new Promise(done => requestAnimationFrame(() => {
    const after = new MessageChannel()
    after.port1.onmessage = done
    after.port2.postMessage(0)
  }))
  const spent = []
  for (let i = 0; i < 24; i++) {
    const started = performance.now()
    slider.value = Math.round((i * 0.37 % 1) * Number(slider.max))
    slider.dispatchEvent(new Event("input"))
    await frame()
    await frame() // charts of Vega are drawn in the frame that follows
    spent.push(performance.now() - started)
  }
  return spent
}"""


def seconds(work: Callable[[], object]) -> float:
    """The median of a few rounds."""
    spent = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        spent.append(time.perf_counter() - started)
    return statistics.median(spent)


def main() -> None:
    """Time both on log-normal columns, and a whole description beside them."""
    print(f"{'n':>6} {'ours ms':>9} {'statsmodels ms':>15} {'ratio':>7} {'describe ms':>12}")
    for n in SIZES:
        x = np.random.default_rng(0).lognormal(size=n)
        ours, theirs = seconds(lambda x=x: medcouple(x)), seconds(lambda x=x: peer(x))
        whole = seconds(lambda x=x: describe(x))
        print(f"{n:6} {ours * 1e3:9.2f} {theirs * 1e3:15.2f} {theirs / ours:7.2f} {whole * 1e3:12.2f}")


def sliders() -> None:
    """Move every slider of the page."""
    from playwright.sync_api import sync_playwright

    log = Path(tempfile.mkdtemp()) / "log"
    address, server = start_server(HOUSE / "streamlit_app.py", log)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
            print(f"{'median ms':>10} {'slowest':>8} {'÷ budget':>9}")
            for query, name in SLIDERS:
                page = browser.new_page(viewport={"width": 1366, "height": 768})
                page.goto(f"{address}/distributions?{query}")
                slider = page.get_by_role("slider", name=name, exact=True)
                slider.wait_for(timeout=60_000)
                page.locator("svg.marks").first.wait_for(timeout=60_000)
                spent = slider.evaluate(MOVE)[4:]
                middle = statistics.median(spent)
                print(f"{middle:10.0f} {max(spent):8.0f} {middle / BUDGET:9.2f}  {name} {query}")
                page.close()
            browser.close()
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
    sliders()
