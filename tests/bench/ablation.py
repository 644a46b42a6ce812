"""Switching heads off in one batch against one pass a head, and the scores of all heads: run it as a module.

``python -m tests.bench.ablation``: all 72 single heads of MiniLM on a text of 32 tokens, and the scores of
270 heads on 128 tokens. Batch and single passes take turns, so that a busy machine slows both; the fastest
counts, and the processor's own seconds stand beside it.
"""

import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from models.ablation import effect_size
from models.attention import read_text
from models.heads import rank_heads, score_heads
from models.loading import load
from models.registry import get_card
from models.traces import AttentionTrace, Provenance, Token
from tests.bench.attention import text_of

ROUNDS = 5
TOKENS, AIM_SECONDS, AIM_RATIO = 32, 6.0, 4.0
LAYERS, HEADS, LONG, AIM_SCORES = 30, 9, 128, 0.3


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """On the clock, and of the processor."""
    started = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - started[0], time.process_time() - started[1]


def row(what: str, measured: str, aim: str, reached: bool) -> None:
    print(f"{what:<60}{measured:<26}{aim:<12}{'reached' if reached else 'MISSED'}", flush=True)


def switching_off() -> None:
    model = load("minilm", "cpu")
    text = text_of(TOKENS)
    inputs, _, _ = read_text(text, None, model, 512)
    every = [(layer, head) for layer in range(6) for head in range(12)]

    ids = torch.tensor([inputs["input_ids"]])

    def one_pass(layer: int, head: int) -> np.ndarray:
        """The plain way: a forward pass of one row with a hook that writes zeros."""

        def zero(_: Any, args: tuple[torch.Tensor]) -> tuple[torch.Tensor]:
            cut = args[0].clone()
            cut[..., 32 * head : 32 * (head + 1)] = 0
            return (cut,)

        module = model.model.encoder.layer[layer].attention.output.dense
        hook = module.register_forward_pre_hook(zero)
        try:
            with torch.inference_mode():
                return model.model(ids).last_hidden_state[0].numpy()
        finally:
            hook.remove()

    with torch.inference_mode():
        before = model.model(ids).last_hidden_state[0].numpy()

    def one_pass_each() -> list[float]:
        return [effect_size(before, one_pass(*each)) for each in every]

    singles, batches = [], []
    one_pass_each()
    for _ in range(ROUNDS):
        singles.append(seconds(one_pass_each))
        batches.append(seconds(lambda: rank_heads(text, model=model)))
    together = rank_heads(text, model=model).sizes.ravel()
    print(f"largest difference of the two: {np.abs(together - one_pass_each()).max():.1e}")
    clock, busy = zip(*(map(min, zip(*each, strict=True)) for each in (singles, batches)), strict=True)
    what = f"72 single heads of MiniLM, {TOKENS} tokens, in a batch"
    row(what, f"{clock[1]:.2f} s ({busy[1]:.2f})", "≤ 6 s", clock[1] <= AIM_SECONDS)
    ratio = clock[0] / clock[1]
    row(
        f"the same, one pass each ({clock[0]:.2f} s)",
        f"× {ratio:.1f} ({busy[0] / busy[1]:.1f})",
        "≥ 4",
        ratio >= AIM_RATIO,
    )


def scores() -> None:
    raw = np.tril(np.random.default_rng(0).random((LAYERS, HEADS, LONG, LONG), np.float32)) + 1e-9
    weights = np.tril(raw) / np.tril(raw).sum(-1, keepdims=True)
    tokens = tuple(Token(str(at % 50), str(at % 50)) for at in range(LONG))
    trace = AttentionTrace(tokens, weights, get_card("smollm2"), Provenance("", "", "", "", LONG, 0, {}))
    score_heads(trace)
    took, busy = map(min, zip(*(seconds(lambda: score_heads(trace)) for _ in range(ROUNDS)), strict=True))
    row(
        f"scores of {LAYERS * HEADS} heads, {LONG} tokens",
        f"{took:.3f} s ({busy:.3f})",
        "≤ 0.3 s",
        took <= AIM_SCORES,
    )


def main() -> None:
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start")
    switching_off()
    scores()
    print(f"load {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
