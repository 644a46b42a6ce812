"""What the views of the page share: the examples, the text and the model, and the head in the address."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import fetching, shown, working
from app.attention_heads import cached
from app.cached import devices
from app.catalogue import ATTENTION_HEADS
from app.shown import Rows, Shown, csv_button, csv_text, exports
from app.state import Param, choice, plain, read_view, url_text
from components.attention_view import View
from models.registry import refused
from models.traces import AttentionTrace, ModelCard, Part, Token

__all__ = ["FIGURE", "PREFIX", "Rows", "Shown", "csv_button", "csv_text", "exports", "tell"]
PREFIX = ATTENTION_HEADS.prefix
FIGURE = f"{PREFIX}_figure"  # the container that the export buttons save
NEW = f"{PREFIX}:new"  # a text was typed since the last picture
LEFT = f"{PREFIX}:left"  # the text for which an example's second one was taken out
TITLE_LETTERS = 90  # of the text in the title of a saved picture
tell = partial(shown.tell, prefix=PREFIX)

PRONOUN = "The animal didn't cross the street because it was too tired."
TWO = ("The cat sat on the mat.", "The cat lay on the rug.")
REPEATED = "The quick brown fox jumps over the lazy dog. The quick brown fox jumps over"
NAME = "Kovalenko met Dubrowska in the park. They talked for hours, and then Kovalenko met Dub"
LONG = (
    "For many years a computer read a sentence the way a finger follows a line: one word after another, "
    "from left to right. Each new word was folded into a summary of everything that came before, and the "
    "summary had a fixed size. A short sentence fitted well. A long one did not, because the first words "
    "had to survive every later step, and most of them faded on the way. In 2014 a group in Montreal let a "
    "translation model look back at all the words of the source sentence and choose, for every word it "
    "wrote, where to look. They called the choice attention. It worked so well that three years later "
    "another group asked what would happen if a model did nothing else. Their answer was the transformer. "
    "It has no finger and no line. Every word compares itself with every other word at once, and takes a "
    "weighted mean of what it finds. The weights are what this page shows. One set of weights is called a "
    "head, and a layer has many heads, so that one can follow grammar while another follows names, and a "
    "third merely waits at the end of the sentence because it has nothing to do. Nobody told the heads what "
    "to look for. They found it while the model learned to guess missing words. Some of what they found can "
    "be named: the word before, the word after, the other half of a phrase, the thing that a pronoun stands "
    "for. Much of it cannot be named yet, and a picture that looks meaningful may still not matter to the "
    "answer. So look at the weights with curiosity, and then test what you believe."
)


# What an address without parameters shows for these texts; any other text opens at its strongest link
OPENING_VIEWS = {
    (PRONOUN, "", "minilm"): View(layer=3, heads=(1,), pin="q10"),
    (*TWO, "minilm"): View(layer=1, heads=(1,), pin="q6", filter="ab"),
    (REPEATED, "", "smollm2"): View(layer=17, heads=(4,), pin="q13"),
    (LONG, "", "minilm"): View(layer=3, heads=(1,), pin="q75"),
}


def name(token: Token) -> str:
    """A token in a sentence: [CLS] as it is, a word of the text in quotes."""
    return token.text if token.special else f"“{token.text}”"


def one_of(*allowed: str) -> Callable[[str], str | None]:
    """Parse one of some words of the address; "" is None."""

    def parse(text: str) -> str | None:
        if text and text not in allowed:
            raise ValueError(text)
        return text or None

    return parse


def view_params(trace: AttentionTrace) -> list[Param]:
    """What the picture keeps in the address, with the limits of this model and text."""
    card, tokens = trace.card, len(trace.tokens)
    layers, in_each = trace.weights.shape[:2]

    def whole(text: str, limit: int) -> int:
        if not (text.isascii() and text.isdigit() and int(text) < limit):
            raise ValueError(text)
        return int(text)

    def layer(text: str) -> int | None:
        return whole(text, layers) if text else None

    def heads(text: str) -> tuple[int, ...] | None:
        return tuple(sorted({whole(part, in_each) for part in text.split(".")})) if text else None

    def pin(text: str) -> str | None:
        if not text or text == "none":
            return None if not text else ""
        if text[0] not in "qk":
            raise ValueError(text)
        return f"{text[0]}{whole(text[1:], tokens)}"

    def focus(text: str) -> tuple[float, float] | None:
        if not text:
            return None
        row, column = map(float, text.split("_"))
        if not (0 <= row < tokens and 0 <= column < tokens):
            raise ValueError(text)
        return row, column

    def share(text: str) -> float | None:
        value = float(text) if text else None
        if value is not None and not 0 <= value <= 1:
            raise ValueError(text)
        return value

    name = card.name
    return [
        Param("layer", "", layer, f"{name} has layers 0–{layers - 1}"),
        Param("heads", "", heads, f"{name} has heads 0–{in_each - 1} in each layer"),
        Param("pin", "", pin, f"this text has tokens q0–q{tokens - 1}"),
        Param("show", "", one_of("all", "words", "matrix", "grid"), "all three pictures are shown"),
        Param("hide", "", one_of("0", "1"), "special tokens are shown"),
        Param("min", "", share, "a smallest weight lies between 0 and 1"),
        Param("scale", "", one_of("fixed", "row"), "the scale is 0 to 100 %"),
        Param("filter", "", one_of("all", "aa", "ab", "ba", "bb"), "all directions are shown"),
        Param("zoom", "", one_of("0", "1", "2"), "the focus window is shown"),
        Param("focus", "", focus, "the focus window follows the pin"),
    ]


def chosen_view(opening_view: View, asked: dict[str, Any]) -> View:
    """The opening view with what the address asks for."""
    given = {key: value for key, value in asked.items() if value is not None}
    if "hide" in given:
        given["hide"] = given["hide"] == "1"
    if "zoom" in given:
        given["zoom"] = int(given["zoom"])
    return View(**{**opening_view.__dict__, **given})


PARTS = {
    "cross": "Cross: target looks at source",
    "encoder": "Encoder: source looks at itself",
    "decoder": "Decoder: target looks back",
}


@dataclass(frozen=True)
class Asked:
    """What is read: a text, perhaps a second one, by a model on a device."""

    text: str
    pair: str | None
    card: ModelCard
    device: str
    part: Part = "self"

    @property
    def key(self) -> tuple[str, str | None, str, str, Part]:
        """What a result is kept under."""
        return self.text, self.pair, self.card.id, self.device, self.part


def titled(what: str, asked: Asked) -> str:
    """The title of a saved picture: what it shows and of which text."""
    short = asked.text if len(asked.text) <= TITLE_LETTERS else f"{asked.text[: TITLE_LETTERS - 1]}…"
    return f"{what} · “{short}”"


def held(key: str) -> str:
    """What a control of this key holds, or will when it is drawn."""
    return str(st.session_state.get(key, st.query_params.get(key, "")))


def let_go() -> None:
    """Drop what the picture keeps of the text before: the held word, the window, the smallest weight."""
    for each in ("pin", "focus", "min"):
        st.session_state[f"{PREFIX}_{each}"] = ""
    st.session_state[NEW] = True


def new_text() -> None:
    """Let go, and take out an example's second text with its first: nobody typed it."""
    let_go()
    st.session_state.pop(LEFT, None)
    if held(f"{PREFIX}_pair") == TWO[1]:
        st.session_state[f"{PREFIX}_pair"] = ""
        st.session_state[LEFT] = st.session_state[f"{PREFIX}_text"]


