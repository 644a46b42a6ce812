"""A lesson of one's own: from a file, from collected views, or step by step; it stands in the address."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from app import state
from app.catalogue import LESSONS
from app.lessons.lesson import (
    MAX_BYTES,
    MAX_STEPS,
    MAX_TITLE,
    MAX_WORDS,
    Lesson,
    LessonError,
    Step,
    address,
    find,
    inside,
    pack,
    read,
)
from app.lessons.showing import play, words
from app.settings import SETTINGS
from components.lesson_bar import collected_views

PREFIX = LESSONS.prefix
OWN = "own"
WHICH = f"{PREFIX}_which"  # the lesson in view
HELD = f"{PREFIX}_own"  # the packed lesson
TITLE = f"{PREFIX}_title"
NOTE = f"{PREFIX}_fault"
FILE = f"{PREFIX}_file"
FIELDS = {key: f"{PREFIX}_step_{key}" for key in ("title", "link", "say", "ask")}
PLACE = f"{PREFIX}_step_place"  # the step that the form changes, counted from 0; none adds one
UNTITLED = "My lesson"


def make() -> None:
    """Draw everything about a lesson of one's own."""
    with state.hidden(HELD):
        state.carrier(HELD, rerun=True)
    lesson = held()
    if lesson:
        st.session_state[TITLE] = lesson.title
        play(st.session_state[HELD], lesson)
    else:
        st.markdown(
            "Open any page, set it as you want to show it, press **Share** and then *Add to my lesson*. "
            "Or paste links below, or open a file."
        )
    fault = st.session_state.pop(NOTE, "")
    if fault:
        st.warning(state.plain(fault, limit=None))
    changed = st.session_state.get(PLACE)
    if lesson:
        for at in range(len(lesson.steps)):
            _row(lesson, at)
            if at == changed:
                _form(at)
    left, right = st.columns([3, 2])
    with left:
        if not lesson or changed is None or changed >= len(lesson.steps):
            _form(None)
    with right:
        rename_it = _checked(rename)
        st.text_input("Title of the lesson", UNTITLED, key=TITLE, max_chars=MAX_TITLE, on_change=rename_it)
        st.file_uploader(
            "Open a lesson’s file (YAML)",
            type=["yaml", "yml"],
            key=FILE,
            on_change=_checked(open_file),
            max_upload_size=SETTINGS.max_upload_mb,
        )


def collected() -> None:
    """Offer the views that this browser collected by Share; taken, they stand in the lesson of one's own."""

    def take(views: Any) -> None:
        st.session_state[WHICH] = OWN
        _checked(take_views)(views)

    collected_views(take)


def held() -> Lesson | None:
    """The lesson that the address holds, if there is one; a false one is told and put away."""
    packed = str(st.session_state.get(HELD) or "")
    if not packed:
        return None
    try:
        return find(packed)
    except LessonError as error:
        st.session_state[NOTE] = str(error)
        return None


def _checked(change: Callable[..., Lesson | None]) -> Callable[..., None]:
    """A callback that keeps what ``change`` gives back; a fault becomes a note and changes nothing."""

    def callback(*arguments: Any) -> None:
        try:
            lesson = change(*arguments)
            st.session_state[HELD] = pack(lesson) if lesson else ""
        except LessonError as error:
            st.session_state[NOTE] = str(error)

    return callback


def _with(steps: tuple[Step, ...]) -> Lesson | None:
    """The present lesson with other steps; none without a step."""
    if len(steps) > MAX_STEPS:
        raise LessonError(f"A lesson has at most {MAX_STEPS} steps.")
    return Lesson(" ".join(st.session_state.get(TITLE, "").split()) or UNTITLED, steps) if steps else None


def _steps() -> tuple[Step, ...]:
    lesson = held() if HELD in st.session_state else None
    return lesson.steps if lesson else ()


def rename() -> Lesson | None:
    """Another title."""
    return _with(_steps())


