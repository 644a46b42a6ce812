"""Wire your own cell: one unit, a weight and a bias for each gate, and puzzles checked on the exact trace."""

import time
from importlib.metadata import version
from typing import get_args

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import frame
from app.recurrent_gates.fading import exponent, quoted, spelled
from app.recurrent_gates.find import minus
from app.recurrent_gates.notes_memory import HOW_WIRE, READ_WIRE
from app.recurrent_gates.reading import characters
from app.recurrent_gates.shared import FIGURE, PREFIX, Rows, Shown, exports, tell
from app.state import choice, plain, url_text
from components.charts import GREY, ORANGE
from components.colours import GATE_HUES
from components.tracks import Line, Track, tracks
from models.traces import Provenance
from models.traces_memory import Check, UnitTrace
from models.wire import GATES, PUZZLES, Cell, Puzzle, Wiring, run

CELLS: tuple[Cell, ...] = get_args(Cell)
LONGEST = 120  # characters: what can still be read under the picture
NUMBERS = tuple(str(value) for value in range(-40, 41))
# a counter whose forget gate leaks: 0.88 instead of 1
OPENING = {
    "input": (0, 20),
    "forget": (0, 2),
    "candidate": (10, 0),
    "output": (0, 20),
    "reset": (0, -20),
    "update": (0, 2),
}
WIRE_OPENING = {
    "wire": "count",
    "wire_cell": "lstm",
    "wire_text": "",
    **{
        f"wire_{gate}_{part}": str(number)
        for gate, pair in OPENING.items()
        for part, number in zip("wb", pair, strict=True)
    },
}
SIGNS = {"input": "i", "forget": "f", "candidate": "g", "output": "o", "reset": "r", "update": "z"}


