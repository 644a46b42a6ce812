"""Self-attention against torch, its symmetries, and the numbers that the page states."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import multi_head_attention_forward

from models.errors import NumberError
from models.selfattention import (
    CAT_MAT,
    LAYERS,
    LOVE,
    attend,
    cost,
    measure_cost,
    saturation,
    shapes,
    softmax,
    two_relations,
)

SIZES = st.tuples(st.integers(1, 7), st.integers(1, 4), st.integers(1, 5))  # n, heads, d_k
SEEDS = st.integers(0, 2**32 - 1)


def random_layer(n: int, heads: int, d_k: int, seed: int) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    d = heads * d_k
    return rng.normal(size=(n, d)), *rng.normal(size=(4, d, d))


def random_mask(kind: str, n: int, seed: int) -> Any:
    rng = np.random.default_rng(seed)
    if kind == "padding":
        keep = rng.random(n) < 0.5
        keep[rng.integers(n)] = True
        return keep
    if kind == "pairs":
        return (rng.random((n, n)) < 0.5) | np.eye(n, dtype=bool)
    return kind if kind == "causal" else None


@settings(max_examples=60, deadline=None)
@given(sizes=SIZES, kind=st.sampled_from(["none", "causal", "padding", "pairs"]), seed=SEEDS)
def test_attend_equals_torch(sizes: tuple[int, int, int], kind: str, seed: int) -> None:
    n, heads, d_k = sizes
    x, wq, wk, wv, wo = random_layer(n, heads, d_k, seed)
    mask = random_mask(kind, n, seed)
    steps = attend(x, wq, wk, wv, wo, heads, mask)
    inputs = torch.tensor(x)[:, None]  # (n, batch, d)
    output, weights = multi_head_attention_forward(
        *[inputs] * 3,
        heads * d_k,
        heads,
        torch.tensor(np.concatenate([wq.T, wk.T, wv.T])),
        *[None] * 3,
        False,
        0.0,
        torch.tensor(wo.T),
        None,
        training=False,
        key_padding_mask=None if kind != "padding" else torch.tensor(~mask)[None],
        attn_mask=None if kind in ("none", "padding") else torch.tensor(~steps.visible),
        average_attn_weights=False,
    )
    np.testing.assert_allclose(steps.weights, weights[0].numpy(), atol=1e-10)
    np.testing.assert_allclose(steps.output, output[:, 0].numpy(), atol=1e-9)


@settings(max_examples=60, deadline=None)
@given(sizes=SIZES, kind=st.sampled_from(["none", "padding"]), seed=SEEDS)
def test_permuted_inputs_give_permuted_outputs(sizes: tuple[int, int, int], kind: str, seed: int) -> None:
    n, heads, d_k = sizes
    x, *matrices = random_layer(n, heads, d_k, seed)
    order = np.random.default_rng(seed).permutation(n)
    keep = random_mask(kind, n, seed)
    before = attend(x, *matrices, heads, keep)
    after = attend(x[order], *matrices, heads, None if keep is None else keep[order])
    np.testing.assert_allclose(after.output, before.output[order], atol=1e-10)
    np.testing.assert_allclose(after.weights, before.weights[:, order][:, :, order], atol=1e-10)


@settings(max_examples=30, deadline=None)
@given(sizes=SIZES, seed=SEEDS, temperature=st.floats(0.1, 10), scaled=st.booleans())
def test_each_step_follows_from_the_one_before(
    sizes: tuple[int, int, int], seed: int, temperature: float, scaled: bool
) -> None:
    n, heads, d_k = sizes
    x, wq, wk, wv, wo = random_layer(n, heads, d_k, seed)
    steps = attend(x, wq, wk, wv, wo, heads, "causal", temperature=temperature, scaled=scaled)
    h, i, j = heads - 1, n - 1, n // 2
    columns = slice(h * d_k, (h + 1) * d_k)
    np.testing.assert_allclose(steps.q[h], (x @ wq)[:, columns])
    assert steps.scores[h, i, j] == pytest.approx(sum(steps.q[h, i] * steps.k[h, j]))
    assert steps.scale == pytest.approx(1 / (temperature * (d_k**0.5 if scaled else 1)))
    np.testing.assert_allclose(steps.scaled, steps.scores * steps.scale)
    np.testing.assert_allclose(steps.weights.sum(-1), 1)
    assert not np.triu(steps.weights, 1).any()
    np.testing.assert_allclose(steps.concatenated[:, columns], steps.mixed[h])
    named = {name: getattr(steps, name).shape for name in ("q", "scores", "mixed", "concatenated", "output")}
    assert named.items() <= shapes(n, heads * d_k, heads).items()


def test_without_an_output_matrix_the_heads_stand_side_by_side() -> None:
    x, wq, wk, wv, _ = random_layer(3, 2, 2, 0)
    steps = attend(x, wq, wk, wv[:, :2], heads=2)
    assert steps.mixed.shape == (2, 3, 1)
    np.testing.assert_array_equal(steps.output, steps.concatenated)


def test_love_has_the_sums_of_the_issue() -> None:
    np.testing.assert_allclose(LOVE.x[0], [0.11, 0.32, 0.53])
    np.testing.assert_allclose(LOVE.x[3], [0.44, 0.65, 0.86])
    steps = attend(LOVE.x, LOVE.wq, LOVE.wk, LOVE.wv, LOVE.wo, LOVE.heads)
    np.testing.assert_allclose(steps.q[0, 0], [0.64, 0.32])  # 0.11 + 0.53, 0.32
    np.testing.assert_allclose(steps.k[0, 3], [1.51, 0.86])  # 0.65 + 0.86, 0.86
    assert steps.scores[0, 0, 3] == pytest.approx(0.64 * 1.51 + 0.32 * 0.86)
    # embeddings that point the same way: nearly even weights, the longest vector first
    assert (steps.weights.argmax(-1) == 3).all()
    assert 0.16 < steps.weights.min() < steps.weights.max() < 0.36


def test_cat_and_mat_look_at_each_other() -> None:
    steps = attend(CAT_MAT.x, CAT_MAT.wq, CAT_MAT.wk, CAT_MAT.wv, CAT_MAT.wo, CAT_MAT.heads)
    cat, sat, mat = (CAT_MAT.tokens.index(word) for word in ("cat", "sat", "mat"))
    assert steps.weights[0, cat, mat] == pytest.approx(0.857, abs=5e-4)
    assert steps.weights[0, mat, cat] == pytest.approx(0.8775, abs=5e-4)
    # who sat? The cat does not ask back
    assert steps.weights[0, sat, cat] == pytest.approx(0.609, abs=5e-4)
    assert steps.weights[0, cat, sat] < 0.03
    others = np.delete(steps.weights[0], [cat, sat, mat], 0)
    assert others.max() < 0.25


W = np.eye(3)
X = np.ones((2, 3))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"x": [1, 2]}, "x has shape (2,); expected (tokens, width), none of them 0."),
        ({"x": [[1], [2, 3]]}, "x is no table of numbers; expected (tokens, width)."),
        ({"x": [[1, 2, np.nan]]}, "x holds a value that is not a finite number."),
        ({"wq": np.eye(2)}, "wq has shape (2, 2); expected (3, columns): x is 3 wide."),
        ({"wv": W, "heads": 2}, "wq has shape (3, 3); expected its columns to be a multiple of the 2 heads."),
        ({"wk": W[:, :2]}, "wk has shape (3, 2); expected (3, 3) like wq, as q and k are multiplied."),
        ({"wo": np.eye(2)}, "wo has shape (2, 2); expected (3, columns): the heads together are 3 wide."),
        ({"heads": 0}, "heads is 0; expected 1 or more."),
        ({"temperature": 0}, "temperature is 0; expected a number above 0."),
        (
            {"mask": "padding"},
            "mask is “padding”; expected None, “causal”, or a boolean array of what to keep.",
        ),
        (
            {"mask": [1, 0]},
            "mask has shape (2,) and type int64; expected (2,) or (2, 2) booleans, True for what is kept.",
        ),
        (
            {"mask": [[True, False], [False, False]]},
            "mask keeps nothing for token 1; every token needs one it may see.",
        ),
        ({"x": X * 1e200}, "The products overflow; make the numbers of x and of the matrices smaller."),
    ],
)
def test_errors_name_the_argument(arguments: dict[str, Any], sentence: str) -> None:
    with pytest.raises(NumberError) as caught:
        attend(**{"x": X, "wq": W, "wk": W, "wv": W} | arguments)
    assert str(caught.value) == sentence


def test_shapes_of_the_paper() -> None:
    of = shapes(10)
    assert of["q"] == (8, 10, 64)
    assert of["weights"] == (8, 10, 10)
    assert of["wq"] == (512, 512)
    with pytest.raises(NumberError, match="d_model is 10; expected a multiple of the 8 heads"):
        shapes(4, 10, 8)


def test_the_softmax_saturates_without_the_scaling() -> None:
    seen = saturation([1, 4, 16, 64, 256, 1024], seed=1)
    scaled, unscaled = seen.entropy
    assert scaled[0] == unscaled[0]  # √1
    assert 0.84 < scaled.min() < scaled.max() < 0.89
    assert (np.diff(unscaled) < 0).all()
    assert unscaled[3] == pytest.approx(0.15, abs=0.02)  # d_k = 64
    assert seen.gradient[1, -1] < seen.gradient[0, -1] / 5


def test_saturation_equals_plain_sampling_and_autograd() -> None:
    rng = np.random.default_rng(3)
    q, k = rng.normal(size=(3000, 1, 16)), rng.normal(size=(3000, 8, 16))
    scores = torch.tensor((q * k).sum(-1))
    p = torch.softmax(scores, -1)
    entropy = float(torch.distributions.Categorical(p).entropy().mean()) / np.log(8)
    jacobians = [
        torch.autograd.functional.jacobian(lambda s: torch.softmax(s, -1), row).norm() for row in scores[:500]
    ]
    seen = saturation([16], n_keys=8, draws=20000)
    assert seen.entropy[1, 0] == pytest.approx(entropy, abs=0.01)
    assert seen.gradient[1, 0] == pytest.approx(float(torch.stack(jacobians).mean()), abs=0.02)
    again = saturation([16], n_keys=8, draws=20000)
    np.testing.assert_array_equal(again.entropy, seen.entropy)


def test_one_head_hands_on_a_mean_and_two_heads_two_relations() -> None:
    seen = two_relations()
    assert seen.sentences[0][seen.asking] == seen.sentences[1][seen.asking] == "chased"
    widths = {(a.q.shape[0] * a.q.shape[2], a.concatenated.shape[1]) for a, _ in seen.steps}
    assert widths == {(2, 4)}  # all three are equally wide
    one, lopsided, two = (a.weights[:, seen.asking] for a, _ in seen.steps)
    np.testing.assert_allclose(one[0], [0.5, 0, 0.5], atol=2e-4)
    assert one[0, 0] == one[0, 2]
    assert lopsided[0, 0] == pytest.approx(0.67, abs=0.005)
    assert two[0, 0] > 0.999
    assert two[1, 2] > 0.999
    assert seen.apart == pytest.approx((0, 0.34, 0.999), abs=0.002)


def test_costs_cross_where_n_equals_d() -> None:
    seen = cost([64, 512, 1024], 512)
    assert seen.layers == LAYERS
    attention, recurrent, convolution = seen.mixing
    np.testing.assert_array_equal(np.sign(attention - recurrent), [-1, 0, 1])
    np.testing.assert_array_equal(convolution, 3 * recurrent)
    np.testing.assert_array_equal(seen.multiplications[0, 1:], [6 * 512**3, 16 * 512**3])
    assert (seen.multiplications[0] > seen.multiplications[1]).all()  # its projections alone are 4nd²
    np.testing.assert_array_equal(seen.sequential[:, 2], [1, 1024, 1])
    np.testing.assert_array_equal(seen.path[:, 2], [1, 1024, 7])
    assert cost(81, 4).path[2] == 4  # 3⁴
    assert cost(1, 4).path[2] == 1
    with pytest.raises(NumberError, match="n is 0, d 4 and kernel 3"):
        cost(0, 4)


def test_multiplications_are_those_that_attend_does() -> None:
    n, d = 5, 4
    made = shapes(n, d, 1)
    projections = 4 * made["x"][0] * d * d
    products = made["scores"][1] * made["scores"][2] * d * 2
    assert cost(n, d).multiplications[0] == projections + products


def test_measured_cost_has_a_time_for_every_layer_and_tells_its_progress() -> None:
    told: list[tuple[int, int]] = []
    seen = measure_cost([8, 16], 8, progress=lambda *step: told.append(step), repeats=2)
    assert seen.seconds.shape == (3, 2)
    assert (seen.seconds > 0).all()
    assert told == [(done, 6) for done in range(1, 7)]
    with pytest.raises(NumberError, match="expected lengths from 1 to 4,096 and a width from 1 to 1,024"):
        measure_cost([5000], 8)


def test_measuring_can_be_stopped() -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        measure_cost([8, 16], 8, progress=stop)


@given(scores=st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=6))
def test_softmax_sums_to_1_for_any_score(scores: list[float]) -> None:
    assert softmax(np.array(scores)).sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"d_k": []}, "d_k is (); expected widths of 1 or more."),
        ({"d_k": [4], "n_keys": 1}, "n_keys is 1 and draws 2000; expected at least 2 and 1."),
    ],
)
def test_saturation_says_what_it_expects(arguments: dict[str, Any], sentence: str) -> None:
    with pytest.raises(NumberError) as caught:
        saturation(**arguments)
    assert str(caught.value) == sentence
