"""Home: what can I see here, and where do I start?"""

import streamlit as st

from app import frame
from app.catalogue import HOME, PAGES, ROOT, SECTIONS, Page

CARD_WIDTH = 280  # pixels, below which a card takes a row of its own


def card(page: Page) -> None:
    """Draw one page of the gallery: its picture in the visitor's theme, title and question."""
    with st.container(key=f"card_{page.prefix}", gap="xsmall"):
        scheme = "dark" if st.context.theme.type == "dark" else "light"
        picture = ROOT / f"app/thumbnails/{page.thumbnail}-{scheme}.webp"
        if picture.exists():
            st.image(picture, width="stretch", alt=f"The page {page.title}")
        st.page_link(page.file, label=f"**{page.title}**")
        st.markdown(page.question)


frame.page(HOME, title="Plainsight", export=False)
st.markdown(
    "What you type is computed on the machine that runs this app and goes nowhere else. "
    f"Start with **{PAGES[1].title}**: take a preset, then change one thing and see what it did."
)
columns = 2 if len(PAGES) <= 3 else 3
for section in SECTIONS:
    pages = [page for page in PAGES if page.section == section]
    if pages:
        st.subheader(section, anchor=False)
        grid = st.grid(columns, min_column_width=CARD_WIDTH, gap="medium")
        for page in pages:
            with grid.cell():
                card(page)
