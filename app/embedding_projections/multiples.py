"""The view *Small multiples*: one method at many settings and starts, aligned, as a grid or a film."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from app import frame, working
from app.embedding_projections import cached, data
from app.embedding_projections.cached import Request, Setting
from app.embedding_projections.maps import PACKAGES, opening_view, truth_of
from app.embedding_projections.notes import HOW_MULTIPLES, READ_MULTIPLES
from app.embedding_projections.settings import NAMES, number, trust
from app.embedding_projections.shared import PREFIX, exports, provenance, tell, view_of
from app.shown import Shown
from app.state import choice
from components.scatter_view import Map, message, scatter_view
from models import recorded
from models.points import Points
from models.projection import DEFAULTS, Method, align, settle
from models.recorded import NEIGHBOURS, PERPLEXITIES, QUALITY, STARTS

PARAMETER = {"tsne": "perplexity", "umap": "n_neighbors"}
VALUES = {"tsne": PERPLEXITIES, "umap": NEIGHBOURS}
SAID = {"tsne": "perplexity", "umap": "neighbours"}
STARTS_SAID = {"pca": "PCA", "spectral": "spectral"}
HINT = (
    "Over each map: its start, and its trustworthiness. The same points are in every map: select some in one "
    "and find them in all. Film plays the maps as one."
)


@dataclass(frozen=True)
class Stop:
    """One map of the grid: value and start, the places (n, 2), trustworthiness at 15, the GPU's name."""

    value: int
    init: str
    seed: int
    xy: NDArray[np.float64]
    trust: float
    gpu: str = ""

    @property
    def start(self) -> str:
        """The start in words."""
        return f"random start {self.seed}" if self.init == "random" else f"{STARTS_SAID[self.init]} start"

    @property
    def short(self) -> str:
        """The start in a word."""
        return f"random {self.seed}" if self.init == "random" else STARTS_SAID[self.init]


