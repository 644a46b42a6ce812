"""Predict, then reveal: every page's questions, alone, and with a room: lecturer and phone."""

import importlib
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app import rooms as module
from app.catalogue import PAGES, ROOT
from app.finding import named
from app.lessons.lesson import Lesson, Step, inside, pack
from app.predict import Question
from app.rooms import MOST_OPTION, MOST_WORDS, Rooms
from app.settings import Settings
from app.state import plain
from components.browser import KNOWN, Browser

APP = str(ROOT / "streamlit_app.py")
WITH_QUESTIONS = [Path(page.file).stem for page in PAGES if page.thumbnail]
REVERSE = {"seq_predict": "reverse"}


def questions(stem):
    listed = importlib.import_module(f"app.{stem}.questions").QUESTIONS
    return [each for each in listed if isinstance(each, Question)]


@pytest.mark.parametrize("stem", WITH_QUESTIONS)
def test_a_page_asks_what_its_own_numbers_answer(stem):
    page = next(page for page in PAGES if Path(page.file).stem == stem)
    source = (ROOT / page.file).read_text("utf-8")
    asked = questions(stem)
    assert len(asked) >= 2
    assert len({each.id for each in asked}) == len({each.name for each in asked}) == len(asked)
    for question in asked:
        assert question.preset or question.changes
        assert not question.preset or f'"{question.preset}"' in source
        assert len(question.ask) <= MOST_WORDS
        assert max(map(len, question.options)) <= MOST_OPTION
        right, why = question.answer()
        assert right in question.options
        assert any(map(str.isdigit, why))
        assert len(why) <= MOST_WORDS
    first, *others = asked
    app = opened(page.file, **{f"{page.prefix}_predict": first.id})
    tells_nothing(app, page, first)
    app.button(key="predict_show").click().run()
    assert f"**It is: {plain(first.answer()[0], limit=None)}.**" in words(app)
    assert "predict_back" not in keys(app)  # the picture is the one that was asked about
    assert not app.error
    assert not app.warning
    for question in others:
        app.session_state[f"{page.prefix}_predict"] = question.id
        app.session_state[f"{page.prefix}_said"] = ""
        tells_nothing(app.run(), page, question)


def tells_nothing(app, page, question):
    """Nothing tells the answer: what is seen while the picture waits, the preset, the page as it opens."""
    assert {"predict_option_0", "predict_show"} < keys(app)
    right, why = question.answer()
    numbers = {word for word in told_by(why) if word[0].isdigit() and len(word) > 1}
    long = {word for word in told_by(right) if len(word) > 4}
    secret = (long | numbers) - told_by(question.ask, *(set(question.options) - {right}))
    bodies = [html.proto.body for html in app.get("html") if "<style>" not in html.proto.body]
    labels = [f"{each.label} {each.help}" for each in app.button if "option" not in each.key]
    assert not secret & told_by(words(app), app.title[0].value, *bodies, *labels)
    (opening, _), *_ = presets = named(page).presets.items()
    preset = told_by(*next((preset for preset in presets if preset[0] == question.preset), ()))
    assert not secret & preset
    assert question.preset != opening or question.changes


