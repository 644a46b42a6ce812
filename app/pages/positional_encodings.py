"""Positional encodings: how does a model that sees a set know the order?"""

from typing import Any

import numpy as np
import streamlit as st

from app import fetching, frame, predict
from app.catalogue import POSITIONAL_ENCODINGS
from app.frame import Preset
from app.positional_encodings import encodings
from app.positional_encodings.encodings import (
    BESIDE,
    LEARNED,
    MOST_POSITIONS,
    NAIVE,
    NAMES,
    RELATIVE,
    ROPE,
    TURNING,
    VIEWS,
    Setting,
)
from app.positional_encodings.notes import HOW, READ_IT_RIGHT
from app.positional_encodings.questions import QUESTIONS
from app.positional_encodings.shared import Shown
from app.positional_encodings.views import DRAW
from app.state import choice, url_text, whole
from components import figures, toolbar

PREFIX = POSITIONAL_ENCODINGS.prefix
DEFAULT = Setting()
OPENING = {
    "scheme": "sinusoidal",
    "view": "heat",
    "n": "128",
    "d": "128",
    "base": "10000",
    "at": "50",
    "beside": "",
    "scaling": "none",
    "factor": "4",
    "trained": "128",
    "heads": "8",
    "buckets": "32",
    "dims": "",
    "m": "",
    "gap": "",
    "text": "The dog bites the man.",
    "seed": "249",  # the man bites the dog
}
MOST_DIMENSIONS, MOST_BASE = 512, 10_000_000
MOST_SEED = 999


def preset(name: str, why: str, **changes: str) -> Preset:
    """A preset is a complete state: the opening one with changes."""
    return Preset(name, why, {f"{PREFIX}_{key}": value for key, value in {**OPENING, **changes}.items()})


PRESETS = (
    preset("Neighbours of position 50", "Which positions look alike? Those that are near."),
    preset(
        "10000 replaced by 10",
        "With a small base all waves are short: far positions look alike again.",
        base="10",
        beside="base-10000",
    ),
    preset("d = 8 against 512", "More dimensions, a sharper peak.", view="distance", d="8", beside="d-512"),
    preset(
        "A length beyond training",
        "What does a table of learned positions hold for a longer text?",
        scheme="learned",
        n="640",
        at="500",
    ),
    preset(
        "Why not a sigmoid",
        "Squashed into 0 to 1, far neighbours become one.",
        scheme="squashed",
        view="curves",
        n="32",
        at="12",
    ),
    preset(
        "Shuffle the words", "Does a model without positions notice that words change places?", view="order"
    ),
)


def controls() -> tuple[Setting, str, int, str]:
    """Draw the controls; the setting, the view, the position looked at, what stands beside."""
    notes: list[str] = []
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall", key=f"{PREFIX}_controls")
    asked = st.session_state.get(f"{PREFIX}_view", st.query_params.get(f"{PREFIX}_view"))
    with row:
        scheme = choice(
            "Scheme",
            list(NAMES),
            key=f"{PREFIX}_scheme",
            name=NAMES.__getitem__,
            field=_if(asked != "order"),  # MiniLM reads the shuffled words, whatever the scheme
            width=205,
        )
    views = encodings.fitting_views(scheme)
    _fall_back("view", list(VIEWS), views)
    with row:
        view = choice(
            "View",
            views,
            key=f"{PREFIX}_view",
            name=lambda view: encodings.view_name(scheme, view),
            width=222,
        )
    whole_text = view == "order"
    sized = view == "scores" or (not whole_text and scheme not in (*LEARNED, *RELATIVE))
    based = view == "scores" or (not whole_text and scheme in TURNING)
    looked_at = view in ("curves", "pairs") or (view == "heat" and scheme != "t5-learned")
    more = scheme in (*ROPE, *RELATIVE) and view not in ("order", "scores")

    def number(label: str, name: str, low: int, high: int, **given: Any) -> int:
        default = int(OPENING[name])
        return whole(label, default, low, high, key=f"{PREFIX}_{name}", note=notes.append, **given)

    with row:
        if whole_text:
            url_text("Text", OPENING["text"], key=f"{PREFIX}_text", width=350)
        seed = number("Seed", "seed", 0, MOST_SEED, show=whole_text, width=80)
        if whole_text:
            st.button("Shuffle again", on_click=next_seed, args=(seed,))
        n = number("Positions n", "n", 2, MOST_POSITIONS, show=not whole_text, width=80)
        d = number("Dimensions d", "d", 4, MOST_DIMENSIONS, step=2, show=sized, width=80)
        base = number("Base", "base", 2, MOST_BASE, show=based, width=88)
        at = number("Position p", "at", 0, MOST_POSITIONS - 1, show=looked_at, width=80)
        dims = dimensions_field() if view == "curves" and scheme not in NAIVE else ""
        compared = st.container(width=132 if encodings.comparable(scheme, view) else 1)
        with st.popover("More") if more else st.container(width=1):
            scaling = choice(
                "RoPE scaling",
                list(encodings.SCALINGS),
                key=f"{PREFIX}_scaling",
                name=encodings.SCALINGS.__getitem__,
                field=_if(more and scheme in ROPE),
            )
            scaled = more and scheme in ROPE and scaling != "none"
            factor = number("Scaling factor", "factor", 1, 64, show=scaled)
            trained = number("Trained length", "trained", 8, 8192, show=scaled and scaling == "yarn")
            heads = number("Heads", "heads", 1, 16, show=more and scheme == "alibi")
            buckets = number("Buckets", "buckets", 4, 64, step=4, show=more and scheme == "t5")
    if d % 2:
        notes.append(f"d is {d}, an odd number; dimensions come in pairs, so {d + 1} is shown.")
        d += 1
    if buckets % 4:
        notes.append(f"{buckets} buckets do not part into four; {buckets // 4 * 4} are shown.")
        buckets = buckets // 4 * 4
    if at >= n:
        if looked_at:
            notes.append(f"Position {at} lies beyond the last of {n}; position {n - 1} is shown.")
        at = n - 1
    setting = Setting(scheme, n, d, base, scaling, factor, trained, heads, buckets, dims)
    options = encodings.fitting_beside(setting, view)
    _fall_back("beside", list(BESIDE), options)
    with compared:
        beside = choice(
            "Compare with",
            options,
            key=f"{PREFIX}_beside",
            name=BESIDE.__getitem__,
            field=_if(encodings.comparable(scheme, view)),
        )
    for note in notes:
        st.caption(note)
    return setting, view, at, beside


