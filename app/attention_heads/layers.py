"""The fourth view: where a token's content came from, traced down through the layers."""

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import frame
from app.attention_heads import cached, notes_depth, shared
from app.attention_heads.shared import (
    FIGURE,
    PREFIX,
    Asked,
    Rows,
    Shown,
    exports,
    name,
    tell,
    titled,
    trace_of,
    view_of,
)
from app.state import choice
from components import figures
from components.figures import Panel, Scale
from models.errors import ModelError
from models.quantise import percent
from models.traces import Array, AttentionTrace

SHOW = {"token": "one token, all layers", "layer": "all tokens, one layer"}
NAMES = ("Raw attention, mean of heads", "Rollout", "Widest path")


def through_the_layers(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """Raw weights, rollout and widest path side by side."""
    asked = shared.controls(controls)
    with picture:
        trace = trace_of(asked)
        if trace is None:
            return None
        if trace.part == "cross":
            raise ModelError(
                "Cross attention leads from one text to another; choose the encoder or the decoder."
            )
        view, *_ = view_of(asked, trace)
        n, layers = len(trace.tokens), len(trace.weights)
        tokens = [f"{at} {token.text}" for at, token in enumerate(trace.tokens)]
        with controls, st.container(horizontal=True, vertical_alignment="bottom"):
            show = choice("Show", list(SHOW), key=f"{PREFIX}_paths", name=SHOW.__getitem__, width=260)
            held = int(view.pin[1:]) if view.pin else n - 1
            start = choice(
                "From the token",
                ["pin", *map(str, range(n))],
                key=f"{PREFIX}_from",
                name=lambda at: f"{tokens[held]}, the one in view" if at == "pin" else tokens[int(at)],
                width=240,
            )
            end = choice(
                "Up to layer",
                ["top", *map(str, range(layers))],
                key=f"{PREFIX}_upto",
                name=lambda at: f"{layers - 1}, the last" if at == "top" else at,
                width=180,
            )
        query = held if start == "pin" else int(start)
        top = layers - 1 if end == "top" else int(end)
        raw, rolled, widest = cached.traced(*asked.key, query)
        draw(asked, trace, show, query, top, (raw, rolled, widest))
        rows = table(trace, query, raw, rolled, widest)
        stem = f"rollout-{asked.card.id}-{query}"
        said = sentences(trace, query, top, raw, rolled, widest)
        tell(said, rows, trace.provenance, stem, titled(f"{tokens[query]} through the layers", asked))
    return Shown(
        exports(rows, stem),
        notes_depth.READ_LAYERS,
        notes_depth.HOW_LAYERS,
        trace.provenance,
        sources=("abnar2020", "jain2019"),
    )


def draw(
    asked: Asked,
    trace: AttentionTrace,
    show: str,
    query: int,
    top: int,
    found: tuple[Array, Array, Array],
) -> None:
    """Three small matrices on one scale: layers down for one token, or queries down at one layer."""
    raw, rolled, widest = found
    words = [token.text for token in trace.tokens]
    if show == "token":
        parts = (raw[:, query], rolled[:, query], widest)
        panels = [Panel(title, values, (), words) for title, values in zip(NAMES, parts, strict=True)]
        axes, held, param = ("layer", "token"), top, f"{PREFIX}_upto"
        label = f"{words[query]}: raw attention, rollout and widest path by layer"
    else:
        maps = (raw[top], rolled[top])
        titles = (f"{NAMES[0]}, layer {top}", f"{NAMES[1]} up to layer {top}")
        panels = [Panel(title, values, words, words) for title, values in zip(titles, maps, strict=True)]
        axes, held, param = ("token", "comes from"), query, f"{PREFIX}_from"
        label = f"All tokens at layer {top}: raw attention and rollout"
    most = max(float(panel.values.max()) for panel in panels)
    with st.container(key=FIGURE):
        figures.matrix(
            panels,
            Scale("share of the token; of a path its narrowest step", 0, float(np.ceil(most * 10) / 10)),
            axes=axes,
            label=label,
            key=f"{PREFIX}_paths_{show}",
            held=held,
            param=param,
            square=show == "layer",
            height=480 if frame.presenting() else 345,
        )


def sentences(trace: AttentionTrace, query: int, top: int, raw: Array, rolled: Array, widest: Array) -> str:
    """What the three say of one token, and what rollout favours."""
    word = name(trace.tokens[query])

    def most(values: Array) -> str:
        at = int(values.argmax())
        return f"{name(trace.tokens[at])} ({percent(float(values[at]))})"

    others = [values.copy() for values in (rolled[top, query], widest[top])]
    for values in others:
        values[query] = -1  # the residual stream keeps a token itself on top
    first = f"In layer {top} {word} looks most at {most(raw[top, query])}."
    if len(trace.tokens) == 1:
        return first
    second = (
        f" Traced down to the input, rollout leaves **{percent(float(rolled[top, query, query]))}** of it at "
        f"{word} itself and most of the rest at {most(others[0])}; the widest single path to another token "
        f"leads to {most(others[1])}."
    )
    if not trace.causal:
        return first + second
    n, layers = len(trace.tokens), top + 1
    even = np.tril(np.ones((n, n))) / np.arange(1, n + 1)[:, None]
    by_chance = np.linalg.matrix_power((even + np.eye(n)) / 2, layers)[query, 0]
    third = (
        " In a decoder early tokens lie on more paths: evenly spread attention alone would put "
        f"{percent(float(by_chance))} on the first token; it gets {percent(float(rolled[top, query, 0]))}."
    )
    return first + second + third


def table(trace: AttentionTrace, query: int, raw: Array, rolled: Array, widest: Array) -> Rows:
    """Raw weight, rollout and widest path of one token at every layer and key."""
    rows: Rows = [("layer", "key", "token", "raw attention", "rollout", "widest path")]
    for layer in range(len(raw)):
        for key, token in enumerate(trace.tokens):
            numbers = (raw[layer, query, key], rolled[layer, query, key], widest[layer, key])
            rows.append((str(layer), str(key), token.text, *(f"{value:.6g}" for value in numbers)))
    return rows
