"""Matrices small enough to follow by hand, one picture a step: who made a number lights up.

A step is a list of blocks: a product with the left matrix, the right one above and the result where row
and column cross, or matrices side by side (a sum, a division, a softmax). The browser formats and
highlights; every number comes from here. A typed number goes into the page's address, and the next run
of the page brings everything that follows from it.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from components import standalone
from components.scripts import beside, one_module

HERE = Path(__file__).parent
Hue = Literal["input", "query", "key", "value", "score", "weight"]
Cell = tuple[str, int, int]


@dataclass(frozen=True)
class Matrix:
    """One matrix: its label ("W_Q"), the names of its rows and columns, its values and its colour.

    ``values`` is (rows, columns), or (heads, rows, columns) where every head has its own; None draws the
    ``shape`` alone. ``edit`` names the address parameter that a typed number goes to, and ``base`` is the
    text that this parameter leaves out. ``groups`` heads stand side by side in the columns, each with a name
    above it where ``group_names`` has them; a shape is drawn as a stack where there are several ``copies``.
    """

    label: str
    rows: Sequence[str]
    columns: Sequence[str]
    values: NDArray[np.float64] | None
    hue: Hue = "input"
    edit: str = ""
    base: str = ""
    groups: int = 1
    group_names: Sequence[str] = ()
    copies: int = 1
    note: str = ""
    shape: tuple[int, int] | None = None


@dataclass(frozen=True)
class Block:
    """Matrices by name and what is done between them.

    A product has one ``left``, and one out for every top. ``by`` is what a division divides by ("÷ √3").
    """

    kind: Literal["show", "sum", "product", "divide", "softmax"]
    left: str
    tops: tuple[str, ...] = ()
    outs: tuple[str, ...] = ()
    by: str = ""


@dataclass(frozen=True)
class Step:
    """One picture: a short name, a title, blocks, one sentence (or one a head), and the cell that it shows.

    ``at`` holds one cell, or one a head; nothing where no number is computed. ``lit`` names rows that stand
    out there. ``key`` is the legend; ``hint`` is what of it a room does without: what a
    hand can do, and colours of numbers that are printed.
    """

    name: str
    title: str
    blocks: Sequence[Block]
    sentences: Sequence[str]
    at: Sequence[Cell] = ()
    key: str = ""
    hint: str = ""
    per_head: bool = False
    lit: Sequence[tuple[str, int]] = ()


@dataclass(frozen=True)
class View:
    """What the visitor looks at: a step from 1, a head from 0, and a held cell."""

    step: int = 1
    head: int = 0
    cell: Cell | None = None

    def browser(self) -> dict[str, Any]:
        """The view as index.js keeps it."""
        return {"step": self.step, "head": self.head, "cell": list(self.cell) if self.cell else None}


def message(
    matrices: Mapping[str, Matrix],
    steps: Sequence[Step],
    view: View,
    *,
    heads: int = 1,
    default: View | None = None,
    prefix: str = "",
    provenance: str = "",
) -> dict[str, Any]:
    """What the browser gets. ``default`` is the view that an address without parameters means."""
    for step in steps:
        if step.per_head and len(step.sentences) != heads:
            raise ValueError(f"Step “{step.name}” has {len(step.sentences)} sentences for {heads} heads.")
    content = {
        "matrices": {name: _matrix(matrix) for name, matrix in matrices.items()},
        "steps": [_step(step) for step in steps],
        "heads": heads,
        "prefix": prefix,
        "provenance": provenance,
    }
    digest = hashlib.blake2b(json.dumps(content).encode("utf-8", "replace"), digest_size=8).hexdigest()
    return {
        **content,
        "id": digest,
        "view": view.browser(),
        "defaults": (default or View()).browser(),
    }


def _matrix(matrix: Matrix) -> dict[str, Any]:
    values = matrix.values
    shape = matrix.shape or (len(matrix.rows), len(matrix.columns))
    if values is not None and values.shape[-2:] != shape:
        raise ValueError(f"{matrix.label} has values of shape {values.shape} and labels for {shape}.")
    return {
        "label": matrix.label,
        "rows": list(matrix.rows),
        "columns": list(matrix.columns),
        "values": None if values is None else _plain(values),
        "per_head": values is not None and values.ndim == 3,
        "hue": matrix.hue,
        "edit": matrix.edit,
        "base": matrix.base,
        "groups": matrix.groups,
        "group_names": list(matrix.group_names),
        "copies": matrix.copies,
        "note": matrix.note,
        "shape": list(shape),
    }


def _plain(values: NDArray[np.float64]) -> Any:
    """Nested lists for JSON: −∞ of a mask as null, and no digit that only float arithmetic left behind."""
    plain = np.round(values, 12).astype(object)
    plain[np.isneginf(values)] = None
    return plain.tolist()


def _step(step: Step) -> dict[str, Any]:
    blocks = [
        {"kind": b.kind, "left": b.left, "tops": b.tops, "outs": b.outs, "by": b.by} for b in step.blocks
    ]
    return {
        "name": step.name,
        "title": step.title,
        "blocks": blocks,
        "sentences": list(step.sentences),
        "at": [list(cell) for cell in step.at],
        "key": step.key,
        "hint": step.hint,
        "per_head": step.per_head,
        "lit": [list(each) for each in step.lit],
    }


def script() -> str:
    """The scripts as one module."""
    return one_module(*beside(HERE, "layout", "draw", "index"))


def style() -> str:
    """The component's style sheet."""
    return (HERE / "view.css").read_text("utf-8")


_VIEW = st.components.v2.component(
    "attention_steps",
    html='<div class="attention-steps"></div>',
    css=style(),
    js=script(),
)


def attention_steps(data: Mapping[str, Any], *, key: str) -> None:
    """Draw a message on the page."""
    _VIEW(data=dict(data), key=key)


def standalone_html(data: Mapping[str, Any], *, title: str) -> str:
    """One HTML file with all steps of a message; its numbers are to be read, not typed over."""
    fixed = {name: matrix | {"edit": ""} for name, matrix in data["matrices"].items()}
    text = json.dumps({**data, "matrices": fixed, "prefix": ""}).replace("<", "\\u003c")
    tail = f"""
const message = {text}
document.querySelector("footer").textContent = message.provenance
mount(document.querySelector(".attention-steps"), message)
"""
    return standalone.page("attention-steps", title=title, style=style(), script=script() + tail)
