"""Relatives of the LSTM: Elman and Jordan, stacked and both directions, Hopfield's memory."""

import time
from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import frame, working
from app.recurrent_gates import cached
from app.recurrent_gates.fading import exponent, quoted, spelled
from app.recurrent_gates.notes_memory import (
    HOW_FEEDBACK,
    HOW_HOPFIELD,
    HOW_SEEN,
    READ_FEEDBACK,
    READ_HOPFIELD,
    READ_SEEN,
)
from app.recurrent_gates.shared import FIGURE, PREFIX, Rows, Shown, exports, tell
from app.state import choice, plain, url_text, whole
from components.charts import SKY, VERMILION
from components.lattice import Edge, Network, Shade, lattice
from components.recall import recall_picture
from components.tracks import Line, Track, tracks
from models.feedback import feedback
from models.hopfield import LETTERS, SHAPE, letters, random_patterns, recall
from models.quantise import percent
from models.traces import Provenance
from models.traces_memory import Recall, Seen

RELATIVES = {
    "hopfield": "Hopfield recall",
    "feedback": "Elman and Jordan",
    "seen": "Stacked and both directions",
}
MOST_STEPS = 16  # of an unrolled network: what can still be told apart
FEEDBACK_TEXT = "..*....?.."
SEEN_TEXT = "it was not bad"
WEIGHTS = tuple(f"{value:g}" for value in np.arange(0, 4.25, 0.25))
SPEECH = {"asked": "only when asked (?)", "always": "always what it holds"}
NETWORKS = {"one": (1, False), "stacked": (2, False), "both": (1, True), "all": (2, True)}
NAMES = {
    "one": "One direction",
    "stacked": "Two layers, one direction",
    "both": "Both directions",
    "all": "Two layers, both directions",
}
PATTERNS = {"letters": "letters", "random": "random"}
NOISE = tuple(str(value) for value in range(0, 55, 5))
STORED = tuple(str(value) for value in (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 41, 60, 90))
SHARES = (0.1, 0.25)  # of the cue turned round, where many networks are compared
LOAD_STEP = 0.02
LOADS = tuple(float(load) for load in np.round(np.arange(LOAD_STEP, 0.301, LOAD_STEP), 2))


