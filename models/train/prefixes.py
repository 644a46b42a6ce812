"""Rows that begin alike, computed once: a causal model says the same wherever the same tokens have led.

Both answers of a pair follow one prompt, and prompts of a batch begin alike: its rows are a tree of prefixes.
All layers but the attention look at one token at a time. They see every prefix once, in one line without
padding. The attention alone needs whole rows; there, and only there, they are laid out.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from torch import Tensor
from transformers import AttentionInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward

from models.preference import Batch

NAME = "prefixes"  # of this attention in transformers
NEAR = 1e-4  # of the states: how far rounding alone parts them


@dataclass(frozen=True)
class Prefixes:
    """N distinct prefixes of rows of at most T tokens.

    ``ids`` and ``places`` (N,): the last token of each prefix and where in its row that stands. ``rows``
    (rows, T): the prefix that ends at each token, any after the row's end. ``first`` (N,): a token of the
    flattened ``rows`` at which each prefix ends.
    """

    ids: Tensor
    places: Tensor
    rows: Tensor
    first: Tensor


def prefixes_of(batch: Batch) -> Prefixes:
    """The prefixes of a batch without its last column, whose tokens foretell nothing."""
    width = batch.ids.shape[1] - 1
    known: dict[tuple[int, int], int] = {}  # the prefix before, and one token more
    places: list[int] = []
    first: list[int] = []
    rows: list[list[int]] = []
    for at, (ids, length) in enumerate(zip(batch.ids.tolist(), batch.real.sum(1).tolist(), strict=True)):
        row: list[int] = []
        prefix = -1
        for place, token in enumerate(ids[: length - 1]):
            prefix = known.setdefault((prefix, token), len(known))
            if prefix == len(places):
                places.append(place)
                first.append(at * width + place)
            row.append(prefix)
        rows.append(row + [0] * (width - len(row)))
    device = batch.ids.device
    ids = [token for _, token in known]
    return Prefixes(*(torch.tensor(each, device=device) for each in (ids, places, rows, first)))


def states(body: Any, batch: Batch, wanted: Tensor) -> Tensor:
    """The last hidden state before each token that is ``wanted`` (rows, T − 1), of a transformers model.

    (wanted tokens, width). The attention travels by the model's own keywords.
    """
    found, config = prefixes_of(batch), body.config
    before, config._attn_implementation = config._attn_implementation, NAME
    try:
        line = body(
            input_ids=found.ids[None],
            position_ids=found.places[None],
            use_cache=False,
            prefix_rows=found.rows,
            prefix_first=found.first,
        ).last_hidden_state[0]
    finally:
        config._attn_implementation = before
    return F.embedding(found.rows[wanted], line)


def padded_states(body: Any, batch: Batch, wanted: Tensor) -> Tensor:
    """The same from padded rows. Padding stands on the right, where no token that counts can see it."""
    return body(input_ids=batch.ids, use_cache=False).last_hidden_state[:, :-1][wanted]


@torch.no_grad()
def way(body: Any, batch: Batch) -> Callable[[Any, Batch, Tensor], Tensor]:
    """``states`` where both find the same; for models of another attention ``padded_states``."""
    wanted = batch.real[:, 1:]
    try:
        shared, padded = (each(body, batch, wanted) for each in (states, padded_states))
    except Exception:  # a model raises whatever it likes at keywords that it does not know
        return padded_states
    return states if torch.dist(shared, padded) <= NEAR * padded.norm() else padded_states


def attend(
    module: Any,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    prefix_rows: Tensor,
    prefix_first: Tensor,
    **more: Any,
) -> tuple[Tensor, None]:
    """Causal attention of rows whose prefixes stand in one line.

    As transformers wants it: (1, heads, N, width) each → (1, N, heads, width).
    """

    def laid_out(line: Tensor) -> Tensor:
        heads, width = line.shape[1], line.shape[3]
        tokens = F.embedding(prefix_rows, line[0].transpose(0, 1).flatten(1))  # its gradient is the fastest
        return tokens.unflatten(-1, (heads, width)).transpose(1, 2)

    rows = map(laid_out, (query, key, value))
    out, _ = sdpa_attention_forward(module, *rows, None, **more)  # (rows, T, heads, width)
    return F.embedding(prefix_first, out.flatten(2).flatten(0, 1)).view(1, -1, *out.shape[2:]), None


AttentionInterface.register(NAME, attend)
