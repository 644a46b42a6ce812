"""Quality of a map against scikit-learn, SciPy and a plain second implementation."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr
from sklearn.manifold import trustworthiness

from models.errors import NumberError
from models.nearest import nearest
from models.quality import Quality, quality


def order(rows: np.ndarray, i: int, metric: str) -> list[int]:
    """All others by distance from i, then by number."""

    def distance(j: int) -> float:
        if metric == "euclidean":
            return round(math.dist(rows[i], rows[j]), 9)
        a, b = np.linalg.norm(rows[i]), np.linalg.norm(rows[j])
        return round(1 - (float(rows[i] @ rows[j] / (a * b)) if a and b else 0.0), 9)

    return sorted((j for j in range(len(rows)) if j != i), key=lambda j: (distance(j), j))


def plain(vectors: np.ndarray, xy: np.ndarray, k: int, metric: str) -> tuple[float, float, float]:
    """Trustworthiness, continuity and recall by the letter of their definitions."""
    n = len(vectors)
    if k >= n:
        return (math.nan,) * 3
    space = [order(vectors, i, metric) for i in range(n)]
    drawn = [order(xy, i, "euclidean") for i in range(n)]

    def wrong(one: list[list[int]], other: list[list[int]]) -> float:
        if 2 * k >= n:
            return math.nan
        ranks = sum(other[i].index(j) + 1 - k for i in range(n) for j in set(one[i][:k]) - set(other[i][:k]))
        return 1 - 2 / (n * k * (2 * n - 3 * k - 1)) * ranks

    kept = sum(len(set(space[i][:k]) & set(drawn[i][:k])) for i in range(n)) / (n * k)
    return wrong(drawn, space), wrong(space, drawn), kept


def measured(found: Quality) -> list[tuple[float, float, float]]:
    return list(zip(found.trustworthiness, found.continuity, found.recall, strict=True))


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    n=st.integers(2, 24),
    d=st.integers(1, 5),
    grid=st.booleans(),
    twins=st.booleans(),
    metric=st.sampled_from(["cosine", "euclidean"]),
)
def test_it_is_the_plain_definition(seed, n, d, grid, twins, metric) -> None:
    """On a grid most distances are ties; twins are duplicates; k may reach or pass n."""
    rng = np.random.default_rng(seed)
    vectors = rng.integers(-2, 3, (n, d)).astype(float) if grid else rng.normal(size=(n, d))
    xy = rng.integers(0, 4, (n, 2)).astype(float)
    if twins:
        vectors[n // 2] = vectors[0]
        xy[-1] = xy[0]
    ks = (1, 2, 5, n - 1, n, 50)
    found = quality(vectors, xy, ks, metric)
    for k, row in zip(ks, measured(found), strict=True):
        assert row == pytest.approx(plain(vectors, xy, k, metric), nan_ok=True, abs=1e-9)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_it_is_scikit_learns(metric) -> None:
    rng = np.random.default_rng(1)
    vectors, xy = rng.normal(size=(300, 20)), rng.normal(size=(300, 2))
    xy[:, 0] += vectors[:, 0]
    found = quality(vectors, xy, (5, 15, 50), metric)
    for k, trust, cont in zip(found.k, found.trustworthiness, found.continuity, strict=True):
        assert trust == pytest.approx(trustworthiness(vectors, xy, n_neighbors=k, metric=metric), abs=1e-12)
        if metric == "euclidean":
            assert cont == pytest.approx(trustworthiness(xy, vectors, n_neighbors=k), abs=1e-12)
    assert found.local[0].mean() == pytest.approx(found.trustworthiness[1])


def test_an_affine_copy_is_perfect() -> None:
    rows = np.random.default_rng(0).normal(size=(60, 2))
    found = quality(rows, 3 * rows @ np.array([[0, 1], [-1, 0]]) + 5, metric="euclidean")
    assert measured(found) == [(1, 1, 1)] * 2 + [(pytest.approx(math.nan, nan_ok=True),) * 2 + (1,)]
    assert found.shepard == pytest.approx(1)


def test_the_published_fixture() -> None:
    line, mixed = np.arange(5.0)[:, None], np.array([0, 2, 4, 1, 3.0])[:, None]
    assert quality(line, mixed, (1,), "euclidean").trustworthiness[0] == pytest.approx(0.2)


def test_the_correlation_of_distances_is_spearmans() -> None:
    rng = np.random.default_rng(2)
    vectors, xy = rng.normal(size=(50, 9)), rng.normal(size=(50, 2))
    found = quality(vectors, xy, metric="euclidean")
    i, j = np.triu_indices(50, 1)
    space, drawn = np.linalg.norm(vectors[i] - vectors[j], axis=1), np.linalg.norm(xy[i] - xy[j], axis=1)
    assert found.shepard == pytest.approx(spearmanr(space, drawn).statistic)
    assert math.isnan(quality(vectors, np.zeros((50, 2))).shepard)


def test_a_sample_of_the_points_is_near_the_whole() -> None:
    rng = np.random.default_rng(3)
    vectors, xy = rng.normal(size=(600, 8)), rng.normal(size=(600, 2))
    seen: list[tuple[int, int]] = []
    whole = quality(vectors, xy)
    part = quality(vectors, xy, most_rows=200, progress=lambda done, total: seen.append((done, total)))
    measured_points = np.isfinite(part.local[0])
    assert measured_points.sum() == 200
    assert np.array_equal(part.local[:, measured_points], whole.local[:, measured_points])
    assert part.trustworthiness[1] == pytest.approx(whole.trustworthiness[1], abs=0.02)
    assert seen[-1] == (200, 200)


def test_what_does_not_fit_is_named() -> None:
    with pytest.raises(NumberError, match="5 vectors and 4 places"):
        quality(np.eye(5), np.eye(4))
    with pytest.raises(NumberError, match="finite"):
        quality(np.full((5, 2), np.nan), np.eye(5))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), n=st.integers(2, 40), k=st.integers(1, 45), grid=st.booleans())
def test_neighbours_are_those_of_a_full_sort(seed, n, k, grid) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.integers(-1, 2, (n, 3)).astype(float) if grid else rng.normal(size=(n, 3))
    found = nearest(rows, k, "euclidean")
    assert found.index.shape == (n, min(k, n - 1))
    for i in range(n):
        assert found.index[i].tolist() == order(rows, i, "euclidean")[:k]