def bring_back() -> None:
    """Compare the own text with the example's second text after all."""
    st.session_state[f"{PREFIX}_pair"] = TWO[1]
    let_go()


def controls(place: DeltaGenerator, *, pairs: bool = True) -> Asked:
    """Draw the row of controls that all views share.

    A view that reads single texts passes ``pairs`` False. An encoder-decoder's second text is its target, and
    which of its attentions is shown stands beside it.
    """
    with place:
        devices()  # who waits for PyTorch is told so here; where the devices are listed it would not be seen
    cards = {card.id: card for card in fetching.cards()}
    card = cards.get(held(f"{PREFIX}_model"), cards["minilm"])  # it decides which fields there are
    writes = card.kind == "encoder-decoder"
    reads_pairs = pairs and card.kind != "decoder"
    with place, st.container(key=f"{PREFIX}_fields"):
        *texts_at, model_at = st.columns(
            [5, 3, 3.6] if reads_pairs else [8, 3.6], vertical_alignment="bottom"
        )
        notes = st.container()
    with model_at:
        row = st.container(horizontal=True, vertical_alignment="bottom", wrap=False)
    with row:
        choice(
            "Model",
            list(cards),
            key=f"{PREFIX}_model",
            name=lambda model: model_label(cards[model]),
            note=notes.caption,
        )
    with texts_at[0]:
        text = url_text("Text", PRONOUN, key=f"{PREFIX}_text", on_change=new_text)
    pair = ""
    if reads_pairs:
        with texts_at[1]:
            pair = url_text(
                "Target text" if writes else "Second text",
                "",
                key=f"{PREFIX}_pair",
                placeholder="written by the model" if writes else "optional",
                on_change=let_go,
            )
        if st.session_state.get(LEFT) == text and not pair:
            with notes, st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.caption("The example’s second text is out.", width="content")
                st.button("Put it back", key=f"{PREFIX}_back", type="tertiary", on_click=bring_back)
    elif held(f"{PREFIX}_pair"):
        why = f"{card.name} reads one text" if pairs else "This view reads one text"
        notes.caption(f"{why}; the second is left out.")
    if card.task and not re.match(r"[^:]{3,60}: ", text):
        notes.caption(f"{card.name} takes its task from the text: begin it with “{card.task}”, for example.")
    with row, st.popover("More", width="content"):
        device = device_choice()
        st.caption(model_facts(card))
        for reason in refused().values():
            st.caption(f"Not listed: {plain(reason)}")
    part: Part = "self"
    if writes and pairs:
        with place:
            part = cast(
                Part,
                choice(
                    "Attention",
                    list(PARTS),
                    key=f"{PREFIX}_part",
                    name=PARTS.__getitem__,
                    field=st.segmented_control,
                    label_visibility="collapsed",
                    required=True,
                ),
            )
    return Asked(text, pair or None, card, device, part)


