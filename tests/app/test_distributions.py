"""Distributions without a browser: presets, every family, own numbers, bad input, true sentences."""

import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.catalogue import DISTRIBUTIONS, ROOT
from app.distributions import data, mend, notes, own, standard, wrong
from app.distributions.data import FAMILIES
from app.distributions.shared import figure, ratio, table_csv

APP = str(ROOT / "streamlit_app.py")
FIRST = "One value of 200"
PRESETS = {
    FIRST: "One value of 200, 14.9, makes 89 % of the kurtosis",
    "Skewed, yet mean = median": "Mean 1.00 and median 1.00 stand together, yet the skewness is +0.85.",
    "Break the rule": "The mean is 0.600, the median 0.600, the skewness 0.00.",
    "Heavy tail, same peak": "Both peaks are 0.399 high and both standard deviations are 1, yet the excess",
    "The log of sales": "Logarithm: g1 goes from +0.77 to −0.87. It **overshoots**",
    "Cauchy never settles": "has no mean, so means of it have nothing to settle at.",
}


OPENING = {
    "view": "shape",
    **{key: value for key, value in data.OPENING.items() if key != "column"},
    **wrong.OPENING,
    **mend.OPENING,
    **standard.OPENING,
}


def opened(**address: str) -> AppTest:
    """The page as a link with these parameters opens it, in a session of its own."""
    app = AppTest.from_file(APP, default_timeout=60).run()
    app.switch_page(DISTRIBUTIONS.file)
    for name, value in address.items():
        app.query_params[f"dist_{name}"] = value
    return alive(app.run())


@pytest.fixture(scope="module")
def visit() -> AppTest:
    """One visit for all tests that only need a state."""
    return opened()


@pytest.fixture
def at(visit: AppTest) -> Callable[..., AppTest]:
    """The page in its opening state with changes."""

    def go(**changes: str) -> AppTest:
        for name, value in {**OPENING, **changes}.items():
            visit.session_state[f"dist_{name}"] = value
        return alive(visit.run())

    return go


def alive(app: AppTest) -> AppTest:
    assert not app.exception
    assert not app.error
    assert app.title[0].value == DISTRIBUTIONS.title
    assert app.button(key="preset_0").label == FIRST
    return app


def see(app: AppTest) -> str:
    """What you see."""
    found = [text.value for text in app.markdown if text.value.startswith("**What you see.**")]
    assert len(found) == 1
    return found[0]


def told(app: AppTest, key: str = "dist_linked") -> dict[str, Any]:
    """What the browser is told to draw."""
    message = app.get_by_key(key).proto.bytes
    return json.loads(message[4 : 4 + int.from_bytes(message[:4], "little")])


def captions(app: AppTest) -> str:
    return " ".join(caption.value for caption in app.caption)


def test_the_presets_and_what_they_say() -> None:
    app = opened()
    labels = [button.label for button in app.button if str(button.key).startswith("preset_")]
    for name, words in PRESETS.items():
        alive(app.button(key=f"preset_{labels.index(name)}").click().run())
        assert words in see(app)
        assert "shown." not in captions(app)


@pytest.mark.parametrize("source", FAMILIES)
def test_every_family_is_drawn(at: Callable[..., AppTest], source: str) -> None:
    app = at(source=source)
    sent = told(app)
    assert len(sent["points"]) == {"iphone": 25, "own": 16}.get(source, 200)
    assert see(app).count(". ") >= 2


def test_moved_dots_change_the_numbers_and_leave_with_their_column() -> None:
    app = opened(source="own", text="1 2 3 4 10", moved="4:5")
    assert told(app)["points"] == [1, 2, 3, 4, 5]
    assert "The mean, 3.00" in see(app) or "Mean 3.00" in see(app)
    app.text_area(key="dist_text").set_value("1 2 3 4 20").run()
    assert told(alive(app))["points"] == [1, 2, 3, 4, 20]


def test_bad_links_give_one_note_each_and_the_page(at: Callable[..., AppTest]) -> None:
    app = opened(
        view="x",
        source="x",
        sigma="99",
        n="1e9",
        seed="-1",
        moved="1:1e99",
        drawn="1.2.3",
        bins="1000",
        range="<b>",
    )
    assert captions(app).count("The link asked for") == 9
    for note in (
        "Log-normal is shown",
        "not listed here; 1 is shown",
        "not listed here; 200 is shown",
        "it lies between 0 and 999, so 351 is shown",
        "up to 60 dots can be moved, so none is",
        "the prepared curve is shown",
        "there are 1 to 80",
        "all values are shown",
        "The shape is shown",
    ):
        assert note in captions(app)
    see(app)
    for view, name, value in (
        ("wrong", "rule_moved", "0:x"),
        ("mend", "mend", "cube"),
        ("standard", "lot", "0"),
        ("standard", "standard", "x"),
    ):
        app = at(view=view, **{name: value})
        assert captions(app).count("The link asked for") == 1
        see(app)


