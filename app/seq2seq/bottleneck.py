"""The bottleneck: right by length on fresh examples, and what the one vector still knows of each place."""

import math
from datetime import date
from importlib.metadata import version

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from app import frame, working
from app.seq2seq import cached
from app.seq2seq.notes import HOW_BOTTLENECK, READ_BOTTLENECK
from app.seq2seq.shared import FIGURE, PREFIX, SHORT, kinds, task_of, tell, width_of, widths
from app.shown import Rows, Shown, exports
from app.state import whole
from components.charts import GREY, ORANGE, SKY, TEAL, VERMILION
from components.tracks import Line, Track, tracks
from models.quantise import percent
from models.seq2seqcards import cards, model_id
from models.seq2seqtasks import LETTERS, TRAINED_LETTERS
from models.traces import Array, Provenance
from models.traces_seq2seq import ByLength

DAYS = (date(2100, 1, 1) - date(1900, 1, 1)).days  # that the examples are drawn from
COUNT = 3000  # fresh examples of one measurement
LEAST = 10  # examples of a length that make a point
COLOURS = {"plain": VERMILION, "bahdanau": ORANGE, "luong": SKY, "transformer": TEAL}
OTHER = ("dotted", "dashed")  # of the widths that are not chosen
DASHES = {"plain": "solid", "bahdanau": "dashed", "luong": "solid", "transformer": "dotted"}
WHAT = {"reverse": "letters", "dates": "characters", "phrases": "words"}


