"""What the views of the page share: the task, the model, the text, and the sentences about an answer."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import frame, shown
from app.catalogue import SEQ2SEQ
from app.seq2seq import cached
from app.state import choice, url_text
from components.alignment import Answer
from models.quantise import percent
from models.seq2seqcards import NAMES, USUAL, WIDTHS, Seq2SeqCard, cards, model_id
from models.seq2seqtasks import joined, tokens
from models.traces_seq2seq import END_MARK, Seq2SeqTrace

PREFIX = SEQ2SEQ.prefix
FIGURE = f"{PREFIX}_figure"  # the container that the export buttons save
tell = partial(shown.tell, prefix=PREFIX)
MOST = 60  # tokens
LONGEST_TITLE = 80  # characters
SHORT = {  # in the box of the control, which has to fit on a phone beside the task
    "plain": "LSTM, one vector",
    "bahdanau": "LSTM + Bahdanau",
    "luong": "LSTM + Luong",
    "transformer": "Transformer",
}
TASK_NAMES = {
    "reverse": "Reverse a string",
    "dates": "Date → ISO 8601",
    "phrases": "English → French",
}
TEXTS = {
    "reverse": "quickbrownfoxesjumphigh",
    "dates": "am Donnerstag, dem 14. September 2023",
    "phrases": "the small black cat sees two red flowers on my new table",
}
HELP = {
    "reverse": "Small letters a to z; the models were trained on 1 to 24 of them.",
    "dates": "English, German, French or Korean, in figures or words; 3/5/2021 is American, 3.5.2021 is not.",
    "phrases": "Words of a small grammar, such as: my young dogs follow a green car behind the house.",
}
TOKEN = {"reverse": "letter", "dates": "character", "phrases": "word"}
LONG = 20  # tokens; the cards tell apart what is longer


@dataclass(frozen=True)
class Asked:
    """What the controls ask for; ``width`` is that of the plain model's vector, whatever the model."""

    task: str
    model: str
    width: int
    source: tuple[str, ...]

    @property
    def text(self) -> str:
        """The source in a title."""
        text = joined(self.task, self.source)
        return text if len(text) <= LONGEST_TITLE else text[:LONGEST_TITLE] + "…"

    def name(self, kind: str) -> str:
        """A model's name, with the numbers of its vector; short in a room, which reads it in large type."""
        if frame.presenting():
            return SHORT[kind] + f" of {self.width}" * (kind == "plain")
        return f"{NAMES[kind]} of {self.width}" if kind == "plain" else NAMES[kind]

    def trace(self, kind: str = "", *, beam: int = 1, target: tuple[str, ...] | None = None) -> Seq2SeqTrace:
        """The model's answer, or that of another one of its task."""
        kind = kind or self.model
        width = self.width if kind == "plain" else None
        return cached.translation(self.source, kind, self.task, beam=beam, width=width, target=target)

    def card(self, kind: str = "") -> Seq2SeqCard:
        """The card of the model, or of another one of its task."""
        kind = kind or self.model
        return cards()[model_id(self.task, kind, self.width if kind == "plain" else None)]


def kinds(task: str) -> list[str]:
    """The models of a task."""
    return [kind for kind in NAMES if any(c.task == task and c.kind == kind for c in cards().values())]


def widths(task: str) -> list[str]:
    """The numbers that a context vector of this task may have."""
    return [str(width) for width in WIDTHS[task] if model_id(task, "plain", width) in cards()]


def task_of(place: DeltaGenerator) -> str:
    """The control of the task."""
    with place:
        return choice("Task", list(TASK_NAMES), key=f"{PREFIX}_task", name=TASK_NAMES.__getitem__, width=164)


def width_of(place: DeltaGenerator, task: str, *, used: bool = True) -> int:
    """The control of the vector's width, among those that ship; off where no picture has such a vector."""
    offered = widths(task)
    if len(offered) == 1:
        return int(offered[0])
    with place:
        return int(
            choice(
                "Numbers in the vector",
                offered,
                default=str(USUAL) if str(USUAL) in offered else offered[0],
                key=f"{PREFIX}_width",
                field=st.select_slider,
                width=170,
                disabled=not used,
            )
        )


