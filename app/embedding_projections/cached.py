"""What the page keeps: points, neighbours and maps, keyed by request and setting, never by arrays."""

import threading
from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import streamlit as st
from cachetools import LRUCache
from numpy.typing import NDArray

from app.cached import model
from app.queue import heavy_work
from app.settings import SETTINGS
from models import recorded
from models.bundled import BUNDLED, own_words
from models.errors import TextError
from models.nearest import Neighbours, nearest
from models.points import Points, tidy
from models.projection import LEAST, Method, Projection, neighbours_needed, noise_twin, project, settle
from models.quality import LOCAL_K, Quality, quality

KEPT_BYTES = int(0.8 * SETTINGS.cache_mb * 2**20)
NEAREST = 90  # found at once: enough for a perplexity of 30
AT_ONCE = 2_500  # points whose neighbours and quality nobody waits for
MOST_LINES = 1_000  # sentences of a visitor

Request = tuple[str, ...]
Progress = Callable[[int, int], object]
Wait = Callable[[int], object]


@dataclass(frozen=True)
class Setting:
    """How a map is made: method, parameters as pairs, seed; ``noise`` shuffles the columns first."""

    method: Method
    parameters: tuple[tuple[str, Any], ...] = ()
    seed: int = 0
    noise: bool = False


def noisy(setting: Setting) -> Setting:
    """The same for the noise twin."""
    return replace(setting, noise=True)


@dataclass(frozen=True)
class Drawn:
    """A map with what is measured on it; ``near`` (n, k) are the neighbours on it."""

    projection: Projection
    quality: Quality
    near: NDArray[np.int32]
    recorded: bool = False


def _bytes(value: Any) -> int:
    if isinstance(value, np.ndarray):
        return int(value.nbytes)
    if isinstance(value, Points | Neighbours | Drawn | Projection | Quality):
        return 500 + sum(map(_bytes, vars(value).values()))
    return 50 * len(value) if isinstance(value, tuple) else 50


@st.cache_resource(max_entries=1, show_spinner=False)
def _kept() -> tuple["LRUCache[Hashable, Any]", threading.Lock]:
    return LRUCache(KEPT_BYTES, getsizeof=_bytes), threading.Lock()


def _once(key: Hashable, make: Callable[[], Any]) -> Any:
    """What is kept under a key, or made, and kept if it fits."""
    kept, lock = _kept()
    with lock:
        if key in kept:
            return kept[key]
    made = make()
    with lock:
        if _bytes(made) <= KEPT_BYTES // 4:
            kept[key] = made
    return made


def _no_progress(done: int, total: int) -> None:
    """Nobody watches."""


def _no_wait(place: int) -> None:
    """Nobody waits."""


def put_points(request: Request, points: Points) -> None:
    """Keep points that a visitor brought; raises TextError where there are more than a map takes."""
    if len(points) > SETTINGS.max_points:
        raise TextError(f"{len(points):,} points; a map takes {SETTINGS.max_points:,}.")
    _once(("points", request), lambda: points)


def points(request: Request, *, progress: Progress = _no_progress, on_wait: Wait = _no_wait) -> Points:
    """The points of a request: ``(name,)`` of a bundled set, ``("words", text)`` or ``("lines", text)``."""

    def make() -> Points:
        kind = request[0]
        if kind == "words":
            return own_words(request[1])
        if kind == "lines":
            return _sentences(request[1], progress, on_wait)
        if kind not in BUNDLED:
            raise TextError("These points are no longer kept here; please load them again.")
        return BUNDLED[kind]()

    found: Points = _once(("points", request), make)
    return found


def _sentences(text: str, progress: Progress, on_wait: Wait) -> Points:
    from models.sentences import embed

    lines = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
    if not 2 <= len(lines) <= MOST_LINES:
        raise TextError(f"You gave {len(lines):,} different sentences; a map takes 2 to {MOST_LINES:,}.")
    with heavy_work(on_wait):
        vectors = embed(lines, model=model("minilm", "auto"), progress=progress)
    return tidy(
        "Your sentences",
        vectors,
        lines,
        columns={"words": [len(line.split()) for line in lines]},
        source="all-MiniLM-L6-v2, mean of the token vectors",
    )


def truth(
    request: Request, k: int = LOCAL_K, *, progress: Progress = _no_progress, on_wait: Wait = _no_wait
) -> Neighbours:
    """The true neighbours of every point, found once for all maps."""
    given = points(request)
    most = min(len(given) - 1, max(k, NEAREST))

    def make() -> Neighbours:
        with _in_line(len(given), on_wait):
            return nearest(given.vectors, most, given.metric, progress=progress)

    found: Neighbours = _once(("near", request, most), make)
    return found.first(min(k, most))


def _in_line(points: int, on_wait: Wait) -> AbstractContextManager[None]:
    """The queue, where it takes long; do not nest."""
    return heavy_work(on_wait) if points > AT_ONCE else nullcontext()


def too_few(request: Request, method: Method) -> bool:
    """Say whether a method has too few points to work with."""
    return len(points(request)) < LEAST[method]


def known(request: Request, setting: Setting) -> bool:
    """Say whether a map can be shown at once."""
    kept, lock = _kept()
    with lock:
        if ("map", request, setting) in kept:
            return True
    if len(points(request)) > AT_ONCE:
        return False
    return setting.method == "pca" or _recording(request, setting) is not None


def _recording(request: Request, setting: Setting) -> NDArray[np.float64] | None:
    if len(request) > 1:
        return None
    return recorded.places(request[0], setting.method, dict(setting.parameters), setting.seed, setting.noise)


def near_on(xy: NDArray[np.float64], k: int) -> NDArray[np.int32]:
    """The neighbours on a map; of many points by a tree, which is quick in two dimensions."""
    if len(xy) <= AT_ONCE:
        return nearest(xy, k, "euclidean").index
    from scipy.spatial import KDTree

    found = KDTree(xy).query(xy, k + 1)[1]
    own = found == np.arange(len(xy))[:, None]
    own[~own.any(1), -1] = True  # hidden behind k others on the same place
    return np.asarray(found[~own].reshape(len(xy), k), np.int32)


def drawn(
    request: Request,
    setting: Setting,
    *,
    on_step: Callable[[int, int, NDArray[np.float64]], object] | None = None,
    progress: Progress = _no_progress,
    on_wait: Wait = _no_wait,
) -> Drawn:
    """A map and its quality: kept, recorded or made now."""

    def make() -> Drawn:
        given = points(request)
        method, parameters = setting.method, dict(setting.parameters)
        vectors = noise_twin(given.vectors) if setting.noise else given.vectors
        k = min(LOCAL_K, len(given) - 1)
        places = _recording(request, setting)
        if places is not None:
            projection = Projection(method, places, vectors, given.metric, parameters, setting.seed, 0.0)
        else:
            needed = neighbours_needed(method, settle(method, len(given), parameters))
            shared = None
            if needed and not setting.noise:
                shared = truth(request, needed, progress=progress, on_wait=on_wait)
            with heavy_work(on_wait):
                projection = project(
                    vectors,
                    method,
                    seed=setting.seed,
                    on_step=on_step,
                    metric=given.metric,
                    neighbours=shared,
                    **parameters,
                )
        with _in_line(len(given), on_wait):
            measured = quality(vectors, projection.xy, metric=given.metric, progress=progress)
        return Drawn(projection, measured, near_on(projection.xy, k), places is not None)

    found: Drawn = _once(("map", request, setting), make)
    return found
