"""Attention heads: what does each head of a real model look at, and does it matter?"""

from app import fetching
from app.attention_heads.compare import compare
from app.attention_heads.guide import field_guide
from app.attention_heads.layers import through_the_layers
from app.attention_heads.look import what_they_look_at
from app.attention_heads.matter import does_it_matter
from app.attention_heads.questions import QUESTIONS
from app.attention_heads.shared import LONG, NAME, PREFIX, PRONOUN, REPEATED, TWO
from app.catalogue import ATTENTION_HEADS
from app.frame import Preset
from app.shown import page_of_views

VIEWS = {
    "look": ("What they look at", what_they_look_at),
    "guide": ("Field guide", field_guide),
    "matter": ("Does it matter?", does_it_matter),
    "layers": ("Through the layers", through_the_layers),
    "compare": ("Compare", compare),
}


def opening(text: str, pair: str = "", model: str = "minilm") -> dict[str, str]:
    """A preset's complete state: every control, and no parameter of the picture ("": the opening view)."""
    picture = dict.fromkeys(
        ("layer", "heads", "pin", "show", "hide", "min", "scale", "filter", "zoom", "focus"), ""
    )
    state = {"view": "look", "text": text, "pair": pair, "model": model, **picture}
    return {f"{PREFIX}_{key}": value for key, value in state.items()}


def depth(view: str, text: str, model: str, **given: str) -> dict[str, str]:
    """A preset of another view: its text and model and its own controls."""
    state = {"view": view, "text": text, "pair": "", "model": model, **given}
    return {f"{PREFIX}_{key}": value for key, value in state.items()}


PRESETS = (
    Preset("A pronoun", "Which word does *it* stand for? Two heads find the animal.", opening(PRONOUN)),
    Preset(
        "Two sentences",
        "From the first sentence to the second: *cat* finds *cat*, *mat* finds *rug*.",
        opening(*TWO),
    ),
    Preset(
        "A long paragraph", "More than 300 tokens: a focus window and the rest in outline.", opening(LONG)
    ),
    Preset(
        "Switch it off",
        "Head 3.1 finds the animal. Does the text's vector need it, or any head more?",
        depth("matter", PRONOUN, "minilm", off="3.1", rank="1"),
    ),
    Preset(
        "Induction heads",
        "Random tokens, said twice: which heads of a decoder know what came next?",
        depth("guide", REPEATED, "smollm2", score="probe", over="rows"),
    ),
    Preset(
        "Without induction",
        "Five induction heads off: the model no longer knows how a name went on that it has just read.",
        depth("matter", NAME, "smollm2", off="17.3, 17.4, 18.6, 18.7, 23.2", at="last", word="", rank=""),
    ),
)

page_of_views(
    ATTENTION_HEADS,
    # a small server leaves out those whose model it cannot load
    [each for each in PRESETS if each.state[f"{PREFIX}_model"] in {card.id for card in fetching.cards()}],
    VIEWS,
    questions=QUESTIONS,
)
