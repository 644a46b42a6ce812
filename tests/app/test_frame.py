"""The frame: presets, notes, provenance, and what happens when a part fails."""

import logging

import pytest
from streamlit.runtime.scriptrunner_utils.exceptions import StopException
from streamlit.testing.v1 import AppTest

from app import frame
from app.catalogue import ATTENTION_HEADS
from app.settings import SettingError


def page():
    import streamlit as st

    from app import frame, state
    from app.catalogue import ATTENTION_HEADS
    from models.traces import Provenance

    presenting = frame.begin()
    frame.page(ATTENTION_HEADS)
    frame.presets(
        [
            frame.Preset("First", "Why first", {"attn_text": "one", "attn_size": "small"}),
            frame.Preset("Second", "Why second", {"attn_text": "two", "attn_size": "large"}),
        ]
    )
    state.url_text("Text", "one", key="attn_text")
    st.selectbox("Size", ["small", "large"], key="attn_size", bind="query-params")
    frame.notes(
        read_it_right="It is not.",
        how=lambda: st.latex("a"),
        sources=["vaswani2017"],
        more={"More": lambda: 1 / 0},
    )
    made = Provenance(
        "minilm", "53aa51172d142c89d9012cce53aa51172d142c89", "float32", "cpu", 16, 12.34, {"torch": "2.13.0"}
    )
    frame.provenance(made)
    st.text(f"presenting {presenting}")


def opened(**parameters):
    app = AppTest.from_function(page, default_timeout=30)
    for key, value in parameters.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def marked(app):
    return [button.label for button in app.button if button.proto.type == "primary"]


def test_title_and_question_stand_first():
    app = opened()
    assert app.title[0].value == "Attention heads"
    assert app.markdown[0].value == ATTENTION_HEADS.question


def test_a_preset_sets_every_control_and_is_marked():
    app = opened()
    assert marked(app) == ["First"]
    app.button(key="preset_1").click().run()
    assert (app.session_state["attn_text"], app.session_state["attn_size"]) == ("two", "large")
    assert marked(app) == ["Second"]
    app.selectbox(key="attn_size").select("small").run()
    assert marked(app) == []


def test_a_link_marks_its_preset_on_the_first_run():
    assert marked(opened(attn_text="two", attn_size="large")) == ["Second"]


def test_a_preset_says_why():
    assert opened().button(key="preset_0").help == "Why first"


def test_only_the_open_tab_is_drawn():
    app = opened()
    assert [tab.label for tab in app.tabs] == ["Read it right", "How it is computed", "Sources", "More"]
    assert "It is not." in [text.value for text in app.markdown]
    assert not app.error
    cited = opened(tab="Sources")
    assert any("[Attention Is All You Need](https://arxiv.org" in text.value for text in cited.markdown)


def test_a_tab_that_fails_leaves_the_page_alive(caplog):
    app = opened(tab="More")
    assert [error.value for error in app.error] == [frame.FAILED]
    assert "ZeroDivisionError" in caplog.text
    assert app.text[0].value == "presenting False"


def test_provenance_is_one_line():
    line = opened().caption[-1].value
    assert line == "minilm (53aa511) · float32 · cpu · 16 tokens · 12 ms · torch 2.13.0"


def test_a_link_can_ask_to_present_and_one_button_leaves():
    app = opened(present="1")
    assert app.text[0].value == "presenting True"
    app.button(key="frame_leave").click().run()
    assert app.text[0].value == "presenting False"
    app.button(key="frame_present").click().run()
    assert app.text[0].value == "presenting True"


def failing():
    import streamlit as st

    from app import frame
    from app.settings import SettingError

    with frame.guard():
        raise SettingError("A sentence for the visitor.")
    with frame.guard():
        raise ValueError("shape (3, 4) does not match")
    st.text("alive")


def test_our_errors_speak_and_others_are_logged(caplog):
    app = AppTest.from_function(failing).run(timeout=30)
    assert [note.value for note in app.warning] == ["A sentence for the visitor."]
    assert [error.value for error in app.error] == [frame.FAILED]
    assert app.text[0].value == "alive"
    assert "does not match" in caplog.text
    assert "A sentence" not in caplog.text


def test_streamlits_control_flow_passes_through():
    with pytest.raises(StopException), frame.guard():
        raise StopException


def test_an_error_of_ours_is_known_by_where_it_was_defined():
    assert SettingError.__module__.startswith("app.")
    assert logging.getLogger("plainsight") is frame.LOG
