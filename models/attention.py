"""Every attention weight of a real model on a text."""

import math
import time
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError, TextError
from models.loading import LoadedModel, load
from models.token_text import is_visible, repair, token_texts
from models.traces import AttentionTrace, Provenance, Token

MAX_TOKENS = 512
MAX_WEIGHTS = 2 * 72 * 512**2
# No text comes near as many characters a token, so a longer one is refused without tokenising it
MAX_CHARACTERS_PER_TOKEN = 16


def trace_attention(
    text: str,
    pair: str | None = None,
    *,
    model: str | LoadedModel = "minilm",
    device: str = "auto",
    max_tokens: int = MAX_TOKENS,
    max_weights: int = MAX_WEIGHTS,
) -> AttentionTrace:
    """All attention weights of ``model`` on ``text``, or on ``text`` and ``pair`` read together.

    The weights are transformers' own eager ones, float32 (layers, heads, tokens, tokens). Of an
    encoder-decoder the encoder's self-attention is traced. Raises TextError for a text that cannot be
    read, ModelError for a model that cannot.
    """
    loaded = load(model, device) if isinstance(model, str) else model
    card = loaded.card
    text, pair = repair(text), None if pair is None else repair(pair)
    limit = min(max_tokens, card.max_tokens, math.isqrt(max_weights // (card.layers * card.heads)))
    _check_text(text, pair, loaded, limit)
    encoding, tokens = _tokenise(text, pair, loaded)
    if all(token.special for token in tokens):
        raise TextError(f"{card.name} finds no token in your text; type some words.")
    if len(tokens) > limit:
        share = math.ceil(100 * (1 - limit / len(tokens)))
        raise TextError(
            f"Your text has {len(tokens):,} tokens; {card.name} reads at most {limit:,} here. "
            f"Shorten it by about {share} %."
        )
    started = time.perf_counter()
    weights = _forward(loaded, encoding)
    provenance = Provenance(
        model=card.name,
        revision=loaded.revision,
        precision=loaded.precision,
        device=loaded.device,
        tokens=len(tokens),
        milliseconds=1000 * (time.perf_counter() - started),
        versions={name: version(name) for name in ("torch", "transformers")},
        note=loaded.note,
    )
    return AttentionTrace(tokens, weights, card, provenance, has_pair=pair is not None)


def _check_text(text: str, pair: str | None, loaded: LoadedModel, limit: int) -> None:
    name = loaded.card.name
    if pair is not None and loaded.card.causal:
        raise TextError(f"{name} reads one text from left to right, not a pair; leave the second text empty.")
    for which, part in (("Your text", text), ("The second text", pair)):
        if part is not None and not is_visible(part):
            given = "is empty" if not part else f"holds {len(part):,} blank characters and no word"
            raise TextError(f"{which} {given}; type some words.")
    characters, most = len(text) + len(pair or ""), limit * MAX_CHARACTERS_PER_TOKEN
    if characters > most:
        raise TextError(
            f"Your text has {characters:,} characters; {name} reads at most {limit:,} tokens here, "
            f"never more than {most:,} characters. Shorten it to a few paragraphs."
        )


def _tokenise(text: str, pair: str | None, loaded: LoadedModel) -> tuple[Any, tuple[Token, ...]]:
    tokenizer = loaded.tokenizer
    fast = tokenizer.is_fast
    encoding = tokenizer(
        text, pair, return_offsets_mapping=fast, return_special_tokens_mask=True, verbose=False
    )
    ids, special = encoding["input_ids"], encoding["special_tokens_mask"]
    raw = tokenizer.convert_ids_to_tokens(ids)
    if fast:
        owners = encoding.sequence_ids(0)
        spans = encoding.pop("offset_mapping")
    texts = list(raw)
    for owner, source in ((0, text), (1, pair)):
        mine = [i for i, o in enumerate(owners) if o == owner and not special[i]]
        for i, shown in zip(
            mine, token_texts(source or "", [spans[i] for i in mine], [raw[i] for i in mine]), strict=True
        ):
            texts[i] = shown
    segments = np.maximum.accumulate([0 if owner is None else owner for owner in owners]).tolist()
    encoding.pop("special_tokens_mask")
    return encoding, tuple(
        Token(shown, name, bool(added), not added and i == tokenizer.unk_token_id, segment)
        for shown, name, added, i, segment in zip(texts, raw, special, ids, segments, strict=True)
    )


def _forward(loaded: LoadedModel, encoding: Any) -> NDArray[np.float32]:
    import torch

    card = loaded.card
    inputs = {name: torch.tensor([values], device=loaded.device) for name, values in encoding.items()}
    with loaded.lock, torch.inference_mode():
        attentions = list(loaded.model(**inputs, output_attentions=True).attentions or ())
    if len(attentions) != card.layers:
        raise ModelError(
            f"{card.name} gave {len(attentions)} attention maps for {card.layers} layers; "
            "load it with attn_implementation='eager'."
        )
    weights = np.empty((card.layers, *attentions[0].shape[1:]), np.float32)
    for layer in reversed(range(card.layers)):
        weights[layer] = attentions.pop()[0].float().cpu().numpy()  # (heads, tokens, tokens)
    weights.flags.writeable = False
    return weights
