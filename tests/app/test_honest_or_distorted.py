"""Honest or distorted without a browser: every view, every distortion, bad addresses, the sentences."""

import re

import pytest
import vl_convert
from streamlit.testing.v1 import AppTest

from app.catalogue import HONEST_OR_DISTORTED, ROOT
from app.honest_or_distorted.cases import IPHONE, PARENTHOOD
from app.honest_or_distorted.shared import csv_text
from app.honest_or_distorted.table import apply, parse
from app.honest_or_distorted.texts import TEXTS, words
from components.lie_slider.allright import ALL_RIGHT
from models.distortion import ChartError
from models.distortions import EXAMPLES
from models.tables import planned_parenthood, planned_parenthood_services
from models.traces_charts import STEPS

PAGE = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import runpy
from app import frame
frame.begin()
runpy.run_path({str(ROOT / HONEST_OR_DISTORTED.file)!r})
"""


def opened(**address: str) -> AppTest:
    """The page as a link with these parameters opens it."""
    app = AppTest.from_string(PAGE, default_timeout=60)
    for name, value in address.items():
        app.query_params[f"honest_{name}"] = value
    app.run()
    assert not app.exception
    assert not app.error
    return app


def said(app: AppTest) -> str:
    return " ".join(text.value for text in app.markdown)


def test_every_distortion_has_its_words_and_its_lines_of_altair():
    assert set(TEXTS) == set(EXAMPLES)
    for which, make in EXAMPLES.items():
        text = words(make())
        assert "{n}" in text.says, which
        assert len(text.codes) == STEPS + 1
        assert text.codes[0] != text.codes[-1], which
        assert TEXTS[which].example.endswith(".")


def test_every_distortion_has_a_chart_of_when_it_is_all_right():
    assert set(ALL_RIGHT) == set(TEXTS)
    for which, make in ALL_RIGHT.items():
        drawn = vl_convert.vegalite_to_svg(make())
        assert 'class="mark-' in drawn, which
        assert "NaN" not in drawn, which


def test_the_services_of_both_tables_are_the_same():
    services, series = planned_parenthood_services(), planned_parenthood()
    assert services["abortions"] == (series.abortions[0], series.abortions[-1])
    assert services["cancer screening and prevention"] == (series.screenings[0], series.screenings[-1])
    assert sum(new for _, new in services.values()) == 10_590_433


def test_the_opening_state_and_its_presets():
    app = opened()
    assert "When it is all right" in said(app)
    for place in range(7):
        app.button(f"preset_{place}").click().run()
        assert not app.exception
        assert not app.error
    assert "Planned" in app.button("preset_4").label


@pytest.mark.parametrize("address", [{"which": "nonsense"}, {"t": "9999"}, {"t": "<b>"}, {"view": "🙃"}])
def test_a_bad_address_falls_back_with_one_note(address):
    app = opened(**address)
    notes = [note.value for note in app.caption if "asked for" in note.value]
    assert len(notes) == 1
    assert "<b>" not in notes[0]
    assert "When it is all right" in said(app)


@pytest.mark.parametrize("way", IPHONE)
def test_the_iphone_case(way):
    text = said(opened(view="cases", case="iphone", iphone=way))
    expected = {
        "total": "387.5 million",
        "quarter": "21.7 % and 16.5 %",
        "year": "20 % more",
        "four": "143.4 million",
    }
    assert expected[way] in text
    assert "investor.apple.com" in " ".join(c.value for c in opened(view="cases", iphone=way).caption)


@pytest.mark.parametrize("way", PARENTHOOD)
def test_the_planned_parenthood_case(way):
    text = said(opened(view="cases", case="parenthood", parenthood=way))
    expected = {
        "shown": "2.86 times",
        "axis": "the line has a gap",
        "index": "113.1 and screenings at 46.6",
        "left": "10,590,433",
    }
    assert expected[way] in text
    assert not re.search(r"nan|None", text)


@pytest.mark.parametrize("which", ["truncated", "smoothing", "two_axes", "window", "binning", "spurious"])
def test_an_own_table_gets_every_distortion_that_applies(which):
    lines = [
        f"{2000 + i},{100 + i * i % 37},{50 + i + i % 3}" for i in range(12 if which == "truncated" else 40)
    ]
    app = opened(view="own", table="\n".join(["year,sold,bought", *lines]), fits=which)
    assert not app.warning
    assert not [note for note in app.caption if "asked for" in note.value]
    assert "When it is all right" in said(app)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("", "a line of names"),
        ("a,b\n1", "a line of names"),
        ("a,b\nx,y\nz,w", "No column of this table holds numbers"),
        ("a,b\nx,nan\ny,inf\nz,", "No column of this table holds numbers"),
    ],
)
def test_a_table_that_cannot_be_drawn_says_why(table, says):
    app = opened(view="own", table=table)
    assert any(says in warning.value for warning in app.warning)


def test_a_huge_table_is_refused_and_a_long_one_is_cut():
    with pytest.raises(ChartError, match="characters"):
        parse("a,b\n" + "1,2\n" * 200_000)
    assert parse("a,b\n" + "1,2\n" * 2_000).cut == 1_500


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>", "אבג", "🙃", "=1+1", "**bold**", "a" * 300])
def test_any_name_of_a_column_is_text(name):
    app = opened(view="own", table=f'"{name}",n\n{name},1\n{name}2,2\n{name}3,3')
    assert not app.warning
    assert "When it is all right" in said(app)
    assert "<img" not in said(app)


def test_gaps_are_counted_and_not_filled():
    app = opened(view="own", table="year,n\n2000,1\n2001,\n2002,3\n2003,x\n2004,5\n2005,4")
    assert any("2 without a number" in note.value for note in app.caption)


def test_a_specification_is_checked_repaired_and_refused():
    app = opened(view="own", own="spec")
    assert "lie factor 81.0" in said(app)
    assert "All right when" in said(app)
    for text, says in (
        ('{"mark": "bar", "data": {"url": "https://example.com"}}', "elsewhere"),
        ('{"mark": "bar", "params": [{"name": "x", "expr": "1"}]}', "never code"),
        ("{", "not JSON"),
    ):
        app = opened(view="own", own="spec", spec=text)
        assert any(says in warning.value for warning in app.warning)
    clean = '{"mark": "bar", "data": {"values": [{"a": "<b>x</b>", "b": 1}]}, "encoding": {}}'
    assert "finds nothing" in said(opened(view="own", own="spec", spec=clean))


def test_a_decimal_comma_is_read_and_times_are_put_in_order():
    data = parse("year;share\n2004;71,5\n2003;60\n2002;52,5\n2001;41,5\n")
    assert data.numbers("share") == [71.5, 60.0, 52.5, 41.5]
    fits = apply(data, "year", "share").fits
    assert [row["v"] for row in fits["inverted"].rows] == [41.5, 52.5, 60.0, 71.5]
    assert fits["pie"].measure[-1] == pytest.approx(125.5)


def test_a_pie_of_amounts_and_numbers_too_large_are_refused():
    amounts = apply(parse("shop,sales\na,410\nb,432\nc,7\n"), "shop", "sales")
    assert "in percent; the largest value is 432" in amounts.refused["pie"]
    assert "can hold them" in apply(parse("a,b\nx,5\ny,6\n"), "a", "b").refused["pie"]
    huge = apply(parse("a,b\n1,1e300\n2,3\n3,4\n4,8\n5,9\n"), "a", "b")
    assert huge.missing == 1


def test_a_csv_cell_is_no_formula():
    assert csv_text([{"a": "=1+1", "b": -3.5}]) == "a,b\n'=1+1,-3.5\n"


def test_the_quiz_asks_reveals_and_keeps_the_answer_in_the_address():
    app = opened(view="quiz")
    assert "Answer, and the truth" in said(app)
    assert "distorted**" not in said(app)
    app.button("honest_option_0_3").click().run()
    assert "You said **4 of 5**" in said(app)
    assert "2.77 on the mean [2.26, 3.28]" in said(app)
    app.button("honest_next").click().run()
    assert "Chart 2 of" in said(app)
    app.button("honest_option_1_0").click().run()
    assert "Not so: **it falls**" in said(app)
    assert app.session_state["honest_a"].startswith("30-")
    assert "7 were right" in said(app)
    app.text_area("honest:links").set_value("honest_a=" + app.session_state["honest_a"] + "\n<b>").run()
    assert "1 sets of answers" in said(app) or "1 set of answers" in said(app)
    assert not app.exception
    app.button("honest_again").click().run()
    assert "Chart 1 of" in said(app)


@pytest.mark.parametrize("address", [{"a": "xyz"}, {"q": "99"}, {"q": "0"}])
def test_a_bad_link_to_the_quiz_says_so(address):
    app = opened(view="quiz", **address)
    assert any("asked for" in note.value for note in app.caption)
    assert "Chart 1 of" in said(app)


def test_the_challenge_scores_the_tools_and_limits_them():
    app = opened(view="challenge", goal="boom", tool_base="99", tool_window="last", tool_frame="narrow")
    assert "points**" in said(app)
    assert "lie factor of" in said(app)
    assert any("Only 2 tools" in note.value for note in app.caption)
    quiet = opened(view="challenge")
    assert "The linter finds nothing" in said(quiet)
    assert "**0 points**" in said(quiet)
