"""Curves with a name at their end, bars, shares."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.charts import LABEL_GAP, Bars, Curve, curves, shares, spread, upright

X = np.array([1.0, 10, 100])


@given(st.lists(st.floats(0, 400), min_size=1, max_size=8))
def test_names_never_meet_and_keep_their_order(places: list[float]) -> None:
    moved = spread(np.array(places))
    assert (np.diff(np.sort(moved)) >= LABEL_GAP - 1e-9).all()
    assert (np.diff(moved[np.argsort(places, kind="stable")]) > -1e-9).all()


def test_names_that_are_apart_stay() -> None:
    assert spread(np.array([0.0, 100, 50])).tolist() == [0, 100, 50]


@pytest.mark.parametrize("log", ["x", "xy"])
def test_every_curve_brings_its_numbers_and_its_name(log: str) -> None:
    given = [Curve("one", X, X, "#123456"), Curve("two", X, X * 2, "#654321", dashed=True, label=False)]
    drawn = curves(given, x="n", y="count", log=log, marks={"here": 10, "there": 20}).to_dict()
    held = [row for rows in drawn["datasets"].values() for row in rows]
    assert {(row["line"], row["y"]) for row in held if "line" in row} >= {("one", 100), ("two", 200)}
    assert {row["name"] for row in held if "name" in row} == {"here", "there"}
    assert drawn["usermeta"]["embedOptions"]["renderer"] == "svg"


def test_bars_stand_in_the_order_given() -> None:
    drawn = upright(
        Bars("t", np.array([1.0, -2]), "#123456", np.array([0.5, -1])), ["7", "3"], x="dimension"
    ).to_dict()
    assert drawn["layer"][0]["encoding"]["x"]["sort"] == ["7", "3"]


def test_shares_print_what_the_sentences_print_and_keep_equal_names_apart() -> None:
    drawn = shares(["the", "the"], np.array([0.005, 0.995]), chosen=1, colour="#123456").to_dict()
    rows = next(iter(drawn["datasets"].values()))
    assert [row["text"] for row in rows] == ["0.5 %", "100 %"]
    assert len({row["name"] for row in rows}) == 2
    assert [row["chosen"] for row in rows] == [False, True]
