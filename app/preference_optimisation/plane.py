"""The loss by hand: two losses over the plane of log-probabilities, and six of them at one point."""

from collections.abc import Callable

import streamlit as st

from app.preference_optimisation.notes import HOW_PLANE, READ_PLANE
from app.preference_optimisation.shared import FIGURE, PREFIX, Rows, Shown, computed, csv_button
from app.state import Param, read_view
from components import figures, toolbar
from components.loss_plane import Field, loss_plane, message

METHODS = ("sft", "orpo", "dpo", "ipo", "simpo", "cpo")
FIELDS = {
    "w": Field("chosen, mean log P", -5, -0.001, 0.01),
    "l": Field("rejected, mean log P", -5, -0.001, 0.01),
    "c": Field("shared direction of gradients", 0, 1, 0.01),
    "r": Field("rejected gradient ÷ chosen", 0.25, 4, 0.05),
    "lam": Field("λ", 0, 5, 0.05),
    "beta": Field("β", 0.01, 2, 0.01),
    "sbeta": Field("SimPO β", 0.1, 10, 0.1, 1),
    "gamma": Field("γ", 0, 5, 0.05),
    "rw": Field("reference, chosen", -5, -0.001, 0.01),
    "rl": Field("reference, rejected", -5, -0.001, 0.01),
    "nw": Field("tokens, chosen", 1, 200, 1, 0),
    "nl": Field("tokens, rejected", 1, 200, 1, 0),
}
OPENING = {
    "what": "plane",
    "left": "sft",
    "right": "orpo",
    "w": "-1.2",
    "l": "-1.5",
    "c": "0.25",
    "r": "1",
    "lam": "1",
    "beta": "0.1",
    "sbeta": "2",
    "gamma": "1",
    "rw": "-1.3",
    "rl": "-1.4",
    "nw": "20",
    "nl": "20",
}
BOTH_FALL = {**OPENING, "left": "dpo", "c": "0.7", "nl": "40", "w": "-1.3", "l": "-1.4"}
PROVENANCE = computed("Formulas of six losses", "in the browser", "float64", ())


def within(field: Field) -> Callable[[str], float]:
    """Parse a number inside a field's range."""

    def parse(text: str) -> float:
        value = float(text)
        if not field.low <= value <= field.high:  # NaN is not
            raise ValueError
        return value

    return parse


def known(text: str) -> str:
    """Parse a method's id."""
    if text not in METHODS:
        raise ValueError
    return text


PARAMS = [
    *(Param(side, OPENING[side], known, f"{OPENING[side].upper()} is shown") for side in ("left", "right")),
    *(
        Param(
            name,
            OPENING[name],
            within(field),
            f"it lies between {field.low:g} and {field.high:g}, so {OPENING[name]} is shown",
        )
        for name, field in FIELDS.items()
    ),
]


def plane() -> Shown:
    """Draw both planes and the readings; all else happens in the browser."""
    given = read_view(PREFIX, PARAMS)
    with st.container(key=FIGURE):
        loss_plane(message(given, FIELDS, prefix=PREFIX), key=f"{PREFIX}_plane")
    figures.save_on_export(
        FIGURE,
        stem="preference-losses",
        title="Where two losses move the chosen and the rejected answer",
        sentences="",
        provenance=f"Plainsight · {PROVENANCE.model} ({PROVENANCE.revision})",
        key=f"{PREFIX}_save",
    )

    def fill() -> None:
        toolbar.export_buttons(["svg", "png", "html"])
        csv_button(lambda: csv_text(given), "preference-losses")

    return Shown(
        fill,
        READ_PLANE,
        HOW_PLANE,
        PROVENANCE,
        sources=("hong2024", "rafailov2023", "azar2023", "meng2024", "xu2024"),
    )


def csv_text(given: dict[str, float]) -> str:
    """The six losses and their slopes at the point, computed by models.preference."""
    from app.shown import csv_text
    from models.preference_point import at_point

    numbers = {name: float(given[name]) for name in FIELDS}
    rows: Rows = [("method", "takes", "loss", "slope in chosen", "slope in rejected", "chosen", "rejected")]
    rows += [
        (name, kind, *(f"{value:.9g}" for value in (loss, up, down, given["w"], given["l"])))
        for name, kind, loss, up, down in at_point(**numbers)
    ]
    return csv_text(rows)
