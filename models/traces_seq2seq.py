"""The frozen records of sequence-to-sequence models: NumPy arrays and plain values only."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.traces import Array, Provenance

END_MARK = "■"  # the token that ends a target


@dataclass(frozen=True)
class Branch:
    """One token of a beam: ``parent`` is the place of the branch before it, -1 at the root.

    ``log_prob`` is the token's own, ``total`` the sum from the root, in nats; ``won`` ones make the target.
    """

    parent: int
    step: int
    token: str
    log_prob: float
    total: float
    won: bool


@dataclass(frozen=True)
class Seq2SeqTrace:
    """A model turning ``source`` into ``target``, both tokens; END_MARK ends the target if it found its end.

    - ``attention`` (heads, target, source), rows sum to 1; the Transformer's heads are its layers' one after
      the other, named in ``heads``. No heads where there is one context vector.
    - ``log_probs`` (target,) nats; ``likely[t]`` the likeliest tokens of step t with their probabilities.
    - ``source_attention`` (heads, source, source), ``target_attention`` (heads, target, target): the
      Transformer's self-attention, else None. A row t of the latter is the step that produced target token t;
      its columns are what the decoder had read: the beginning, then the target but for its last token.
    - ``expected``: the right target by the rules of the task, without END_MARK; None where they know none.
      ``aligned[t]``: the places of the source that decide its token t; None where the rules cannot say.
    - ``context``: the numbers of the one context vector, from -1 to 1; None where there is attention.
    - ``forced``: the target was given (teacher forcing), not produced. ``said`` is what the model would have
      said at each step; when it runs free, that is the target itself.
    - ``branches``: the beam, in the order in which it grew; empty for a forced target.
    """

    task: str
    model: str
    source: tuple[str, ...]
    unseen: tuple[bool, ...]
    target: tuple[str, ...]
    said: tuple[str, ...]
    expected: tuple[str, ...] | None
    aligned: tuple[tuple[int, ...], ...] | None
    context: NDArray[np.float32] | None
    forced: bool
    heads: tuple[str, ...]
    attention: NDArray[np.float32]
    source_attention: NDArray[np.float32] | None
    target_attention: NDArray[np.float32] | None
    log_probs: Array
    likely: tuple[tuple[tuple[str, float], ...], ...]
    branches: tuple[Branch, ...]
    provenance: Provenance

    @property
    def text(self) -> str:
        """The target as it is read, without END_MARK."""
        separator = " " if self.task == "phrases" else ""
        return separator.join(self.target).removesuffix(END_MARK).strip()

    @property
    def right(self) -> tuple[bool, ...] | None:
        """Which tokens of ``said`` are those expected at their place; None where none are."""
        if self.expected is None:
            return None
        wanted = (*self.expected, END_MARK)
        return tuple(at < len(wanted) and token == wanted[at] for at, token in enumerate(self.said))


@dataclass(frozen=True)
class ByLength:
    """How often each model is right to the last token, by the length of the source.

    ``exact`` (models, lengths), NaN where no example has that length; ``counts`` (lengths,) examples.
    """

    lengths: NDArray[np.int64]
    exact: Array
    counts: NDArray[np.int64]
    milliseconds: float


@dataclass(frozen=True)
class Times:
    """Milliseconds (models, lengths), medians of ``repeats``: one training pass, forward and backward, over
    ``batch`` sources and targets of that length."""

    models: tuple[str, ...]
    lengths: tuple[int, ...]
    milliseconds: Array
    batch: int
    repeats: int
    threads: int
    version: str
