"""Why memory fades: one loss, and how much each earlier state of RNN, GRU and LSTM still matters to it."""

import math
import time
from importlib.metadata import version
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import frame, working
from app.recurrent_gates import cached
from app.recurrent_gates.notes_memory import HOW_FADING, HOW_SATURATION, READ_FADING, READ_SATURATION
from app.recurrent_gates.reading import sign
from app.recurrent_gates.shared import FIGURE, PREFIX, Rows, Shown, exports, tell
from app.state import choice, url_text, whole
from components.charts import ORANGE, SKY, VERMILION
from components.saturation import shut_and_open
from components.tracks import Line, Track, tracks
from models.charcards import cards
from models.traces import Array, Provenance
from models.traces_memory import Fading, Saturated

TEXT = 'He said: "a cat (old (and slow)) is here."\nShe said: "no, the cat (the (very) old one) is out."'
STEP = 87  # steps are counted from 1
LONGEST = 160  # characters: what can still be read under the picture
WHAT = {"gradient": "Gradient", "saturation": "Open and shut gates"}
MODELS = {"trained": "trained", "untrained": "untrained"}
BIASES = tuple(f"{value:g}" for value in np.arange(-4, 8.5, 0.5))
SCALES = tuple(f"{value:g}" for value in np.round(np.arange(0, 2.05, 0.1), 1))
LEAST = 1e-12  # the scale reaches no further down
MOST = 1e6
ROOM = 10.0  # the scale reaches at least so far, so that a bound that grows is seen to grow
COLOURS = {"RNN": VERMILION, "GRU": ORANGE, "LSTM": SKY}
CARDS = {"RNN": "rnn", "GRU": "gru", "LSTM": "lstm"}
DRAWN = {"RNN": "RNN", "GRU": "GRU", "LSTM": "LSTM, cell state"}
KEEPS = {"GRU": "update", "LSTM": "forget"}  # the gate that says how much is kept
ALONE = {"GRU": "update gates alone", "LSTM": "forget gates alone"}
FADING_OPENING = {
    "fade": "gradient",
    "fade_models": "trained",
    "fade_bias": "0",
    "fade_scale": "1",
    "fade_at": str(STEP),
    "fade_text": TEXT,
}
FAR = 30  # characters: how far back the sentences look