def test_what_no_data_can_have_is_one_sentence(at: Callable[..., AppTest]) -> None:
    app = at(source="shape", skew="2", kurt="0")
    assert [warning.value[:34] for warning in app.warning] == ["No data can have skewness 2 and ex"]


@pytest.mark.parametrize(
    "text", ["", "   ", "no numbers here", "<script>alert(1)</script>", "😀 مرحبا", "nan nan"]
)
def test_a_text_without_numbers_is_one_sentence(at: Callable[..., AppTest], text: str) -> None:
    app = at(source="own", text=text)
    assert [info.value for info in app.info] == [
        "Type or paste numbers, or a table with a name over each column."
    ]
    assert app.text_area(key="dist_text").value == text


@pytest.mark.parametrize("text", ["7", "5 5 5 5", "1 2", "1e299 -1e299 0", "0", "1e-5 2e-5 3e-5"])
def test_odd_columns_are_drawn(at: Callable[..., AppTest], text: str) -> None:
    see(at(source="own", text=text))


def test_a_column_of_a_table_is_chosen() -> None:
    app = opened(source="own", text="name;age;pay\nA;30;1,5\nB;;2,5\nC;50;9,0", column="pay")
    assert told(app)["points"] == [1.5, 2.5, 9]
    assert told(opened(source="own", text="name;age\nA;30\nB;\nC;50"))["points"] == [30, 50]


# --- the other views ----------------------------------------------------------------------------------


def test_the_numbers_of_every_convention(at: Callable[..., AppTest]) -> None:
    app = at(view="numbers", source="own", text="0 0 0 .5 .5 1.05 1.25")
    table = next(text.value for text in app.markdown if text.value.startswith("| number"))
    assert "| skewness g1 | m₃ / m₂^1.5 | **0.4553** | 0 | `skew(x)` | – | `SKEW.P` |" in table
    assert "| **0.5902** | 0 | `skew(x, bias=False)` | `x.skew()` | `SKEW` |" in table
    assert "the same 7 values" in see(app).lower()
    assert "no measure of shape exists" in see(at(view="numbers", source="own", text="3 3 3"))
    assert "too few for G2" in see(at(view="numbers", source="own", text="1 2 4"))


def test_the_goal_is_reached_by_the_solution(at: Callable[..., AppTest]) -> None:
    app = at(view="wrong")
    assert sum("not yet" in text.value for text in app.markdown) == 2
    next(button for button in app.button if button.label == "Show a solution").click().run()
    assert "You broke the rule" in see(alive(app))
    assert sum("reached" in text.value for text in app.markdown) == 2
    assert told(app, "dist_rule_linked")["points"] == [0, 0, 0, 0.5, 0.5, 1.05, 1.25]


def test_same_kurtosis_other_peak(at: Callable[..., AppTest]) -> None:
    said = see(at(view="wrong", wrong="peak", pair="peaks", higher="3"))
    assert "The second peak is 3 times as high" in said
    assert "the excess kurtosis is the same: 0.00 and 0.00" in said


def test_leaving_out_is_said(at: Callable[..., AppTest]) -> None:
    said = see(at(view="wrong", wrong="impression", span="without", many="20", shift="30"))
    assert re.search(r"\d+ of 200 values are left out: the mean goes from", said)
    assert "moved by 30 % of a bin" in said
    for text in ("5 5 5", "7", "1 2"):
        see(at(view="wrong", wrong="impression", source="own", text=text))


@pytest.mark.parametrize("name", mend.NAMES)
def test_every_transformation_is_done_or_refused(at: Callable[..., AppTest], name: str) -> None:
    see(at(view="mend", mend=name))
    said = see(at(view="mend", mend=name, source="own", text="-3 0 1 900"))
    assert ("is refused" in said) == (name in ("log", "sqrt", "exp", "box-cox"))


def test_standardising(at: Callable[..., AppTest]) -> None:
    said = see(at(view="standard", standard="exams"))
    assert "+1.50 in Mathematics, +0.50 in History" in said
    assert "**Mathematics** went better, though the mark in History is higher." in said
    assert "Both marks are equally good" in see(
        at(view="standard", standard="exams", markb="95", meanb="80", sdb="10")
    )
    said = see(at(view="standard", standard="areas", within="2", source="normal", sample="even", n="5000"))
    assert "Within 2 standard deviations lie 95.45 % of a normal and 95.4" in said
    assert "at least 75 %" in said
    app = at(view="standard", standard="areas", source="own", text="4 4")
    assert app.info[0].value.startswith("Without any spread")


def test_means_of_everything(at: Callable[..., AppTest]) -> None:
    assert "from 3,826 values on" in see(at(view="standard"))
    for address in (
        {"source": "t", "nu": "2"},
        {"source": "t", "nu": "3"},
        {"source": "iphone"},
        {"source": "uniform", "throws": "1", "lot": "1"},
        {"source": "binomial"},
    ):
        see(at(view="standard", **address))
    app = at(view="standard", source="own", text="5 5")
    assert app.info[0].value.startswith("All values are the same, and so is every mean")


