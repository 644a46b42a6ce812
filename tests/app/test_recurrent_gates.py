"""Recurrent gates without a browser: every preset, the address, bad input."""

import csv
import io

import pytest
from streamlit.testing.v1 import AppTest

from app.catalogue import RECURRENT_GATES, ROOT
from app.recurrent_gates.gates import gates_csv, sentences
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
        ("at", "9999", "the text has characters 0–"),
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
