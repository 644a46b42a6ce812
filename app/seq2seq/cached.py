"""What the page Seq2seq keeps: translations, studies and this machine's times."""

from collections.abc import Callable
from typing import cast

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app.cached import MEASUREMENTS, TRACE_BYTES, arrays, model, shelf
from models.traces_seq2seq import ByLength, Seq2SeqTrace

TRANSLATED_BYTES = TRACE_BYTES // 5


@st.cache_resource(max_entries=256, ttl="1h", show_spinner=False)
def translation(
    source: tuple[str, ...],
    model: str,
    task: str,
    *,
    beam: int = 1,
    width: int | None = None,
    target: tuple[str, ...] | None = None,
) -> Seq2SeqTrace:
    """A small model turning a source into its target, or forced along one; read-only, shared by all."""
    from models.seq2seq import translate

    return translate(source, model=model, task=task, beam=beam, target=target, width=width)


def right_by_length(
    task: str,
    names: tuple[str, ...],
    count: int,
    seed: int,
    *,
    progress: Callable[[int, int], object] | None = None,
    on_wait: Callable[[int], object] = lambda place: None,
) -> ByLength:
    """How often each model is right on fresh examples, by their length."""

    def study() -> ByLength:
        from models.seq2seqstudy import by_length

        return by_length(task, names, count=count, seed=seed, progress=progress)

    kept = shelf("right by length", MEASUREMENTS)
    return cast(ByLength, kept.once((task, names, count, seed), study, on_wait))


def still_known(width: int, length: int, *, on_wait: Callable[[int], object]) -> NDArray[np.float64]:
    """What a linear probe reads of each letter out of the one context vector."""

    def probe() -> NDArray[np.float64]:
        from models.seq2seq import still_known

        return still_known(width, length)

    return cast(NDArray[np.float64], shelf("still known", 128).once((width, length), probe, on_wait))


def real_translation(
    text: str, model_id: str, beam: int, *, on_wait: Callable[[int], object] = lambda place: None
) -> Seq2SeqTrace:
    """A text translated by a large model, with its cross attention."""

    def translate() -> Seq2SeqTrace:
        from models.translation import translate_text

        return translate_text(text, model(model_id, "auto"), beam=beam)

    kept = shelf("translation", TRANSLATED_BYTES, arrays)
    return cast(Seq2SeqTrace, kept.once((text, model_id, beam), translate, on_wait))
