"""Reads sizes back from a chart of Vega-Lite, rendered as SVG outside of a browser."""

import copy
import re
from typing import Any
from xml.etree import ElementTree

import vl_convert

SVG = "{http://www.w3.org/2000/svg}"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


def render(spec: dict[str, Any], t: float | None = None) -> ElementTree.Element:
    """The SVG of a specification, with its parameter t set."""
    spec = copy.deepcopy(spec)
    if t is not None:
        spec["params"][0]["value"] = t
    return ElementTree.fromstring(vl_convert.vegalite_to_svg(spec))


def marks(svg: ElementTree.Element, kind: str) -> list[list[ElementTree.Element]]:
    """The elements of every group of marks of one kind ("rect", "line", "symbol", "text"), no axes."""
    groups = (g for g in svg.iter(f"{SVG}g") if f"mark-{kind} role-mark" in g.get("class", ""))
    return [list(group) for group in groups]


def numbers(text: str) -> list[float]:
    """All numbers in a path or a transform."""
    return [float(n) for n in NUMBER.findall(text)]


def heights(bars: list[ElementTree.Element]) -> list[float]:
    """The lengths of upright bars: a bar's path is M x,y h width v height h −width Z."""
    return [abs(numbers(bar.get("d"))[3]) for bar in bars]


def points(line: ElementTree.Element) -> list[tuple[float, float]]:
    """The points of a line."""
    flat = numbers(line.get("d"))
    return list(zip(flat[::2], flat[1::2], strict=True))


def extent(path: ElementTree.Element) -> float:
    """The width of a symbol."""
    commands = re.findall(r"([MLA])([^MLAZ]*)", path.get("d"))
    across = [numbers(text)[-2] for _, text in commands]
    return max(across) - min(across)
