"""The views of positional encodings: a setting in, a picture on the page, sentences and numbers out."""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import streamlit as st

from app import frame, working
from app.positional_encodings import cached, encodings, relative, sentences
from app.positional_encodings.encodings import NAIVE, NAMES, RELATIVE, Setting
from app.positional_encodings.shared import PREFIX, Shown, height
from app.state import Param, plain, read_view
from components import charts, figures
from components.figures import Cell, Pair, Panel, Row, Scale
from models.traces import Score, Scoreboard

MOST_IN_SCALE = 0.99
HANDS = 8


def settings(setting: Setting, beside: str) -> list[tuple[str, Setting]]:
    """The settings to draw, with the names that tell them apart."""
    if not beside:
        return [(NAMES[setting.scheme], setting)]
    names = encodings.difference(setting, beside)
    return list(zip(names, (setting, encodings.other(setting, beside)), strict=True))


def scale_of(setting: Setting, tables: list[Any]) -> Scale:
    """Naive schemes have no sign; all others are centred on 0. A few far values do not wash out the rest."""
    values = np.abs(np.concatenate([table[~np.isnan(table)] for table in tables]))
    largest = float(values.max())
    if setting.scheme in NAIVE:
        return Scale("value", 0, max(1.0, largest), 0 if setting.scheme == "integers" else 2)
    most = float(np.quantile(values, MOST_IN_SCALE))
    if largest < 2 * most:
        return Scale("value", -largest, largest)
    return Scale(f"value; 1 % are larger, up to ±{largest:.2f}", -most, most)


def heat(setting: Setting, at: int, beside: str) -> Shown:
    """Position × dimension, and how like one position is to all."""
    if setting.scheme in RELATIVE:
        return relative.bias(setting, at)
    drawn = settings(setting, beside)
    tables = [one.table for _, one in drawn]
    names = " and ".join(name for name, _ in drawn)
    label = f"Heat map of {names}: {setting.n} positions down, dimensions across."
    left, right = (st.container(), None) if beside else st.columns([3, 2])
    with left:
        figures.matrix(
            [Panel(name, table) for (name, _), table in zip(drawn, tables, strict=True)],
            scale_of(setting, tables),
            axes=("position", "dimension"),
            label=label,
            key=f"{PREFIX}_matrix",
            held=at,
            param=f"{PREFIX}_at",
            gone=f"no row: the table ends at position {setting.rows - 1}",
            height=height(),
        )
    if right:
        with right:
            profile(setting, at)
    return Shown(
        f"{NAMES[setting.scheme]}: position × dimension",
        sentences.compared(drawn, at) if beside else sentences.heat_sentences(setting, at),
        lambda: pd.DataFrame(tables[0]),
    )


def profile(setting: Setting, at: int) -> None:
    """How like one position is to every other, as a line."""
    row = setting.similarity_to(at)
    low, high = (
        (min(0.0, float(np.nanmin(row, initial=0))), 1.0) if setting.scheme not in NAIVE else (None, None)
    )
    frame.chart(
        charts.lines(
            {f"position {at}": row},
            x="position",
            y=f"{setting.measure} with position {at}",
            low=low,
            high=high,
            mark=at,
            height=height(),
        ),
        alt=f"Similarity of position {at} to each of {setting.n} positions, highest at itself.",
        key=f"{PREFIX}_profile",
    )


def curves(setting: Setting, at: int, beside: str) -> Shown:
    """Single dimensions over the positions."""
    try:
        dimensions = encodings.drawn_dimensions(setting)
    except ValueError:
        st.caption(
            f"“{plain(setting.dims)}” is no list of up to {encodings.MOST_CURVES} dimensions from 0 to "
            f"{setting.width - 1}, such as “0 8 16”; the page's own choice is shown."
        )
        setting = replace(setting, dims="")
        dimensions = encodings.drawn_dimensions(setting)
    if setting.scheme in NAIVE:
        drawn = settings(setting, beside)
        series = {name if beside else "every dimension": one.table[:, 0] for name, one in drawn}
    else:
        series = {encodings.dimension_name(setting, one): setting.table[:, one] for one in dimensions}
    frame.chart(
        charts.lines(
            series, x="position", y="value", mark=at, columns=2 * frame.presenting(), height=height()
        ),
        alt=f"Values of {len(series)} dimensions of {NAMES[setting.scheme]} over {setting.n} positions.",
        key=f"{PREFIX}_curves",
    )
    return Shown(
        f"{NAMES[setting.scheme]}: single dimensions",
        sentences.curves_sentences(setting, dimensions, at),
        lambda: pd.DataFrame(series),
    )


