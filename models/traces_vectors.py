"""The frozen records of words, texts and senses as vectors: NumPy arrays and plain values only."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.traces import Array, Provenance


@dataclass(frozen=True)
class Ranking:
    """The nearest of ``of`` vectors, nearest first, by cosine; equal ones in the order of the vectors.

    ``places[i]`` is the row of ``labels[i]``; ``cosine`` is float64, (k,).
    """

    labels: tuple[str, ...]
    places: NDArray[np.int64]
    cosine: Array
    of: int


@dataclass(frozen=True)
class Analogy:
    """a − b + c of unit vectors, and the words nearest to it.

    ``inputs`` are the three words as they were found and ``places`` their rows. ``target`` (d,) is the sum,
    not of length 1. ``answers`` leaves the three out where ``exclude_inputs``. ``input_cosine`` (3,) and
    ``input_rank`` (3,; 1 is the nearest of all) say where the three themselves stand in the full list.
    """

    inputs: tuple[str, str, str]
    places: NDArray[np.int64]
    target: Array
    answers: Ranking
    exclude_inputs: bool
    input_cosine: Array
    input_rank: NDArray[np.int64]


@dataclass(frozen=True)
class Plane:
    """Vectors seen on the plane in which they differ most (PCA), so that sums and differences stay straight.

    ``xy`` (n, 2); ``share`` (2,) of the variance that each axis keeps.
    """

    labels: tuple[str, ...]
    xy: Array
    share: Array


@dataclass(frozen=True)
class SemanticAxis:
    """Words along the direction from one word to another: cosine with (high − low), (n,), −1 to 1.

    ``ends`` (2,) are the positions of the two words themselves.
    """

    low: str
    high: str
    ends: Array
    words: tuple[str, ...]
    position: Array


@dataclass(frozen=True)
class TextSpace:
    """One way to make a vector of a text, and how near each text then is to the query.

    ``cosine`` (n,) is 0 where the two share nothing that the vectors know; ``rank`` (n,) gives equal cosines
    the same, best, rank. ``dims`` is the length of a vector; ``missing`` are words of the query that take no
    part in it.
    """

    name: str
    dims: int
    cosine: Array
    rank: NDArray[np.int64]
    missing: tuple[str, ...] = ()

    @property
    def tied(self) -> int:
        """How many texts share the cosine of another."""
        _, count = np.unique(self.cosine, return_counts=True)
        return int(count[count > 1].sum())


@dataclass(frozen=True)
class TextRankings:
    """The same query against the same texts, in several spaces.

    ``terms`` name the columns of ``counts`` and ``tfidf`` (n, terms), whose rows are the texts;
    ``query_counts`` and ``query_tfidf`` (terms,) are the query's.
    """

    texts: tuple[str, ...]
    query: str
    spaces: tuple[TextSpace, ...]
    terms: tuple[str, ...]
    counts: NDArray[np.int64]
    tfidf: Array
    query_counts: NDArray[np.int64]
    query_tfidf: Array
    provenance: Provenance


@dataclass(frozen=True)
class SensesTrace:
    """The vectors of one word in many sentences, at every layer of an encoder.

    ``vectors`` (layers + 1, n, d) float32: index 0 is what the first layer reads (the table's row plus the
    position), index l what layer l hands on; of a word of several pieces the mean. ``senses`` (n,) names the
    group of each sentence, "" where none was given. ``spans`` are the word's letters in each sentence.
    Cosines are float64, (layers + 1,), NaN without a pair: ``alike`` of all pairs (Ethayarajh's
    self-similarity), ``within`` and ``between`` senses, ``strangers`` of pairs of different words of
    different sentences: what two vectors of that layer have in common anyway. ``matched`` (layers + 1,)
    counts the sentences whose nearest other has the same sense. ``tfidf`` (n, terms) has the other words of
    each sentence; ``tfidf_within`` and ``tfidf_between`` are its mean cosines.
    """

    word: str
    sentences: tuple[str, ...]
    senses: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    pieces: tuple[str, ...]
    vectors: NDArray[np.float32]
    alike: Array
    within: Array
    between: Array
    strangers: Array
    matched: NDArray[np.int64]
    tfidf: Array
    tfidf_within: float
    tfidf_between: float
    in_glove: bool
    left_out: tuple[str, ...]
    provenance: Provenance

    @property
    def groups(self) -> tuple[str, ...]:
        """The senses in the order in which they first come."""
        return tuple(dict.fromkeys(self.senses))
