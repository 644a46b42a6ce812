"""The character models that ship: their cards, their text, what they were asked to predict."""

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.cells import column, depth, held_out, indent, quotes
from models.charcards import CHECKPOINTS, cards
from models.charmodels import ALPHABET, KINDS, encode, load, read
from models.errors import TextError, UnknownModel
from models.train.corpus import DEEPEST, HELD_OUT_SEED, INDENT, LEVELS, WIDTH, text

MOST_BYTES = 6_000_000


def test_every_model_has_a_card_that_fits_its_file():
    assert set(cards()) <= set(KINDS)
    size = 0
    for card in cards().values():
        data = (CHECKPOINTS / f"characters-{card.id}.safetensors").read_bytes()
        assert hashlib.sha256(data).hexdigest() == card.sha256
        assert sum(weight.numel() for weight in load(card.id).parameters()) == card.parameters
        assert card.command.endswith(card.id)
        size += len(data)
    assert size <= MOST_BYTES


@pytest.mark.parametrize("kind", cards())
def test_held_out_text_costs_about_what_the_card_says(kind):
    trace = read(held_out(), load(kind), cards()[kind])
    bits = np.nanmean(trace.bits)
    assert bits == pytest.approx(cards()[kind].bits, abs=0.12)
    assert trace.probabilities.sum(1) == pytest.approx(1, abs=1e-5)


def test_gates_beat_the_plain_rnn_and_both_ways_beat_one():
    bits = {name: card.bits for name, card in cards().items()}
    assert bits["bilstm"] < bits["lstm2"] < bits["lstm"] < bits["rnn"]


def test_reading_both_ways_hides_the_character_itself():
    model, card = load("bilstm"), cards()["bilstm"]
    one, other = (read(word, model, card) for word in ("the old", "the alt"))
    assert np.array_equal(one.probabilities[4], read("the xld", model, card).probabilities[4])
    assert not np.array_equal(one.probabilities[5], other.probabilities[5])


def test_a_character_never_seen_is_kept_and_marked():
    trace = read("aé😀b", load("lstm"), cards()["lstm"])
    assert trace.characters == ("a", "é", "😀", "b")
    assert trace.codes.tolist() == [ALPHABET.index("a"), 0, 0, ALPHABET.index("b")]


def test_no_text_and_no_model_are_said():
    with pytest.raises(TextError, match="no text"):
        read("", load("lstm"), cards()["lstm"])
    with pytest.raises(UnknownModel, match="gpt9"):
        load("gpt9")


@given(st.integers(0, 2**32))
@settings(max_examples=15, deadline=None)
def test_the_text_keeps_its_rules(seed):
    made = text(seed, 3000)
    assert made == text(seed, 3000)
    assert set(made) <= set(ALPHABET)
    assert column(made).max() <= WIDTH
    assert depth(made).max() <= DEEPEST
    made = made[: made.rindex("\n\n")]  # the last block is cut
    assert set(indent(made)) <= {INDENT * level for level in range(LEVELS + 1)}
    for block in made.split("\n\n"):
        assert depth(block)[-1] == 0
        assert quotes(block)[-1] == 0
        assert block.rstrip()[-1] in ".:"


def test_held_out_text_is_that_of_its_seed():
    assert held_out(500) == text(HELD_OUT_SEED, 500)
    assert (encode(held_out()) > 0).all()