def open_file() -> Lesson | None:
    """The lesson of the file that was chosen; without one the lesson stays."""
    file = st.session_state[FILE]
    if file is None:
        return held()
    if file.size > MAX_BYTES:
        most = f"{MAX_BYTES // 1000} kB"
        raise LessonError(f"A lesson's file has at most {most}; this one has {file.size:,} bytes.")
    try:
        return read(file.getvalue().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise LessonError("A lesson's file is text in UTF-8; this one is not.") from error


def take_views(views: Any) -> Lesson | None:
    """Add what the browser collected: links and the titles of their pages."""
    steps = list(_steps())
    for view in (views if isinstance(views, list) else [])[:MAX_STEPS]:
        given = view if isinstance(view, dict) else {}
        link = inside(str(given.get("link", "")), "A collected view", _host())
        steps.append(Step(" ".join(str(given.get("title", "")).split())[:MAX_TITLE] or "Untitled", link))
    return _with(tuple(steps))


def _host() -> str:
    return urlsplit(st.context.url or "").netloc


def move(at: int, by: int) -> Lesson | None:
    """One step up or down."""
    steps = list(_steps())
    steps.insert(at + by, steps.pop(at))
    return _with(tuple(steps))


def remove(at: int) -> Lesson | None:
    """One step less."""
    steps = _steps()
    return _with(steps[:at] + steps[at + 1 :])


def change(at: int, step: Step) -> None:
    """Fill the form with a step."""
    st.session_state[PLACE] = at
    for key, field in FIELDS.items():
        st.session_state[field] = getattr(step, key)


def submit() -> Lesson | None:
    """Add what the form holds, or put it in the place of the step that it changes; then empty the form."""
    given = {key: " ".join(str(st.session_state[field]).split()) for key, field in FIELDS.items()}
    if not given["link"]:
        raise LessonError("The step needs a link: copy one by Share on any page.")
    step = Step(**given | {"link": inside(given["link"], host=_host())})
    step = replace(step, title=step.title or step.page.title)
    steps = _steps()
    at = st.session_state.get(PLACE)
    at = len(steps) if at is None else min(at, len(steps))
    lesson = _with((*steps[:at], step, *steps[at + 1 :]))
    if lesson:
        pack(lesson)  # too long a lesson is refused before the form is emptied
    _empty()
    return lesson


def _empty() -> None:
    st.session_state[PLACE] = None
    for field in FIELDS.values():
        st.session_state[field] = ""


def _row(lesson: Lesson, at: int) -> None:
    step, last = lesson.steps[at], len(lesson.steps) - 1
    with st.container(horizontal=True, vertical_alignment="center", key=f"{PREFIX}_row_{at}"):
        words(step, address(st.session_state[HELD], at, lesson, present=False), at)
        for label, off, callback in (
            ("Up", at == 0, lambda at=at: _checked(move)(at, -1)),
            ("Down", at == last, lambda at=at: _checked(move)(at, 1)),
            ("Change", False, lambda at=at, step=step: change(at, step)),
            ("Remove", False, lambda at=at: _checked(remove)(at)),
        ):
            st.button(
                f"{label} {at + 1}",
                help=f"{label}: {state.plain(step.title, limit=None)}",
                key=f"{PREFIX}_{label}_{at}",
                type="tertiary",
                disabled=off,
                on_click=callback,
            )


def _form(at: int | None) -> None:
    """The fields of the step that is changed, or of a new one."""
    name, done = (
        ("Add a step", "Add the step") if at is None else (f"Change step {at + 1}", "Change the step")
    )
    with st.form(f"{PREFIX}_form", border=True):
        st.markdown(f"**{name}**")
        st.text_input(
            "Link",
            key=FIELDS["link"],
            max_chars=SETTINGS.max_link_text,
            placeholder="as Share copies it, such as seq2seq?seq_view=beam",
        )
        st.text_input("Title, as the class sees it", key=FIELDS["title"], max_chars=MAX_TITLE)
        st.text_input("To say", key=FIELDS["say"], max_chars=MAX_WORDS)
        st.text_input("To ask", key=FIELDS["ask"], max_chars=MAX_WORDS)
        with st.container(horizontal=True):
            st.form_submit_button(done, on_click=_checked(submit))
            if at is not None:
                st.form_submit_button("Leave it as it is", type="tertiary", on_click=_empty)
