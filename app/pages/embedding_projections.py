"""Embedding projections: what is near what, and which part of the map may I believe?"""

from app.catalogue import EMBEDDING_PROJECTIONS
from app.embedding_projections.believe import believe
from app.embedding_projections.claims import claims
from app.embedding_projections.maps import maps
from app.embedding_projections.multiples import multiples
from app.embedding_projections.questions import QUESTIONS
from app.embedding_projections.senses import OPENING as SENSES
from app.embedding_projections.senses import senses
from app.embedding_projections.settings import OPENING
from app.embedding_projections.texts import ONE_WORD
from app.embedding_projections.words import words
from app.frame import Preset
from app.shown import page_of_views

PREFIX = EMBEDDING_PROJECTIONS.prefix
VIEWS = {
    "maps": ("Maps", maps),
    "believe": ("Which part to believe", believe),
    "multiples": ("Small multiples", multiples),
    "words": ("Words", words),
    "senses": ("One word, many senses", senses),
    "claims": ("Read it right", claims),
}
# Parameters of the canvas: a preset starts from a clean one.
PICTURE = dict.fromkeys(("colour", "shape", "pick", "sel", "zoom", "turn", "labels", "frame"), "")


def state(view: str, **given: str) -> dict[str, str]:
    """A preset's state of the named controls."""
    return {f"{PREFIX}_{key}": value for key, value in {"view": view, **PICTURE, **given}.items()}


PRESETS = (
    Preset(
        "Words of 12 topics",
        "240 words: neighbours on the map are neighbours in meaning, mostly.",
        state("maps", data="topics", show="all", **OPENING),
    ),
    Preset(
        "Would noise look like this?",
        "A map beside its noise twin, and each word coloured by how far it may be believed.",
        state("believe", data="topics", map="tsne", **OPENING),
    ),
    Preset(
        "Perplexity 2 to 100",
        "Eighteen maps of one cluster inside another: which of them shows that?",
        state("multiples", data="containing", sweep="tsne"),
    ),
    Preset(
        "king − man + woman",
        "Which word is nearest to the sum, and does it matter which may answer?",
        state("words", ask="analogy", a="king", b="man", c="woman", inputs="in"),
    ),
    Preset(
        "College and teacher",
        "Is *college* nearer to *teacher* than to *pizza*, if words are only counted?",
        state("words", ask="texts", **ONE_WORD),
    ),
    Preset(
        "“Bank” in twenty sentences",
        "Money or river? One vector becomes two clouds, layer by layer.",
        state("senses", **SENSES),
    ),
)

page_of_views(EMBEDDING_PROJECTIONS, PRESETS, VIEWS, questions=QUESTIONS)
