"""Lessons: what a file may hold, the place in the address, the page where a lesson is made."""

from itertools import pairwise
from urllib.parse import parse_qsl

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from app.catalogue import PAGES, ROOT
from app.lessons import lesson as lessons
from app.lessons import playing
from app.lessons.lesson import Lesson, LessonError, Step, address, find, inside, pack, read, shipped, write
from app.lessons.showing import file_stem
from app.settings import Settings
from components.lesson_bar import LONGEST_CODE, code

APP = str(ROOT / "streamlit_app.py")
ONE = "title: T\nsteps:\n  - title: A\n    link: seq2seq?seq_view=beam\n"
TEXT = st.text(max_size=60).map(lambda text: " ".join(text.encode("utf-8", "ignore").decode().split()))
NAMED = TEXT.filter(bool)
STEPS = st.builds(Step, NAMED, st.sampled_from(["seq2seq", "distributions?dist_n=10"]), TEXT, TEXT)


@settings(max_examples=40, deadline=None)
@given(st.builds(Lesson, NAMED, st.lists(STEPS, min_size=1, max_size=4).map(tuple)))
def test_a_lesson_comes_back_from_its_file_and_from_its_link(lesson):
    assert read(write(lesson)) == lesson
    assert find(pack(lesson)) == lesson


def test_values_of_a_file_are_text_whatever_yaml_makes_of_them():
    lesson = read("title: 2017\nsteps:\n- title: no\n  link: seq2seq\n  ask: !!python/name:os.system x\n")
    assert (lesson.title, lesson.steps[0].title, lesson.steps[0].ask) == ("2017", "no", "x")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "must be written as"),
        ("- a", "must be written as"),
        ("title: [\n", "no YAML in line 1:"),
        ("[" * 20_000, "at most 400 opening brackets"),
        ("- " * 15_000, "no YAML"),
        ("\x00", "no YAML"),
        ("title: T", "at least one step"),
        ("title: T\nsteps: []", "at least one step"),
        ("title: T\nsteps: x", "at least one step"),
        ("title: T\nsteps: [x]", "Step 1 must be written as"),
        ("author: me\n" + ONE, "the key “author”; known are title, steps"),
        (ONE + "    note: x\n", "Step 1 has the key “note”; known are title, link, say, ask"),
        (ONE.replace("title: T", "title: ' '"), "The lesson has no title"),
        (ONE.replace("    link: seq2seq?seq_view=beam\n", ""), "Step 1 has no link"),
        (ONE.replace("title: A", "title: [A]"), "Step 1: “title” must be text"),
        (ONE + f"    say: {'x' * 601}\n", "“say” has 601 characters; 600 are the most"),
        ("title: T\nsteps:\n" + "  - {title: A, link: seq2seq}\n" * 41, "at most 40 steps; this one has 41"),
        ("#" * 32_001, "at most 32 kB"),
    ],
)
def test_a_file_that_is_no_lesson_is_told_in_one_sentence(text, says):
    with pytest.raises(LessonError) as told:
        read(text)
    assert says in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("https://example.org/seq2seq", "leads out of this app"),
        ("//example.org/seq2seq", "leads out of this app"),
        ("javascript:alert(1)", "leads out of this app"),
        ("http://[", "is no link"),
        ("nowhere", "names no page"),
        ("../seq2seq", "names no page"),
        ("lessons?step=1", "names no page"),
        ("seq2seq?attn_text=x", "“attn_text” is no setting of the page Seq2seq"),
        ("seq2seq?embed=true", "“embed” is no setting"),
        ("seq2seq?" + "&".join(["seq_a=1"] * 201), "is no link"),
    ],
)
def test_a_link_out_of_the_app_is_refused(link, says):
    with pytest.raises(LessonError, match=says):
        inside(link)


def test_a_link_as_share_copies_it_loses_its_host_and_what_the_app_adds():
    copied = "http://localhost:8501/base/seq2seq?seq_reverse=a%26b+c&present=1&lesson=x&step=2&tab=Sources"
    assert inside(copied, host="localhost:8501") == "seq2seq?seq_reverse=a%26b%20c"
    assert inside("/seq2seq/") == "seq2seq"


CUT = pack(read(ONE))[:-9]


@pytest.mark.parametrize("name", ["", "nothing", "~", "~####", "~eJw", CUT, "~" + "A" * 5_000])
def test_a_false_link_of_a_lesson_is_told(name):
    with pytest.raises(LessonError):
        find(name)


def test_a_lesson_too_long_for_a_link_is_told(monkeypatch):
    monkeypatch.setattr(lessons, "SETTINGS", Settings(max_link_text=40))
    with pytest.raises(LessonError, match="too long for a link"):
        pack(read(ONE))


def test_the_lessons_that_ship_are_whole():
    assert [lesson.title for lesson in shipped().values()] == [
        "The path to Transformers",
        "One loss, two answers",
        "Charts that lie",
    ]
    for lesson in shipped().values():
        assert all(step.say and step.ask.endswith("?") and len(step.title) <= 40 for step in lesson.steps)
        assert all(before.link != after.link for before, after in pairwise(lesson.steps))
    path = [step.page.prefix for step in shipped()["path-to-transformers"].steps]
    order = [page.prefix for page in PAGES]
    assert path == sorted(path, key=order.index)


