"""What is measured on attention heads: scores, the induction probe, ablations, weights traced through
layers."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.traces import Array, ModelCard, Provenance, Token

Head = tuple[int, int]  # layer, head
Heads = tuple[Head, ...]
Pairs = tuple[tuple[int, int], ...]  # places of two tokens that stand for each other


@dataclass(frozen=True)
class HeadScores:
    """Every score of every head of an AttentionTrace.

    ``values`` is float32 (scores, layers, heads) in the order of ``names``; NaN where the text or the model
    cannot test the score, and ``untestable`` then says why. A pattern's score is a share of weight over the
    rows that have a key of that pattern; ``over_all`` is the same over all rows, TransformerLens' "mul", NaN
    for scores that are no pattern. ``chance`` (scores,) is what evenly spread attention would get, NaN where
    that means nothing. ``unit`` of each score is "share" or "tokens".
    """

    names: tuple[str, ...]
    values: NDArray[np.float32]
    over_all: NDArray[np.float32]
    chance: NDArray[np.float32]
    untestable: dict[str, str]

    def of(self, name: str) -> NDArray[np.float32]:
        """One score, (layers, heads)."""
        return np.asarray(self.values[self.names.index(name)])


@dataclass(frozen=True)
class InductionProbe:
    """Random tokens, said twice: how far each head looks at what followed the first time.

    ``values`` float32 (layers, heads): the mean weight from token i of the second half to token i −
    ``length`` + 1, over ``draws`` sequences. ``chance`` is what evenly spread attention would get.
    """

    values: NDArray[np.float32]
    length: int
    draws: int
    seed: int
    chance: float
    card: ModelCard
    provenance: Provenance


@dataclass(frozen=True)
class Effect:
    """What switching off some heads changed.

    Of a decoder: ``logprobs`` (vocabulary,) natural logarithms after, at the asked position, and ``kl`` =
    KL(before ‖ after) in nats. Of an encoder: ``cosine`` of the text's vectors before and after, and
    ``token_cosines`` (n,) of each token's. What does not apply is NaN or empty.
    """

    heads: Heads
    kl: float = float("nan")
    logprobs: NDArray[np.float32] = field(default_factory=lambda: np.empty(0, np.float32))
    cosine: float = float("nan")
    token_cosines: Array = field(default_factory=lambda: np.empty(0))

    @property
    def size(self) -> float:
        """The one number of the effect: KL in nats, or 1 − cosine of the text's vectors."""
        return 1 - self.cosine if np.isnan(self.kl) else self.kl


@dataclass(frozen=True)
class AblationTrace:
    """A text read with all heads, with some switched off, and with as many others off as a control.

    ``position`` is the token after which a decoder guesses. ``before`` (vocabulary,) are its
    log-probabilities in nats with all heads. ``named`` is the entry of the vocabulary that is followed;
    ``spellings`` writes out that one and the ten likeliest before and after. Of an encoder they are empty,
    and ``named`` is -1. ``control`` holds one Effect a random draw, without its distributions.
    """

    tokens: tuple[Token, ...]
    position: int
    before: NDArray[np.float32]
    effect: Effect
    control: tuple[Effect, ...]
    named: int
    spellings: dict[int, str]
    card: ModelCard
    provenance: Provenance


@dataclass(frozen=True)
class Ranking:
    """The effect of switching off each single head, (layers, heads): KL in nats, or 1 − cosine."""

    sizes: Array
    tokens: tuple[Token, ...]
    position: int
    card: ModelCard
    provenance: Provenance
