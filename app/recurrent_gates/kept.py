"""What the page of recurrent gates keeps beside app/cached.py: searches, surgeries, one unit's sums."""

import numpy as np
import streamlit as st

from app.cached import char_model, char_trace
from models.traces import Array
from models.traces_recurrent import CellSearch, Finding, GateTrace, Surgery, SurgeryRun, UnitTrace


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
