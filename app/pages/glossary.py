"""Search and glossary: what does a word mean, and which page shows it?"""

from html import escape

import streamlit as st

from app import frame
from app.catalogue import GLOSSARY, PAGES
from app.finding import search
from app.glossary import Term, terms
from models.sources import SOURCES

TITLES = {page.url_path: page.title for page in PAGES}


def line(term: Term) -> str:
    """One term as HTML: its names, its sentence, the page that shows it, its source."""
    also = f" <small>{escape(', '.join(term.also))}</small>" if term.also else ""
    source = SOURCES.get(term.source)
    cited = (
        f' · <a href="{escape(source.link)}" target="_blank">{escape(source.authors)} {source.year}</a>'
        if source
        else ""
    )
    shown = f'<a href="{escape(term.address)}" target="_self">{escape(TITLES[term.page])}</a>'
    return (
        f"<div><dt>{escape(term.term)}{also}</dt>"
        f"<dd>{escape(term.means)} <small>See it: {shown}{cited}</small></dd></div>"
    )


frame.page(GLOSSARY, export=False, present=False)
search()
st.html(f'<dl class="glossary">{"".join(map(line, terms()))}</dl>')
