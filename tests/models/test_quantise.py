import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from models.quantise import TOP, pack_weights, percent, unpack_table


def decoded(weight: float) -> float:
    return float(unpack_table()[pack_weights(np.array([weight], np.float32))[0]])


@given(st.floats(0, 1, width=32))
@example(0.0)
@example(1.0)
@example(0.029999)
def test_a_byte_prints_as_the_true_weight(weight: float) -> None:
    assume(abs(weight - 0.03) > 1e-6)  # where the number of printed digits changes
    tie = 200 if weight >= 0.03 else 2000  # printed digits change at odd multiples of 1/tie
    assume(abs(weight * tie - round(weight * tie)) / tie > 1e-6 or round(weight * tie) % 2 == 0)
    assert percent(decoded(weight)) == percent(weight)


@given(st.lists(st.floats(0, 1, width=32), min_size=2, max_size=20))
def test_order_is_kept(weights: list[float]) -> None:
    levels = pack_weights(np.sort(np.array(weights, np.float32)))
    assert np.all(np.diff(levels.astype(int)) >= 0)
    assert np.all(np.diff(unpack_table()) >= 0)


def test_zero_and_one_are_exact() -> None:
    assert pack_weights(np.array([0, 1], np.float32)).tolist() == [0, TOP] == [0, 254]
    assert (decoded(0), decoded(1)) == (0, 1)
    # softmax can exceed 1 by a rounding error
    assert pack_weights(np.array([1.0000001], np.float32))[0] == TOP


@pytest.mark.parametrize(
    ("weight", "printed"),
    [(0.676, "68 %"), (0.675, "68 %"), (0.0294, "2.9 %"), (0.0004, "0.0 %"), (0.995, "100 %"), (1, "100 %")],
)
def test_percent(weight: float, printed: str) -> None:
    assert percent(weight) == printed


def test_every_level_decodes_into_itself() -> None:
    levels = np.arange(TOP + 1, dtype=np.uint8)
    np.testing.assert_array_equal(pack_weights(unpack_table()[: TOP + 1]), levels)


def test_many_heads_keep_their_shape() -> None:
    weights = np.random.default_rng(0).random((72, 512, 512), np.float32)
    levels = pack_weights(weights)
    assert levels.shape == weights.shape
    assert levels.dtype == np.uint8


def test_a_slice_packs_like_its_copy() -> None:
    weights = np.random.default_rng(0).random((4, 6, 6), np.float32)
    np.testing.assert_array_equal(pack_weights(weights[1::2]), pack_weights(weights[1::2].copy()))
    assert pack_weights(np.empty((0, 3), np.float32)).shape == (0, 3)
