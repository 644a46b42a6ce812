"""The first view: every gate, cell and hidden state over a text, and what the model expects next."""

import csv
import io
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.recurrent_gates import cached, notes
from app.recurrent_gates.find import RULES, minus, values_of
from app.recurrent_gates.reading import asked, below, characters, one_of, quoted, trace_of, unseen_note
from app.recurrent_gates.shared import FIGURE, PREFIX, Shown, csv_button
from app.state import Param, read_view
from components import figures, toolbar
from components.attention_view import spreadsheet_safe
from components.gates_view import ORDER, SHORT, View, gates_view, message, part_names, series_of
from models.traces_recurrent import CharTrace, Finding

OPEN, SHUT = 0.9, 0.1  # Karpathy et al. 2015: a gate beyond these is saturated


def opening(trace: CharTrace) -> View:
    """What an address without parameters shows: the state of the unit that knows best of quotes."""
    found = trace.card.cells["quotes"]
    return View(found.part, "cell" if trace.gates.kind == "LSTM" else "hidden", found.unit)


def gates_over_text(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """Text and model, then the picture."""
    text, model = asked(controls)
    with picture:
        trace = trace_of(text, model)
        if trace is None:
            return None
        default = opening(trace)
        view = view_of(read_view(PREFIX, view_params(trace), of=(text, model)), default)
        name = f"{trace.card.name} over {characters(len(text))}"
        sent = message(
            trace,
            view,
            sentences=sentences(trace),
            overall=overall(trace),
            rules=underlined(trace),
            default=default,
            prefix=PREFIX,
        )
        with st.container(key=FIGURE):
            gates_view(sent, key=f"{PREFIX}_picture")
        stem = f"gates-{model}"
        figures.save_on_export(
            FIGURE,
            stem=stem,
            title=name,
            sentences=overall(trace),
            provenance=f"Plainsight · {trace.provenance.model} ({trace.provenance.revision})",
            key=f"{PREFIX}_save",
        )

    def export() -> None:
        toolbar.export_buttons(["svg", "png", "html"])
        csv_button(lambda: gates_csv(trace), stem)

    return Shown(
        export,
        notes.READ_GATES,
        notes.HOW_GATES,
        trace.provenance,
        sources=("hochreiter1997", "gers2000", "cho2014", "karpathy2015"),
    )


def view_params(trace: CharTrace) -> list[Param]:
    """What the picture keeps in the address, with the limits of this model and text."""
    units, n = trace.gates.hidden.shape[-1], len(trace.characters)
    parts, series = len(part_names(trace.gates)), ORDER[trace.gates.kind]

    return [
        Param("part", "", below(parts), "the first layer is shown"),
        Param("series", "", one_of(*series), f"this model has {', '.join(series)}"),
        Param("unit", "", below(units), f"there are units 0–{units - 1}"),
        Param("order", "", one_of("number", "mean"), "units are shown as numbered"),
        Param("at", "", below(n), f"the text has {characters(n)}"),
        Param("from", "", below(n), "the start is shown"),
    ]


def view_of(asked: dict[str, object], default: View) -> View:
    """The asked view; what the address leaves out is the default's."""
    names = {"from": "start"}
    given = {names.get(name, name): value for name, value in asked.items() if value is not None}
    return View(**{**vars(default), **given})


def sentences(trace: CharTrace) -> list[str]:
    """One finding a unit, in the order (layer, direction, unit)."""
    n = len(trace.characters)
    parts = part_names(trace.gates)
    series = series_of(trace.gates)
    keeps = "forget" if trace.gates.kind == "LSTM" else "update"
    state = "cell" if trace.gates.kind == "LSTM" else "hidden"
    said = []
    known = {
        (found.part, found.unit): follows(trace, rule, found) for rule, found in trace.card.cells.items()
    }
    for part, name in enumerate(parts):
        where = f" ({name})" if len(parts) > 1 else ""
        states = series[state].reshape(-1, n, trace.gates.hidden.shape[-1])[part]
        gate = series[keeps].reshape(-1, *states.shape)[part] if keeps in series else None
        low, high = states.argmin(0), states.argmax(0)
        for unit in range(states.shape[1]):
            line = known.get((part, unit), "") + f"Unit {unit}{where}: "
            if gate is not None:
                opened, shut = int((gate[:, unit] > OPEN).sum()), int((gate[:, unit] < SHUT).sum())
                line += (
                    f"its {keeps} gate keeps more than {OPEN:.0%} at {opened} of {characters(n)} and less "
                    f"than {SHUT:.0%} at {shut}. "
                )
            if (part, unit) not in known:  # else its means were told
                line += (
                    f"Its {SHORT[state][2].lower()} runs from {minus(states[low[unit], unit])} at "
                    f"{quoted(trace.characters, int(low[unit]))} to {minus(states[high[unit], unit])} at "
                    f"{quoted(trace.characters, int(high[unit]))}."
                )
            said.append(line.rstrip().replace("%", " %"))
    return said


def underlined(trace: CharTrace) -> list[dict[str, Any]]:
    """The unit that knows best of quotes, and the places inside them."""
    found = trace.card.cells["quotes"]
    yes = np.flatnonzero(cached.rule_labels("quotes", "".join(trace.characters)))
    return [{"part": found.part, "unit": found.unit, "name": RULES["quotes"], "yes": yes.tolist()}]


def follows(trace: CharTrace, rule: str, found: Finding) -> str:
    """Which rule a unit follows best of all on held-out text, and how it does on this text."""
    from models.cells import NUMBERS

    labels = cached.rule_labels(rule, "".join(trace.characters))
    name, values = SHORT[found.series][0], values_of(trace, found)
    measure, chance = ("|r|", "0") if rule in NUMBERS else ("AUC", "0.5")
    said = (
        f"Of all units this one follows “{RULES[rule]}” best: {measure} {found.strength:.2f} on "
        f"held-out text ({chance} is chance). "
    )
    if labels.min() == labels.max():
        return said
    if rule in NUMBERS:
        r = float(np.corrcoef(values, labels)[0, 1]) if values.std() else 0.0
        return f"{said}Over this text its {name} and the rule have r = {minus(r)}. "
    yes, no = float(values[labels > 0].mean()), float(values[labels == 0].mean())
    return f"{said}Here its {name} is {minus(yes)} on average where that holds and {minus(no)} elsewhere. "


def overall(trace: CharTrace) -> str:
    """How well the model guesses this text, and what it cannot read."""
    known = trace.bits[np.isfinite(trace.bits)]
    cost = f"This text costs the model {known.mean():.2f} bits a character" if known.size else ""
    return (
        f"{cost}; held-out text of its kind costs {trace.card.bits:.2f}.{unseen_note(trace)}" if cost else ""
    )


def gates_csv(trace: CharTrace) -> str:
    """Every value at full precision, one row a character, layer, direction and unit."""
    out = io.StringIO()
    rows = csv.writer(out)
    series = series_of(trace.gates)
    rows.writerow(["character", "text", "layer", "direction", "unit", *series])
    layers, directions, n, units = trace.gates.hidden.shape
    for layer in range(layers):
        for direction in range(directions):
            table = np.stack([values[layer, direction] for values in series.values()], -1)
            for at in range(n):
                start = (
                    at + 1,
                    spreadsheet_safe(trace.characters[at]),
                    layer + 1,
                    ("forwards", "backwards")[direction],
                )
                rows.writerows(
                    (*start, unit, *(f"{v:.7g}" for v in table[at, unit])) for unit in range(units)
                )
    return out.getvalue()
