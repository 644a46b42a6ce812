"""Without positions an encoder reads a bag of tokens."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.errors import ModelError, TextError
from models.loading import LoadedModel
from models.shuffle import shuffle_test
from tests.models.test_qk import family
from tests.models.tiny import WORDS

PRONOUN = "The animal didn't cross the street because it was too tired."


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(st.sampled_from(WORDS), min_size=2, max_size=10).filter(lambda words: len(set(words)) > 1),
    seed=st.integers(0, 2**32 - 1),
)
def test_without_positions_nothing_changes(minilm: LoadedModel, words: list[str], seed: int) -> None:
    trace = shuffle_test(" ".join(words), seed=seed, model=minilm)
    assert trace.cosine[1:] == pytest.approx(1, abs=1e-6)
    np.testing.assert_allclose(trace.kept[1:], 1, atol=1e-6)
    assert trace.cosine[0] < 0.9999
    assert sorted(trace.order) == list(range(len(trace.tokens)))
    assert [token.text for token in trace.shuffled] != [token.text for token in trace.tokens]
    assert [token.special for token in trace.shuffled] == [token.special for token in trace.tokens]


def test_the_vectors_are_minilms_own(minilm: LoadedModel) -> None:
    trace = shuffle_test(PRONOUN, seed=1, model=minilm)
    ids = minilm.tokenizer(PRONOUN, return_tensors="pt")["input_ids"]
    with torch.inference_mode():
        before = minilm.model(ids).last_hidden_state[0]
        after = minilm.model(ids[:, trace.order]).last_hidden_state[0]
    vectors = torch.nn.functional.normalize(torch.stack([before.mean(0), after.mean(0)]), dim=-1)
    np.testing.assert_allclose(trace.vectors[0], vectors.numpy(), atol=1e-5)
    np.testing.assert_allclose(
        trace.similarity[0],
        torch.nn.functional.cosine_similarity(before[:, None], after[None], dim=-1).numpy(),
        atol=1e-5,
    )
    assert trace.cosine[0] == pytest.approx(0.83, abs=0.01)
    # at position 0 all tokens come out alike; elsewhere two different words stay apart
    assert trace.similarity[1].min() > 0.999
    assert trace.similarity[2].min() < 0.5


def test_a_seed_gives_one_order_and_another_seed_another(minilm: LoadedModel) -> None:
    orders = [tuple(shuffle_test(PRONOUN, seed=seed, model=minilm).order) for seed in (3, 3, 4)]
    assert orders[0] == orders[1] != orders[2]


@pytest.mark.parametrize("name", ["roberta", "distilbert"])
def test_other_encoders(name: str) -> None:
    trace = shuffle_test("the cat sat", model=family(name))
    assert trace.cosine[1] == pytest.approx(1, abs=1e-6)
    assert trace.cosine[0] < 0.9999


def test_a_text_that_has_no_other_order(minilm: LoadedModel) -> None:
    for text in ("cat", "cat cat"):
        with pytest.raises(TextError, match="no two different tokens to exchange; type some more words"):
            shuffle_test(text, model=minilm)


def test_models_that_cannot_be_tested_say_why(tiny_models: dict[str, LoadedModel]) -> None:
    for kind, why in (("gpt2", "hides the later tokens"), ("t5", "is more than an encoder")):
        with pytest.raises(ModelError, match=f"^{kind} {why}"):
            shuffle_test("the cat", model=tiny_models[kind])
    encoder = replace(tiny_models["llama"], card=replace(tiny_models["llama"].card, kind="encoder"))
    with pytest.raises(ModelError, match="has no table of positions"):
        shuffle_test("the cat", model=encoder)
