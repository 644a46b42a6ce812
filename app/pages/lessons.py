"""Lessons: play one of those that ship, or make one from any views."""

import streamlit as st

from app import frame
from app.catalogue import LESSONS
from app.lessons import own, playing
from app.lessons.lesson import LessonError, shipped
from app.lessons.own import OWN, WHICH
from app.lessons.showing import play, steps
from app.state import choice
from components.lesson_bar import following, go

try:
    asked = playing.place()
except LessonError:
    asked = None  # the frame says why
if asked:
    # the short address of a step, as phones scan it
    go(asked.address(asked.at, present=False))
    st.stop()

frame.page(LESSONS, export=False, present=False)
NAMES = {name: lesson.title for name, lesson in shipped().items()} | {OWN: "My own lesson"}
which = choice(
    "Lesson",
    list(NAMES),
    key=WHICH,
    name=NAMES.__getitem__,
    field=st.segmented_control,
    label_visibility="collapsed",
    required=True,
)
following()
with frame.guard():
    own.collected()
    if which == OWN:
        own.make()
    else:
        play(which, shipped()[which])
        steps(which, shipped()[which])
