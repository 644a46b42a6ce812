"""Maps that were made once and are shipped: places of the bundled sets at many settings, two bytes a number.

Made by ``python -m models.train.projections``; each file has a card beside it.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).parent / "runs" / "projections"
PERPLEXITIES = (2, 5, 10, 30, 50, 100)
NEIGHBOURS = (5, 15, 50, 100, 200)
SETS = ("topics", "frequent2000", "digits", "unequal", "distances", "containing", "noise", "trefoil")
QUALITY = "quality at 15 neighbours"
# The first start is the one that experts advise; the others show what only the start decided.
STARTS = {
    "tsne": (("pca", 0), ("random", 1), ("random", 2)),
    "umap": (("spectral", 0), ("random", 1), ("random", 2)),
}


def key_of(method: str, parameters: Mapping[str, Any], seed: int, noise: bool = False) -> str | None:
    """The name of a setting in a file; None for one that is never recorded.

    ``noise`` is the map of the same vectors with every column shuffled.
    """
    given = dict(parameters)
    if method == "tsne":
        value, init = given.pop("perplexity", 30), given.pop("init", "pca")
    elif method == "umap":
        value, init = given.pop("n_neighbors", 15), given.pop("init", "spectral")
        if given.pop("min_dist", 0.1) != 0.1 or given.pop("dims", 2) != 2:
            return None
    else:
        return None
    if given or value != int(value):
        return None
    return f"{method}-{int(value)}-{init}-{seed}" + ("-noise" if noise else "")


@cache
def _file(name: str) -> dict[str, NDArray[np.int16]]:
    path = FOLDER / f"{name}.npz"
    if name not in SETS or not path.exists():
        return {}
    with np.load(path, allow_pickle=False) as arrays:
        return {key: arrays[key] for key in arrays.files}


@cache
def card(name: str) -> dict[str, Any]:
    """How the file of a set was made, and the trustworthiness of each of its maps; empty without one."""
    path = FOLDER / f"{name}.json"
    return dict(json.loads(path.read_text("utf-8"))) if name in SETS and path.exists() else {}


def places(
    name: str, method: str, parameters: Mapping[str, Any], seed: int, noise: bool = False
) -> NDArray[np.float64] | None:
    """The recorded places (n, 2) of a set at a setting, or None; the scale of a map is free."""
    key = key_of(method, parameters, seed, noise)
    found = _file(name).get(key) if key else None
    return None if found is None else found.astype(np.float64) / np.iinfo(np.int16).max


def pack(xy: NDArray[np.float64]) -> NDArray[np.int16]:
    """Places to 1/32,767 of the larger half side of the map."""
    centred = xy - (xy.max(0) + xy.min(0)) / 2
    return np.asarray(np.round(centred / np.abs(centred).max() * np.iinfo(np.int16).max), np.int16)
