"""The app in which tests.bench.attention lets both sides draw the same weights at the click of a button."""

import streamlit as st

from components.attention_view import attention_view
from models.traces import AttentionTrace
from tests.bench.attention import our_message, their_page, trace_of

TALL = 700  # px


@st.cache_resource
def weights(tokens: int) -> AttentionTrace:
    """The weights, there before the click."""
    return trace_of(tokens)


st.set_page_config(layout="wide")
trace = weights(int(st.query_params["tokens"]))
if st.button("Draw"):
    if st.query_params["side"] == "ours":
        attention_view(our_message(trace), key="ours")
    else:
        st.iframe(their_page(trace)[0], height=TALL)
