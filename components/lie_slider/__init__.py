"""Two charts side by side and a slider that moves the second from honest to distorted, in the browser."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from components.charts import SKY
from components.lie_slider.base import Spec
from components.lie_slider.specs import SPECS
from components.scripts import beside, one_module
from models.traces_charts import Distortion, Finding

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
  <p><b>What you see.</b> <span class="says"></span></p>
  <div class="code">The lines of Altair that did it</div>
  <pre></pre>
</div>
"""


CHECKED = """
<div class="lie checked">
  <div class="pair">
    <figure class="given"><figcaption></figcaption><div class="chart"></div></figure>
    <figure class="repaired"><figcaption></figcaption><div class="chart"></div></figure>
  </div>
</div>
"""
PLACES = {"x", "y", "color", "size"}


def vega_file() -> str:
    """The name of the file in which Streamlit ships Vega-Embed; its page loads the same."""
    (file,) = (Path(st.__file__).parent / "static/static/js").glob("loadVegaEmbed.*.js")
    return file.name


def script(name: str, folder: Path = HERE) -> str:
    """A file and the one it imports, as one module."""
    return one_module(*beside(HERE, "vega"), *beside(folder, name))


def _component(name: str, html: str) -> Any:
    css = (HERE / "view.css").read_text("utf-8")
    return st.components.v2.component(f"lie_{name}", html=html, css=css, js=script(name))


_SLIDER, _CHECKED = _component("index", HTML), _component("checked", CHECKED)


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
            "inside": distortion.inside.tolist(),
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


def place(finding: Finding) -> dict[str, Any]:
    """Where on the drawn chart a finding is marked: at an axis, a legend, or the marks; and in which view."""
    path = finding.path
    channel = path[path.index("encoding") + 1] if "encoding" in path else ""
    concats = [path[i + 1] for i, key in enumerate(path) if key in ("hconcat", "vconcat", "concat")]
    where = "y2" if finding.rule == "two axes" else channel if channel in PLACES else "mark"
    return {"place": where, "concat": concats[0] if concats else None, "title": finding.title}


def drawable(spec: Spec) -> Spec:
    """The specification as it is shown: bars end at their axis, and a chart without a size gets one."""

    def clipped(node: Any) -> Any:
        if isinstance(node, list):
            return [clipped(part) for part in node]
        if not isinstance(node, dict):
            return node
        out = {key: value if key in ("data", "datasets") else clipped(value) for key, value in node.items()}
        mark = out.get("mark")
        kind = mark.get("type") if isinstance(mark, dict) else mark
        if kind in ("bar", "area"):
            out["mark"] = {"clip": True, **(mark if isinstance(mark, dict) else {"type": kind})}
        return out

    shown: Spec = clipped(spec)
    channels = shown.get("encoding") if isinstance(shown.get("encoding"), dict) else {}
    alone = ("mark" in shown or "layer" in shown) and not {"row", "column", "facet"} & set(channels or {})
    size = {"width": 340, "height": 220} if alone and not {"width", "height"} & set(shown) else {}
    return {**shown, **size}


def checked(
    given: Spec,
    findings: Sequence[Finding],
    repaired: Spec | None,
    *,
    key: str,
    captions: tuple[str, str] | None = None,
) -> None:
    """Draw a chart with its findings numbered on it, and the repaired chart beside it, where there is one."""
    many = len(findings)
    found = f"{many} finding{'s' if many != 1 else ''}" if many else "nothing found"
    _CHECKED(
        data={
            "file": vega_file(),
            "charts": [drawable(given), repaired and drawable(repaired)],
            "captions": captions or (f"As given: {found}", "Repaired"),
            "findings": [{"n": i + 1, **place(finding)} for i, finding in enumerate(findings)],
        },
        key=key,
    )


def still(distortion: Distortion, t: float, *, twin: bool, key: str) -> None:
    """Draw one chart at ``t`` in a colour that gives nothing away, and its twin beside it once asked."""
    honest, moving = SPECS[distortion.id](distortion)
    moving["params"] = [{"name": "t", "value": t}, {"name": "c", "value": SKY}]
    _CHECKED(
        data={
            "file": vega_file(),
            "charts": [moving, honest if twin else None],
            "captions": ["The chart", "The honest twin"],
            "neutral": True,
            "findings": [],
        },
        key=key,
    )
