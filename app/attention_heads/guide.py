"""The second view: a field guide to the heads of a model, one chart a score."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from app import frame
from app.attention_heads import cached, notes_depth, shared
from app.attention_heads.probe import probe
from app.attention_heads.shared import (
    FIGURE,
    PREFIX,
    Asked,
    Rows,
    Shown,
    exports,
    name,
    open_head,
    tell,
    titled,
    trace_of,
    view_of,
)
from app.state import choice
from components.figures import Scale
from components.head_map import head_map
from models.quantise import percent
from models.traces import AttentionTrace
from models.traces_heads import HeadScores, InductionProbe

PROBE = "probe"
# By score: its name in the list and how "the head that … most" goes on; {first} and {last} are tokens
SCORES = {
    "previous": ("previous token", "looks at the token before"),
    "next": ("next token", "looks at the token after"),
    "itself": ("the token itself", "looks at the token itself"),
    "duplicate": ("duplicate token", "looks at another copy of the token"),
    "induction": ("induction, in this text", "looks at what came after the earlier copy"),
    PROBE: ("induction, by the probe", "looks at what came next in random tokens"),
    "first": ("sink: first token", "rests on {first}, the first token"),
    "separator": ("sink: later special tokens", "rests on {last}"),
    "entropy": ("entropy", "spreads its weight evenly"),
    "confidence": ("confidence", "puts its weight on one token"),
    "distance": ("mean distance", "looks far away"),
}
PATTERNS = tuple(SCORES)[:8]
COUNTED = {"rows": "rows that have one", "all": "all rows (TransformerLens)"}
HEIGHT = 370
BEING_MADE = "the probe is being made"


def field_guide(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """One score of all heads as a chart, and who is strongest in each role."""
    asked = shared.controls(controls)
    with controls, st.container(horizontal=True, vertical_alignment="bottom"):
        score = choice(
            "Score", list(SCORES), key=f"{PREFIX}_score", name=lambda each: SCORES[each][0], width=260
        )
        over = choice(
            "A pattern's share is counted over",
            list(COUNTED),
            key=f"{PREFIX}_over",
            name=COUNTED.__getitem__,
            width=290,
            help="Many rows have no token of the pattern: no earlier copy, say. TransformerLens counts them "
            "as 0, so that its score of a perfect head stays small on a text with few copies.",
        )
    with picture:
        trace = trace_of(asked)
        if trace is None:
            return None
        view, *_ = view_of(asked, trace)
        scores = cached.head_scores(*asked.key)
        chart, beside = st.columns([1.7 if frame.presenting() else 2.2, 1], gap="medium")
        probed = None
        with beside:
            probed = probe(asked.card.id, asked.device) if asked.card.kind == "decoder" else None
            strongest_list(trace, scores, probed)
        values, why = numbers(score, over, scores, probed, asked)
        with chart, st.container(key=FIGURE):
            head_map(
                values * factor(score),
                scale(score, values),
                groups=trace.card.key_value_heads,
                chosen=[(view.layer, head) for head in view.heads],
                opens=open_head("@layer", "@head"),
                unit=" tokens" if score == "distance" else " %",
                gone=gone(why),
                label=f"{SCORES[score][0]} of every head of {asked.card.name}, layers down, heads across",
                key=f"{PREFIX}_guide",
                height=540 if frame.presenting() else HEIGHT,
            )
        made = probed.provenance if score == PROBE and probed else trace.provenance
        rows = table(scores, probed)
        stem = f"heads-{asked.card.id}-{score}"
        title = titled(f"{SCORES[score][0].capitalize()}, every head of {asked.card.name}", asked)
        tell(sentences(score, values, why, trace, scores, probed), rows, made, stem, title)
    return Shown(
        exports(rows, stem),
        notes_depth.READ_GUIDE,
        notes_depth.HOW_GUIDE,
        made,
        sources=("olsson2022", "xiao2023", "clark2019", "voita2019", "nanda2022"),
    )


def numbers(
    score: str, over: str, scores: HeadScores, probed: InductionProbe | None, asked: Asked
) -> tuple[NDArray[np.float32], str]:
    """The numbers of the chart, (layers, heads), and why there are none."""
    if score == PROBE:
        if probed:
            return probed.values, ""
        waiting = asked.card.kind == "decoder"
        why = BEING_MADE if waiting else f"{asked.card.name} sees what comes next"
        return np.full(scores.values.shape[1:], np.nan, np.float32), why
    at = scores.names.index(score)
    of = scores.over_all if over == "all" and score in PATTERNS else scores.values
    return of[at], scores.untestable.get(score, "")


def gone(why: str) -> str:
    """What stands over a chart without numbers."""
    return why if why in ("", BEING_MADE) else f"not testable: {why}"


def factor(score: str) -> float:
    """Shares are printed as percents."""
    return 1.0 if score == "distance" else 100.0


def scale(score: str, values: NDArray[np.float32]) -> Scale:
    """What the colours of the chart mean."""
    if score == "distance":
        most = float(np.nanmax(values, initial=1))
        return Scale("tokens between query and key, mean", 0, float(np.ceil(most)), 1)
    title = {
        "entropy": "% of the largest entropy, ln(keys in sight)",
        "confidence": "% of weight on the largest key, mean",
    }
    return Scale(title.get(score, "% of the weight"), 0, 100, 0)


def best(values: NDArray[np.float32]) -> tuple[int, int]:
    """The head with the largest number."""
    layer, head = divmod(int(np.nanargmax(values)), values.shape[1])
    return layer, head


def said(score: str, number: float) -> str:
    """A score as it is printed."""
    return f"{number:.1f} tokens" if score == "distance" else percent(number)


def strongest_list(trace: AttentionTrace, scores: HeadScores, probed: InductionProbe | None) -> None:
    """The strongest head of each role, with a button that opens it."""
    st.markdown("**Strongest head of each role**")
    ends = {"first": name(trace.keys[0]), "last": name(trace.keys[-1])}
    lines = st.container(gap=None)
    for score, (_, does) in SCORES.items():
        values = (probed.values if probed else None) if score == PROBE else scores.of(score)
        if values is None or np.isnan(values).all() or score in ("confidence", "itself"):
            continue
        layer, head = best(values)
        with lines.container(horizontal=True, wrap=False, gap="xsmall", key=f"{PREFIX}_line_{score}"):
            st.button(
                f":blue[{layer}.{head}]",
                type="tertiary",
                key=f"{PREFIX}_role_{score}",
                help="Open this head",
                on_click=lambda state: st.session_state.update(state),
                args=(open_head(str(layer), str(head)),),
            )
            share = said(score, float(values[layer, head])).replace(" ", "\u00a0")
            st.caption(f"{does.format(**ends)} · **{share}**")


def sentences(
    score: str,
    values: NDArray[np.float32],
    why: str,
    trace: AttentionTrace,
    scores: HeadScores,
    probed: InductionProbe | None,
) -> str:
    """Who is strongest, how that compares to chance and to the others, and how many do it."""
    if why == BEING_MADE:
        return "The numbers come as soon as the model has read its random tokens; the other scores are there."
    if why:
        return f"This score cannot be tested here: {why}. A missing number is not a 0."
    layer, head = best(values)
    most = float(values[layer, head])
    does = SCORES[score][1].format(first=name(trace.keys[0]), last=name(trace.keys[-1]))
    by_chance = (
        probed.chance if score == PROBE and probed else float(scores.chance[scores.names.index(score)])
    )
    does = "spreads its weight most evenly" if score == "entropy" else f"{does} most"
    first = f"Of {values.size} heads {layer}.{head} {does}: **{said(score, most)}**."
    second = f" The median of all heads is {said(score, float(np.nanmedian(values)))}"
    if score == "entropy":
        second += "; 100 % is the same weight everywhere"
    else:
        second += f"; weight that is spread evenly would give {said(score, by_chance)}"
    if score in ("distance", "entropy"):
        return f"{first}{second}."
    many = int((values > 0.5).sum())
    third = "no head reaches" if not many else "1 head is above" if many == 1 else f"{many} heads are above"
    return f"{first}{second}. {third[0].upper()}{third[1:]} 50 %."


def table(scores: HeadScores, probed: InductionProbe | None) -> Rows:
    """Every score of every head; "not testable" where there is none."""
    names = [each for each in SCORES if each != PROBE]
    heads = [*(SCORES[each][0] for each in names)]
    over_all = [each for each in names if each in PATTERNS]
    rows: Rows = [("head", *heads, SCORES[PROBE][0], *(f"{SCORES[each][0]}, all rows" for each in over_all))]

    def text(number: float) -> str:
        return "not testable" if np.isnan(number) else f"{number:.6g}"

    for layer, head in np.ndindex(scores.values.shape[1:]):
        found = [float(scores.of(each)[layer, head]) for each in names]
        found.append(float(probed.values[layer, head]) if probed else np.nan)
        found += [float(scores.over_all[scores.names.index(each), layer, head]) for each in over_all]
        rows.append((f"{layer}.{head}", *map(text, found)))
    return rows
