"""Distributions: what do skewness and kurtosis do to a picture and to a mean?"""

import streamlit as st

from app import frame
from app.catalogue import DISTRIBUTIONS
from app.distributions.data import OPENING
from app.distributions.shape import the_shape
from app.frame import Preset
from app.state import choice

PREFIX = DISTRIBUTIONS.prefix
VIEWS = {
    "shape": ("The shape", the_shape),
}


def preset(name: str, why: str, **changes: str) -> Preset:
    """A preset is a complete state: the opening one with changes."""
    state = {"view": "shape", **OPENING, **changes}
    return Preset(name, why, {f"{PREFIX}_{key}": value for key, value in state.items() if key != "column"})


PRESETS = (
    preset("One value, most of the kurtosis", "200 log-normal values; a single one makes the kurtosis."),
    preset(
        "Skewed, yet mean = median = mode",
        "Binomial, 10 tries, p = 0.1: all three are 1 and the skewness is +0.84.",
        source="binomial",
        n="1000",
        sample="even",
    ),
    preset(
        "Two peaks or one?",
        "Two normals side by side: move the bins.",
        source="mixture",
        apart="2.5",
        share="0.5",
    ),
    preset(
        "Skewness −1, kurtosis +3",
        "Ask for both by slider, and see the column that has them.",
        source="shape",
        skew="-1",
        kurt="3",
    ),
    preset("Draw your own", "A curve by hand, and 200 values from it.", source="drawn"),
)

bar = frame.page(DISTRIBUTIONS)
frame.presets(PRESETS)
controls_place, picture_place = frame.places()
with controls_place:
    view = choice(
        "View",
        list(VIEWS),
        key=f"{PREFIX}_view",
        name=lambda name: VIEWS[name][0],
        field=st.segmented_control,
        label_visibility="collapsed",
        required=True,
    )
shown = None
with frame.guard():
    shown = VIEWS[view][1](controls_place, picture_place)
if shown:
    with frame.guard():
        bar.export(shown.export)
        frame.notes(
            read_it_right=shown.read_it_right,
            how=shown.how,
            sources=[
                "vonhippel2005",
                "westfall2014",
                "joanes1998",
                "hosking1990",
                "brys2004",
                "johnson1949",
                "boxcox1964",
                "yeo2000",
            ],
        )
        frame.provenance(shown.provenance)
