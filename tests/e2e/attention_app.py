"""The attention view on tokens that are markup as a whole, which no bundled tokenizer would give."""

import streamlit as st

from components import toolbar
from components.attention_view import Role, View, attention_view, pack, standalone_html
from tests.components.test_attention_view import HOSTILE, trace_of

message = pack(
    trace_of(*HOSTILE),
    View(),
    sentences=[" ".join(HOSTILE[:2])] * 6,
    overall=HOSTILE[1],
    roles=[Role(HOSTILE[0], 1, 1, HOSTILE[1])],
)
toolbar.share()
toolbar.export_buttons(["svg"])
st.download_button("HTML", standalone_html(message, title=HOSTILE[0]), "page.html", on_click="ignore")
attention_view(message, key="view")
