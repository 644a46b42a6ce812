"""The view *Maps*: PCA, t-SNE and UMAP of the same points, one selection in all."""

from collections.abc import Iterable, Mapping

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from app import frame, working
from app.embedding_projections import cached, data
from app.embedding_projections.cached import Drawn
from app.embedding_projections.notes import HOW_MAPS, READ_MAPS
from app.embedding_projections.settings import (
    METHODS,
    NAMES,
    draw,
    kept,
    map_of,
    nearest_said,
    number,
    settings,
)
from app.embedding_projections.shared import PREFIX, exports, provenance, tell, view_of
from app.shown import Shown
from app.state import choice
from components.scatter_view import Truth, View, message, scatter_view
from models.points import Points
from models.projection import Method

SHOW = {"all": "all three", "pca": "PCA", "tsne": "t-SNE", "umap": "UMAP"}
PACKAGES: dict[Method, str] = {"tsne": "openTSNE", "umap": "umap-learn", "pca": "numpy"}
LOCAL, KEPT = "local trust", "neighbours kept"
RANGES = {LOCAL: (0.8, 1.0)}  # few points of a good map lie lower; one drawn by lot has about one half


def maps(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """Controls, then up to three maps side by side."""
    with controls, st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        asked = data.ask()
        show = choice(
            "Maps",
            list(SHOW),
            key=f"{PREFIX}_show",
            name=lambda name: f"Maps: {SHOW[name]}",
            label_visibility="collapsed",
            width=150,
        )
        made = settings([method for method in METHODS if show in ("all", method)])
    if asked is None:
        return None
    request, points = asked
    wanted = [method for method in METHODS if show in ("all", method)]
    with picture:
        lacking = [NAMES[method] for method in wanted if cached.too_few(request, method)]
        if lacking:
            st.caption(f"{len(points)} points are too few for {' and '.join(lacking)}; PCA is shown.")
            wanted = ["pca"]
        found = {method: draw(request, points, made[method]) for method in wanted}
        return shown(request, points, found)


def truth_of(request: cached.Request, points: Points) -> Truth:
    """The true neighbours as the canvas prints them: cosines, or distances."""
    if len(points) > cached.AT_ONCE:
        with working.shown("Finding every neighbour", key=f"{PREFIX}_{request}_near", unit="Point") as work:
            near = cached.truth(request, progress=work.progress, on_wait=work.wait)
    else:
        near = cached.truth(request)
    numbers = 1 - near.distance if near.metric == "cosine" else near.distance
    return Truth(near.index, numbers, "cosine" if near.metric == "cosine" else "distance")


def local(drawn: Drawn) -> dict[str, NDArray[np.float64]]:
    """What is measured of every point of a map."""
    return {LOCAL: drawn.quality.local[0], KEPT: drawn.quality.local[2]}


def opening_view(points: Points) -> View:
    """The first column gives the colour; thousands of names are left out until asked for."""
    return View(colour=telling(points), labels="off" if points.images is not None else "on")


def telling(points: Points) -> str:
    """The first column that can be a colour: numbers, or texts of which some come again."""
    for name, values in points.columns.items():
        if isinstance(values[0], int | float) or len(set(values)) < len(values):
            return name
    return "none"


def shown(request: cached.Request, points: Points, found: Mapping[Method, Drawn]) -> Shown:
    """The linked maps with their sentences."""
    first = next(iter(found.values()))
    drawn = [map_of(each, first, note=note(each), values=local(each)) for each in found.values()]
    opening = opening_view(points)
    stem, title = f"maps-{request[0]}", f"{points.name}: {', '.join(each.name for each in drawn)}"
    view = view_of(points, [LOCAL, KEPT], opening, len(drawn))
    truth = truth_of(request, points)
    made = provenance(
        points,
        sum(each.projection.seconds for each in found.values()),
        [PACKAGES[method] for method in found],
        origin(found),
        gpus(request, found.values()),
    )
    sent = message(
        points.labels,
        drawn,
        view,
        columns=points.columns,
        truth=truth,
        images=points.images,
        ranges=RANGES,
        default=opening,
        prefix=PREFIX,
        title=title,
        stem=stem,
        provenance=f"Plainsight · {points.source} · {made.precision}",
    )
    scatter_view(sent, key=f"{PREFIX}_picture")
    tell(sentences(points, found), table(found))
    return Shown(
        exports(points, drawn, sent, stem, title),
        READ_MAPS,
        HOW_MAPS,
        made,
        sources=(
            "hotelling1933",
            "vandermaaten2008",
            "policar2024",
            "mcinnes2018",
            "kobak2019",
            "kobak2021",
            "wattenberg2016",
            "venna2001",
        ),
    )


def origin(found: Mapping[Method, Drawn]) -> str:
    """Whether maps were computed now."""
    recorded = [NAMES[method] for method, each in found.items() if each.recorded]
    return f"{' and '.join(recorded)} recorded beforehand" if recorded else ""


def gpus(request: cached.Request, found: Iterable[Drawn]) -> dict[str, str]:
    """The GPU that found the neighbours and the one that drew t-SNE, "" for the processor."""
    drawn = next((each.projection.gpu for each in found if each.projection.gpu), "")
    return {"neighbours": cached.truth(request).gpu, "t-SNE": drawn}


def note(drawn: Drawn) -> str:
    """What stands over a map."""
    if frame.presenting():
        return f"keeps {kept(drawn.quality):.0%}"
    return f"keeps {kept(drawn.quality):.0%} of {drawn.quality.local_k} neighbours"


def sentences(points: Points, found: Mapping[Method, Drawn]) -> str:
    """What the picture says, with its numbers."""
    n, d = points.vectors.shape
    flat = all(each.projection.xy.shape[1] == 2 for each in found.values())
    onto = "onto a plane" if flat else "into three"
    many = f"{d} dimension{'s' * (d > 1)}"
    parts = [
        f"{n:,} points in {many} are squeezed {onto}, and something must give."
        if d > 2
        else f"{n:,} points in {many}: PCA can draw them as they are."
    ]
    shares = {method: kept(each.quality) for method, each in found.items()}
    k = next(iter(found.values())).quality.local_k
    if (pca := found.get("pca")) is not None and pca.projection.variance is not None:
        share = pca.projection.variance[: pca.projection.xy.shape[1]].sum()
        parts.append(
            f"PCA's directions hold {share:.0%} of the variance and keep {shares['pca']:.0%} of each point's "
            f"{nearest_said(k)}."
        )
    others: list[Method] = [method for method in found if method != "pca"]
    if others:
        named = " and ".join(f"{NAMES[method]} {shares[method]:.0%}" for method in others)
        parts.append(
            f"{named}: neighbours are what {'they are' if len(others) > 1 else 'it is'} made to keep, at the "
            "cost of the large distances."
        )
    return " ".join(parts)


def table(found: Mapping[Method, Drawn]) -> dict[str, list[str]]:
    """Every quality number of every map."""
    first = next(iter(found.values())).quality
    rows: dict[str, list[str]] = {"map": [NAMES[method] for method in found]}
    for name in ("trustworthiness", "continuity", "recall"):
        for at, k in enumerate(first.k):
            said = "neighbours kept" if name == "recall" else name
            rows[f"{said}, {k}"] = [number(getattr(each.quality, name)[at]) for each in found.values()]
    rows["rank correlation of distances"] = [number(each.quality.shepard) for each in found.values()]
    return rows
