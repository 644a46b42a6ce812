"""Rollout and the widest path: sums, a worked example, and the paper's max-flow as an upper bound."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from models.attention import rollout, trace_attention, widest_path
from models.loading import LoadedModel

FINE = 10**6  # scipy's flow takes whole numbers


def random_weights(seed: int, layers: int, heads: int, n: int, causal: bool) -> np.ndarray:
    raw = np.random.default_rng(seed).exponential(size=(layers, heads, n, n)) ** 2
    raw = np.tril(raw) if causal else raw
    return (raw / raw.sum(-1, keepdims=True)).astype(np.float32)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(1, 7), st.booleans())
def test_rows_sum_to_1_and_nothing_comes_from_the_future(
    seed: int, layers: int, n: int, causal: bool
) -> None:
    weights = random_weights(seed, layers, 2, n, causal)
    rolled = rollout(weights)
    assert rolled.shape == (layers, n, n)
    np.testing.assert_allclose(rolled.sum(-1), 1, atol=1e-6)
    assert (rolled >= 0).all()
    if causal:
        assert not np.triu(rolled, 1).any()


def test_a_worked_example() -> None:
    look_back = np.array([[[[1, 0], [1, 0]]]] * 2, np.float32)  # both tokens look at the first, in two layers
    np.testing.assert_allclose(rollout(look_back), [[[1, 0], [0.5, 0.5]], [[1, 0], [0.75, 0.25]]])
    np.testing.assert_allclose(widest_path(look_back, 1), [[0.5, 0.5], [0.5, 0.5]])


def flow(weights: np.ndarray, query: int, key: int) -> float:
    """The paper's attention flow from a token at the top to an input, by scipy."""
    layers, _, n, _ = weights.shape
    mixed = (weights.mean(1) + np.eye(n)) / 2
    graph = np.zeros(((layers + 1) * n,) * 2, np.int32)
    for layer in range(layers):  # numbered from the top down: the last layer's output first, the input last
        above = (layers - 1 - layer) * n
        graph[above : above + n, above + n : above + 2 * n] = np.round(mixed[layer] * FINE)
    return maximum_flow(csr_array(graph), query, layers * n + key).flow_value / FINE


@pytest.mark.parametrize("causal", [False, True])
def test_one_way_is_never_wider_than_all_ways_together(causal: bool) -> None:
    weights = random_weights(7, 3, 2, 5, causal)
    widest = widest_path(weights, 4)
    ways = [max_of_ways(weights, 4, key) for key in range(5)]
    np.testing.assert_allclose(widest[-1], ways, atol=1e-6)
    assert all(widest[-1, key] <= flow(weights, 4, key) + 1e-5 for key in range(5))


def max_of_ways(weights: np.ndarray, query: int, key: int) -> float:
    """Every way through three layers, tried one by one."""
    n = weights.shape[-1]
    a, b, c = (weights.mean(1) + np.eye(n)) / 2
    return max(min(c[query, j], b[j, i], a[i, key]) for i in range(n) for j in range(n))


def test_of_a_real_model_the_rows_sum_to_1(minilm: LoadedModel) -> None:
    rolled = rollout(trace_attention("The cat sat on the mat.", model=minilm).weights)
    np.testing.assert_allclose(rolled.sum(-1), 1, atol=1e-5)
