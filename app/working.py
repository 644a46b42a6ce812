"""Work that a visitor waits for: what goes on, how far it is, their place in the line, a way to stop."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.cached import MEASUREMENTS, shelf
from app.queue import heavy_work

PATIENCE = 0.7  # seconds of work before a bar and a button appear; shorter work only spins
STOPPED = "working_stopped"

Found = TypeVar("Found")


class Work:
    """Draws the state of one piece of work into its place on the page.

    Each call gives Streamlit a chance to end this run, because the visitor pressed Stop or changed a
    control; its exception then ends the work too.
    """

    def __init__(self, slot: DeltaGenerator, what: str, key: str, unit: str) -> None:
        self._slot, self._what, self._key, self._unit = slot, what, key, unit
        self._started = time.monotonic()
        self._bar: DeltaGenerator | None = None
        self._line: DeltaGenerator | None = None

    def progress(self, done: int, total: int, unit: str = "") -> None:
        """Show ``done`` of ``total`` steps, once the visitor has waited a moment; ``unit`` if it differs."""
        if self._bar is None:
            if time.monotonic() - self._started < PATIENCE:
                return
            with self._slot.container(horizontal=True, vertical_alignment="center"):
                self._bar = st.empty()
                self._stop_button("Stop")
        self._bar.progress(done / total, text=f"{unit or self._unit} {done} of {total}")

    def _stop_button(self, label: str) -> None:
        # another label is another button, so that one may follow the other in a run
        st.button(label, key=f"{STOPPED}_{label}_{self._key}", on_click=_stop, args=(self._key,))

    def wait(self, place: int) -> None:
        """Tell a waiting visitor their place in the line."""
        if self._line is None:
            with self._slot.container(horizontal=True, vertical_alignment="center"):
                self._line = st.empty()
                self._stop_button("Leave the line")
        self._line.caption(f"{self._what} as soon as the machine is free. {_told(place)}", width="content")


@contextmanager
def shown(what: str, *, key: str, unit: str = "Layer") -> Iterator[Work]:
    """Show ``what`` is going on while the body runs; ``key`` names the work, so that Stop stops only it.

    ``unit`` is what progress counts.
    """
    if st.session_state.get(STOPPED) == key:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"Stopped: {what}.", width="content")
            st.button("Go on", key=f"{STOPPED}_again", on_click=_stop, args=("",))
        st.stop()
    slot = st.empty()
    try:
        with st.spinner(f"{what}…", show_time=True):
            yield Work(slot, what, key, unit)
    except Exception:  # not Streamlit's own stop, which ends all drawing
        slot.empty()
        raise
    slot.empty()


@contextmanager
def slice_of_work() -> Iterator[None]:
    """A moment's work of a longer one that the visitor watches; who waits for it is told their place."""
    lines: list[DeltaGenerator] = []

    def wait(place: int) -> None:
        lines[:] = lines or [st.empty()]
        lines[0].caption(_told(place), width="content")

    with heavy_work(wait):
        for line in lines:
            line.empty()
        yield


def _told(place: int) -> str:
    return "You are next." if place == 1 else f"You are number {place} in the line."


def measured(
    what: str, measure: Callable[[Callable[[int, int], object]], Found], *, key: str, unit: str, help: str
) -> Found | None:
    """What ``measure`` finds on this machine, or None and a button that asks for it.

    ``measure`` takes what it tells its progress. All visitors share what it found, by ``key``.
    """
    kept, asked, found = shelf("measured", MEASUREMENTS), f"{key}:asked", None
    if kept.get(key) is not None or st.session_state.get(asked):
        with shown(what, key=key, unit=unit) as work:
            found = cast(Found, kept.once(key, lambda: measure(work.progress), work.wait))

    def ask() -> None:
        kept.drop(key)
        st.session_state[asked] = True

    st.button(
        "Measure again" if found else "Measure on this machine",
        on_click=ask,
        icon=":material/timer:",
        help=help,
    )
    return found


def _stop(key: Any) -> None:
    st.session_state[STOPPED] = key
