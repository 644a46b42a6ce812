"""Home: what can I see here, and where do I start?"""

import streamlit as st

from app import frame
from app.catalogue import HOME, PAGES, ROOT, Page

COLUMNS = 5
CARD_WIDTH = 180  # pixels, below which fewer cards stand in a row


def card(page: Page) -> None:
    """Draw one page of the gallery: its picture in the visitor's theme, title and question."""
    with st.container(key=f"card_{page.prefix}", gap="xsmall"):
        scheme = "dark" if st.context.theme.type == "dark" else "light"
        picture = ROOT / f"app/thumbnails/{page.thumbnail}-{scheme}.webp"
        if picture.exists():
            st.image(picture, width="stretch", alt=f"The page {page.title}")
        st.page_link(page.file, label=f"**{page.title}**")
        if not frame.presenting():
            st.markdown(page.question)


frame.page(HOME, title="Plainsight", export=False)
st.markdown(
    "What you type is computed on the machine that runs this app and goes nowhere else. "
    f"Start with **{PAGES[1].title}**: take a preset, then change one thing and see what it did."
)
grid = st.grid(COLUMNS, min_column_width=CARD_WIDTH, gap="medium")
for page in PAGES[1:]:
    with grid.cell():
        card(page)
