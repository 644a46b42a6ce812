"""What a map seems to say of its clusters, measured in the space and on the map: widths and gaps."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike


def widths(places: ArrayLike, groups: Sequence[str]) -> dict[str, float]:
    """How wide each group is: the root mean square distance of its points from their mean."""
    rows, names = np.asarray(places, np.float64), np.array(groups)
    return {
        name: float(np.sqrt(((rows[names == name] - rows[names == name].mean(0)) ** 2).sum(1).mean()))
        for name in dict.fromkeys(groups)
    }


def gap(places: ArrayLike, groups: Sequence[str], one: str, other: str) -> float:
    """The distance between the means of two groups."""
    rows, names = np.asarray(places, np.float64), np.array(groups)
    return float(np.linalg.norm(rows[names == one].mean(0) - rows[names == other].mean(0)))
