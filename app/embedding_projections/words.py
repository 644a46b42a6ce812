"""The view *Words*: what is near, what an analogy gives, an axis between two words, texts as vectors."""

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import frame
from app.embedding_projections import cached_vectors
from app.embedding_projections.analogies import analogies
from app.embedding_projections.shared import FIGURE, PREFIX
from app.embedding_projections.texts import texts
from app.embedding_projections.word_notes import HOW_AXIS, HOW_NEAR, READ_AXIS, READ_NEAR
from app.embedding_projections.word_shared import save, told
from app.shown import Shown
from app.state import choice, url_text
from components import figures, word_charts
from components.figures import Panel, Scale
from models.errors import TextError
from models.glove import glove
from models.vectors import cosine, unknown

ASKS = {
    "near": ("Near and far", lambda *places: near(*places)),
    "analogy": ("Analogy", analogies),
    "axis": ("An axis of meaning", lambda *places: axis(*places)),
    "texts": ("Texts as vectors", texts),
}
NEAR_WORDS = "college teacher student school army war soldier bread pizza"
AXIS_WORDS = (
    "beggar peasant farmer nurse teacher engineer lawyer banker millionaire "
    "slum cottage suburb villa palace bicycle yacht charity casino"
)
AXIS_OPENING = {"low": "poor", "high": "rich", "between": AXIS_WORDS}
MOST_WORDS = 24
NEAREST = 12
HEIGHT = 420
ROOM = 550  # pixels of the matrix before a class, whose controls stand beside it
ROOM_WIDTH = 470  # pixels of the axis before it is enlarged