def bottleneck(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown:
    """The view: exact match by length of every model, and the probe of the vector."""
    with controls:
        row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    task = task_of(row)
    width = width_of(row, task)
    with row:
        seed = whole("Seed of the examples", 11, 3, 9999, key=f"{PREFIX}_seed", width=150)
        length = 0
        if task == "reverse":
            length = whole("Letters to probe", 20, 1, TRAINED_LETTERS, key=f"{PREFIX}_probe", width=140)
    plain = {f"one vector of {each}": model_id(task, "plain", int(each)) for each in widths(task)}
    others = {SHORT[kind]: model_id(task, kind) for kind in kinds(task) if kind != "plain"}
    names = plain | others
    with picture:
        with working.shown(
            f"{len(names)} models answer {COUNT:,} fresh examples",
            key=f"{PREFIX}_bottleneck_{task}_{seed}",
            unit="Batch",
        ) as work:
            found = cached.right_by_length(
                task, tuple(names.values()), COUNT, seed, progress=work.progress, on_wait=work.wait
            )
            known = cached.still_known(width, length, on_wait=work.wait) if length else None
        with st.container(key=FIGURE, horizontal=True):
            left, right = st.columns([3, 2], gap="medium") if known is not None else (st.container(), None)
            with left:
                draw_lengths(task, width, list(names), found)
            if known is not None and right is not None:
                with right:
                    draw_probe(width, known)
        made = Provenance(
            f"{len(names)} models of {sum(cards()[name].parameters for name in names.values()):,} weights",
            f"task {task}, seed {seed}",
            "float32",
            "cpu",
            0,
            found.milliseconds,
            {"torch": version("torch")},
            note=f"{COUNT:,} fresh examples",
        )
        rows = length_rows(list(names), found)
        tell(sentences(task, width, names, found, known), rows, made, f"bottleneck-{task}", title(task))
    return Shown(
        exports(rows, f"bottleneck-{task}"),
        READ_BOTTLENECK,
        HOW_BOTTLENECK,
        made,
        sources=("sutskever2014", "cho2014", "bahdanau2014", "alain2016"),
    )


def title(task: str) -> str:
    """What the picture shows."""
    return f"Right to the last token, by the {WHAT[task]} of the source"


def draw_lengths(task: str, width: int, names: list[str], found: ByLength) -> None:
    """One line a model over the length of the source."""
    lines = []
    others = iter(OTHER)
    for name, values in zip(names, found.exact, strict=True):
        kind = next((kind for kind, known in SHORT.items() if known == name), "plain")
        chosen = kind != "plain" or name.endswith(f" {width}")
        shown = np.where(found.counts >= LEAST, values, np.nan)
        lines.append(
            Line(
                name,
                shown,
                COLOURS[kind] if chosen else GREY,
                dash=DASHES[kind] if chosen else next(others),  # type: ignore[arg-type]
                wide=3 if chosen and kind == "plain" else 1.8,
            )
        )
    trained = f"; trained up to {TRAINED_LETTERS}" if task == "reverse" else ""
    tracks(
        [Track(title(task), lines, 0, 1)],
        label=f"{title(task)}: " + ", ".join(names),
        title=f"{WHAT[task]} of the source{trained}",
        row=WHAT[task],
        start=1,
        at=TRAINED_LETTERS - 1 if task == "reverse" else None,
        key=f"{PREFIX}_lengths",
        height=440 if frame.presenting() else 340,
    )


def draw_probe(width: int, known: Array) -> None:
    """How well each place of the source can be read out of the vector."""
    n = len(known)
    tracks(
        [
            Track(
                "Letters read out of the vector, by a probe",
                [
                    Line(f"one vector of {width}", known, VERMILION, wide=3),
                    Line("chance", np.full(n, 1 / len(LETTERS)), GREY, dash="dotted", wide=1.5),
                ],
                0,
                1,
            )
        ],
        label=f"How often each of {n} letters can be read out of {width} numbers",
        title=f"place in a string of {n} letters",
        row="place",
        start=1,
        key=f"{PREFIX}_known",
        height=440 if frame.presenting() else 340,
    )


def average(found: ByLength, row: int, keep: NDArray[np.bool_]) -> float:
    """The share that is right among the examples of the kept lengths."""
    keep = keep & (found.counts > 0)
    if not keep.any():
        return math.nan
    return float((found.exact[row, keep] * found.counts[keep]).sum() / found.counts[keep].sum())


def sentences(task: str, width: int, names: dict[str, str], found: ByLength, known: Array | None) -> str:
    """Where the chosen vector fails, what the others do there, and what the vector holds."""
    order = list(names)
    row = order.index(f"one vector of {width}")
    longest = TRAINED_LETTERS if task == "reverse" else int(found.lengths.max())
    half = (longest + 1) // 2
    short, long = found.lengths <= half, (found.lengths > half) & (found.lengths <= longest)
    best = max(
        (at for at, name in enumerate(order) if name in SHORT.values()),
        key=lambda at: average(found, at, long),
        default=row,
    )
    said = (
        f"With one vector of **{width} numbers** {percent(average(found, row, short))} of the sources up to "
        f"{half} {WHAT[task]} come out right, and **{percent(average(found, row, long))}** of the longer "
        f"ones up to {longest}; {order[best]} gets {percent(average(found, best, long))} of these. "
    )
    if task == "reverse":
        bits = math.log2(len(LETTERS))
        said += (
            f"Every random letter is {bits:.1f} bits more to carry: {longest} letters are "
            f"{longest * bits:.0f} bits. "
        )
        if known is not None:
            worst = int(known.argmin())
            said += (
                f"Of a string of {len(known)} the probe reads the first letter in {percent(known[0])} of the "
                f"cases, the last in {percent(known[-1])}, and place {worst + 1}, the worst, in "
                f"{percent(known[worst])}. "
            )
        beyond = found.lengths > longest
        still = ", ".join(
            f"{percent(average(found, order.index(name), beyond))} ({name})"
            for name in SHORT.values()
            if name in order
        )
        said += (
            f"Beyond {longest} letters, which no model was trained on, {still} come out right: attention "
            "lifts the bottleneck, not every limit."
        )
    elif task == "dates":
        said += (
            f"A date is **little information, however long it is written**: one of {DAYS:,} days is "
            f"{math.log2(DAYS):.1f} bits. "
        )
        apart = abs(average(found, row, short) - average(found, row, long))
        differ = "come out right equally often" if apart < 0.005 else f"differ by {percent(apart)}"
        said += (
            f"Short and long ones {differ} here: what counts for the one vector is not the length but how "
            "much must get through."
        )
    else:
        said += "Each further word must get through the same vector."
    return said


def length_rows(names: list[str], found: ByLength) -> Rows:
    """One row a length."""
    rows: Rows = [("length", "examples", *names)]
    rows += [
        (str(n), str(count), *("" if np.isnan(value) else f"{value:.4f}" for value in found.exact[:, at]))
        for at, (n, count) in enumerate(zip(found.lengths, found.counts, strict=True))
    ]
    return rows
