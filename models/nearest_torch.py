"""Exact nearest neighbours in torch, for a GPU: the numbers and the order of ties of ``models.nearest``."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

BLOCK_BYTES = 512 * 2**20  # of distances held at once


def nearest_blocks(
    rows: NDArray[np.float64], k: int, *, cosine: bool, digits: int, device: str
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """Block by block, each row's ``k`` nearest others (m, k) and how far these are (m, k).

    ``rows`` are prepared; distances, or their squares, are rounded to ``digits``.
    """
    import torch

    all_rows = torch.from_numpy(rows).to(device)
    squares = (all_rows * all_rows).sum(1)
    size = max(1, BLOCK_BYTES // (8 * len(rows)))
    for start in range(0, len(rows), size):
        at = slice(start, min(start + size, len(rows)))
        block = all_rows[at] @ all_rows.T
        if cosine:
            block = (1 - block).round(decimals=digits)
        else:
            block = (squares - 2 * block + squares[at, None]).round(decimals=digits).clamp_(min=0).sqrt_()
        block.diagonal(start).fill_(torch.inf)  # the distance of a row to itself
        found = block.topk(k, largest=False).indices.sort().values
        order = block.gather(1, found).sort(stable=True).indices
        found = found.gather(1, order)
        # where the k-th and a later one are equal, topk took any of them
        last = block.gather(1, found[:, -1:])
        tied = ((block <= last).sum(1) > k).nonzero()[:, 0]
        found[tied] = block[tied].sort(stable=True).indices[:, :k]
        yield found.cpu().numpy(), block.gather(1, found).cpu().numpy()
