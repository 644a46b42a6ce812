"""Maps against scikit-learn, umap-learn and openTSNE called the plain way.

``python -m tests.bench.projection`` prints ratios of processor seconds, which a busy machine changes little:
one thread each, the same words of GloVe, the same parameters, cosine. Trustworthiness is at 15. Both UMAPs
are compiled before they are timed. ``--points N`` for another number than 5,000, ``--only tsne,umap`` for
some parts; all take about six minutes.
"""

import os

os.environ["OMP_NUM_THREADS"] = "1"  # before a library reads it

import argparse
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from models import gpu
from models.bundled import frequent
from models.nearest import nearest
from models.projection import project
from models.quality import quality
from models.recorded import PERPLEXITIES

PARTS = ("gpu", "tsne", "umap", "canvas")
SECOND = 50  # the perplexity that stands for a second setting
NEIGHBOURS = 300  # found once, for the largest perplexity of the sweep


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What the work gives, its processor seconds and its seconds on the clock."""
    cpu, clock = time.process_time(), time.perf_counter()
    made = work()
    return made, time.process_time() - cpu, time.perf_counter() - clock


def line(name: str, cpu: float, clock: float, trust: float | None, ratio: float | None) -> None:
    said = "" if trust is None else f"  trustworthiness {trust:.3f}"
    times = "" if ratio is None else f"  {ratio:4.1f} × ours"
    print(f"{name:58s} {cpu:7.1f} s of processor {clock:7.1f} s{said}{times}", flush=True)


def trust(vectors: Any, xy: Any) -> float:
    return quality(vectors, np.asarray(xy, np.float64), (15,)).trustworthiness[0]


def bench_tsne(vectors: Any) -> None:
    """A second setting of t-SNE when the neighbours are known, and six settings with the search for them."""
    from openTSNE import TSNE as OpenTSNE  # noqa: N811
    from sklearn.manifold import TSNE

    def theirs(perplexity: int) -> Any:
        learn = TSNE(perplexity=perplexity, metric="cosine", init="pca", random_state=0, n_jobs=1)
        return learn.fit_transform(vectors)

    near, found, clock = timed(lambda: nearest(vectors, NEIGHBOURS))
    line(f"once for all settings: the {NEIGHBOURS} nearest neighbours", found, clock, None, None)
    ours = [
        timed(lambda each=each: project(vectors, "tsne", perplexity=each, neighbours=near).xy)
        for each in PERPLEXITIES
    ]
    xy, own, clock = ours[PERPLEXITIES.index(SECOND)]
    line(f"Plainsight, t-SNE at another perplexity, {SECOND}", own, clock, trust(vectors, xy), None)
    plain = OpenTSNE(perplexity=SECOND, metric="cosine", n_jobs=1, random_state=0)
    xy, cpu, clock = timed(lambda: plain.fit(vectors))
    line("openTSNE, called the plain way", cpu, clock, trust(vectors, xy), cpu / own)
    learned = [timed(lambda each=each: theirs(each)) for each in PERPLEXITIES]
    xy, cpu, clock = learned[PERPLEXITIES.index(SECOND)]
    line("scikit-learn, called the plain way", cpu, clock, trust(vectors, xy), cpu / own)
    own, cpu = found + sum(each[1] for each in ours), sum(each[1] for each in learned)
    line("Plainsight, six perplexities and the search", own, sum(each[2] for each in ours), None, None)
    line("scikit-learn, six plain calls", cpu, sum(each[2] for each in learned), None, cpu / own)


def bench_umap(vectors: Any) -> None:
    """A second setting of UMAP."""
    import umap

    near = nearest(vectors, NEIGHBOURS)
    project(vectors[:200], "umap")
    umap.UMAP(n_neighbors=30, metric="cosine", random_state=0, n_epochs=2).fit(vectors)  # its search too
    xy, own, clock = timed(lambda: project(vectors, "umap", n_neighbors=30, neighbours=near).xy)
    line("Plainsight, UMAP at another n_neighbors", own, clock, trust(vectors, xy), None)
    plain = umap.UMAP(n_neighbors=30, metric="cosine", random_state=0)
    xy, cpu, clock = timed(lambda: plain.fit_transform(vectors))
    line("umap-learn, called the plain way", cpu, clock, trust(vectors, xy), cpu / own)


def bench_gpu() -> None:
    """20,000 points in 384 dimensions on a GPU, where there is one."""
    if not gpu.name():
        print("no CUDA device: nothing measured on a GPU")
        return
    rng = np.random.default_rng(0)
    vectors = (
        rng.normal(size=(100, 384))[rng.integers(100, size=20_000)] + rng.normal(size=(20_000, 384))
    ).astype(np.float32)
    project(vectors[:2000], "tsne", early=5, late=5)  # torch starts the device
    near, _, clock = timed(lambda: nearest(vectors, 90))
    made, _, more = timed(lambda: project(vectors, "tsne", neighbours=near))
    print(
        f"{near.gpu}: {vectors.shape}, 90 neighbours of each {clock:.1f} s, t-SNE on {made.gpu} {more:.1f} s"
    )
    print(f"together {clock + more:.1f} s (15 s allowed), trustworthiness {trust(vectors, made.xy):.3f}")


FRAMES = """async ([x, y]) => {
  const panel = document.querySelector(".panel")
  panel.setPointerCapture = () => {}
  const fire = (type, dx, dy) => panel.dispatchEvent(
    new PointerEvent(type, { clientX: x + dx, clientY: y + dy, pointerId: 1, bubbles: true, button: 0 }))
  const frames = async act => {
    const times = []
    let last = performance.now()
    for (let i = 0; i < 120; i++) {
      act(i)
      await new Promise(requestAnimationFrame)
      times.push(performance.now() - last)
      last = performance.now()
    }
    times.sort((a, b) => a - b)
    return [times[60], times[114]]
  }
  const hover = await frames(i => fire("pointermove", i * 3 - 150, (i % 7) * 5))
  fire("pointerdown", 0, 0)
  const pan = await frames(i => fire("pointermove", i * 2, i))
  fire("pointerup", 0, 0)
  return [hover, pan]
}"""


def bench_canvas() -> None:
    """Frames a second of 20,000 points in a browser without a GPU."""
    import tempfile
    from pathlib import Path

    from playwright.sync_api import sync_playwright

    from components.scatter_view import Map, message, standalone_html
    from tests.e2e.conftest import CHROMIUM, QUIET

    n = 20_000
    xy = np.random.default_rng(0).normal(size=(n, 2))
    sent = message([f"point {i}" for i in range(n)], [Map("map", xy)], columns={"n": list(range(n))})
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_file = Path(folder) / "map.html"
        page_file.write_text(standalone_html(sent, title="20,000 points"), "utf-8")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        tab = browser.new_page(viewport={"width": 1366, "height": 768})
        tab.goto(page_file.as_uri())
        tab.locator(".scatter-view[data-drawn]").wait_for()
        box = tab.locator(".panel").bounding_box() or {}
        middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
        for name, (median, slow) in zip(("hover", "pan"), tab.evaluate(FRAMES, middle), strict=True):
            print(f"{name} at {n:,} points: {1000 / median:.0f} frames a second, slowest 5 % {slow:.0f} ms")
        browser.close()


def main() -> None:
    """Print what each part takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=5000, choices=(500, 1000, 2000, 5000, 10000))
    parser.add_argument("--only", default=",".join(PARTS))
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    vectors = frequent(asked.points).vectors
    print(f"{len(vectors):,} points in {vectors.shape[1]} dimensions")
    for part in asked.only.split(","):
        if part in ("canvas", "gpu"):
            {"canvas": bench_canvas, "gpu": bench_gpu}[part]()
        else:
            {"tsne": bench_tsne, "umap": bench_umap}[part](vectors)


if __name__ == "__main__":
    main()
