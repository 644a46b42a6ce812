"""What a head does, as numbers: scores of its weights on a text, and the probe for induction."""

import time
from collections.abc import Callable
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray

from models.ablation import ablate, rank_heads
from models.attention import ROLES, summarise
from models.errors import ModelError
from models.loading import LoadedModel, load
from models.traces import AttentionTrace, Provenance
from models.traces_heads import HeadScores, InductionProbe

__all__ = ["SCORES", "ablate", "induction_probe", "rank_heads", "score_heads"]

# The patterns of ROLES, then what is measured on a row as a whole
SCORES = (*ROLES, "entropy", "confidence", "distance")
PROBE_LENGTH, PROBE_DRAWS = 40, 4


def score_heads(trace: AttentionTrace) -> HeadScores:
    """Every score of every head of ``trace``.

    Patterns: Σ(attention · pattern)/Σ attention (TransformerLens' detect_head, "mul"), in ``values`` over the
    rows that have a key of the pattern, in ``over_all`` over all rows; see ``summarise``. Entropy:
    −Σ p ln p / ln(keys that the row can see), so that 1 is evenly spread. Confidence: the largest weight of a
    row (Voita et al. 2019, arXiv 1905.09418). Distance: Σ p · |query − key|, in tokens. These three are means
    over the rows that can see two keys or more.
    """
    layers, heads, rows, _ = trace.weights.shape
    notes = summarise(trace)
    visible = trace.visible  # (rows, keys)
    wide = visible.sum(-1) > 1
    away = np.abs(np.subtract.outer(*map(np.arange, visible.shape))).astype(np.float32)  # (rows, keys)
    confidence, distance = np.full((2, layers, heads), np.nan, np.float32)
    if wide.any():
        for layer, p in enumerate(trace.weights):  # (heads, rows, keys); a layer at a time keeps memory flat
            confidence[layer] = p[:, wide].max(-1).mean(-1)
            if trace.part != "cross":  # places in two texts have no distance
                distance[layer] = np.vecdot(p[:, wide], away[wide]).mean(-1)
    with np.errstate(invalid="ignore"):
        over_all = notes.shares * notes.rows[:, None, None] / rows
        evenly = np.where(visible, 1 / visible.sum(-1, keepdims=True), 0)[wide]
    chance = [*notes.chance, 1.0, evenly.max(-1).mean() if wide.any() else np.nan]
    chance.append(np.vecdot(evenly, away[wide]).mean() if wide.any() else np.nan)
    return HeadScores(
        SCORES,
        np.concatenate([notes.shares, notes.entropy[None], confidence[None], distance[None]]),
        np.concatenate([over_all, np.full((3, layers, heads), np.nan, np.float32)]),
        np.array(chance, np.float32),
        _untestable(trace, notes.shares, bool(wide.any())),
    )


def _untestable(trace: AttentionTrace, shares: NDArray[np.float32], wide: bool) -> dict[str, str]:
    """Why a score is NaN, by its name, as the end of the sentence "not testable: …"."""
    name = trace.card.name
    both_ways = f"{name} sees what comes next, so it has nothing to recall"
    reasons = {
        "previous": "the text has one token",
        "next": f"{name} cannot look ahead" if trace.causal else "the text has one token",
        "itself": "the text has one token",
        "first": "the text has one token",
        "separator": f"{name} puts no special token behind a text",
        "duplicate": "no token of this text occurs twice",
        "induction": "no token of this text occurs twice" if trace.causal else both_ways,
    }
    if trace.part == "cross":
        reasons |= dict.fromkeys(
            ("previous", "next", "itself", "duplicate", "induction", "distance"),
            "queries and keys are two different texts",
        )
    gone = {role: reasons[role] for role, of in zip(ROLES, shares, strict=True) if np.isnan(of).all()}
    if trace.part == "cross":
        gone["distance"] = reasons["distance"]
    alone = {} if wide else dict.fromkeys(("entropy", "confidence", "distance"), "the text has one token")
    return gone | alone


def induction_probe(
    model: str | LoadedModel,
    *,
    device: str = "auto",
    length: int = PROBE_LENGTH,
    draws: int = PROBE_DRAWS,
    seed: int = 0,
    progress: Callable[[int, int], object] | None = None,
) -> InductionProbe:
    """How far each head of a decoder looks at what came next the last time.

    ``length`` random tokens of the vocabulary stand twice in a row; of each token i of the second half the
    weight on token i − length + 1 is averaged (Olsson et al. 2022, arXiv 2209.11895). Random tokens, so that
    no head can guess from meaning. ``progress(done, draws)`` is called after each sequence; what it raises
    stops the work. Raises ModelError for a model that is no decoder.
    """
    import torch

    loaded = load(model, device) if isinstance(model, str) else model
    card = loaded.card
    if card.kind != "decoder":
        raise ModelError(f"{card.name} sees what comes next, so it has nothing to recall; take a decoder.")
    special = set(loaded.tokenizer.all_special_ids)
    known = min(len(loaded.tokenizer), loaded.model.config.vocab_size)
    usable = np.array(sorted({*range(known)} - special))
    length = min(length, card.max_tokens // 2)
    random = np.random.default_rng(seed)
    found = np.zeros((card.layers, card.heads))
    second = torch.arange(length, 2 * length)
    started = time.perf_counter()
    for draw in range(draws):
        half = random.choice(usable, length)
        ids = torch.tensor(np.concatenate([half, half])[None], device=loaded.device)
        with loaded.lock, torch.inference_mode():
            attentions = loaded.model.base_model(ids, output_attentions=True, use_cache=False).attentions
        for layer, maps in enumerate(attentions):  # (1, heads, 2 length, 2 length)
            found[layer] += maps[0][:, second, second - length + 1].float().mean(-1).cpu().numpy() / draws
        if progress:
            progress(draw + 1, draws)
    made = Provenance(
        model=card.name,
        revision=loaded.revision,
        precision=loaded.precision,
        device=loaded.device,
        tokens=2 * length,
        milliseconds=1000 * (time.perf_counter() - started),
        versions={name: version(name) for name in ("torch", "transformers")},
        note=f"{draws} draws of {length} random tokens, said twice.",
    )
    chance = float(np.mean(1 / np.arange(length + 1, 2 * length + 1)))
    return InductionProbe(found.astype(np.float32), length, draws, seed, chance, card, made)
