"""The text and the model that several views of the page share."""

import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import working
from app.recurrent_gates import cached
from app.recurrent_gates.shared import PREFIX
from app.settings import SETTINGS
from app.state import choice, url_text
from models.charcards import cards
from models.traces_recurrent import CharCard, CharTrace

MIXED = """The old miller met Anna near a river and
"will you wait here (just say it) or must
we always help them?" she left. Ben kept
bread for every child (and Grace (or Ida
(never Tom))) before winter.

  Clara saw "nobody knows what it is; try
  our puzzle box!" near the dark trees."""
# Three brackets are open at its end
COUNTED = """Ben kept bread for every child (and Grace
(or Ida (never Tom"""
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
    listed = ", ".join(sign(character) for character in missing[:5]) + (" …" if len(missing) > 5 else "")
    kept = "It is" if count == 1 else "They are"
    return (
        f" {count} {'character' if count == 1 else 'characters'} ({listed}) never occurred in training. "
        f"{kept} framed; the model reads one sign for all such."
    )


def below(limit: int) -> Callable[[str], int | None]:
    """Parse a whole number of the address below a limit; "" is None."""

    def parse(text: str) -> int | None:
        if text and not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) < limit):
            raise ValueError(text)
        return int(text) if text else None

    return parse


def one_of(*allowed: str) -> Callable[[str], str | None]:
    """Parse one of a few words of the address; "" is None."""

    def parse(text: str) -> str | None:
        if text and text not in allowed:
            raise ValueError(text)
        return text or None

    return parse


def quoted(text: Sequence[str], at: int) -> str:
    """A character in a sentence, with its place from 1."""
    return f"{named(text[at])} ({at + 1})"


def named(character: str) -> str:
    """A character in a sentence."""
    return {"\n": "the line end", " ": "the space"}.get(character, sign(character))


def sign(character: str) -> str:
    """A character between quotation marks; what cannot be seen alone is named by its number.

    One that is written from right to left is isolated, so that it does not turn the sentence round.
    """
    if unicodedata.category(character)[0] in "CZM":
        return f"U+{ord(character):04X}"
    if unicodedata.bidirectional(character) in ("R", "AL"):
        return f"“\u2068{character}\u2069”"
    return f"“{character}”"


def characters(count: int) -> str:
    """So many characters, in words."""
    return f"{count:,} character" + "s" * (count != 1)


def opening_unit(card: CharCard, rule: str = "quotes") -> tuple[int, int]:
    """The part and unit that a model shows first: those that follow a rule best."""
    found = card.cells[rule]
    return found.part, found.unit
