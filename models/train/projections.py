"""Record the maps of the bundled sets: ``python -m models.train.projections [SET …]``."""

import json
import sys
import time
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.bundled import BUNDLED
from models.nearest import nearest
from models.projection import Method, neighbours_needed, project, settle
from models.recorded import FOLDER, NEIGHBOURS, PERPLEXITIES, SETS, STARTS, key_of, pack

LICENCE = {
    "topics": "vectors: GloVe 6B, PDDL 1.0 (Pennington et al. 2014)",
    "frequent2000": "vectors: GloVe 6B, PDDL 1.0 (Pennington et al. 2014)",
    "digits": "images: UCI Optical Recognition of Handwritten Digits, CC BY 4.0 (Alpaydin & Kaynak 1998)",
}


def record(name: str) -> None:
    """All settings of one set into one file, with its card."""
    points, started = BUNDLED[name](), time.perf_counter()
    near = nearest(points.vectors, 300, points.metric)
    arrays: dict[str, NDArray[np.int16]] = {}
    quality: dict[str, dict[str, float]] = {}
    methods: tuple[tuple[Method, str, tuple[int, ...]], ...] = (
        ("tsne", "perplexity", PERPLEXITIES),
        ("umap", "n_neighbors", NEIGHBOURS),
    )
    for method, parameter, values in methods:
        for value in values:
            if settle(method, len(points), {**_other(method), parameter: value})[parameter] != value:
                continue  # too few points: what is drawn would be another setting
            for init, seed in STARTS[method]:
                parameters: dict[str, Any] = {parameter: value, "init": init}
                drawn = project(
                    points.vectors, method, seed=seed, metric=points.metric, neighbours=near, **parameters
                )
                key = key_of(method, parameters, seed) or ""
                arrays[key] = pack(drawn.xy)
                found = drawn.quality
                quality[key] = {
                    "trustworthiness": round(found.trustworthiness[1], 4),
                    "continuity": round(found.continuity[1], 4),
                    "recall": round(found.recall[1], 4),
                }
                needed = neighbours_needed(method, drawn.parameters)
                print(f"{name} {key}: {drawn.seconds:.1f} s, {needed} neighbours, {quality[key]}", flush=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.npz"
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]
    card = {
        "what": f"{points.name}: {len(points):,} points, {points.vectors.shape[1]}-d, {points.metric}",
        "source": points.source,
        "licence": LICENCE.get(name, "made here, Apache-2.0"),
        "points": points.id,
        "command": f"python -m models.train.projections {name}",
        "date": datetime.now(UTC).date().isoformat(),
        "seconds": round(time.perf_counter() - started),
        "hardware": "two CPU cores, one used",
        "versions": {each: version(each) for each in ("openTSNE", "umap-learn", "numba", "numpy")},
        "sha256": sha256(path.read_bytes()).hexdigest(),
        "quality at 15 neighbours": quality,
    }
    (FOLDER / f"{name}.json").write_text(json.dumps(card, indent=1) + "\n", "utf-8")


def _other(method: Method) -> dict[str, float | str]:
    return {"init": "random"} if method == "tsne" else {"init": "random", "min_dist": 0.1, "n_neighbors": 15}


def main() -> None:
    """Record the sets that are named, or all."""
    for name in sys.argv[1:] or SETS:
        record(name)


if __name__ == "__main__":
    main()
