"""The settings of a map: their controls, with the experts' defaults, and making a map while it is watched."""

import sys
import time
from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from app import working
from app.embedding_projections import cached
from app.embedding_projections.cached import Drawn, Request, Setting
from app.embedding_projections.shared import PREFIX
from app.state import choice, whole
from components.scatter_view import CATEGORIES, MOST_LEVELS, Map
from models.points import Points
from models.projection import Method, align
from models.quality import Quality
from models.recorded import NEIGHBOURS, PERPLEXITIES

NAMES: dict[Method, str] = {"pca": "PCA", "tsne": "t-SNE", "umap": "UMAP"}
METHODS: tuple[Method, ...] = ("pca", "tsne", "umap")
DISTANCES = ("0", "0.05", "0.1", "0.25", "0.5", "0.8")
INITS = {
    "best": "informed start (PCA, spectral)",
    "random": "random start",
}
MOST_SEED = 9_999
FRAME_SECONDS = 0.35  # between two pictures of a layout that moves
FILM = 700, 280  # size of that picture
FILM_POINTS = 4_000  # drawn in it
OPENING = {"perplexity": "30", "neighbours": "15", "mindist": "0.1", "init": "best", "dims": "2", "seed": "0"}


def settings(methods: Sequence[Method], solid: bool = True) -> dict[Method, Setting]:
    """Draw the controls of ``methods`` in the present container; the setting of each method."""
    narrow: dict[str, Any] = {"label_visibility": "collapsed"}
    perplexity, neighbours, mindist, init, seed, dims = "30", "15", "0.1", "best", 0, "2"
    if "tsne" in methods:
        perplexity = choice(
            "t-SNE: perplexity",
            [str(each) for each in PERPLEXITIES],
            default="30",
            key=f"{PREFIX}_perplexity",
            name=lambda value: f"t-SNE: perplexity {value}",
            width=185,
            help="About how many neighbours a point holds on to. 30 is usual; few tear the map into crumbs.",
            **narrow,
        )
    if "umap" in methods:
        neighbours = choice(
            "UMAP: n_neighbors",
            [str(each) for each in NEIGHBOURS],
            default="15",
            key=f"{PREFIX}_neighbours",
            name=lambda value: f"UMAP: {value} neighbours",
            width=185,
            help="How many neighbours a point is joined to. 15 is usual; more draw the large shape.",
            **narrow,
        )
    if list(methods) == ["pca"] and not solid:
        return {"pca": Setting("pca", (("dims", 2),))}
    with st.popover("More", key=f"{PREFIX}_more"):
        if "umap" in methods:
            mindist = choice(
                "UMAP: min_dist",
                DISTANCES,
                default="0.1",
                key=f"{PREFIX}_mindist",
                help="How close neighbours may lie on the map. 0.1 is the usual start; 0 packs clumps.",
            )
        if list(methods) != ["pca"]:
            init = choice(
                "Start",
                list(INITS),
                key=f"{PREFIX}_init",
                name=INITS.__getitem__,
                help="Where points stand before they move. The large shape of a map mostly comes from here.",
            )
            seed = whole("Seed", 0, 0, MOST_SEED, key=f"{PREFIX}_seed", help="One seed, one map.")
        if solid and list(methods) != ["tsne"]:
            dims = choice(
                "PCA and UMAP in",
                ("2", "3"),
                key=f"{PREFIX}_dims",
                name=lambda value: f"{value} dimensions",
                help="In three, drag a map to turn it. t-SNE is drawn on a plane.",
            )
    start = {"tsne": "random", "umap": "random"} if init == "random" else {"tsne": "pca", "umap": "spectral"}
    return {
        "pca": Setting("pca", (("dims", int(dims)),)),
        "tsne": Setting("tsne", (("perplexity", float(perplexity)), ("init", start["tsne"])), seed),
        "umap": Setting(
            "umap",
            (
                ("n_neighbors", int(neighbours)),
                ("min_dist", float(mindist)),
                ("init", start["umap"]),
                ("dims", int(dims)),
            ),
            seed,
        ),
    }