def words(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """The question, then its controls and its picture."""
    row = controls.container(horizontal=True, vertical_alignment="bottom", gap="small")
    with row:
        asked = choice(
            "Question", list(ASKS), key=f"{PREFIX}_ask", name=lambda name: ASKS[name][0], width=190
        )
    return ASKS[asked][1](row, picture)


def listed(text: str) -> tuple[str, ...]:
    """The words of a field, parted by blanks or commas, each once."""
    return tuple(dict.fromkeys(word.lower() for word in text.replace(",", " ").split()))


def _known(given: Sequence[str], least: int) -> tuple[str, ...]:
    """Those of ``given`` that GloVe holds, the first MOST_WORDS; what is left out is said in a line."""
    places, missing = glove().places(given)
    if len(places) < least:
        if missing:
            raise unknown(missing)
        raise TextError(f"Type {least} or more words.")
    if missing:
        st.caption(f"GloVe does not hold {', '.join(f'“{word[:40]}”' for word in missing[:5])}; left out.")
    if len(places) > MOST_WORDS:
        st.caption(f"{len(places)} words; the first {MOST_WORDS} are drawn.")
    return tuple(glove().words[place] for place in places[:MOST_WORDS])


def near(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """The cosine of every two words, and the nearest words of one."""
    with controls:
        text = url_text("Your words", NEAR_WORDS, key=f"{PREFIX}_wlist", width=560)
        given = listed(text)
        known = [word for word in given if glove().place(word) is not None][:MOST_WORDS] or [""]
        _forget("word", known)
        word = choice("Nearest words of", known, key=f"{PREFIX}_word", width=200)
    with picture:
        started = time.perf_counter()
        shown = _known(given, 2)
        vectors = glove()
        rows = vectors.take(vectors.places(shown)[0])
        alike = cosine(rows, rows)
        found = cached_vectors.nearest_words(word, NEAREST)
        spent = 1000 * (time.perf_counter() - started)
        with st.container(key=FIGURE):
            left, right = st.columns([6, 5], gap="medium")
            with left:
                figures.matrix(
                    [Panel("Cosine of every two words", alike, shown, shown)],
                    Scale("cosine", -1, 1),
                    axes=("word", "word"),
                    label=f"Cosine of each of {len(shown)} words with each other, from −1 to 1.",
                    key=f"{PREFIX}_matrix",
                    square=True,
                    height=ROOM if frame.presenting() else HEIGHT,
                )
            with right:
                st.markdown(f"**Nearest to “{word}”** among {found.of:,} words")
                frame.chart(
                    word_charts.cosine_bars(found.labels, found.cosine, height=HEIGHT - 70),
                    key=f"{PREFIX}_nearest",
                    alt=f"The {len(found.labels)} words nearest to {word} with their cosines.",
                )
        said = near_sentences(shown, alike, word, found.labels, found.cosine)
        table: dict[str, list[Any]] = {"word": list(shown)}
        table |= {name: [f"{value:.4f}" for value in alike[:, at]] for at, name in enumerate(shown)}
        made = vectors.provenance(found.of, spent)
        told(said, table)
        pairs = [(one, other, alike[i, j]) for i, one in enumerate(shown) for j, other in enumerate(shown)]
        pairs += [(word, other, value) for other, value in zip(found.labels, found.cosine, strict=True)]
        columns = zip(*((one, other, f"{value:.6f}") for one, other, value in pairs), strict=True)
        export = save(
            said,
            dict(zip(("word", "other", "cosine"), columns, strict=True)),
            made,
            f"nearest-{word}",
            f"Nearest words of “{word}”",
        )
        return Shown(export, READ_NEAR, HOW_NEAR, made, sources=("pennington2014", "mikolov2013"))


def _forget(name: str, known: Sequence[str]) -> None:
    """A word that has left the list is no choice any more, and needs no note."""
    key = f"{PREFIX}_{name}"
    if st.session_state.get(f"{key}:of", tuple(known)) != tuple(known):
        st.session_state[key] = st.session_state[key] if st.session_state.get(key) in known else known[0]
    st.session_state[f"{key}:of"] = tuple(known)


def near_sentences(
    shown: Sequence[str], alike: np.ndarray, word: str, nearest: Sequence[str], scores: np.ndarray
) -> str:
    """The nearest and the farthest pair, and the nearest word of all."""
    one, other = np.triu_indices(len(shown), 1)
    pairs = alike[one, other]
    best, worst = int(pairs.argmax()), int(pairs.argmin())
    return (
        f"Of your {len(shown)} words “{shown[one[best]]}” and “{shown[other[best]]}” are nearest, with a "
        "cosine "
        f"of {pairs[best]:.2f}, and “{shown[one[worst]]}” and “{shown[other[worst]]}” farthest, with "
        f"{minus(pairs[worst])}. Nearest to “{word}” of 400,000 words is “{nearest[0]}” with "
        f"{scores[0]:.2f}. "
        "Words are near that stand in like surroundings, so opposites can be near, too."
    )


def minus(value: float) -> str:
    """Two digits with a real minus sign."""
    return f"{value:.2f}".replace("-", "−")


def axis(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """Words along the direction from one word to another."""
    with controls:
        low = url_text("From", AXIS_OPENING["low"], key=f"{PREFIX}_low", width=130)
        high = url_text("To", AXIS_OPENING["high"], key=f"{PREFIX}_high", width=130)
        text = url_text("Words between", AXIS_WORDS, key=f"{PREFIX}_between", width=560)
    with picture:
        started = time.perf_counter()
        found = cached_vectors.semantic_axis(low, high, _known(listed(text), 1))
        spent = 1000 * (time.perf_counter() - started)
        with st.container(key=FIGURE):
            frame.chart(
                word_charts.word_axis(
                    found.words,
                    found.position,
                    found.low,
                    found.high,
                    found.ends,
                    width=ROOM_WIDTH if frame.presenting() else 1000,
                ),
                key=f"{PREFIX}_axis",
                alt=f"{len(found.words)} words along the direction from {found.low} to {found.high}.",
            )
        order = np.argsort(found.position)
        first, last = found.words[order[0]], found.words[order[-1]]
        said = (
            f"Of {len(found.words)} words “{first}” lies farthest towards “{found.low}” "
            f"({minus(found.position[order[0]])}) and “{last}” farthest towards “{found.high}” "
            f"({minus(found.position[order[-1]])}). The two ends themselves stand at "
            f"{minus(found.ends[0])} and "
            f"{minus(found.ends[1])}: even they do not point along the axis, since they share most of what "
            "they "
            "mean. What the axis says of people and jobs is what newspapers wrote, prejudice included."
        )
        table: dict[str, list[Any]] = {
            "word": [found.words[i] for i in order],
            f"cosine with {found.high} − {found.low}": [f"{found.position[i]:.4f}" for i in order],
        }
        made = glove().provenance(len(found.words) + 2, spent)
        told(said, table)
        export = save(
            said, table, made, f"axis-{found.low}-{found.high}", f"From {found.low} to {found.high}"
        )
        return Shown(export, READ_AXIS, HOW_AXIS, made, sources=("an2018", "bolukbasi2016", "pennington2014"))
