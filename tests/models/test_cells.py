"""Rules, scores and the search for cells, held by scikit-learn, by NumPy and by the models that ship."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from models.cells import (
    LONGEST_PATTERN,
    PATIENCE,
    RULES,
    RuleError,
    column,
    depth,
    held_out,
    indent,
    matches,
    quotes,
    scores,
    search,
    stretches,
    vowels,
)
from models.charmodels import encode, load, one_hot, untrained
from models.recurrent import trace_gates

TEXT = 'He (or (she)) said "no, (a)!"\n  end'


def test_rules_say_what_they_are_named_for():
    assert "".join(c for c, on in zip(TEXT, quotes(TEXT), strict=True) if on) == "no, (a)!"
    assert "".join(c for c, on in zip(TEXT, vowels(TEXT), strict=True) if on) == "eoeaioae"
    assert depth("a(b(c)d)e").tolist() == [0, 1, 1, 2, 2, 1, 1, 0, 0]
    assert depth(")a(").tolist() == [0, 0, 1]
    assert column("ab\nc").tolist() == [0, 1, 2, 0]
    assert indent("a\n  b\n").tolist() == [0, 0, 2, 2, 2, 2]
    assert matches("[a-z]+")("Ab c").tolist() == [0, 1, 0, 1]


@given(st.text(max_size=60))
@settings(max_examples=50, deadline=None)
def test_every_rule_says_one_thing_of_every_character(text):
    for rule in (*RULES.values(), matches(r"\w")):
        assert rule(text).shape == (len(text),)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("(", "no regular expression"),
        ("", "this one has 0"),
        ("a" * (LONGEST_PATTERN + 1), f"has {LONGEST_PATTERN + 1}"),
        ("((?:a{1000}){1000}){1000}", "repeats 1,000,000,000 times"),
        ("(a|aa)+$", "takes longer"),
        (r"(\w+\s?)+$", "takes longer"),
    ],
)
def test_a_pattern_that_is_wrong_or_explodes_is_refused(pattern, said):
    with pytest.raises(RuleError, match=said):
        matches(pattern)("a" * 5000 + "!")


def test_an_exploding_pattern_is_given_up_in_time():
    started = time.monotonic()
    with pytest.raises(RuleError):
        matches("(a|a)+$")("a" * 5000 + "!")
    assert time.monotonic() - started < 10 * PATIENCE  # a busy machine has its own pace


@given(st.integers(0, 10_000), st.integers(3, 40))
@settings(max_examples=40, deadline=None)
def test_scores_are_scikit_learns_and_numpys(seed, n):
    draw = np.random.default_rng(seed)
    values = draw.integers(0, 6, (n, 3)).astype(np.float32)  # with ties
    labels = np.array([0.0, 1.0, *draw.integers(0, 2, n - 2)])
    auc = scores(values, labels, number=False)
    assert auc == pytest.approx([roc_auc_score(labels, each) for each in values.T])
    wanted = labels + draw.random(n)
    r = scores(values, wanted, number=True)
    for mine, each in zip(r, values.T, strict=True):
        if each.std():
            assert mine == pytest.approx(np.corrcoef(each, wanted)[0, 1], abs=1e-6)
        else:
            assert mine == 0


def test_stretches_are_runs_of_true():
    on = np.array([1, 1, 0, 1, 1, 1, 0, 1], bool)
    assert stretches(on, least=2) == [(0, 2), (3, 6)]
    assert stretches(~on, least=2) == []


@pytest.fixture(scope="module")
def traces():
    inputs = one_hot(encode(held_out()))
    return trace_gates(load("lstm").rnn, inputs), trace_gates(untrained("lstm").rnn, inputs)


@pytest.mark.parametrize("rule", ["quotes", "depth"])
def test_the_lstm_that_ships_keeps_quotes_and_brackets_far_beyond_chance(traces, rule):
    found = search(*traces, RULES[rule](held_out()), number=rule == "depth")
    assert found.best[0].series == "cell"
    assert found.best[0].strength >= 0.95
    assert found.best[0].strength - max(found.chance.values()) >= 0.15
    assert found.steps == len(held_out())


def test_the_column_is_kept_beyond_chance(traces):
    found = search(*traces, column(held_out()), number=True)
    assert found.best[0].strength - max(found.chance.values()) >= 0.15


def test_a_rule_that_says_the_same_everywhere_finds_nothing(traces):
    with pytest.raises(RuleError, match="no unit can follow"):
        search(*traces, np.ones(len(held_out())), number=False)