# --- own numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1 2 3", {"values": [1, 2, 3]}),
        ("1, 2, 3", {"values": [1, 2, 3]}),
        ("1;2,5;3", {"values": [1, 2.5, 3]}),
        ("1\n2\n−3", {"values": [1, 2, -3]}),
        ("1 2\n3 4", {"values": [1, 2, 3, 4]}),
        ("a,b\n1,2\n3,4\n", {"a": [1, 3], "b": [2, 4]}),
        ("a\tb\nx\t2\ny\t4", {"b": [2, 4]}),
        ("my score\n1\n2", {"my score": [1, 2]}),
        ('a,b\n1,"1,200"\n2,"2,400"', {"a": [1, 2], "b": [1200, 2400]}),
        ("a,a\n1,2\n3,4", {"a": [1, 3], "a′": [2, 4]}),
        ("a,b\n1\n3,4,5", {"a": [1, 3], "b": [np.nan, 4]}),
        ("**a**,<b>$x$\n1,2\n3,4", {"a": [1, 3], "b x": [2, 4]}),
        ("a;b\n1,5;2,5\n1.000,5;3", {"a": [1.5, 1000.5], "b": [2.5, 3]}),
        ("a;b\n1,000.5;2\n0.5;4", {"a": [1000.5, 0.5], "b": [2, 4]}),
        ("1,5 −2,5 4", {"values": [1.5, -2.5, 4]}),
        ("1,000 2,500 300", {"values": [1000, 2500, 300]}),
        ('a,"' + "x" * 200_000 + "\n1,2", {"a": [1], "x" * 40: [2]}),
        ("1,5\n2,5", {"values": [1.5, 2.5]}),
        ("4\n1,5", {"values": [4, 1.5]}),
        ("1,5", {"values": [1, 5]}),
        ("day;v\n31.01.2024;1,5\n28.02.2024;2", {"v": [1.5, 2]}),
        ("day,v\n20240131,3\n20240228,4", {"v": [3, 4]}),
        ("5 apples 7", {"values": [5, np.nan, 7]}),
        ("word", {}),
        ("", {}),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, found: dict[str, list[float]]) -> None:
    read = own.columns(text)
    assert list(read) == list(found)
    for name, values in found.items():
        assert read[name] == pytest.approx(values, nan_ok=True)


def test_how_commas_were_read_is_said() -> None:
    for text, said in (
        ("1,5\n2,5", "Commas are read as decimal commas: 1,5 is one number."),
        ("1,000 2,500", "Commas are read as thousands: 1,000 is 1000."),
        ("1,5", "Commas part numbers: 1,5 is two of them."),
        ("1 2 3", ""),
        ("a,b\n1,2", ""),
        ("", ""),
    ):
        assert own.commas(text).startswith(said)
        assert bool(own.commas(text)) == bool(said)


def test_columns_become_a_text_that_reads_the_same() -> None:
    found = {"a": np.array([1.5, np.nan, 3]), "b, c": np.array([1.0, 2, 1e-9])}
    text, complete = own.as_text(found)
    assert complete
    again = own.columns(text)
    for name, values in found.items():
        assert again[name] == pytest.approx(values, nan_ok=True)
    text, complete = own.as_text({"a": np.arange(40_000.0), "b": np.arange(40_000.0)})
    assert not complete
    assert list(own.columns(text)) == ["a"]


def test_numbers_in_sentences() -> None:
    values = (0, -1.5, 0.000012, 123456, 1e9, float("nan"), float("inf"), 0.95, 12.34)
    assert [figure(value) for value in values] == [
        "0", "−1.50", "1.20e-5".replace("-", "−"), "123,456", "1.00e9", "–", "∞", "0.950", "12.3",
    ]  # fmt: skip
    assert [ratio(value) for value in (0.001, -0.004, 1.234, -2)] == ["0.00", "0.00", "+1.23", "−2.00"]


def test_the_stops_of_the_sliders_are_written_as_people_write_them() -> None:
    for knob in data.KNOBS.values():
        assert knob.default in knob.stops
        assert all(re.fullmatch(r"-?\d+(\.\d+)?", stop) for stop in knob.stops)
        assert [float(stop) for stop in knob.stops] == sorted({float(stop) for stop in knob.stops})
    assert {"0", "-1.9", "8", "0.5"} <= set(data.KNOBS["kurt"].stops)


def test_a_table_is_saved_for_machines() -> None:
    rows = [("a, b", "c"), ("1,234,567.5", "−0.5"), ("–", "12,34")]
    assert table_csv(rows) == '"a, b",c\n1234567.5,-0.5\n,"12,34"\n'


@pytest.mark.parametrize("name", [name for name in dir(notes) if name.startswith("HOW_")])
def test_the_lines_of_python_run(name: str) -> None:
    for code in re.findall(r"```python\n(.*?)```", getattr(notes, name), flags=re.S):
        exec(code, {})
