"""The fourth view: force one unit over a stretch of text, see what the model says then, and a control."""

from dataclasses import replace

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import frame, working
from app.recurrent_gates import cached, notes
from app.recurrent_gates.cell import chosen, csv_text
from app.recurrent_gates.find import minus, stretch
from app.recurrent_gates.reading import asked, below, characters, named, opening_unit, quoted, trace_of
from app.recurrent_gates.shared import FIGURE, PREFIX, Rows, Shown, exports, tell
from app.state import Param, choice, plain, read_view
from components.charts import GREY, ORANGE
from components.painted_text import Painted, painted_text
from components.tracks import Line, Track, tracks
from models.traces import Array
from models.traces_recurrent import CharTrace, Surgery, SurgeryRun

WRITTEN = 160  # characters that the model writes on
LITTLE = 0.05  # bits: guesses that part by less are the same to the eye
INK = ("#1f2733", "#e8ecf1")  # light, dark
ROOM_TEXT, ROOM_WRITTEN = 320, 125  # px of the pictures in a room
LIMIT = 1000.0  # largest value a state may be set to
# By kind of model: what can be done, in words, and the value that it forces
CUTS: dict[str, dict[str, tuple[str, str, float]]] = {
    "LSTM": {
        "forget1": ("hold the forget gate open", "forget", 1.0),
        "forget0": ("hold the forget gate shut", "forget", 0.0),
        "input0": ("hold the input gate shut", "input", 0.0),
        "input1": ("hold the input gate open", "input", 1.0),
        "output0": ("hold the output gate shut", "output", 0.0),
        "output1": ("hold the output gate open", "output", 1.0),
        "freeze": ("freeze the cell state", "freeze", 0.0),
        "set": ("set the cell state to", "set", 0.0),
    },
    "GRU": {
        "update1": ("hold the update gate at 1: keep", "update", 1.0),
        "update0": ("hold the update gate at 0: write", "update", 0.0),
        "reset0": ("hold the reset gate shut", "reset", 0.0),
        "freeze": ("freeze the state", "freeze", 0.0),
        "set": ("set the state to", "set", 0.0),
    },
    "RNN": {"freeze": ("freeze the state", "freeze", 0.0), "set": ("set the state to", "set", 0.0)},
}
# Where nothing is asked for: what takes the bracket counter its count
TURNED = {"LSTM": "forget0", "GRU": "update1", "RNN": "freeze"}


def value(text: str) -> float:
    """A number of the address."""
    number = float(text or "0")
    if not abs(number) <= LIMIT:
        raise ValueError(text)
    return number


