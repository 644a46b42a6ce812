"""Positional encodings against transformers and the papers' own formulas."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import GPT2Config, GPT2Model, LlamaConfig, OPTConfig, OPTModel, RobertaConfig, RobertaModel
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding, apply_rotary_pos_emb
from transformers.models.t5.modeling_t5 import T5Attention

from models import positions
from models.errors import ModelError, NumberError
from models.loading import LoadedModel
from models.positions import (
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
    t5_bias,
    t5_buckets,
)
from models.registry import MODELS

LAYOUTS = ("interleaved", "concatenated")
WIDTHS = st.integers(1, 64).map(lambda half: 2 * half)
SEEDS = st.integers(0, 2**32 - 1)


def test_sinusoidal_is_the_formula_of_the_paper() -> None:
    table = sinusoidal(50, 8)
    for p in (0, 1, 49):
        for i in range(4):
            assert table[p, 2 * i] == pytest.approx(np.sin(p / 10000 ** (2 * i / 8)))
            assert table[p, 2 * i + 1] == pytest.approx(np.cos(p / 10000 ** (2 * i / 8)))
    together = sinusoidal(50, 8, "concatenated")
    np.testing.assert_array_equal(together[:, :4], table[:, ::2])
    np.testing.assert_array_equal(together[:, 4:], table[:, 1::2])


@settings(max_examples=60, deadline=None)
@given(
    d=WIDTHS, k=st.integers(-100, 100), layout=st.sampled_from(LAYOUTS), base=st.sampled_from([10.0, 10000.0])
)
def test_one_rotation_shifts_every_position(d: int, k: int, layout: Any, base: float) -> None:
    matrix = rotation(k, d, layout, base)
    table = sinusoidal(300, d, layout, base)
    before, after = (table[:200], table[k : k + 200]) if k >= 0 else (table[-k : 200 - k], table[:200])
    np.testing.assert_allclose(before @ matrix.T, after, atol=1e-12)
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(d), atol=1e-12)


@given(d=WIDTHS, layout=st.sampled_from(LAYOUTS))
def test_the_norm_is_constant_and_the_inner_product_knows_the_distance_only(d: int, layout: Any) -> None:
    s = similarity(sinusoidal(40, d, layout))
    np.testing.assert_allclose(np.diag(s), d / 2)
    np.testing.assert_allclose(s[1:, 1:], s[:-1, :-1], atol=1e-10)


def test_similarity_is_the_inner_product_or_the_cosine() -> None:
    table = np.array([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]])
    np.testing.assert_array_equal(similarity(table)[1], [0, 25, 50])
    np.testing.assert_allclose(similarity(table, "cosine")[1], [0, 1, 1])


def test_the_naive_schemes() -> None:
    np.testing.assert_array_equal(integers(3, 2), [[0, 0], [1, 1], [2, 2]])
    np.testing.assert_array_equal(fractions(4, 1)[:, 0], [0, 0.25, 0.5, 0.75])
    np.testing.assert_allclose(squashed(2, 1)[:, 0], [0.5, 0.7310585786300049])
    assert squashed(101, 1)[100, 0] - squashed(101, 1)[99, 0] < 1e-40


def test_minilm_has_a_table_of_its_own(minilm: LoadedModel) -> None:
    table = learned(minilm)
    assert table.shape == (512, 384)
    assert table.dtype == np.float32
    here = minilm.model.embeddings.position_embeddings(torch.tensor([7])).detach().numpy()[0]
    np.testing.assert_array_equal(table[7], here)


def as_loaded(model: Any, model_id: str = "minilm") -> LoadedModel:
    return LoadedModel(model, None, MODELS[model_id], "cpu", "float32", "none")


def test_rows_that_belong_to_no_position_are_left_out() -> None:
    small: dict[str, Any] = {
        "hidden_size": 8,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "vocab_size": 9,
    }
    roberta = RobertaModel(
        RobertaConfig(**small, intermediate_size=8, max_position_embeddings=12, pad_token_id=1)
    )
    opt = OPTModel(OPTConfig(**small, ffn_dim=8, max_position_embeddings=10, word_embed_proj_dim=8))
    gpt2 = GPT2Model(GPT2Config(vocab_size=9, n_positions=10, n_embd=8, n_layer=1, n_head=2))
    assert [learned(as_loaded(model)).shape for model in (roberta, opt, gpt2)] == [(10, 8)] * 3
    np.testing.assert_array_equal(
        learned(as_loaded(roberta))[0], roberta.embeddings.position_embeddings.weight.detach().numpy()[2]
    )
    np.testing.assert_array_equal(
        learned(as_loaded(opt))[0], opt.decoder.embed_positions.weight.detach().numpy()[2]
    )


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("llama", "llama has no table of positions; its positions enter in every layer."),
        ("t5", "t5 has no table of positions; its positions enter in every layer."),
        ("marian", "marian computes its positions by the sinusoidal formula."),
    ],
)
def test_a_model_without_a_table_says_so(
    tiny_models: dict[str, LoadedModel], kind: str, sentence: str
) -> None:
    with pytest.raises(ModelError) as caught:
        learned(tiny_models[kind])
    assert str(caught.value) == sentence


def test_marian_uses_the_concatenated_sinusoids(tiny_models: dict[str, LoadedModel]) -> None:
    own = tiny_models["marian"].model.get_encoder().embed_positions.weight.detach().numpy()
    np.testing.assert_allclose(own, sinusoidal(*own.shape, "concatenated"), atol=1e-6)


def llama(d: int, base: float = 10000.0, length: int = 64, **parameters: Any) -> LlamaConfig:
    return LlamaConfig(
        hidden_size=d * 2,
        num_attention_heads=2,
        max_position_embeddings=length,
        rope_parameters={"rope_theta": base, "rope_type": "default"} | parameters,
    )


@settings(max_examples=40, deadline=None)
@given(d=WIDTHS, base=st.sampled_from([10.0, 10000.0, 500000.0]), seed=SEEDS)
def test_rope_equals_llama(d: int, base: float, seed: int) -> None:
    q = np.random.default_rng(seed).normal(size=(1, 2, 30, d))
    place = np.arange(30)
    tensor = torch.tensor(q)
    cos, sin = LlamaRotaryEmbedding(llama(d, base))(tensor, torch.tensor(place)[None])
    theirs, _ = apply_rotary_pos_emb(tensor, tensor, cos, sin)
    np.testing.assert_allclose(rope(q, place, base=base), theirs.numpy(), atol=1e-4)  # their angles: float32


@settings(max_examples=40, deadline=None)
@given(d=WIDTHS, seed=SEEDS)
def test_rope_equals_the_original(d: int, seed: int) -> None:
    """Su et al. 2021, equation 12: the pair (x_2i, x_2i+1) is a complex number, times e^(i·m·θ)."""
    x = np.random.default_rng(seed).normal(size=(30, d))
    theta = 10000.0 ** (-2 * np.arange(d // 2) / d)
    turned = (x[:, ::2] + 1j * x[:, 1::2]) * np.exp(1j * np.arange(30)[:, None] * theta)
    original = np.stack([turned.real, turned.imag], -1).reshape(30, d)
    np.testing.assert_allclose(rope(x, np.arange(30), "interleaved"), original, atol=1e-12)
    # the halves are the same pairs in another order
    order = np.concatenate([np.arange(0, d, 2), np.arange(1, d, 2)])
    np.testing.assert_allclose(rope(x[:, order], np.arange(30), "half"), original[:, order], atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(
    d=WIDTHS,
    m=st.integers(0, 500),
    n=st.integers(0, 500),
    shift=st.integers(0, 500),
    layout=st.sampled_from(["half", "interleaved"]),
    seed=SEEDS,
)
def test_rope_keeps_norms_and_its_score_knows_the_distance_only(
    d: int, m: int, n: int, shift: int, layout: Any, seed: int
) -> None:
    q, k = np.random.default_rng(seed).normal(size=(2, d))

    def score(i: int, j: int) -> float:
        a, b = rope(np.stack([q, k]), np.array([i, j]), layout)
        return float(a @ b)

    assert score(m, n) == pytest.approx(score(m + shift, n + shift), abs=1e-9)
    turned = rope(q[None], np.array([m]), layout)
    assert np.linalg.norm(turned) == pytest.approx(np.linalg.norm(q))


@settings(max_examples=60, deadline=None)
@given(
    d=st.integers(2, 64).map(lambda half: 2 * half),
    base=st.sampled_from([10000.0, 500000.0]),
    factor=st.floats(1, 32),
    kind=st.sampled_from(["linear", "yarn"]),
    length=st.sampled_from([64, 2048, 4096]),
)
def test_linear_and_yarn_scaling_equal_transformers(
    d: int, base: float, factor: float, kind: str, length: int
) -> None:
    extra = {"original_max_position_embeddings": length} if kind == "yarn" else {}
    config = llama(d, base, int(length * factor), rope_type=kind, factor=factor, **extra)
    theirs, enlarge = ROPE_INIT_FUNCTIONS[kind](config, torch.device("cpu"))
    ours, own = rope_frequencies(d, base, ("yarn", factor, length) if kind == "yarn" else ("linear", factor))
    np.testing.assert_allclose(ours, theirs.numpy(), rtol=2e-5)
    assert own == pytest.approx(enlarge)


@settings(max_examples=40, deadline=None)
@given(
    d=st.integers(2, 64).map(lambda half: 2 * half),
    factor=st.floats(1, 8),
    times=st.floats(1, 8),
)
def test_ntk_scaling_equals_transformers_dynamic(d: int, factor: float, times: float) -> None:
    length, trained = int(512 * times), 512
    config = llama(d, length=trained, rope_type="dynamic", factor=factor)
    theirs, enlarge = ROPE_INIT_FUNCTIONS["dynamic"](config, torch.device("cpu"), seq_len=length)
    ours, own = rope_frequencies(d, scaling=("ntk", factor * length / trained - (factor - 1)))
    np.testing.assert_allclose(ours, theirs.numpy(), rtol=2e-5)
    assert own == enlarge == 1


def test_ntk_leaves_the_fastest_pair_and_slows_the_last_by_the_factor() -> None:
    plain, scaled = rope_frequencies(64)[0], rope_frequencies(64, scaling=("ntk", 4.0))[0]
    np.testing.assert_allclose(plain[[0, -1]] / scaled[[0, -1]], [1, 4])


def test_yarn_turns_and_enlarges() -> None:
    x = np.random.default_rng(0).normal(size=(5, 16))
    turned = rope(x, np.arange(5), scaling=("yarn", 4.0, 64))
    enlarge = 0.1 * np.log(4) + 1
    np.testing.assert_allclose(np.linalg.norm(turned, axis=1), np.linalg.norm(x, axis=1) * enlarge)


@pytest.mark.parametrize(
    ("heads", "slopes"),
    [
        (8, 2.0 ** -np.arange(1, 9)),
        (16, 2.0 ** -(np.arange(1, 17) / 2)),
        (12, [*2.0 ** -np.arange(1, 9), *2.0 ** -np.array([0.5, 1.5, 2.5, 3.5])]),
        (1, [2.0**-8]),
    ],
)
def test_alibi_slopes(heads: int, slopes: np.ndarray) -> None:
    np.testing.assert_allclose(alibi_slopes(heads), slopes, rtol=1e-15)


def test_the_last_four_of_twelve_slopes_as_printed() -> None:
    np.testing.assert_allclose(alibi_slopes(12)[8:], [0.7071, 0.3536, 0.1768, 0.0884], atol=5e-5)


def test_alibi_equals_the_authors_formula_for_any_number_of_heads() -> None:
    def authors(n: int) -> list[float]:  # get_slopes of the ALiBi repository, in short
        if n & (n - 1) == 0:
            return [2.0 ** (-8 * i / n) for i in range(1, n + 1)]
        power = 1 << (n.bit_length() - 1)
        return authors(power) + authors(2 * power)[::2][: n - power]

    for heads in range(1, 65):
        np.testing.assert_allclose(alibi_slopes(heads), authors(heads), rtol=1e-14)


def test_alibi_bias_falls_with_the_distance_and_hides_what_comes() -> None:
    bias = alibi_bias(8, 4)
    assert bias.shape == (8, 4, 4)
    np.testing.assert_array_equal(bias[0, 3], [-1.5, -1.0, -0.5, 0.0])
    assert np.isneginf(bias[:, 0, 1:]).all()


@pytest.mark.parametrize("bidirectional", [True, False])
@pytest.mark.parametrize(("buckets", "most"), [(32, 128), (32, 256), (16, 128), (64, 500), (8, 20)])
def test_t5_buckets_equal_transformers(bidirectional: bool, buckets: int, most: int) -> None:
    distance = np.arange(-1101, 1101).reshape(3, -1)
    with np.errstate(divide="ignore"):
        theirs = T5Attention._relative_position_bucket(torch.tensor(distance), bidirectional, buckets, most)
    np.testing.assert_array_equal(t5_buckets(distance, bidirectional, buckets, most), theirs.numpy())


def test_t5_bias_equals_the_models(tiny_models: dict[str, LoadedModel]) -> None:
    first = tiny_models["t5"].model.get_encoder().block[0].layer[0].SelfAttention
    with torch.inference_mode():
        theirs = first.compute_bias(40, 40)[0].numpy()
    np.testing.assert_array_equal(t5_bias(40, tiny_models["t5"]), theirs)
    with pytest.raises(ModelError, match=r"^bert has no table of distances; choose a T5\.$"):
        t5_bias(4, tiny_models["bert"])


@pytest.mark.parametrize(
    ("call", "arguments", "sentence"),
    [
        ("sinusoidal", (3, 5), "n is 3 and d 5; expected 1 or more, and d even."),
        ("integers", (0, 5), "n is 0 and d 5; expected 1 or more, and d 1 or more."),
        ("sinusoidal", (3, 4, "half"), "layout is “half”; expected one of interleaved, concatenated."),
        ("sinusoidal", (3, 4, "interleaved", 1.0), "base is 1.0; expected a number above 1."),
        (
            "rope",
            (np.ones((2, 4)), [1]),
            "x has shape (2, 4) and positions (1,); expected (…, n, d) and (n,).",
        ),
        (
            "rope_frequencies",
            (4, 10.0, ("magic", 2)),
            "scaling is “magic”; expected one of linear, ntk, yarn.",
        ),
        (
            "rope_frequencies",
            (4, 10.0, ("yarn", 2)),
            "scaling is ('yarn', 2); expected (“linear”, f), (“ntk”, f) or (“yarn”, f, original_length) "
            "with f ≥ 1.",
        ),
        ("rope_frequencies", (2, 10.0, ("ntk", 2)), "d is 2; expected 4 or more for NTK scaling."),
        ("rope_frequencies", (4, 10.0, ("yarn", 2, 0)), "original_length is 0; expected 1 or more."),
        ("alibi_slopes", (0,), "heads is 0; expected 1 or more."),
        (
            "t5_buckets",
            (np.array([1.5]),),
            "distance has type float64, buckets is 32 and max_distance 128; expected integers, 4 or more, "
            "and above the 8 exact buckets.",
        ),
        ("similarity", (np.ones(3),), "pe has shape (3,); expected (positions, width)."),
    ],
)
def test_errors_name_the_argument(call: str, arguments: tuple[Any, ...], sentence: str) -> None:
    with pytest.raises(NumberError) as caught:
        getattr(positions, call)(*arguments)
    assert str(caught.value) == sentence
