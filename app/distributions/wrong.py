"""The third view, what goes wrong: a broken rule, peaks taken for tails, bins and ranges that change a
picture.
"""

import time
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.distributions import cached
from app.distributions.data import PARAMS, data_controls
from app.distributions.knobs import none
from app.distributions.notes import (
    HOW_IMPRESSION,
    HOW_PEAK,
    HOW_RULE,
    READ_IMPRESSION,
    READ_PEAK,
    READ_RULE,
)
from app.distributions.shape import line_of, source_of, table
from app.distributions.shared import (
    FIGURE,
    PREFIX,
    exports,
    figure,
    height,
    made,
    ratio,
    table_csv,
    tell,
)
from app.shown import Rows, Shown
from app.state import choice, read_view, whole
from components import charts_distributions as drawn
from components.distribution_view import View, distribution_view, header
from components.live_charts import Slider, live_charts, pictures
from models import distributions
from models.columns import EVEN_SEVEN, RULE_BROKEN
from models.means import count_peaks, peaks_by_bins
from models.quantise import percent

QUESTIONS = {
    "rule": "Mean against median",
    "peak": "Heavy tail or high peak",
    "impression": "Bins, range, outliers",
}
RULE = f"{PREFIX}_rule"  # starts the parameters of the seven dots
SOLUTION = ";".join(f"{i}:{value:g}" for i, value in enumerate(RULE_BROKEN))
HEAVIER = ("0.5", "1", "2", "3", "5", "8", "12", "20", "30")
HIGHER = ("1.2", "1.5", "2", "2.5", "3", "4", "5", "6")
PAIRS = {"tails": "same peak, other tails", "peaks": "same kurtosis, other peak"}
SPANS = {"all": "all values", "middle": "middle 98 %", "without": "without outliers"}
MOST_BINS = 60
SHIFTS = tuple(str(part) for part in range(0, 100, 10))  # per cent of a bin
OPENING = {
    "wrong": "rule",
    "rule_moved": "",
    "pair": "tails",
    "heavier": "8",
    "higher": "3",
    "many": "12",
    "shift": "0",
    "span": "all",
}