def draw(request: Request, points: Points, setting: Setting) -> Drawn:
    """A map, watched while it is made."""
    if cached.known(request, setting):
        return cached.drawn(request, setting)
    what = f"{NAMES[setting.method]} places {len(points):,} points"
    if setting.noise:
        what += " of shuffled columns"
    if setting.method == "umap" and "umap" not in sys.modules:
        what += " (the first UMAP of this server compiles itself first, about 10 seconds)"
    with working.shown(what, key=f"{PREFIX}_{request}_{setting}", unit="Step") as work:
        place = st.empty()
        film = Film(place, points)

        def on_step(done: int, total: int, xy: NDArray[np.float64]) -> None:
            work.progress(done, total)
            film.show(xy)

        def on_points(done: int, total: int) -> None:
            work.progress(done, total, "Point")

        found = cached.drawn(request, setting, on_step=on_step, progress=on_points, on_wait=work.wait)
    place.empty()
    return found


class Film:
    """The layout while it moves, as one small SVG after the other."""

    def __init__(self, place: Any, points: Points) -> None:
        self._place, self._shown = place, 0.0
        column = next(iter(points.columns.values()), None)
        levels = list(dict.fromkeys(column)) if column else []
        texts = bool(levels) and isinstance(levels[0], str) and len(levels) <= MOST_LEVELS
        codes = [levels.index(value) if texts and column else 0 for value in column or [0] * len(points)]
        self._groups = np.array(codes)[:FILM_POINTS] % len(CATEGORIES)

    def show(self, xy: NDArray[np.float64]) -> None:
        """Draw the places, unless the last picture is too fresh."""
        now = time.monotonic()
        if now - self._shown < FRAME_SECONDS or not xy.any():
            return
        self._shown = now
        self._place.image(film_svg(xy[:FILM_POINTS, :2], self._groups), width="stretch")


def film_svg(xy: NDArray[np.float64], groups: NDArray[np.int64]) -> str:
    """Points as round strokes of length 0, one path a colour."""
    width, height = FILM
    centred = xy - (xy.max(0) + xy.min(0)) / 2
    half = np.abs(centred).max(0)
    scale = 0.46 * min(width / max(half[0], 1e-12), height / max(half[1], 1e-12))
    places = np.round(
        np.column_stack([width / 2 + centred[:, 0] * scale, height / 2 - centred[:, 1] * scale]), 1
    )
    paths = []
    for group in np.unique(groups):
        path = "".join(f"M{x:g} {y:g}h0" for x, y in places[groups == group])
        paths.append(
            f'<path d="{path}" stroke="{escape(CATEGORIES[group])}" stroke-width="5" stroke-linecap="round"/>'
        )
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(paths)}</svg>'


def map_of(drawn: Drawn, reference: Drawn | None = None, name: str = "", **more: Any) -> Map:
    """A map as the canvas draws it, laid on ``reference`` as well as one can."""
    projection = drawn.projection
    xy = projection.xy
    if reference is not None and reference.projection.xy.shape == xy.shape:
        xy = align(xy, reference.projection.xy)
    axes = None
    if projection.variance is not None and projection.xy.shape[1] == 2:
        shares = [*projection.variance[:2], 0.0, 0.0]
        axes = (f"component 1: {shares[0]:.0%}", f"component 2: {shares[1]:.0%}")
    return Map(
        name=name or NAMES[projection.method],
        xy=xy,
        near=drawn.near,
        axes=axes,
        id=projection.method,
        **more,
    )


def number(value: float) -> str:
    """A share between 0 and 1 as people quote it; a dash where it is not defined."""
    return "–" if np.isnan(value) else f"{value:.2f}"


def mean_of_points(quality: Quality, row: int) -> float:
    """The mean of a number over the points, at 15 neighbours or as many as few points allow."""
    known = quality.local[row][~np.isnan(quality.local[row])]
    return float(known.mean()) if len(known) else float("nan")


def trust(quality: Quality) -> float:
    """Trustworthiness at ``quality.local_k`` neighbours."""
    return mean_of_points(quality, 0)


def kept(quality: Quality) -> float:
    """The share of the ``quality.local_k`` nearest that stay neighbours."""
    return mean_of_points(quality, 2)


def nearest_said(k: int) -> str:
    """So many nearest neighbours, in words."""
    return "nearest neighbour" if k == 1 else f"{k} nearest neighbours"
