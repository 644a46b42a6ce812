"""The pictures of a race: one panel a run, and the runs over each other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app import frame
from app.preference_optimisation.shared import FIGURE, PREFIX
from components.tracks import Dash, Line, Track, tracks
from models.traces_replay import Lane, Racing

EVERY = 10  # steps between two looks
CHOSEN, REJECTED = ("#007a5a", "#3fc19b"), ("#b34700", "#ff8f5c")
SIDES: tuple[tuple[str, tuple[str, str], Dash], ...] = (
    ("chosen", CHOSEN, "solid"),
    ("rejected", REJECTED, "dashed"),
)
# of the runs over each other: none of them is the colour of an answer
HUES = (("#6b7280", "#9aa4b2"), ("#0072b2", "#56a8e0"), ("#a8477f", "#e09cc4"), ("#8a6d00", "#e0b04a"))
DASHES: tuple[Dash, ...] = ("dotted", "solid", "dashed", "solid")
HEIGHT = 215
# of a room, whose runs share one key: before the first step, then above and below
ROOM_ALONE, ROOM_RUNS, ROOM_ACROSS = 500, 242, 205
KEY = " ".join(
    f'<b style="color: light-dark({light}, {dark})">{"—" if dash == "solid" else "╌"} {side}</b>'
    for side, (light, dark), dash in SIDES
)


@dataclass(frozen=True)
class Ends:
    """A run's held-out means (chosen, rejected) before and now, its log odds ratio now; over all seeds."""

    before: tuple[float, float]
    now: tuple[float, float]
    odds: float


def by_run(seen: Racing, runs: int) -> list[list[Lane]]:
    """The lanes of each run, one a seed."""
    seeds = len(seen.lanes) // runs
    return [list(seen.lanes[at * seeds : (at + 1) * seeds]) for at in range(runs)]


def first_and_last(seen: Racing, runs: int) -> list[Ends]:
    """Where each run began and where it is at the last look that all have had."""
    looks = min(len(lane.steps) for lane in seen.lanes)

    def mean(lanes: list[Lane], look: int, name: str) -> float:
        return float(np.mean([lane.held_out[look][name] for lane in lanes]))

    both = ("mean_logps/chosen", "mean_logps/rejected")
    return [
        Ends(
            (mean(lanes, 0, both[0]), mean(lanes, 0, both[1])),
            (mean(lanes, looks - 1, both[0]), mean(lanes, looks - 1, both[1])),
            mean(lanes, looks - 1, "log_odds_chosen"),
        )
        for lanes in by_run(seen, runs)
    ]


def held_out(lane: Lane, name: str, columns: int) -> NDArray[np.float64]:
    """A held-out number at every look, (columns,); NaN for those to come."""
    out = np.full(columns, np.nan)
    values = [look[name] for look in lane.held_out]
    out[: len(values)] = values
    return out