def what_goes_wrong(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """One of three questions."""
    span = ""
    with controls:
        which = choice(
            "Question",
            list(QUESTIONS),
            key=f"{PREFIX}_wrong",
            name=QUESTIONS.__getitem__,
            field=st.segmented_control,
            label_visibility="collapsed",
            required=True,
        )
        if which == "impression":
            span = choice(
                "Axis",
                list(SPANS),
                key=f"{PREFIX}_span",
                name=SPANS.__getitem__,
                field=st.segmented_control,
                label_visibility="collapsed",
                required=True,
            )
    if which == "rule":
        return break_the_rule(controls, picture)
    return impression(controls, picture, span) if span else peak_or_tail(controls, picture)


def break_the_rule(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown:
    """A goal: positive skewness with the mean below the median."""
    with controls:
        st.markdown(
            "**Your goal:** drag the seven dots until the skewness is positive **and** the mean lies below "
            "the "
            "median. Textbooks call that impossible."
        )
        view = read_view(RULE, [param for param in PARAMS if param.name != "drawn"])
        moved = {index: value for index, value in view["moved"].items() if index < len(EVEN_SEVEN)}
        values = np.array([moved.get(index, value) for index, value in enumerate(EVEN_SEVEN)])
    with picture:
        started = time.perf_counter()
        d, shape = cached.look(values.tobytes())
        origin = made("Seven values", source_of_seven(len(moved)), (time.perf_counter() - started) * 1000)
        text = ";".join(f"{index}:{value:.12g}" for index, value in sorted(moved.items()))
        goals(d.mean - d.median, d.g1)
        with st.container(key=FIGURE):
            distribution_view(
                header(
                    shape,
                    d,
                    View(view["bins"], view["range"], text),
                    prefix=RULE,
                    label=f"Seven values, mean {figure(d.mean)}, median {figure(d.median)}.",
                    numbers=line_of(d),
                    height=height() - 60,
                ),
                key=f"{PREFIX}_rule_linked",
            )
        reached = d.mean < d.median and d.g1 > 0
        words = [
            f"The mean is {figure(d.mean)}, the median {figure(d.median)}, the skewness {ratio(d.g1)}.",
            "**You broke the rule.** In the skewness a deviation counts cubed, in the mean once, and for the "
            "median only its side counts: three measures, three answers."
            if reached
            else "Hint: leave a heap at the left, put the middle one well above it, and let one value lie "
            "out at the right, but not too far.",
            f"{int((values > d.mean).sum())} of the seven lie above the mean, "
            f"{int((values < d.mean).sum())} below it.",
        ]
        tell(words, table(d), origin, "broken-rule", "Mean, median and skewness of seven values")
    return Shown(exports(lambda: table_csv(table(d)), "broken-rule"), READ_RULE, HOW_RULE, origin)


def source_of_seven(moved: int) -> str:
    """Where the seven values come from."""
    return "evenly spaced" if not moved else f"{moved} moved"


def goals(apart: float, g1: float) -> None:
    """What is reached of the goal, and a button that shows one solution."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        for name, reached in (
            (f"Skewness above 0: {ratio(g1)}", g1 > 1e-9),
            (f"Mean − median below 0: {figure(apart, 2)}", apart < -1e-9),
        ):
            icon = ":material/check_circle:" if reached else ":material/radio_button_unchecked:"
            st.markdown(f"{icon} {name}, {'reached' if reached else 'not yet'}", width="content")
        st.button("Show a solution", on_click=_solve)


def _solve() -> None:
    st.session_state[f"{RULE}_moved"] = SOLUTION


def peak_or_tail(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown:
    """Two densities of equal peak and other kurtosis, or the reverse."""
    with controls:
        pair = choice(
            "Two densities with the",
            list(PAIRS),
            key=f"{PREFIX}_pair",
            name=PAIRS.__getitem__,
            field=st.segmented_control,
            label_visibility="collapsed",
            required=True,
        )
        tails = pair == "tails"
        name, label, stops = (
            ("heavier", "Excess kurtosis of the second", HEAVIER)
            if tails
            else ("higher", "Peak of the second, times a normal’s", HIGHER)
        )
        stop = choice(label, stops, default=OPENING[name], key=f"{PREFIX}_{name}", field=none)
    with picture:
        started = time.perf_counter()
        pairs = cached.density_pairs(tails, tuple(map(float, stops)))
        two, shares = pairs[stops.index(stop)]
        origin = made("Two densities", PAIRS[pair], (time.perf_counter() - started) * 1000)
        out = two.grid[two.grid >= 0]
        with st.container(key=FIGURE):
            live_charts(
                [Slider("s", f"{PREFIX}_{name}", label, stops, stops.index(stop))],
                pictures.two_densities(
                    two.grid[::5],
                    two.density[0, ::5],
                    np.stack([one.density[1, ::5] for one, _ in pairs]),
                    (shares[0, ::5], np.stack([share[1, ::5] for _, share in pairs])),
                    np.stack([one.kurtosis for one, _ in pairs]),
                    np.array([one.peaks.max() for one, _ in pairs]),
                ),
                height=height(live=True) - 50,
                key=f"{PREFIX}_two",
            )
        at_one = int(np.searchsorted(out, 1.0))
        peaks_said = (
            f"Both peaks are {figure(two.peaks[0])} high and both standard deviations are 1, yet the excess "
            f"kurtosis is {ratio(two.kurtosis[0])} and {ratio(two.kurtosis[1])}."
            if tails
            else f"The second peak is {two.peaks[1] / two.peaks[0]:.2g} times as high, both standard "
            "deviations "
            f"are 1, and the excess kurtosis is the same: {ratio(two.kurtosis[0])} and "
            f"{ratio(two.kurtosis[1])}."
        )
        words = [
            peaks_said,
            f"More than three standard deviations out lie {two.beyond[0]:.2%} of the first and "
            f"{two.beyond[1]:.2%} of the second.".replace("%", " %"),
            f"Within one standard deviation, where the peak is, arises {percent(float(shares[0, at_one]))} "
            "and "
            f"{percent(float(shares[1, at_one]))} of the kurtosis: say heavy-tailed, not taller.",
        ]
        rows: Rows = [("density", "peak", "excess kurtosis", "beyond 3 sd")]
        rows += [
            (name, figure(peak, 5), figure(kurtosis, 5), figure(beyond, 5))
            for name, peak, kurtosis, beyond in zip(
                ("normal", "second"), two.peaks, two.kurtosis, two.beyond, strict=True
            )
        ]
        tell(words, rows, origin, "peak-or-tail", "Kurtosis: peak or tail?")
    return Shown(exports(lambda: table_csv(rows), "peak-or-tail"), READ_PEAK, HOW_PEAK, origin)


def impression(controls: DeltaGenerator, picture: DeltaGenerator, span: str) -> Shown | None:
    """The same column with other bins, another axis, without its outliers."""
    with controls, st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        data = data_controls()
        many = whole("Bins", int(OPENING["many"]), 1, MOST_BINS, key=f"{PREFIX}_many", show=False)
        shift = int(choice("Shift, % of a bin", SHIFTS, key=f"{PREFIX}_shift", field=none))
    if data is None:
        return None
    with picture:
        started = time.perf_counter()
        values = data.values
        if span == "without":
            values = distributions.transform(values, "without-outliers").values
        elif span == "middle":
            low, high = np.quantile(values, [0.01, 0.99])
            values = values[(values >= low) & (values <= high)]
        d = distributions.describe(values)
        low, high = d.low, d.high if d.high > d.low else d.low + 1
        width = (high - low) / many
        edges: Any = low - width * shift / 100 + width * np.arange(many + 2)
        counts, _ = np.histogram(values, edges)
        if not shift:
            edges, counts = np.linspace(low, high, many + 1), np.histogram(values, many, (low, high))[0]
        found = peaks_by_bins(values, MOST_BINS)
        now = count_peaks(counts)
        origin = made(data.name, source_of(data), (time.perf_counter() - started) * 1000)
        left_out = len(data.values) - len(values)
        with st.container(key=FIGURE):
            live_charts(
                [
                    Slider(
                        "many", f"{PREFIX}_many", "Bins", [str(n + 1) for n in range(MOST_BINS)], many - 1
                    ),
                    Slider(
                        "shift",
                        f"{PREFIX}_shift",
                        "Bins moved to the left",
                        SHIFTS,
                        SHIFTS.index(str(shift)),
                        [f"{part} % of a bin" for part in SHIFTS],
                    ),
                ],
                pictures.bins(
                    values,
                    found,
                    f"{data.name}{'' if span == 'all' else ', ' + SPANS[span]}",
                    [
                        (f"mean {figure(d.mean)}", d.mean, drawn.MEAN, False),
                        (f"median {figure(d.median)}", d.median, drawn.MEDIAN, True),
                    ],
                ),
                height=height(live=True) - 60,
                key=f"{PREFIX}_bins_live",
            )
        whole_column = distributions.describe(data.values)
        words = [
            f"With {many} bins{f', moved by {shift} % of a bin,' if shift else ''} the column shows {now} "
            f"{'peak' if now == 1 else 'peaks'}; with other numbers of bins anything from {found.min()} to "
            f"{found.max()}.",
            f"{left_out:,} of {len(data.values):,} values are left out: the mean goes from "
            f"{figure(whole_column.mean)} to {figure(d.mean)}, the skewness from {ratio(whole_column.g1)} to "
            f"{ratio(d.g1)}, the excess kurtosis from {ratio(whole_column.g2)} to {ratio(d.g2)}."
            if left_out
            else f"All {len(values):,} values are in the picture: skewness {ratio(d.g1)}, excess kurtosis "
            f"{ratio(d.g2)}.",
            "The values are the same all the time; bins, axis and what is left out are choices, so say them.",
        ]
        rows: Rows = [("from", "to", "values")]
        rows += [
            (figure(edges[i], 5), figure(edges[i + 1], 5), str(int(count))) for i, count in enumerate(counts)
        ]
        tell(words, rows, origin, "impression", f"{data.name}: {many} bins")
    return Shown(exports(lambda: table_csv(rows), "impression"), READ_IMPRESSION, HOW_IMPRESSION, origin)
