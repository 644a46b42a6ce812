"""The quiz: every right answer follows from the data of its chart, and answers travel as digits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import measures as by
from models.quiz import OPEN, PANDEY, RATING, answered, collect, parse, questions, ratings, score, trend

ALL = questions()
texts = st.tuples(*[st.sampled_from([OPEN, *map(str, range(len(q.options)))]) for q in ALL]).map("".join)


def values(question, key="v"):
    return [row[key] for row in question.chart.rows]


def truth_from_the_rows(question):
    """The right option, computed a second time and from the rows alone."""
    chart = question.chart
    kind = chart.id
    if question.truth is None:
        return None
    if kind in ("inverted", "window"):
        slope = np.polyfit(values(question, "x"), values(question), 1)[0]
        return "it rises" if slope > 0 else "it falls"
    if kind == "cumulative":
        return "more" if values(question)[-1] > values(question)[-2] else "fewer"
    if kind == "no_axis":
        return max(chart.rows, key=lambda row: row["v"])["name"]
    if kind in ("pictogram", "log_axis"):
        return f"{max(values(question)) / min(values(question)):.3g} times"
    if kind == "two_axes":
        return "A" if chart.rows[-1]["a"] > chart.rows[-1]["b"] else "B"
    if kind == "uneven":
        slopes = np.gradient(values(question), values(question, "x"))
        return "in the first step" if slopes[0] > slopes[-1] else "in the last step"
    if kind == "binning":
        density = [row["density"] for row in chart.given["curve"]]
        return str(by.modes(density))
    if kind == "simpson":
        groups = {row["g"] for row in chart.rows}
        slopes = [
            np.polyfit(*zip(*[(r["x"], r["y"]) for r in chart.rows if r["g"] == g], strict=True), 1)[0]
            for g in groups
        ]
        return "it rises" if np.mean(slopes) > 0 else "it falls"
    if kind == "pie":
        return "yes" if values(question)[0] > 50 else "no"
    assert kind == "smoothing"
    return f"about {int(np.argmax(values(question)))}"


def test_at_least_sixteen_charts_and_honest_ones_among_them():
    assert len(ALL) >= 16
    assert 4 <= sum(q.honest for q in ALL) <= len(ALL) // 2
    assert len({q.chart.id for q in ALL}) >= 12


@pytest.mark.parametrize("place", range(len(ALL)))
def test_the_right_answer_is_that_of_the_rows(place):
    question = ALL[place]
    expected = truth_from_the_rows(question)
    assert (None if question.truth is None else question.options[question.truth]) == expected
    assert len(set(question.options)) == len(question.options) >= 2
    assert question.told.endswith((".", "%."))


def test_a_distorted_chart_shows_what_is_not_so():
    for question in ALL:
        low, high = question.chart.honest
        shown = question.chart.measure[-1 if question.t else 0]
        assert (low - 1e-9 <= shown <= high + 1e-9) == question.honest


def test_trend_has_three_ends():
    assert [trend([0, 1, 2], y) for y in ([1, 2, 3], [3, 2, 1], [1, 1, 1])] == [0, 1, 2]


def test_the_study_is_quoted_as_published():
    assert PANDEY["truncated"].said(True) == (
        "Readers of the honest chart in the study said 1.45 on the mean [1.27, 1.62]."
    )
    assert PANDEY["inverted"].said(False) == "Of 38 readers of the deceptive chart in the study 7 were right."
    for study in PANDEY.values():
        if len(study.control) == 3:
            for mean, low, high in (study.control, study.deceptive):
                assert 1 <= low < mean < high <= len(RATING)


@settings(deadline=None, max_examples=60)
@given(texts)
def test_answers_survive_a_link(text):
    assert parse(text) == text
    right, of = score(text)
    given = sum(c != OPEN for c in text)
    assert 0 <= right <= of
    assert of + len(ratings(text, True)) + len(ratings(text, False)) == given
    found, bad = collect(f"http://x/honest?honest_a={text}&honest_q=3\nnonsense\n\n{text}")
    assert (found, bad) == ([text, text], 1)


@pytest.mark.parametrize("text", ["9" * len(ALL), "1", "x" * len(ALL), "-" * (len(ALL) + 1), "٣" * len(ALL)])
def test_other_answers_are_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        parse(text)


def test_one_answer_changes_one_digit():
    text = answered(parse(""), 3, 1)
    assert text == "---1" + OPEN * (len(ALL) - 4)
    assert score(text)[1] == 1
