"""Honest or distorted without a browser: every view, every distortion, bad addresses, the sentences."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from app.catalogue import HONEST_OR_DISTORTED, ROOT
from app.honest_or_distorted.cases import IPHONE, PARENTHOOD
from app.honest_or_distorted.texts import TEXTS, words
from models.distortions import EXAMPLES
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


def test_the_opening_state_and_its_presets():
    app = opened()
    assert "When it is all right" in said(app)
    for place in range(5):
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
        "left": "1,071,798",
    }
    assert expected[way] in text
    assert not re.search(r"nan|None", text)
