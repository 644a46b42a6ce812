"""What each positional encoding can do, computed and not claimed."""

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from models.errors import NumberError
from models.loading import LoadedModel
from models.positions import (
    BASE,
    T5_BUCKETS,
    Layout,
    RopeLayout,
    alibi_bias,
    alibi_slopes,
    fractions,
    integers,
    learned,
    rope,
    rope_frequencies,
    rotation,
    similarity,
    sinusoidal,
    squashed,
    t5_buckets,
)
from models.traces import Array, Score, Scoreboard, Verdict

SCHEMES = (
    "sinusoidal",
    "sinusoidal-concatenated",
    "learned",
    "rope",
    "rope-interleaved",
    "alibi",
    "t5",
    "integers",
    "fractions",
    "squashed",
)
CRITERIA = ("unique", "bounded", "any length", "distance", "shift", "beyond")

HEADS = 8  # of the schemes that add to the scores
MOST = 1024  # positions, and columns
# Two positions are told apart from this distance a column on; below the second, float32 loses them
APART, LOST = 1e-2, 1e-6
# Rank correlations
READABLE, HALF_READABLE = 0.9, 0.5
ROTATES = 1e-6  # relative error of the best rotation
COMPARED = 4_000_000  # numbers: the nearest pairs, whose distance is computed again without cancellation

TABLE_LAYOUTS: dict[str, Layout] = {
    "sinusoidal": "interleaved",
    "sinusoidal-concatenated": "concatenated",
}
ROPE_LAYOUTS: dict[str, RopeLayout] = {"rope": "half", "rope-interleaved": "interleaved"}
NAIVE = {"integers": (integers, math.inf), "fractions": (fractions, 1.0), "squashed": (squashed, 1.0)}


def scoreboard(
    scheme: str, n: int, d: int, *, base: float = BASE, model: str | LoadedModel = "minilm"
) -> Scoreboard:
    """The six scores of ``scheme`` for ``n`` positions of width ``d``.

    What is scored of each kind: of a table its rows; of RoPE a vector of ones turned to every position, and
    for the shift two random vectors; of ALiBi and T5 (8 heads) what they add to a score at every distance.
    "Distance" is Spearman's rank correlation of the cosine (of naive schemes the inner product, of relative
    ones the added score) with −distance over all pairs. "Shift" is the error of the best rotation that moves
    every row to the next one. "Beyond" asks about positions n … 2n − 1 after training on n. The learned
    table is that of ``model``, as wide as it is and of at most as many positions as it has: ``n`` and ``d``
    of the answer say which.
    Raises NumberError.
    """
    if scheme not in SCHEMES:
        raise NumberError(f"scheme is “{scheme}”; expected one of {', '.join(SCHEMES)}.")
    if not (2 <= n <= MOST and 2 <= d <= MOST and d % 2 == 0):
        raise NumberError(f"n is {n} and d {d}; expected 2 to {MOST:,}, and d even.")
    if scheme == "alibi":
        return Scoreboard(scheme, n, HEADS, _alibi(n))
    if scheme == "t5":
        return Scoreboard(scheme, n, HEADS, _t5(n))
    if scheme == "learned":
        whole = learned(model).astype(float)
        table = whole[:n]
        n, d = table.shape
        rows = _rows(table, table, float(np.abs(whole).max()))
        return Scoreboard(scheme, n, d, (*rows, _shift(table), _learned_beyond(len(whole))))
    if scheme in ROPE_LAYOUTS:
        layout = ROPE_LAYOUTS[scheme]
        twice = rope(np.ones((2 * n, d)), np.arange(2 * n), layout, base)
        scores = (
            *_rows(twice[:n], twice[:n], math.sqrt(2)),
            _rope_shift(n, d, layout, base),
            _turns(n, d, base),
        )
    elif scheme in TABLE_LAYOUTS:
        twice = sinusoidal(2 * n, d, TABLE_LAYOUTS[scheme], base)
        shift = _shift(twice[:n], rotation(1, d, TABLE_LAYOUTS[scheme], base))
        scores = (*_rows(twice[:n], twice[:n], 1.0), shift, _turns(n, d, base))
    else:
        naive, bound = NAIVE[scheme]
        table, twice = naive(n, 1), naive(2 * n, 1)  # one for all of the d equal columns
        rows = _rows(table, twice[:n], bound, equal=d)
        scores = (*rows, _shift(table), _naive_beyond(scheme, table[:, 0], twice[:, 0]))
    return Scoreboard(scheme, n, d, scores)


