"""Exact nearest neighbours in blocks: found once, shared by every map of the same points."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.errors import NumberError
from models.gpu import on_gpu
from models.nearest_torch import nearest_blocks
from models.points import Metric

BLOCK_BYTES = 64 * 2**20  # of distances held at once
DIGITS = 12  # of a cosine, or of the largest square: rounding must not part what is equal


@dataclass(frozen=True)
class Neighbours:
    """The nearest other points of each, nearest first; equal distances in the order of the points.

    index: (n, k) int32. distance: (n, k) float64, 1 − cosine or the euclidean distance. ``gpu`` names the
    device that found them, "" for the processor.
    """

    index: NDArray[np.int32]
    distance: NDArray[np.float64]
    metric: Metric
    gpu: str = ""

    def first(self, k: int) -> "Neighbours":
        """The ``k`` nearest of them."""
        return replace(self, index=self.index[:, :k], distance=self.distance[:, :k])


def nearest(
    vectors: ArrayLike,
    k: int,
    metric: Metric = "cosine",
    *,
    progress: Callable[[int, int], object] | None = None,
) -> Neighbours:
    """The ``k`` nearest neighbours of every row of ``vectors``, at most all others.

    ``progress(rows done, rows)`` is called after each block; what it raises ends the search.
    """
    rows = prepared(vectors, metric)
    k = min(k, len(rows) - 1)

    def search(device: str = "") -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        index, distance = np.empty((len(rows), k), np.int32), np.empty((len(rows), k))
        done = 0
        for found, far in blocks_on(device, rows, k, metric):
            at = slice(done, done + len(found))
            index[at], distance[at] = found, far
            done += len(found)
            if progress:
                progress(done, len(rows))
        return index, distance

    found, gpu = on_gpu(len(rows), search) or (search(), "")
    return Neighbours(*found, metric, gpu)


def blocks_on(
    device: str, rows: NDArray[np.float64], k: int, metric: Metric
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """The ``k`` nearest of prepared rows and how far they are, block by block; by torch on a ``device``."""
    if device:
        digits = digits_of(rows, metric)
        yield from nearest_blocks(rows, k, cosine=metric == "cosine", digits=digits, device=device)
        return
    for _, block in distance_blocks(rows, metric):
        index = first(block, k)
        yield index, np.take_along_axis(block, index, 1)


def digits_of(rows: NDArray[np.float64], metric: Metric) -> int:
    """Decimals to which cosines, or squares of distances, are rounded."""
    if metric == "cosine":
        return DIGITS
    return DIGITS - int(np.ceil(np.log10(np.vecdot(rows, rows).max() or 1)))


def prepared(vectors: ArrayLike, metric: Metric) -> NDArray[np.float64]:
    """Rows ready for ``distance_blocks``: of length 1 under cosine, centred else."""
    rows = np.asarray(vectors, np.float64)
    if rows.ndim != 2 or len(rows) < 2 or not np.isfinite(rows).all():
        raise NumberError(
            f"vectors have the shape {rows.shape}; expected two or more rows of finite numbers."
        )
    if metric == "cosine":
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        # a zero row has no direction: its cosine with every other row is 0
        return np.asarray(rows / np.where(lengths > 0, lengths, 1))
    return np.asarray(rows - rows.mean(0))


def distance_blocks(
    rows: NDArray[np.float64], metric: Metric, of: NDArray[np.int64] | None = None
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """Distances of some rows to all, block by block, with the numbers of the rows.

    The distance of a row to itself is infinite. ``of`` are the rows that are asked for, all if not given.
    """
    of = np.arange(len(rows)) if of is None else of
    n = len(rows)
    size = max(1, BLOCK_BYTES // (8 * n))
    squares = np.vecdot(rows, rows)
    digits = digits_of(rows, metric)
    for start in range(0, len(of), size):
        at = of[start : start + size]
        block = rows[at] @ rows.T
        if metric == "cosine":
            np.subtract(1, block, out=block)
            np.round(block, digits, out=block)
        else:
            block *= -2
            block += squares
            block += squares[at, None]
            np.round(block, digits, out=block)
            np.sqrt(np.maximum(block, 0, out=block), out=block)
        block[np.arange(len(block)), at] = np.inf
        yield at, block


def first(distances: NDArray[np.float64], k: int) -> NDArray[np.int64]:
    """Columns of the ``k`` smallest of each row, smallest first; ties in the order of the columns."""
    n = distances.shape[1]
    if k >= n // 2:
        return np.argsort(distances, 1, kind="stable")[:, :k]
    found = np.sort(np.argpartition(distances, k - 1, 1)[:, :k], 1)
    values = np.take_along_axis(distances, found, 1)
    order = np.argsort(values, 1, kind="stable")
    found = np.take_along_axis(found, order, 1)
    # where the k-th and a later one are equal, the partition took any of them
    last = np.take_along_axis(distances, found[:, -1:], 1)
    for row in np.flatnonzero(np.count_nonzero(distances <= last, 1) > k):
        found[row] = np.argsort(distances[row], kind="stable")[:k]
    return found
