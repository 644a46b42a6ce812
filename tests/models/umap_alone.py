"""UMAP in a process of its own, which compiles it once for all: ``python -m tests.models.umap_alone``.

Prints a line for each part that holds; two UMAPs at once could end the process that runs them.
"""

import threading
import warnings

import numpy as np

from models.nearest import nearest
from models.projection import project
from tests.models.test_projection import CLOUD


def number_for_number(init: str) -> None:
    """Ours equals umap-learn's own map."""
    import umap

    near = nearest(CLOUD, 9, "cosine")
    places = np.column_stack([np.arange(60), near.index]).astype(np.int32)
    lengths = np.column_stack([np.zeros(60), near.distance]).astype(np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = umap.UMAP(
            n_neighbors=10,
            metric="cosine",
            random_state=3,
            init=init,
            precomputed_knn=(places, lengths, None),
            force_approximation_algorithm=True,
        ).fit_transform(CLOUD)
    ours = project(CLOUD, "umap", seed=3, n_neighbors=10, init=init).xy
    assert np.allclose(ours, theirs, atol=1e-5)


def few_points(n: int) -> None:
    """A few points are enough."""
    assert np.isfinite(project(CLOUD[:n], "umap").xy).all()


def two_at_once() -> None:
    """Two threads draw the same map."""
    made = []
    both = [
        threading.Thread(target=lambda: made.append(project(CLOUD, "umap", n_neighbors=8).xy)) for _ in "ab"
    ]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert np.array_equal(*made)


if __name__ == "__main__":
    for init in ("spectral", "random"):
        number_for_number(init)
        print(f"umap-learn's, {init}")
    for n in (4, 12):
        few_points(n)
        print(f"{n} points")
    two_at_once()
    print("two at once")
