"""The first view: small matrices, eight pictures, and the state of both."""

import time
from importlib.metadata import version
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.self_attention import example as worked
from app.self_attention import pictures
from app.self_attention.example import EDITABLE, EXAMPLES, LIMIT, split_words
from app.self_attention.notes import HOW_STEPS, READ_STEPS
from app.self_attention.pictures import NAMES
from app.self_attention.shared import PREFIX, Shown, csv_button
from app.state import Param, choice, read_view, url_text
from components import toolbar
from components.attention_steps import Cell, attention_steps, message, standalone_html
from models.traces import Provenance

LOVE = " ".join(EXAMPLES["love"].tokens)
CAT = " ".join(EXAMPLES["cat"].tokens)
SHAPES = "shapes"
MASKS = {"none": "no mask", "causal": "causal mask", "padding": "padding mask"}
HEADS = ("1", "2", "3")
SHAPE_HEADS = ("1", "2", "4", "8", "16")
WIDTHS = ("1", "2", "3", "4")
TEMPERATURES = ("0.1", "0.25", "0.5", "1", "2", "4", "10")


def whole(text: str, least: int, most: int) -> int:
    """A whole number of the address within its limits."""
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise ValueError(text)
    return int(text)


def cell(text: str) -> Cell | None:
    """A held number: matrix, row, column."""
    if not text:
        return None
    name, row, column = text.split(".")
    if not (name.isascii() and name.isalpha()):
        raise ValueError(text)
    return name, whole(row, 0, 63), whole(column, 0, 63)


def example_of(text: str) -> str:
    """The id of an example."""
    if text not in (*EXAMPLES, SHAPES):
        raise ValueError(text)
    return text


PARAMS = (
    Param("example", "love", example_of, "“I love machine learning” is shown"),
    Param("step", "", lambda text: whole(text or "1", 1, len(NAMES)), f"there are steps 1 to {len(NAMES)}"),
    Param("head", "", lambda text: whole(text or "0", 0, 15), "the first head is shown"),
    Param("cell", "", cell, "no number is held"),
    *(
        Param(
            name,
            "",
            worked.parse_matrix,
            f"a matrix is rows of numbers up to {LIMIT:g}, so the example's own is shown",
            rerun=True,
        )
        for name in EDITABLE
    ),
)


def step_by_step(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """The first view: small matrices, eight pictures."""
    with controls:
        row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
        notes = st.container(gap=None)
    with notes:
        asked = read_view(PREFIX, PARAMS)
    with row:
        example = asked["example"]
        text = url_text(
            "Words",
            LOVE,
            key=f"{PREFIX}_words",
            label_visibility="collapsed",
            placeholder=f"up to {worked.MOST_WORDS} words",
            width=300,
        )
        narrow: dict[str, Any] = {"label_visibility": "collapsed", "width": 150, "note": notes.caption}
        heads = choice(
            "Heads",
            SHAPE_HEADS if example == SHAPES else HEADS,
            key=f"{PREFIX}_heads",
            name=lambda n: f"{n} head{'s' * (n != '1')}",
            **narrow,
        )
        if example != SHAPES:
            d_k = choice(
                "d_k", WIDTHS, default="2", key=f"{PREFIX}_dk", name=lambda n: f"d_k = {n}", **narrow
            )
            mask = choice("Mask", list(MASKS), key=f"{PREFIX}_mask", name=MASKS.__getitem__, **narrow)
            temperature = choice(
                "Temperature",
                TEMPERATURES,
                default="1",
                key=f"{PREFIX}_temp",
                name=lambda t: f"temperature {t}",
                **(narrow | {"width": 165}),
            )
    words = split_words(text)
    with picture:
        if len(text.split()) > len(words):
            st.caption(f"At most {len(words)} words are drawn, so that the numbers stay readable.")
        if not words:
            st.info("Type one to eight words, and each becomes a row of numbers.")
            return None
        started = time.perf_counter()
        if example == SHAPES:
            names = pictures.shape_matrices(len(words), int(heads))
            steps = pictures.shape_pictures(len(words), int(heads))
            count = 1
            symmetry = pictures.SYMMETRY
            source = "shapes only, no numbers"
        else:
            toy = worked.toy(
                example,
                words,
                {name: asked[name] for name in EDITABLE},
                heads=int(heads),
                d_k=int(d_k),
                mask=mask,
                temperature=float(temperature),
            )
            trace = toy.compute()
            names = pictures.matrices(toy, trace)
            steps = pictures.pictures(toy, trace)
            count = toy.heads
            symmetry = pictures.symmetry(toy, trace)
            source = "made by hand, changed here" if toy.changed else "made by hand"
        view = pictures.view_of(asked["step"], asked["head"], asked["cell"], count, names)
        made = Provenance(
            "Worked example",
            source,
            "float64",
            "cpu",
            len(words),
            (time.perf_counter() - started) * 1000,
            {"numpy": version("numpy")},
        )
        sent = message(
            names,
            steps,
            view,
            heads=count,
            prefix=PREFIX,
            provenance=f"Plainsight · {made.model} ({source}) · {' '.join(words)}",
        )
        attention_steps(sent, key=f"{PREFIX}_picture")

    def export() -> None:
        toolbar.export_buttons(["svg", "png"])
        if example != SHAPES:
            csv_button(lambda: pictures.steps_csv(names), "self-attention")
        st.download_button(
            "HTML: all steps, one page that works offline",
            lambda: standalone_html(sent, title="Self-attention, step by step"),
            "self-attention.html",
            "text/html",
            on_click="ignore",
            width="stretch",
        )

    return Shown(export, READ_STEPS.format(symmetry=symmetry), HOW_STEPS, made)
