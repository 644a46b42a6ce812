"""Masks: the three attentions of the Transformer side by side. Forced or free: one example in two ways."""

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import frame, working
from app.seq2seq.notes import HOW_FORCED, HOW_MASKS, READ_FORCED, READ_MASKS
from app.seq2seq.shared import (
    FIGURE,
    PREFIX,
    SHORT,
    Asked,
    answer,
    asked,
    right_row,
    tell,
    verdict,
    wrong_places,
)
from app.shown import Rows, Shown, exports
from app.state import choice
from components import figures
from components.alignment import answers
from components.charts import SKY, VERMILION
from components.figures import Panel, Scale
from components.tracks import Line, Track, tracks
from models.quantise import percent
from models.traces_seq2seq import Seq2SeqTrace

LAYERS, HEADS = 2, 4
MASK_HEADS = [f"{layer}.{head}" for layer in range(1, LAYERS + 1) for head in range(1, HEADS + 1)]
BEGINNING = "▷"


def masks(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """The view: encoder, decoder and cross attention of one head."""
    shown: dict[str, str] = {}

    def head(model: str) -> None:
        shown["head"] = choice(
            "Layer and head",
            MASK_HEADS,
            key=f"{PREFIX}_mask",
            name=lambda each: "Layer {}, head {}".format(*each.split(".")),
            width=190,
        )

    given = asked(controls, only="transformer", more=head)
    if given is None:
        return None
    name = shown["head"]
    at = MASK_HEADS.index(name)
    with picture:
        with working.shown("The Transformer reads the text", key=f"{PREFIX}_masks_{hash(given)}"):
            trace = given.trace()
        assert trace.source_attention is not None
        assert trace.target_attention is not None
        own = trace.target_attention[at].astype(float)
        own[np.triu_indices(len(own), 1)] = np.nan  # what the mask hides
        read = (BEGINNING, *trace.target[:-1])
        panels = [
            Panel("Encoder: source looks at source", trace.source_attention[at], trace.source, trace.source),
            Panel("Decoder: target looks back", own, trace.target, read),
            Panel("Cross: target looks at source", trace.attention[at], trace.target, trace.source),
        ]
        with st.container(key=FIGURE):
            figures.matrix(
                panels,
                Scale("weight", 0, 1),
                axes=("asks", "is looked at"),
                label=f"Head {name} of the Transformer: encoder, decoder and cross attention",
                key=f"{PREFIX}_masks",
                hidden="hidden by the mask",
                height=470 if frame.presenting() else 370,
            )
        said = mask_sentences(given, trace, own, name)
        rows: Rows = [("attention", "asks", "is looked at", "weight")]
        for panel in panels:
            rows += [
                (panel.title, f"{i + 1} {asks}", f"{j + 1} {seen}", "" if np.isnan(w) else f"{w:.6g}")
                for i, asks in enumerate(panel.rows)
                for j, seen in enumerate(panel.columns)
                for w in [panel.values[i, j]]
            ]
        made = trace.provenance
        tell(said, rows[:1] + strongest(panels), made, "seq2seq-masks", f"Head {name}: three attentions")
    return Shown(
        exports(rows, "seq2seq-masks"), READ_MASKS, HOW_MASKS, trace.provenance, sources=("vaswani2017",)
    )


def strongest(panels: list[Panel]) -> Rows:
    """For each row of each matrix where its largest weight lies."""
    return [
        (panel.title, f"{i + 1} {asks}", f"{j + 1} {panel.columns[j]}", f"{panel.values[i, j]:.4f}")
        for panel in panels
        for i, asks in enumerate(panel.rows)
        for j in [int(np.nanargmax(panel.values[i]))]
    ]


def mask_sentences(given: Asked, trace: Seq2SeqTrace, own: np.ndarray, name: str) -> str:
    """What each of the three may see, in numbers."""
    n, m = len(trace.source), len(trace.target)
    hidden = int(np.isnan(own).sum())
    return (
        f"In head {name} the encoder's {n} tokens may all look at each other, forwards and back: {n * n} "
        f"weights. The decoder's mask hides **{hidden} of {m * m}** cells, all above the diagonal: step 1 "
        f"sees only the beginning {BEGINNING}, step {m} all {m} tokens before it. In the cross attention "
        f"every target step may look at the **whole source**, {m} × {n} weights, and every row sums to 1. "
        f"The answer is “{trace.text}”" + (f", {verdict(trace)}." if trace.expected else ".")
    )


def forced_or_free(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """The view: the model on its own beginning, and on the right one."""
    given = asked(controls)
    if given is None:
        return None
    with picture:
        with working.shown("The model reads the text", key=f"{PREFIX}_forced_{hash(given)}"):
            free = given.trace()
            if free.expected is None:
                st.info(
                    "Teacher forcing needs the right answer, and the rules of the task do not know this "
                    "text. Please type one that they know."
                )
                return None
            forced = given.trace(target=free.expected)
        with st.container(key=FIGURE):
            answers(
                [
                    *right_row(free),
                    answer("Free: after its own words", free),
                    answer("Forced: after the right words", forced),
                ],
                words=given.task == "phrases",
                label=f"Free: {free.text}; forced: {''.join(forced.said)}",
                key=f"{PREFIX}_answers",
            )
            room = 280 if given.task == "phrases" else 380  # px that the answers leave
            draw_sureness(free, forced, height=room if frame.presenting() else 250)
        rows: Rows = [
            ("step", "right", "free", "its probability", "forced", "probability of the right token")
        ]
        for at in range(max(len(free.target), len(forced.target))):
            rows.append(
                (
                    str(at + 1),
                    forced.target[at] if at < len(forced.target) else "",
                    free.target[at] if at < len(free.target) else "",
                    f"{np.exp(free.log_probs[at]):.4f}" if at < len(free.target) else "",
                    forced.said[at] if at < len(forced.said) else "",
                    f"{np.exp(forced.log_probs[at]):.4f}" if at < len(forced.target) else "",
                )
            )
        said = forced_sentences(given, free, forced)
        tell(said, rows, free.provenance, "seq2seq-forced", f"{given.name(given.model)}: forced or free")
    return Shown(
        exports(rows, "seq2seq-forced"), READ_FORCED, HOW_FORCED, free.provenance, sources=("bengio2015",)
    )


def draw_sureness(free: Seq2SeqTrace, forced: Seq2SeqTrace, *, height: int) -> None:
    """The probability of its own token, and that of the right one."""
    count = max(len(free.target), len(forced.target))

    def padded(trace: Seq2SeqTrace) -> np.ndarray:
        return np.concatenate([np.exp(trace.log_probs), np.full(count - len(trace.target), np.nan)])

    tracks(
        [
            Track(
                "Probability",
                [
                    Line("free: of the token that it writes", padded(free), VERMILION, wide=2.4),
                    Line("forced: of the right token", padded(forced), SKY, dash="dashed", wide=2.4),
                ],
                0,
                1,
            )
        ],
        label="Probability at each step: of its own token running free, of the right one when forced",
        title="step",
        start=1,
        key=f"{PREFIX}_sure",
        height=height,
    )


def forced_sentences(given: Asked, free: Seq2SeqTrace, forced: Seq2SeqTrace) -> str:
    """How many go wrong either way, and how sure the model is of its own errors."""
    wrong, slipped = wrong_places(free), wrong_places(forced)
    steps = len(forced.target)
    said = (
        f"Running free, **{given.name(given.model)}** writes {len(free.target)} tokens: **{verdict(free)}**"
        + (f", from step {wrong[0] + 1} on. " if wrong else ". ")
        + f"Forced along the right answer it would have written {len(slipped) or 'no'} wrong "
        f"token{'s' * (len(slipped) != 1)} of {steps}. "
    )
    if wrong:
        sure = float(np.exp(free.log_probs[[at for at in wrong if at < len(free.target)]]).mean())
        said += (
            f"Where it is wrong it gives its own token {percent(sure)} on average. "
            "Each wrong token becomes a part of what it reads next."
        )
    else:
        said += "Without an error the two are the same run: what it reads is the right beginning either way. "
        if given.model != "plain":
            said += f"Choose **{SHORT['plain']}** for one that errs."
    return said