def why_memory_fades(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """The view: a text, a step whose loss is traced back, and two changes to a copy of each model."""
    notes: list[str] = []
    with controls, st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        what = choice(
            "What", list(WHAT), key=f"{PREFIX}_fade", name=WHAT.__getitem__, width=190, note=notes.append
        )
        models = choice(
            "Models",
            list(MODELS),
            key=f"{PREFIX}_fade_models",
            name=MODELS.__getitem__,
            width=130,
            note=notes.append,
        )
        slider: dict[str, Any] = {"field": st.select_slider, "width": 210, "note": notes.append}
        bias = float(
            choice(
                "Added to the forget bias",
                BIASES,
                default="0",
                key=f"{PREFIX}_fade_bias",
                help="Goes to the forget gate of the LSTM and the update gate of the GRU, in a copy.",
                **slider,
            )
        )
        scale = float(
            choice("Recurrent weights ×", SCALES, default="1", key=f"{PREFIX}_fade_scale", **slider)
        )
        step = whole(
            "Loss behind step",
            STEP,
            2,
            LONGEST - 1,
            key=f"{PREFIX}_fade_at",
            show=what == "gradient",
            width=130,
            note=notes.append,
        )
    with controls:
        text = url_text(
            "Text", TEXT, key=f"{PREFIX}_fade_text", area=True, height=68, label_visibility="collapsed"
        )
        if len(text) > LONGEST:
            notes.append(f"The text has {len(text):,} characters; the first {LONGEST} are shown.")
            text = text[:LONGEST]
        if len(text) < 3:
            st.info("Type at least three characters: two to read and one to predict.")
            return None
        if step > len(text) - 1:
            notes.append(f"The text has no character behind step {step}; step {len(text) - 1} is shown.")
            step = len(text) - 1
        for note in notes:
            st.caption(note)
    trained = models == "trained"
    with picture:
        if what == "gradient":
            return show_gradient(text, step - 1, trained, bias, scale)
        return show_saturation(text, trained, bias, scale)


def left_untrained(trained: bool) -> list[str]:
    """The kinds that are shown untrained although trained ones are asked for: those that do not ship."""
    return [kind for kind, name in CARDS.items() if trained and name not in cards()]


def made_by(trained: bool, bias: float, scale: float, steps: int, spent: float) -> Provenance:
    """Where the numbers come from, with what was changed."""
    changed = (
        [f"{steps} steps"]
        + [f"forget bias {bias:+g}"] * bool(bias)
        + [f"recurrent weights × {scale:g}"] * (scale != 1)
    )
    revision = "trained, shipped" if trained else "untrained, seed 0"
    if missing := left_untrained(trained):
        revision = f"trained, shipped; {' and '.join(missing)} untrained, seed 0"
    return Provenance(
        "Character models RNN, GRU, LSTM",
        revision,
        "float64",
        "cpu",
        0,
        spent,
        {name: version(name) for name in ("torch", "numpy")},
        note=", ".join(changed),
    )


def exponent(value: float) -> str:
    """A number of any size in a sentence: 3.4 · 10⁻⁵, or 0.034 where that is short."""
    if value == 0 or 0.001 <= abs(value) < 1000:
        return f"{value:.2g}"
    power = math.floor(math.log10(abs(value)))
    raised = str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{value / 10**power:.1f} · 10{raised}"


def padded(values: Array, length: int) -> Array:
    """Values of the first steps, and none after them."""
    return np.concatenate([values, np.full(length - len(values), np.nan)])


def show_gradient(text: str, at: int, trained: bool, bias: float, scale: float) -> Shown:
    """The gradient over the text from place ``at`` back, the gates' part of it, and the bound."""
    started = time.perf_counter()
    with working.shown("The gradient through three networks", key=f"{PREFIX}_fading_{at}"):
        found = cached.fading(text, at, trained, bias, scale)
    spent = (time.perf_counter() - started) * 1000
    lines = []
    for kind, fading in found.items():
        name = DRAWN[kind] + (", untrained" if kind in left_untrained(trained) else "")
        lines.append(Line(name, padded(share(fading.state), len(text)), COLOURS[kind], wide=2.6))
        if fading.through_gates is not None:
            values = padded(share(fading.through_gates), len(text))
            lines.append(Line(ALONE[kind], values, COLOURS[kind], dash="dashed", wide=1.8))
        if fading.bound is not None:
            lines.append(
                Line(
                    "bound for the RNN",
                    padded(share(fading.bound), len(text)),
                    COLOURS[kind],
                    dash="dotted",
                    wide=2.4,
                )
            )
    every = np.concatenate([share(fading.state) for fading in found.values()])
    low = 10.0 ** math.floor(math.log10(min(max(every.min(), LEAST), 0.01)))
    high = 10.0 ** math.ceil(math.log10(min(max(every.max(), ROOM), MOST)))
    title = "How much of the gradient is left at each earlier state (log scale, 1 where the loss stands)"
    with st.container(key=FIGURE):
        tracks(
            [Track("Gradient, 1 at the loss", lines, low, high, log=True)],
            letters=tuple(text),
            label=f"{title}, for the loss behind step {at + 1}",
            row="step",
            start=1,
            title=f"Loss behind step {at + 1}: surprise at {quoted(text[at + 1])}"
            + ("" if frame.presenting() else "; click to move it"),
            at=at,
            param=f"{PREFIX}_fade_at",
            key=f"{PREFIX}_fade_picture",
            height=500 if frame.presenting() else 365,
        )
    made = made_by(trained, bias, scale, at + 1, spent)
    rows: Rows = [("step", "character", *(line.name for line in lines))]
    rows += [
        (str(t + 1), spelled(text[t]), *(f"{line.values[t]:.6g}" for line in lines)) for t in range(at + 1)
    ]
    tell(gradient_sentences(found, at, low) + beside(trained), rows, made, "fading-memory", title)
    return Shown(
        exports(rows, "fading-memory"),
        READ_FADING,
        HOW_FADING,
        made,
        sources=("hochreiter1997", "pascanu2013", "jozefowicz2015", "karpathy2015"),
    )


def spelled(character: str) -> str:
    """A character in a table cell."""
    return {" ": "space", "\n": "line end", "\t": "tab", ",": "comma", '"': "quote"}.get(character, character)


def quoted(character: str) -> str:
    """A character in a sentence."""
    return f"a {spelled(character)}" if character in " \n\t," + '"' else sign(character)


def share(sizes: Array) -> Array:
    """Sizes as multiples of the last; all 0 where that is 0."""
    return np.asarray(sizes / sizes[-1]) if sizes[-1] else np.zeros_like(sizes)


def times(left: float) -> str:
    """A share in a sentence: in per cent, and what has grown as a multiple."""
    return f"{exponent(left)} times as much" if left >= 1.5 else f"{exponent(100 * left)} %"


def gradient_sentences(found: dict[str, Fading], at: int, low: float) -> str:
    """What is left some steps back, what the gates alone let through, and what the bound says."""
    back = min(FAR, at)
    left = {kind: float(share(each.state)[-1 - back]) for kind, each in found.items()}
    named = ", ".join(f"{times(left[kind])} in the {kind}" for kind in sorted(left, key=left.__getitem__))
    lstm, rnn = found["LSTM"], found["RNN"]
    assert lstm.through_gates is not None
    assert rnn.bound is not None
    gates, bound = (float(share(line)[-1 - back]) for line in (lstm.through_gates, rnn.bound))
    said = (
        f"Of the gradient at step {at + 1}, this much is left {back} characters back: {named}. "
        "Each step back through the RNN multiplies by the same weights and by tanh′, which is at most 1. "
        f"The LSTM's cell is multiplied by its forget gates: they alone (dashed) let {times(gates)} through, "
        f"{exponent(gates ** (1 / back))} a step. "
    )
    if rnn.sigma <= 1:
        said += (
            f"The largest singular value of the RNN's recurrent weights is {rnn.sigma:.2f}: below 1 the "
            f"gradient must vanish, here to at most {times(bound)}."
        )
    else:
        said += (
            f"The largest singular value of the RNN's recurrent weights is {rnn.sigma:.2f}: above 1 the "
            f"bound grows to {exponent(bound)} and promises nothing, while the gradient "
            "itself may vanish."
        )
    if min(share(each.state).min() for each in found.values()) < low:
        said += f" A line ends where it falls below {exponent(low)}."
    return said


def beside(trained: bool) -> str:
    """Which models are untrained although trained ones are asked for, as a sentence."""
    missing = " and ".join(left_untrained(trained))
    return f" {missing} stand here **untrained**: only what ships can be shown trained." if missing else ""


def show_saturation(text: str, trained: bool, bias: float, scale: float) -> Shown:
    """One circle a unit: how often each gate is open, and how often shut."""
    started = time.perf_counter()
    found = cached.saturated(text, trained, bias, scale)
    spent = (time.perf_counter() - started) * 1000
    with st.container(key=FIGURE):
        names = {kind: f"{kind}, untrained" if kind in left_untrained(trained) else kind for kind in found}
        shown = [
            (kind, i, gate)
            for kind, gates in found.items()
            for i, gate in enumerate(gates.gates)
            if gate == KEEPS[kind] or not frame.presenting()  # five have no room there
        ]
        for place, (kind, i, gate) in zip(st.columns(len(shown)), shown, strict=True):
            left, right = found[kind].left[i], found[kind].right[i]
            with place:
                frame.chart(
                    shut_and_open(f"{names[kind]}, {gate} gate", left, right, COLOURS[kind], height=300)
                )
    made = made_by(trained, bias, scale, len(text), spent)
    rows: Rows = [("model", "gate", "unit", "shut", "open")]
    rows += [
        (kind, name, str(unit), f"{gates.left[i, unit]:.6g}", f"{gates.right[i, unit]:.6g}")
        for kind, gates in found.items()
        for i, name in enumerate(gates.gates)
        for unit in range(gates.left.shape[1])
    ]
    title = "How often each gate is shut and open, one circle a unit"
    tell(saturation_sentences(found["LSTM"], len(text)), rows, made, "saturation", title)
    return Shown(
        exports(rows, "saturation"), READ_SATURATION, HOW_SATURATION, made, sources=("karpathy2015",)
    )


def saturation_sentences(lstm: Saturated, steps: int) -> str:
    """Counts of units that nearly always keep, nearly always forget, and hardly saturate."""
    forget = lstm.gates.index("forget")
    units = lstm.left.shape[1]
    always = int((lstm.right[forget] > 0.9).sum())
    never = int((lstm.left[forget] > 0.9).sum())
    between = int(((lstm.left[forget] + lstm.right[forget]) < 0.1).sum())
    return (
        f"Over {steps} characters the forget gate is open more than 90 % of the time in {always} of the "
        f"LSTM's {units} units: these keep what they hold for long. In {never} units it is shut more than "
        f"90 % of the time, so they look at the present character alone. In {between} units it is hardly "
        "ever fully open or shut."
    )