def pairs(setting: Setting, at: int, beside: str) -> Shown:
    """Every position with every other."""
    drawn = settings(setting, beside)
    tables = [one.similarity for _, one in drawn]
    low, high = (bound([float(bound(table)) for table in tables]) for bound in (np.nanmin, np.nanmax))
    scale = Scale(setting.measure, *((0, high) if setting.scheme in NAIVE else (-1 if low < 0 else 0, 1)))
    left, right = (st.container(), None) if beside else st.columns([1, 1])
    with left:
        figures.matrix(
            [Panel(name, table) for (name, _), table in zip(drawn, tables, strict=True)],
            scale,
            axes=("position", "position"),
            label=f"Similarity of every pair of {setting.n} positions.",
            key=f"{PREFIX}_matrix",
            square=not beside,
            held=at,
            param=f"{PREFIX}_at",
            gone="no rows",
            height=height(),
        )
    if right:
        with right:
            profile(setting, at)
    return Shown(
        f"{NAMES[setting.scheme]}: similarity of every pair",
        sentences.compared(drawn, at) if beside else sentences.pairs_sentences(setting, at),
        lambda: pd.DataFrame(tables[0]),
    )


def distance(setting: Setting, at: int, beside: str) -> Shown:
    """Similarity, bias or bucket against distance."""
    if setting.scheme in RELATIVE:
        return relative.distance(setting)
    drawn = settings(setting, beside)
    y = f"mean {setting.measure}"
    if beside:
        series = {name: encodings.by_distance(one.similarity)[0] for name, one in drawn}
    else:
        mean, low, high = encodings.by_distance(setting.similarity)
        even = float(np.nanmax(high - low)) < 1e-9
        series = {"every pair": mean} if even else {"mean": mean, "smallest": low, "largest": high}
    frame.chart(
        charts.lines(series, x="distance, positions", y=y, height=height()),
        alt=f"{y} against distance for {NAMES[setting.scheme]}.",
        key=f"{PREFIX}_distance",
    )
    return Shown(
        f"{NAMES[setting.scheme]}: against distance",
        sentences.distance_sentences(drawn),
        lambda: pd.DataFrame(series),
    )


