"""Search and glossary: what does a word mean, and which page shows it?"""

from html import escape
from itertools import groupby

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


def letter(term: Term) -> str:
    """The letter under which a term stands."""
    return term.term[0].upper()


frame.page(GLOSSARY, export=False, present=False)
search()
groups = {first: list(group) for first, group in groupby(terms(), letter)}
jumps = "".join(f'<a href="#letter-{first}" target="_self">{first}</a>' for first in groups)
lists = "".join(
    f'<dl class="glossary" id="letter-{first}">{"".join(map(line, group))}</dl>'
    for first, group in groups.items()
)
st.html(f'<nav class="letters" aria-label="Letters">{jumps}</nav>{lists}')
