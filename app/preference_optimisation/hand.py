"""The view *The loss, by hand*: the plane, the odds ratio against the probability ratio, and lost digits."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.preference_optimisation.digits import lost
from app.preference_optimisation.plane import plane
from app.preference_optimisation.ratios import ratios
from app.preference_optimisation.shared import PREFIX, Shown
from app.state import choice

WHAT = {
    "plane": "Where a step leads",
    "ratios": "Odds against probabilities",
    "digits": "Where 1 − P breaks",
}


def hand(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """Draw the picture that the visitor chose."""
    with controls:
        row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    with row:
        what = choice(
            "Picture",
            list(WHAT),
            key=f"{PREFIX}_what",
            name=WHAT.__getitem__,
            width=230,
            label_visibility="collapsed",
        )
    with picture:
        if what == "ratios":
            return ratios(row)
        return lost(row) if what == "digits" else plane()
