"""Predict, then reveal: a question whose answer the page's picture then shows, alone or with a room.

A page lists its questions; each is tied to a state of the page. While one is open and not answered, the
picture waits. The address keeps which is open (``attn_predict``) and what was said (``attn_said``), so that a
link or a step of a lesson opens a question.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import frame, state
from app.catalogue import Page
from app.frame import Preset
from app.lessons import playing
from app.rooms import Key, Room, RoomError, Rooms, rooms
from components.browser import KNOWN, browser, keep_room
from components.lesson_bar import code as qr_code
from components.poll import letter, poll

UNSAID = "-"  # revealed without an answer
POLL_SECONDS = 2.0
REVEALING = "predict:revealing"


@dataclass(frozen=True)
class Question:
    """A question with two to six answers, of which the page's own numbers tell the right one.

    ``preset`` names the page's preset whose picture answers it, ``changes`` what is set besides, without the
    page's prefix. ``answer`` computes the right option, as it stands in ``options``, and why: one or two
    sentences with the numbers. Where ``covered`` is False the picture is part of the question.
    """

    id: str
    name: str
    ask: str
    options: tuple[str, ...]
    answer: Callable[[], tuple[str, str]]
    preset: str = ""
    changes: Mapping[str, str] = field(default_factory=dict)
    covered: bool = True


@dataclass(frozen=True)
class InView:
    """A question that a view of the page asks by itself; ``changes`` lead there."""

    name: str
    changes: Mapping[str, str]


@dataclass(frozen=True)
class Asked:
    """An open question, the complete state that answers it, what was said, and where the address keeps that.

    ``close`` empties the parameter that keeps the question open; a view that always asks has none.
    """

    question: Question
    state: Mapping[str, Any]
    said: str
    key: str
    close: str = ""

    @property
    def name(self) -> str:
        """What the keys of its controls start with: a view's question may stand beside the page's."""
        return "predict" if self.close else "predict_view"

    @property
    def revealed(self) -> bool:
        """Whether the answer may be told."""
        return bool(self.said)

    @property
    def waiting(self) -> bool:
        """Whether the picture waits for the answer."""
        return self.question.covered and not self.revealed


Questions = Sequence[Question | InView]


def asked(entry: Page, questions: Questions, presets: Sequence[Preset]) -> Asked | None:
    """The question that the address asks for; draw nothing. Call it before the page's controls."""
    ask, said = f"{entry.prefix}_predict", f"{entry.prefix}_said"
    with state.hidden(f"{ask}s"):
        wanted, told = state.carrier(ask, rerun=True), state.carrier(said, rerun=True)
    question = next((each for each in questions if isinstance(each, Question) and each.id == wanted), None)
    if question is None:
        return None
    given = _state(entry, question, presets)
    if st.session_state.get(f"{ask}:set") != question.id:
        # opened by a link, which need not name the state
        st.session_state[f"{ask}:set"] = question.id
        for key, value in given.items():
            if key not in st.query_params and key not in st.session_state:
                st.session_state[key] = value
    return Asked(question, given, known(told, question), said, ask)


def known(said: str, question: Question) -> str:
    """What the address says was answered, where there is such an answer."""
    fits = said == UNSAID or (said.isascii() and said.isdigit() and int(said[:4]) < len(question.options))
    return said if fits else ""


def _state(entry: Page, question: Question | InView, presets: Sequence[Preset]) -> dict[str, Any]:
    preset = question.preset if isinstance(question, Question) else ""
    of_preset = next((each.state for each in presets if each.name == preset), {})
    return {**of_preset, **{f"{entry.prefix}_{key}": value for key, value in question.changes.items()}}


def beside_presets(
    entry: Page,
    presets: Sequence[Preset],
    questions: Questions,
    now: Asked | None,
    head: DeltaGenerator | None = None,
) -> Callable[[], None]:
    """Draw the row *Try this* with the way to the questions, and the open one under it.

    ``head`` is the place of the page's title, where a room reads the answer.

    While the picture waits the row does too: the names of presets tell answers.

    What comes back tells the answer and why; call it when the picture is drawn and what it needs is there.
    """
    if now is None or not now.waiting:
        frame.presets(presets, lambda: menu(entry, questions, presets))
    wanted = st.session_state[f"{entry.prefix}_predict"]
    if wanted and now is None:
        st.caption(f"The link asks for the question {state.plain(wanted)}, which is not here.")
    return panel(now, head) if now else lambda: None


def menu(entry: Page, questions: Questions, presets: Sequence[Preset]) -> None:
    """The way to the page's questions, beside its presets."""
    if not questions:
        return
    named = {each.name: each for each in questions}
    key = f"{entry.prefix}_predict_menu"

    def chosen() -> None:
        _open(entry, named[st.session_state[key]], presets)

    st.menu_button(
        "Predict",
        list(named),
        key=key,
        icon=":material/help:",
        help="A question; the picture then shows the answer",
        on_click=chosen,
    )


