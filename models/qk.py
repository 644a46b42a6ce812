"""The queries and keys of a real head, and the way from them to its weights."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.attention import MAX_TOKENS, trace_attention
from models.errors import ModelError, NumberError
from models.loading import LoadedModel, load
from models.selfattention import softmax
from models.traces import Array, QKTrace

TOLERANCE = 1e-5
WATCHED = "plainsight-watched"  # the name under which transformers knows the function below
# A mask is a sum of the smallest float32, which is no infinity
HIDDEN_BELOW = -1e30


@dataclass
class _Watch:
    """Which layer and head to keep, and what was kept: q, k, v (n, d), added (n, n) and the scale."""

    layer: int
    head: int
    layers_seen: int = 0
    kept: dict[str, Any] = field(default_factory=dict)


_WATCH: ContextVar[_Watch] = ContextVar("watch")


def trace_qk(
    text: str,
    pair: str | None = None,
    *,
    model: str | LoadedModel = "minilm",
    layer: int,
    head: int,
    device: str = "auto",
    max_tokens: int = MAX_TOKENS,
    progress: Callable[[int, int], object] | None = None,
) -> QKTrace:
    """Queries, keys and values of one head of ``model`` on ``text``, as the model itself multiplies them.

    They are taken at the door of transformers' own attention function, behind every projection, bias, norm
    and rotation, so that no architecture is written down here a second time; the scores, weights and
    mixture are computed anew and held against what the model returned. Raises as ``trace_attention`` does,
    NumberError for a layer or head that is not there, and ModelError for an architecture without that
    door, or one that does more to its scores than scale and mask them.
    """
    loaded = load(model, device) if isinstance(model, str) else model
    card = loaded.card
    for name, given, count in (("layer", layer, card.layers), ("head", head, card.heads)):
        if not 0 <= given < count:
            raise NumberError(f"{name} is {given}; {card.name} has {name}s 0 to {count - 1}.")
    with _watched(loaded, layer, head) as watch:
        trace = trace_attention(text, pair, model=loaded, max_tokens=max_tokens, progress=progress)
    if trace.provenance.device != loaded.device:  # it was too small, and nothing was kept
        again = trace_qk(
            text,
            pair,
            model=load(card.id, "cpu"),
            layer=layer,
            head=head,
            max_tokens=max_tokens,
            progress=progress,
        )
        return replace(again, provenance=replace(again.provenance, note=trace.provenance.note))
    if not watch.kept:
        raise ModelError(
            f"{card.name} does not show its queries and keys; choose a model built like BERT, GPT-2 or Llama."
        )
    q, k, v, scale, added = (watch.kept[name] for name in ("q", "k", "v", "scale", "added"))
    scores = q.astype(np.float64) @ k.T  # (n, n)
    weights = softmax(scores * scale + added)
    difference = float(np.abs(weights - trace.weights[layer, head]).max())
    if not difference <= TOLERANCE:  # also for NaN
        raise ModelError(
            f"In head {layer}.{head} of {card.name} softmax(q·k) misses the weights by {difference:.2g}: "
            "the model does more to its scores than scale and mask them."
        )
    return QKTrace(
        tokens=trace.tokens,
        layer=layer,
        head=head,
        key_head=watch.kept["key_head"],
        q=q,
        k=k,
        v=v,
        rotary=getattr(loaded.model.config, "rope_parameters", None) is not None,
        scale=scale,
        scores=scores,
        added=added,
        weights=weights,
        mixed=weights @ v,
        difference=difference,
        card=trace.card,
        provenance=trace.provenance,
    )


@contextmanager
def _watched(loaded: LoadedModel, layer: int, head: int) -> Iterator[_Watch]:
    """While it lasts, the attention of ``loaded`` goes through ``_watching``; the lock keeps others out."""
    from transformers import AttentionInterface, AttentionMaskInterface
    from transformers.masking_utils import eager_mask

    AttentionInterface.register(WATCHED, _watching)
    AttentionMaskInterface.register(WATCHED, eager_mask)
    watch = _Watch(layer, head)
    with loaded.lock:
        before = loaded.model.config._attn_implementation
        token = _WATCH.set(watch)
        loaded.model.set_attn_implementation(WATCHED)
        try:
            yield watch
        finally:
            loaded.model.set_attn_implementation(before)
            _WATCH.reset(token)


def _watching(module: Any, query: Any, key: Any, value: Any, mask: Any, **settings: Any) -> Any:
    """The module's own eager attention; of the watched layer its head is kept.

    ``query`` (1, heads, n, d_k), ``key`` and ``value`` (1, key heads, n, d).
    """
    watch = _WATCH.get()
    if watch.layers_seen == watch.layer:
        head, key_head = watch.head, watch.head * key.shape[1] // query.shape[1]
        bias = (_of_head(each, head, query, key) for each in (mask, settings.get("position_bias")))
        added = sum(bias, np.zeros((query.shape[2], key.shape[2])))
        scale = settings.get("scaling")
        watch.kept = {
            "q": _numpy(query[0, head]),
            "k": _numpy(key[0, key_head]),
            "v": _numpy(value[0, key_head]),
            "key_head": key_head,
            "scale": query.shape[-1] ** -0.5 if scale is None else float(scale),
            "added": np.where(added < HIDDEN_BELOW, -np.inf, added),
        }
    watch.layers_seen += 1
    eager = sys.modules[type(module).__module__].eager_attention_forward
    return eager(module, query, key, value, mask, **settings)


def _of_head(added: Any, head: int, query: Any, key: Any) -> Array | float:
    """What is added for one head, (n, n), from (1, heads or 1, n or 1, n); 0 for nothing."""
    if added is None:
        return 0.0
    return np.asarray(_numpy(added[0, min(head, added.shape[1] - 1)]), np.float64)


def _numpy(tensor: Any) -> NDArray[np.float32]:
    return np.asarray(tensor.float().cpu().numpy())
