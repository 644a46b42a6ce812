"""strongest_link() against every link looked at one by one, and what it does when no two words are left."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.attention import trace_attention
from models.findings import FARTHEST, links_words, strongest_link
from models.loading import LoadedModel
from models.registry import get_card
from models.traces import AttentionTrace, Provenance, Token

WORDS = ["cat", "mat", "dog", "a", "I", "7", ",", "«", "[CLS]", "[SEP]", "[UNK]", "猫", "été"]


def trace(words: list[str], weights: np.ndarray | None = None, seed: int = 0) -> AttentionTrace:
    """A trace of 2 × 3 random heads, or of one head with the given weights."""
    n = len(words)
    if weights is None:
        weights = np.random.default_rng(seed).random((2, 3, n, n))
        weights /= weights.sum(-1, keepdims=True)
    tokens = tuple(Token(w, w, special=w in ("[CLS]", "[SEP]"), unknown=w == "[UNK]") for w in words)
    made = Provenance("", "", "", "", n, 0, {})
    return AttentionTrace(tokens, weights.astype(np.float32).reshape(-1, 3, n, n), get_card("minilm"), made)


def letters(text: str) -> int:
    return sum(map(str.isalnum, text))


STAGES = ("two words", "two letters", "neighbours", "two tokens")


def counts(trace: AttentionTrace, q: int, k: int, stage: str) -> bool:
    """Whether the link from q to k counts where no better one is left."""
    first, second = trace.tokens[q], trace.tokens[k]
    if 0 in (q, k) or first.special or second.special or abs(q - k) > FARTHEST or q == k:
        return False
    if stage == "two tokens":
        return first.text != second.text and not (first.unknown and second.unknown)
    least = 2 if stage == "two words" else 1
    words = all(letters(t.text) >= least and not t.unknown for t in (first, second))
    return words and (stage == "neighbours" or abs(q - k) > 1) and first.raw != second.raw


def one_by_one(trace: AttentionTrace) -> float:
    """The weight of the strongest link that counts."""
    n = len(trace.tokens)
    pairs = [(q, k) for q in range(n) for k in range(n)]
    for stage in STAGES:
        kept = [(q, k) for q, k in pairs if counts(trace, q, k, stage)]
        if kept:
            return float(max(trace.weights[..., q, k].max() for q, k in kept))
    spoken = [(q, k) for q, k in pairs if q != k and not trace.tokens[q].special]
    return float(max(trace.weights[..., q, k].max() for q, k in spoken or pairs))


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12), st.integers(0, 99))
def test_it_is_the_largest_weight_of_those_that_count(words: list[str], seed: int) -> None:
    given = trace(words, seed=seed)
    layer, head, q, k = strongest_link(given)
    assert given.weights[layer, head, q, k] == pytest.approx(one_by_one(given), abs=0)
    every = [(a, b) for a in range(len(words)) for b in range(len(words))]
    best = next((stage for stage in STAGES if any(counts(given, a, b, stage) for a, b in every)), None)
    assert best is None or counts(given, q, k, best)
    assert links_words(given) == (best in STAGES[:3])


def strongest(words: str, **links: float) -> str:
    """The link found where only these links have weight, all in head 1: a name q2k4 is from token 2 to 4."""
    split = words.split()
    weights = np.zeros((1, 3, len(split), len(split)))
    for name, weight in links.items():
        q, k = map(int, name[1:].split("k"))
        weights[0, 1, q, k] = weight
    layer, head, q, k = strongest_link(trace(split, weights))
    assert (layer, head) == (0, 1)
    return f"q{q}k{k}"


@pytest.mark.parametrize(
    ("words", "links"),
    [
        ("[CLS] cat dog mat [SEP]", {"q1k0": 0.9, "q1k4": 0.9, "q4k1": 0.9}),  # special
        ("[CLS] cat [UNK] mat", {"q1k2": 0.9, "q3k2": 0.9}),  # unknown
        ("dog cat dog mat", {"q3k0": 0.9, "q0k3": 0.9}),  # the first token
        ("[CLS] cat dog mat", {"q1k2": 0.9, "q2k1": 0.9, "q1k1": 0.9}),  # neighbours and itself
        ("[CLS] cat , mat , a", {"q1k4": 0.9, "q2k4": 0.9, "q1k5": 0.9}),  # punctuation, single letters
        ("[CLS] cat dog mat dog cat", {"q5k1": 0.9, "q2k4": 0.9}),  # the same word again
    ],
)
def test_a_stronger_link_that_does_not_count_is_passed_over(words: str, links: dict[str, float]) -> None:
    assert strongest(words, **links, q1k3=0.1) == "q1k3"


def test_links_across_a_long_text_are_artefacts_of_positions() -> None:
    words = " ".join(f"word{i}" for i in range(FARTHEST + 3))
    assert strongest(words, **{f"q1k{FARTHEST + 2}": 0.9, f"q1k{FARTHEST + 1}": 0.1}) == f"q1k{FARTHEST + 1}"


def test_single_letters_count_where_no_words_are_left() -> None:
    assert strongest("[CLS] a b c [SEP]", q1k4=0.9, q3k1=0.1) == "q3k1"


def test_neighbours_and_unknown_tokens_count_before_special_ones() -> None:
    assert strongest("[CLS] cat dog [SEP]", q1k0=0.9, q2k1=0.1) == "q2k1"
    assert strongest("[CLS] cat [UNK] [SEP]", q1k3=0.9, q1k2=0.1) == "q1k2"


def test_the_choice_can_be_left_to_some_heads() -> None:
    given = trace(["[CLS]", "cat", "dog", "mat"])
    assert strongest_link(given, {(1, 2), (0, 1)})[:2] in {(1, 2), (0, 1)}


def test_everything_counts_where_nothing_else_is_left() -> None:
    assert strongest("[CLS] , [SEP]", q1k2=0.9, q2k0=0.1) == "q1k2"
    assert strongest_link(trace(["[CLS]"]))[2:] == (0, 0)


def test_on_a_real_model_it_beats_the_pronoun(minilm: LoadedModel) -> None:
    found = trace_attention("The animal didn't cross the street because it was too tired.", model=minilm)
    layer, head, q, k = strongest_link(found)
    weight = found.weights[layer, head, q, k]
    assert weight == one_by_one(found)
    assert weight > found.weights[3, 1, 10, 2] > 0.67