def trace_of(asked: Asked) -> AttentionTrace | None:
    """The weights; None where the model is not here and an offer to fetch it stands in their place."""
    if not fetching.offer(asked.card):
        return None
    with working.shown(f"{asked.card.name} reads the text", key=f"{PREFIX}_{asked.key}") as work:
        return cached.attention(*asked.key, progress=work.progress, on_wait=work.wait)


def view_of(asked: Asked, trace: AttentionTrace, more: Sequence[Param] = ()) -> tuple[View, View, list[Any]]:
    """The heads and token that the address asks for, what it means without parameters, and ``more``."""
    _, (layer, head, query, _), _ = cached.attention_findings(*asked.key)
    default = opening_view(asked) or View(layer=layer, heads=(head,), pin=f"q{query}")
    params = [*view_params(trace), *more]
    if st.session_state.pop(NEW, False):
        hold_own_link(trace, default)
    given = read_view(PREFIX, params, of=asked.key)
    others = [given.pop(each.name) for each in more]
    return chosen_view(default, given), default, others


def opening_view(asked: Asked) -> View | None:
    """What an example opens with; None for any other text."""
    return OPENING_VIEWS.get((asked.text, asked.pair or "", asked.card.id))


def hold_own_link(trace: AttentionTrace, default: View) -> None:
    """On a new text, hold the word with the strongest link of the heads that the visitor has chosen."""
    chosen = (held(f"{PREFIX}_layer"), held(f"{PREFIX}_heads"))
    if chosen == ("", "") or held(f"{PREFIX}_pin"):
        return
    layers, in_each = trace.weights.shape[:2]
    parts = [chosen[0] or str(default.layer), *(chosen[1] or ".".join(map(str, default.heads))).split(".")]
    if all(part.isascii() and part.isdigit() for part in parts):
        layer, *heads = map(int, parts)
        other = (layer, tuple(heads)) != (default.layer, default.heads)
        if other and layer < layers and max(heads) < in_each:
            st.session_state[f"{PREFIX}_pin"] = f"q{cached.link_of(trace, layer, tuple(heads))}"


def model_label(card: ModelCard) -> str:
    """Name, shape and whether it is here, as short as a select box wants it."""
    return f"{card.name} · {card.layers} × {card.heads}" + (
        "" if fetching.is_here(card) else f" · {card.megabytes} MB"
    )


def model_facts(card: ModelCard) -> str:
    """What a visitor may want to know about a model before using it."""
    groups = f", {card.key_value_heads} key/value heads" if card.key_value_heads else ""
    return (
        f"{card.name}: {card.kind}, {card.parameters} parameters, {card.layers} layers of {card.heads} heads"
        f"{groups}. Licence {card.licence}. Source {card.source}."
    )


def device_choice() -> str:
    """Where the model runs."""
    options = ["auto", *devices()]
    names = {
        "auto": f"the best here ({options[1]})",
        "cpu": "processor (CPU)",
        "cuda": "NVIDIA GPU",
        "mps": "Apple GPU",
    }
    return choice("Runs on", options, key=f"{PREFIX}_device", name=names.__getitem__)


def open_head(layer: str, head: str) -> dict[str, str]:
    """The address of one head in the first view."""
    state = {"layer": layer, "heads": head, "pin": "", "view": "look"}
    return {f"{PREFIX}_{key}": value for key, value in state.items()}
