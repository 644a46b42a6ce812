"""Two charts side by side and a slider that moves the second from honest to distorted, in the browser."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from components.lie_slider.specs import SPECS
from models.traces_charts import Distortion

HERE = Path(__file__).parent
HTML = """
<div class="lie">
  <div class="row">
    <span class="ends">honest</span>
    <span class="track"><input type="range" min="0" step="1" aria-label="From honest to distorted">
      <span class="mark">leaves the honest range</span></span>
    <span class="ends">distorted</span>
    <span class="reading"><span class="measure"></span> <output></output><span class="verdict"></span></span>
  </div>
  <div class="pair">
    <figure class="honest"><figcaption>The honest twin</figcaption><div class="chart"></div></figure>
    <figure class="moving"><figcaption class="name"></figcaption><div class="chart"></div></figure>
  </div>
  <p class="says"></p>
  <div class="code">The lines of Altair that did it</div>
  <pre></pre>
</div>
"""


def vega_file() -> str:
    """The name of the file in which Streamlit ships Vega-Embed; its page loads the same."""
    (file,) = (Path(st.__file__).parent / "static/static/js").glob("loadVegaEmbed.*.js")
    return file.name


_SLIDER = st.components.v2.component(
    "lie_slider",
    html=HTML,
    css=(HERE / "view.css").read_text("utf-8"),
    js=(HERE / "index.js").read_text("utf-8"),
)


@dataclass(frozen=True)
class Words:
    """What is said about a distortion: ``title``; ``says`` with {n} for the number; a code a stop."""

    title: str
    says: str
    codes: list[str]


def number(value: float, distortion: Distortion) -> str:
    """A measure as it is printed, with a real minus sign."""
    return f"{value:.{distortion.digits}f}{distortion.unit}".replace("-", "−")


def honest_range(distortion: Distortion) -> str:
    """The range that counts as honest, in words."""
    low, high = distortion.honest
    if low == high:
        return number(low, distortion)
    return f"{number(low, distortion)} to {number(high, distortion)}"


def lie_slider(distortion: Distortion, words: Words, *, at: int, param: str, key: str) -> None:
    """Draw the pair; ``at`` is the stop (0 … 100), ``param`` the carrier that keeps it in the address."""
    honest, moving = SPECS[distortion.id](distortion)
    within = honest_range(distortion)
    _SLIDER(
        data={
            "id": distortion.id,
            "file": vega_file(),
            "honest": honest,
            "moving": moving,
            "numbers": [number(value, distortion) for value in distortion.measure],
            "codes": words.codes,
            "leaves": distortion.leaves,
            "name": distortion.name,
            "within": f"honest: {within}",
            "beyond": f"outside the honest range ({within})",
            "says": words.says,
            "title": words.title,
            "labels": [f"Honest chart: {words.title}", f"Distorted chart: {words.title}"],
            "at": at,
            "param": param,
        },
        key=key,
    )
