"""Tokens that stand for each other in two texts, and how weights differ on them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.attention import trace_attention
from models.compare import align, apart, difference, moved
from models.loading import LoadedModel
from models.traces import Token


def tokens(words: str) -> list[Token]:
    return [Token(word, word) for word in words.split()]


@pytest.mark.parametrize(
    ("one", "other", "pairs"),
    [
        ("a b c", "a b c", ((0, 0), (1, 1), (2, 2))),
        ("a b c", "a x c", ((0, 0), (1, 1), (2, 2))),  # one stands for the other by its place
        ("a b c", "a x y c", ((0, 0), (2, 3))),  # one word for two: no partner
        ("a b", "a b c d", ((0, 0), (1, 1))),
        ("a b", "", ()),
    ],
)
def test_tokens_pair_up(one: str, other: str, pairs: tuple[tuple[int, int], ...]) -> None:
    assert align(tokens(one), tokens(other)) == pairs


WORDS = st.lists(st.sampled_from("abcd"), max_size=8).map(" ".join)


@settings(max_examples=40, deadline=None)
@given(WORDS, WORDS)
def test_pairs_run_forward_in_both_texts_and_an_equal_text_pairs_whole(one: str, other: str) -> None:
    pairs = align(tokens(one), tokens(other))
    for side in (0, 1):
        places = [pair[side] for pair in pairs]
        assert places == sorted(set(places))
    assert align(tokens(one), tokens(one)) == tuple((at, at) for at in range(len(tokens(one))))


def test_differences_and_how_much_a_head_moves(minilm: LoadedModel) -> None:
    one, other = (trace_attention(text, model=minilm) for text in ("it was tired.", "it was so wide."))
    pairs = align(one.tokens, other.tokens)
    assert pairs == ((0, 0), (1, 1), (2, 2), (4, 5), (5, 6))
    changed = difference(one.weights[3, 1], other.weights[3, 1], pairs)
    assert changed[1, 3] == pytest.approx(other.weights[3, 1, 1, 5] - one.weights[3, 1, 1, 4])
    assert moved(one, other, pairs)[3, 1] == pytest.approx(np.abs(changed).sum(-1).mean() / 2)
    whole = align(one.tokens, one.tokens)
    assert not moved(one, one, whole).any()
    gaps = apart(one.weights[3, 1], other, pairs)
    assert gaps[3, 1] == moved(one, other, pairs)[3, 1]
    assert apart(one.weights[3, 1], one, whole)[3, 1] == 0
    assert np.isnan(apart(one.weights[3, 1], other, ())).all()
