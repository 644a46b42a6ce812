"""The fifth view: one scale for two exams, areas within k standard deviations, means that become normal."""

import time
from typing import Any

import numpy as np
import streamlit as st
from scipy import special
from streamlit.delta_generator import DeltaGenerator

from app import frame, working
from app.distributions import cached
from app.distributions.data import Data, data_controls
from app.distributions.knobs import none
from app.distributions.notes import HOW_AREAS, HOW_CLT, HOW_EXAMS, READ_AREAS, READ_CLT, READ_EXAMS
from app.distributions.shape import source_of
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
from app.state import choice, whole
from components import charts_distributions as drawn
from components.charts import ORANGE, SKY
from components.charts_distributions import Line, Rule
from components.live_charts import Slider, live_charts, pictures
from models import distributions
from models.exams import share_below, z_score
from models.means import SIZES, size_for_skewness, within
from models.quantise import percent
from models.traces import Array

QUESTIONS = {
    "exams": "Two exams",
    "areas": "68 – 95 – 99.7",
    "means": "Means become normal",
}
EXAMS = ("Mathematics", "History")
MARKS = {"a": (72, 60, 8), "b": (85, 80, 10)}  # mark, mean, standard deviation
PARTS = {"mark": "your mark", "mean": "mean", "sd": "sd"}
WITHIN = ("0.5", "1", "1.5", "2", "2.5", "3", "4")
LOTS = ("1", "2", "5", "10", "20", "50", "100", "200", "500")
THROWS = ("1", "10", "100", "1000", "2000")
SETTLED = 0.1  # a skewness of the mean below this is hard to see
OPENING = {
    "standard": "means",
    **{
        f"{part}{exam}": str(number)
        for exam, three in MARKS.items()
        for part, number in zip(PARTS, three, strict=True)
    },
    "within": "1",
    "lot": "10",
    "throws": "1000",
}


