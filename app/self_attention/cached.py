"""What the page Self-attention keeps: one head's queries and keys, and this machine's times."""

from collections.abc import Callable
from typing import cast

import streamlit as st

from app.cached import TRACE_BYTES, arrays, model, shelf
from app.settings import SETTINGS
from models.traces import QKTrace, Saturation

QK_BYTES = TRACE_BYTES // 5  # ten heads of 512 tokens


@st.cache_data(max_entries=16, show_spinner=False)
def saturation(d_k: tuple[int, ...], n_keys: int) -> Saturation:
    """What ÷ √d_k does to the softmax over ``n_keys`` random keys."""
    from models.selfattention import saturation

    return saturation(d_k, n_keys=n_keys)


def qk(
    text: str,
    model_id: str,
    device: str,
    layer: int,
    head: int,
    *,
    progress: Callable[[int, int], object] | None = None,
    on_wait: Callable[[int], object] = lambda place: None,
) -> QKTrace:
    """Queries, keys and values of one head on a text, shared by all visitors."""

    def trace() -> QKTrace:
        from models.qk import trace_qk

        return trace_qk(
            text,
            model=model(model_id, device),
            layer=layer,
            head=head,
            max_tokens=SETTINGS.max_tokens,
            progress=progress,
        )

    kept = shelf("qk", QK_BYTES, arrays)
    return cast(QKTrace, kept.once((text, model_id, device, layer, head), trace, on_wait))
