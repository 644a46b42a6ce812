"""Every attention weight of a real model on a text."""

import math
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError, OutOfMemory, TextError
from models.loading import LoadedModel, load, no_room_note, out_of_memory
from models.token_text import is_visible, repair, token_texts, uncovered
from models.traces import Array, AttentionTrace, HeadNotes, ModelCard, Provenance, Token

MAX_TOKENS = 512
MAX_WEIGHTS = 2 * 72 * 512**2
ROW_TOLERANCE = 1e-5
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
    cut: bool = False,
    progress: Callable[[int, int], object] | None = None,
) -> AttentionTrace:
    """All attention weights of ``model`` on ``text``, or on ``text`` and ``pair`` read together.

    The weights are transformers' own eager ones, float32 (layers, heads, tokens, tokens). Of an
    encoder-decoder the encoder's self-attention is traced. ``cut`` reads as much as fits of a single text
    that is too long, in whole words; the trace says how much. ``progress(done, layers)`` is called after
    each layer; what it raises stops the forward pass and comes out here. Raises TextError for a text that
    cannot be read, ModelError for a model that cannot.
    """
    loaded = load(model, device) if isinstance(model, str) else model
    card = loaded.card
    limit = min(max_tokens, math.isqrt(max_weights // (card.layers * card.heads)))
    cut_at = _fitting(text, loaded, limit) if cut and pair is None else None
    inputs, tokens, unseen = read_text(text[:cut_at], pair, loaded, limit)
    started = time.perf_counter()
    try:
        weights = _forward(loaded, inputs, progress)
    except OutOfMemory:
        if loaded.device == "cpu":
            raise
        note = no_room_note(loaded.device)
        loaded = load(card.id, "cpu")
        loaded = replace(loaded, note=f"{loaded.note} {note}".strip())
        weights = _forward(loaded, inputs, progress)
    notes = (
        loaded.note,
        "The encoder's self-attention; the decoder is not drawn." if card.kind == "encoder-decoder" else "",
        f"{card.name} does not see {_code_points(unseen)} in your text." if unseen else "",
    )
    provenance = Provenance(
        model=card.name,
        revision=loaded.revision,
        precision=loaded.precision,
        device=loaded.device,
        tokens=len(tokens),
        milliseconds=1000 * (time.perf_counter() - started),
        versions={name: version(name) for name in ("torch", "transformers")},
        note=" ".join(filter(None, notes)),
    )
    return AttentionTrace(tokens, weights, card, provenance, has_pair=pair is not None, cut_at=cut_at)


def _fitting(text: str, loaded: LoadedModel, limit: int) -> int | None:
    """How many characters of a text fit into ``limit`` tokens, to the end of a word; None where all do."""
    limit = min(limit, loaded.card.max_tokens)
    start = text[: limit * MAX_CHARACTERS_PER_TOKEN]
    if not loaded.tokenizer.is_fast or not is_visible(start):
        return None  # refused in words
    with loaded.lock:
        read = loaded.tokenizer(
            repair(start), truncation=True, max_length=limit, return_offsets_mapping=True, verbose=False
        )
    end = max((last for _, last in read["offset_mapping"]), default=0)
    if not text[end:].strip():
        return None
    words = re.match(r".*\S(?=\s)", text[: end + 1], re.DOTALL)
    return words.end() if words and 2 * words.end() > end else end  # some scripts have no blanks


def read_text(
    text: str, pair: str | None, loaded: LoadedModel, limit: int
) -> tuple[dict[str, list[int]], tuple[Token, ...], str]:
    """What the model reads, its tokens, and the characters it does not see; at most ``limit`` tokens.

    Raises TextError for a text that is empty, too long, or without a token.
    """
    card = loaded.card
    text, pair = repair(text), None if pair is None else repair(pair)
    limit = min(limit, card.max_tokens)
    _check_text(text, pair, card, limit)
    with loaded.lock:  # a fast tokenizer refuses a second thread
        inputs, tokens, unseen = _tokenise(text, pair, loaded)
    if all(token.special for token in tokens):
        raise TextError(f"{card.name} finds no token in your text; type some words.")
    if len(tokens) > limit:
        share = math.ceil(100 * (1 - limit / len(tokens)))
        raise TextError(
            f"Your text has {len(tokens):,} tokens; {card.name} reads at most {limit:,}"
            f"{'' if limit == card.max_tokens else ' here'}. Shorten it by about {share} %."
        )
    return inputs, tokens, unseen


def _check_text(text: str, pair: str | None, card: ModelCard, limit: int) -> None:
    if pair is not None and card.causal:
        raise TextError(
            f"{card.name} reads one text from left to right, not a pair; leave the second text empty."
        )
    for which, part in (("Your text", text), ("The second text", pair)):
        if part is not None and not is_visible(part):
            given = "holds only blanks" if part else "is empty"
            raise TextError(f"{which} {given}; type some words.")
    characters, most = len(text) + len(pair or ""), limit * MAX_CHARACTERS_PER_TOKEN
    if characters > most:
        raise TextError(
            f"Your text has {characters:,} characters; {card.name} reads at most {limit:,} tokens here, "
            f"never more than {most:,} characters. Shorten it to a few paragraphs."
        )


def _tokenise(
    text: str, pair: str | None, loaded: LoadedModel
) -> tuple[dict[str, list[int]], tuple[Token, ...], str]:
    """What the model reads, what a person reads, and the characters that the tokenizer threw away."""
    tokenizer = loaded.tokenizer
    encoding = tokenizer(
        text,
        pair,
        return_offsets_mapping=tokenizer.is_fast,
        return_special_tokens_mask=True,
        return_token_type_ids=True,
        verbose=False,
    )
    ids, special = encoding["input_ids"], encoding["special_tokens_mask"]
    inputs = {"input_ids": ids, "attention_mask": [1] * len(ids)}
    # many tokenizers offer segment ids; GPT-2 would add them to its embeddings, though it never learnt any
    if getattr(loaded.model.config, "type_vocab_size", 0) > 1:
        inputs["token_type_ids"] = encoding["token_type_ids"]
    raw = tokenizer.convert_ids_to_tokens(ids)
    if tokenizer.is_fast:
        owners, spans = encoding.sequence_ids(0), encoding["offset_mapping"]
    else:
        in_first = len(tokenizer.tokenize(text))
        owners = [int(place >= in_first) for place in np.cumsum(np.logical_not(special)) - 1]
        spans = [(0, 0)] * len(ids)
    texts, unseen = list(raw), ""
    for segment, source in enumerate([text] if pair is None else [text, pair]):
        mine = [i for i, owner in enumerate(owners) if owner == segment and not special[i]]
        mine_spans = [spans[i] for i in mine]
        for i, shown in zip(mine, token_texts(source, mine_spans, [raw[i] for i in mine]), strict=True):
            texts[i] = shown
        if tokenizer.is_fast:
            unseen += uncovered(source, mine_spans)
    # a special token belongs to the text before it
    segments = np.maximum.accumulate([owner or 0 for owner in owners]).tolist()
    tokens = tuple(
        Token(shown, name, bool(added), i == tokenizer.unk_token_id and shown != name, segment)
        for shown, name, added, i, segment in zip(texts, raw, special, ids, segments, strict=True)
    )
    return inputs, tokens, unseen


def _code_points(characters: str) -> str:
    names = [f"U+{ord(char):04X}" for char in dict.fromkeys(characters)]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} other characters" if len(names) > 3 else "")


def _forward(
    loaded: LoadedModel, inputs: dict[str, list[int]], progress: Callable[[int, int], object] | None
) -> NDArray[np.float32]:
    import torch

    card = loaded.card
    try:
        with loaded.lock, torch.inference_mode(), _each_layer(loaded, progress):
            tensors = {name: torch.tensor([row], device=loaded.device) for name, row in inputs.items()}
            stack = _stack(loaded)
            attentions = list(stack(**tensors, output_attentions=True).attentions or ())
            if len(attentions) != card.layers:
                raise ModelError(
                    f"{card.name} gave {len(attentions)} attention maps for {card.layers} layers; "
                    "load it with attn_implementation='eager'."
                )
            weights = np.empty((card.layers, *attentions[0].shape[1:]), np.float32)
            for layer in reversed(range(card.layers)):
                # popped, so that torch's copy goes as ours comes; (heads, tokens, tokens)
                weights[layer] = attentions.pop()[0].float().cpu().numpy()
    except (RuntimeError, MemoryError) as error:
        if out_of_memory(error):
            raise OutOfMemory(
                f"{card.name} ran out of memory on {loaded.device}; shorten the text or take a smaller model."
            ) from error
        raise ModelError(f"{card.name} could not read the text: {error}") from error
    check_weights(weights, card.name, causal=card.causal)
    weights.flags.writeable = False
    return weights


def _stack(loaded: LoadedModel) -> Any:
    """The layers alone: no decoder beside an encoder, no scores over a vocabulary."""
    model = loaded.model
    return model.get_encoder() if loaded.card.kind == "encoder-decoder" else model.base_model


def layers_of(loaded: LoadedModel) -> Sequence[Any]:
    """The modules of the layers, first to last."""
    from torch.nn import ModuleList

    lists = (part for part in _stack(loaded).modules() if isinstance(part, ModuleList))
    return next((list(part) for part in lists if len(part) == loaded.card.layers), [])


@contextmanager
def _each_layer(loaded: LoadedModel, progress: Callable[[int, int], object] | None) -> Iterator[None]:
    """Call ``progress`` after each layer of a forward pass; the lock keeps other passes out meanwhile."""
    total = loaded.card.layers
    layers = layers_of(loaded) if progress else ()

    def report(done: int) -> Callable[..., None]:
        def hook(*_: Any) -> None:  # what a hook returns would replace the layer's output
            if progress:
                progress(done, total)

        return hook

    hooks = [layer.register_forward_hook(report(done)) for done, layer in enumerate(layers, 1)]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def check_weights(weights: NDArray[np.float32], name: str, *, causal: bool) -> None:
    """Raise ModelError where rows do not sum to 1, or a causal model looks ahead."""
    for layer, maps in enumerate(weights):
        if not np.abs(maps.sum(-1) - 1).max() <= ROW_TOLERANCE:  # also false for NaN
            raise ModelError(f"In layer {layer} of {name} the weights of a token do not sum to 1.")
        if causal and np.triu(maps, 1).any():
            raise ModelError(f"Layer {layer} of {name} looks ahead, though it should be causal.")


def summarise(trace: AttentionTrace) -> HeadNotes:
    """The role of every head, as Σ(attention · pattern)/Σ attention (TransformerLens' detect_head).

    The sums run over the rows in which the pattern has a key. The patterns of ROLES: the token before, the
    token after, the token itself, the first token (rows ≥ 1; Xiao et al. 2023, arXiv 2309.17453), the
    special tokens after the first (Clark et al. 2019, arXiv 1906.04341), an equal token elsewhere, and, in
    a causal model, the token after an earlier equal one (Olsson et al. 2022, arXiv 2209.11895).
    """
    layers, heads = trace.weights.shape[:2]
    patterns = _patterns(trace)  # (roles, queries, keys)
    visible = trace.visible
    rows = patterns.any(-1)  # (roles, queries)
    count = rows.sum(-1)
    flat = patterns.reshape(len(ROLES), -1).astype(np.float32)
    with np.errstate(invalid="ignore"):
        shares = (flat @ trace.weights.reshape(layers * heads, -1).T) / count[:, None]
        chance = (patterns.sum(-1) / visible.sum(-1)).sum(-1) / count
    shares = shares.reshape(len(ROLES), layers, heads)
    leads = (shares >= LEADING_SHARE) & (shares >= LEADING_OVER_CHANCE * chance[:, None, None])
    best = np.where(leads, shares, -1).argmax(0)
    dominant = np.where(leads.any(0), best, -1)
    entropy = _entropy(trace.weights, visible)
    return HeadNotes(ROLES, shares, chance.astype(np.float32), count, dominant, entropy)


def _patterns(trace: AttentionTrace) -> NDArray[np.bool_]:
    tokens, causal = trace.tokens, trace.causal
    if trace.part == "cross":
        return _cross_patterns(trace)
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


def _cross_patterns(trace: AttentionTrace) -> NDArray[np.bool_]:
    """Of patterns that name a place in the same text only the resting places are left."""
    patterns = np.zeros((len(ROLES), len(trace.queries), len(trace.keys)), bool)
    patterns[ROLES.index("first"), :, 0] = True
    patterns[ROLES.index("separator"), :, 1:] = [token.special for token in trace.keys[1:]]
    return patterns


def _entropy(weights: NDArray[np.float32], visible: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Mean over the rows of −Σ p ln p / ln(number of visible keys), where there are two or more; else NaN."""
    most = np.log(visible.sum(-1))  # (n,)
    rows = most > 0
    entropy = np.full(weights.shape[:2], np.nan, np.float32)
    if not rows.any():
        return entropy
    for layer, p in enumerate(weights):  # (heads, n, n)
        in_nats = -np.vecdot(p, np.log(np.maximum(p, np.finfo(np.float32).tiny)))  # 0 ln 0 is 0
        entropy[layer] = (in_nats[:, rows] / most[rows]).mean(-1)
    return entropy


def rollout(weights: NDArray[np.float32]) -> Array:
    """How much of each token is left at each token after each layer, (layers, n, n); rows sum to 1.

    Attention rollout (Abnar & Zuidema 2020, arXiv 2005.00928): A_l = ½ mean over heads + ½ I, for the
    residual stream, and Ã_l = A_l Ã_{l−1}. ``weights`` are (layers, heads, n, n).
    """
    mixed = _with_residual(weights)
    out = np.empty_like(mixed)
    out[0] = mixed[0]
    for layer in range(1, len(mixed)):
        out[layer] = mixed[layer] @ out[layer - 1]
    return out


def widest_path(weights: NDArray[np.float32], query: int) -> Array:
    """The capacity of the widest single way from a token at each layer down to each input, (layers, n).

    With the graph of the same paper: an edge's capacity is A_l as in ``rollout``, a way is as wide as its
    narrowest edge. The paper's attention flow adds up all ways at once (max-flow), so it is at least this.
    """
    mixed = _with_residual(weights)
    out = np.empty(mixed.shape[:2])
    for top in range(len(mixed)):
        width = mixed[top, query]  # (n,): from the query down to each token below this layer
        for below in reversed(range(top)):
            width = np.minimum(width[:, None], mixed[below]).max(0)
        out[top] = width
    return out


def _with_residual(weights: NDArray[np.float32]) -> Array:
    mean = weights.mean(1, dtype=np.float64)
    return np.asarray((mean + np.eye(mean.shape[-1])) / 2)
