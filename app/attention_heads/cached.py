"""What the page Attention heads keeps: traces, scores, switched-off heads."""

from collections.abc import Callable
from typing import Any, cast

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.cached import TABLE_BYTES, TRACE_BYTES, arrays, model, shelf
from app.queue import heavy_work
from app.settings import SETTINGS
from components.attention_view import weights_body
from models.traces import AttentionTrace, HeadNotes, Part
from models.traces_heads import AblationTrace, Head, Heads, HeadScores, InductionProbe, Pairs

BROWSER_BYTES = int(TRACE_BYTES / 2.5)
PROBES = 8
ABLATIONS = 64  # with the log-probabilities of a vocabulary of 49,152 half a megabyte each
RANKINGS = 64


def attention(
    text: str,
    pair: str | None,
    model_id: str,
    device: str,
    part: Part = "self",
    *,
    progress: Callable[[int, int], object] | None = None,
    on_wait: Callable[[int], object] = lambda place: None,
) -> AttentionTrace:
    """The attention trace of a text; of an encoder-decoder of the ``part`` that is asked for."""

    def trace() -> AttentionTrace:
        if part != "self":
            from models.encdec import trace_translation

            return trace_translation(
                text, pair, part=part, model=model(model_id, device), max_tokens=SETTINGS.max_tokens
            )
        from models.attention import trace_attention

        return trace_attention(
            text,
            pair,
            model=model(model_id, device),
            max_tokens=SETTINGS.max_tokens,
            max_weights=SETTINGS.max_attention_weights,
            cut=True,
            progress=progress,
        )

    kept = shelf("attention", TRACE_BYTES, arrays)
    return cast(AttentionTrace, kept.once((text, pair, model_id, device, part), trace, on_wait))


@st.cache_data(max_size=BROWSER_BYTES, ttl="1h", show_spinner=False)
def attention_bytes(text: str, pair: str | None, model_id: str, device: str, part: Part = "self") -> bytes:
    """The same trace as the browser gets it, one byte a weight."""
    return weights_body(attention(text, pair, model_id, device, part))


@st.cache_data(max_entries=64, ttl="1h", show_spinner=False)
def attention_findings(
    text: str, pair: str | None, model_id: str, device: str, part: Part = "self"
) -> tuple[HeadNotes, tuple[int, int, int, int], bool]:
    """What each head mostly looks at, the strongest link between two words, and whether there are two."""
    from models.attention import summarise
    from models.findings import links_words, strongest_link

    trace = attention(text, pair, model_id, device, part)
    return summarise(trace), strongest_link(trace), links_words(trace)


def link_of(trace: AttentionTrace, layer: int, heads: tuple[int, ...]) -> int:
    """The query of the strongest link between two words in some heads of a layer; cheap, so not kept."""
    from models.findings import strongest_link

    return strongest_link(trace, {(layer, head) for head in heads})[2]


@st.cache_data(max_entries=64, ttl="1h", show_spinner=False)
def head_scores(text: str, pair: str | None, model_id: str, device: str, part: Part) -> HeadScores:
    """Every score of every head on a text."""
    from models.heads import score_heads

    return score_heads(attention(text, pair, model_id, device, part))


@st.cache_data(max_size=TABLE_BYTES, ttl="1h", show_spinner=False)
def traced(
    text: str, pair: str | None, model_id: str, device: str, part: Part, query: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """The mean of the heads and its rollout, (layers, n, n) each, and a token's widest paths, (layers, n)."""
    from models.attention import rollout, widest_path

    weights = attention(text, pair, model_id, device, part).weights
    return weights.mean(1, dtype=np.float64), rollout(weights), widest_path(weights, query)


@st.cache_data(max_entries=64, ttl="1h", show_spinner=False)
def aligned(one: tuple[Any, ...], other: tuple[Any, ...]) -> Pairs:
    """The tokens of two traces that stand for each other; the traces by what they are kept under."""
    from models.compare import align

    return align(attention(*one).tokens, attention(*other).tokens)


def difference(one: NDArray[np.float32], other: NDArray[np.float32], pairs: Pairs) -> NDArray[np.float64]:
    """The difference of two heads on tokens that stand for each other; cheap, so not kept."""
    from models.compare import difference

    return difference(one, other, pairs)


@st.cache_data(max_entries=64, ttl="1h", show_spinner=False)
def moved(one: tuple[Any, ...], other: tuple[Any, ...]) -> NDArray[np.float64]:
    """How much weight each head moves between two texts; the traces by what they are kept under."""
    from models.compare import moved

    return moved(attention(*one), attention(*other), aligned(one, other))


@st.cache_data(max_entries=64, ttl="1h", show_spinner=False)
def apart(one: tuple[Any, ...], head: Head, other: tuple[Any, ...]) -> NDArray[np.float64]:
    """How much weight a head of one trace must move to look like each head of another."""
    from models.compare import apart

    return apart(attention(*one).weights[head], attention(*other), aligned(one, other))


def induction_known(model_id: str, device: str) -> InductionProbe | None:
    """The probe of a model, once it has been made."""
    return cast(InductionProbe | None, shelf("induction", PROBES).get((model_id, device)))


def induction(
    model_id: str, device: str, *, progress: Callable[[int, int], object] | None = None
) -> InductionProbe:
    """The probe of a model for induction, made once for all visitors; it waits for its turn."""

    def probe() -> InductionProbe:
        from models.heads import induction_probe

        return induction_probe(model(model_id, device), progress=progress)

    return cast(InductionProbe, shelf("induction", PROBES).once((model_id, device), probe, lambda _: None))


def ablated(
    text: str,
    model_id: str,
    device: str,
    heads: Heads,
    position: int,
    named: str,
    *,
    progress: Callable[[int, int], object] | None = None,
    on_wait: Callable[[int], object] = lambda place: None,
) -> AblationTrace:
    """A text with some heads switched off, beside a control."""

    def ablate() -> AblationTrace:
        from models.heads import ablate

        return ablate(
            text,
            heads,
            model=model(model_id, device),
            position=position,
            named=named,
            max_tokens=SETTINGS.max_ablation_tokens,
            progress=progress,
        )

    key = (text, model_id, device, heads, position, named)
    return cast(AblationTrace, shelf("ablated", ABLATIONS).once(key, ablate, on_wait))


def ranked(text: str, model_id: str, device: str, position: int) -> NDArray[np.float64] | None:
    """The effect of each single head as far as it is known, NaN for the rest; None before the first."""
    found = shelf("ranking", RANKINGS).get((text, model_id, device, position))
    return cast("NDArray[np.float64] | None", found)


def rank(
    text: str,
    model_id: str,
    device: str,
    position: int,
    *,
    progress: Callable[[int, int], object] | None = None,
    on_wait: Callable[[int], object] = lambda place: None,
) -> None:
    """Switch off each head of a model alone, going on where somebody stopped; ``ranked`` has the numbers."""
    from models.heads import rank_heads

    key = (text, model_id, device, position)
    kept = shelf("ranking", RANKINGS)
    with heavy_work(on_wait):
        rank_heads(
            text,
            model=model(model_id, device),
            position=position,
            max_tokens=SETTINGS.max_ablation_tokens,
            progress=progress,
            known=kept.get(key),
            keep=lambda sizes: kept.keep(key, sizes),
        )
