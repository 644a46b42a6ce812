"""A running lesson: its place stands in the address of every page, and a slim bar leads on.

A step is turned within the session. The browser's side puts the new address into the history and lets
Streamlit follow it as it follows Back; what then must not stay is all that the visitor has set. ``turned``
forgets it:

- Streamlit itself would restore bound controls from the address, but on that way an absent parameter beats a
  value that the page assigns before its control (a question's state, say). A rerun has no such fault.
- On another page every control has another id, so that a rerun is enough.
- On the same page the browser holds the old values under the same ids and tells them again. It lets go of
  what is not drawn, so that one empty run comes between.
"""

import ipaddress
import socket
from dataclasses import asdict, dataclass
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from app import state
from app.lessons.lesson import PACKED, Lesson, LessonError, Step, address, find
from components.lesson_bar import Phone, emptied, lesson_bar, turning

LESSON, STEP = "lesson", "step"
PRESENT = "present"  # whether a room is looking
STANDS = "lesson:stands"  # lesson and step of the last run, and its page
KEPT = {LESSON, STEP, PRESENT, STANDS}  # what a step does not forget, beside what is the browser's
BROWSER = "browser:"
NOT_FOR_PHONES = (
    "This app listens to this computer alone. Started with --server.address=0.0.0.0, "
    "phones in the same network reach it."
)
ONLY_HERE = "It opens on this computer only."
NO_NETWORK = "This computer is in no network, so no phone can reach it."


@dataclass(frozen=True)
class Place:
    """A lesson, the name it has in the address, and the step, counted from 0."""

    name: str
    lesson: Lesson
    at: int

    @property
    def step(self) -> Step:
        """The present step."""
        return self.lesson.steps[self.at]

    def address(self, at: int, *, present: bool) -> str:
        """The relative address of a step; empty where there is none."""
        steps = range(len(self.lesson.steps))
        return address(self.name, at, self.lesson, present=present) if at in steps else ""


def carriers() -> None:
    """Keep the place in the address of every page."""
    state.carrier(LESSON)
    state.carrier(STEP)


def place() -> Place | None:
    """The place that the address names, or None without a lesson; raise LessonError on a false one."""
    name, step = (str(st.session_state.get(key) or "") for key in (LESSON, STEP))
    if not step or not name:
        return None
    lesson = find(name)
    if not (step.isascii() and step.isdigit() and len(step) < 4 and 1 <= int(step) <= len(lesson.steps)):
        raise LessonError(
            f"“{lesson.title}” has the steps 1 to {len(lesson.steps)}; the link asks for another."
        )
    return Place(name, lesson, int(step) - 1)


def hear(*, present: bool) -> None:
    """Hear the keys that turn the lesson, if there is one."""
    try:
        now = place()
    except LessonError:
        return  # the frame says why
    if now:
        links = [step.link for step in now.lesson.steps]
        turning(lesson=now.lesson.title, links=links, tail=urlencode({LESSON: now.name}), present=present)


def turned(page: str) -> bool:
    """Whether another step has been turned to on the same page: then nothing is drawn in this run.

    All that the visitor has set is forgotten, so that the step is what its link opens.
    """
    now = (st.session_state.get(LESSON), st.session_state.get(STEP))
    before, stood = st.session_state.get(STANDS, (now, page))
    st.session_state[STANDS] = now, page
    if before == now:
        if stood is None:
            st.rerun()
        return False
    for key in list(st.session_state):
        if key not in KEPT and not str(key).startswith(BROWSER):
            del st.session_state[key]
    if stood not in (page, None):
        st.rerun()
    st.session_state[STANDS] = now, None  # nothing stands any more
    emptied(urlencode([(key, value) for key in st.query_params for value in st.query_params.get_all(key)]))
    return True


def bar(place: Place, *, present: bool, says: bool = True) -> None:
    """Draw the way on, the notes and the code for phones; ``says`` whether what to say is seen."""
    lesson_bar(
        lesson=place.lesson.title,
        at=place.at,
        steps=[asdict(step) for step in place.lesson.steps],
        before=place.address(place.at - 1, present=present),
        after=place.address(place.at + 1, present=present),
        here=place.address(place.at, present=present),
        present=present,
        says=says,
        phone=for_phones(place),
    )


def for_phones(place: Place) -> Phone:
    """What a phone opens to see the present step: a short address where the lesson ships with the app."""
    packed = place.name.startswith(PACKED)
    tail = place.step.link if packed else f"lessons?lesson={place.name}&step={place.at + 1}"
    base, warning = reachable(app_base(st.context.url or ""), str(st.get_option("server.address") or ""))
    return Phone("" if warning else f"{base}{tail}", warning)


def for_others() -> tuple[str, str]:
    """What Share says where this address is the computer's own, and the host and port that others reach."""
    base = app_base(st.context.url or "")
    if not _loopback(urlsplit(base).hostname or ""):
        return "", ""
    there, warning = reachable(base, str(st.get_option("server.address") or ""))
    return ONLY_HERE, "" if warning else urlsplit(there).netloc


def app_base(url: str) -> str:
    """The address of the app with a slash at its end, from the address of one of its pages."""
    parts = urlsplit(url)
    path = parts.path.replace("/~/+/", "/")  # Streamlit Cloud shows an app inside a frame of this path
    return urlunsplit((parts.scheme, parts.netloc, path.rpartition("/")[0] + "/", "", ""))


def reachable(base: str, listens: str) -> tuple[str, str]:
    """The address of the app as another device reaches it, or why none does.

    ``listens`` is the address to which the server is bound; empty means every one.
    """
    parts = urlsplit(base)
    if not _loopback(parts.hostname or ""):
        return base, ""
    if _loopback(listens):
        return base, NOT_FOR_PHONES
    own = own_address()
    if not own:
        return base, NO_NETWORK
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit((parts.scheme, f"{own}{port}", parts.path, "", "")), ""


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def own_address() -> str:
    """The address of this computer in its network; empty without one. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Choosing a route sends no packet; 192.0.2.1 is never given to anybody (RFC 5737).
            probe.connect(("192.0.2.1", 9))
            found = str(probe.getsockname()[0])
        except OSError:
            return ""
    return "" if _loopback(found) else found
