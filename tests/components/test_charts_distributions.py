"""The Altair pictures of columns, as the specification that Vega gets."""

import json

import numpy as np
import pytest

from components import charts_distributions as charts
from components.charts_distributions import Change, Line, Rule
from models.traces_distributions import Interval


def rows(chart: object) -> list[dict]:
    return [row for table in chart.to_dict()["datasets"].values() for row in table]


def test_intervals_show_number_and_ends_and_pass_over_what_is_not() -> None:
    given = {"g1": Interval(1.5, 1, 2), "g2": Interval(float("nan"), float("nan"), float("nan"))}
    found = [row for row in rows(charts.intervals(given, title="t")) if "name" in row]
    assert found == [{"name": "g1", "value": 1.5, "low": 1, "high": 2, "text": "+1.50"}]


def test_bars_keep_counts_edges_and_rules() -> None:
    chart = charts.bars(
        np.array([0.0, 1, 2]),
        np.array([3.0, 5]),
        x="x",
        curve=(np.array([0.0, 2]), np.array([1.0, 9])),
        rules=[Rule("mean 1", 1, charts.MEAN), Rule("median 0.5", 0.5, charts.MEDIAN, dashed=True)],
    )
    found = rows(chart)
    assert {"from": 0, "to": 1, "count": 3, "zero": 0} in found
    assert {"from": 1, "name": "mean 1"} in found
    assert '"domain": [0, 10.44' in json.dumps(chart.to_dict())  # room above the curve


@pytest.mark.parametrize("log", [False, True])
def test_densities_keep_their_numbers_and_shade_where_asked(log: bool) -> None:
    grid = np.linspace(-2, 2, 5)
    lines = [Line("a", np.array([1e-9, 0.5, 1, 0.5, 1e-9]), "#111111"), Line("b", grid**2, "#222222", True)]
    chart = charts.densities(grid, lines, x="x", y="y", log=log, low=1e-6 if log else None, shade=[(-1, 1)])
    spec = chart.to_dict()
    assert len(spec["layer"]) == 2
    areas = [layer for layer in spec["layer"] if layer["mark"]["type"] == "area"]
    assert [row["x"] for row in spec["datasets"][areas[0]["data"]["name"]]] == [-1, 0, 1]
    named = [row for row in rows(chart) if row.get("curve") == "a"]
    assert len(named) == (3 if log else 5)


def test_a_refused_row_says_so() -> None:
    nan = float("nan")
    found = rows(
        charts.ladder(
            [Change("as given", 1, 2), Change("log", nan, nan), Change("root", -0.5, 0, True)], title="t"
        )
    )
    assert [row["text"] for row in found if "text" in row] == [
        "g1 +1.00, g2 +2.00",
        "refused",
        "g1 −0.50, g2 +0.00",
    ]
    assert all(row["start"] == 1 for row in found if "start" in row)
    json.dumps(charts.ladder([Change("x", nan, nan)], title="t").to_dict(), allow_nan=False)


def test_a_far_row_stands_at_the_side_with_an_arrow() -> None:
    found = rows(
        charts.ladder([Change("as given", 2, 1), Change("exp", 14, 195), Change("x", -9, 0)], title="t")
    )
    table = [row for row in found if "text" in row]
    assert [row["at"] for row in table] == [2, 2.5, -2.5]
    assert [row["text"] for row in table] == [
        "g1 +2.00, g2 +1.00",
        "g1 +14.00, g2 +195.00 →",
        "← g1 −9.00, g2 +0.00",
    ]


def test_shares_are_named_though_values_repeat() -> None:
    found = rows(charts.shares(["7", "7"], [0.5, 0.25], title="t"))
    assert [row["name"] for row in found] == ["0 7", "1 7"]
    assert [row["text"] for row in found] == ["50 %", "25 %"]
