"""Seq2seq and alignment: what is lost in one context vector, and what does attention bring back?"""

from app.catalogue import SEQ2SEQ
from app.frame import Preset
from app.seq2seq.bottleneck import bottleneck
from app.seq2seq.clock import clock
from app.seq2seq.masks import forced_or_free, masks
from app.seq2seq.questions import QUESTIONS
from app.seq2seq.real import real_translation
from app.seq2seq.shared import PREFIX, TEXTS
from app.seq2seq.translate import beam_search, translate_and_align
from app.shown import page_of_views

# A view is one function of one module: it draws its controls and its picture and says what it has shown.
VIEWS = {
    "align": ("Translate and align", translate_and_align),
    "beam": ("Beam search", beam_search),
    "bottleneck": ("The bottleneck", bottleneck),
    "masks": ("Masks", masks),
    "forced": ("Forced or free", forced_or_free),
    "time": ("Time", clock),
    "real": ("Real translation", real_translation),
}


def state(view: str, **given: str) -> dict[str, str]:
    """A preset's state of the named controls."""
    return {f"{PREFIX}_{key}": value for key, value in {"view": view, **given}.items()}


def aligned(task: str, model: str, text: str, truth: str = "off") -> dict[str, str]:
    """A preset of the first view: every control of it."""
    return state("align", task=task, model=model, width="32", head="", at="", truth=truth, **{task: text})


# The controls of the other views, so that a link tells where they differ from the opening state
ELSEWHERE = {f"{PREFIX}_{key}": value for key, value in {"beam": "3", "seed": "11", "probe": "20"}.items()}

PRESETS = (
    Preset(
        "Attention reverses",
        "Twenty-three letters to reverse: attention looks each one up; packed into one vector they get lost.",
        aligned("reverse", "luong", TEXTS["reverse"]) | ELSEWHERE,
    ),
    Preset(
        "A long German date",
        "Thirty-seven characters, yet little information: even one vector gets it right.",
        aligned("dates", "luong", TEXTS["dates"], "on"),
    ),
    Preset(
        "A US date",
        "3/14/2021 as year, month, day: where does the model look for each?",
        aligned("dates", "luong", "3/14/2021", "on"),
    ),
    Preset(
        "The adjective moves",
        "English → French: red flowers become fleurs rouges, and the weights cross.",
        aligned("phrases", "luong", TEXTS["phrases"], "on"),
    ),
    Preset(
        "Right by length",
        "Thousands of fresh examples: where does each model begin to fail?",
        state("bottleneck", task="reverse", width="32", seed="11", probe="20"),
    ),
    Preset(
        "A beam in doubt",
        "The one-vector model does not know; watch it keep five beginnings.",
        state("beam", task="reverse", model="plain", width="32", beam="5", reverse=TEXTS["reverse"]),
    ),
    Preset(
        "An error spreads",
        "Free, the one-vector model reads its own wrong words; forced, it reads the right ones.",
        state("forced", task="phrases", model="plain", width="32", phrases=TEXTS["phrases"]),
    ),
)

page_of_views(SEQ2SEQ, PRESETS, VIEWS, questions=QUESTIONS)
