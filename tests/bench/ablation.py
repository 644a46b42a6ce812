"""Switching heads off in one batch against one pass a head, and the scores of all heads: run it as a module.

``python -m tests.bench.ablation``: all 72 single heads of MiniLM on a text of 32 tokens, and the scores of 270
heads on 128 tokens. Batch and single passes take turns, so that a busy machine slows both; the fastest counts.
"""

import os
import time
from collections.abc import Callable

import numpy as np

from models.ablation import _effect, _read
from models.attention import read_text
from models.heads import rank_heads, score_heads
from models.loading import load
from models.registry import get_card
from models.traces import AttentionTrace, Provenance, Token
from tests.bench.attention import text_of

ROUNDS = 5
TOKENS, AIM_SECONDS, AIM_RATIO = 32, 6.0, 4.0
LAYERS, HEADS, LONG, AIM_SCORES = 30, 9, 128, 0.3


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def row(what: str, measured: str, aim: str, reached: bool) -> None:
    print(f"{what:<60}{measured:<26}{aim:<12}{'reached' if reached else 'MISSED'}", flush=True)


def switching_off() -> None:
    model = load("minilm", "cpu")
    text = text_of(TOKENS)
    inputs, _, _ = read_text(text, None, model, 512)
    every = [(layer, head) for layer in range(6) for head in range(12)]

    def one_pass_each() -> list[float]:
        (before,) = _read(model, inputs, [], 0, None)
        return [_effect((each,), before, _read(model, inputs, [(each,)], 0, None)[1]).size for each in every]

    singles, batches = [], []
    one_pass_each()
    for _ in range(ROUNDS):
        singles.append(seconds(one_pass_each))
        batches.append(seconds(lambda: rank_heads(text, model=model)))
    together = rank_heads(text, model=model).sizes.ravel()
    print(f"largest difference of the two: {np.abs(together - one_pass_each()).max():.1e}")
    single, batch = min(singles), min(batches)
    row(
        f"72 single heads of MiniLM, {TOKENS} tokens, in a batch",
        f"{batch:.2f} s",
        "≤ 6 s",
        batch <= AIM_SECONDS,
    )
    ratio = single / batch
    row(f"the same, one pass each ({single:.2f} s)", f"{ratio:.1f} times slower", "≥ 4", ratio >= AIM_RATIO)


def scores() -> None:
    raw = np.tril(np.random.default_rng(0).random((LAYERS, HEADS, LONG, LONG), np.float32)) + 1e-9
    weights = np.tril(raw) / np.tril(raw).sum(-1, keepdims=True)
    tokens = tuple(Token(str(at % 50), str(at % 50)) for at in range(LONG))
    trace = AttentionTrace(tokens, weights, get_card("smollm2"), Provenance("", "", "", "", LONG, 0, {}))
    score_heads(trace)
    took = min(seconds(lambda: score_heads(trace)) for _ in range(ROUNDS))
    row(f"scores of {LAYERS * HEADS} heads, {LONG} tokens", f"{took:.3f} s", "≤ 0.3 s", took <= AIM_SCORES)


def main() -> None:
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start")
    switching_off()
    scores()
    print(f"load {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