def _rows(table: Array, again: Array, bound: float, equal: int = 1) -> tuple[Score, ...]:
    """The first four scores of rows, ``again`` in a text twice as long; ``bound`` is no value above, ever.

    A column of ``table`` stands for ``equal`` columns of the scheme.
    """
    n, columns = table.shape
    nearest, p, q = _nearest(table)
    apart = nearest / math.sqrt(columns)
    nearest *= math.sqrt(equal)
    unique: Verdict = "yes" if apart >= APART else "partly" if apart > LOST else "no"
    ending = {"yes": "", "partly": ", little to tell them by", "no": ", which no model can tell"}[unique]
    largest, change = (float(np.abs(x).max()) for x in (table, again - table))
    # a single number has no direction: of naive schemes the product, as their pictures have it
    measure: Literal["inner product", "cosine"] = "inner product" if columns == 1 else "cosine"
    rank = _rank_correlation(similarity(table, "dot" if columns == 1 else "cosine"))
    return (
        Score(
            "unique",
            nearest,
            "smallest distance between two positions",
            unique,
            f"The two nearest of {n} positions, {p} and {q}, are {_number(nearest)} apart{ending}.",
            "pairs",
        ),
        Score(
            "bounded",
            largest,
            "largest value",
            "yes" if math.isfinite(bound) else "no",
            f"No value is ever larger than {bound:.4g}, however long the text."
            if math.isfinite(bound)
            else f"The values grow with the position, here to {largest:,.0f}, and drown the words.",
            "heat",
        ),
        Score(
            "any length",
            change,
            "largest change of a position when the text is twice as long",
            "yes" if change == 0 else "no",
            "A position has the same vector in every text."
            if change == 0
            else f"The same position moves by up to {_number(change)} when the text grows to {2 * n}.",
            "curves",
        ),
        Score(
            "distance",
            rank,
            f"rank correlation of the {measure} with nearness",
            _readable(rank),
            f"Near positions have the larger {measure} with a rank correlation of {rank:.2f}.",
            "distance",
        ),
    )


def _nearest(table: Array) -> tuple[float, int, int]:
    """The smallest distance between two rows, and which."""
    squares = np.vecdot(table, table)
    i, j = np.triu_indices(len(table), 1)
    rough = (squares[:, None] + squares - 2 * table @ table.T)[i, j]
    count = min(len(rough), COMPARED // table.shape[1])
    few = np.sort(np.argpartition(rough, count - 1)[:count])
    exact = np.linalg.norm(table[i[few]] - table[j[few]], axis=1)
    best = few[exact.round(12).argmin()]  # of equal ones the first
    return float(exact.min()), int(i[best]), int(j[best])


def _rank_correlation(s: Array) -> float:
    """Spearman's, of the similarity of two positions with −distance, over all pairs; 0 if all are equal."""
    i, j = np.triu_indices(len(s), 1)
    # equal up to rounding is equal
    return _spearman(np.round(s[i, j] / max(np.abs(s).max(), 1e-300), 12), i - j)


def _spearman(a: NDArray[Any], b: NDArray[Any]) -> float:
    a, b = _ranks(a), _ranks(b)
    a, b = a - a.mean(), b - b.mean()
    norm = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(a @ b / norm) if norm else 0.0


def _ranks(values: NDArray[Any]) -> Array:
    """The rank of every value; equal values share the mean of theirs."""
    _, which, count = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(count) - (count - 1) / 2)[which])


def _readable(rank: float) -> Verdict:
    return "yes" if rank >= READABLE else "partly" if rank >= HALF_READABLE else "no"


def _shift(table: Array, matrix: Array | None = None) -> Score:
    """How far ``matrix``, or else the best rotation (orthogonal Procrustes), takes rows beside the next."""
    here, after = table[:-1], table[1:]
    view = "curves" if matrix is None else "turning"
    if matrix is None:
        u, _, vh = np.linalg.svd(here.T @ after)
        matrix = (u @ vh).T
    steps = np.linalg.norm(after - here, axis=1)
    error = float(np.linalg.norm(here @ matrix.T - after, axis=1).max() / steps.max())
    return Score(
        "shift",
        error,
        "largest error of the best rotation by one position, over the largest step",
        "yes" if error < ROTATES else "no",
        "One rotation moves every position by one, so a layer can learn “the token before”."
        if error < ROTATES
        else f"No rotation moves every position by one; the best misses by {_percent(error)} of a step.",
        view,
    )


def _rope_shift(n: int, d: int, layout: RopeLayout, base: float) -> Score:
    q, k = np.random.default_rng(0).standard_normal((2, d))
    place = np.arange(n)
    queries, keys = (rope(np.tile(vector, (n, 1)), place, layout, base) for vector in (q, k))
    s = queries @ keys.T
    return Score(
        "shift",
        float(np.abs(s[1:, 1:] - s[:-1, :-1]).max() / np.abs(s).max()),
        "largest relative change of ⟨R_m q, R_n k⟩ when both positions move by one",
        "yes",
        "It is itself a rotation: the score of two tokens depends on their distance alone.",
        "turning",
    )


def _turns(n: int, d: int, base: float) -> Score:
    """Sines and RoPE after the trained length: pairs that have not made one turn meet angles never seen."""
    theta, _ = rope_frequencies(d, base)
    new = float((theta * (n - 1) < 2 * math.pi).mean())
    return Score(
        "beyond",
        new,
        "share of the pairs that meet new angles",
        "partly",
        f"It exists for every position, but {_percent(new)} of the pairs make no full turn in {n} positions "
        "and meet angles that no training has shown."
        if new
        else f"Every pair has made a full turn in {n} positions, yet together they make patterns never seen.",
        "curves",
    )


