"""Honest or distorted: how does the same data lie, and by how much?"""

from app.catalogue import HONEST_OR_DISTORTED
from app.frame import Preset
from app.honest_or_distorted.cases import cases
from app.honest_or_distorted.challenge import challenge
from app.honest_or_distorted.lie import lie
from app.honest_or_distorted.own import own
from app.honest_or_distorted.questions import QUESTIONS
from app.honest_or_distorted.quiz import quiz
from app.honest_or_distorted.shared import line
from app.shown import page_of_views
from models.challenge import NEUTRAL

PREFIX = HONEST_OR_DISTORTED.prefix
VIEWS = {
    "lie": ("The lie slider", lie),
    "cases": ("Two famous cases", cases),
    "own": ("Your own chart", own),
    "quiz": ("Predict, then reveal", quiz),
    "challenge": ("Make it lie", challenge),
}


def state(view: str, **given: str) -> dict[str, str]:
    """A preset's state of the named controls."""
    return {f"{PREFIX}_{key}": value for key, value in {"view": view, **given}.items()}


PRESETS = (
    Preset(
        "Bars from 97",
        "Sales grew by 5 %: what do bars show that do not start at 0?",
        state(
            "lie",
            which="truncated",
            t="100",
            case="iphone",
            iphone="total",
            parenthood="shown",
            own="table",
            goal="boom",
            **{f"tool_{name}": value for name, value in NEUTRAL.items()},
        ),
    ),
    Preset(
        "All sold so far",
        "A cumulative chart beside the sales of each quarter.",
        state("lie", which="cumulative", t="100"),
    ),
    Preset(
        "Three groups, one line",
        "Hours and scores in three groups: what does one line through all of them say?",
        state("lie", which="simpson", t="100"),
    ),
    Preset("iPhone, 2013", "The chart shown on stage.", state("cases", case="iphone", iphone="total")),
    Preset(
        "Planned Parenthood, 2015",
        "327,000 drawn above 935,573.",
        state("cases", case="parenthood", parenthood="shown"),
    ),
    Preset(
        "Make it lie",
        "The same 36 months as a boom: every label is true.",
        state(
            "challenge",
            goal="boom",
            tool_base="99",
            tool_window="half",
            tool_series="month",
            tool_frame="plain",
        ),
    ),
    Preset("A chart, checked", "The linter marks what misleads and repairs it.", state("own", own="spec")),
)

page_of_views(
    HONEST_OR_DISTORTED,
    PRESETS,
    VIEWS,
    sources=(
        "tufte1983",
        "pandey2015",
        "lo2022",
        "lisnic2023",
    ),
    provenance=line,
    questions=QUESTIONS,
)