def _open(entry: Page, question: Question | InView, presets: Sequence[Preset]) -> None:
    ask = f"{entry.prefix}_predict"
    st.session_state[ask] = st.session_state[f"{ask}:set"] = (
        question.id if isinstance(question, Question) else ""
    )
    st.session_state[f"{entry.prefix}_said"] = ""
    for key, value in _state(entry, question, presets).items():
        st.session_state[key] = value


def panel(now: Asked, head: DeltaGenerator | None = None) -> Callable[[], None]:
    """Draw the open question, to answer alone or as the room answers it; what comes back tells the answer.

    A room has read the question by then: it reads the answer in the ``head`` in place of the page's title, so
    that the picture keeps its size.
    """
    st.html(Path(__file__).with_name("predict.css"))
    with frame.guard():
        held, here = _held(f"{now.name}_browser"), rooms()
        if here and held:
            key, room = held
            if _of(now, room) and (room.truth is not None or _revealing(now)):
                return _revealed(now, here, key, room, head)
            if _of(now, room) and not now.revealed:
                _in_room(now, here, key)
                return lambda: None
        if now.revealed:
            told = _told(now, lambda: _alone_again(now, held), head).empty()
            told.markdown(f"**{now.question.name}**")
            return lambda: _put(told, lambda: verdict(now))
        with st.container(key=now.name, gap="small"):
            _alone(now)
            with st.container(horizontal=True, gap="small"):
                _room_button(now, held)
                st.button(
                    "Show me", key=f"{now.name}_show", type="tertiary", on_click=_say, args=(now, UNSAID)
                )
                _close_button(now)
    return lambda: None


def _alone_again(now: Asked, held: tuple[Key, Room] | None) -> None:
    _room_button(now, held)
    st.button("Answer again", key=f"{now.name}_again", type="tertiary", on_click=_say, args=(now, ""))
    _close_button(now)


def _told(now: Asked, buttons: Callable[[], None], head: DeltaGenerator | None) -> DeltaGenerator:
    """The place of the answer: under the question with its buttons, or in the head, they by the controls."""
    seen = frame.presenting() and not now.waiting
    if seen and head:

        def aside() -> None:
            buttons()
            _back(now)

        frame.aside(aside)
        return head.container(key=f"{now.name}_told", gap=None)
    with st.container(key=now.name, gap="xsmall"):
        with st.container(horizontal=True, gap="small", wrap=False, key=f"{now.name}_head"):
            if seen:
                told = st.container(gap=None)
            else:
                st.markdown(now.question.ask, width="stretch")
            with st.container(horizontal=True, gap="small", width="content", horizontal_alignment="right"):
                buttons()
        if not seen:
            told = st.container(gap="xsmall")
        _back(now)
    return told


def _put(place: DeltaGenerator, words: Callable[[], str]) -> None:
    with place.container(), frame.guard():
        st.markdown(words())


def _close_button(now: Asked) -> None:
    if now.close:
        st.button(
            "Close",
            key=f"{now.name}_close",
            type="tertiary",
            icon=":material/close:",
            on_click=_close,
            args=(now,),
        )


def _alone(now: Asked) -> None:
    st.markdown(f"**Predict first.** {now.question.ask}")
    with st.container(horizontal=True, gap="small", key=f"{now.name}_options"):
        for place, option in enumerate(now.question.options):
            st.button(
                f"**{letter(place)}** {state.plain(option, limit=None)}",
                key=f"{now.name}_option_{place}",
                on_click=_say,
                args=(now, str(place)),
            )
    if now.waiting:
        st.caption("The picture comes with the answer.")


def verdict(now: Asked) -> str:
    """Whether what was said is right, and why."""
    right, why = _answer(now)
    if now.said == UNSAID:
        return f"**It is: {state.plain(right, limit=None)}.** {why}"
    mine = now.question.options[int(now.said)]
    if mine == right:
        return f"**Right: {state.plain(right, limit=None)}.** {why}"
    return f"You said {state.plain(mine, limit=None)}. **It is: {state.plain(right, limit=None)}.** {why}"


def _answer(now: Asked) -> tuple[str, str]:
    """The right option and why; no line breaks between a number and its sign."""
    right, why = now.question.answer()
    return right, why.replace(" %", "\u00a0%")


def _back(now: Asked) -> None:
    """Where the visitor has gone on to another state, the way back to the one in question."""
    present = all(
        st.session_state.get(key, st.query_params.get(key, value)) == value
        for key, value in now.state.items()
    )
    if not present:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption("The page has gone on to another state.", width="content")
            st.button(
                "Back to this one", key=f"{now.name}_back", type="tertiary", on_click=_restore, args=(now,)
            )


def _restore(now: Asked) -> None:
    for key, value in now.state.items():
        st.session_state[key] = value


def _say(now: Asked, said: str) -> None:
    st.session_state[now.key] = said
    if not said:
        _restore(now)


def _close(now: Asked) -> None:
    st.session_state[now.close] = ""
    st.session_state[now.key] = ""


