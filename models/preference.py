"""Losses that prefer one answer to another: ORPO, DPO, IPO, SimPO, CPO, and the log-probabilities they take.

Two kinds of log-probability of an answer must never be mixed, so their names differ everywhere here:
``logp_…`` is the MEAN over the answer's tokens (P = exp of it is a geometric mean, and length does not
count); ``sum_logp_…`` is the SUM, the log-probability of the whole answer. All are natural logarithms, one
value a pair, shape (pairs,). Every loss gives one value a pair; a trainer takes their mean.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from torch import Tensor

from models.preference_doctor import diagnose
from models.preference_runs import read_run

__all__ = [
    "Batch",
    "Kept",
    "Pair",
    "batch_of",
    "chosen_nll",
    "cpo",
    "diagnose",
    "dpo",
    "ipo",
    "log1mexp",
    "log_odds",
    "log_odds_ratio",
    "odds_ratio_loss",
    "odds_ratio_parts",
    "orpo",
    "read_run",
    "simpo",
    "split",
    "sums_and_means",
    "token_logps",
    "usable",
]
HALF = -math.log(2)


def log1mexp(x: Tensor) -> Tensor:
    """log(1 − exp(x)) for x < 0, to the last digit near 0 and far from it.

    Two forms meet at −ln 2 (Mächler 2012). Each form sees only the x that are its own: through a plain
    ``where`` the other form's infinite slope would turn the gradient into NaN. At x = 0 the value is −∞.
    """
    near = x > HALF
    close = torch.log(-torch.expm1(torch.where(near, x, HALF)))
    return torch.where(near, close, torch.log1p(-torch.exp(torch.where(near, HALF, x))))


def log_odds(logp: Tensor) -> Tensor:
    """log(P / (1 − P)) of P = exp(logp), in float32 at least (Hong et al. 2024, equation 4)."""
    exact = logp.float() if logp.dtype in (torch.float16, torch.bfloat16) else logp
    return exact - log1mexp(exact)


def log_odds_ratio(logp_chosen: Tensor, logp_rejected: Tensor) -> Tensor:
    """log OR = log odds of the chosen − log odds of the rejected answer (Hong et al. 2024, equation 5)."""
    return log_odds(logp_chosen) - log_odds(logp_rejected)


def odds_ratio_loss(logp_chosen: Tensor, logp_rejected: Tensor) -> Tensor:
    """L_OR = −log σ(log OR) (Hong et al. 2024, equation 7); ``odds_ratio_parts`` has its gradient −δ·h."""
    return -F.logsigmoid(log_odds_ratio(logp_chosen, logp_rejected))


def odds_ratio_parts(logp_chosen: Tensor, logp_rejected: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """What the gradient of L_OR is made of: δ, 1/(1 − P_chosen), 1/(1 − P_rejected).

    δ = 1/(1 + odds_w/odds_l) = σ(−log OR), and ∂L_OR/∂log P_w = −δ/(1 − P_w), ∂L_OR/∂log P_l = δ/(1 − P_l).
    The paper's equations 8 and 20 differentiate +log σ and so lack the minus.
    """
    delta = torch.sigmoid(-log_odds_ratio(logp_chosen, logp_rejected))
    return delta, -1 / torch.expm1(logp_chosen), -1 / torch.expm1(logp_rejected)


def orpo(logp_chosen: Tensor, logp_rejected: Tensor, nll: Tensor, lam: float) -> Tensor:
    """L = nll + λ·L_OR (Hong et al. 2024, equation 6); λ is called ``beta`` in TRL. MEAN log-probabilities.

    ``nll`` is the loss of supervised fine-tuning (``chosen_nll``), one value or one a pair. The authors and
    TRL take it over prompt and chosen answer, so that in general nll ≠ −logp_chosen.
    """
    return nll + lam * odds_ratio_loss(logp_chosen, logp_rejected)


def dpo(
    sum_logp_chosen: Tensor,
    sum_logp_rejected: Tensor,
    ref_sum_logp_chosen: Tensor,
    ref_sum_logp_rejected: Tensor,
    beta: float,
) -> Tensor:
    """−log σ(β·[(log π_w − log ref_w) − (log π_l − log ref_l)]) (Rafailov et al. 2023, equation 7). SUMS."""
    chosen = sum_logp_chosen - ref_sum_logp_chosen
    return -F.logsigmoid(beta * (chosen - (sum_logp_rejected - ref_sum_logp_rejected)))


def ipo(
    logp_chosen: Tensor,
    logp_rejected: Tensor,
    ref_logp_chosen: Tensor,
    ref_logp_rejected: Tensor,
    beta: float,
) -> Tensor:
    """([(log π_w − log ref_w) − (log π_l − log ref_l)] − 1/(2β))² (Azar et al. 2023, equation 17). MEANS.

    The paper writes sums and calls β τ; its authors confirmed to TRL that they divided by the length.
    """
    return ((logp_chosen - ref_logp_chosen) - (logp_rejected - ref_logp_rejected) - 1 / (2 * beta)) ** 2


def simpo(logp_chosen: Tensor, logp_rejected: Tensor, beta: float, gamma: float) -> Tensor:
    """−log σ(β·(log P_w − log P_l) − γ), without a reference (Meng et al. 2024, equation 6). MEANS."""
    return -F.logsigmoid(beta * (logp_chosen - logp_rejected) - gamma)


def cpo(sum_logp_chosen: Tensor, sum_logp_rejected: Tensor, nll: Tensor | float, beta: float) -> Tensor:
    """−log σ(β·(log π_w − log π_l)) + nll, without a reference (Xu et al. 2024, equation 5). SUMS."""
    return nll - F.logsigmoid(beta * (sum_logp_chosen - sum_logp_rejected))


@dataclass(frozen=True)
class Pair:
    """Token ids of one prompt and its two answers, each answer with its end token."""

    prompt: tuple[int, ...]
    chosen: tuple[int, ...]
    rejected: tuple[int, ...]


@dataclass(frozen=True)
class Kept:
    """The pairs that can teach something, and how many could not, by reason."""

    pairs: tuple[Pair, ...]
    equal: int
    empty: int


def usable(
    rows: Iterable[tuple[str, str, str]], encode: Callable[[str], Sequence[int]], end: Sequence[int] = ()
) -> Kept:
    """Encode rows of (prompt, chosen, rejected), each answer on its own and followed by ``end``.

    A pair with an empty answer (blank, or no tokens) has no mean, one with equal answers no preference:
    both are dropped and counted.
    """
    pairs: list[Pair] = []
    equal = empty = 0
    for prompt, *answers in rows:
        chosen, rejected = (tuple(encode(answer)) for answer in answers)
        if not (chosen and rejected and all(answer.strip() for answer in answers)):
            empty += 1
        elif chosen == rejected:
            equal += 1
        else:
            pairs.append(Pair(tuple(encode(prompt)), (*chosen, *end), (*rejected, *end)))
    return Kept(tuple(pairs), equal, empty)


@dataclass(frozen=True)
class Batch:
    """n pairs as 2n rows, the chosen answers first; padded at the right.

    ``ids`` (2n, T) long; ``real`` (2n, T) bool, True where a token is no padding; ``answer`` (2n, T) bool,
    True on the answer's tokens alone.
    """

    ids: Tensor
    real: Tensor
    answer: Tensor

    def to(self, device: torch.device | str) -> "Batch":
        """The same batch on another device."""
        return Batch(self.ids.to(device), self.real.to(device), self.answer.to(device))


def batch_of(pairs: Sequence[Pair], pad: int, longest: int | None = None) -> Batch:
    """Pad pairs into one batch.

    A pair over ``longest`` tokens loses the START of its prompt first, then the ends of its answers.
    Both rows of a pair keep the same prompt, so that they differ in the answer alone.
    """
    rows: list[tuple[tuple[int, ...], tuple[int, ...]]] = []
    for side in ("chosen", "rejected"):
        for pair in pairs:
            answer = getattr(pair, side)
            prompt = pair.prompt
            if longest is not None:
                room = max(1, longest - max(len(pair.chosen), len(pair.rejected)))
                prompt = prompt[-room:]
                answer = answer[: longest - len(prompt)]
            rows.append((prompt, answer))
    width = max(len(prompt) + len(answer) for prompt, answer in rows)
    ids = torch.full((len(rows), width), pad)
    real = torch.zeros(len(rows), width, dtype=torch.bool)
    mask = torch.zeros(len(rows), width, dtype=torch.bool)
    for row, (prompt, answer) in enumerate(rows):
        end = len(prompt) + len(answer)
        ids[row, :end] = torch.tensor([*prompt, *answer])
        real[row, :end] = True
        mask[row, len(prompt) : end] = True
    return Batch(ids, real, mask)


def token_logps(logits: Tensor, ids: Tensor) -> Tensor:
    """log P of every token but the first, given those before it: (rows, T, vocabulary) → (rows, T − 1).

    Column t belongs to token t + 1: the logits at a token foretell the next.
    """
    rows, length, words = logits.shape
    losses = F.cross_entropy(logits[:, :-1].reshape(-1, words), ids[:, 1:].reshape(-1), reduction="none")
    return -losses.view(rows, length - 1)


def sums_and_means(logps: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """Sum and mean a row of ``token_logps`` over the tokens that ``mask`` (rows, T) holds.

    The mask is that of the tokens; its first column has no log-probability and does not count. A row
    without any token has the sum 0 and the mean NaN.
    """
    counted = mask[:, 1:]
    sums = torch.where(counted, logps, 0).sum(-1)
    return sums, sums / counted.sum(-1)


def split(rows: Tensor) -> tuple[Tensor, Tensor]:
    """The chosen and the rejected half of what a batch's 2n rows gave."""
    chosen, rejected = rows.chunk(2)
    return chosen, rejected


def chosen_nll(logps: Tensor, mask: Tensor) -> Tensor:
    """Mean −log P over all tokens of the chosen half that ``mask`` (2n, T) holds, one value a batch.

    ORPO, by its authors and TRL, takes ``batch.real``: prompts and answers. TRL's CPO takes ``batch.answer``.
    """
    counted = mask.chunk(2)[0][:, 1:]
    return -torch.where(counted, logps.chunk(2)[0], 0).sum() / counted.sum()
