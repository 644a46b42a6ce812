"""Self-attention on a handful of numbers: the example, and what of it a visitor has changed."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.selfattention import CAT_MAT, LOVE, attend
from models.traces import Array, SelfAttentionSteps, WorkedExample

EXAMPLES = {"love": LOVE, "cat": CAT_MAT}
MOST_WORDS = 8
MOST_LETTERS = 24
LIMIT = 100.0  # largest value a cell may hold
PAD = "[PAD]"
TENTHS = tuple(i / 10 for i in range(11))
EDITABLE = ("e", "p", "wq", "wk", "wv", "wo")


def parse_matrix(text: str) -> Array | None:
    """A matrix from the address, rows joined by ";" and numbers by ","; None stands for the example's own.

    Raises ValueError where it is no table of finite numbers up to LIMIT.
    """
    if not text:
        return None
    rows = [[float(number) for number in row.split(",")] for row in text[:4000].split(";")]
    if len({len(row) for row in rows}) != 1 or len(rows) > 64 or len(rows[0]) > 64:
        raise ValueError("no table")
    matrix = np.array(rows)
    if not (np.isfinite(matrix).all() and (np.abs(matrix) <= LIMIT).all()):
        raise ValueError("out of range")
    return matrix


def matrix_text(matrix: Array) -> str:
    """A matrix as the address and the browser write it: 1, not 1.0."""
    return ";".join(",".join(f"{number:.12g}" for number in row) for row in matrix)


def split_words(text: str) -> list[str]:
    """The tokens of a text: its words, at most MOST_WORDS."""
    return [word[:MOST_LETTERS] for word in text.split()[:MOST_WORDS]]


def _drawn(seed: str, shape: tuple[int, ...], choices: Sequence[float]) -> Array:
    return np.random.default_rng(zlib.crc32(seed.encode("utf-8", "replace"))).choice(choices, shape)


def _laid_over(base: Array, given: Array | None) -> Array:
    """``base`` with the part of ``given`` that fits: what was typed outlives a change of shape."""
    if given is None:
        return base
    out = base.copy()
    rows, columns = min(len(out), len(given)), min(out.shape[1], given.shape[1])
    out[:rows, :columns] = given[:rows, :columns]
    return out


@dataclass(frozen=True)
class Toy:
    """Everything that the picture needs before anything is computed."""

    example: str
    words: tuple[str, ...]
    base: Mapping[str, Array]
    now: Mapping[str, Array]
    heads: int
    d_k: int
    mask: str
    temperature: float

    @property
    def changed(self) -> bool:
        """Whether a number differs from the example's."""
        return any(not np.array_equal(self.base[name], self.now[name]) for name in EDITABLE)

    @property
    def x(self) -> Array:
        """Embeddings + positions."""
        return self.now["e"] + self.now["p"]

    def compute(self) -> SelfAttentionSteps:
        """The numbers of all steps."""
        keep = np.array([word != PAD for word in self.words])
        masks: dict[str, Any] = {"none": None, "causal": "causal", "padding": keep}
        return attend(
            self.x,
            self.now["wq"],
            self.now["wk"],
            self.now["wv"],
            self.now["wo"],
            heads=self.heads,
            mask=masks[self.mask],
            temperature=self.temperature,
        )


def toy(
    example: str,
    words: Sequence[str],
    given: Mapping[str, Array | None],
    *,
    heads: int,
    d_k: int,
    mask: str,
    temperature: float,
) -> Toy:
    """The example with the visitor's words, sizes and numbers; what the example lacks is drawn by a seed."""
    known: WorkedExample = EXAMPLES[example]
    width = known.embeddings.shape[1]
    rows = {word.lower(): row for word, row in zip(known.tokens, known.embeddings, strict=True)}

    def embedding(word: str) -> Array:
        if word == PAD:
            return np.zeros(width)
        return rows.get(word.lower(), _drawn(word.lower(), (width,), TENTHS))

    if mask == "padding":
        words = [*words, PAD]
    step = known.positions[1] - known.positions[0]
    columns = heads * d_k
    base = {
        "e": np.array([embedding(word) for word in words]),
        "p": known.positions[0] + np.arange(len(words))[:, None] * step,
    }
    for name in ("wq", "wk", "wv", "wo"):
        shape = (columns, width) if name == "wo" else (width, columns)
        # drawn for 64 columns and cut, so that a number stays when a head is added
        filler = _drawn(f"{example} {name}", (64, 64), (-1.0, 0.0, 1.0))[: shape[0], : shape[1]]
        base[name] = _laid_over(filler, getattr(known, name))
    now = {name: _laid_over(matrix, given.get(name)) for name, matrix in base.items()}
    return Toy(example, tuple(words), base, now, heads, d_k, mask, temperature)