def dimensions_field() -> str:
    """The field for the dimensions whose curves are drawn; empty leaves the choice to the page."""
    return url_text("Dimensions drawn", "", key=f"{PREFIX}_dims", placeholder="such as 0 8 16", width=132)


def _if(fits: bool) -> Any:
    """A select box, or nothing where it has nothing to do; the address keeps its value for other views."""
    field: Any = st.selectbox if fits else lambda *args, **kwargs: None
    return field


def next_seed(seed: int) -> None:
    """Another order of the words."""
    st.session_state[f"{PREFIX}_seed"] = str((seed + 1) % (MOST_SEED + 1))


def _fall_back(name: str, known: list[str], fitting: list[str]) -> None:
    """Where another control has made a choice unfit, take the first that fits, without a word."""
    key = f"{PREFIX}_{name}"
    if st.session_state.get(key) in known and st.session_state[key] not in fitting:
        st.session_state[key] = fitting[0]


def export(shown: Shown, setting: Setting, view: str) -> None:
    """What can be saved: the picture, the page, the numbers."""
    toolbar.export_buttons(["svg", "png", "html"])
    st.download_button(
        "CSV: the numbers",
        lambda: shown.numbers().to_csv(),
        f"{stem(setting, view)}.csv",
        "text/csv",
        on_click="ignore",
        width="stretch",
    )


def stem(setting: Setting, view: str) -> str:
    """The name of a saved file."""
    width = "" if setting.scheme in RELATIVE else f"-d{setting.width}"
    return f"positions-{setting.scheme}-{view}-n{setting.n}{width}"


def finish(shown: Shown, setting: Setting, view: str) -> None:
    """What stands below and around a picture."""
    given = shown.provenance
    made = (
        f"{given.model} ({given.short_revision}), {given.precision}, {given.tokens} tokens"
        if given
        else f"{setting.source}, float64, CPU · {setting.size} · numpy {np.__version__}"
    )
    bar.export(lambda: export(shown, setting, view))
    figures.save_on_export(
        f"{PREFIX}_picture",
        stem=stem(setting, view),
        title=shown.title,
        sentences=" ".join(shown.sentences),
        provenance=f"Made with Plainsight · {made}",
        key=f"{PREFIX}_save",
    )
    frame.notes(
        read_it_right=READ_IT_RIGHT,
        how=HOW,
        sources=["vaswani2017", "su2021", "press2022", "raffel2020", "chen2023", "peng2023", "wang2020"],
        more={"Numbers": lambda: table(shown)},
    )
    if shown.provenance:
        frame.provenance(shown.provenance)
    elif not frame.presenting():
        st.caption(made)


def table(shown: Shown) -> None:
    """The numbers behind the picture."""
    st.dataframe(shown.numbers(), height=300)


asked = predict.asked(POSITIONAL_ENCODINGS, QUESTIONS, PRESETS)
waiting = asked is not None and asked.waiting
bar = frame.page(POSITIONAL_ENCODINGS, export=not waiting, asks=asked is None or asked.revealed)
tell_answer = predict.beside_presets(POSITIONAL_ENCODINGS, PRESETS, QUESTIONS, asked, bar.head)
if waiting:
    st.stop()
controls_place, picture_place = frame.places()
with controls_place:
    setting, view, at, beside = controls()
shown = None
with picture_place, frame.guard():
    if setting.card is None or view == "order" or fetching.offer(setting.card):
        with st.container(key=f"{PREFIX}_picture"):
            shown = DRAW[view](setting, at, beside)
        st.markdown("**What you see.** " + " ".join(shown.sentences))
tell_answer()
if shown:
    with frame.guard():
        finish(shown, setting, view)