def turning(setting: Setting, at: int, beside: str) -> Shown:
    """Pairs of dimensions as hands of a clock."""

    def place(text: str) -> int | None:
        if text and not (text.isascii() and text.isdigit() and int(text) < setting.n):
            raise ValueError(text)
        return int(text) if text else None

    expects = f"positions are 0 to {setting.n - 1}"
    asked = read_view(
        PREFIX, [Param("m", "", place, expects), Param("gap", "", place, expects)], of=setting.n
    )
    m = at if asked["m"] is None else asked["m"]
    gap = min(5, setting.n - 1) if asked["gap"] is None else asked["gap"]
    shown = np.unique(np.linspace(0, setting.d // 2 - 1, HANDS).astype(int))
    waves = setting.wavelengths
    hands = [
        Pair(
            "dimensions {}, {}".format(*setting.dimensions_of(pair)),
            f"once in {encodings.figure(waves[pair])} positions",
            float(2 * np.pi / waves[pair]),
        )
        for pair in shown
    ]
    mean, _, _ = encodings.by_distance(setting.similarity)
    figures.turning(
        hands,
        mean,
        at=m,
        gap=gap,
        params=(f"{PREFIX}_m", f"{PREFIX}_gap"),
        product="Cosine of query and key over all pairs:",
        label=f"{len(hands)} pairs of dimensions as hands of a clock: query at {m}, key {gap} before it.",
        key=f"{PREFIX}_turning",
        height=height(room=530),
    )
    fast, slow = 360 / waves[0], 360 / waves[-1]
    sentences = [
        f"A step turns the fastest pair by {encodings.figure(fast)}°, the slowest {encodings.figure(slow)}°.",
        f"Both turn together, so the angle between their hands tells the distance, {gap}, and nothing else.",
        f"The score of the two is {encodings.figure(mean[gap])} at every position.",
    ]
    table = pd.DataFrame({"wavelength": waves, "degrees a step": 360 / waves})
    return Shown(f"{NAMES[setting.scheme]}: pairs turning", sentences, lambda: table)


def scores(setting: Setting, at: int, beside: str) -> Shown:
    """Every scheme on every question."""
    asked = (setting.n, setting.d, setting.base)
    schemes = encodings.scorable()
    with working.shown(f"{len(schemes)} schemes are scored", key=f"{PREFIX}_{asked}"):
        boards = [cached.scoreboard(scheme, *asked) for scheme in schemes]

    def cell(board: Scoreboard, score: Score) -> Cell:
        state = {
            f"{PREFIX}_{name}": value
            for name, value in encodings.score_state(setting, board.scheme, score).items()
        }
        return Cell(
            score.verdict,
            sentences.score_number(board.scheme, score),
            f"{score.measure}: {encodings.figure(score.number)}. {score.reason}",
            state,
            "?" + urlencode(state),
        )

    figures.scoreboard(
        list(encodings.CRITERIA.values()),
        [
            Row(NAMES[b.scheme], [cell(b, score) for score in b.scores], b.scheme == setting.scheme)
            for b in boards
        ],
        label=f"{len(boards)} schemes, six questions, for {setting.n} positions and {setting.d} dimensions.",
        key=f"{PREFIX}_scores",
        height=height(room=525),
    )
    return Shown(
        f"Scoreboard for n = {setting.n}, d = {setting.d}",
        sentences.score_sentences(setting, boards),
        lambda: pd.DataFrame(
            [{"scheme": board.scheme, **asdict(s)} for board in boards for s in board.scores]
        ),
    )


def order(setting: Setting, at: int, beside: str) -> Shown:
    """The same words in another order, with positions and without."""
    text, seed = st.session_state[f"{PREFIX}_text"], int(st.session_state[f"{PREFIX}_seed"])
    with working.shown("MiniLM reads both orders", key=f"{PREFIX}_{(text, seed)}") as work:
        trace = cached.shuffled(text, seed, on_wait=work.wait)
    names = [f"{i} {token.text}" for i, token in enumerate(trace.tokens)]
    after = [f"{token.text} {i}" for i, token in enumerate(trace.shuffled)]
    words = " ".join(token.text for token in trace.shuffled if not token.special)
    titles = ["With positions", f"Every position {trace.elsewhere}"]
    if frame.presenting():
        place = st.container()
        place.markdown(f"**Shuffled:** {plain(words, limit=None)}")
        titles = [f"{title}: cosine {trace.cosine[i]:.3f}" for title, i in zip(titles, (0, 2), strict=True)]
    else:
        left, place = st.columns([1, 3.2])
        with left:
            st.metric("Cosine before and after, with positions", f"{trace.cosine[0]:.3f}")
            for one, cosine in zip((0, trace.elsewhere), trace.cosine[1:], strict=True):
                st.metric(f"The same, with every position {one}", f"{cosine:.3f}")
            st.caption("Shuffled")
            st.text(words)
    with place:
        figures.matrix(
            [
                Panel(title, trace.similarity[i], names, after)
                for title, i in zip(titles, (0, 2), strict=True)
            ],
            Scale("cosine of two token vectors; below 0 as 0", 0, 1),
            axes=("token before", "token after"),
            label=f"{len(names)} tokens before and after the shuffle, with positions and without.",
            key=f"{PREFIX}_matrix",
            height=height(),
        )
    numbers = pd.concat(
        [pd.DataFrame(part, names, after) for part in trace.similarity],
        keys=["with", "all at 0", f"all at {trace.elsewhere}"],
    )
    return Shown(
        "Order is lost without positions", sentences.order_sentences(trace), lambda: numbers, trace.provenance
    )


DRAW: dict[str, Callable[[Setting, int, str], Shown]] = {
    "heat": heat,
    "curves": curves,
    "pairs": pairs,
    "distance": distance,
    "turning": turning,
    "scores": scores,
    "order": order,
}
