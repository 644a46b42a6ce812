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
from models.traces import AttentionTrace, HeadNotes, Provenance, Token

MAX_TOKENS = 512
MAX_WEIGHTS = 2 * 72 * 512**2
# No text comes near as many characters a token, so a longer one is refused without tokenising it
MAX_CHARACTERS_PER_TOKEN = 16

ROLES = ("previous", "next", "itself", "first", "separator", "duplicate", "induction")
# A role leads a head if it gets this share of the weight, and this many times what chance gives it
LEADING_SHARE, LEADING_OVER_CHANCE = 0.3, 2.0


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


def summarise(trace: AttentionTrace) -> HeadNotes:
    """The role of every head, by the scores of TransformerLens' ``detect_head``.

    A score is Σ(attention · pattern)/Σ attention. The sums run over the rows in which the pattern has a key. The patterns of ROLES: the token before, the
    token after, the token itself, the first token (rows ≥ 1; Xiao et al. 2023, arXiv 2309.17453), the
    special tokens after the first (Clark et al. 2019, arXiv 1906.04341), an equal token elsewhere, and, in
    a causal model, the token after an earlier equal one (Olsson et al. 2022, arXiv 2209.11895).
    """
    layers, heads, n, _ = trace.weights.shape
    patterns = _patterns(trace.tokens, trace.card.causal)  # (roles, n, n)
    visible = np.tril(np.ones((n, n), bool)) if trace.card.causal else np.ones((n, n), bool)
    rows = patterns.any(-1)  # (roles, n)
    count = rows.sum(-1)
    flat = patterns.reshape(len(ROLES), n * n).astype(np.float32)
    with np.errstate(invalid="ignore"):
        shares = (flat @ trace.weights.reshape(layers * heads, n * n).T) / count[:, None]
        chance = (patterns.sum(-1) / visible.sum(-1)).sum(-1) / count
    shares = shares.reshape(len(ROLES), layers, heads)
    leads = (shares >= LEADING_SHARE) & (shares >= LEADING_OVER_CHANCE * chance[:, None, None])
    best = np.where(leads, shares, -1).argmax(0)
    dominant = np.where(leads.any(0), best, -1)
    return HeadNotes(ROLES, shares, chance.astype(np.float32), dominant, _entropy(trace.weights, visible))


def _patterns(tokens: tuple[Token, ...], causal: bool) -> NDArray[np.bool_]:
    n = len(tokens)
    word = np.array([not (token.special or token.unknown) for token in tokens])
    raw = np.unique([token.raw for token in tokens], return_inverse=True)[1]
    itself = np.eye(n, dtype=bool)
    equal = (raw[:, None] == raw) & word & ~itself
    after_equal = np.zeros((n, n), bool)
    if causal:
        equal = np.tril(equal)
        after_equal[:, 1:] = equal[:, :-1]
        itself[0, 0] = False  # the first token has nothing else to look at
    first = np.zeros((n, n), bool)
    first[1:, 0] = True
    separator = np.zeros((n, n), bool)
    separator[:, 1:] = [token.special for token in tokens[1:]]
    after = np.eye(n, k=1, dtype=bool) & (not causal)
    return np.stack(
        [
            np.eye(n, k=-1, dtype=bool),
            after,
            itself,
            first,
            separator & ~np.eye(n, dtype=bool),
            equal,
            after_equal,
        ]
    )


def _entropy(weights: NDArray[np.float32], visible: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Mean over the rows of −Σ p ln p / ln(number of visible keys), where there are two or more."""
    most = np.log(visible.sum(-1))  # (n,)
    rows = most > 0
    entropy = np.empty(weights.shape[:2], np.float32)
    for layer, p in enumerate(weights):  # (heads, n, n)
        in_nats = -np.vecdot(p, np.log(np.maximum(p, np.finfo(np.float32).tiny)))  # 0 ln 0 is 0
        entropy[layer] = (in_nats[:, rows] / most[rows]).mean(-1)
    return entropy
