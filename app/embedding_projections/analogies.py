"""Analogies: a − b + c as arrows on a map, and the words nearest to where they lead."""

import time
from collections.abc import Mapping

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from app import frame
from app.embedding_projections import cached_vectors
from app.embedding_projections.shared import FIGURE, PREFIX, exports, provenance, save_whole, tell, view_of
from app.embedding_projections.word_notes import HOW_ANALOGY, READ_ANALOGY
from app.shown import Shown
from app.state import choice, url_text
from components import word_charts
from components.scatter_view import Arrow, Map, Truth, View, message, scatter_view
from models.glove import glove
from models.nearest import nearest
from models.points import Points
from models.traces_vectors import Analogy, Plane
from models.vectors import plane, unit

OPENING = {"a": "king", "b": "man", "c": "woman", "inputs": "out"}
INPUTS = {"out": "query words left out (as usual)", "in": "query words allowed (honest)"}
EXAMPLES = {
    "king − man + woman": ("king", "man", "woman"),
    "paris − france + germany": ("paris", "france", "germany"),
    "his − he + she": ("his", "he", "she"),
    "walking − walk + swim": ("walking", "walk", "swim"),
    "bigger − big + small": ("bigger", "big", "small"),
    "doctor − man + woman": ("doctor", "man", "woman"),
    "sushi − japan + germany": ("sushi", "japan", "germany"),
}
ANSWERS = 10
SUM = "(the sum)"
BELOW = 190  # pixels under the map, for the legend and what follows
ON_MAP = 5  # answers that get a place beside the arrows