def test_the_address_of_a_step_says_where_it_stands():
    link = address("x", 0, read(ONE), present=True)
    page, _, query = link.partition("?")
    assert page == "seq2seq"
    assert dict(parse_qsl(query)) == {"seq_view": "beam", "lesson": "x", "step": "1", "present": "1"}


@pytest.mark.parametrize(
    ("base", "listens", "own", "address", "warns"),
    [
        ("https://x.streamlit.app/", "", "", "https://x.streamlit.app/", ""),
        ("http://192.168.1.5:8501/", "", "", "http://192.168.1.5:8501/", ""),
        ("http://localhost:8501/a/", "", "10.0.0.7", "http://10.0.0.7:8501/a/", ""),
        ("http://127.0.0.1:8501/", "0.0.0.0", "10.0.0.7", "http://10.0.0.7:8501/", ""),
        ("http://localhost:8501/", "127.0.0.1", "10.0.0.7", "http://localhost:8501/", playing.NOT_FOR_PHONES),
        ("http://[::1]:8501/", "", "", "http://[::1]:8501/", playing.NO_NETWORK),
    ],
)
def test_phones_get_an_address_that_they_reach(monkeypatch, base, listens, own, address, warns):
    monkeypatch.setattr(playing, "own_address", lambda: own)
    assert playing.reachable(base, listens) == (address, warns)


def test_the_base_of_the_app_is_found_from_any_page():
    assert playing.app_base("http://h:1/seq2seq") == playing.app_base("http://h:1/") == "http://h:1/"
    assert playing.app_base("https://x.streamlit.app/~/+/seq2seq") == "https://x.streamlit.app/"


def test_a_code_that_no_phone_could_read_is_not_drawn():
    link = "http://10.0.0.7:8501/lessons?lesson=path-to-transformers&step=8"
    assert code(link).startswith("data:image/svg+xml")
    assert segno.make(link, error="m").version <= 6  # 41 modules a side: readable from the last row
    assert code("") == code("x" * (LONGEST_CODE + 1)) == ""


def test_the_name_of_a_saved_file_fits_every_system():
    assert file_stem("Charts: 5 % / lies?") == "charts-5-lies"
    assert file_stem("🙂") == "lesson"


def opened(**parameters):
    app = AppTest.from_file(APP, default_timeout=30)
    app.switch_page(str(ROOT / "app/pages/lessons.py"))
    for key, value in parameters.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def fill(app, **given):
    for key, value in given.items():
        app.text_input(key=f"lessons_step_{key}").input(value)
    (submit,) = [button for button in app.button if "the step" in button.label]
    return submit.click().run()


def titles(app):
    return [step.title for step in find(app.session_state["lessons_own"]).steps]


def test_a_lesson_is_made_step_by_step():
    app = opened(lessons_which="own")
    fill(app, link="https://example.org/", title="Away")
    assert "leads out of this app" in app.warning[0].value.replace("\\", "")
    assert app.text_input(key="lessons_step_title").value == "Away"  # nothing typed is lost
    fill(app, link="seq2seq", title="<b>One</b>", say="Say", ask="Ask?")
    fill(app, link="/distributions?dist_view=wrong", title="")
    assert titles(app) == ["<b>One</b>", "Distributions"]
    assert "&lt;b&gt;One" in "".join(html.proto.body for html in app.get("html"))
    app.button(key="lessons_Up_1").click().run()
    assert titles(app) == ["Distributions", "<b>One</b>"]
    app.button(key="lessons_Change_1").click().run()
    assert app.text_input(key="lessons_step_say").value == "Say"
    fill(app, title="Two")
    app.button(key="lessons_Change_0").click().run()
    assert app.text_input(key="lessons_step_link").value == "distributions?dist_view=wrong"
    (leave,) = [button for button in app.button if button.label == "Leave it as it is"]
    leave.click().run()
    assert app.text_input(key="lessons_step_link").value == ""
    assert titles(app) == ["Distributions", "Two"]
    app.text_input(key="lessons_title").input("Ours").run()
    app.button(key="lessons_Remove_0").click().run()
    assert find(app.session_state["lessons_own"]) == Lesson("Ours", (Step("Two", "seq2seq", "Say", "Ask?"),))
    app.button(key="lessons_Remove_0").click().run()
    assert app.session_state["lessons_own"] == ""
    assert not app.exception


def test_a_file_is_opened_and_a_false_one_told():
    app = opened(lessons_which="own")
    for content, says in ((b"\xff\xfe", "not"), (b"title: T", "at least one step"), (b"x" * 32_001, "32 kB")):
        app.file_uploader[0].set_value(("a.yaml", content, "application/yaml")).run()
        assert says in app.warning[0].value
    app.file_uploader[0].set_value(("a.yaml", ONE.encode(), "application/yaml")).run()
    assert titles(app) == ["A"]
    assert not app.warning


def test_an_address_that_holds_a_lesson_opens_it_and_a_damaged_one_is_told():
    assert titles(opened(lessons_which="own", lessons_own=pack(read(ONE)))) == ["A"]
    assert "damaged" in opened(lessons_which="own", lessons_own="~zzz").warning[0].value


@pytest.mark.parametrize(("lesson", "step"), [("nothing", "1"), ("one-loss-two-answers", "99"), ("~x", "1")])
def test_a_false_place_leaves_the_page_alive(lesson, step):
    app = opened(lesson=lesson, step=step)
    assert app.title[0].value == "Lessons"
    assert any("lesson" in note.value or "steps" in note.value for note in app.caption[:1])