def wire_your_own(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """The view: a puzzle, a cell, its sliders at the left, its trace at the right."""
    with controls, st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        name = choice(
            "Puzzle",
            list(PUZZLES),
            key=f"{PREFIX}_wire",
            name=lambda each: PUZZLES[each].name,
            default="count",
            field=st.segmented_control,
            required=True,
            wrap=True,
        )
        cell: Cell = choice(  # type: ignore[assignment]
            "Cell",
            CELLS,
            key=f"{PREFIX}_wire_cell",
            name=str.upper,
            field=st.segmented_control,
            required=True,
        )
        puzzle = PUZZLES[name]
        solution = puzzle.solutions.get(cell)
        st.button(
            "Show a solution",
            icon=":material/lightbulb:",
            disabled=solution is None,
            help=puzzle.impossible.get(cell, "Sets the sliders; others work too."),
            on_click=set_sliders,
            args=(solution or {},),
        )
        st.button("Start again", icon=":material/restart_alt:", on_click=set_sliders, args=(OPENING,))
    with picture:
        left, right = st.columns([5, 8], gap="medium")
    with left:
        wiring = sliders(cell)
    with controls if frame.presenting() else right:
        text = url_text(
            "Own text",
            "",
            key=f"{PREFIX}_wire_text",
            placeholder="Own text; empty: the puzzle's",
            label_visibility="collapsed",
        )
        text = text or puzzle.text
        if len(text) > LONGEST:
            st.caption(f"The text has {len(text):,} characters; the first {LONGEST} are read.")
            text = text[:LONGEST]
    return show(puzzle, cell, wiring, text, right, picture)


def set_sliders(wiring: Wiring) -> None:
    """Move the sliders of these gates; a callback."""
    for gate, numbers in wiring.items():
        for part, number in zip("wb", numbers, strict=True):
            st.session_state[f"{PREFIX}_wire_{gate}_{part}"] = f"{number:g}"


def sliders(cell: Cell) -> dict[str, tuple[float, float]]:
    """A weight and a bias for each gate."""
    wiring = {}
    for gate in GATES[cell]:
        sign = "n" if (cell, gate) == ("gru", "candidate") else SIGNS[gate]
        function = "tanh" if gate == "candidate" else "σ"
        with st.container(gap="xxsmall"):
            formula = st.empty()
            with st.container(horizontal=True, gap="small", wrap=not frame.presenting()):
                wiring[gate] = (
                    slider(f"Weight w of {gate}", gate, "w"),
                    slider(f"Bias b of {gate}", gate, "b"),
                )
            # a room reads the numbers here, since the sliders' own are small
            numbers = [f"{number:g}".replace("-", "−") for number in wiring[gate]]
            w, b = numbers if frame.presenting() else "wb"
            more = " + r·h" if sign == "n" else ""
            inner = f"{w}·x + {b}{more}".replace("+ −", "− ")
            formula.markdown(f"**{gate.capitalize()}** {sign} = {function}({inner})")
    return wiring


def slider(label: str, gate: str, part: str) -> float:
    """One number of the wiring."""
    default = str(OPENING[gate]["wb".index(part)])
    return float(
        choice(
            label,
            NUMBERS,
            default=default,
            key=f"{PREFIX}_wire_{gate}_{part}",
            field=st.select_slider,
            label_visibility="collapsed",
            name=lambda number: f"{part} = {number}".replace("-", "−"),
        )
    )


def show(
    puzzle: Puzzle, cell: Cell, wiring: Wiring, text: str, drawn: DeltaGenerator, said: DeltaGenerator
) -> Shown:
    """The trace against what the puzzle asks for, and the gates below it."""
    started = time.perf_counter()
    trace = run(cell, wiring, puzzle.encode(text))
    check = puzzle.check(text, trace)
    spent = (time.perf_counter() - started) * 1000
    state = "c" if cell == "lstm" else "h"
    watched = state if puzzle.watched == "state" else "h"
    inputs = ", ".join(
        f"{plain(quoted(character))} is {x:g}".replace("-", "−") for character, x in puzzle.inputs.items()
    )
    task = f"{puzzle.task} The input x of {inputs}; all others are 0."
    lines = [Line(f"asked of {watched}", check.target, GREY, wide=9, pale=True, steps=True)]
    lines.append(Line(f"{state}, kept", trace.state, ORANGE, wide=2.6, steps=True))
    if cell == "lstm":
        lines.append(Line("h, shown", trace.hidden, GREY, dash="dashed", wide=1.8, steps=True))
    every = np.concatenate([line.values for line in lines])
    low, high = min(0.0, float(np.floor(every.min()))), max(1.0, float(np.ceil(every.max())))
    gates = [
        Line(
            "n candidate" if (cell, gate) == ("gru", "candidate") else f"{SIGNS[gate]} {gate}",
            trace.gates[gate],
            *GATE_HUES[gate],
            wide=2,
            dash="dashed" if gate == "output" else "solid",  # it often lies on another
            steps=True,
        )
        for gate in GATES[cell]
    ]
    title = f"{puzzle.name}: one {cell.upper()} unit, wired by hand"
    with drawn, st.container(key=FIGURE):
        st.markdown(f"{task}  \n{verdict(puzzle, cell, check, text, watched)}")
        tracks(
            [Track("", lines, low, high, share=3), Track("", gates, -1, 1, share=2)],
            letters=tuple(text),
            row="character",
            start=1,
            label=title,
            key=f"{PREFIX}_wire_picture",
            height=310 if frame.presenting() else 330,
        )
    made = Provenance(
        f"One {cell.upper()} unit",
        "wired by hand",
        "float64",
        "cpu",
        0,
        spent,
        {"numpy": version("numpy")},
        note=f"{len(text)} steps",
    )
    rows: Rows = [
        ("step", "character", "x", *GATES[cell], state, *(["h"] if cell == "lstm" else []), "asked")
    ]
    for step, character in enumerate(text):
        numbers = [
            trace.x,
            *trace.gates.values(),
            trace.state,
            *([trace.hidden] if cell == "lstm" else []),
            check.target,
        ]
        rows.append((str(step + 1), spelled(character), *(f"{values[step]:.6g}" for values in numbers)))
    with said:
        tell(sentences(puzzle, cell, trace, check, text), rows, made, f"wire-{cell}", title)
    return Shown(
        exports(rows, f"wire-{cell}"), READ_WIRE, HOW_WIRE, made, sources=("hochreiter1997", "weiss2018")
    )


def verdict(puzzle: Puzzle, cell: Cell, check: Check, text: str, watched: str) -> str:
    """Solved, not yet, or never, with the number that says so."""
    if check.solved:
        return f"**Solved.** Nowhere is {watched} further than {exponent(check.miss)} from what is asked."
    where = f"at character {check.worst + 1}, {plain(quoted(text[check.worst]))},"
    said = f"Furthest off {where} {watched} is {minus(check.watched[check.worst])} and should be "
    said += f"{minus(check.target[check.worst])}."
    if cell in puzzle.impossible:
        return f"**It cannot be done:** {puzzle.impossible[cell]} {said}"
    return f"**Not yet.** {said}"


def sentences(puzzle: Puzzle, cell: Cell, trace: UnitTrace, check: Check, text: str) -> str:
    """How much is kept a step and over the text, and how far the state gets."""
    name = "forget" if cell == "lstm" else "update"
    keep = trace.gates[name]
    low, high = (exponent(float(value)) for value in (keep.min(), keep.max()))
    keeps = low if low == high else f"between {low} and {high}"
    said = (
        f"The {name} gate keeps {keeps} of the state at a step; over all {characters(len(text))} "
        f"{exponent(float(np.prod(keep)))} of what was there at first is left. "
    )
    moves = f"moves between {minus(trace.state.min())} and {minus(trace.state.max())}"
    if cell == "gru":
        said += f"h {moves}; a GRU has no other state, and h is a mean of numbers between −1 and 1. "
    else:
        said += (
            f"c {moves}, h = o · tanh(c) between {minus(trace.hidden.min())} and {minus(trace.hidden.max())}"
        )
        said += ": read the count from c. " if puzzle is PUZZLES["count"] else ". "
    asked = f"{minus(check.target.min())} to {minus(check.target.max())}"
    watched = "c" if puzzle.watched == "state" and cell == "lstm" else "h"
    return f"{said}The puzzle asks for {asked} of {watched}."
