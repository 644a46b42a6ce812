"""The view *One word, many senses*: a word's vectors in many sentences, layer by layer, in one frame."""

from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import frame, working
from app.embedding_projections import cached_vectors
from app.embedding_projections.shared import FIGURE, PREFIX, exports, save_whole, tell, view_of
from app.embedding_projections.word_notes import HOW_SENSES, READ_SENSES
from app.settings import SETTINGS
from app.shown import Shown
from app.state import url_text
from components import charts, word_charts
from components.charts import GREY, ORANGE, TEAL
from components.scatter_view import CATEGORIES, Map, Truth, View, message, scatter_view
from models.errors import TextError
from models.nearest import nearest
from models.points import Points
from models.senses import BANK, film, tfidf_map
from models.traces_vectors import SensesTrace
from models.vectors import unit

OPENING = {"sword": "bank", "sentences": BANK}
BELOW = 420  # pixels under the film strip, for the cosines by layer
NEAR = 5  # true neighbours that a click shows
HINT = (
    "Over a map: how many points have one of their own sense as nearest. At layer 0 a word is known by "
    "its place alone: those at the same place of a sentence are one dot. Click a point for its sentence; "
    "Film plays the layers as one map."
)


def senses(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """The word and its sentences, the film strip, and the cosines by layer."""
    with controls, st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        word = url_text("Word", OPENING["sword"], key=f"{PREFIX}_sword", width=150)
        with st.popover("The sentences", icon=":material/edit:"):
            text = url_text(
                "One sentence in a line; a sense and a | before it gives it a colour",
                BANK,
                key=f"{PREFIX}_sentences",
                area=True,
                height=420,
                width=560,
            )
    with picture:
        if len(text) > SETTINGS.max_characters:
            raise TextError(
                f"The sentences have {len(text):,} characters; at most {SETTINGS.max_characters:,} are read."
            )
        with working.shown(f"MiniLM reads “{word[:30]}” in each sentence", key=f"{PREFIX}_senses") as work:
            trace = cached_vectors.senses(word, text, on_wait=work.wait)
        if trace.left_out:
            st.caption(f"Without the word, so left out: {listed(trace.left_out)}.")
        points = points_of(trace)
        maps = strip(trace)
        with st.container(key=FIGURE):
            sent = draw(trace, points, maps)
            beside(trace)
        told = sentences(trace)
        tell(told, table(trace))
        stem = f"senses-{''.join(letter for letter in trace.word if letter.isalnum())}"
        save_whole(told, trace.provenance, stem, title(trace))
    return Shown(
        exports(points, maps, sent, stem, title(trace)),
        READ_SENSES,
        HOW_SENSES,
        trace.provenance,
        sources=("ethayarajh2019", "wang2020", "pennington2014"),
    )


def listed(texts: tuple[str, ...]) -> str:
    """The first of many texts, cut short."""
    return ", ".join(f"“{text[:50]}”" for text in texts[:3]) + (
        f" and {len(texts) - 3} more" * (len(texts) > 3)
    )


def title(trace: SensesTrace) -> str:
    """What the picture is called."""
    return f"“{trace.word}” in {len(trace.sentences)} sentences, layer by layer"


def points_of(trace: SensesTrace) -> Points:
    """The sentences as points; what a click shows are neighbours in the last layer."""
    senses = {"sense": trace.senses} if len(trace.groups) > 1 else {}
    return Points(
        name=title(trace),
        vectors=unit(trace.vectors[-1]).astype(np.float32),
        labels=trace.sentences,
        metric="cosine",
        columns=senses,
        source=f"{trace.provenance.model}, 384 numbers a layer",
    )


def strip(trace: SensesTrace) -> list[Map]:
    """One map a layer, all in one frame."""
    frames = film(trace)
    maps = []
    for layer, xy in enumerate(frames):
        near = nearest(xy, min(NEAR, len(xy) - 1), "euclidean").index
        maps.append(Map(f"Layer {layer}", xy, note(trace, layer), near))
    return maps


def note(trace: SensesTrace, layer: int) -> str:
    """How many of the points have one of their own sense as nearest, in the space; nothing in a room."""
    if frame.presenting():
        return ""
    return f"{trace.matched[layer]} of {len(trace.sentences)}" if len(trace.groups) > 1 else ""


def draw(trace: SensesTrace, points: Points, maps: list[Map]) -> bytes:
    """The film strip as linked maps; the message, for the exports."""
    near = nearest(points.vectors, min(NEAR, len(points) - 1), "cosine")
    opening = View(colour="sense" if points.columns else "none", labels="off")
    sent = message(
        points.labels,
        maps,
        view_of(points, [], opening, len(maps)),
        columns=points.columns,
        truth=Truth(near.index, 1 - near.distance, "cosine"),
        default=opening,
        across=7,
        film=True,
        below=BELOW,
        prefix=PREFIX,
        title=title(trace),
        stem="",
        provenance=f"Plainsight · {trace.provenance.model} ({trace.provenance.revision})",
        hint=HINT,
    )
    scatter_view(sent, key=f"{PREFIX}_film")
    return sent


def beside(trace: SensesTrace) -> None:
    """Mean cosines by layer, and the sentences by their other words alone."""
    layers = np.arange(len(trace.alike))
    lines = [charts.Curve("all pairs", layers, trace.alike, TEAL, points=True)]
    if not np.isnan(trace.within).all() and not np.isnan(trace.between).all():
        lines = [
            charts.Curve("within a sense", layers, trace.within, TEAL, points=True),
            charts.Curve("between senses", layers, trace.between, ORANGE, points=True, dashed=True),
        ]
    still = np.ones(len(layers))
    lines.append(charts.Curve("static vector", layers, still, GREY, dashed=True))
    room = frame.presenting()
    left, right = (st.container(), None) if room else st.columns([3, 2], gap="medium")
    with left:
        st.markdown("**Mean cosine of two occurrences, by layer**")
        low = np.floor(10 * min(np.nanmin(line.y) for line in lines)) / 10
        frame.chart(
            charts.curves(
                lines,
                x="layer",
                y="mean cosine",
                log="",
                low=low,
                high=1.02,
                ticks=layers.tolist(),
                height=210,
            ),
            key=f"{PREFIX}_by_layer",
            alt="Mean cosine within and between senses at each layer.",
        )
        if not room and not np.isnan(trace.strangers).any():
            st.caption(
                f"The scale begins at {low:.1f}. Two different words of different sentences have a mean "
                f"cosine of {trace.strangers[0]:.2f} at layer 0 and {trace.strangers[-1]:.2f} at layer "
                f"{layers[-1]}."
            )
    if right is None:
        return
    with right:
        st.markdown("**TF-IDF of the other words**, for comparison")
        frame.chart(
            word_charts.groups(tfidf_map(trace), trace.senses, trace.sentences, CATEGORIES, height=210),
            key=f"{PREFIX}_by_words",
            alt="The sentences on the plane where the TF-IDF of their other words differs most.",
        )


def sentences(trace: SensesTrace) -> str:
    """How far the senses part, and what the other vectors make of them."""
    last, n = len(trace.alike) - 1, len(trace.sentences)
    static = (
        f"A static vector such as GloVe's is the same in all {n} sentences: cosine 1, no senses."
        if trace.in_glove
        else f"GloVe does not hold “{trace.word}”; a static vector would be the same in all {n} sentences."
    )
    falls = (
        f"The mean cosine of two occurrences goes from {trace.alike[0]:.2f} before layer 1 to "
        f"{trace.alike[last]:.2f} after layer {last}."
    )
    if np.isnan(trace.between[last]) or np.isnan(trace.within[last]):
        return f"{static} MiniLM's vectors part as it reads the words around. {falls}"
    matched = (
        f"{static} In MiniLM {trace.matched[0]} of {n} occurrences have one of their own sense as nearest "
        f"before layer 1 and {trace.matched[last]} after layer {last}"
    )
    if frame.presenting():
        return f"{matched}."
    return (
        f"{matched}, where two of one sense have a mean cosine of "
        f"{trace.within[last]:.2f} and two of different senses {trace.between[last]:.2f}. {falls} TF-IDF, "
        "which "
        f"only counts the other words, gives {trace.tfidf_within:.2f} and {trace.tfidf_between:.2f}."
    )


def table(trace: SensesTrace) -> dict[str, list[Any]]:
    """Every mean by layer."""

    def said(values: Any) -> list[str]:
        return ["–" if np.isnan(value) else f"{value:.4f}" for value in values]

    return {
        "layer": [str(layer) for layer in range(len(trace.alike))],
        "all pairs (self-similarity)": said(trace.alike),
        "within a sense": said(trace.within),
        "between senses": said(trace.between),
        "different words": said(trace.strangers),
        "nearest has the same sense": [f"{found} of {len(trace.sentences)}" for found in trace.matched],
    }
