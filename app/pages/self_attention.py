"""Self-attention, step by step: how do Q, K and V become a weighted mean?"""

from app.catalogue import SELF_ATTENTION
from app.frame import Preset
from app.self_attention.cost import costs
from app.self_attention.example import EDITABLE
from app.self_attention.model import MODEL_OPENING, real_model
from app.self_attention.questions import QUESTIONS
from app.self_attention.steps import CAT, LOVE, SHAPES, step_by_step
from app.self_attention.why import why
from app.shown import page_of_views

PREFIX = SELF_ATTENTION.prefix
VIEWS = {
    "steps": ("Step by step", step_by_step),
    "why": ("Why ÷ √d_k, why several heads", why),
    "model": ("In the real model", real_model),
    "cost": ("Cost", costs),
}


def state(view: str, **given: str) -> dict[str, str]:
    """A preset's state of the named controls."""
    return {f"{PREFIX}_{key}": value for key, value in {"view": view, **given}.items()}


def small(example: str, words: str, **given: str) -> dict[str, str]:
    """A preset of the first view: every control of it, and no number of the visitor's."""
    controls = {"example": example, "words": words, "heads": "1", "dk": "2", "mask": "none", "temp": "1"}
    picture = dict.fromkeys(("step", "head", "cell", *EDITABLE), "")
    return state("steps", **(controls | picture | given))


PRESETS = (
    Preset(
        "I love machine learning", "Four words, three numbers each: every sum by hand.", small("love", LOVE)
    ),
    Preset(
        "The cat sat on the mat",
        "Numbers made by hand: which word looks at which?",
        small("cat", CAT, step="6"),
    ),
    Preset(
        "d_model 512, 8 heads",
        "The same eight steps at the size of a real layer, as shapes.",
        small(SHAPES, LOVE, heads="8", step="3"),
    ),
    Preset(
        "Why ÷ √d_k",
        "What becomes of the softmax without it, as vectors grow wider?",
        state("why", why="scale", keys="16", width="64"),
    ),
    Preset(
        "Why several heads",
        "Who chases whom? Two relations that one softmax cannot show at once.",
        state("why", why="heads"),
    ),
    Preset(
        "In MiniLM: it → animal",
        "Head 3.1 of a real model: which of its 32 dimensions join *it* to *animal*.",
        state("model", **MODEL_OPENING),
    ),
)

page_of_views(
    SELF_ATTENTION,
    PRESETS,
    VIEWS,
    sources=(
        "vaswani2017",
        "jain2019",
        "wiegreffe2019",
    ),
    questions=QUESTIONS,
)
