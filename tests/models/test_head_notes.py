"""summarise() against patterns made by hand and against the definitions, row by row."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from models.attention import ROLES, summarise, trace_attention
from models.loading import LoadedModel
from models.registry import get_card
from models.traces import AttentionTrace, HeadNotes, Provenance, Token

NOWHERE = Provenance("", "", "", "", 0, 0, {})


def trace(words: str, weights: np.ndarray, model: str = "minilm") -> AttentionTrace:
    """A trace of one layer; words in brackets are special."""
    tokens = tuple(Token(word, word, special=word.startswith("[")) for word in words.split())
    return AttentionTrace(tokens, weights.astype(np.float32)[None, None], get_card(model), NOWHERE)


def share(notes: HeadNotes, role: str) -> float:
    return float(notes.shares[ROLES.index(role), 0, 0])


def pointing(*keys: int) -> np.ndarray:
    """Each row looks at one key."""
    return np.eye(len(keys))[list(keys)]


@pytest.mark.parametrize(
    ("role", "keys"),
    [
        ("previous", (0, 0, 1, 2, 3)),
        ("next", (1, 2, 3, 4, 4)),
        ("itself", (0, 1, 2, 3, 4)),
        ("first", (0, 0, 0, 0, 0)),
        ("separator", (4, 4, 4, 4, 0)),
    ],
)
def test_a_pure_head_has_its_role_whole(role: str, keys: tuple[int, ...]) -> None:
    notes = summarise(trace("[CLS] a b c [SEP]", pointing(*keys)))
    assert notes.role(0, 0) == (role, 1.0)
    assert notes.entropy[0, 0] == 0


def test_duplicates_of_an_encoder_lie_on_both_sides() -> None:
    notes = summarise(trace("[CLS] a b a [SEP]", pointing(0, 3, 0, 1, 0)))
    assert share(notes, "duplicate") == 1
    assert np.isnan(share(notes, "induction"))


def test_induction_is_the_token_after_the_earlier_copy() -> None:
    # a b c a b: the second a looks at the first b, the second b at c
    notes = summarise(trace("a b c a b", pointing(0, 0, 0, 1, 2), "smollm2"))
    assert notes.role(0, 0) == ("induction", 1.0)


def test_without_a_repeat_induction_is_not_testable_rather_than_zero() -> None:
    notes = summarise(trace("a b c", np.tril(np.ones((3, 3))) / np.arange(1, 4)[:, None], "smollm2"))
    assert np.isnan(share(notes, "induction"))
    assert np.isnan(share(notes, "duplicate"))
    assert np.isnan(share(notes, "next"))
    assert np.isnan(share(notes, "separator"))


def test_even_attention_is_spread_with_entropy_1() -> None:
    notes = summarise(trace("[CLS] a b c d e f [SEP]", np.full((8, 8), 1 / 8)))
    assert notes.role(0, 0) == ("spread", pytest.approx(1))
    causal = np.tril(np.ones((6, 6))) / np.arange(1, 7)[:, None]
    assert summarise(trace("a b c d e f", causal, "smollm2")).entropy[0, 0] == pytest.approx(1)


def test_even_attention_shows_chance() -> None:
    notes = summarise(trace("[CLS] a b a [SEP]", np.full((5, 5), 1 / 5)))
    np.testing.assert_allclose(notes.shares[:, 0, 0], notes.chance, atol=1e-6)


@given(hnp.arrays(np.float64, (6, 6), elements=st.floats(0.01, 1)), st.booleans())
def test_equals_the_definition_row_by_row(raw: np.ndarray, causal: bool) -> None:
    raw = np.tril(raw) if causal else raw
    weights = raw / raw.sum(-1, keepdims=True)
    words = "x y x y z x" if causal else "[CLS] a b a c [SEP]"
    notes = summarise(trace(words, weights, "smollm2" if causal else "minilm"))
    assert share(notes, "previous") == pytest.approx(np.diagonal(weights, -1).mean(), abs=1e-6)
    assert share(notes, "first") == pytest.approx(weights[1:, 0].mean(), abs=1e-6)
    if causal:
        copies = [weights[i, j + 1] for i, j in ((2, 0), (3, 1), (5, 0), (5, 2))]
        assert share(notes, "induction") == pytest.approx(sum(copies) / 3, abs=1e-6)
    rows = [weights[i, : i + 1 if causal else 6] for i in range(int(causal), 6)]
    entropies = [-(row * np.log(row)).sum() / np.log(len(row)) for row in rows]
    assert notes.entropy[0, 0] == pytest.approx(np.mean(entropies), abs=1e-5)


def test_minilm_has_a_head_for_the_previous_token(minilm: LoadedModel) -> None:
    notes = summarise(trace_attention("The quick brown fox jumps over the lazy dog.", model=minilm))
    role, weight = notes.role(0, 2)
    assert role == "previous"
    assert weight > 0.9