def multiples(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """Controls, then the grid, or the offer to compute it."""
    with controls, st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        asked = data.ask()
        method: Method = choice(  # type: ignore[assignment]
            "Method",
            list(PARAMETER),
            key=f"{PREFIX}_sweep",
            name=lambda name: f"{NAMES[name]}: {SAID[name]} {VALUES[name][0]} to {VALUES[name][-1]}",  # type: ignore[index]
            label_visibility="collapsed",
            width=270,
        )
    if asked is None:
        return None
    request, points = asked
    with picture:
        if cached.too_few(request, method):
            st.info(f"{len(points)} points are too few for {NAMES[method]}.")
            return None
        found = [recorded_stop(request, method, *place) for place in places(method, len(points))]
        stops = [stop for stop in found if stop is not None]
        if not stops:
            made = computed(request, points, method)
            if made is None:
                return None
            stops = made
        return shown(request, points, method, stops, kept=None not in found)


def places(method: Method, n: int) -> list[tuple[int, str, int]]:
    """Value, start and seed of every map that ``n`` points allow, row by row of one start."""
    fit = [
        value
        for value in VALUES[method]
        if settle(method, n, {**DEFAULTS[method], PARAMETER[method]: value})[PARAMETER[method]] == value
    ]
    return [(value, init, seed) for init, seed in STARTS[method] for value in fit]


def recorded_stop(request: Request, method: Method, value: int, init: str, seed: int) -> Stop | None:
    """A map that ships with the app."""
    if len(request) > 1:
        return None
    parameters = {PARAMETER[method]: value, "init": init}
    xy = recorded.places(request[0], method, parameters, seed)
    if xy is None:
        return None
    key = recorded.key_of(method, parameters, seed) or ""
    return Stop(value, init, seed, xy, recorded.card(request[0])[QUALITY][key]["trustworthiness"])


def setting_of(method: Method, value: int, init: str, seed: int) -> Setting:
    """The setting of a map as the cache knows it."""
    return Setting(method, ((PARAMETER[method], value), ("init", init)), seed)


def computed(request: Request, points: Points, method: Method) -> list[Stop] | None:
    """The maps of points that are not recorded, computed when asked for; None before that."""
    wanted = places(method, len(points))
    if not wanted:
        st.info(f"{len(points)} points are too few for {SAID[method]} {VALUES[method][0]}.")
        return None
    key = f"{PREFIX}_sweep_{request}_{method}"
    known = all(cached.known(request, setting_of(method, *place)) for place in wanted)
    if not known and not st.session_state.get(key):
        st.info(
            f"These {len(points):,} points have no recorded maps. {len(wanted)} maps will be computed one "
            "after the other; those that are done stay, and you can stop."
        )
        st.button(f"Compute {len(wanted)} maps", type="primary", on_click=_ask, args=(key,))
        return None
    stops = []
    with working.shown(f"{NAMES[method]} at {len(wanted)} settings", key=key, unit="Map") as work:
        for done, place in enumerate(wanted):
            work.progress(done, len(wanted))

            def on_step(step: int, total: int, xy: Any, done: int = done) -> None:
                work.progress(done, len(wanted))

            drawn = cached.drawn(request, setting_of(method, *place), on_step=on_step, on_wait=work.wait)
            stops.append(Stop(*place, drawn.projection.xy, trust(drawn.quality), drawn.projection.gpu))
    return stops


def _ask(key: str) -> None:
    st.session_state[key] = True


def shown(request: Request, points: Points, method: Method, stops: list[Stop], *, kept: bool) -> Shown:
    """The grid of all stops, turned to match the usual one; ``kept`` where they are recorded."""
    usual = min(stops, key=lambda stop: (stop.init == "random", abs(stop.value - usual_value(method))))
    across = len({stop.value for stop in stops})
    drawn = [
        Map(
            name=f"{stop.value}" if frame.presenting() else f"{SAID[method]} {stop.value}",
            xy=align(stop.xy, usual.xy),
            note=f"{stop.short}, {number(stop.trust)}",
            id=f"{stop.value}-{stop.init}-{stop.seed}",
        )
        for stop in stops
    ]
    opening = replace(opening_view(points), labels="off")  # no room for names on small maps
    stem = f"{method}-settings-{request[0]}"
    title = f"{points.name}: {NAMES[method]} at {len(stops)} settings"
    origin = "maps recorded beforehand" if kept else ""
    truth = truth_of(request, points)
    gpu = {
        "neighbours": cached.truth(request).gpu,
        "t-SNE": next((stop.gpu for stop in stops if stop.gpu), ""),
    }
    made = provenance(points, 0.0, [PACKAGES[method]], origin, gpu)
    sent = message(
        points.labels,
        drawn,
        view_of(points, [], opening, len(drawn)),
        columns=points.columns,
        truth=truth,
        images=points.images,
        default=opening,
        across=across,
        film=True,
        below=40,
        prefix=PREFIX,
        title=title,
        stem=stem,
        provenance=f"Plainsight · {points.source} · {made.precision}",
        hint=HINT,
    )
    scatter_view(sent, key=f"{PREFIX}_picture")
    tell(sentences(method, stops), table(method, stops))
    return Shown(
        exports(points, drawn, sent, stem, title),
        READ_MULTIPLES,
        HOW_MULTIPLES,
        made,
        sources=("wattenberg2016", "kobak2019", "kobak2021"),
    )


def usual_value(method: Method) -> float:
    """The value that experts start with."""
    return float(DEFAULTS[method][PARAMETER[method]])


def sentences(method: Method, stops: list[Stop]) -> str:
    """What the grid says, with its numbers."""
    said = SAID[method]
    known = [stop for stop in stops if not np.isnan(stop.trust)]
    parts = [
        f"{len(stops)} maps of the same points: {said} from {stops[0].value} to {stops[-1].value}, each from "
        f"{len({(stop.init, stop.seed) for stop in stops})} starts. Beside each: its trustworthiness at 15."
    ]
    if known:
        best, worst = (pick(known, key=lambda stop: stop.trust) for pick in (max, min))
        parts.append(
            f"It is best at {said} {best.value}, {best.start} ({number(best.trust)}), and lowest at "
            f"{worst.value}, {worst.start} ({number(worst.trust)})."
        )
    parts.append("What changes with start or setting is the method's doing; what stays may be the data's.")
    return " ".join(parts)


def table(method: Method, stops: list[Stop]) -> dict[str, list[Any]]:
    """The trustworthiness of every map."""
    return {
        SAID[method]: [stop.value for stop in stops],
        "start": [stop.start for stop in stops],
        "trustworthiness, 15": [number(stop.trust) for stop in stops],
    }
