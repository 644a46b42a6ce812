"""Charts hold the numbers they were given, on a scale that holds them, without anything from elsewhere."""

import json
from typing import Any

import numpy as np
import pytest

from components import charts


def spec(**options: Any) -> dict[str, Any]:
    series = {"one": np.array([0.0, 0.5, np.nan, 1.0]), "two": np.array([2.0, -1.0])}
    return charts.lines(series, x="position", y="value", **options).to_dict()


def rows(chart: dict[str, Any], layer: int) -> list[dict[str, Any]]:
    return chart["datasets"][chart["layer"][layer]["data"]["name"]]


def test_a_line_holds_its_numbers() -> None:
    chart = spec()
    drawn = [(row["at"], row["line"], row["value"]) for row in rows(chart, 0) if row["value"] is not None]
    assert drawn == [
        (0, "one", 0),
        (1, "one", 0.5),
        (3, "one", 1),
        (0, "two", 2),
        (1, "two", -1),
    ]


def test_the_pointer_reads_every_line_by_its_name() -> None:
    tooltip = spec()["layer"][2]["encoding"]["tooltip"]
    assert [field["title"] for field in tooltip] == ["position", "one", "two"]


def test_the_scale_holds_all_values_and_what_is_asked() -> None:
    def domain(**options: Any) -> list[float]:
        return spec(**options)["layer"][0]["encoding"]["y"]["scale"]["domain"]

    assert domain() == [-1, 2]
    assert domain(low=-3, high=1) == [-3, 2]


def test_it_starts_where_it_is_told_and_marks_a_place() -> None:
    chart = spec(start=-2, mark=0)
    assert [row["at"] for row in rows(chart, 0)] == [0]
    assert [row["at"] for row in rows(chart, 1)][:4] == [-2, -1, 0, 1]
    assert chart["layer"][1]["encoding"]["x"]["scale"]["domain"] == [-2, 1]


def test_lines_differ_by_more_than_colour() -> None:
    assert spec()["layer"][0]["encoding"]["strokeDash"]["field"] == "line"
    alone = charts.lines({"one": np.ones(3)}, x="x", y="y").to_dict()
    assert "strokeDash" not in alone["layer"][0]["encoding"]


def test_it_is_drawn_as_svg_and_names_no_address() -> None:
    chart = spec(steps=True)
    assert chart["usermeta"]["embedOptions"]["renderer"] == "svg"
    assert chart["layer"][0]["mark"]["interpolate"] == "step"
    del chart["$schema"]
    assert "http" not in json.dumps(chart)


@pytest.mark.parametrize("name", ["a.b[c]", "“quoted” \\ 'x'", "</script>", "p:Q"])
def test_any_name_of_a_line_is_text(name: str) -> None:
    chart = charts.lines({name: np.ones(2), "other": np.ones(2)}, x="x", y="y").to_dict()
    assert chart["layer"][2]["encoding"]["tooltip"][1]["title"] == name
    assert {row["line"] for row in rows(chart, 0)} == {name, "other"}
