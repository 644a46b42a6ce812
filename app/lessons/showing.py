"""A lesson on the page Lessons: the way in, its file, its steps."""

from html import escape

import streamlit as st

from app.lessons.lesson import Lesson, Step, address, write

HELP = (
    "The arrow keys or a clicker turn the steps. A shows the class the question of the step, N opens what to "
    "say and to ask in a window of its own, Q shows the step’s QR code, Esc leaves. F11 fills the screen."
)


def play(name: str, lesson: Lesson) -> None:
    """The button that starts the lesson in this tab, and the one that saves its file."""
    with st.container(horizontal=True, vertical_alignment="center"):
        link = escape(address(name, 0, lesson, present=True))
        st.html(f'<a class="play" href="{link}">Play, {len(lesson.steps)} steps</a>', width="content")
        st.download_button(
            "Save as a file",
            lambda: write(lesson),
            f"{file_stem(lesson.title)}.yaml",
            "application/yaml",
            icon=":material/download:",
            on_click="ignore",
        )
    st.caption(HELP)


def file_stem(title: str) -> str:
    """A title as the name of a file on every system."""
    kept = "".join(letter if letter.isalnum() else "-" for letter in title.lower())
    return "-".join(filter(None, kept.split("-")))[:60] or "lesson"


def steps(name: str, lesson: Lesson) -> None:
    """All steps, each a link that opens it."""
    for at in range(len(lesson.steps)):
        words(lesson.steps[at], address(name, at, lesson, present=False), at)


def words(step: Step, link: str, at: int) -> None:
    """One step: number, title, page, what to say and to ask."""
    say = f"<div>{escape(step.say)}</div>" if step.say else ""
    ask = f"<div><i>{escape(step.ask)}</i></div>" if step.ask else ""
    page = f"<small>{escape(step.page.title)}</small>" if step.page.title != step.title else ""
    st.html(
        f'<div class="lesson-step"><b>{at + 1}</b><div><a href="{escape(link)}">{escape(step.title)}</a> '
        f"{page}{say}{ask}</div></div>"
    )
