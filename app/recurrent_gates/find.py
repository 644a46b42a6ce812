"""The third view: which unit follows a rule, how well, and what chance alone would find."""

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import frame, working
from app.recurrent_gates import cached, notes
from app.recurrent_gates.reading import asked, trace_of
from app.recurrent_gates.shared import FIGURE, PREFIX, Rows, Shown, exports, tell
from app.state import Param, choice, plain, read_view, url_text
from components import charts
from components.colours import GATE_HUES
from components.gates_view import SHORT, part_names
from components.painted_text import Painted, painted_text
from models.traces import Array
from models.traces_recurrent import CellSearch, CharTrace, Finding

RULES = {
    "quotes": "inside quotes",
    "depth": "bracket depth",
    "column": "column in the line",
    "indent": "indentation of the line",
    "vowel": "vowel",
    "pattern": "own regular expression",
    "stretch": "a stretch of the text that I mark",
}
PATTERN = "[A-Z][a-z]+"
CHANCE = {
    "untrained": "best of an untrained model",
    "shuffled": "best for shuffled labels",
    "moved": "best for labels moved along",
}
GREY = "#7a8594"
CLEAR = 0.05  # so far above the controls a find must stand
EASY = 0.9  # what an untrained model reaches only where the present character says it
HOLDS = 0.8  # a weaker correlation explains less than two thirds
ROOM_TEXT = 440  # px of the painted text in a room
SHOWN = 8  # units of the ranking that are drawn
ROOM_SHOWN = 5  # the same in a room, which reads shorter names
ROOM_CHANCE = {"untrained": "untrained model", "shuffled": "shuffled labels", "moved": "moved labels"}


def stretch(text: str) -> tuple[int, int] | None:
    """A marked stretch of the address: "12-34"."""
    if not text:
        return None
    start, _, end = text.partition("-")
    if not (start.isascii() and start.isdigit() and end.isascii() and end.isdigit() and len(text) < 12):
        raise ValueError(text)
    if int(start) >= int(end):
        raise ValueError(text)
    return int(start), int(end)


