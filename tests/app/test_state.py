"""State from the URL is checked on the server, and what is wrong is said once."""

import pytest
from streamlit.testing.v1 import AppTest

from app import state
from app.settings import SETTINGS


def page():
    import streamlit as st

    from app import state

    def layer(text):
        if text not in list("012345"):
            raise ValueError(text)
        return int(text)

    expects = "this model has layers 0–5, so layer 2 is shown"
    view = state.read_view("pic", [state.Param("layer", "2", layer, expects)])
    text = state.url_text("Text", "as it opens", key="pic_text")
    st.json({"layer": view["layer"], "text": text, "too long": state.too_long("pic")})


def opened(**parameters):
    app = AppTest.from_function(page, default_timeout=30)
    for key, value in parameters.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def shown(app):
    import json

    return json.loads(app.json[0].value)


def test_an_address_without_parameters_is_the_opening_state():
    app = opened()
    assert shown(app) == {"layer": 2, "text": "as it opens", "too long": False}
    assert not app.caption


def test_a_good_value_is_taken():
    assert shown(opened(pic_layer="5", pic_text="café & 😀"))["text"] == "café & 😀"
    assert shown(opened(pic_layer="5"))["layer"] == 5


@pytest.mark.parametrize("bad", ["99", "-1", "x", "", "1.5", "<script>", "٣", "5 ", "9" * 500])
def test_a_bad_value_falls_back_with_a_note_that_does_not_stay(bad):
    app = opened(pic_layer=bad)
    assert shown(app)["layer"] == 2
    assert [note.value for note in app.caption] == [
        f"The link asked for layer {state.plain(bad)}; this model has layers 0–5, so layer 2 is shown."
    ]
    app.run()
    assert shown(app)["layer"] == 2
    assert not app.caption


def test_a_note_is_text_and_short():
    assert state.plain("**b** [x](y) :red[_z_] <i>") == r"\*\*b\*\* \[x\]\(y\) \:red\[\_z\_\] \<i\>"
    assert state.plain("é" * 500) == "é" * 40
    assert state.plain("") == "nothing"


def test_a_long_text_stays_but_leaves_the_address():
    app = opened(pic_text="short")
    long = "y" * (SETTINGS.max_link_text + 1)
    app.text_input(key="pic_text").set_value(long).run()
    assert shown(app)["text"] == long
    assert shown(app)["too long"]
    app.text_input(key="pic_text").set_value("short again").run()
    assert shown(app) == {"layer": 2, "text": "short again", "too long": False}


def test_length_is_counted_as_a_link_writes_it():
    assert state.fits_link("y" * SETTINGS.max_link_text)
    assert not state.fits_link("я" * (SETTINGS.max_link_text // 6 + 1))
    assert not state.fits_link("😀" * (SETTINGS.max_link_text // 12 + 1))
    assert state.fits_link("\ud800")  # half a surrogate pair, as a browser may send it
