"""Maps of vectors: PCA, t-SNE and UMAP, their alignment, and what noise would look like.

t-SNE is openTSNE (Poličar et al. 2024) with the defaults of Kobak & Berens 2019, on a GPU the same descent
in torch. UMAP is umap-learn (McInnes et al. 2018), epoch by epoch, so that its layout can be watched and
stopped.
"""

import os
import threading
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.errors import NumberError
from models.gpu import on_gpu
from models.nearest import Neighbours, nearest, prepared
from models.points import Metric
from models.quality import Quality, quality
from models.tsne_torch import descend

Method = Literal["pca", "tsne", "umap"]
OnStep = Callable[[int, int, NDArray[np.float64]], object]
Floats = NDArray[np.float64]

DEFAULTS: dict[str, dict[str, Any]] = {
    "pca": {"dims": 2},
    "tsne": {"perplexity": 30.0, "init": "pca", "exaggeration": 12.0, "early": 250, "late": 500},
    "umap": {"n_neighbors": 15, "min_dist": 0.1, "init": "spectral", "dims": 2},
}
INITS = {"tsne": ("pca", "random"), "umap": ("spectral", "pca", "random")}
LEAST = {"pca": 2, "tsne": 4, "umap": 4}  # points
SPECTRAL_LEAST = 12  # points below which eigenvectors cannot start a map
STEP_EVERY = 10  # iterations or epochs between two calls of on_step
FFT_FROM = 3000  # points; below it the tree is faster than the grid
GRID = 2  # map units to a square of that grid: half the time of 1, trustworthiness as before
MOMENTUM = 0.8  # of t-SNE
LEAST_RATE = 200.0  # of learning, in openTSNE's convention
UMAP_EPOCHS = ((10_000, 500), (np.inf, 200))  # umap-learn's own
INT32 = np.iinfo(np.int32)
# One core stays free for everybody else: threads that wait for a busy core make openTSNE many times slower.
JOBS = max(1, (os.cpu_count() or 1) - 1)

# Two runs of numba's threads at once can end the process (umap#665, numba#8563).
_UMAP = threading.Lock()


@dataclass(frozen=True)
class Projection:
    """A map of ``vectors``: ``xy`` (n, dims) float64, and how it was made.

    ``parameters`` are all of the method, defaults included, as they were used: a perplexity that the
    points do not allow is the largest they do. ``variance`` is the share of each component (PCA). ``gpu``
    is the name of the device that moved the points, "" for the processor.
    """

    method: Method
    xy: Floats
    vectors: NDArray[Any]
    metric: Metric
    parameters: Mapping[str, Any]
    seed: int
    seconds: float
    variance: Floats | None = None
    gpu: str = ""

    @cached_property
    def quality(self) -> Quality:
        """How much of the space the map keeps, measured when first asked for."""
        return quality(self.vectors, self.xy, metric=self.metric)


def project(
    vectors: ArrayLike,
    method: Method,
    *,
    seed: int = 0,
    on_step: OnStep | None = None,
    metric: Metric = "cosine",
    neighbours: Neighbours | None = None,
    **parameters: Any,
) -> Projection:
    """Draw ``vectors`` (n, d) on a plane, or in space where ``dims`` is 3 (PCA, UMAP).

    ``parameters`` are those of DEFAULTS. ``neighbours`` are what ``nearest`` found, if it did, at least
    ``neighbours_needed``. ``on_step(done, total, xy)`` is called as the layout moves; what it raises
    ends the work. Raises NumberError for what cannot be.
    """
    if method not in get_args(Method):
        raise NumberError(f"method is {method!r}; expected pca, tsne or umap.")
    unknown = set(parameters) - set(DEFAULTS[method])
    if unknown:
        raise NumberError(
            f"{method} has no parameter {', '.join(sorted(unknown))}; it has {', '.join(DEFAULTS[method])}."
        )
    rows = np.ascontiguousarray(vectors, np.float64)
    if rows.ndim != 2 or len(rows) < LEAST[method] or not rows.shape[1] or not np.isfinite(rows).all():
        raise NumberError(
            f"vectors have the shape {rows.shape}; {method} needs {LEAST[method]} or more rows of finite "
            "numbers."
        )
    settled = settle(method, len(rows), {**DEFAULTS[method], **parameters})
    started = time.perf_counter()
    variance, gpu = None, ""
    if method == "pca":
        xy, variance = _pca(rows, settled["dims"])
    else:
        needed = neighbours_needed(method, settled)
        if neighbours is None or neighbours.index.shape[1] < needed or neighbours.metric != metric:
            neighbours = nearest(rows, needed, metric)
        near, watch = neighbours.first(needed), on_step or _nothing
        if method == "tsne":
            xy, gpu = _tsne(rows, near, settled, seed, watch)
        else:
            xy = _umap(rows, near, settled, seed, watch)
    return Projection(
        method=method,
        xy=xy,
        vectors=np.asarray(vectors),
        metric=metric,
        parameters=settled,
        seed=seed,
        seconds=time.perf_counter() - started,
        variance=variance,
        gpu=gpu,
    )


