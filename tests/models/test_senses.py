"""One word in many sentences: its vectors at every layer, and what they have in common."""

import itertools

import numpy as np
import pytest
import torch
from scipy.spatial import procrustes
from scipy.spatial.distance import pdist
from sklearn.metrics.pairwise import cosine_similarity

from models.errors import ModelError, TextError
from models.loading import LoadedModel
from models.senses import BANK, film, parse_lines, tfidf_map, trace_senses
from models.traces_vectors import SensesTrace


@pytest.fixture(scope="module")
def bank(minilm: LoadedModel) -> SensesTrace:
    senses, sentences = parse_lines(BANK)
    return trace_senses("bank", sentences, senses, model=minilm)


def test_lines_have_a_sense_or_none() -> None:
    assert parse_lines("river | On the bank.\n\n  Plain | bar | two \nalone") == (
        ("river", "Plain", ""),
        ("On the bank.", "bar | two", "alone"),
    )
    assert parse_lines(" \n") == ((), ())


def test_twenty_sentences_of_two_senses(bank: SensesTrace) -> None:
    assert bank.vectors.shape == (7, 20, 384)
    assert [bank.senses.count(sense) for sense in bank.groups] == [10, 10]
    assert all(
        sentence[start:end] == "bank"
        for sentence, (start, end) in zip(bank.sentences, bank.spans, strict=True)
    )
    assert bank.left_out == ()
    assert bank.in_glove


def test_the_vectors_are_the_models_own(bank: SensesTrace, minilm: LoadedModel) -> None:
    inputs = minilm.tokenizer(bank.sentences[0], return_tensors="pt")
    place = minilm.tokenizer.convert_ids_to_tokens(inputs["input_ids"][0]).index("bank")
    with torch.inference_mode():
        hidden = minilm.model(**inputs, output_hidden_states=True).hidden_states
    for layer, states in enumerate(hidden):
        assert np.allclose(bank.vectors[layer, 0], states[0, place], atol=1e-5)


def test_the_table_holds_one_row_for_all_sentences(bank: SensesTrace, minilm: LoadedModel) -> None:
    # what differs between two sentences before the first layer is the position alone
    norm = minilm.model.embeddings
    with torch.inference_mode():
        word = norm.word_embeddings.weight[minilm.tokenizer.convert_tokens_to_ids("bank")]
        rows = norm.LayerNorm(
            word + norm.position_embeddings.weight[:60] + norm.token_type_embeddings.weight[0]
        )
    for vector in bank.vectors[0]:
        assert float((rows - torch.tensor(vector)).norm(dim=1).min()) < 1e-4


def test_cosines_within_and_between_are_the_plain_means(bank: SensesTrace) -> None:
    money = np.array([sense == "money" for sense in bank.senses])
    for layer, vectors in enumerate(bank.vectors):
        scores = cosine_similarity(vectors.astype(np.float64))
        halves = [scores[half][:, half][np.triu_indices(10, 1)].mean() for half in (money, ~money)]
        assert bank.within[layer] == pytest.approx(np.mean(halves))
        assert bank.between[layer] == pytest.approx(scores[money][:, ~money].mean())
        assert bank.alike[layer] == pytest.approx(1 - pdist(vectors, "cosine").mean(), abs=1e-6)


def test_senses_part_and_self_similarity_falls(bank: SensesTrace) -> None:
    gap = bank.within - bank.between
    assert abs(gap[0]) < 0.01 < 0.04 < gap[6]
    assert bank.alike[6] < bank.alike[0]
    assert bank.matched[6] == 20 > bank.matched[0]
    assert (bank.strangers < bank.alike).all()


def test_the_film_lies_in_one_frame(bank: SensesTrace) -> None:
    frames = film(bank)
    assert frames.shape == (7, 20, 2)
    for one, other in itertools.pairwise(frames):
        # aligning again can turn it no nearer
        _, _, left = procrustes(other, one)
        scale = np.linalg.norm(other - other.mean(0))
        assert ((one - other) ** 2).sum() / scale**2 == pytest.approx(left, rel=1e-6)
    assert tfidf_map(bank).shape == (20, 2)


def test_no_senses_no_pairs_of_senses(minilm: LoadedModel) -> None:
    trace = trace_senses("Bank", ["A bank.", "The BANK, she said", "No banks here", "bank"], model=minilm)
    assert trace.left_out == ("No banks here",)
    assert np.isnan(trace.within).all()
    assert np.isnan(trace.between).all()
    assert np.isfinite(trace.alike).all()
    assert trace.matched.tolist() == [0] * 7
    assert np.isnan(trace.tfidf_within)


def test_a_word_of_several_pieces_is_their_mean(minilm: LoadedModel) -> None:
    lines = ["Flibbertigibbet!", "A flibbertigibbet came", "no flibbertigibbet"]
    trace = trace_senses("flibbertigibbet", lines, ["a", "a", "b"], model=minilm)
    assert len(trace.pieces) > 2
    assert trace.vectors.shape == (7, 3, 384)


def test_the_same_sentence_twice_and_nothing_else(minilm: LoadedModel) -> None:
    trace = trace_senses("bank", ["bank"] * 3, ["a", "a", "b"], model=minilm)
    assert np.allclose(trace.alike, 1)
    assert np.isnan(trace.strangers).all()
    assert trace.tfidf.shape == (3, 1)
    assert np.isfinite(film(trace)).all()


@pytest.mark.parametrize(
    ("word", "lines", "said"),
    [
        (" ", ["a"] * 3, "Type the word"),
        ("bank", ["a bank", "no", "none"], "1 sentence of 3 holds the word “bank”"),
        ("bank", ["no"], "No sentences? of 1 holds? the word"),
        ("a", ["a"] * 201, "at most 200"),
        ("bank", ["bank " * 600] * 3, "tokens"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(
    word: str, lines: list[str], said: str, minilm: LoadedModel
) -> None:
    with pytest.raises(TextError, match=said):
        trace_senses(word, lines, model=minilm)


def test_a_decoder_is_refused(tiny_models: dict[str, LoadedModel]) -> None:
    with pytest.raises(ModelError, match="no encoder"):
        trace_senses("cat", ["cat"] * 3, model=tiny_models["gpt2"])
