"""The frozen records of preference optimisation: a training run with its curves, and what a doctor finds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from models.traces import Array

Level = Literal["holds", "note", "wrong"]
Axis = Literal["step", "epoch", "tokens"]
# One name a number, whatever the trainer calls it. Log-probabilities are natural logarithms.
METRICS = {
    "loss": "loss",
    "nll": "loss on the chosen side (SFT part)",
    "or_loss": "L_OR = −log σ(log odds ratio)",
    "log_odds_ratio": "log odds ratio",
    "logp_chosen": "log P of chosen answers",
    "logp_rejected": "log P of rejected answers",
    "reward_chosen": "reward of chosen answers",
    "reward_rejected": "reward of rejected answers",
    "margin": "margin of rewards",
    "accuracy": "pairs whose chosen answer has the larger reward",
    "learning_rate": "learning rate",
    "grad_norm": "gradient norm",
}


@dataclass(frozen=True)
class Curve:
    """One number over a run: (n,) each. ``epoch`` and ``tokens`` hold NaN where the log has none."""

    step: Array
    epoch: Array
    tokens: Array
    values: Array

    def along(self, axis: Axis) -> Array:
        """The places of the values on an axis."""
        return {"step": self.step, "epoch": self.epoch, "tokens": self.tokens}[axis]


@dataclass(frozen=True)
class Run:
    """A training run: curves by the names of METRICS, training and held-out pairs apart.

    ``trainer`` says which code wrote the log, "" where that cannot be told; ``method`` is "ORPO", "DPO" …
    ``beta`` is β (ORPO's λ) as the log's own numbers give it, None where they do not; ``beta_from`` says
    how. ``summed`` is True where log-probabilities are sums over an answer, None where there are none.
    ``notes`` are one sentence each about what was made of the file.
    """

    name: str
    format: str
    train: Mapping[str, Curve] = field(default_factory=dict)
    eval: Mapping[str, Curve] = field(default_factory=dict)
    trainer: str = ""
    method: str = ""
    beta: float | None = None
    beta_from: str = ""
    summed: bool | None = None
    notes: tuple[str, ...] = ()

    @property
    def best(self) -> Mapping[str, Curve]:
        """The curves to judge by: the held-out ones where there are any of the answers, else training's."""
        known = {"logp_chosen", "reward_chosen"}
        return self.eval if known & set(self.eval) or not self.train else self.train


@dataclass(frozen=True)
class Finding:
    """One thing that the doctor says: a short title, and sentences with the run's own numbers."""

    level: Level
    title: str
    text: str


@dataclass(frozen=True)
class Ratios:
    """β·log PR (first) and log OR (second) of random pairs, as densities, and their laws.

    ``edges`` (2, bins + 1), ``counted`` (2, bins) the simulated densities; ``law`` (2, n) the exact ones at
    ``at`` (2, n). ``sd`` and ``kurtosis`` (excess) are those of the laws, ``drawn_…`` of the simulation.
    ``middle`` is the median P, ``factor`` the median of 1/(1 − P).
    """

    edges: Array
    counted: Array
    at: Array
    law: Array
    sd: tuple[float, float]
    kurtosis: tuple[float, float]
    drawn_sd: tuple[float, float]
    drawn_kurtosis: tuple[float, float]
    middle: float
    factor: float
    pairs: int


@dataclass(frozen=True)
class Digits:
    """log(1 − P) at log-probabilities ``x`` (n,): exact, plain in float32 and bfloat16, by log1mexp.

    ``left`` (3, n) is 1 − P itself: plain in float32, plain in bfloat16, by expm1 in float32.
    """

    x: Array
    exact: Array
    plain32: Array
    plain16: Array
    stable32: Array
    left: Array


@dataclass(frozen=True)
class StepCost:
    """One training step on one machine: fewest milliseconds, bytes of weights, gradients and Adam's state."""

    method: str
    milliseconds: float
    bytes: int
    parameters: int
    threads: int