def standardising(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """One of three questions."""
    with controls:
        which = choice(
            "Question",
            list(QUESTIONS),
            key=f"{PREFIX}_standard",
            name=QUESTIONS.__getitem__,
            default="means",
            field=st.segmented_control,
            label_visibility="collapsed",
            required=True,
        )
    if which == "exams":
        return exams(controls, picture)
    return (areas if which == "areas" else means)(controls, picture)


def exams(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown:
    """Two marks on two scales, and both in standard deviations."""
    marks: dict[str, list[int]] = {}
    with controls, st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        for exam, name in zip(MARKS, EXAMS, strict=True):
            marks[exam] = []
            for (part, label), default in zip(PARTS.items(), MARKS[exam], strict=True):
                low = 1 if part == "sd" else 0
                marks[exam].append(
                    whole(f"{name}: {label}", default, low, 1000, key=f"{PREFIX}_{part}{exam}", width=150)
                )
    with picture:
        started = time.perf_counter()
        scores = [z_score(*three) for three in marks.values()]
        origin = made("z-scores", "two exams", (time.perf_counter() - started) * 1000)
        size = height() - 40
        with st.container(key=FIGURE):
            places = st.columns(3)
            for place, name, three, colour, z in zip(
                places, EXAMS, marks.values(), (SKY, ORANGE), scores, strict=False
            ):
                mark, mean, sd = three
                reach = max(4.0, abs(z) + 0.5)
                grid = np.linspace(mean - reach * sd, mean + reach * sd, 241)
                with place:
                    frame.chart(
                        drawn.densities(
                            grid,
                            [Line(name, normal((grid - mean) / sd) / sd, colour)],
                            x="marks",
                            y="density",
                            title=f"{name}: mean {mean}, sd {sd}",
                            rules=[Rule(f"you: {mark}", mark, colour)],
                            shade=[(grid[0], mark)],
                            legend=False,
                            height=size,
                        ),
                        alt=f"{name}: {mark} on a curve of mean {mean} and standard deviation {sd}.",
                    )
            reach = max(4.0, *(abs(z) + 0.5 for z in scores))
            grid = np.linspace(-reach, reach, 321)
            with places[2]:
                frame.chart(
                    drawn.densities(
                        grid,
                        [Line("normal", normal(grid), drawn.DATA)],
                        x="z, standard deviations from the mean",
                        y="density",
                        title="Both on one scale",
                        rules=[
                            Rule(f"{name} z = {ratio(z)}", z, colour)
                            for name, z, colour in zip(EXAMS, scores, (SKY, ORANGE), strict=True)
                        ],
                        legend=False,
                        height=size,
                    ),
                    alt=f"z-scores {ratio(scores[0])} and {ratio(scores[1])} on one scale.",
                )
        first, second = scores
        better = EXAMS[0] if first > second else EXAMS[1]
        higher = EXAMS[int(marks["b"][0] > marks["a"][0])]
        words = [
            f"z = (mark − mean) / sd: {ratio(first)} in {EXAMS[0]}, {ratio(second)} in {EXAMS[1]}.",
            "Both marks are equally good."
            if first == second
            else f"Measured against the others, **{better}** went better"
            + (f", though the mark in {higher} is higher." if higher != better else "."),
            f"If marks were normal, {percent(share_below(first))} and {percent(share_below(second))} of the "
            "others would lie below you.",
        ]
        rows: Rows = [("exam", "mark", "mean", "sd", "z", "below, if normal")]
        rows += [
            (name, *(str(one) for one in three), figure(z, 4), percent(share_below(z)))
            for name, three, z in zip(EXAMS, marks.values(), scores, strict=True)
        ]
        tell(words, rows, origin, "z-scores", "Two exams on one scale")
    return Shown(exports(lambda: table_csv(rows), "z-scores"), READ_EXAMS, HOW_EXAMS, origin)


def normal(z: Array) -> Array:
    """The standard normal density."""
    return np.asarray(np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi))


def areas(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """What lies within k standard deviations: of a normal, of this column, of any column."""
    with controls, st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        data = data_controls()
        text = choice(
            "Within k standard deviations",
            WITHIN,
            default="1",
            key=f"{PREFIX}_within",
            field=none,
        )
    if data is None:
        return None
    with picture:
        started = time.perf_counter()
        k = float(text)
        d = distributions.describe(data.values)
        if d.constant or d.n < 2:
            st.info("Without any spread there is no standard deviation to count in. Choose other values.")
            return None
        z = (data.values - d.mean) / d.sd
        stops = [float(stop) for stop in WITHIN]
        shares = [
            (one, within(data.values, d.mean, d.sd, one), float(special.erf(one / np.sqrt(2))))
            for one in stops
        ]
        origin = made(data.name, source_of(data), (time.perf_counter() - started) * 1000)
        here, theirs = next((mine, its) for one, mine, its in shares if one == k)
        grid, own = np.linspace(-4.5, 4.5, 181), distributions.shape(z)
        with st.container(key=FIGURE):
            live_charts(
                [Slider("k", f"{PREFIX}_within", "Within k standard deviations", WITHIN, WITHIN.index(text))],
                pictures.areas(
                    stops,
                    (grid, normal(grid), np.array([its for *_, its in shares])),
                    (own.grid, own.density, np.array([mine for _, mine, _ in shares])),
                    data.name,
                ),
                height=height(live=True) - 60,
                key=f"{PREFIX}_areas",
            )
        sides = [float((z < -k).mean()), float((z > k).mean())]
        words = [
            f"Within {k:g} standard deviations lie {theirs:.2%} of a normal and {here:.2%} of these "
            f"{d.n:,} values.".replace("%", " %"),
            f"Beyond lie {percent(sides[0])} at the left and {percent(sides[1])} at the right: 68 – 95 – "
            "99.7 "
            "tells nothing of the sides where a column is skewed.",
            f"Whatever the column, at least {percent(max(0.0, 1 - 1 / k**2))} lie within {k:g} standard "
            "deviations (Chebyshev)." + (" That promises nothing at k ≤ 1." if k <= 1 else ""),
        ]
        rows: Rows = [("k", "these values", "normal", "any column, at least")]
        rows += [
            (f"{one:g}", figure(mine, 4), figure(its, 4), figure(max(0.0, 1 - 1 / one**2), 4))
            for one, mine, its in shares
        ]
        tell(words, rows, origin, "areas", f"{data.name}: within {k:g} standard deviations")
    return Shown(exports(lambda: table_csv(rows), "areas"), READ_AREAS, HOW_AREAS, origin)


def means(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """Samples are thrown from a distribution; their means pile up."""
    with controls, st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        data = data_controls(size=False)
        lot = choice("Values a sample", LOTS, default=OPENING["lot"], key=f"{PREFIX}_lot", field=none)
        throws = choice("Samples", THROWS, default=OPENING["throws"], key=f"{PREFIX}_throws", field=none)
    if data is None:
        return None
    with picture:
        if data.origin.sd == 0:
            st.info("All values are the same, and so is every mean of them. Choose other values.")
            return None
        return pile(data, int(lot), int(throws))


def pile(data: Data, lot: int, throws: int) -> Shown:
    """The picture of the thrown means."""
    started = time.perf_counter()
    population = data.origin
    lots, all_throws = tuple(map(int, LOTS)), tuple(map(int, THROWS))
    found = cached.thrown(data.key, population, lots, all_throws, data.seed)
    thrown = found[lots.index(lot) * len(THROWS) + all_throws.index(throws)]
    with working.shown("Samples of every size are thrown", key=f"{PREFIX}_{data.key}", unit="Size") as work:
        spreads = cached.mean_spreads(data.key, population, progress=work.progress, on_wait=work.wait)
    origin = made(f"means of {lot:,}", population.name, (time.perf_counter() - started) * 1000)
    lasts = [(*sample_bars(one.last), float(one.last.mean())) for one in found]
    with st.container(key=FIGURE):
        live_charts(
            [
                Slider("lot", f"{PREFIX}_lot", "Values a sample", LOTS, LOTS.index(str(lot))),
                Slider(
                    "thrown",
                    f"{PREFIX}_throws",
                    "Samples thrown",
                    THROWS,
                    THROWS.index(str(throws)),
                    [f"{int(many):,}" for many in THROWS],
                ),
            ],
            pictures.means(
                lots,
                all_throws,
                lasts,
                [mean_bars(one.means) for one in found],
                population.mean,
                population.sd,
                spreads,
                population.name,
            ),
            height=height(live=True) - 60,
            key=f"{PREFIX}_means",
        )
    rate = spreads[0] / np.sqrt(SIZES)
    g1 = distributions.describe(thrown.means)
    words = clt_sentences(population, lot, throws, g1, spreads)
    rows: Rows = [("values a sample", "middle half of the means", "first ÷ √n")]
    rows += [
        (str(n), figure(spread, 4), figure(expected, 4))
        for n, spread, expected in zip(SIZES, spreads, rate, strict=True)
    ]
    tell(words, rows, origin, "means", f"Means of {lot} from {population.name}")
    return Shown(exports(lambda: table_csv(rows), "means"), READ_CLT, HOW_CLT, origin)


def sample_bars(values: Array) -> tuple[Array, Array]:
    """Edges and counts of a sample's bars."""
    counts, edges = np.histogram(values, min(20, len(values)))
    return edges, counts


def mean_bars(found: Array) -> tuple[Array, Array]:
    """Edges and counts over the middle 99 % of the means: one wild mean must not hide the rest."""
    low, high = np.quantile(found, [0.005, 0.995])
    if high <= low:
        low, high = low - 0.5, high + 0.5
    pad = (high - low) * 0.08
    many = int(np.clip(np.sqrt(len(found)), 5, 40))
    counts, edges = np.histogram(found, many, (low - pad, high + pad))
    return edges, counts


def clt_sentences(population: Any, lot: int, throws: int, d: Any, spreads: Array) -> list[str]:
    """How far the means have come, and how far they have to go."""
    if np.isnan(population.mean):
        return [
            f"{population.name} has no mean, so means of it have nothing to settle at.",
            f"The middle half of the means of {SIZES[-1]} values is {figure(spreads[-1])} wide, of single "
            f"values {figure(spreads[0])}: averaging wins nothing, however many values are averaged.",
            "The law of large numbers asks for a mean, the central limit theorem for a finite variance too; "
            "here is neither.",
        ]
    fall = spreads[0] / spreads[-1]
    if not np.isfinite(population.sd):
        return [
            f"{population.name} has a mean but no finite variance.",
            f"From 1 to {SIZES[-1]} values the means draw together {figure(fall)} times, not "
            f"√{SIZES[-1]} = {np.sqrt(SIZES[-1]):.1f} times: they settle, but slowly and never as a normal.",
            "One far value is enough to throw a mean far off.",
        ]
    skewness = population.skewness
    error = population.sd / np.sqrt(lot)
    out = [
        f"Means of {lot} spread with standard deviation {figure(error)}, that is "
        f"{figure(population.sd)} / √{lot}."
    ]
    if not np.isfinite(skewness):
        out.append("The third moment is infinite, so no size of sample makes the skewness of the mean small.")
    elif abs(skewness) < 0.005:
        out.append(
            f"The distribution is symmetric, and so are its means: the {throws:,} thrown have skewness "
            f"{ratio(d.g1)}."
        )
    else:
        need = size_for_skewness(skewness, SETTLED)
        out.append(
            f"The skewness of the mean is {ratio(skewness)} / √{lot} = {ratio(skewness / np.sqrt(lot))} (the "
            f"{throws:,} thrown have {ratio(d.g1)}); below {SETTLED:g} it is from {need:,} values on, not "
            "from 30."
        )
    out.append(
        f"From 1 to {SIZES[-1]} values the middle half of the means becomes {figure(fall)} times narrower; "
        f"√{SIZES[-1]} is {np.sqrt(SIZES[-1]):.1f}."
    )
    return out