def _learned_beyond(rows: int) -> Score:
    return Score(
        "beyond",
        rows,
        "positions that have a row",
        "no",
        f"The table ends after {rows} rows; a longer text has to be cut.",
        "heat",
    )


def _naive_beyond(scheme: str, column: Array, twice: Array) -> Score:
    n = len(column)
    if scheme == "integers":
        number, measure = float(twice.max() / column.max()), "largest value over the largest of the training"
        reason = f"The values go on to {twice.max():,.0f}; no training has shown any above {n - 1}."
    elif scheme == "fractions":
        number, measure = (
            float((twice[1] - twice[0]) / (column[1] - column[0])),
            "step over that of the training",
        )
        reason = f"Neighbours are 1/{2 * n} apart instead of 1/{n}, so every learned distance is wrong."
    else:
        number, measure = float(np.ptp(twice[n - 1 :])), "what all new positions together add to the value"
        reason = f"All new positions look like position {n - 1}: they differ by {_number(number)} at most."
    return Score("beyond", number, measure, "no", reason, "curves")


def _alibi(n: int) -> tuple[Score, ...]:
    slopes = alibi_slopes(HEADS)
    bias = alibi_bias(HEADS, n)
    i, j = np.nonzero(np.tri(n - 1, dtype=bool))
    moved = float(np.abs(bias[:, i + 1, j + 1] - bias[:, i, j]).max())
    rank = _spearman(bias[:, :, 0].sum(0), -np.arange(n))
    step, largest = float(np.linalg.norm(slopes)), float(slopes[0] * (n - 1))
    weights = np.exp(-slopes[:, None] * np.arange(2 * n))  # of equal words, (heads, distances)
    far = float((weights[:, n:].sum(1) / weights.sum(1)).mean())
    return (
        Score("unique", step, "smallest difference between two distances, over 8 heads", "yes",
              f"One step of distance changes the scores of the {HEADS} heads by {_number(step)} together.",
              "heat"),
        Score("bounded", largest, "largest penalty", "no",
              f"The penalty grows to {largest:,.4g}, on purpose: it only takes far weights to 0.", "heat"),
        Score("any length", 0.0, "largest change of a score when the text is twice as long", "yes",
              "The penalty knows the distance only.", "heat"),
        Score("distance", rank, "rank correlation of the added score with nearness", "yes",
              f"It is the distance, times a slope: the rank correlation is {rank:.2f}.", "distance"),
        Score("shift", moved, "largest change of the added score when both positions move by one",
              "does not apply",
              "There is no vector to rotate; moving both tokens changes the score by 0.", "heat"),
        Score("beyond", far, "weight on keys farther than the trained length, equal words, mean of 8 heads",
              "yes", f"Farther keys get {_percent(far)} of the weight on average; the penalty just goes on.",
              "heat"),
    )  # fmt: skip


def _t5(n: int) -> tuple[Score, ...]:
    bucket = t5_buckets(-np.arange(2 * n))  # of the keys before, by distance
    known = bucket[:n]
    counts = np.bincount(known)
    alone = int((counts == 1).sum())
    unique = len(known) == len(set(known.tolist()))
    rank = _spearman(-known.astype(float), -np.arange(n))
    new = len(set(bucket.tolist()) - set(known.tolist()))
    return (
        Score("unique", math.sqrt(2) if unique else 0.0, "smallest difference between two distances' buckets",
              "yes" if unique else "partly",
              f"Each of {n} distances has a bucket of its own." if unique
              else f"{n} distances share {len(set(known.tolist()))} buckets; {alone} have one of their own.",
              "heat"),
        Score("bounded", T5_BUCKETS, "learned numbers a head, however long the text", "yes",
              f"{T5_BUCKETS} learned numbers a head serve every length.", "heat"),
        Score("any length", 0.0, "largest change of a bucket when the text is twice as long", "yes",
              "The bucket knows the distance only.", "heat"),
        Score("distance", rank, "rank correlation of the bucket's order with nearness",
              "no" if rank < HALF_READABLE else "partly",
              f"The buckets follow the distance ({rank:.2f}); what each adds is learned, free of any order.",
              "distance"),
        Score("shift", 0.0, "largest change of a bucket when both positions move by one", "does not apply",
              "There is no vector to rotate; moving both tokens leaves the bucket.", "heat"),
        Score("beyond", new, "buckets that no training has filled", "yes" if new == 0 else "partly",
              "Every farther distance falls into the last bucket, which training has filled, and is not told "
              "from its neighbours." if new == 0
              else f"{new} buckets that training has not filled come into use.", "heat"),
    )  # fmt: skip


def _number(value: float) -> str:
    return f"{value:.2g}" if value < 100 else f"{value:,.0f}"


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %" if share < 1 else f"{100 * share:.0f} %"
