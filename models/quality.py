"""How much of the space a map keeps: trustworthiness, continuity, neighbours kept, distances."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.errors import NumberError
from models.nearest import distance_blocks, first, prepared
from models.points import Metric

K = (5, 15, 50)
LOCAL_K = 15  # neighbours behind the numbers of one point,
LOCAL_SHARE = 5  # and at most every fifth of the others: chance alone keeps half of half of them
PAIRS = 20_000  # of points, for the correlation of distances
MOST_ROWS = 2_500  # points that are all measured; of more, this many drawn by lot
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Quality:
    """Numbers of one map, each at every k; NaN where there are too few points for it.

    trustworthiness: 1 if nobody is a neighbour on the map who is far away in truth. continuity: 1 if no
    true neighbour was torn away. recall: the share of true neighbours that the map keeps. ``local`` gives
    the three for every point at ``local_k`` as (3, n), NaN for points that the lot left out. ``shepard`` is
    Spearman's rank correlation of the distances ``pairs`` (2, m): in the space, on the map.
    """

    k: tuple[int, ...]
    trustworthiness: tuple[float, ...]
    continuity: tuple[float, ...]
    recall: tuple[float, ...]
    shepard: float
    pairs: Floats
    local: Floats
    local_k: int


def quality(
    vectors: ArrayLike,
    xy: ArrayLike,
    k: Sequence[int] = K,
    metric: Metric = "cosine",
    *,
    seed: int = 0,
    most_rows: int = MOST_ROWS,
    progress: Callable[[int, int], object] | None = None,
) -> Quality:
    """Measure a map ``xy`` (n, 2 or 3) of ``vectors`` (n, d).

    Venna & Kaski 2001: with r(i, j) the place of j among the neighbours of i in the space,
    trustworthiness = 1 − 2 / (n k (2n − 3k − 1)) Σ_i Σ_j max(0, r(i, j) − k) over the k neighbours j of i
    on the map; continuity swaps space and map. Both need k < n / 2. Equal distances rank in the order
    of the points. The sum over i is a mean, so of more than ``most_rows`` points it is taken over that
    many, drawn by lot; the neighbours are always looked for among all. ``progress(done, total)`` counts
    points; what it raises ends the work.
    """
    far, near = prepared(vectors, metric), prepared(xy, "euclidean")
    if len(far) != len(near):
        raise NumberError(f"{len(far):,} vectors and {len(near):,} places; expected one place a vector.")
    n = len(far)
    local_k = min(LOCAL_K, max(1, (n - 1) // LOCAL_SHARE))
    asked = sorted({*(each for each in k if each < n), local_k})
    lot = np.random.default_rng(seed).permutation(n)[:most_rows] if n > most_rows else np.arange(n)
    sums = {each: np.full((3, n), np.nan) for each in asked}
    done = 0
    for (at, far_block), (_, near_block) in zip(
        distance_blocks(far, metric, lot), distance_blocks(near, "euclidean", lot), strict=True
    ):
        most = asked[-1]
        truly, drawn = first(far_block, most), first(near_block, most)
        true_ranks, drawn_ranks = ranks(far_block, drawn), ranks(near_block, truly)
        for each in asked:
            sums[each][0, at] = np.maximum(0, true_ranks[:, :each] - each).sum(1)
            sums[each][1, at] = np.maximum(0, drawn_ranks[:, :each] - each).sum(1)
            sums[each][2, at] = (true_ranks[:, :each] <= each).sum(1)
        done += len(at)
        if progress:
            progress(done, len(lot))
    local = {each: _scaled(sums[each], each, n) for each in asked}
    means = [local[each][:, lot].mean(1) if each in local else np.full(3, np.nan) for each in k]
    pairs = _pairs(far, near, metric, seed)
    return Quality(
        k=tuple(k),
        trustworthiness=tuple(float(mean[0]) for mean in means),
        continuity=tuple(float(mean[1]) for mean in means),
        recall=tuple(float(mean[2]) for mean in means),
        shepard=spearman(*pairs),
        pairs=pairs,
        local=local[local_k],
        local_k=local_k,
    )


def _scaled(sums: Floats, k: int, n: int) -> Floats:
    """Sums of too large ranks to 1 − their share of the largest possible, a point each."""
    worst = k * (2 * n - 3 * k - 1) / 2
    kept = sums[2] / k
    if 2 * k >= n:
        return np.stack([np.full(n, np.nan), np.full(n, np.nan), kept])
    return np.stack([1 - sums[0] / worst, 1 - sums[1] / worst, kept])


def ranks(distances: Floats, columns: NDArray[np.int64]) -> NDArray[np.int64]:
    """Places, from 1, that ``columns`` (rows, k) take when each row of ``distances`` (rows, n) is sorted."""
    values = np.take_along_axis(distances, columns, 1)
    ordered = np.sort(distances, 1)
    found = np.empty(columns.shape, np.int64)
    for row, (line, wanted) in enumerate(zip(ordered, values, strict=True)):
        found[row] = np.searchsorted(line, wanted, "left")
        tied = np.searchsorted(line, wanted, "right") - found[row] > 1
        for at in np.flatnonzero(tied):
            found[row, at] += np.count_nonzero(distances[row, : columns[row, at]] == wanted[at])
    return found + 1


def _pairs(far: Floats, near: Floats, metric: Metric, seed: int) -> Floats:
    """Distances of all pairs, or of many drawn by lot: (2, m)."""
    n = len(far)
    if n * (n - 1) // 2 <= PAIRS:
        i, j = np.triu_indices(n, 1)
    else:
        rng = np.random.default_rng(seed)
        i = rng.integers(n, size=PAIRS)
        j = (i + rng.integers(1, n, PAIRS)) % n  # never the point itself
    space = 1 - np.vecdot(far[i], far[j]) if metric == "cosine" else np.linalg.norm(far[i] - far[j], axis=1)
    return np.stack([np.round(space, 12), np.round(np.linalg.norm(near[i] - near[j], axis=1), 12)])


def spearman(a: Floats, b: Floats) -> float:
    """Correlation of the ranks of ``a`` and ``b``, ties sharing theirs; NaN where one never changes."""
    from scipy.stats import rankdata

    x, y = rankdata(a), rankdata(b)
    x, y = x - x.mean(), y - y.mean()
    size = float(np.sqrt((x @ x) * (y @ y)))
    return float(x @ y) / size if size else float("nan")
