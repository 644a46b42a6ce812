"""Record the maps of the bundled sets: ``python -m models.train.projections [SET …]``."""

import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.bundled import BUNDLED
from models.nearest import nearest
from models.projection import DEFAULTS, Method, noise_twin, project, settle
from models.recorded import FOLDER, NEIGHBOURS, PERPLEXITIES, QUALITY, SETS, STARTS, card, key_of, pack

LICENCE = {
    "topics": "vectors: GloVe 6B, PDDL 1.0 (Pennington et al. 2014)",
    "frequent2000": "vectors: GloVe 6B, PDDL 1.0 (Pennington et al. 2014)",
    "digits": "images: UCI Optical Recognition of Handwritten Digits, CC BY 4.0 (Alpaydin & Kaynak 1998)",
}


def record(name: str) -> None:
    """All settings of one set into one file, with its card; what is there already is kept."""
    points, started = BUNDLED[name](), time.perf_counter()
    versions = {each: version(each) for each in ("openTSNE", "umap-learn", "numba", "numpy")}
    path, before = FOLDER / f"{name}.npz", card(name)
    arrays: dict[str, NDArray[np.int16]] = {}
    quality: dict[str, dict[str, float]] = {}
    if before.get("points") == points.id and before["versions"] == versions:
        with np.load(path, allow_pickle=False) as kept:
            arrays = {key: kept[key] for key in kept.files}
        quality = before[QUALITY]
    near = nearest(points.vectors, 300, points.metric)
    for method, parameters, seed, noise in settings(len(points)):
        key = key_of(method, parameters, seed, noise) or ""
        if key in arrays:
            continue
        drawn = project(
            noise_twin(points.vectors) if noise else points.vectors,
            method,
            seed=seed,
            metric=points.metric,
            neighbours=None if noise else near,
            **parameters,
        )
        arrays[key] = pack(drawn.xy)
        found = drawn.quality
        quality[key] = {
            each: round(getattr(found, each)[1], 4) for each in ("trustworthiness", "continuity", "recall")
        }
        print(f"{name} {key}: {drawn.seconds:.1f} s, {quality[key]}", flush=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]
    made = {
        "what": f"{points.name}: {len(points):,} points, {points.vectors.shape[1]}-d, {points.metric}",
        "source": points.source,
        "licence": LICENCE.get(name, "made here, Apache-2.0"),
        "points": points.id,
        "command": f"python -m models.train.projections {name}",
        "date": datetime.now(UTC).date().isoformat(),
        "seconds": round(before.get("seconds", 0) + time.perf_counter() - started),
        "hardware": "two CPU cores, one used",
        "t-SNE": "learning rate max(n / 12, 200), momentum 0.8, 250 + 500 steps",
        "versions": versions,
        "sha256": sha256(path.read_bytes()).hexdigest(),
        QUALITY: quality,
    }
    (FOLDER / f"{name}.json").write_text(json.dumps(made, indent=1) + "\n", "utf-8")


def settings(n: int) -> Iterator[tuple[Method, dict[str, Any], int, bool]]:
    """Every setting that ``n`` points allow; noise in place of the points at the usual settings."""
    methods: tuple[tuple[Method, str, tuple[int, ...]], ...] = (
        ("tsne", "perplexity", PERPLEXITIES),
        ("umap", "n_neighbors", NEIGHBOURS),
    )
    for method, parameter, values in methods:
        for value in values:
            settled = settle(method, n, {**DEFAULTS[method], parameter: value})
            if settled[parameter] != value:
                continue  # too few points: what is drawn would be another setting
            for init, seed in STARTS[method]:
                yield method, {parameter: value, "init": init}, seed, False
        yield method, {}, 0, True


def main() -> None:
    """Record the sets that are named, or all."""
    for name in sys.argv[1:] or SETS:
        record(name)


if __name__ == "__main__":
    main()
