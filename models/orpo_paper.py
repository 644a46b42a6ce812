"""The published numbers of ORPO: Hong et al. 2024 (arXiv 2403.07691v2) and its authors' model cards."""

from dataclasses import dataclass
from typing import Literal

Method = Literal["SFT", "DPO", "ORPO", "RLHF"]
SIZES = ("OPT-125M", "OPT-350M", "OPT-1.3B")
AGAINST = ("SFT", "+DPO", "+PPO")
# Percent of prompts on which a reward model prefers ORPO's answer: one row a size, in the order of AGAINST
WIN_RATES: dict[str, tuple[tuple[float, float, float], ...]] = {
    "HH-RLHF": ((84.0, 41.7, 66.1), (82.7, 49.4, 79.4), (78.0, 70.9, 65.9)),
    "UltraFeedback": ((73.2, 48.8, 71.4), (80.5, 50.5, 85.8), (69.4, 57.8, 65.7)),
}


@dataclass(frozen=True)
class Judged:
    """One model before the judges: percent of wins in AlpacaEval 1 and 2, points of 10 in MT-Bench."""

    model: str
    method: Method
    alpaca1: float
    alpaca2: float
    mt_bench: float | None
    source: str


JUDGED = (
    Judged("Phi-2, SFT", "SFT", 48.37, 0.11, None, "hong2024"),
    Judged("Phi-2, SFT + DPO", "DPO", 50.63, 0.78, None, "hong2024"),
    Judged("Phi-2, ORPO", "ORPO", 71.80, 6.35, None, "hong2024"),
    Judged("Llama-2-Chat 7B", "RLHF", 71.37, 4.96, 6.27, "orpo_card"),
    Judged("Llama-2-Chat 13B", "RLHF", 81.09, 7.70, 6.65, "orpo_card"),
    Judged("Llama-2 7B, ORPO", "ORPO", 81.26, 9.44, None, "hong2024"),
    Judged("TULU-2-DPO 13B", "DPO", 89.5, 10.12, 7.00, "orpo_card"),
    Judged("Zephyr β 7B", "DPO", 90.60, 10.99, 7.34, "orpo_card"),
    Judged("Mistral-ORPO-α 7B", "ORPO", 87.92, 11.33, 7.23, "hong2024"),
    Judged("Mistral-ORPO-β 7B", "ORPO", 91.41, 12.20, 7.32, "hong2024"),
)
# What the paper's curves do at each λ: (λ, chosen, rejected); the distance between them grows with λ
ABLATION = ((0.1, "rises", "does not fall"), (0.5, "rises", "falls"), (1.0, "falls", "falls furthest"))


@dataclass(frozen=True)
class Needs:
    """What one step on one pair needs.

    ``trained`` and ``frozen`` models in memory; forward passes through each kind over one answer;
    ``writes`` says whether the model has to write an answer first, token by token.
    """

    method: str
    trained: int
    frozen: int
    passes: int
    frozen_passes: int
    writes: bool
    what: str


NEEDS = (
    Needs("SFT", 1, 0, 1, 0, False, "the model reads the chosen answer"),
    Needs("ORPO", 1, 0, 2, 0, False, "the model reads both answers"),
    Needs("DPO", 1, 1, 2, 2, False, "model and frozen reference read both answers; SFT goes before"),
    Needs(
        "RLHF (PPO)",
        2,
        2,
        2,
        2,
        True,
        "the model writes an answer; it and the value model learn, reference and reward model are frozen; "
        "SFT and the reward model's own training go before",
    ),
)
TRAINED_BYTES, FROZEN_BYTES = 16, 4  # a weight in float32: itself, gradient, Adam's two means; itself alone


def gigabytes(needs: Needs, parameters: float) -> float:
    """Memory of weights, gradients and Adam's state, without activations, all models of one size."""
    return parameters * (needs.trained * TRAINED_BYTES + needs.frozen * FROZEN_BYTES) / 1e9


def interval(percent: float, judged: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's 95 % interval, in percent, if so many prompts had been judged."""
    p, n = percent / 100, judged
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    return 100 * (middle - half), 100 * (middle + half)
