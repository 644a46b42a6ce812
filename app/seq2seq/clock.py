"""Time: how many steps must wait for each other, and milliseconds on request."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import frame, working
from app.seq2seq.bottleneck import COLOURS
from app.seq2seq.notes import HOW_TIME, READ_TIME
from app.seq2seq.shared import FIGURE, PREFIX, SHORT, tell
from app.shown import Rows, Shown, exports
from app.state import choice
from components import charts
from models.seq2seqcards import NAMES
from models.traces import Provenance
from models.traces_seq2seq import Times

LENGTHS = tuple(str(5 * 2**power) for power in range(8))
LAYERS = 2  # in the Transformer's encoder, and as many in its decoder


@dataclass(frozen=True)
class Waits:
    """Steps that must wait for each other, from n source tokens to n target tokens.

    A step is one cell of an LSTM or one layer of the Transformer, each for one or for all tokens at once.
    ``trained`` is the whole target at once, with all right tokens given; ``writing`` token by token.
    """

    reading: int
    writing: int
    trained: int

    @property
    def running(self) -> int:
        """To read and to write."""
        return self.reading + self.writing

    @property
    def training(self) -> int:
        """The forward half of a training pass."""
        return self.reading + self.trained


def waits(kind: str, n: int) -> Waits:
    """The steps of a kind of model for n tokens."""
    return Waits(LAYERS, LAYERS * n, LAYERS) if kind == "transformer" else Waits(n, n, n)


def clock(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown:
    """The view: a table of steps for n tokens, and measured milliseconds."""
    with controls:
        n = int(
            choice(
                "Tokens n, of the source and of the target",
                LENGTHS,
                default="20",
                key=f"{PREFIX}_n",
                field=st.select_slider,
                width=320,
            )
        )
    started = time.perf_counter()
    grid = np.array([int(length) for length in LENGTHS])
    lstm, transformer = ([waits(kind, int(each)) for each in grid] for kind in ("luong", "transformer"))
    spent = (time.perf_counter() - started) * 1000
    with picture:
        with st.container(key=FIGURE):
            left, right = st.columns([6, 5], gap="medium")
            with left:
                st.markdown("**Steps that must wait for each other, n tokens in and n out**")
                lines = [
                    charts.Curve(
                        "LSTMs" if frame.presenting() else "LSTMs, either",
                        grid,
                        np.array([each.running for each in lstm]),
                        COLOURS["luong"],
                        True,
                    ),
                    charts.Curve(
                        "Transformer" if frame.presenting() else "Transformer, to read and write",
                        grid,
                        np.array([each.running for each in transformer]),
                        COLOURS["transformer"],
                        True,
                        True,
                    ),
                    charts.Curve(
                        "in training" if frame.presenting() else "Transformer, in training",
                        grid,
                        np.array([each.training for each in transformer]),
                        COLOURS["transformer"],
                        True,
                    ),
                ]
                frame.chart(
                    charts.curves(
                        lines,
                        x="tokens n",
                        y="steps",
                        log="xy",
                        marks={f"n = {n}": n},
                        ticks=[int(length) for length in LENGTHS],
                        decades="~g",
                        height=300,
                    )
                )
            with right:
                if not frame.presenting():
                    st.markdown(table(n))
                measured = working.measured(
                    "Measuring four networks",
                    measure,
                    key=f"{PREFIX}_times",
                    unit="Measurement",
                    help="Runs a training pass of each network at six lengths up to 160 tokens; some ten "
                    "seconds.",
                )
                if measured:
                    st.markdown(
                        "**Milliseconds of a training pass on this machine**, "
                        f"{measured.batch} examples at once"
                    )
                    frame.chart(measured_chart(measured))
        made = Provenance(
            "Counted",
            "steps of models/seq2seqnets.py",
            "exact",
            "cpu",
            n,
            spent,
            {"numpy": version("numpy")},
            note=f"measured in float32 on {measured.threads} CPU threads, medians of {measured.repeats}, "
            f"torch {measured.version}"
            if measured
            else "",
        )
        rows = time_rows(measured)
        tell(sentences(n, measured), rows, made, "seq2seq-time", "Steps that must wait for each other")
    return Shown(exports(rows, "seq2seq-time"), READ_TIME, HOW_TIME, made, sources=("vaswani2017",))


def measure(progress: Callable[[int, int], object]) -> Times:
    """Milliseconds of the networks by length on this machine."""
    from models.seq2seqstudy import times

    return times(progress=progress)


def table(n: int) -> str:
    """Steps at the chosen n."""
    head = f"| n = {n} | to read | to write | both | in training |\n|---|--:|--:|--:|--:|\n"
    return head + "\n".join(
        f"| {SHORT[kind]} | {each.reading:,} | {each.writing:,} | **{each.running:,}** | {each.training:,} |"
        for kind in NAMES
        for each in [waits(kind, n)]
    )


def measured_chart(measured: Times) -> object:
    """Milliseconds against the length; in a room the lines need the width that long names would take."""
    names = SHORT if frame.presenting() else NAMES
    lines = [
        charts.Curve(names[kind], np.array(measured.lengths), values, COLOURS[kind], True, kind == "bahdanau")
        for kind, values in zip(measured.models, measured.milliseconds, strict=True)
    ]
    return charts.curves(
        lines, x="tokens n", y="milliseconds", log="xy", ticks=measured.lengths, decades="~g", height=210
    )


def time_rows(measured: Times | None) -> Rows:
    """Steps by length, and milliseconds where they are known."""
    rows: Rows = [
        ("model", "n", "steps to read", "to write", "in training", "milliseconds of a training pass")
    ]
    for row, (kind, name) in enumerate(NAMES.items()):
        for length in LENGTHS:
            n = int(length)
            spent = ""
            if measured and n in measured.lengths:
                spent = f"{measured.milliseconds[row, measured.lengths.index(n)]:.2f}"
            each = waits(kind, n)
            rows.append((name, length, str(each.reading), str(each.writing), str(each.training), spent))
    return rows


def sentences(n: int, measured: Times | None) -> str:
    """Steps at n, and how the measured times grow."""
    lstm, transformer = waits("luong", n), waits("transformer", n)
    said = (
        f"To turn {n:,} tokens into {n:,}, an LSTM runs {lstm.reading:,} cells to read and {lstm.writing:,} "
        f"to write: **{lstm.running:,} steps, each waiting for the one before**, in training too. "
        f"The Transformer reads in {transformer.reading}, its layers, however long the text; it writes in "
        f"{transformer.writing:,}, {LAYERS} for each token, since each waits for the one before: "
        f"{transformer.running:,} together. In training it sees all right tokens at once and needs "
        f"**{transformer.training}** in all. "
    )
    if measured:
        at = measured.lengths.index(n) if n in measured.lengths else -1
        took = dict(zip(measured.models, measured.milliseconds[:, at], strict=True))
        said += (
            f"Measured at {measured.lengths[at]} tokens, a training pass takes {took['bahdanau']:.0f} ms "
            f"with Bahdanau's attention, {took['luong']:.0f} ms with Luong's and "
            f"{took['transformer']:.0f} ms in the Transformer."
        )
    return said
