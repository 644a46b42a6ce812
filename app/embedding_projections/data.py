"""Which points: the one control of all views, and what it offers."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from app import working
from app.embedding_projections import cached, own_data
from app.embedding_projections.shared import PREFIX
from app.settings import SETTINGS
from app.state import choice, url_text
from models.bundled import FREQUENT
from models.points import Points

WORDS = (
    "king queen man woman prince princess boy girl father mother son daughter uncle aunt "
    "dog cat horse cow paris france rome italy berlin germany"
)
LINES = """The cat sleeps on the sofa.
A kitten naps on the couch.
My dog chases its tail.
The puppy plays in the garden.
She rides her horse every morning.
The striker scored in the last minute.
Our team won the final.
He ran the marathon in three hours.
The goalkeeper saved the penalty.
She swims two miles a day.
The bank raised its interest rates.
Shares fell sharply on Monday.
The company reported record profits.
Inflation eats up our savings.
He took out a loan for the house.
Bake the bread for forty minutes.
Chop the onions and fry them in butter.
The soup needs more salt.
Whisk the eggs with the sugar.
This wine goes well with cheese.
The telescope found a new planet.
Electrons move around the nucleus.
The enzyme speeds up the reaction.
Gravity bends the path of light."""


@dataclass(frozen=True)
class Source:
    """An entry of the list: its name, and what asks for more where it needs more.

    ``ask`` draws its own field and gives the request for ``cached.points``: the kind, then texts and ids,
    or None while there is nothing to draw.
    """

    name: str
    ask: Callable[[], tuple[str, ...] | None]


def _bundled(name: str) -> Callable[[], tuple[str, ...]]:
    return lambda: (name,)


def _text(kind: str, label: str, default: str) -> Callable[[], tuple[str, ...] | None]:
    def ask() -> tuple[str, ...] | None:
        text = url_text(label, default, key=f"{PREFIX}_{kind}", area=True, height=110)
        if len(text) > SETTINGS.max_characters:
            st.warning(
                f"The text has {len(text):,} characters; the limit is {SETTINGS.max_characters:,}. Please "
                "shorten it."
            )
            return None
        return (kind, text)

    return ask


SOURCES: dict[str, Source] = {
    "topics": Source("Words of 12 topics (GloVe)", _bundled("topics")),
    **{
        f"frequent{count}": Source(f"The {count:,} most frequent words (GloVe)", _bundled(f"frequent{count}"))
        for count in FREQUENT
    },
    "words": Source("Your words (GloVe)", _text("words", "Your words, parted by spaces or lines", WORDS)),
    "lines": Source("Your sentences (MiniLM)", _text("lines", "Your sentences, one a line", LINES)),
    "own": Source("Your own file", own_data.ask),
    "digits": Source("Handwritten digits", _bundled("digits")),
    "unequal": Source("Made: clusters of unequal size", _bundled("unequal")),
    "distances": Source("Made: three clusters, one far away", _bundled("distances")),
    "containing": Source("Made: a cluster inside another", _bundled("containing")),
    "noise": Source("Made: pure noise", _bundled("noise")),
    "trefoil": Source("Made: a trefoil knot", _bundled("trefoil")),
}


def ask() -> tuple[tuple[str, ...], Points] | None:
    """Draw the list and what belongs to the chosen entry; the request and its points, or None."""
    source = choice(
        "Data",
        list(SOURCES),
        key=f"{PREFIX}_data",
        name=lambda name: SOURCES[name].name,
        label_visibility="collapsed",
        width=300,
    )
    request = SOURCES[source].ask()
    if request is None:
        return None
    with working.shown("Reading the vectors", key=f"{PREFIX}_{request}", unit="Line") as work:
        points = cached.points(request, progress=work.progress, on_wait=work.wait)
    for note in points.notes:
        st.caption(note)
    return request, points