def told_by(*texts):
    """The words and numbers of some texts."""
    return set(re.findall(r"[\w.]*\w", " ".join(texts).lower()))


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Rooms in a folder of the test."""
    monkeypatch.setenv("PLAINSIGHT_CACHE", str(tmp_path))
    module.rooms.cache_clear()
    yield Rooms(tmp_path / "rooms.sqlite3", most=9)
    module.rooms.cache_clear()


def opened(path, number="0" * 32, kept="", **parameters):
    app = AppTest.from_file(APP, default_timeout=60).run()
    app.session_state[KNOWN] = Browser(number, kept)
    for key, value in parameters.items():
        app.query_params[key] = value
    app.switch_page(path)
    app.run()
    assert not app.exception
    return app


def keys(app):
    return {button.key for button in app.button}


def words(app):
    return " ".join(element.value for element in (*app.markdown, *app.caption, *app.warning, *app.info))


def test_alone_the_picture_waits_for_the_answer():
    app = opened("app/pages/seq2seq.py", seq_predict="reverse")
    assert "Predict first" in words(app)
    assert "What you see" not in words(app)
    assert "preset_0" not in keys(app)
    assert "seq_export" not in keys(app)
    app.button(key="predict_option_2").click().run()
    assert "You said half or fewer. **It is: all of them.** Through 32 numbers 10 of 10" in words(app)
    assert "What you see" in words(app)
    assert app.session_state["seq_said"] == "2"
    app.button(key="preset_3").click().run()  # another state: the answer stays, with a way back
    app.button(key="predict_back").click().run()
    assert "predict_back" not in keys(app)
    app.button(key="predict_again").click().run()
    app.button(key="predict_option_0").click().run()
    assert "**Right: all of them.**" in words(app)
    app.button(key="predict_close").click().run()
    assert not {key for key in keys(app) if str(key).startswith("predict")}
    assert not app.exception


@pytest.mark.parametrize(
    ("ask", "said"), [("nothing", "1"), ("reverse", "9"), ("reverse", "٣"), ("reverse", "x")]
)
def test_an_absurd_link_asks_again_or_asks_nothing(ask, said):
    app = opened("app/pages/seq2seq.py", seq_predict=ask, seq_said=said)
    assert ("Predict first" in words(app)) == (ask == "reverse")
    assert ("The link asks for the question nothing" in words(app)) == (ask == "nothing")


def test_a_question_is_opened_in_a_room_answered_by_a_phone_and_revealed(here):
    lecturer = opened("app/pages/seq2seq.py", number="a" * 32, seq_predict="reverse")
    lecturer.button(key="predict_room").click().run()
    code, _, secret = lecturer.session_state[KNOWN].room.partition(".")
    assert f"{code}</b>" in "".join(html.proto.body for html in lecturer.get("html"))
    assert secret not in str(lecturer.query_params)
    phone = opened("app/pages/room.py", number="b" * 32, room=f"{code[:3]}-{code[3:].lower()}")
    assert lecturer_asks(lecturer) in words(phone)
    for option in (0, 2, 2, 1):  # clicked twice, and another mind
        phone.button(key=f"room_1_{option}").click().run()
    assert "Sent: B." in words(phone)
    assert here.look(code).counts == (0, 1, 0)
    again = opened("app/pages/room.py", number="b" * 32, room=code)  # a reload
    assert "Sent: B." in words(again)

    lecturer.button(key="predict_reveal").click().run()
    assert "What you see" in words(lecturer)
    assert (here.look(code).truth, lecturer.session_state["seq_said"]) == (0, "-")
    assert "**Not so.** It is **A all of them**. Through 32 numbers" in words(phone.run())
    lecturer.button(key="predict_close").click().run()
    other = opened("app/pages/seq2seq.py", kept=lecturer.session_state[KNOWN].room, seq_predict="month")
    other.button(key="predict_room").click().run()  # the same room, the next question
    assert "American date" in words(phone.run())
    assert "Choose one" in words(phone)
    stranger = opened("app/pages/seq2seq.py", kept=f"{code}.guessed", seq_predict="month")
    assert "predict_reveal" not in keys(stranger)
    other.button(key="predict_end").click().run()
    assert f"There is no room {code}" in words(phone.run())
    assert not phone.exception
    assert not lecturer.exception


def lecturer_asks(lecturer):
    return next(text.value for text in lecturer.markdown if "Predict first" in text.value).partition("** ")[2]


def test_where_rooms_are_unwanted_there_is_no_control_and_a_link_says_so(here, monkeypatch):
    monkeypatch.setattr(module, "SETTINGS", Settings.from_environment({"PLAINSIGHT_ROOMS": "0"}))
    page = opened("app/pages/seq2seq.py", seq_predict="reverse")
    assert {"predict_option_0", "predict_show"} < keys(page)
    assert "predict_room" not in keys(page)
    phone = opened("app/pages/room.py", room="CCCCC")
    assert "Rooms are turned off on this server." in words(phone)
    assert not phone.button


def test_a_step_of_a_lesson_opens_its_question(here):
    step = Step("What survives?", inside("seq2seq?seq_predict=reverse"))
    own = pack(Lesson("Ours", (step,)))
    app = AppTest.from_file(APP, default_timeout=60)
    app.session_state[KNOWN] = Browser("0" * 32, "")
    address = {"seq_predict": "reverse", "lesson": own, "step": "1", "present": "1"}
    for key, value in address.items():
        app.query_params[key] = value
    app.run()
    app.switch_page("app/pages/seq2seq.py").run()
    assert app.title[0].value == "What survives\\?"
    app.button(key="predict_room").click().run()
    assert "predict_reveal" in keys(app)