def asked(
    controls: DeltaGenerator,
    *,
    only: str = "",
    compared: bool = False,
    more: Callable[[str], object] = lambda model: None,
) -> Asked | None:
    """Draw task, model and text; None and one sentence where there is nothing to read.

    ``only`` is the one model that a view can show; in a view that is ``compared`` all models are seen.
    ``more`` draws a control of its own behind the others, for the model that is chosen.
    """
    with controls:
        row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
        line = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    task = task_of(row)
    offered = [kind for kind in kinds(task) if only in ("", kind)]
    with row:
        model = only or choice(
            "Model",
            offered,
            default="luong" if "luong" in offered else offered[0],
            key=f"{PREFIX}_model",
            name=SHORT.__getitem__,
            width=180,
        )
    width = width_of(row, task, used=compared or model == "plain") if not only else USUAL
    with row:
        more(model)
    with line:
        text = url_text(
            "Text",
            TEXTS[task],
            key=f"{PREFIX}_{task}",
            label_visibility="collapsed",
            placeholder=HELP[task],
            help=HELP[task],
            width="stretch",
        )
    source = tokens(task, text.strip())
    if not source:
        with controls:
            st.info(f"Type something to translate. {HELP[task]}")
        return None
    if len(source) > MOST:
        with controls:
            st.info(
                f"That is {len(source):,} {TOKEN[task]}s; these small models read up to {MOST}. "
                "Please shorten the text."
            )
        return None
    return Asked(task, model, width, source)


def safe(text: str) -> str:
    """A text in Markdown as it is, whatever signs it holds."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def without_end(pieces: Sequence[str]) -> list[str]:
    """Tokens without the mark of the end."""
    return [token for token in pieces if token != END_MARK]


def wrong_places(trace: Seq2SeqTrace) -> list[int]:
    """The steps at which the model's own word is not the expected one."""
    return [] if trace.right is None else [at for at, good in enumerate(trace.right) if not good]


def verdict(trace: Seq2SeqTrace) -> str:
    """In few words, how an answer compares with the right one."""
    if trace.expected is None:
        return ""
    wrong, missing = len(wrong_places(trace)), len(trace.expected) + 1 - len(trace.said)
    parts = [f"{wrong} wrong"] * (wrong > 0) + [f"{missing} missing"] * (missing > 0)
    return ", ".join(parts) or "right"


def answer(name: str, trace: Seq2SeqTrace, kind: str = "") -> Answer:
    """A row of the picture of answers."""
    note = verdict(trace)
    return Answer(name, trace.said, wrong_places(trace), note, note == "right" if note else None, kind)


def right_row(trace: Seq2SeqTrace) -> list[Answer]:
    """The right answer as a row, where the rules of the task know it."""
    if trace.expected is None:
        return []
    return [Answer("Right answer", (*trace.expected, END_MARK), (), "")]


def held_out(card: Seq2SeqCard) -> str:
    """A sentence: how often the model is right on examples that it was not trained on."""
    said = f"Of {card.held_out:,} fresh examples it gets **{percent(card.exact)}** right to the last token"
    # hardly any phrase is that long
    if card.task != "phrases" and card.exact_long is not None and card.exact_long != card.exact:
        said += f", of those longer than {LONG} tokens {percent(card.exact_long)}"
    return said + "."


def unseen_note(trace: Seq2SeqTrace) -> str:
    """What a reader must know of tokens that no model of the task ever met."""
    missing = list(dict.fromkeys(t for t, new in zip(trace.source, trace.unseen, strict=True) if new))
    if not missing:
        return ""
    named = ", ".join(f"“{safe(token[:20])}”" for token in missing[:4]) + (" …" if len(missing) > 4 else "")
    return f" {named} never occurred in training; the models read one sign for all such."
