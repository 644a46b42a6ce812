"""A set of vectors with names and columns: what every map is drawn of."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.errors import NumberError

Metric = Literal["cosine", "euclidean"]
LEAST = 2  # points; one alone has no neighbour


@dataclass(frozen=True)
class Points:
    """Vectors (n, d) as float32, a label each, and columns of what else is known about them.

    ``metric`` is how far apart two of them are: cosine for text, where length says little, euclidean
    else. ``columns`` hold n texts or n numbers each. The order of the points is their importance:
    where labels compete for room, the first wins. ``notes`` say what was left out, a sentence each.
    ``images`` are n pictures of one byte a pixel, where a point is one. ``id`` names the content.
    """

    name: str
    vectors: NDArray[np.float32]
    labels: tuple[str, ...]
    metric: Metric
    columns: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    source: str = ""
    images: NDArray[np.uint8] | None = None

    @property
    def id(self) -> str:
        """A digest of the vectors and the labels."""
        digest = hashlib.blake2b(np.ascontiguousarray(self.vectors).tobytes(), digest_size=8)
        digest.update("\0".join(self.labels).encode("utf-8", "replace"))
        return digest.hexdigest()

    def __len__(self) -> int:
        return len(self.labels)


def tidy(
    name: str,
    vectors: ArrayLike,
    labels: Sequence[str],
    *,
    metric: Metric = "cosine",
    columns: Mapping[str, Sequence[Any]] | None = None,
    source: str = "",
    images: NDArray[np.uint8] | None = None,
) -> Points:
    """Points without the rows that no map can place, and a sentence for each kind that was left out.

    Left out are rows with NaN or infinity, zero rows under cosine (they point nowhere) and all but
    the first of equal rows (t-SNE and UMAP would pile them up). Raises NumberError where fewer than
    two rows remain or the shapes do not fit.
    """
    rows = np.asarray(vectors, np.float32)
    if rows.ndim != 2 or len(rows) != len(labels) or not rows.shape[1]:
        raise NumberError(
            f"The vectors have the shape {rows.shape}, with {len(labels):,} labels; expected one row of "
            "numbers a label."
        )
    finite = np.isfinite(rows).all(1)
    keep, notes = finite.copy(), []
    if bad := int((~finite).sum()):
        notes.append(f"{_rows(bad)} with a missing or infinite number left out.")
    if metric == "cosine":
        zero = finite & ~rows.any(1)
        keep &= ~zero
        if zeros := int(zero.sum()):
            notes.append(f"{_rows(zeros)} of only zeros left out: a cosine needs a direction.")
    kept = np.flatnonzero(keep)
    _, first = np.unique(rows[kept], axis=0, return_index=True)
    if twins := len(kept) - len(first):
        notes.append(f"{_rows(twins)} equal to an earlier one left out.")
    kept = kept[np.sort(first)]
    places = [int(i) for i in kept]
    if len(kept) < LEAST:
        raise NumberError(
            f"Only {_rows(len(kept))} of {len(rows):,} can be placed; a map needs {LEAST} or more. "
            + " ".join(notes)
        )
    return Points(
        name=name,
        vectors=rows[kept],
        labels=tuple(labels[i] for i in places),
        metric=metric,
        columns={key: tuple(values[i] for i in places) for key, values in (columns or {}).items()},
        notes=tuple(notes),
        source=source,
        images=None if images is None else images[kept],
    )


def _rows(count: int) -> str:
    return f"{count:,} row{'s' * (count != 1)}"
