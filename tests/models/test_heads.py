"""Scores of heads against patterns made by hand, TransformerLens' definitions, and a known head."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from models.attention import trace_attention
from models.errors import ModelError
from models.heads import SCORES, induction_probe, score_heads
from models.loading import LoadedModel, is_here, load
from models.registry import get_card
from tests.models.test_head_notes import pointing, trace


def of(name: str, words: str, weights: np.ndarray, model: str = "smollm2") -> float:
    return float(score_heads(trace(words, weights, model)).of(name)[0, 0])


# --- TransformerLens' definitions (head_detector.py), written with its own torch operations ------------


def their_previous(n: int) -> torch.Tensor:
    pattern = torch.zeros(n, n)
    pattern[1:, :-1] = torch.eye(n - 1)
    return torch.tril(pattern)


def their_duplicate(tokens: list[str]) -> torch.Tensor:
    ids = torch.tensor(np.unique(tokens, return_inverse=True)[1])
    equal = ids.repeat(len(ids), 1) == ids.repeat(len(ids), 1).T
    return torch.tril(equal.float() * (1 - torch.eye(len(ids))), diagonal=-1)


def their_induction(tokens: list[str]) -> torch.Tensor:
    shifted = torch.roll(their_duplicate(tokens), shifts=1, dims=1)
    shifted[:, 0] = 0
    return torch.tril(shifted)


def their_score(weights: np.ndarray, pattern: torch.Tensor) -> float:
    attention = torch.tensor(weights)
    return float((attention * pattern).sum() / attention.sum())


@settings(max_examples=25, deadline=None)
@given(
    hnp.arrays(np.float64, (7, 7), elements=st.floats(0.01, 1)),
    st.lists(st.sampled_from("abc"), min_size=7, max_size=7),
)
def test_over_all_rows_a_score_is_transformerlens_own(raw: np.ndarray, letters: list[str]) -> None:
    weights = np.tril(raw) / np.tril(raw).sum(-1, keepdims=True)
    scores = score_heads(trace(" ".join(letters), weights, "smollm2"))
    theirs = {
        "previous": their_previous(7),
        "duplicate": their_duplicate(letters),
        "induction": their_induction(letters),
    }
    for name, pattern in theirs.items():
        if pattern.any():
            at = SCORES.index(name)
            assert scores.over_all[at, 0, 0] == pytest.approx(their_score(weights, pattern), abs=1e-6)


def test_a_perfect_head_gets_1_over_the_rows_that_can_show_it() -> None:
    # a b c a b: the second a looks at the b after the first, the second b at the c
    weights = pointing(0, 0, 0, 1, 2)
    assert of("induction", "a b c a b", weights) == 1
    scores = score_heads(trace("a b c a b", weights, "smollm2"))
    assert scores.over_all[SCORES.index("induction"), 0, 0] == pytest.approx(2 / 5)


def test_confidence_and_distance_of_patterns_made_by_hand() -> None:
    weights = np.array([[1, 0, 0, 0], [0.25, 0.75, 0, 0], [0.5, 0, 0.5, 0], [1, 0, 0, 0]])
    assert of("confidence", "a b c d", weights) == pytest.approx((0.75 + 0.5 + 1) / 3)
    assert of("distance", "a b c d", weights) == pytest.approx((0.25 + 1 + 3) / 3)
    assert of("entropy", "a b c d", pointing(0, 0, 0, 0)) == 0
    even = np.tril(np.ones((4, 4))) / np.arange(1, 5)[:, None]
    scores = score_heads(trace("a b c d", even, "smollm2"))
    np.testing.assert_allclose(scores.values[-3:, 0, 0], scores.chance[-3:], atol=1e-6)


@pytest.mark.parametrize(
    ("words", "model", "gone"),
    [
        ("a b c", "smollm2", {"next", "separator", "duplicate", "induction"}),
        ("[CLS] a b a [SEP]", "minilm", {"induction"}),
        ("a", "smollm2", set(SCORES)),
    ],
)
def test_what_cannot_be_tested_is_nan_with_a_reason_and_never_0(
    words: str, model: str, gone: set[str]
) -> None:
    n = len(words.split())
    scores = score_heads(trace(words, np.tril(np.ones((n, n))) / np.arange(1, n + 1)[:, None], model))
    assert {name for name in SCORES if np.isnan(scores.of(name)).all()} == gone == set(scores.untestable)
    assert all(scores.untestable.values())


def test_the_probe_of_a_tiny_decoder_is_a_mean_of_its_own_weights(
    tiny_models: dict[str, LoadedModel],
) -> None:
    model = tiny_models["gpt2"]
    told = []
    probe = induction_probe(model, length=10, draws=2, seed=3, progress=lambda *step: told.append(step))
    assert told == [(1, 2), (2, 2)]
    assert probe.values.shape == (2, 2)
    assert (probe.values > 0).all()
    # the same sequences once more, read one weight after the other
    random, special = np.random.default_rng(3), set(model.tokenizer.all_special_ids)
    usable = [i for i in range(257) if i not in special]
    found = 0.0
    for _ in range(2):
        half = random.choice(usable, 10)
        ids = torch.tensor([[*half, *half]])
        with torch.inference_mode():
            maps = model.model(ids, output_attentions=True).attentions[1][0, 1]
        found += sum(float(maps[i, i - 9]) for i in range(10, 20)) / 20
    assert probe.values[1, 1] == pytest.approx(found, abs=1e-6)
    assert np.array_equal(probe.values, induction_probe(model, length=10, draws=2, seed=3).values)


def test_an_encoder_has_nothing_to_recall(tiny_models: dict[str, LoadedModel]) -> None:
    with pytest.raises(ModelError, match="bert sees what comes next"):
        induction_probe(tiny_models["bert"])


def test_the_probe_can_be_stopped(tiny_models: dict[str, LoadedModel]) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        induction_probe(tiny_models["gpt2"], length=5, progress=stop)


@pytest.mark.slow
@pytest.mark.skipif(not is_here(get_card("smollm2")), reason="SmolLM2 is not here")
def test_smollm2_has_induction_heads_and_they_are_found() -> None:
    probe = induction_probe(load("smollm2", "cpu"), length=20, draws=1)
    assert probe.values.max() > 0.5
    assert probe.values.argmax() // 9 > 10  # in the later layers, behind the heads that feed them
    assert np.median(probe.values) < 5 * probe.chance


def test_minilm_has_its_previous_token_head(minilm: LoadedModel) -> None:
    scores = score_heads(trace_attention("The quick brown fox jumps over the lazy dog.", model=minilm))
    assert divmod(int(scores.of("previous").argmax()), 12) == (0, 2)
