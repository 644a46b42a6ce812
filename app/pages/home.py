"""Home: what can I see here, and where do I start?"""

import streamlit as st

from app import frame
from app.catalogue import GLOSSARY, HOME, LESSONS, PAGES, ROOT, Page
from app.finding import search

COLUMNS = 5
CARD_WIDTH = 180  # pixels, below which fewer cards stand in a row


def card(place: int, page: Page) -> None:
    """Draw one page of the path: its picture in the visitor's theme, its number, title and question."""
    with st.container(key=f"card_{page.prefix}", gap="xsmall"):
        scheme = "dark" if st.context.theme.type == "dark" else "light"
        picture = ROOT / f"app/thumbnails/{page.thumbnail}-{scheme}.webp"
        if picture.exists():
            st.image(picture, width="stretch", alt="")
        st.page_link(page.file, label=f"**{place}. {page.title}**")
        if not frame.presenting():
            st.markdown(page.question)


frame.page(HOME, title="Plainsight", export=False)
first = PAGES[1]
if not frame.presenting():
    search()
    st.markdown(
        f"The pages follow one path. Start with [**{first.title}**]({first.url_path}): take an example, then "
        f"change one thing and see what it did. [Lessons]({LESSONS.url_path}) lead a class; the "
        f"[glossary]({GLOSSARY.url_path}) explains the words. What you type is computed on the machine that "
        "runs this app and goes nowhere else."
    )
grid = st.grid(COLUMNS, min_column_width=CARD_WIDTH, gap="medium")
for place, page in enumerate(PAGES[1:], 1):
    with grid.cell():
        card(place, page)
