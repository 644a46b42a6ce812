"""The second view: one unit as the well-known drawing of the cell, with the numbers of one step in it."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.recurrent_gates import cached, notes
from app.recurrent_gates.reading import asked, below, characters, opening_unit, trace_of
from app.recurrent_gates.shared import FIGURE, PREFIX, Rows, Shown, exports
from app.state import Param, read_view
from components import figures
from components.attention_view import spreadsheet_safe
from components.cell_diagram import cell_diagram, message
from components.gates_view import part_names
from models.traces_recurrent import CharTrace, UnitTrace

KEY_UNIT, KEY_PART = f"{PREFIX}_unit", f"{PREFIX}_part"


def cell_with_numbers(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """Text, model, unit; then the drawing, whose steps change in the browser."""
    text, model = asked(controls)
    with picture:
        trace = trace_of(text, model)
        if trace is None:
            return None
        units, names = trace.gates.hidden.shape[-1], part_names(trace.gates)
        given = read_view(
            PREFIX,
            [
                Param("part", "", below(len(names)), "the first layer is shown", rerun=True),
                Param("unit", "", below(units), f"there are units 0–{units - 1}", rerun=True),
                Param("at", "", below(len(text)), f"the text has {characters(len(text))}"),
            ],
            of=(text, model),
        )
        first = opening_unit(trace.card)
        part = first[0] if given["part"] is None else given["part"]
        unit = first[1] if given["unit"] is None else given["unit"]
        at = min(first_step(trace), len(text) - 1) if given["at"] is None else given["at"]
        with controls, st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            if len(names) > 1:
                chosen("Layer", KEY_PART, part, names)
            chosen("Unit", KEY_UNIT, unit, [f"unit {each}" for each in range(units)])
        layer, direction = divmod(part, trace.gates.hidden.shape[1])
        one = cached.unit_trace(text, model, layer, direction, unit)
        where = f", {names[part]}" if len(names) > 1 else ""
        title = f"Unit {unit} of the {trace.card.name}{where}"
        with st.container(key=FIGURE):
            sent = message(one, trace.characters, at=at, param=f"{PREFIX}_at", title=title)
            cell_diagram(sent, key=f"{PREFIX}_cell")
        rows = table(trace, one)
        stem = f"cell-{model}-{unit}"
        with st.expander("The numbers as a table"):
            st.dataframe([dict(zip(rows[0], row, strict=True)) for row in rows[1:]], height=250)
        figures.save_on_export(
            FIGURE,
            stem=stem,
            title=title,
            sentences="",
            provenance=f"Plainsight · {trace.provenance.model} ({trace.provenance.revision})",
            key=f"{PREFIX}_save",
        )
    return Shown(
        exports(rows, stem),
        notes.READ_CELL,
        notes.HOW_CELL,
        trace.provenance,
        sources=("olah2015", "hochreiter1997", "gers2000", "cho2014"),
    )


def chosen(label: str, key: str, now: int, names: list[str]) -> None:
    """Draw a select box whose place in the list stands in the address under ``key``."""
    box = f"{key}_box"
    st.session_state[box] = now

    def take() -> None:
        st.session_state[key] = str(st.session_state[box])

    st.selectbox(
        label,
        range(len(names)),
        format_func=names.__getitem__,
        key=box,
        on_change=take,
        label_visibility="collapsed",
        width=200,
    )


def first_step(trace: CharTrace) -> int:
    """A step worth opening at: the first quotation mark, else the first character."""
    return trace.characters.index('"') if '"' in trace.characters else 0


def table(trace: CharTrace, one: UnitTrace) -> Rows:
    """Every number of the unit, one row a step."""
    parts = [f"{name}: {what}" for name in one.gates for what in ("from character", "from state", "value")]
    rows: Rows = [("step", "character", *parts, "state before", "state after", "hidden")]
    for t, character in enumerate(trace.characters):
        numbers = [
            f"{part[g, t]:.7g}"
            for g in range(len(one.gates))
            for part in (one.from_input, one.from_state, one.values)
        ]
        states = (f"{values[t]:.7g}" for values in (one.before, one.after, one.hidden))
        rows.append((str(t + 1), csv_text(character), *numbers, *states))
    return rows


def csv_text(character: str) -> str:
    """A character in a table and in a CSV: what cannot be seen by name, nothing that breaks the line."""
    named = {"\n": "line end", "\r": "line end", " ": "space", ",": "comma", '"': "quotation mark"}
    return named.get(character, spreadsheet_safe(character))
