"""The view *Which part to believe*: one map, what it keeps point by point, and what noise would look like."""

from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import frame
from app.embedding_projections import cached, data
from app.embedding_projections.cached import Drawn, Request
from app.embedding_projections.maps import KEPT, LOCAL, PACKAGES, RANGES, gpus, local, truth_of
from app.embedding_projections.notes import HOW_BELIEVE, READ_BELIEVE
from app.embedding_projections.settings import (
    METHODS,
    NAMES,
    draw,
    kept,
    map_of,
    nearest_said,
    number,
    settings,
    trust,
)
from app.embedding_projections.shared import FIGURE, PREFIX, exports, provenance, save_whole, tell, view_of
from app.shown import Shown
from app.state import choice
from components.scatter_view import View, message, scatter_view
from components.shepard import shepard
from models.points import Points
from models.projection import Method

WORST = 5  # points that the sentence names
CHART = 210  # pixels of the Shepard plot
HINT = (
    "The more a point stands out from the page, the better its neighbours are kept; rings mark the least "
    "trusted. Click a point to see which are true."
)


def believe(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """Controls, then the map beside its noise twin and its numbers."""
    with controls, st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        asked = data.ask()
        method: Method = choice(  # type: ignore[assignment]
            "Map",
            METHODS,
            default="tsne",
            key=f"{PREFIX}_map",
            name=lambda name: f"Map: {NAMES[name]}",  # type: ignore[index]
            label_visibility="collapsed",
            width=150,
        )
        setting = settings([method], solid=False)[method]
    if asked is None:
        return None
    request, points = asked
    with picture:
        if cached.too_few(request, method):
            st.caption(f"{len(points)} points are too few for {NAMES[method]}; PCA is shown.")
            method, setting = "pca", settings_of_pca()
        real = draw(request, points, setting)
        noise = draw(request, points, cached.noisy(setting))
        return shown(request, points, real, noise)


def settings_of_pca() -> cached.Setting:
    """The setting that any two points allow."""
    return cached.Setting("pca", (("dims", 2),))


def opening_view(points: Points) -> View:
    """Coloured by what the view is about."""
    return View(colour=LOCAL, labels="off" if points.images is not None else "on")


def shown(request: Request, points: Points, real: Drawn, noise: Drawn) -> Shown:
    """The linked picture at left, the numbers at right."""
    name = NAMES[real.projection.method]
    drawn = [
        map_of(each, None, title, note=note, values=local(each), **more)
        for each, title, note, more in (
            (real, name, f"trustworthiness {number(trust(real.quality))}", {}),
            (noise, "Noise twin", f"shuffled: {number(trust(noise.quality))}", {"strangers": True}),
        )
    ]
    opening = opening_view(points)
    stem, title = f"believe-{request[0]}", f"{points.name}: {name} and its noise twin"
    packages = [PACKAGES[real.projection.method]]
    origin = f"{name} recorded beforehand" if real.recorded else ""
    truth, seconds = truth_of(request, points), real.projection.seconds + noise.projection.seconds
    made = provenance(points, seconds, packages, origin, gpus(request, (real, noise)))
    left, right = st.container(key=FIGURE).columns([9, 5] if frame.presenting() else [13, 5], gap="medium")
    with left:
        sent = message(
            points.labels,
            drawn,
            view_of(points, [LOCAL, KEPT], opening, len(drawn)),
            columns=points.columns,
            truth=truth,
            images=points.images,
            ranges=RANGES,
            marked=worst(points, real),
            default=opening,
            prefix=PREFIX,
            title=title,
            stem="",
            provenance=f"Plainsight · {points.source} · {made.precision}",
            hint=HINT,
        )
        scatter_view(sent, key=f"{PREFIX}_picture")
    with right:
        st.markdown(brief(real, noise) if frame.presenting() else comparison(real, noise))
        unit = "1 − cosine" if points.metric == "cosine" else "distance"
        if not np.isnan(real.quality.shepard):
            st.markdown(f"**Distances**: rank correlation {number(real.quality.shepard)}")
            frame.chart(shepard(real.quality.pairs, x=f"in the space ({unit})", y="on the map", height=CHART))
    told = sentences(points, real, noise)
    tell(told, table(points, real, noise))
    save_whole(told, made, stem, title)
    return Shown(
        exports(points, drawn, sent, stem, title),
        READ_BELIEVE,
        HOW_BELIEVE,
        made,
        sources=("venna2001", "lee2009", "wattenberg2016"),
    )


def rows(real: Drawn, noise: Drawn) -> list[tuple[str, str, str]]:
    """Name, the map's number, the noise twin's."""
    found = []
    names = {"trustworthiness": "trustworthiness", "continuity": "continuity", "recall": "neighbours kept"}
    for name, said in names.items():
        for at, k in enumerate(real.quality.k):
            values = (getattr(each.quality, name)[at] for each in (real, noise))
            found.append((f"{said}, {k}", *map(number, values)))
    found.append(
        ("rank correlation of distances", number(real.quality.shepard), number(noise.quality.shepard))
    )
    return found  # type: ignore[return-value]


def comparison(real: Drawn, noise: Drawn) -> str:
    """The numbers above those of noise, as a small table."""
    ks = real.quality.k
    lines = [f"| neighbours | {' | '.join(map(str, ks))} |", "|:--|" + "--:|" * len(ks)]
    numbers = rows(real, noise)[:-1]
    for at in range(0, len(numbers), len(ks)):
        name = numbers[at][0].partition(",")[0]
        lines.append(f"| **{name}** | {' | '.join(f'**{row[1]}**' for row in numbers[at : at + len(ks)])} |")
        lines.append(f"| of noise | {' | '.join(row[2] for row in numbers[at : at + len(ks)])} |")
    return "\n".join(lines)


def brief(real: Drawn, noise: Drawn) -> str:
    """The numbers at the usual count of neighbours alone, as a table that a room can read."""
    k = real.quality.local_k
    lines = [f"| {k} neighbours | map | noise |", "|:--|--:|--:|"]
    for name, *values in rows(real, noise):
        said, _, at = name.partition(", ")
        if at == str(k):
            lines.append(f"| {said.removeprefix('neighbours ')} | **{values[0]}** | {values[1]} |")
    return "\n".join(lines)


def worst(points: Points, real: Drawn) -> list[int]:
    """The points whose place on the map is least to be trusted, the worst first."""
    local = real.quality.local[0]
    return [int(i) for i in np.argsort(local, kind="stable")[:WORST] if not np.isnan(local[i])]


def sentences(points: Points, real: Drawn, noise: Drawn) -> str:
    """What the picture says, with its numbers."""
    name, quality = NAMES[real.projection.method], real.quality
    if np.isnan(quality.local[0]).all():
        return (
            f"{len(points)} points are too few to measure trust: every point is a neighbour of every other."
        )
    mine, lost = kept(quality), kept(noise.quality)
    trusts = [number(trust(each.quality)) for each in (real, noise)]
    parts = [
        f"{name} keeps {mine:.0%} of each point's {nearest_said(quality.local_k)}; of noise {lost:.0%}.",
        f"Trustworthiness is {trusts[0]}, for noise {trusts[1]}: no number means much without its twin.",
    ]
    low = worst(points, real)
    if quality.local[0][low[0]] < 1:
        named = ", ".join(f"“{points.labels[i]}”" for i in low)
        parts.append(
            f"Least to be believed are {named}, with a local trust from {quality.local[0][low[0]]:.2f}."
        )
    return " ".join(parts)


def table(points: Points, real: Drawn, noise: Drawn) -> dict[str, list[Any]]:
    """The same numbers, and the least trusted points."""
    numbers = rows(real, noise)
    heads = ("number", "map", "noise twin")
    found: dict[str, list[Any]] = {head: [row[at] for row in numbers] for at, head in enumerate(heads)}
    for i in worst(points, real):
        found["number"].append(f"local trust of {points.labels[i][:60]}")
        found["map"].append(number(real.quality.local[0][i]))
        found["noise twin"].append("")
    return found