def trained(lane: Lane, name: str, columns: int) -> NDArray[np.float64]:
    """A number of the batches, the mean of the steps since the look before, (columns,); none at step 0."""
    out = np.full(columns, np.nan)
    for at in range(1, min(columns, len(lane.train) // EVERY + 1)):
        values = [log[name] for log in lane.train[(at - 1) * EVERY : at * EVERY] if name in log]
        if values:
            out[at] = np.mean(values)
    return out


def share(lane: Lane, columns: int) -> NDArray[np.float64]:
    """Length of the gradient of λ·L_OR over the lengths of both parts; NaN where a method has one part."""
    whole = trained(lane, "grad_norm/or", columns) + trained(lane, "grad_norm/sft", columns)
    return np.asarray(trained(lane, "grad_norm/or", columns) / whole)


def together(
    rows: Sequence[NDArray[np.float64]], name: str, hue: tuple[str, str], dash: Dash = "solid"
) -> list[Line]:
    """The mean of the seeds; behind it, where there are several, a band from the lowest to the highest."""
    band = [Line("", np.min(rows, 0), *hue, upto=np.max(rows, 0))] if len(rows) > 1 else []
    return [*band, Line(name, np.mean(rows, 0), *hue, wide=2.6, dash=dash)]


def pictures(seen: Racing, names: Sequence[str]) -> None:
    """Above, a panel a run on one scale; below, once they have begun, the runs over each other."""
    columns = seen.steps // EVERY + 1
    runs = by_run(seen, len(names))
    both = [
        held_out(lane, f"mean_logps/{side}", columns)
        for lane in seen.lanes
        for side in ("chosen", "rejected")
    ]
    room, begun = frame.presenting(), seen.step > 0
    low, high = float(np.floor(np.nanmin(both) * 2) / 2), float(min(0, np.ceil(np.nanmax(both) * 2) / 2))
    with st.container(key=FIGURE):
        for place, (name, lanes) in zip(
            st.columns(len(names), gap="small"), zip(names, runs, strict=True), strict=True
        ):
            lines = []
            for side, hue, dash in SIDES:
                key = f"mean_logps/{side}"
                batches = np.mean([trained(lane, key, columns) for lane in lanes], 0)
                lines.append(Line("", batches, *hue, wide=1.2, pale=True))
                lines += together([held_out(lane, key, columns) for lane in lanes], side, hue, dash=dash)
            with place:
                tracks(
                    [Track(name, lines, low, high)],
                    label=f"{name}: mean log-probability of held-out chosen and rejected answers",
                    title="step; pale: training pairs",
                    step=EVERY,
                    key=f"{PREFIX}_live_{names.index(name)}_{len(names)}",
                    named=not room,
                    height=(ROOM_RUNS if begun else ROOM_ALONE) if room else HEIGHT,
                )
        if not begun:
            return  # nothing to compare before the first step
        panels = across(runs, names, columns)
        if room:
            panels = panels[1:2]  # with four, their names would leave no room for the lines
        for place, panel in zip(st.columns(len(panels), gap="small"), panels, strict=True):
            with place:
                tracks(
                    [panel],
                    label=f"{panel.title} of every run",
                    title="step",
                    step=EVERY,
                    key=f"{PREFIX}_live_{panel.title}",
                    height=ROOM_ACROSS if room else HEIGHT,
                )


def across(runs: Sequence[Sequence[Lane]], names: Sequence[str], columns: int) -> list[Track]:
    """Margin, log odds ratio, pairs won and the odds ratio's part of the gradient, each with all runs."""
    margins, odds, right, parts = [], [], [], []
    for at, (name, lanes) in enumerate(zip(names, runs, strict=True)):
        look = name.removeprefix("ORPO "), HUES[at], DASHES[at]
        sides = [
            [held_out(lane, f"mean_logps/{side}", columns) for lane in lanes]
            for side in ("chosen", "rejected")
        ]
        margins += together([chosen - rejected for chosen, rejected in zip(*sides, strict=True)], *look)
        odds += together([held_out(lane, "log_odds_chosen", columns) for lane in lanes], *look)
        right += together([held_out(lane, "mean_accuracies", columns) for lane in lanes], *look)
        if lanes[0].method == "orpo":
            parts += together([share(lane, columns) for lane in lanes], *look)
    values = np.concatenate([line.values for line in margins + odds])
    low, high = float(min(0, np.floor(np.nanmin(values)))), float(max(1, np.ceil(np.nanmax(values))))
    panels = [
        Track("Margin", margins, low, high),
        Track("Log odds ratio", odds, low, high),
        Track("Pairs won", right, 0, 1, digits=2),
    ]
    if not parts:
        parts = [Line("no ORPO run", np.full(columns, np.nan), *HUES[0])]
    return [*panels, Track("OR’s gradient", parts, 0, 1, digits=2)]


def samples(seen: Racing, names: Sequence[str]) -> None:
    """What each run's model answers to one held-out question, at its last sample."""
    question = seen.prompt.removeprefix("Question: ").removesuffix("\nAnswer:")
    lines = []
    for name, lanes in zip(names, by_run(seen, len(names)), strict=True):
        step = max(lanes[0].samples)
        lines.append((name, step, lanes[0].samples[step] or "(nothing: it ended its answer at once)"))
    st.markdown(f"**Asked “{question}”, each model answers by itself:**")
    st.table([{"run": name, "step": str(step), "answer": text} for name, step, text in lines])
