"""What the views of words keep, keyed by words and texts."""

from collections.abc import Callable, Sequence
from typing import cast

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.cached import model, shelf
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


def ranked(texts: tuple[str, ...], query: str, *, on_wait: Callable[[int], object]) -> TextRankings:
    """The same query against the same texts in four spaces."""

    def rank() -> TextRankings:
        from models.sentences import embed
        from models.vectors import rank_texts

        def vectors(given: Sequence[str]) -> NDArray[np.float32]:
            return embed(given, model=model("minilm", "auto"))

        return rank_texts(texts, query, embed=vectors)

    return cast(TextRankings, shelf("ranked", 64).once((texts, query), rank, on_wait))


def senses(word: str, text: str, *, on_wait: Callable[[int], object]) -> SensesTrace:
    """One word in the sentences of a text, at every layer of MiniLM."""

    def trace() -> SensesTrace:
        from models.senses import parse_lines, trace_senses

        groups, sentences = parse_lines(text)
        return trace_senses(word, sentences, groups, model=model("minilm", "auto"))

    return cast(SensesTrace, shelf("senses", 16).once((word, text), trace, on_wait))
