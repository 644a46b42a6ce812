"""The text and the model that several views of the page share."""

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import cached, working
from app.recurrent_gates.shared import PREFIX
from app.settings import SETTINGS
from app.state import choice, url_text
from models.charcards import cards
from models.traces_recurrent import CharCard, CharTrace

MIXED = """The miller said, "Anna looked at the
river; Ben walked to the market." The
king sat down near the garden (Kate ran
past the tower (Leo remembered the river
slowly) at night).

x = ((a + 4) * (b - (7 + c)));
if ready:
  take(x, y)"""
KEY_TEXT, KEY_MODEL = f"{PREFIX}_text", f"{PREFIX}_model"


def offered(*, one_way: bool = False) -> dict[str, CharCard]:
    """The cards by id; ``one_way`` leaves out what cannot write on."""
    return {name: card for name, card in cards().items() if not (one_way and card.directions == 2)}


def model_name(card: CharCard) -> str:
    """The model and how well it guesses, in a select box."""
    return f"{card.name}, {card.units} units: {card.bits:.2f} bits a character"


def asked(place: DeltaGenerator, *, one_way: bool = False) -> tuple[str, str]:
    """Draw the fields for text and model; give the text as it is read, and the model's id."""
    known = offered(one_way=one_way)
    with place, st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        text = url_text(
            "Text",
            MIXED,
            key=KEY_TEXT,
            area=True,
            label_visibility="collapsed",
            placeholder="Type a text; each character is one step",
            height=68,
            width="stretch",
        )
        model = choice(
            "Model",
            list(known),
            key=KEY_MODEL,
            default="lstm",
            name=lambda model: model_name(known[model]),
            label_visibility="collapsed",
            width=300,
        )
    text = text.replace("\r\n", "\n")
    if len(text) > SETTINGS.max_steps:
        with place:
            st.caption(
                f"The text has {len(text):,} characters; please shorten it to {SETTINGS.max_steps:,}. "
                "Its start is shown."
            )
    return text[: SETTINGS.max_steps], model


def trace_of(text: str, model: str) -> CharTrace | None:
    """The model reading the text, or None and one sentence where there is none."""
    if not text:
        st.info("Type a text: every character is one step of the network, and every gate is shown.")
        return None
    card = cards()[model]
    with working.shown(f"The {card.name} reads the text", key=f"{PREFIX}_{model}_{hash(text)}"):
        return cached.char_trace(text, model)


def unseen_note(trace: CharTrace) -> str:
    """What a reader must know of characters that the model never saw."""
    missing: Any = sorted({trace.characters[at] for at in (trace.codes == 0).nonzero()[0]})
    if not missing:
        return ""
    count = int((trace.codes == 0).sum())
    named = ", ".join(f"“{character}”" for character in missing[:5]) + (" …" if len(missing) > 5 else "")
    kept = "It is" if count == 1 else "They are"
    return (
        f" {count} {'character' if count == 1 else 'characters'} ({named}) never occurred in training. "
        f"{kept} framed; the model reads one sign for all such."
    )
