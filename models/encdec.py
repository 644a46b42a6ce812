"""The three attentions of an encoder-decoder: of the source, of the target, and from one to the other."""

import time
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.attention import MAX_TOKENS, check_weights, read_text
from models.errors import ModelError, OutOfMemory, TextError
from models.loading import LoadedModel, load, out_of_memory
from models.token_text import is_visible, repair
from models.traces import AttentionTrace, Part, Provenance, Token

MOST_WRITTEN = 64  # tokens that a model writes by itself


def trace_translation(
    text: str,
    target: str | None = None,
    *,
    part: Part = "cross",
    model: str | LoadedModel = "opus-mt-en-de",
    device: str = "auto",
    max_tokens: int = MAX_TOKENS,
) -> AttentionTrace:
    """One of the three attentions of an encoder-decoder that reads ``text`` and writes ``target``.

    ``part``: "encoder" (source, source), "decoder" (target, target; causal) or "cross" (target, source).
    Without a target the model writes its own, the likeliest token each time; the weights are then those of
    one whole forward pass over it, not of the writing. The target's tokens are those the decoder reads: its
    start token, then each token but the last. Raises TextError and ModelError.
    """
    loaded = load(model, device) if isinstance(model, str) else model
    card = loaded.card
    if card.kind != "encoder-decoder" or part == "self":
        raise ModelError(f"{card.name} does not write one text while it reads another.")
    inputs, source, _ = read_text(text, None, loaded, max_tokens)
    started = time.perf_counter()
    import torch

    try:
        with loaded.lock, torch.inference_mode():
            ids = torch.tensor([inputs["input_ids"]], device=loaded.device)
            reads = _typed(target, loaded, max_tokens) if target else _written(ids, loaded)
            made = along(loaded, ids, torch.tensor([reads], device=loaded.device))
            written = _tokens(reads, loaded.tokenizer)
    except (RuntimeError, MemoryError) as error:
        if out_of_memory(error):
            raise OutOfMemory(f"{card.name} ran out of memory; shorten the text.") from error
        raise ModelError(f"{card.name} could not read the text: {error}") from error
    maps = {"encoder": made.encoder_attentions, "decoder": made.decoder_attentions}.get(
        part, made.cross_attentions
    )
    weights = stacked(maps, card.name, causal=part == "decoder")
    weights.flags.writeable = False
    tokens = {"encoder": source, "decoder": written}.get(part, (*source, *written))
    provenance = Provenance(
        model=card.name,
        revision=loaded.revision,
        precision=loaded.precision,
        device=loaded.device,
        tokens=len(tokens),
        milliseconds=1000 * (time.perf_counter() - started),
        versions={name: version(name) for name in ("torch", "transformers")},
        note=f"{loaded.note} The target was {'typed' if target else 'written by the model'}.".strip(),
    )
    return AttentionTrace(tokens, weights, card, provenance, part=part)


def along(loaded: LoadedModel, ids: Any, reads: Any) -> Any:
    """One forward pass over a source (1, n) and what the decoder reads (1, m), with all attentions."""
    return loaded.model(input_ids=ids, decoder_input_ids=reads, output_attentions=True, use_cache=False)


def stacked(maps: Sequence[Any], name: str, *, causal: bool) -> NDArray[np.float32]:
    """The attention of all layers of one kind, (layers, heads, queries, keys), checked.

    The stacks of a model may differ in depth and in heads.
    """
    weights = np.stack([each[0].float().cpu().numpy() for each in maps])
    check_weights(weights, name, causal=causal)
    return weights


def _typed(target: str, loaded: LoadedModel, limit: int) -> list[int]:
    """What the decoder reads while it writes a typed target."""
    target = repair(target)
    if not is_visible(target):
        raise TextError("The target text holds only blanks; type some words, or leave it empty.")
    ids: list[int] = loaded.tokenizer(text_target=target)["input_ids"]
    if len(ids) > min(limit, loaded.card.max_tokens):
        raise TextError(f"The target has {len(ids):,} tokens; at most {limit:,} are read here. Shorten it.")
    return [_start(loaded), *ids[:-1]]


def _written(ids: Any, loaded: LoadedModel) -> list[int]:
    """What the decoder reads while it writes a target of its own, without its last token."""
    most = min(MOST_WRITTEN, 2 * ids.shape[1] + 8)
    out = loaded.model.generate(ids, max_new_tokens=most, num_beams=1, do_sample=False)[0].tolist()
    return [int(each) for each in (out[:-1] or out)]


def _start(loaded: LoadedModel) -> int:
    config, settings = loaded.model.config, loaded.model.generation_config
    found = getattr(config, "decoder_start_token_id", None)
    found = found if found is not None else settings.decoder_start_token_id
    if found is None:
        raise ModelError(f"{loaded.card.name} does not say which token a target starts with.")
    return int(found)


def _tokens(ids: Sequence[int], tokenizer: Any) -> tuple[Token, ...]:
    """The tokens of a target; the first is the one that every target starts with."""
    raws = tokenizer.convert_ids_to_tokens(list(ids))
    special = set(tokenizer.all_special_ids)
    tokens = []
    for at, raw in zip(ids, raws, strict=True):
        shown = raw if at in special else raw.replace("▁", " ").strip() or "␣"
        tokens.append(Token(shown, raw, at in special, at == tokenizer.unk_token_id, 1))
    return (replace(tokens[0], text="⟨start⟩", special=True), *tokens[1:])
