"""Recurrent gates without a browser: every preset, the address, bad input."""

import csv
import io
import re

import pytest
from streamlit.testing.v1 import AppTest

from app.catalogue import RECURRENT_GATES, ROOT
from app.recurrent_gates import notes
from app.recurrent_gates.gates import gates_csv, overall, sentences
from app.settings import SETTINGS
from models.charcards import cards
from models.charmodels import load, read

APP = str(ROOT / "streamlit_app.py")


def opened(**address: str) -> AppTest:
    """The page as a link with these parameters opens it."""
    app = AppTest.from_file(APP, default_timeout=60).run()
    app.switch_page(RECURRENT_GATES.file)
    for name, value in address.items():
        app.query_params[f"gate_{name}"] = value
    return alive(app.run())


def alive(app: AppTest) -> AppTest:
    assert not app.exception
    assert not app.error
    assert app.title[0].value == RECURRENT_GATES.title
    return app


def texts(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.caption, *app.info, *app.warning))


def test_the_page_opens_with_its_first_preset_and_every_preset_draws() -> None:
    app = opened()
    marked = [button.label for button in app.button if button.proto.type == "primary"]
    assert len(marked) == 1
    names = [button.label for button in app.button if (button.key or "").startswith("preset_")]
    for place, name in enumerate(names):
        app.button(key=f"preset_{place}").click().run()
        marked = [button.label for button in alive(app).button if button.proto.type == "primary"]
        assert marked[0] == name


@pytest.mark.parametrize(
    ("name", "value", "note"),
    [
        ("unit", "96", "there are units 0–95"),
        ("at", "9999", "the text has 276 characters"),
        ("series", "<b>", "this model has forget"),
        ("model", "gpt9", "which is not listed here"),
        ("view", "x", "which is not listed here"),
    ],
)
def test_a_bad_link_gives_one_note_and_the_page(name: str, value: str, note: str) -> None:
    said = texts(opened(**{name: value}))
    assert said.count("The link asked for") == 1
    assert note in said


def test_no_text_and_far_too_much() -> None:
    app = opened()
    app.text_area(key="gate_text").set_value("").run()
    assert "every character is one step" in texts(alive(app))
    long = "a" * 100_000
    app.text_area(key="gate_text").set_value(long).run()
    said = texts(alive(app))
    assert "100,000 characters" in said
    assert f"{SETTINGS.max_steps} tokens" in said
    assert app.text_area(key="gate_text").value == long


def test_the_csv_holds_every_number() -> None:
    trace = read('=1 "é"', load("lstm"), cards()["lstm"])
    rows = list(csv.DictReader(io.StringIO(gates_csv(trace), newline="")))
    assert len(rows) == 6 * 96
    assert float(rows[-1]["cell"]) == pytest.approx(float(trace.gates.cell[0, 0, -1, -1]), rel=1e-5)
    assert len(sentences(trace)) == 96


def test_find_a_cell_names_the_unit_and_chance() -> None:
    app = opened(view="find", rule="depth")
    best = cards()["lstm"].cells["depth"]
    said = texts(app)
    assert f"unit {best.unit} follows “bracket depth” best" in said
    assert f"|correlation| {best.strength:.3f}" in said
    app.selectbox(key="gate_rule_choice").set_value("pattern").run()
    assert "follows “the pattern \\[A\\-Z\\]" in texts(alive(app))


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("(", "no regular expression"),
        ("zzzzz", "so no unit can follow it"),
        (r"(?s)(.*)(.*)(.*)\d{9}", "takes longer"),
    ],
)
def test_a_bad_pattern_is_one_sentence(pattern: str, said: str) -> None:
    assert said in texts(opened(view="find", rule="pattern", pattern=pattern))


def test_a_marked_stretch_finds_units_and_stretches_like_it() -> None:
    assert "Drag over some characters" in texts(opened(view="find", rule="stretch"))
    said = texts(opened(view="find", rule="stretch", stretch="42-100"))
    assert "follows “a stretch of the text that I mark” best on your text" in said
    assert "Other stretches like it" in said or "on nowhere else" in said


def test_surgery_says_where_the_guesses_part_and_names_the_control() -> None:
    said = texts(opened(view="surgery"))
    assert "To hold the forget gate shut over 29 characters" in said
    assert re.search(r"parts the guesses most behind “\\\)” \\\(177\\\), by [89]\.\d bits", said)
    assert re.search(r"untouched, the model expects “\\\)” with \d\d %; operated on, ", said)
    assert "drawn at random, parts them by 0." in said


@pytest.mark.parametrize(
    ("view", "name", "value", "note"),
    [
        ("cell", "unit", "-1", "there are units 0–95"),
        ("cell", "part", "7", "the first layer is shown"),
        ("find", "rule", "<b>", "which is not listed here"),
        ("surgery", "stretch", "9-3", "the brackets are taken"),
        ("surgery", "value", "nan", "a state is set to a number"),
        ("surgery", "what", "update0", "which is not listed here"),
        ("surgery", "model", "bilstm", "which is not listed here"),
    ],
)
def test_a_bad_link_to_another_view_gives_one_note(view: str, name: str, value: str, note: str) -> None:
    said = texts(opened(view=view, **{name: value}))
    assert said.count("The link asked for") == 1
    assert note in said


def test_characters_never_seen_are_named() -> None:
    said = sentences_of("aé😀")
    assert "2 characters (“é”, “😀”) never occurred in training" in said


def sentences_of(text: str) -> str:
    return overall(read(text, load("lstm"), cards()["lstm"]))


HOWS = [name for name in dir(notes) if name.startswith("HOW_")]


@pytest.mark.parametrize("name", HOWS)
def test_the_lines_of_python_run(name: str) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", getattr(notes, name), flags=re.S)
    exec(code, {})