def settle(method: Method, n: int, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as they can be for ``n`` points; raises NumberError for what is out of any range."""
    settled = dict(parameters)
    if "dims" in settled and settled["dims"] not in (2, 3):
        raise NumberError(f"dims is {settled['dims']!r}; a map has 2 or 3.")
    if "init" in settled and settled["init"] not in INITS[method]:
        raise NumberError(f"init is {settled['init']!r}; {method} starts from {', '.join(INITS[method])}.")
    if method == "tsne":
        if not 1 <= settled["perplexity"] < np.inf:
            raise NumberError(f"perplexity is {settled['perplexity']!r}; expected 1 or more.")
        # openTSNE looks at three times as many neighbours, and there are n − 1
        settled["perplexity"] = float(min(settled["perplexity"], (n - 1) / 3))
    if method == "umap":
        if not 2 <= settled["n_neighbors"] < np.inf or not 0 <= settled["min_dist"] <= 1:
            raise NumberError(
                f"n_neighbors is {settled['n_neighbors']!r} and min_dist {settled['min_dist']!r}; expected 2 "
                "or more, and 0 to 1."
            )
        settled["n_neighbors"] = int(min(settled["n_neighbors"], n - 1))
        if n < SPECTRAL_LEAST and settled["init"] == "spectral":
            settled["init"] = "random"
    return settled


def neighbours_needed(method: str, parameters: Mapping[str, Any]) -> int:
    """How many neighbours of each point a method looks at."""
    if method == "tsne":
        return max(1, int(3 * parameters["perplexity"]))
    return int(parameters["n_neighbors"]) - 1 if method == "umap" else 0


def _nothing(done: int, total: int, xy: Floats) -> None:
    """Nobody watches."""


def _pca(rows: Floats, dims: int) -> tuple[Floats, Floats]:
    """Scores (n, dims) and the share of variance of every component: SVD of the centred rows.

    The sign of a component is free; its largest loading is made positive, as scikit-learn does.
    """
    centred = rows - rows.mean(0)
    _, sizes, axes = np.linalg.svd(centred, full_matrices=False)
    axes *= np.where(axes[np.arange(len(axes)), np.abs(axes).argmax(1)] < 0, -1, 1)[:, None]
    xy = np.zeros((len(rows), dims))
    some = centred @ axes[:dims].T
    xy[:, : some.shape[1]] = some  # fewer columns than dims: the rest stays 0
    squares = sizes**2
    total = squares.sum()
    return xy, squares / total if total else squares


def _start(rows: Floats, metric: Metric) -> Floats:
    """The first two components of what the distances are measured on."""
    return _pca(prepared(rows, metric), 2)[0]


def _tsne(
    rows: Floats, near: Neighbours, parameters: Mapping[str, Any], seed: int, on_step: OnStep
) -> tuple[Floats, str]:
    """The places, and the name of the GPU that found them."""
    import openTSNE
    from openTSNE.affinity import PerplexityBasedNN
    from openTSNE.nearest_neighbors import PrecomputedNeighbors

    n, rng = len(rows), np.random.RandomState(seed)
    if parameters["init"] == "pca":
        start = _start(rows, near.metric)
        # std 1e-4 and a trace of noise: points that fall on one place could never part
        start = start / (start[:, 0].std() or 1) * 1e-4 + rng.normal(0, 1e-6, start.shape)
    else:
        start = rng.normal(0, 1e-4, (n, 2))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # numba and scikit-learn talk about themselves
        affinities = PerplexityBasedNN(
            knn_index=PrecomputedNeighbors(near.index.astype(np.int64), near.distance.copy()),
            perplexity=parameters["perplexity"],
            n_jobs=JOBS,
        )
    stages = ((parameters["early"], parameters["exaggeration"]), (parameters["late"], 1))
    # scikit-learn's "auto", whose gradient carries a factor 4. openTSNE's own rate of n / exaggeration jumps
    # after the early stage: faster, and less trustworthy
    rate = max(n / parameters["exaggeration"], LEAST_RATE)

    def in_torch(device: str) -> Floats:
        options = {"rate": rate, "momentum": MOMENTUM, "every": STEP_EVERY, "device": device}
        return descend(affinities.P, start, stages, on_step, **options)

    if moved := on_gpu(n, in_torch):
        return moved
    layout = openTSNE.TSNEEmbedding(
        start,
        affinities,
        negative_gradient_method="fft" if n >= FFT_FROM else "bh",
        ints_in_interval=GRID,
        random_state=rng,
        n_jobs=JOBS,
    )
    done, total = 0, sum(iterations for iterations, _ in stages)
    for iterations, exaggeration in stages:
        layout.optimize(
            iterations,
            inplace=True,
            exaggeration=exaggeration,
            momentum=MOMENTUM,
            learning_rate=rate,
            callbacks=_callback(on_step, done, total),
            callbacks_every_iters=STEP_EVERY,
        )
        done += iterations
    return np.array(layout, np.float64), ""


def _callback(on_step: OnStep, done: int, total: int) -> Callable[..., None]:
    def called(iteration: int, error: float, layout: Any) -> None:
        on_step(done + iteration, total, np.array(layout, np.float64))

    return called


def _umap(
    rows: Floats, near: Neighbours, parameters: Mapping[str, Any], seed: int, on_step: OnStep
) -> Floats:
    """umap-learn's own steps with its own functions; equal to UMAP.fit_transform with the same seed."""
    n = len(rows)
    total = next(epochs for most, epochs in UMAP_EPOCHS if n <= most)
    while not _UMAP.acquire(timeout=0.2):
        on_step(0, total, np.zeros((n, 2)))  # the visitor may stop while another's map is drawn
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _umap_alone(rows, near, parameters, np.random.RandomState(seed), total, on_step)
    finally:
        _UMAP.release()


def _umap_alone(
    rows: Floats,
    near: Neighbours,
    parameters: Mapping[str, Any],
    rng: np.random.RandomState,
    total: int,
    on_step: OnStep,
) -> Floats:
    from umap import umap_
    from umap.layouts import _get_optimize_layout_euclidean_single_epoch_fn as epoch_function
    from umap.spectral import spectral_layout

    n, dims, init = len(rows), parameters["dims"], parameters["init"]
    on_step(0, total, np.zeros((n, dims)))
    # umap-learn counts a point as its own first neighbour
    index = np.column_stack([np.arange(n), near.index]).astype(np.int32)
    distance = np.column_stack([np.zeros(n), near.distance]).astype(np.float32)
    data = rows.astype(np.float32)
    graph, _, _ = umap_.fuzzy_simplicial_set(
        data, index.shape[1], rng, near.metric, knn_indices=index, knn_dists=distance
    )
    graph = graph.tocoo()
    graph.sum_duplicates()
    graph.data[graph.data < graph.data.max() / total] = 0
    graph.eliminate_zeros()
    layout: NDArray[Any]
    if init == "random":
        layout = rng.uniform(-10, 10, (n, dims)).astype(np.float32)
    else:
        layout = (
            _pca(prepared(rows, near.metric), dims)[0]
            if init == "pca"
            else spectral_layout(data, graph, dims, rng, metric=near.metric, metric_kwds={})
        )
        layout = umap_.noisy_scale_coords(layout, rng, max_coord=10, noise=0.0001)
    every = umap_.make_epochs_per_sample(graph.data, total)
    state = rng.randint(INT32.min + 1, INT32.max - 1, 3).astype(np.int64)
    low, high = layout.min(0), layout.max(0)
    layout = (10 * (layout - low) / np.where(high > low, high - low, 1)).astype(np.float32, order="C")
    a, b = umap_.find_ab_params(1.0, parameters["min_dist"])
    states = np.full((n, 3), state) + layout[:, 0].astype(np.float64).view(np.int64).reshape(-1, 1)
    every_negative = every / 5.0
    next_negative, next_sample = every_negative.copy(), every.copy()
    run, none = epoch_function(False), np.zeros(1, np.float32)  # none: what densMAP would need
    alpha = 1.0
    for epoch in range(total):
        run(
            layout, layout, graph.row, graph.col, n, every, a, b, states, 1.0, dims, True, alpha,
            every_negative, next_negative, next_sample, epoch, False, none, none, 0, 0, 0, 0, none, none, 0,
        )  # fmt: skip
        alpha = 1.0 - epoch / total
        if (epoch + 1) % STEP_EVERY == 0:
            on_step(epoch + 1, total, layout.astype(np.float64))
    return layout.astype(np.float64)


def align(xy: ArrayLike, reference: ArrayLike) -> Floats:
    """Turn, mirror, shift and scale a map as a whole so that it lies on ``reference`` as well as it can.

    Procrustes: U S Vᵀ = SVD of xyᵀ·reference, both centred; rotation U Vᵀ, scale ΣS / ‖xy‖². No distance
    within the map changes but by the one scale, so no picture is bettered by it.
    """
    moved, fixed = np.asarray(xy, np.float64), np.asarray(reference, np.float64)
    if moved.ndim != 2 or moved.shape != fixed.shape:
        raise NumberError(f"The maps have the shapes {moved.shape} and {fixed.shape}; expected two alike.")
    centred, target = moved - moved.mean(0), fixed - fixed.mean(0)
    left, sizes, right = np.linalg.svd(centred.T @ target)
    square = float((centred**2).sum())
    return np.asarray(centred @ (left @ right) * (sizes.sum() / square if square else 1) + fixed.mean(0))


def noise_twin(vectors: ArrayLike, *, seed: int = 0) -> NDArray[Any]:
    """Each column shuffled by itself: every number stays, what the columns had in common is lost."""
    return np.random.default_rng(seed).permuted(np.asarray(vectors), axis=0)
