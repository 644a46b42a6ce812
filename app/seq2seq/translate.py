"""Translate and align: one text, the answers of all models, and what the chosen one looked at."""

import math

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import frame, working
from app.seq2seq.notes import HOW_ALIGN, HOW_BEAM, READ_ALIGN, READ_BEAM
from app.seq2seq.shared import (
    FIGURE,
    PREFIX,
    TOKEN,
    Asked,
    answer,
    asked,
    held_out,
    kinds,
    right_row,
    safe,
    tell,
    unseen_note,
    verdict,
    without_end,
    wrong_places,
)
from app.shown import Rows, Shown, exports
from app.state import Param, choice, read_view
from components.alignment import alignment, answers, beam
from models.seq2seqtasks import LETTERS, joined
from models.traces_seq2seq import Seq2SeqTrace

TRUTH = {"off": "Hidden", "on": "Laid over"}
BEAMS = ("1", "2", "3", "4", "5")


def translate_and_align(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """The first view: answers of all models, then the alignment of the chosen one."""
    shown: dict[str, str] = {}

    def true_alignment(model: str) -> None:
        shown["truth"] = choice(
            "True alignment",
            list(TRUTH),
            key=f"{PREFIX}_truth",
            name=TRUTH.__getitem__,
            field=st.segmented_control,
            required=True,
            disabled=model == "plain",  # it has no weights to lay it over
        )

    given = asked(controls, compared=True, more=true_alignment)
    if given is None:
        return None
    truth = shown["truth"] == "on"
    with picture:
        with working.shown("The models read the text", key=f"{PREFIX}_{hash(given)}"):
            traces = {kind: given.trace(kind) for kind in kinds(given.task)}
        trace = traces[given.model]
        view = read_view(
            PREFIX,
            [
                Param(
                    "head",
                    "",
                    below(len(trace.heads)),
                    "the head that best finds the true places is shown",
                ),
                Param("at", "", below(len(trace.target)), "no row is held"),
            ],
            of=given,
        )
        chosen = best_head(trace) if view["head"] is None else view["head"]
        with st.container(key=FIGURE, gap="xxsmall"):
            if compared(given):
                answers(
                    right_row(trace) + [answer(given.name(kind), one, kind) for kind, one in traces.items()],
                    words=given.task == "phrases",
                    label=f"Answers to {given.text}: "
                    + "; ".join(f"{given.name(kind)}: {one.text}" for kind, one in traces.items()),
                    chosen=given.model,
                    param=f"{PREFIX}_model",
                    key=f"{PREFIX}_answers",
                )
            alignment(
                trace,
                head=chosen,
                at=view["at"],
                truth=truth,
                prefix=PREFIX,
                label=f"{given.name(given.model)}: {len(trace.target)} target tokens down, "
                f"{len(trace.source)} source tokens across",
                key=f"{PREFIX}_alignment",
                height=(0.47 if compared(given) else 0.64) if frame.presenting() else 312,
            )
        title = f"{given.name(given.model)}: {given.text} → {trace.text}"
        tell(
            align_sentences(given, trace, chosen, repeat=not (frame.presenting() and compared(given))),
            align_rows(trace, chosen),
            trace.provenance,
            f"seq2seq-{given.task}-{given.model}",
            title,
        )
    return Shown(
        exports(weight_rows(trace) if trace.heads else align_rows(trace, chosen), "seq2seq-alignment"),
        READ_ALIGN,
        HOW_ALIGN,
        trace.provenance,
        sources=(
            "sutskever2014",
            "cho2014",
            "bahdanau2014",
            "luong2015",
            "vaswani2017",
            "jain2019",
        ),
    )


def compared(given: Asked) -> bool:
    """Whether answers stand one under the other; a room has no place for those in words."""
    return not (frame.presenting() and given.task == "phrases")


def below(limit: int):  # type: ignore[no-untyped-def]
    """Parse a whole number of the address below a limit; "" is None."""

    def parse(text: str) -> int | None:
        if text and not (text.isascii() and text.isdigit() and len(text) < 5 and int(text) < limit):
            raise ValueError(text)
        return int(text) if text else None

    return parse


def on_truth(trace: Seq2SeqTrace) -> tuple[np.ndarray, np.ndarray] | None:
    """(heads,) at how many steps the largest weight lies on a place that decides, and the mean weight there.

    Steps that no place decides do not count; None where the true alignment is not known or the answer wrong.
    """
    if trace.aligned is None or not trace.heads or verdict(trace) != "right":
        return None
    steps = [at for at, places in enumerate(trace.aligned) if places]
    hits = np.array([[w[at].argmax() in trace.aligned[at] for at in steps] for w in trace.attention])
    mass = np.array([[w[at, list(trace.aligned[at])].sum() for at in steps] for w in trace.attention])
    return hits.sum(1), mass.mean(1)


def best_head(trace: Seq2SeqTrace) -> int:
    """The head whose weights lie most on the true places, or the most decided one."""
    found = on_truth(trace)
    if found is not None:
        return int(found[1].argmax())
    return int(trace.attention.max(-1).mean(-1).argmax()) if trace.heads else 0


def align_sentences(given: Asked, trace: Seq2SeqTrace, head: int, *, repeat: bool) -> str:
    """What was written, where the model looked, and how good it is otherwise; ``repeat`` the right answer."""
    n = len(trace.source)
    token = TOKEN[given.task]
    said = f"**{given.name(given.model)}** reads {n} {token}{'s' * (n != 1)} and writes “{trace.text}”"
    if trace.expected is None:
        said += "; the rules of the task do not know this text, so nothing can be marked wrong. "
    elif verdict(trace) == "right":
        said += ": right to the last token. "
    else:
        wrong = wrong_places(trace)
        first = f", the first at step {wrong[0] + 1}" if wrong else ""
        right = f"; right is “{safe(joined(given.task, trace.expected))}”" if repeat else ""
        said += f": **{verdict(trace)}**{first}{right}. "
    if not trace.heads:
        said += f"All that its decoder knows of them are the same **{given.width} numbers** at every step"
        if given.task == "reverse":
            said += (
                f", and {n} random letters are {n} · log₂ {len(LETTERS)} = "
                f"{n * math.log2(len(LETTERS)):.0f} bits"
            )
        said += ". "
    else:
        # another head is chosen in the browser alone, so the sentence says which one it tells of
        named = f"“{trace.heads[head]}”"
        best = f"Its most telling head, {named}, " if head == best_head(trace) else f"Head {named} "
        which = best if len(trace.heads) > 1 else "It "
        if found := on_truth(trace):
            steps = sum(bool(places) for places in trace.aligned or ())
            said += (
                f"{which}looks most at a place that decides the token in **{int(found[0][head])} of "
                f"{steps}** steps, with a mean weight of {found[1][head]:.2f} there. "
            )
        else:
            peak = trace.attention[head].max(-1).mean()
            said += f"{which}gives its largest weight {peak:.2f} on average. "
    return said + held_out(given.card()) + unseen_note(trace)


def align_rows(trace: Seq2SeqTrace, head: int) -> Rows:
    """Step by step: the token, its probability, the right one, where it looked."""
    wanted = without_end(trace.expected or ())
    rows: Rows = [("step", "token", "probability", "right token", "looks most at", "place", "weight")]
    for at, token in enumerate(trace.target):
        looked = ("", "", "")
        if trace.heads:
            place = int(trace.attention[head, at].argmax())
            looked = (trace.source[place], str(place + 1), f"{trace.attention[head, at, place]:.4f}")
        should = wanted[at] if at < len(wanted) else ""
        rows.append((str(at + 1), token, f"{math.exp(trace.log_probs[at]):.6f}", should, *looked))
    return rows


def weight_rows(trace: Seq2SeqTrace) -> Rows:
    """Every weight."""
    rows: Rows = [("head", "step", "target token", "place", "source token", "weight")]
    rows += [
        (name, str(t + 1), target, str(s + 1), source, f"{trace.attention[h, t, s]:.6g}")
        for h, name in enumerate(trace.heads)
        for t, target in enumerate(trace.target)
        for s, source in enumerate(trace.source)
    ]
    return rows


def beam_search(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """The second view: the tree of a beam."""
    shown: dict[str, str] = {}

    def kept(model: str) -> None:
        shown["beam"] = choice(
            "Beginnings kept",
            BEAMS,
            default="3",
            key=f"{PREFIX}_beam",
            field=st.select_slider,
            width=170,
        )

    given = asked(controls, more=kept)
    if given is None:
        return None
    wide = int(shown["beam"])
    with picture:
        with working.shown("The model reads the text", key=f"{PREFIX}_beam_{hash((given, wide))}"):
            trace, greedy = given.trace(beam=wide), given.trace()
        with st.container(key=FIGURE):
            if compared(given):
                answers(
                    [
                        *right_row(trace),
                        answer(f"Beam of {wide}", trace),
                        answer("Greedy: always the likeliest", greedy),
                    ],
                    words=given.task == "phrases",
                    label=f"Beam of {wide}: {trace.text}; greedy: {greedy.text}",
                    key=f"{PREFIX}_answers",
                )
            beam(
                trace,
                label=f"The tree of a beam of {wide}: {len(trace.branches)} tokens",
                key=f"{PREFIX}_tree",
            )
        title = f"Beam of {wide}, {given.name(given.model)}: {given.text} → {trace.text}"
        rows = beam_rows(trace)
        tell(beam_sentences(given, trace, greedy, wide), rows, trace.provenance, "seq2seq-beam", title)
    return Shown(
        exports(rows, "seq2seq-beam"),
        READ_BEAM,
        HOW_BEAM,
        trace.provenance,
        sources=("sutskever2014",),
    )


def beam_sentences(given: Asked, trace: Seq2SeqTrace, greedy: Seq2SeqTrace, wide: int) -> str:
    """How many beginnings were looked at, what won, and whether it beat the greedy answer."""
    own, other = float(trace.log_probs.sum()), float(greedy.log_probs.sum())
    said = (
        f"The beam keeps {wide} beginning{'s' * (wide > 1)} a step; it grew **{len(trace.branches)} tokens** "
        f"for an answer of {len(trace.target)}. “{trace.text}” has a probability of "
        f"{short(math.exp(own))} as a whole (log-probability {short(own)}). "
    )
    if trace.target == greedy.target:
        said += "Taking the likeliest token at every step finds the **same answer**"
        said += ": these models are mostly sure." if math.exp(own) > 0.5 else "."
    else:
        said += (
            f"Taking the likeliest token at every step gives “{greedy.text}”, which is **less likely** as a "
            f"whole ({short(math.exp(other))}). "
        )
        if trace.expected is not None:
            said += f"More likely is not yet right: the beam's answer is {verdict(trace)}."
    return said + unseen_note(trace)


def short(value: float) -> str:
    """A number in a sentence, with a real minus sign, at which no line breaks."""
    return f"{value:.3g}".replace("-", "−")


def beam_rows(trace: Seq2SeqTrace) -> Rows:
    """Every branch."""
    rows: Rows = [("number", "after", "step", "token", "log-probability", "sum", "on the way to the answer")]
    rows += [
        (
            str(at),
            "" if branch.parent < 0 else str(branch.parent),
            str(branch.step + 1),
            branch.token,
            f"{branch.log_prob:.6f}",
            f"{branch.total:.6f}",
            "yes" if branch.won else "no",
        )
        for at, branch in enumerate(trace.branches)
    ]
    return rows