def gate_surgery(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """Unit, stretch and what is forced; then the guesses and the text that follow, beside a control."""
    text, model = asked(controls, one_way=True)
    with picture:
        trace = trace_of(text, model)
        if trace is None:
            return None
        kind, (layers, _, n, units) = trace.gates.kind, trace.gates.hidden.shape
        given = read_view(
            PREFIX,
            [
                Param("part", "", below(layers), "the first layer is shown", rerun=True),
                Param("unit", "", below(units), f"there are units 0–{units - 1}", rerun=True),
                Param("stretch", "", stretch, "the brackets are taken", rerun=True),
                Param("value", "", value, f"a state is set to a number up to {LIMIT:g}", rerun=True),
                Param("seed", "1", below(10_000), "the first draw is shown", rerun=True),
            ],
            of=(text, model),
        )
        first = opening_unit(trace.card, "depth")
        part = first[0] if given["part"] is None else given["part"]
        unit = first[1] if given["unit"] is None else given["unit"]
        with controls, st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            if layers > 1:
                chosen("Layer", f"{PREFIX}_part", part, [f"layer {each + 1}" for each in range(layers)])
            chosen("Unit", f"{PREFIX}_unit", unit, [f"unit {each}" for each in range(units)])
            what = choice(
                "Surgery",
                list(CUTS[kind]),
                key=f"{PREFIX}_what",
                default=TURNED[kind],
                name=lambda name: CUTS[kind][name][0],
                label_visibility="collapsed",
                width=290,
            )
            words, forced, level = CUTS[kind][what]
            if what == "set":
                level = number_field(given["value"])
            seed = given["seed"] or 0
            st.button(
                "Draw again",
                key=f"{PREFIX}_redraw",
                icon=":material/casino:",
                help="Another control unit, and other random numbers for the written text",
                on_click=lambda: st.session_state.update({f"{PREFIX}_seed": str((seed + 1) % 10_000)}),
            )
        start, end = given["stretch"] or first_stretch(text)
        start, end = (start, end) if end <= n else first_stretch(text)
        cut = Surgery(forced, unit, start, end, level, part)
        with working.shown("Three runs, step by step", key=f"{PREFIX}_cut_{model}_{hash((text, cut, seed))}"):
            other = replace(cut, unit=cached.control_unit(unit, units, seed))
            runs = [cached.surgery(model, text, each, WRITTEN, seed) for each in (None, cut, other)]
        return draw(trace, text, cut, other, words, runs)


def number_field(now: float) -> float:
    """The value that a state is set to."""
    key = f"{PREFIX}_value"
    st.session_state[f"{key}_box"] = now

    def take() -> None:
        if st.session_state[f"{key}_box"] is not None:
            st.session_state[key] = f"{st.session_state[f'{key}_box']:g}"

    st.number_input(
        "Value", -LIMIT, LIMIT, key=f"{key}_box", on_change=take, label_visibility="collapsed", width=130
    )
    return now


def first_stretch(text: str) -> tuple[int, int]:
    """What is operated on where nobody has marked anything: the brackets that nest deepest, till one closes.

    Without brackets the first quotation, else the middle third.
    """
    depth = cached.rule_labels("depth", text)
    top = int(depth.argmax())
    if depth[top]:
        start = int(np.flatnonzero(depth[:top] == 0)[-1]) + 1 if (depth[:top] == 0).any() else 0
        closes = np.flatnonzero(depth[top:] < depth[top])
        return start, top + int(closes[0]) if len(closes) else len(text)
    opened = text.find('"')
    closed = text.find('"', opened + 1)
    if 0 <= opened < closed - 1:
        return opened + 1, closed
    return len(text) // 3, max(len(text) // 3 + 1, 2 * len(text) // 3)


def draw(
    trace: CharTrace, text: str, cut: Surgery, other: Surgery, words: str, runs: list[SurgeryRun]
) -> Shown:
    """The marked text, how far the guesses part, the kept state, and three continuations."""
    untouched, operated, control = runs
    parted = [cached.divergence(untouched, run) for run in (operated, control)]
    most = max(1.0, float(np.ceil(max(each.max() for each in parted))))
    who = (f"unit {cut.unit}", f"unit {other.unit}, drawn at random")
    room = frame.presenting()
    with st.container(key=FIGURE):
        # a room reads of the control below the picture
        above = st.columns([5, 3], gap="small") if room else st.columns(3, gap="medium")
        for place, run, name in zip(above[:-1], parted, who, strict=False):
            first = place is above[0]
            title = f"Guesses part: {name}" + (f", 0 to {most:g} bits" if room else "")
            with place:
                painted_text(
                    [Painted(title, text, run, 0.0, most)],
                    label=f"The text painted by how far the guesses part after surgery on {name}",
                    key=f"{PREFIX}_cut_{first}",
                    param=f"{PREFIX}_stretch" if first else "",
                    marked=(cut.start, cut.end),
                    focus=int(run.argmax()) if run.max() >= LITTLE else None,
                    height=ROOM_TEXT if room else 300,
                )
        with above[-1]:
            state = "c" if trace.gates.kind == "LSTM" else "h"
            before, steps = kept_state(trace, cut), np.arange(len(text))
            values = np.concatenate([before, operated.kept])
            low, high = float(np.floor(min(values.min(), 0))), float(np.ceil(max(values.max(), 1)))
            forced = np.where((steps >= cut.start) & (steps < cut.end), low, np.nan)
            lines = [
                Line("untouched", before, GREY, wide=5, pale=True),
                Line("operated", operated.kept, ORANGE, wide=1.8),
                Line("forced here", forced, INK[0], INK[1], wide=5),
            ]
            tracks(
                [Track(f"{state} of unit {cut.unit}", lines, low, high, digits=2)],
                label=f"{state} of unit {cut.unit}, untouched and operated on",
                row="character",
                title="character",
                start=1,
                key=f"{PREFIX}_cut_state",
                height=ROOM_TEXT if room else 200,
            )
        titles = ("Untouched, it writes on", f"After surgery on unit {cut.unit}", f"After unit {other.unit}")
        written = [
            continued(title, run, untouched if at else None)
            for at, (title, run) in enumerate(zip(titles, runs, strict=True))
        ]
        if room:
            painted_text(
                written,
                label="What the model writes: untouched, after the surgery, after that on the control",
                key=f"{PREFIX}_written",
                rows=True,
                focus=first_other(untouched, operated),
                height=ROOM_WRITTEN,
            )
        else:
            for at, below in enumerate(st.columns(3, gap="medium")):
                with below:
                    painted_text(
                        [written[at]],
                        label=f"{titles[at]}: what the model writes",
                        key=f"{PREFIX}_written_{at}",
                        height=200,
                    )
    red = "Red lines: letters that the untouched run did not write."
    drag = f"Drag over the first text to mark another stretch. Ink: 0 to {most:g} bits a character. "
    st.caption(red if room else drag + red)
    rows = table(text, runs, parted)
    stem = f"surgery-{trace.card.id}-{cut.unit}"
    tell(
        sentences(text, trace.alphabet, cut, other, words, runs, parted),
        rows,
        trace.provenance,
        stem,
        "Gate surgery",
    )
    return Shown(
        exports(rows, stem),
        notes.READ_SURGERY,
        notes.HOW_SURGERY,
        trace.provenance,
        sources=("karpathy2015", "strobelt2018"),
    )


def kept_state(trace: CharTrace, cut: Surgery) -> Array:
    """The state that a unit keeps in the untouched run."""
    gates = trace.gates
    state = gates.hidden if gates.cell is None else gates.cell
    return np.asarray(state[cut.layer, 0, :, cut.unit], np.float64)


def continued(title: str, run: SurgeryRun, untouched: SurgeryRun | None) -> Painted:
    """A continuation; where it parts from the untouched one its letters are underlined."""
    differs = None
    if untouched:
        differs = np.array([a != b for a, b in zip(run.written, untouched.written, strict=True)])
    return Painted(title, run.written, np.zeros(len(run.written)), 0.0, 1.0, differs=differs)


def first_other(untouched: SurgeryRun, operated: SurgeryRun) -> int | None:
    """The first letter that is not what the untouched run wrote."""
    pairs = zip(untouched.written, operated.written, strict=True)
    return next((place for place, (one, two) in enumerate(pairs) if one != two), None)


def sentences(
    text: str,
    alphabet: str,
    cut: Surgery,
    other: Surgery,
    words: str,
    runs: list[SurgeryRun],
    parted: list[Array],
) -> str:
    """Where the guesses part most, what is expected there, what is written on, and what the control does."""
    untouched, operated, control = runs
    marked = text[cut.start : cut.end].replace("\n", " ")
    short = marked if len(marked) <= 30 else marked[:29] + "…"
    value = f" {minus(cut.value)}" if cut.what == "set" else ""
    said = f"To {words}{value} over {characters(cut.end - cut.start)} (“{plain(short)}”) "
    at = int(parted[0].argmax())
    if parted[0][at] < LITTLE:
        said += f"parts the guesses inside the text by {parted[0][at]:.2f} bits at most"
    else:
        first, then = (guess(alphabet, run.probabilities[at]) for run in (untouched, operated))
        said += (
            f"parts the guesses most behind {plain(quoted(text, at))}, by {parted[0][at]:.1f} bits: "
            f"untouched, the model expects {first}; operated on, {then}"
        )
    said += f". The same on unit {other.unit}, drawn at random, parts them by {parted[1].max():.2f} bits. "
    differs = first_other(untouched, operated)
    if differs is None:
        return said + "What the model writes on does not change by a letter."
    around = slice(max(0, differs - 4), differs + 8)
    same = control.written == untouched.written
    return said + (
        f"Untouched, it writes on “{plain(untouched.written[around])}”; operated on, "
        f"“{plain(operated.written[around])}”; the control "
        f"{'writes what the untouched model writes' if same else 'parts too'}."
    )


def guess(alphabet: str, shares: Array) -> str:
    """The likeliest character in a sentence, with its per cent."""
    at = int(shares.argmax())
    return f"{plain(named(alphabet[at]))} with {100 * shares[at]:.0f} %"


def table(text: str, runs: list[SurgeryRun], parted: list[Array]) -> Rows:
    """Divergence and kept state at every character."""
    rows: Rows = [("step", "character", "bits parted", "bits parted in the control", "state kept")]
    for t, character in enumerate(text):
        numbers = (f"{values[t]:.6g}" for values in (*parted, runs[1].kept))
        rows.append((str(t + 1), csv_text(character), *numbers))
    return rows
