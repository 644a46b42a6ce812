"""Our attention with its weights against torch's own: python -m tests.bench.seq2seq

``Attention`` of models/seq2seqnets.py and nn.MultiheadAttention with the same sizes, both asked for the
weights of every head, float32 on one CPU thread, without gradients, at source lengths of the page. A number
is the fastest of its repeats; only the ratio is meant to be read.
"""

import time
from collections.abc import Callable

import torch
from torch import nn

from models.seq2seqnets import HEADS, WIDE, Attention

BATCH, LENGTHS, ROUNDS = 64, (10, 24, 60), 60


def seconds(run: Callable[[], object]) -> float:
    """The fastest of ROUNDS."""
    found = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        run()
        found.append(time.perf_counter() - started)
    return min(found)


def main() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    ours, theirs = Attention().eval(), nn.MultiheadAttention(WIDE, HEADS, batch_first=True).eval()
    with torch.no_grad():
        for n in LENGTHS:
            x, hidden = torch.randn(BATCH, n, WIDE), torch.zeros(BATCH, 1, 1, n, dtype=torch.bool)
            own = seconds(lambda x=x, hidden=hidden: ours(x, x, hidden))
            peer = seconds(lambda x=x: theirs(x, x, x, average_attn_weights=False))
            print(f"{n:3} tokens: {own * 1000:.2f} ms, nn.MultiheadAttention {peer * 1000:.2f} ms, "
                  f"ratio {own / peer:.2f}")  # fmt: skip


if __name__ == "__main__":
    main()
