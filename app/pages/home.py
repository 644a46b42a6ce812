"""Home: what can I see here, and where do I start?"""

import streamlit as st

from app import frame
from app.catalogue import HOME, PAGES

frame.page(HOME)
for entry in PAGES[1:]:
    st.page_link(entry.file, label=entry.title)
    st.caption(entry.question)