def find_a_cell(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """A rule, the ranking beside chance, and the visitor's text painted by the best unit."""
    text, model = asked(controls)
    with controls, st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        rule = choice(
            "Rule",
            list(RULES),
            key=f"{PREFIX}_rule",
            name=lambda name: f"Find: {RULES[name]}",
            label_visibility="collapsed",
            width=300,
        )
        pattern = PATTERN
        if rule == "pattern":
            pattern = url_text(
                "Regular expression",
                PATTERN,
                key=f"{PREFIX}_pattern",
                label_visibility="collapsed",
                placeholder="a regular expression",
                width=300,
            )
    with picture:
        trace = trace_of(text, model)
        if trace is None:
            return None
        given = read_view(
            PREFIX,
            [Param("stretch", "", stretch, "no stretch is marked", rerun=True)],
            of=(text, model),
        )
        marked = given["stretch"]
        if rule == "stretch" and (marked is None or marked[1] > len(text)):
            painted_text(
                [Painted("Drag over a stretch of your text", text, np.zeros(len(text)), -1, 1)],
                label="Your text",
                key=f"{PREFIX}_mark",
                param=f"{PREFIX}_stretch",
            )
            st.info("Drag over some characters; the units that are on there and off elsewhere are found.")
            return None
        asked_for = rule if rule != "pattern" else f"pattern:{pattern}"
        own = text if rule == "stretch" else ""
        with working.shown("Searching all units", key=f"{PREFIX}_find_{model}_{hash((asked_for, own))}"):
            found = cached.cell_search(model, asked_for, own, marked if rule == "stretch" else None)
            labels = cached.rule_labels(asked_for, text, marked if rule == "stretch" else None)
        short = pattern if len(pattern) <= 26 else f"{pattern[:25]}…"
        words = f"the pattern {short}" if rule == "pattern" else RULES[rule]
        return draw(controls, trace, text, rule, words, labels, found, marked)


def name_of(trace: CharTrace, found: Finding, *, letter: bool = False) -> str:
    """A unit in a ranking: cell c of unit 9."""
    names = part_names(trace.gates)
    where = f", {names[found.part]}" if len(names) > 1 else ""
    what = SHORT[found.series][0] if letter else SHORT[found.series][1]
    return f"{what} {found.unit}{where}" if letter else f"{what}, unit {found.unit}{where}"


def values_of(trace: CharTrace, found: Finding) -> Array:
    """What a unit does over a trace."""
    gates = trace.gates
    all_of = {**gates.gates, "hidden": gates.hidden, **({} if gates.cell is None else {"cell": gates.cell})}
    each = all_of[found.series]
    return np.asarray(each.reshape(-1, *each.shape[-2:])[found.part, :, found.unit], np.float64)


def draw(
    controls: DeltaGenerator,
    trace: CharTrace,
    text: str,
    rule: str,
    words: str,
    labels: Array,
    search: CellSearch,
    marked: tuple[int, int] | None,
) -> Shown:
    """Ranking at left, painted text at right."""
    measure = "|correlation|" if search.number else "AUC"
    place = "your text" if rule == "stretch" else f"{search.steps:,} held-out characters"
    room = frame.presenting()
    with st.container(key=FIGURE):
        left, right = st.columns([3, 5], gap="small") if room else st.columns([5, 7], gap="medium")
        with left:
            st.markdown(f"**{measure} with “{plain(words)}”**")
            best_of = search.best[: ROOM_SHOWN if room else SHOWN]
            bars = [(name_of(trace, each), each.strength, hue(each.series)) for each in best_of]
            named = ROOM_CHANCE if room else CHANCE
            bars += [(named[name], value, GREY) for name, value in search.chance.items()]
            low = 0.0 if search.number else 0.5
            across = "on your text" if rule == "stretch" else "on held-out text"
            frame.chart(
                charts.ranking(
                    bars,
                    low=low,
                    x=across if room else f"{measure} on {place}",
                    rules=3,
                    rule="best control" if room else "best of the controls",
                    height=330,
                )
            )
        with controls if room else right:
            rank = choice(
                "Painted by",
                [str(at + 1) for at in range(SHOWN)],
                key=f"{PREFIX}_rank",
                name=lambda at: f"text painted by {name_of(trace, search.best[int(at) - 1])}",
                label_visibility="collapsed",
                width=320,
            )
        with right:
            best = search.best[int(rank) - 1]
            values = values_of(trace, best)
            signed = best.series in ("cell", "hidden", "candidate")
            most = float(np.abs(values).max()) or 1.0
            under = labels > 0 if not search.number else None
            ends = (-most, most) if signed else (0.0, 1.0)
            scale = f"{minus(-most)} to {minus(most)}" if signed else "0 to 1"
            name = name_of(trace, best).capitalize()
            titled = f"{name}: {scale}" if room else f"{name}, over your text"
            painted = [Painted(titled, text, values, *ends, under=under)]
            if search.number:
                top = max(1.0, float(labels.max()))
                painted.append(Painted(f"The rule: {words}, 0 to {top:g}", text, labels, 0.0, top))
            painted_text(
                painted,
                label=f"The text painted by {name_of(trace, best)}",
                key=f"{PREFIX}_painted",
                param=f"{PREFIX}_stretch" if rule == "stretch" else "",
                marked=marked if rule == "stretch" else None,
                focus=int(labels.argmax()),
                height=ROOM_TEXT if room else 400,
            )
            told = "" if room else f"Colours: {scale}. "
            told += "An orange line under a character: the rule says yes." if under is not None else ""
            if told:
                st.caption(told)
    if rule == "stretch" and marked:
        alike(trace, text, best, marked)
    rows = table(trace, search)
    stem = f"find-{trace.card.id}-{rule}"
    tell(sentences(trace, words, search, place), rows, trace.provenance, stem, f"Find a cell: {words}")
    return Shown(
        exports(rows, stem),
        notes.READ_FIND,
        notes.HOW_FIND,
        trace.provenance,
        sources=("karpathy2015", "strobelt2018", "weiss2018"),
    )


def alike(trace: CharTrace, text: str, best: Finding, marked: tuple[int, int]) -> None:
    """Other stretches of the text, and of held-out text, where the unit is on as in the marked one."""
    here, elsewhere = cached.alike(trace.card.id, text, marked, best)
    count = len(here) + len(elsewhere)
    if not count:
        st.caption("The unit is on nowhere else, neither in your text nor in held-out text.")
        return
    st.markdown(
        "**Other stretches like it**, where this unit is on as in the marked one: "
        + " · ".join(f"“{shown(words)}”" for words in [*here, *elsewhere][:10])
    )


def shown(words: str) -> str:
    """A stretch of text in a sentence, as text whatever Markdown it holds."""
    short = words.replace("\n", "↵")
    short = short if len(short) <= 40 else short[:38] + " …"
    return plain(short)


def hue(series: str) -> str:
    """The colour of a series in a bar chart; the cell's is that of text."""
    return GATE_HUES[series][0] if series in GATE_HUES else "#3d4a5c"


def minus(value: float) -> str:
    """A number with two decimals and a real minus sign, none before 0.00."""
    return f"{value:.2f}".replace("-0.00", "0.00").replace("-", "−")


def sentences(trace: CharTrace, words: str, search: CellSearch, place: str) -> str:
    """Who follows the rule, how well, and whether the controls do as well."""
    best = search.best[0]
    measure = f"{best.strength:.3f}"
    measure = f"|correlation| {measure}" if search.number else f"AUC {measure} (0.5 is a coin, 1 perfect)"
    strongest = max(search.chance, key=lambda name: search.chance[name])
    most = search.chance[strongest]
    gap = best.strength - most
    way = "falls" if (best.score < 0 if search.number else best.score < 0.5) else "rises"
    word = "with it" if search.number else "where the rule says yes"
    said = (
        f"Of {search.candidates} candidates, {name_of(trace, best)} follows “{plain(words)}” best on "
        f"{place}: {measure}; it {way} {word}. "
    )
    if search.number and gap >= CLEAR and best.strength < HOLDS:
        said += f"Its square, {best.strength**2:.2f}, is the share explained: no unit alone holds the rule. "
    if gap >= CLEAR:
        return f"{said}It stands {gap:.2f} above the best of the controls ({most:.3f}, {CHANCE[strongest]})."
    said += f"The best of the controls reaches {most:.3f} ({CHANCE[strongest]}), so this is no find."
    if strongest == "untrained" and most > EASY:
        said += " Where an untrained model does so well, the rule is about what has just been read."
    return said


def table(trace: CharTrace, search: CellSearch) -> Rows:
    """The ranking and the controls, one a row."""
    rows: Rows = [("rank", "candidate", "score", "strength")]
    for at, each in enumerate(search.best):
        name = name_of(trace, each).replace(",", "")
        rows.append((str(at + 1), name, f"{each.score:.4f}", f"{each.strength:.4f}"))
    rows += [("", CHANCE[name], "", f"{value:.4f}") for name, value in search.chance.items()]
    return rows
