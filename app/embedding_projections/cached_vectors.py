"""What the views of words keep, keyed by words and texts."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.cached import model
from app.queue import heavy_work
from models.traces_vectors import Analogy, Ranking, SemanticAxis, SensesTrace, TextRankings

MOST_TEXTS = 40  # ranked at once


@st.cache_data(max_entries=256, ttl="1h", show_spinner=False)
def nearest_words(word: str, k: int) -> Ranking:
    """The words of GloVe nearest to a word."""
    from models.vectors import neighbours

    return neighbours(word, k)


@st.cache_data(max_entries=256, ttl="1h", show_spinner=False)
def analogy(a: str, b: str, c: str, exclude_inputs: bool, k: int) -> Analogy:
    """The words nearest to a − b + c."""
    from models import vectors

    return vectors.analogy(a, b, c, exclude_inputs=exclude_inputs, k=k)


@st.cache_data(max_entries=128, ttl="1h", show_spinner=False)
def semantic_axis(low: str, high: str, words: tuple[str, ...]) -> SemanticAxis:
    """Where words stand between two words."""
    from models import vectors

    return vectors.semantic_axis(low, high, words)


@st.cache_data(max_entries=64, ttl="1h", show_spinner=False)
def ranked(texts: tuple[str, ...], query: str) -> TextRankings:
    """The same query against the same texts in four spaces."""
    from models.sentences import embed
    from models.vectors import rank_texts

    def vectors(given: object) -> NDArray[np.float32]:
        with heavy_work():
            return embed(given, model=model("minilm", "auto"))  # type: ignore[arg-type]

    return rank_texts(texts, query, embed=vectors)


@st.cache_data(max_entries=16, ttl="1h", show_spinner=False)
def senses(word: str, text: str) -> SensesTrace:
    """One word in the sentences of a text, at every layer of MiniLM."""
    from models.senses import parse_lines, trace_senses

    groups, sentences = parse_lines(text)
    with heavy_work():
        return trace_senses(word, sentences, groups, model=model("minilm", "auto"))
