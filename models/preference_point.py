"""Six losses and their slopes for one pair of answers, by autograd on the losses of models/preference.py."""

from collections.abc import Callable

import torch
from torch import Tensor

from models.preference import cpo, dpo, ipo, orpo, simpo

Point = tuple[str, str, float, float, float]


def at_point(
    *,
    w: float,
    l: float,  # noqa: E741 - the paper's letter for the answer that lost
    nw: float,
    nl: float,
    lam: float,
    beta: float,
    sbeta: float,
    gamma: float,
    rw: float,
    rl: float,
    **_: float,
) -> list[Point]:
    """(name, "means" or "sums", loss, slope in chosen, slope in rejected) a loss, in float64.

    ``w`` and ``l`` are mean log-probabilities over ``nw`` and ``nl`` tokens, ``rw`` and ``rl`` those of the
    reference. The slopes are in what the loss takes, a mean or a sum. The loss on the chosen side is here
    −log P of the answer alone.
    """
    means = [torch.tensor(value, dtype=torch.float64) for value in (w, l)]
    sums = [mean * n for mean, n in zip(means, (nw, nl), strict=True)]
    ref = [torch.tensor(value, dtype=torch.float64) for value in (rw, rl)]
    ref_sums = [mean * n for mean, n in zip(ref, (nw, nl), strict=True)]
    losses: dict[str, tuple[list[Tensor], Callable[[Tensor, Tensor], Tensor]]] = {
        "SFT": (means, lambda a, b: -a + 0 * b),
        "ORPO": (means, lambda a, b: orpo(a, b, -a, lam)),
        "DPO": (sums, lambda a, b: dpo(a, b, ref_sums[0], ref_sums[1], beta)),
        "IPO": (means, lambda a, b: ipo(a, b, ref[0], ref[1], beta)),
        "SimPO": (means, lambda a, b: simpo(a, b, sbeta, gamma)),
        "CPO": (sums, lambda a, b: cpo(a, b, -a / nw, beta)),
    }
    out: list[Point] = []
    for name, (given, loss) in losses.items():
        leaves = [value.clone().requires_grad_() for value in given]
        value = loss(*leaves)
        up, down = torch.autograd.grad(value, leaves)
        out.append((name, "sums" if given is sums else "means", value.item(), up.item(), down.item()))
    return out
