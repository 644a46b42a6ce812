"""The view *Which part to believe*: one map, what it keeps point by point, and what noise would look like."""

from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.embedding_projections import cached, data
from app.embedding_projections.cached import Drawn, Request
from app.embedding_projections.maps import KEPT, LOCAL, PACKAGES, RANGES, gpus, local, truth_of
from app.embedding_projections.notes import HOW_BELIEVE, READ_BELIEVE
from app.embedding_projections.settings import METHODS, NAMES, at_k, draw, map_of, number, settings
from app.embedding_projections.shared import PREFIX, exports, provenance, tell, view_of
from app.shown import Shown
from app.state import choice
from components.scatter_view import View, message, scatter_view
from components.shepard import shepard
from models.points import Points
from models.projection import Method
from models.quality import LOCAL_K

WORST = 5  # points that the sentence names
CHART = 210  # pixels of the Shepard plot
HINT = "Dark is well kept, pale is torn or crowded. Click a point: which of its neighbours are true?"


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
            (real, name, f"trustworthiness {trust(real)}", {}),
            (noise, "Noise twin", f"columns shuffled: {trust(noise)}", {"strangers": True}),
        )
    ]
    opening = opening_view(points)
    stem, title = f"believe-{request[0]}", f"{points.name}: {name} and its noise twin"
    packages = [PACKAGES[real.projection.method]]
    origin = f"{name} recorded beforehand" if real.recorded else ""
    truth, seconds = truth_of(request, points), real.projection.seconds + noise.projection.seconds
    made = provenance(points, seconds, packages, origin, gpus(request, (real, noise)))
    left, right = st.columns([13, 5], gap="medium")
    with left:
        sent = message(
            points.labels,
            drawn,
            view_of(points, [LOCAL, KEPT], opening, len(drawn)),
            columns=points.columns,
            truth=truth,
            images=points.images,
            ranges=RANGES,
            default=opening,
            prefix=PREFIX,
            title=title,
            stem=stem,
            provenance=f"Plainsight · {points.source} · {made.precision}",
            hint=HINT,
        )
        scatter_view(sent, key=f"{PREFIX}_picture")
    with right:
        st.markdown(comparison(real, noise))
        unit = "1 − cosine" if points.metric == "cosine" else "distance"
        if not np.isnan(real.quality.shepard):
            st.markdown(f"**All distances**: rank correlation {number(real.quality.shepard)}")
            st.altair_chart(
                shepard(real.quality.pairs, x=f"in the space ({unit})", y="on the map", height=CHART)
            )
    tell(sentences(points, real, noise), table(points, real, noise))
    return Shown(
        exports(points, drawn, sent, stem, title),
        READ_BELIEVE,
        HOW_BELIEVE,
        made,
        sources=("venna2001", "lee2009", "wattenberg2016"),
    )


def trust(drawn: Drawn) -> str:
    """Trustworthiness at 15 neighbours, or fewer where the points are few."""
    return number(at_k(drawn.quality.trustworthiness, drawn.quality.k, LOCAL_K))


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
    kept, lost = (at_k(each.quality.recall, each.quality.k, LOCAL_K) for each in (real, noise))
    parts = [
        f"{name} keeps {kept:.0%} of each point's {quality.local_k} nearest neighbours; of noise {lost:.0%}.",
        f"Trustworthiness is {trust(real)}, for noise {trust(noise)}: no number means much without its twin.",
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
