"""Texts as vectors: one query, four ways to make vectors, and the order in which each finds the texts."""

from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import frame, working
from app.embedding_projections import cached_vectors
from app.embedding_projections.shared import FIGURE, PREFIX
from app.embedding_projections.word_notes import HOW_TEXTS, READ_TEXTS
from app.embedding_projections.word_shared import save, told
from app.settings import SETTINGS
from app.shown import Shown
from app.state import url_text
from components import figures, word_charts
from components.figures import Panel, Scale
from models.errors import TextError
from models.traces_vectors import TextRankings

TEXTS = """The school hired a new professor.
Pupils study for their exams at university.
The army attacked the town at dawn.
The war ended with a treaty.
He ordered a pizza with cheese.
The chef bakes bread in the oven."""
QUERY = "a teacher and a student at the college"
TEXTS_OPENING = {"texts": TEXTS, "query": QUERY}
ONE_WORD = {"texts": "teacher\nstudent\nwar\npizza", "query": "college"}
MOST_TERMS = 16  # columns of the matrix that can be read
ROOM_TERMS = 8  # the same before a class
HEIGHT = 300
ROOM_HEIGHT = 400  # of the one matrix that a class sees


def texts(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """Texts and a query, the rankings, and the vectors of counts under them."""
    with controls:
        query = url_text("Query", QUERY, key=f"{PREFIX}_query", width=320)
        text = url_text("Texts, one in a line", TEXTS, key=f"{PREFIX}_texts", area=True, height=92, width=500)
    lines = tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    with picture:
        _check(lines, query)
        with working.shown("Four kinds of vectors are made", key=f"{PREFIX}_ranked") as work:
            found = cached_vectors.ranked(lines, query, on_wait=work.wait)
        draw(found)
        said = sentences(found)
        names = [space.name for space in found.spaces]
        table: dict[str, list[Any]] = {"text": list(found.texts)}
        for name, space in zip(names, found.spaces, strict=True):
            table[f"{name}: rank"] = [int(rank) for rank in space.rank]
            table[f"{name}: cosine"] = [f"{value:.4f}" for value in space.cosine]
        told(said, table)
        export = save(said, table, found.provenance, "texts-ranked", f"Texts ranked by “{found.query}”")
        return Shown(
            export,
            READ_TEXTS,
            HOW_TEXTS,
            found.provenance,
            sources=("salton1988", "pennington2014", "reimers2019", "wang2020"),
        )


def _check(lines: tuple[str, ...], query: str) -> None:
    if len(lines) > cached_vectors.MOST_TEXTS:
        raise TextError(
            f"There are {len(lines)} texts; at most {cached_vectors.MOST_TEXTS} are ranked at once."
        )
    letters = sum(map(len, lines)) + len(query)
    if letters > SETTINGS.max_characters:
        raise TextError(
            f"The texts have {letters:,} characters; at most {SETTINGS.max_characters:,} are read."
        )


def draw(found: TextRankings) -> None:
    """The rankings at left, the counted and weighed words at right."""
    room = frame.presenting()
    columns = ROOM_TERMS if room else MOST_TERMS
    with st.container(key=FIGURE):
        left, right = st.columns([5, 3] if room else [3, 2], gap="medium")
        with left:
            frame.chart(
                word_charts.rankings(
                    found.texts,
                    [space.name for space in found.spaces],
                    np.column_stack([space.cosine for space in found.spaces]),
                    np.column_stack([space.rank for space in found.spaces]),
                ),
                key=f"{PREFIX}_rankings",
                alt=f"Rank and cosine of {len(found.texts)} texts with the query in four spaces.",
            )
            st.caption(
                "Rank and cosine with the query"
                + ("." if room else "; a tie shares its rank. The stronger the green, the nearer the top.")
            )
        with right:
            shown = np.argsort(-(found.query_counts * 1000 + found.counts.sum(0)), kind="stable")[:columns]
            shown = np.sort(shown)
            numbers = range(1, len(found.texts) + 1)
            rows = ["query", *(str(at) if room else f"{at} {found.texts[at - 1][:24]}" for at in numbers)]
            terms = [found.terms[i] for i in shown]
            matrices = (
                ("Bag of words: how often", found.counts, found.query_counts),
                ("TF-IDF: how telling", found.tfidf, found.query_tfidf),
            )
            for name, values, query in matrices[:1] if room else matrices:
                stacked = np.vstack([query, values])[:, shown]
                most = float(stacked.max()) or 1.0
                figures.matrix(
                    [Panel(name, stacked, rows, terms)],
                    Scale("count" if "Bag" in name else "weight", 0, most, 0 if "Bag" in name else 2),
                    axes=("text", "word"),
                    label=f"{name} each word occurs in each text.",
                    key=f"{PREFIX}_{'counts' if 'Bag' in name else 'tfidf'}",
                    height=ROOM_HEIGHT if room else HEIGHT,
                )
            if len(found.terms) > columns:
                st.caption(f"{columns} of {len(found.terms)} words are drawn; the ranks use all.")


def sentences(found: TextRankings) -> str:
    """What each space finds first, and why words that are not shared count for nothing."""
    counts, _, words, meaning = found.spaces
    parts = []
    if not counts.cosine.any():
        parts.append(
            f"No text holds a word of the query, so bag of words and TF-IDF give all {len(found.texts)} "
            "texts the "
            "cosine 0: every word is a direction of its own, equally far from all others."
        )
    else:
        absent = ", ".join(f"“{word}”" for word in counts.missing[:4])
        parts.append(
            f"Bag of words puts {first(found, 0)} first"
            + (f", without ever having seen {absent}" if absent else "")
            + f"; TF-IDF, which weighs down words that stand in many texts, puts {first(found, 1)} first."
        )
    parts.append(
        f"GloVe puts {first(found, 2)} first and {meaning.name.split(',')[0]} {first(found, 3)}: they know "
        "words "
        "that mean nearly the same."
    )
    if frame.presenting():
        return " ".join(parts)
    spread = words.cosine.max() - words.cosine.min()
    parts.append(
        f"GloVe's cosines lie between {words.cosine.min():.2f} and {words.cosine.max():.2f}"
        + (
            ", close together, since the small words of every sentence pull all means one way."
            if spread < 0.35
            else "."
        )
    )
    return " ".join(parts)


def first(found: TextRankings, space: int) -> str:
    """The texts of rank 1."""
    best = [text for text, rank in zip(found.texts, found.spaces[space].rank, strict=True) if rank == 1]
    cut = [text if len(text) <= 40 else text[:39] + "…" for text in best[:2]]
    return " and ".join(f"“{text}”" for text in cut) + (f" and {len(best) - 2} more" if len(best) > 2 else "")
