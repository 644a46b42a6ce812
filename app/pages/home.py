"""Home: what can I see here, and where do I start?"""

import streamlit as st

from app import frame
from app.catalogue import ATTENTION_HEADS, GLOSSARY, HOME, LESSONS, PAGES, ROOM, ROOT, Page
from app.finding import search
from app.settings import SETTINGS

COLUMNS = 5
LABEL = "Type a sentence, or find a page or a word"
CARD_WIDTH = 180  # pixels, below which fewer cards stand in a row


def card(place: int, page: Page) -> None:
    """Draw one page of the path: its picture in the visitor's theme, its number, title and question."""
    with st.container(key=f"card_{page.prefix}", gap="xsmall"):
        scheme = "dark" if st.context.theme.type == "dark" else "light"
        picture = ROOT / f"app/thumbnails/{page.thumbnail}-{scheme}.webp"
        if picture.exists():
            st.image(picture, width="stretch", alt="")
        st.page_link(page.file, label=f"**{place}. {page.title}**")
        st.markdown(page.question)


def link(page: Page, name: str = "") -> str:
    """A link inside a sentence that stays in this tab; Streamlit's own Markdown would open another."""
    return f'<a href="{page.url_path}">{name or page.title}</a>'


frame.page(HOME, title="Plainsight", export=False)
if not frame.presenting():
    search(LABEL)
    asked = f" {link(ROOM, 'Join the room')} of a class by its code." if SETTINGS.rooms else ""
    st.html(
        f"<p class='lead'><b>Type a sentence of your own</b>: {link(ATTENTION_HEADS)} shows which words a "
        f"real transformer looks at while it reads. Or follow the path from {link(PAGES[1])} on: take an "
        f"example, then change one thing and see what it did. {link(LESSONS)} lead a class; the "
        f"{link(GLOSSARY, 'glossary')} explains the words. What you type is computed on the machine that "
        f"runs this app and goes nowhere else.{asked}</p>"
    )
grid = st.grid(COLUMNS, min_column_width=CARD_WIDTH, gap="medium")
for place, page in enumerate(PAGES[1:], 1):
    with grid.cell():
        card(place, page)
