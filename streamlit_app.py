"""The front door: names the pages and runs the one that was asked for."""

import streamlit as st

from app import frame, memory
from app.catalogue import GLOSSARY, HOME, LESSONS, PAGES, ROOM, ROOT, SECTIONS
from app.lessons import playing

SIDEBAR_WIDTH = 232  # pixels

st.set_page_config(page_title="Plainsight", layout="wide", initial_sidebar_state=SIDEBAR_WIDTH)
memory.frugal()
memory.settle()
presenting = frame.begin()
page = st.navigation(
    {
        section: [
            st.Page(
                ROOT / page.file,
                title=page.title,
                url_path=page.url_path,
                default=not page.url_path,
                help=page.question,
                visibility="hidden" if page is ROOM else "visible",
            )
            for page in (HOME, LESSONS, GLOSSARY, *PAGES[1:], ROOM)
            if page.section == section
        ]
        for section in ("", *SECTIONS)
    },
    position="hidden" if presenting else "sidebar",
)
if not playing.turned(page.url_path):
    with frame.guard():
        page.run()
    frame.path(page.url_path)
