"""Pictures of words: names that never meet, ties that say so, numbers that stay inside."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from components import word_charts


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1000), st.floats(5, 120)), min_size=1, max_size=20))
def test_names_in_one_lane_never_meet(names: list[tuple[float, float]]) -> None:
    places, widths = np.array(names).T
    lane = word_charts.lanes(places, widths)
    for i in range(len(names)):
        for j in range(i):
            if lane[i] == lane[j]:
                assert abs(places[i] - places[j]) >= (widths[i] + widths[j]) / 2 - 1e-9
    assert set(lane) == set(range(lane.max() + 1))


def test_a_tie_is_marked_and_a_column_of_ties_is_pale() -> None:
    cosine = np.array([[0.0, 0.5], [0.0, -0.25]])
    chart = word_charts.rankings(["a", "b"], ["one", "two"], cosine, np.array([[1, 1], [1, 2]])).to_dict()
    rows = next(iter(chart["datasets"].values()))
    assert [row["said"] for row in rows] == ["tie 1 · 0.00", "no. 1 · 0.50", "tie 1 · 0.00", "no. 2 · −0.25"]
    assert [row["shade"] for row in rows] == [0, 1, 0, 0]


def test_bars_keep_their_order_and_flag_what_they_are_told() -> None:
    values = np.array([0.9, -0.123, 0.9])
    chart = word_charts.cosine_bars(["a", "b", "a"], values, flagged=[True, False, False], flag="!").to_dict()
    rows = next(iter(chart["datasets"].values()))
    assert [row["text"] for row in rows] == ["0.900  !", "−0.123", "0.900"]
    assert chart["layer"][0]["encoding"]["x"]["scale"]["domain"][0] == -0.2


def test_the_axis_holds_both_ends_and_every_word() -> None:
    chart = word_charts.word_axis(["b"], np.array([0.1]), "a", "c", np.array([-0.5, 0.5])).to_dict()
    rows = next(rows for rows in chart["datasets"].values() if len(rows) == 3)
    assert [(row["word"], row["end"]) for row in rows] == [("a", True), ("c", True), ("b", False)]
