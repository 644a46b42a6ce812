"""Widths and gaps of clusters, in the space and on the recorded maps."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from models import recorded
from models.bundled import BUNDLED
from models.claims import gap, widths


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 999), st.floats(0.1, 10))
def test_widths_and_gaps_scale_and_do_not_move(seed: int, factor: float) -> None:
    rows = np.random.default_rng(seed).normal(size=(20, 3))
    groups = ["a"] * 9 + ["b"] * 11
    for name, width in widths(rows, groups).items():
        mine = rows[[group == name for group in groups]]
        # half the mean squared distance of all ordered pairs is the mean squared distance from the mean
        assert width**2 == pytest.approx((cdist(mine, mine) ** 2).mean() / 2)
        assert widths(rows * factor + 5, groups)[name] == pytest.approx(width * factor)
    assert gap(rows * factor + 5, groups, "a", "b") == pytest.approx(gap(rows, groups, "b", "a") * factor)


@pytest.mark.parametrize("perplexity", recorded.PERPLEXITIES)
def test_no_perplexity_shows_which_cloud_is_ten_times_as_wide(perplexity: int) -> None:
    points = BUNDLED["unequal"]()
    groups = points.columns["cluster"]
    true = widths(points.vectors, groups)
    assert true["wide"] / true["narrow"] == pytest.approx(10, rel=0.02)
    places = recorded.places("unequal", "tsne", {"perplexity": perplexity}, 0)
    assert places is not None
    seen = widths(places, groups)
    assert 0.8 < seen["wide"] / seen["narrow"] < 1.25
