"""What the page Recurrent gates keeps: models, readings, searches, surgeries, one unit's sums."""

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

import numpy as np
import streamlit as st

from app.cached import shelf
from models.traces import Array
from models.traces_memory import Fading, Saturated, Seen
from models.traces_recurrent import (
    CellSearch,
    CharTrace,
    Finding,
    GateTrace,
    Surgery,
    SurgeryRun,
    UnitTrace,
)

if TYPE_CHECKING:
    from models.charmodels import CharModel


@st.cache_resource(max_entries=5, show_spinner=False)
def char_model(model_id: str) -> "CharModel":
    """A character model that ships, shared by all visitors."""
    from models.charmodels import load

    return load(model_id)


@st.cache_resource(max_entries=24, ttl="1h", show_spinner=False)
def char_trace(text: str, model_id: str) -> CharTrace:
    """A character model reading a text; read-only, so that all visitors share it."""
    from models.charcards import cards
    from models.charmodels import read

    return read(text, char_model(model_id), cards()[model_id])


@st.cache_data(max_size="16MiB", ttl="1h", show_spinner=False)
def fading(text: str, at: int, trained: bool, forget_bias: float, scale: float) -> dict[str, Fading]:
    """The gradient of one loss with respect to every earlier state, for RNN, GRU and LSTM."""
    from models.fading import of_text

    return of_text(text, at, trained=trained, forget_bias=forget_bias, scale=scale)


@st.cache_data(max_size="8MiB", ttl="1h", show_spinner=False)
def saturated(text: str, trained: bool, forget_bias: float, scale: float) -> dict[str, Saturated]:
    """How often the gates of GRU and LSTM are shut or open over a text."""
    from models.fading import saturation_of_text

    return saturation_of_text(text, trained=trained, forget_bias=forget_bias, scale=scale)


@st.cache_data(max_entries=32, show_spinner=False)
def seen(steps: int, layers: int, both: bool) -> Seen:
    """What each output of an unrolled network depends on."""
    from models.unrolled import seen

    return seen(steps, layers, both)


def hopfield_overlap(load: float, share: float, *, on_wait: Callable[[int], object]) -> float:
    """The mean overlap at rest of twelve networks of 300 units."""

    def overlap() -> float:
        from models.hopfield import overlaps_found

        return float(overlaps_found(load, share, trials=12).mean())

    return cast(float, shelf("hopfield", 128).once((load, share), overlap, on_wait))


@st.cache_data(max_entries=32, ttl="1h", show_spinner=False)
def unit_trace(text: str, model_id: str, layer: int, direction: int, unit: int) -> UnitTrace:
    """What the gates of one unit are made of, over a text."""
    from models.charmodels import encode, one_hot
    from models.recurrent import unit_trace

    trace = char_trace(text, model_id)
    return unit_trace(char_model(model_id).rnn, one_hot(encode(text)), trace.gates, layer, direction, unit)


@st.cache_resource(max_entries=2, ttl="1h", show_spinner=False)
def _held_out_traces(model_id: str) -> tuple[GateTrace, GateTrace]:
    """The gates over held-out text, of the model and of the same one before any training."""
    from models.cells import held_out
    from models.charmodels import encode, one_hot, untrained
    from models.recurrent import trace_gates

    inputs = one_hot(encode(held_out()))
    return trace_gates(char_model(model_id).rnn, inputs), trace_gates(untrained(model_id).rnn, inputs)


def rule_labels(rule: str, text: str, marked: tuple[int, int] | None = None) -> Array:
    """What a rule says of every character; "pattern:…" is a regular expression, "stretch" a marked one."""
    from models.cells import RULES, matches

    if rule == "stretch":
        labels = np.zeros(len(text))
        if marked:
            labels[marked[0] : marked[1]] = 1
        return labels
    return matches(rule.removeprefix("pattern:"))(text) if rule.startswith("pattern:") else RULES[rule](text)


@st.cache_data(max_entries=64, ttl="1h", show_spinner=False)
def cell_search(model_id: str, rule: str, text: str, marked: tuple[int, int] | None) -> CellSearch:
    """The units of a model that follow a rule best: on held-out text, or on ``text`` where one is given."""
    from models.cells import NUMBERS, held_out, search
    from models.charmodels import encode, one_hot, untrained
    from models.recurrent import trace_gates

    labels = rule_labels(rule, text or held_out(), marked)
    if text:
        inputs = one_hot(encode(text))
        traces = trace_gates(char_model(model_id).rnn, inputs), trace_gates(untrained(model_id).rnn, inputs)
    else:
        traces = _held_out_traces(model_id)
    return search(*traces, labels, number=rule in NUMBERS)


@st.cache_data(max_entries=64, ttl="1h", show_spinner=False)
def alike(model_id: str, text: str, marked: tuple[int, int], found: Finding) -> tuple[list[str], list[str]]:
    """Stretches where a unit is on as in the marked one: elsewhere in the text, and in held-out text."""
    from models.cells import held_out, series, stretches, threshold

    def values(trace: GateTrace) -> Array:
        return series(trace)[found.series][found.part, :, found.unit].astype(np.float64)

    here, labels = values(char_trace(text, model_id).gates), rule_labels("stretch", text, marked)
    level = threshold(here, labels)
    inside = here[marked[0] : marked[1]].mean() > level

    def on(each: Array) -> list[tuple[int, int]]:
        return stretches(each > level if inside else each < level)

    own = [text[a:b] for a, b in on(here) if b <= marked[0] or a >= marked[1]]
    other = held_out()
    return own, [other[a:b] for a, b in on(values(_held_out_traces(model_id)[0]))[:20]]


@st.cache_data(max_entries=48, ttl="1h", show_spinner=False)
def surgery(model_id: str, text: str, cut: Surgery | None, write: int, seed: int) -> SurgeryRun:
    """A model reading a text and writing on, with a surgery or without."""
    from models.surgery import operate

    return operate(char_model(model_id), text, cut, write=write, seed=seed)


def control_unit(unit: int, units: int, seed: int) -> int:
    """A unit drawn at random, other than the given one."""
    from models.surgery import random_unit

    return random_unit(unit, units, seed)


def divergence(untouched: SurgeryRun, changed: SurgeryRun) -> Array:
    """Bits by which the guesses of two runs part, at each character."""
    from models.surgery import divergence

    return divergence(untouched.probabilities, changed.probabilities)