def analogies(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """Three words, the honest switch, the map and the list."""
    with controls:
        a = url_text("Word", OPENING["a"], key=f"{PREFIX}_a", width=115)
        b = url_text("minus", OPENING["b"], key=f"{PREFIX}_b", width=115)
        c = url_text("plus", OPENING["c"], key=f"{PREFIX}_c", width=115)
        inputs = choice(
            "The three words themselves",
            list(INPUTS),
            key=f"{PREFIX}_inputs",
            name=INPUTS.__getitem__,
            width=270,
        )
        st.selectbox(
            "Examples",
            list(EXAMPLES),
            index=None,
            placeholder="Choose one",
            key=f"{PREFIX}:example",
            on_change=_take_example,
            width=180,
        )
    with picture:
        started = time.perf_counter()
        found = cached_vectors.analogy(a, b, c, inputs == "out", ANSWERS)
        points, seen = on_plane(found)
        spent = time.perf_counter() - started
        left, right = st.container(key=FIGURE).columns([3, 2], gap="medium")
        with left:
            sent, drawn = draw(found, points, seen)
        with right:
            st.markdown(f"**Nearest to {said(found)}**")
            flagged = [place in found.places for place in found.answers.places]
            frame.chart(
                word_charts.cosine_bars(
                    found.answers.labels,
                    found.answers.cosine,
                    flagged=flagged,
                    flag="" if frame.presenting() else "query word",  # the map's legend says it
                    height=290,
                ),
                key=f"{PREFIX}_answers",
                alt=f"The {ANSWERS} words nearest to {said(found)} with their cosines.",
            )
            st.caption(left_out(found))
        told = sentences(found, seen)
        tell(
            told,
            {
                "word": list(found.answers.labels),
                "cosine": [f"{value:.4f}" for value in found.answers.cosine],
                "place by frequency": [int(place) + 1 for place in found.answers.places],
            },
        )
        made = provenance(points, spent, ["numpy"])
        stem = f"analogy-{'-'.join(found.inputs)}"
        save_whole(told, made, stem, said(found))
    return Shown(
        exports(points, [drawn], sent, stem, said(found)),
        READ_ANALOGY,
        HOW_ANALOGY,
        made,
        sources=("mikolov2013", "levy2014", "nissim2020", "pennington2014"),
    )


def _take_example() -> None:
    """Put an example into the three fields."""
    chosen = st.session_state.get(f"{PREFIX}:example")
    if chosen in EXAMPLES:
        for name, word in zip("abc", EXAMPLES[chosen], strict=True):
            st.session_state[f"{PREFIX}_{name}"] = word
    st.session_state[f"{PREFIX}:example"] = None


def said(found: Analogy) -> str:
    """The sum as it is written."""
    a, b, c = found.inputs
    return f"{a} − {b} + {c}"


def on_plane(found: Analogy) -> tuple[Points, Plane]:
    """The three words, where their sum leads, and the nearest answers, on the plane where they differ "
    "most."""
    words = glove()
    answers = [
        place for place in dict.fromkeys(found.answers.places.tolist()) if place not in found.places.tolist()
    ][:ON_MAP]
    places = [*dict.fromkeys(found.places.tolist()), *answers]
    vectors = np.vstack([found.target, unit(words.take(places))])
    labels = [SUM, *(words.words[place] for place in places)]
    given = len(places) - len(answers)
    roles = ["the sum", *["query word"] * given, *["near the sum"] * len(answers)]
    points = Points(
        name=f"Words around {said(found)}",
        vectors=vectors.astype(np.float32),
        labels=tuple(labels),
        metric="cosine",
        columns={"role": tuple(roles)},
        source="GloVe 6B, 50 dimensions, each word at length 1",
    )
    return points, upright(
        plane(labels, vectors), labels.index(found.inputs[0]), labels.index(found.inputs[1])
    )


def upright(seen: Plane, head: int, tail: int) -> Plane:
    """The plane turned so that the step from ``tail`` to ``head`` goes up, since names stand right."""
    xy, share = seen.xy, seen.share
    step = xy[head] - xy[tail]
    if abs(step[0]) > abs(step[1]):
        xy, share, step = xy[:, ::-1], share[::-1], step[::-1]
    return Plane(seen.labels, xy * (1, -1 if step[1] < 0 else 1), share)


def draw(found: Analogy, points: Points, seen: Plane) -> tuple[bytes, Map]:
    """The map with its arrows; the message and the map, for the exports."""
    at = dict(zip(points.labels, seen.xy, strict=True))
    a, b, c = (at[word] for word in found.inputs)
    names = {word: i for i, word in enumerate(points.labels)}
    steps = [
        Arrow(
            0, _pair(b), _pair(a), f"{found.inputs[0]} − {found.inputs[1]}", points=(names[found.inputs[1]],)
        ),
        Arrow(0, _pair(c), _pair(at[SUM]), "the same step", dashed=True, points=tuple(_first(found, names))),
    ]
    near = nearest(points.vectors, 3, "cosine")
    drawn = Map(
        name=said(found),
        xy=seen.xy,
        near=nearest(seen.xy, 3, "euclidean").index,
        axes=(f"{seen.share[0]:.0%} of the variance", f"{seen.share[1]:.0%} of the variance"),
        note=f"plane with {seen.share.sum():.0%} of the variance",
    )
    opening = View(colour="role")
    sent = message(
        points.labels,
        [drawn],
        view_of(points, [], opening, 1),
        columns=points.columns,
        truth=Truth(near.index, 1 - near.distance, "cosine"),
        arrows=steps,
        default=opening,
        below=BELOW,
        prefix=PREFIX,
        title=said(found),
        stem="",
        provenance=f"Plainsight · {points.source}",
        hint="Click a word for its nearest on the map and in the space.",
    )
    scatter_view(sent, key=f"{PREFIX}_picture_analogy")
    return sent, drawn


def _first(found: Analogy, names: Mapping[str, int]) -> list[int]:
    """The sum and the best answer on the map: these are named before all others."""
    best = [names[word] for word in found.answers.labels if word in names and word not in found.inputs]
    return [names[SUM], *best[:1]]


def _pair(place: NDArray[np.float64]) -> tuple[float, float]:
    return float(place[0]), float(place[1])


def left_out(found: Analogy) -> str:
    """Where the three words stand in the full list."""
    pairs = sorted(zip(found.input_rank, found.inputs, found.input_cosine, strict=True))
    told = ", ".join(f"“{word}” is no. {rank:,} ({value:.3f})" for rank, word, value in dict.fromkeys(pairs))
    return f"{'Left out' if found.exclude_inputs else 'Query words'}; places among all words: {told}."


def sentences(found: Analogy, seen: Plane) -> str:
    """What comes out, what custom hides, what the map shows."""
    listed = zip(found.answers.labels, found.answers.places, found.answers.cosine, strict=True)
    word, value = next((word, value) for word, place, value in listed if place not in found.places)
    answer = f"“{word}” ({value:.3f})"
    a, b, c = found.inputs
    if b in (a, c):
        left = c if a == b else a
        return (
            f"Here the same word is added and taken away, so the sum is “{left}” itself. "
            f"The nearest other word is {answer}."
        )
    first = int(np.argmin(found.input_rank))
    if found.input_rank[first] > 1:
        parts = [f"The word nearest to {said(found)} is {answer}, with the query words allowed or not."]
    else:
        parts = [
            f"The word nearest to {said(found)} is “{found.inputs[first]}” itself, with a cosine of "
            f"{found.input_cosine[first]:.3f}.",
            f"{answer} comes first only because custom leaves the three query words out."
            if found.exclude_inputs
            else f"Without the query words {answer} would be first, as papers usually print it.",
        ]
    if frame.presenting():  # the arrows are named, the share stands over the map
        return " ".join(parts)
    parts.append(
        "Both arrows are the same step, parallel and equally long: a PCA keeps sums and differences. "
        f"It shows {seen.share.sum():.0%} of the variance of these words."
    )
    return " ".join(parts)
