"""t-SNE in torch, for a GPU: openTSNE's descent, its repulsion by Fourier transforms on a grid.

The interpolation is FIt-SNE's (Linderman et al. 2019): charges are spread from the points to a regular
grid, the grid is convolved with the two kernels of the forces, and the result is read off at the points.
All in float64 and without sums whose order a GPU may choose, so that one seed gives one map.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor

NODES = 3  # of the grid to a side of a box
LEAST_BOXES, MOST_BOXES = 50, 400  # to a side of the grid
BOXES_BY = 10  # their number is rounded up to a multiple: few sizes, few plans for the transform
STEPS_OF_SUM = 2**40  # a summand is rounded to this part of the largest
LEAST_GAIN, MORE_GAIN, LESS_GAIN = 0.01, 0.2, 0.8  # of Jacobs 1988, as openTSNE has them
MOST_MOVE = 5.0  # map units a point may move at once
Floats = NDArray[np.float64]


def descend(
    affinities: Any,
    start: Floats,
    stages: Sequence[tuple[int, float]],
    on_step: Callable[[int, int, Floats], object],
    *,
    rate: float,
    momentum: float,
    every: int,
    device: str,
) -> Floats:
    """The places (n, 2) after all ``stages`` of (iterations, exaggeration).

    ``affinities`` is a SciPy CSR matrix that sums to 1; ``rate`` is that of learning.
    ``on_step(done, total, xy)`` is called after ``every`` iterations; what it raises ends the work.
    """
    import torch

    def moved(array: Any, kind: torch.dtype) -> "Tensor":
        return torch.from_numpy(np.asarray(array)).to(device, kind)

    n, total, done = len(start), sum(iterations for iterations, _ in stages), 0
    rows = np.repeat(np.arange(n), np.diff(affinities.indptr))
    ends, weights = moved(affinities.indptr, torch.int64), moved(affinities.data, torch.float64)
    pairs = (moved(rows, torch.int64), moved(affinities.indices, torch.int64))
    xy = moved(start, torch.float64)
    gains, update = torch.ones_like(xy), torch.zeros_like(xy)
    for iterations, exaggeration in stages:
        for _ in range(iterations):
            gradient = exaggeration * attraction(xy, *pairs, ends, weights) - repulsion(xy)
            turned = torch.sign(update) != torch.sign(gradient)
            gains = torch.where(turned, gains + MORE_GAIN, gains * LESS_GAIN + LEAST_GAIN)
            update = momentum * update - rate * gains * gradient
            update /= (torch.linalg.vector_norm(update, dim=1, keepdim=True) / MOST_MOVE).clamp(min=1)
            xy = xy + update
            xy -= xy.mean(0)
            done += 1
            if done % every == 0:
                on_step(done, total, xy.cpu().numpy())
    return np.asarray(xy.cpu().numpy())


def attraction(xy: "Tensor", i: "Tensor", j: "Tensor", ends: "Tensor", weights: "Tensor") -> "Tensor":
    """Σ_j p_ij (y_i − y_j) / (1 + |y_i − y_j|²) for every i, over the pairs of known affinity: (n, 2)."""
    import torch

    apart = xy[i] - xy[j]
    apart *= (weights / (1 + (apart * apart).sum(1)))[:, None]
    return torch.segment_reduce(apart, "sum", offsets=ends, axis=0)


def repulsion(xy: "Tensor") -> "Tensor":
    """Σ_j q_ij² (y_i − y_j) / Σ q for every i, with q = 1 / (1 + |y_i − y_j|²): (n, 2).

    Σ_j q² (y_i − y_j) = y_i Σ_j q² − Σ_j q² y_j: sums of two kernels over all points, which are
    convolutions once the points lie on a grid.
    """
    import torch
    from torch.fft import irfft2, rfft2

    low, high = xy.amin(0), xy.amax(0)
    span = max(float((high - low).max()), 1e-12)
    boxes = min(MOST_BOXES, max(LEAST_BOXES, -int(-span // BOXES_BY) * BOXES_BY))
    size, side = span / boxes, NODES * boxes
    node, share = spread(xy, low, size, boxes)

    charges = torch.cat([torch.ones_like(xy[:, :1]), xy], 1)  # (n, 3): 1, x, y
    given = (share[:, :, None] * charges[:, None]).flatten(0, 1)
    grid = whole_sums(given, node.flatten(), side * side).T.reshape(3, side, side)

    # distances from one node to all; those beyond the middle are the negative ones, as a circle has them
    steps = torch.arange(2 * side, device=xy.device, dtype=xy.dtype)
    squares = (torch.minimum(steps, 2 * side - steps) * size / NODES) ** 2
    kernel = 1 / (1 + squares[:, None] + squares)
    first, second = rfft2(kernel), rfft2(kernel * kernel)
    ones, x, y = rfft2(grid, s=(2 * side, 2 * side))
    fields = irfft2(
        torch.stack([ones * first, ones * second, x * second, y * second]), s=(2 * side, 2 * side)
    )
    fields = fields[:, :side, :side].flatten(1)  # (4, nodes)
    felt = (fields[:, node] * share).sum(2)  # (4, n)
    total = felt[0].sum() - len(xy)  # without each point's own 1
    return (xy * felt[1][:, None] - felt[2:].T) / total


def spread(xy: "Tensor", low: "Tensor", size: float, boxes: int) -> tuple["Tensor", "Tensor"]:
    """The nodes (n, 9) of each point's box and its share in each (n, 9), by Lagrange's polynomials."""
    import torch

    place = (xy - low) / size
    box = place.floor().clamp(max=boxes - 1)
    inside = place - box
    at = (torch.arange(NODES, device=xy.device, dtype=xy.dtype) + 0.5) / NODES
    parts = []
    for k in range(NODES):
        others = [m for m in range(NODES) if m != k]
        parts.append(torch.stack([(inside - at[m]) / (at[k] - at[m]) for m in others]).prod(0))
    share = torch.stack(parts, 2)  # (n, 2, NODES)
    index = (NODES * box.long())[:, :, None] + torch.arange(NODES, device=xy.device)
    node = index[:, 0, :, None] * (NODES * boxes) + index[:, 1, None]
    return node.flatten(1), (share[:, 0, :, None] * share[:, 1, None]).flatten(1)


def whole_sums(values: "Tensor", index: "Tensor", n: int) -> "Tensor":
    """Rows of ``values`` (m, c) summed by ``index`` (m,) into (n, c), in whole numbers.

    Their sum is the same in any order, and a GPU adds in any order.
    """
    import torch

    step = values.abs().amax(0).clamp(min=torch.finfo(values.dtype).tiny * STEPS_OF_SUM) / STEPS_OF_SUM
    summed = torch.zeros(n, values.shape[1], device=values.device, dtype=torch.int64)
    return summed.index_add_(0, index, (values / step).round().long()) * step