def relatives(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """The view: one of three relatives."""
    with controls:
        row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    with row:
        which = choice(
            "Relative", list(RELATIVES), key=f"{PREFIX}_rel", name=RELATIVES.__getitem__, width=240
        )
    return {"hopfield": show_hopfield, "feedback": show_feedback, "seen": show_seen}[which](row, picture)


# --- Hopfield -----------------------------------------------------------------------------------------


def show_hopfield(row: DeltaGenerator, picture: DeltaGenerator) -> Shown:
    """Recall of a noisy pattern, and how many patterns a network can hold."""
    with row:
        kind = choice("Patterns", list(PATTERNS), key=f"{PREFIX}_hop", name=PATTERNS.__getitem__, width=120)
        slider: dict[str, Any] = {"field": st.select_slider, "width": 200}
        stored = int(choice("Patterns stored P", STORED, default="4", key=f"{PREFIX}_hop_p", **slider))
        noise = int(
            choice(
                "Wrong units in the cue",
                NOISE,
                default="25",
                key=f"{PREFIX}_hop_noise",
                name=lambda share: f"{share} %",
                **slider,
            )
        )
        count = min(stored, len(LETTERS)) if kind == "letters" else stored
        sought = whole("Pattern sought", 1, 1, int(STORED[-1]), key=f"{PREFIX}_hop_k", width=120)
        seed = whole("Seed", 0, 0, 999, key=f"{PREFIX}_hop_seed", width=110)
    with picture:
        if count < stored:
            st.caption(f"There are {len(LETTERS)} letters, so {count} are stored.")
        if sought > count:
            st.caption(f"Pattern {sought} is not stored; pattern {count} is sought.")
            sought = count
        started = time.perf_counter()
        patterns, shape = letters(count) if kind == "letters" else (random_patterns(count, seed), SHAPE)
        trace = recall(patterns, sought - 1, noise / 100, seed)
        spent = (time.perf_counter() - started) * 1000
        load = count / patterns.shape[1]
        title = f"Hopfield network of {patterns.shape[1]} units recalling one of {count} patterns"
        room = frame.presenting()
        with st.container(key=FIGURE):
            above, below = st.container(), st.container()
        with row if room else below:
            many = st.toggle("How many can it hold?", key=f"{PREFIX}_hop_load", bind="query-params")
        if not (room and many):  # one of the two fills a room
            with above:
                recall_picture(
                    trace,
                    shape,
                    name=f"{kind}-{count}-{noise}-{sought}-{seed}",
                    label=title,
                    key=f"{PREFIX}_hop_picture",
                    height=390 if room else 300,
                )
        if many:
            with below:
                show_capacity(load, height=480 if room else 230)
        made = Provenance(
            "Hopfield network",
            f"seed {seed}",
            "float64",
            "cpu",
            0,
            spent,
            {"numpy": version("numpy")},
            note=f"{patterns.shape[1]} units",
        )
        rows: Rows = [("turn", "unit", "asked", "energy", "overlap")]
        for turn, (energy, overlaps) in enumerate(zip(trace.energy, trace.overlaps, strict=True)):
            unit, asked = (str(trace.flips[turn - 1]), str(trace.asked[turn - 1])) if turn else ("", "0")
            rows.append((str(turn), unit, asked, f"{energy:.6g}", f"{overlaps[trace.target]:.6g}"))
        tell(hopfield_sentences(trace, kind), rows, made, "hopfield", title)
    return Shown(
        exports(rows, "hopfield"), READ_HOPFIELD, HOW_HOPFIELD, made, sources=("hopfield1982", "amit1985")
    )


def show_capacity(load: float, *, height: int) -> None:
    """The mean overlap after recall against the load, for 10 % and 25 % of the cue turned round."""
    found = np.zeros((len(SHARES), len(LOADS)))
    with working.shown("Recalling in some hundred networks", key=f"{PREFIX}_hop_all", unit="Network") as work:
        for done, (i, j) in enumerate(np.ndindex(found.shape)):
            found[i, j] = cached.hopfield_overlap(LOADS[j], SHARES[i], on_wait=work.wait)
            work.progress(done + 1, found.size)
    lines = [
        Line(f"{percent(share)} of the cue turned round", values, colour)
        for share, values, colour in zip(SHARES, found, (SKY, VERMILION), strict=True)
    ]
    nearest = int(np.abs(np.array(LOADS) - load).argmin())
    tracks(
        [Track("Overlap at rest", lines, 0, 1)],
        label="Overlap with the pattern at rest against the load",
        title="load P/N · random patterns in 300 units, means of 12 networks · dashed: the present load",
        row="load",
        start=LOAD_STEP,
        step=LOAD_STEP,
        at=nearest,
        key=f"{PREFIX}_hop_capacity",
        height=height,
    )


def hopfield_sentences(trace: Recall, kind: str) -> str:
    """What was recalled, how far the energy fell, and what the state looks most like."""
    units, count = len(trace.cue), len(trace.patterns)
    first, last = trace.overlaps[0, trace.target], trace.overlaps[-1, trace.target]
    best = int(np.abs(trace.overlaps[-1]).argmax())
    name = (lambda k: f"the letter {LETTERS[k]}") if kind == "letters" else (lambda k: f"pattern {k + 1}")
    said = (
        f"{count} patterns in {units} units are a load of {count / units:.3f}. The cue overlaps "
        f"{first:.2f} with {name(trace.target)}; {len(trace.flips)} turns later the network is at rest "
        f"with {last:.2f}. The energy fell from {trace.energy[0]:.1f} to {trace.energy[-1]:.1f} and never "
        "rose. "
    ).replace("-", "−")
    if last == 1:
        return said + "The pattern is found without an error."
    if trace.energy[-1] < trace.stored_energy - 1e-9:
        said += (
            f"It rests deeper than the stored pattern at {trace.stored_energy:.1f}: in a state that "
            f"nobody stored. "
        ).replace("-", "−")
    if best != trace.target:
        return said + f"What it shows is nearest to {name(best)}, at {trace.overlaps[-1, best]:.2f}.".replace(
            "-", "−"
        )
    return said + f"It stays wrong in {round((1 - last) / 2 * units)} units."


# --- Elman and Jordan ---------------------------------------------------------------------------------

ROWS = ("input", "memory", "output")
ELMAN: tuple[Edge, ...] = ((0, 1, 0), (1, 2, 0), (1, 1, 1))
JORDAN: tuple[Edge, ...] = ((0, 1, 0), (1, 2, 0), (2, 1, 1))
ASKED: tuple[Edge, ...] = ((0, 2, 0),)


def steps_text(key: str, default: str, label: str, example: str) -> str:
    """The text of an unrolled network: a step a character."""
    text = url_text(label, default, key=key, width=240) or example
    if len(text) > MOST_STEPS:
        st.caption(f"The text has {len(text):,} characters; the first {MOST_STEPS} are read.")
    return text[:MOST_STEPS]


def shown_step(key: str, default: int, text: str) -> int:
    """The place of the output that is looked at; steps are counted from 1."""
    step = whole("Output at step", default, 1, MOST_STEPS, key=key, show=False)
    return min(step, len(text)) - 1


def show_feedback(row: DeltaGenerator, picture: DeltaGenerator) -> Shown:
    """The same weights with the feedback from the memory and from the output."""
    with row:
        text = steps_text(f"{PREFIX}_el_text", FEEDBACK_TEXT, "Text: * to remember, ? to ask", FEEDBACK_TEXT)
        speech = choice(
            "The output speaks", list(SPEECH), key=f"{PREFIX}_el_out", name=SPEECH.__getitem__, width=230
        )
        weight = float(
            choice(
                "Feedback weight",
                WEIGHTS,
                default="3",
                key=f"{PREFIX}_el_w",
                field=st.select_slider,
                width=200,
            )
        )
    with picture:
        at = shown_step(f"{PREFIX}_el_at", FEEDBACK_TEXT.index("?") + 1, text)
        started = time.perf_counter()
        found = feedback(text, weight, "asked" if speech == "asked" else "always")
        spent = (time.perf_counter() - started) * 1000
        extra = ASKED if speech == "asked" else ()
        title = "Elman feeds its memory back, Jordan its output"
        with st.container(key=FIGURE):
            lattice(
                [
                    Network("Elman: the memory reads itself", ROWS, ELMAN + extra, found.elman),
                    Network("Jordan: the memory reads the last output", ROWS, JORDAN + extra, found.jordan),
                ],
                Shade("value of a unit", 0, 1),
                letters=tuple(text),
                at=at,
                param=f"{PREFIX}_el_at",
                label=title,
                key=f"{PREFIX}_el_picture",
                height=350,
            )
        made = Provenance(
            "Two networks with the same weights",
            "made by hand",
            "float64",
            "cpu",
            0,
            spent,
            {"numpy": version("numpy")},
            note=f"{len(text)} steps",
        )
        rows: Rows = [
            ("step", "character", *(f"{net} {name}" for net in ("Elman", "Jordan") for name in ROWS))
        ]
        for step, character in enumerate(text):
            numbers = (*found.elman[:, step], *found.jordan[:, step])
            rows.append((str(step + 1), spelled(character), *(f"{value:.6g}" for value in numbers)))
        elman, jordan = found.elman[:, at], found.jordan[:, at]
        sentences = (
            f"At step {at + 1}, {plain(quoted(text[at]))}, Elman's memory is {elman[1]:.2f} and its output "
            f"{elman[2]:.2f}; Jordan's are {jordan[1]:.2f} and {jordan[2]:.2f}. Both have the same "
            "weights; only the start of the arrow back differs. "
            + (
                "An output that keeps silent hands nothing back, so Jordan's memory is gone one step "
                "after the star."
                if speech == "asked"
                else "As long as the output says aloud what the memory holds, Jordan reads it back "
                "and keeps it too."
            )
        )
        tell(sentences, rows, made, "elman-jordan", title)
    return Shown(
        exports(rows, "elman-jordan"), READ_FEEDBACK, HOW_FEEDBACK, made, sources=("elman1990", "jordan1986")
    )


# --- stacked, both directions -------------------------------------------------------------------------


def edges(layers: int, both: bool) -> tuple[Edge, ...]:
    """The roads of an unrolled network from the input (row 0) to the output."""
    ways = 2 if both else 1
    found: list[Edge] = []
    below = [0]
    for layer in range(layers):
        own = [1 + layer * ways + way for way in range(ways)]
        found += [(low, high, 0) for low in below for high in own]
        found += [(high, high, -1 if way else 1) for way, high in enumerate(own)]
        below = own
    return (*found, *((low, 1 + layers * ways, 0) for low in below))


def show_seen(row: DeltaGenerator, picture: DeltaGenerator) -> Shown:
    """What each output of two networks has seen."""
    with row:
        text = steps_text(f"{PREFIX}_seen_text", SEEN_TEXT, "Text, a step a character", SEEN_TEXT)
        left = choice("Left", list(NETWORKS), key=f"{PREFIX}_seen_a", name=NAMES.__getitem__, width=230)
        right = choice(
            "Right", list(NETWORKS), key=f"{PREFIX}_seen_b", name=NAMES.__getitem__, default="all", width=230
        )
    with picture:
        at = shown_step(f"{PREFIX}_seen_at", 8, text)
        started = time.perf_counter()
        found = {name: cached.seen(len(text), *NETWORKS[name]) for name in (left, right)}
        spent = (time.perf_counter() - started) * 1000
        title = "Which inputs and states lead to an output"
        with st.container(key=FIGURE):
            lattice(
                [
                    Network(NAMES[name], found[name].rows, edges(*NETWORKS[name]), found[name].influence)
                    for name in (left, right)
                ],
                Shade("influence on the output", 0.001, 10, log=True, digits=3),
                letters=tuple(text),
                at=at,
                param=f"{PREFIX}_seen_at",
                label=title,
                key=f"{PREFIX}_seen_picture",
                height=490 if frame.presenting() else 380,
            )
        made = Provenance(
            "Tanh networks of 8 units a layer and direction",
            "untrained, seed 0",
            "float64",
            "cpu",
            0,
            spent,
            {"torch": version("torch")},
            note=f"{len(text)} steps",
        )
        rows = seen_rows(found, text, range(len(text)))
        said = " ".join(seen_sentence(NAMES[name], trace, at) for name, trace in found.items())
        sentences = f"Look at the output at step {at + 1}. {said} What no road leads from counts exactly 0."
        tell(sentences, seen_rows(found, text, [at]), made, "seen", title)
    return Shown(exports(rows, "seen"), READ_SEEN, HOW_SEEN, made, sources=("schuster1997",))


def seen_rows(found: dict[str, Seen], text: str, outputs: Iterable[int]) -> Rows:
    """How much each node counts for these outputs."""
    rows: Rows = [
        ("network", "output", "row", *(f"{s} {spelled(letter)}" for s, letter in enumerate(text, 1)))
    ]
    rows += [
        (NAMES[name], str(t + 1), label, *(f"{value:.6g}" for value in trace.influence[t, r]))
        for name, trace in found.items()
        for t in outputs
        for r, label in enumerate(trace.rows[:-1])
    ]
    return rows


def seen_sentence(name: str, trace: Seen, at: int) -> str:
    """How many inputs an output has seen, and how unevenly."""
    inputs = trace.influence[at, 0]
    there = inputs > 0
    return (
        f"{name}: it has seen {int(there.sum())} of {len(inputs)} inputs "
        f"({percent(float(there.mean()))}); the nearest counts {inputs[at]:.2f}, "
        f"the weakest of them {exponent(float(inputs[there].min()))}."
    )