# With a room


def _held(place: str) -> tuple[Key, Room] | None:
    """The room that this browser opened, where it is still there."""
    here = rooms()
    if here is None:
        return None
    with state.hidden(place):
        known = browser(place)
    if known is None or not known.room:
        return None
    code, _, secret = known.room.partition(".")
    key = Key(code, secret)
    if here.owns(key):
        return key, here.look(code)
    keep_room("")
    return None


def _of(now: Asked, room: Room) -> bool:
    return (room.ask, room.options) == (now.question.ask, now.question.options)


def _room_button(now: Asked, held: tuple[Key, Room] | None) -> None:
    if rooms() is None:
        return
    label = f"Ask room {held[0].code}" if held else "Ask the room"
    st.button(
        label,
        key=f"{now.name}_room",
        icon=":material/groups:",
        disabled=KNOWN not in st.session_state,  # until the browser has told whether it has a room
        help="Students answer on their phones, without names; all answers are deleted within a day",
        on_click=_ask_room,
        args=(now, held[0] if held else None),
    )


def _ask_room(now: Asked, key: Key | None) -> None:
    here = rooms()
    if here is None:
        return
    ask, options = now.question.ask, now.question.options
    with frame.guard():
        if key:
            here.ask(key, ask, options)
        else:
            opened = here.open(ask, options)
            keep_room(f"{opened.code}.{opened.secret}")
        _say(now, "")


def _in_room(now: Asked, here: Rooms, key: Key) -> None:
    """The question with the answers as they come, and the way in."""
    with st.container(key=now.name, gap="small"):
        ask, join = st.columns([3, 1.4], gap="medium")
        with ask:
            st.markdown(f"**Predict first.** {now.question.ask}")
            _live(here, key)
        with join:
            _way_in(key)
        with st.container(horizontal=True, gap="small"):
            st.button("Reveal", key=f"{now.name}_reveal", type="primary", on_click=_reveal, args=(now,))
            _end_button(now, key)
            _close_button(now)


def _revealed(
    now: Asked, here: Rooms, key: Key, room: Room, head: DeltaGenerator | None
) -> Callable[[], None]:
    """What the room said and the answer, flat, so that the picture is seen; what comes back tells it."""

    def buttons() -> None:
        if now.waiting:  # revealed in another tab
            st.button("Show the picture", key=f"{now.name}_show", on_click=_say, args=(now, UNSAID))
        st.button(
            "Ask again", key=f"{now.name}_ask_again", type="tertiary", on_click=_ask_room, args=(now, key)
        )
        _end_button(now, key)
        _close_button(now)

    with _told(now, buttons, head):
        poll(room.options, room.counts, truth=room.truth, flat=True)
        if room.truth is None:
            st.markdown(f"**{now.question.name}**")
            return lambda: _tell_room(now, here, key)
        st.markdown(f"**It is: {state.plain(room.options[room.truth], limit=None)}.** {room.why}")
    return lambda: None


def _end_button(now: Asked, key: Key) -> None:
    st.button(f"End room {key.code}", key=f"{now.name}_end", type="tertiary", on_click=_end, args=(key,))


def _tell_room(now: Asked, here: Rooms, key: Key) -> None:
    """Send the answer to the phones."""
    with frame.guard():
        right, why = _answer(now)
        here.reveal(key, now.question.options.index(right), why)
        del st.session_state[REVEALING]
        st.rerun()


@st.fragment(run_every=POLL_SECONDS)
def _live(here: Rooms, key: Key) -> None:
    """The answers as they come."""
    try:
        room = here.look(key.code)
    except RoomError as error:
        st.caption(str(error))
        return
    poll(room.options, room.counts)
    st.markdown(f"**{room.answers} {'answer' if room.answers == 1 else 'answers'}**")


def _way_in(key: Key) -> None:
    """The code and the address, as a picture for phones and to type."""
    address, warning = join_address(key.code)
    drawn = qr_code(address)
    if drawn:
        st.html(f'<img class="join" src="{drawn}" alt="QR code of {address}">')
    if warning:
        st.caption(warning)
    short = address.partition("?")[0].partition("//")[2]
    st.html(f'<p class="join">{short}<b>{key.code}</b></p>')


def join_address(code: str) -> tuple[str, str]:
    """Where phones join a room, and why they cannot where they cannot."""
    base, warning = playing.reachable(
        playing.app_base(st.context.url or ""), str(st.get_option("server.address") or "")
    )
    return f"{base}room?room={code}", warning


def _reveal(now: Asked) -> None:
    _say(now, UNSAID)
    st.session_state[REVEALING] = now.question.id


def _revealing(now: Asked) -> bool:
    """Whether the room is to be told once the picture is there."""
    return now.revealed and bool(st.session_state.get(REVEALING) == now.question.id)


def _end(key: Key) -> None:
    here = rooms()
    if here:
        with frame.guard():
            here.close(key)
    keep_room("")
