"""What the page Honest or distorted keeps: its worked examples."""

import streamlit as st

from models.traces_charts import Distortion


@st.cache_data(max_entries=32, show_spinner=False)
def distortion(which: str) -> Distortion:
    """One of the worked examples of the page Honest or distorted."""
    from models.distortions import EXAMPLES

    return EXAMPLES[which]()
