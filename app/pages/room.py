"""Room: a phone answers the question that the class is asked. No model is loaded here."""

import streamlit as st

from app import frame, state
from app.catalogue import ROOM as PAGE
from app.catalogue import ROOT as FOLDER
from app.rooms import CODE_LENGTH, NoRoomError, Room, RoomError, Rooms, rooms, tidy
from components.browser import browser
from components.poll import letter, poll

ROOM = "room"  # the code, in the address
LOOK_SECONDS = 5.0  # a hundred phones that look every three keep one processor busy


def join(note: str = "") -> None:
    """The field for a code."""
    if note:
        st.warning(note)
    with st.form(f"{ROOM}_form", border=False):  # so that a keyboard's Enter or Go joins as well
        st.text_input(
            "Code of the room",
            key=f"{ROOM}_code",
            max_chars=4 * CODE_LENGTH,
            placeholder="as it stands on the screen",
        )
        st.form_submit_button("Join", key=f"{ROOM}_join", type="primary", on_click=_joined, width="stretch")


def _joined() -> None:
    st.session_state[ROOM] = tidy(st.session_state[f"{ROOM}_code"])


def _left() -> None:
    st.session_state[ROOM] = ""


@st.fragment(run_every=LOOK_SECONDS)
def answer_sheet(here: Rooms, code: str, number: str) -> None:
    """The question as it is now; it looks for itself whether the answer is out or another question asked."""
    try:
        room = here.look(code)
        mine = here.mine(code, number)
    except NoRoomError:
        st.info(f"Room {code} is closed. Nothing that was answered is kept.")
        return
    except RoomError as error:
        st.warning(str(error))
        return
    st.markdown(f"#### {room.ask}")
    if room.truth is None:
        choose(here, room, mine, number)
    else:
        told(room, room.truth, mine)


def choose(here: Rooms, room: Room, mine: int | None, number: str) -> None:
    """One wide button an option; the chosen one is marked."""
    for place, option in enumerate(room.options):
        sign = " ✓" if place == mine else ""
        st.button(
            f"**{letter(place)}** {state.plain(option, limit=None)}{sign}",
            key=f"{ROOM}_{room.turn}_{place}",
            type="primary" if place == mine else "secondary",
            width="stretch",
            on_click=_answer,
            args=(here, room, number, place),
        )
    if mine is None:
        st.caption("Choose one. Nobody sees who chose what.")
    else:
        st.markdown(
            f"**Sent: {letter(mine)}.** You may change it until the answer is shown; it comes here by itself."
        )


def _answer(here: Rooms, room: Room, number: str, place: int) -> None:
    with frame.guard():
        here.answer(room.code, room.turn, number, place)


def told(room: Room, truth: int, mine: int | None) -> None:
    """The right answer, why, and what all said."""
    verdict = "You gave no answer." if mine is None else "Right." if mine == truth else "Not so."
    right = state.plain(room.options[truth], limit=None)
    st.markdown(f"**{verdict}** It is **{letter(truth)} {right}**. {room.why}")
    poll(room.options, room.counts, truth=truth)
    st.caption(f"{room.answers} answered. The next question appears here by itself.")


with state.hidden(ROOM):
    code = tidy(state.carrier(ROOM, rerun=True))
st.html(FOLDER / "app/predict.css")
here = rooms()
with st.container(width=560, key=f"{ROOM}_sheet"), frame.guard():
    st.title("Room" + (f" {code}" if code else ""), anchor=False)
    if here is None:
        st.info("Rooms are turned off on this server.")
    elif not code:
        st.markdown(PAGE.question)
        join()
    else:
        try:
            here.look(code)
        except RoomError as error:
            join(str(error))
        else:
            with state.hidden("browser"):
                known = browser()
            if known:
                answer_sheet(here, code, known.number)
            st.button("Leave the room", key=f"{ROOM}_leave", type="tertiary", on_click=_left)
