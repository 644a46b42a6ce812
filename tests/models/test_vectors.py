"""Words and texts as vectors: cosine, nearest words, analogies, axes, and rankings in four spaces."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.neighbors import NearestNeighbors

from models.errors import NumberError, TextError
from models.glove import glove
from models.vectors import WORD, analogy, cosine, neighbours, plane, rank_texts, semantic_axis, unit

MATRIX = arrays(np.float64, st.tuples(st.integers(2, 12), st.integers(1, 5)), elements=st.integers(-9, 9))


def fixed(texts: list[str]) -> np.ndarray:
    """A sentence vector that needs no model: the text's length and its first letter."""
    return np.array([[len(text), ord(text[0]) / 100, 1.0] for text in texts])


# --- cosine and neighbours ----------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(MATRIX, st.floats(0.01, 100))
def test_cosine_is_scikit_learns_and_knows_no_length(rows: np.ndarray, factor: float) -> None:
    rows = rows[rows.any(1)]
    if not len(rows):
        return
    assert np.allclose(cosine(rows, rows), cosine_similarity(rows), atol=1e-12)
    assert np.allclose(cosine(rows * factor, rows), cosine(rows, rows), atol=1e-12)
    assert np.allclose(np.linalg.norm(unit(rows), axis=1), 1)


@pytest.mark.parametrize("bad", [[[0.0, 0.0]], [[np.nan, 1.0]], [[np.inf, 1.0]]])
def test_a_vector_without_direction_has_no_cosine(bad: list[list[float]]) -> None:
    with pytest.raises(NumberError, match="points nowhere"):
        cosine(bad, [[1.0, 0.0]])


@settings(max_examples=40, deadline=None)
@given(MATRIX, st.integers(1, 15))
def test_neighbours_are_scikit_learns_and_zero_rows_are_never_found(rows: np.ndarray, k: int) -> None:
    query = np.ones(rows.shape[1])
    found = neighbours(query, k, vectors=rows, labels=[str(i) for i in range(len(rows))])
    kept = np.flatnonzero(rows.any(1))
    assert found.of == len(rows)
    assert len(found.labels) == min(k, len(kept))
    if len(kept):
        reference = NearestNeighbors(metric="cosine", algorithm="brute").fit(rows[kept])
        distance, _ = reference.kneighbors(query[None], len(found.labels))
        assert np.allclose(found.cosine, 1 - distance[0], atol=1e-9)
    assert set(found.places) <= set(kept)
    assert (np.diff(found.cosine) <= 0).all()
    # equal cosines in the order of the rows
    pairs = list(zip(-found.cosine, found.places, strict=True))
    assert pairs == sorted(pairs)


def test_a_word_is_not_its_own_neighbour_and_others_can_be_left_out() -> None:
    rows, labels = np.array([[1.0, 0], [1, 0.1], [0, 1]]), ["a", "b", "c"]
    assert neighbours("a", vectors=rows, labels=labels).labels == ("b", "c")
    assert neighbours("a", vectors=rows, labels=labels, exclude=[1]).labels == ("c",)
    assert neighbours("a", 1, vectors=rows, labels=labels).places.tolist() == [1]


def test_the_space_is_not_centred_again() -> None:
    # far from 0 all cosines are near 1; after centring b would point away from a
    rows = np.array([[10.0, 10], [10, 11], [11, 10]])
    found = neighbours("a", vectors=rows, labels=["a", "b", "c"])
    assert np.allclose(found.cosine, cosine_similarity(rows)[0, 1:])


def test_neighbours_in_all_of_glove() -> None:
    words = glove()
    found = neighbours("Frog", 5)
    rows = words.vectors
    scores = rows @ rows[words.place("frog")] / np.linalg.norm(rows, axis=1)
    order = np.argsort(-scores)[1:6]
    assert found.labels == tuple(words.words[i] for i in order)
    assert found.labels[0] == "snake"
    assert found.of == 400_000


def test_an_unknown_word_is_named() -> None:
    with pytest.raises(TextError, match=r"do not hold “qwzxy”; try another spelling"):
        neighbours("qwzxy")
    with pytest.raises(TextError, match="A word is missing"):
        neighbours("  ")
    with pytest.raises(NumberError, match="belong together"):
        neighbours("a", labels=["a"])
    with pytest.raises(NumberError, match="1 labels"):
        neighbours("a", vectors=np.eye(2), labels=["a"])


# --- analogies ----------------------------------------------------------------------------------------


def test_king_minus_man_plus_woman_is_queen() -> None:
    found = analogy("king", "man", "woman")
    assert found.answers.labels[0] == "queen"
    assert found.answers.cosine[0] == pytest.approx(0.852, abs=5e-4)
    assert not set(found.inputs) & set(found.answers.labels)


def test_the_honest_switch_shows_that_king_itself_is_nearer() -> None:
    honest = analogy("King", "man", "woman", exclude_inputs=False)
    assert honest.answers.labels[:2] == ("king", "queen")
    assert honest.input_rank[0] == 1
    assert honest.input_cosine[0] == pytest.approx(honest.answers.cosine[0])
    assert np.array_equal(honest.input_rank, analogy("king", "man", "woman").input_rank)


@pytest.mark.parametrize(
    ("a", "b", "c", "answer"), [("paris", "france", "germany", "berlin"), ("his", "he", "she", "her")]
)
def test_more_analogies_by_a_plain_second_way(a: str, b: str, c: str, answer: str) -> None:
    found = analogy(a, b, c)
    words = glove()
    rows = unit(words.vectors[:5000])
    at = {word: i for i, word in enumerate(words.words[:5000])}
    scores = rows @ (rows[at[a]] - rows[at[b]] + rows[at[c]])
    scores[[at[a], at[b], at[c]]] = -9
    assert words.words[int(scores.argmax())] == found.answers.labels[0] == answer


def test_a_word_less_itself_is_the_third() -> None:
    found = analogy("king", "man", "man", exclude_inputs=False)
    assert found.answers.labels[0] == "king"
    assert found.answers.cosine[0] == pytest.approx(1)


def test_unknown_words_of_an_analogy_are_named_together() -> None:
    with pytest.raises(TextError, match="“qwzxy”, “zzyzzq”"):
        analogy("qwzxy", "man", "zzyzzq")


@settings(max_examples=30, deadline=None)
@given(arrays(np.float64, (6, 4), elements=st.integers(-9, 9)))
def test_differences_stay_differences_on_the_plane(rows: np.ndarray) -> None:
    rows[3] = rows[0] - rows[1] + rows[2]
    seen = plane([str(i) for i in range(6)], rows)
    assert np.allclose(seen.xy[3], seen.xy[0] - seen.xy[1] + seen.xy[2], atol=1e-9)
    assert 0 <= seen.share.sum() <= 1 + 1e-9
    flat = np.linalg.norm(seen.xy[:, None] - seen.xy, axis=-1)
    assert (flat <= np.linalg.norm(rows[:, None] - rows, axis=-1) + 1e-9).all()


# --- axes ---------------------------------------------------------------------------------------------


def test_an_axis_has_its_ends_at_equal_distances_and_turns_round() -> None:
    axis = semantic_axis("poor", "rich", ["beggar", "Millionaire", "qwzxy", "rich"])
    assert axis.words == ("beggar", "millionaire", "rich")
    assert axis.ends[1] == pytest.approx(-axis.ends[0])
    assert axis.position[2] == pytest.approx(axis.ends[1])
    assert axis.position[0] < 0 < axis.position[1]
    back = semantic_axis("rich", "poor", ["beggar", "millionaire"])
    assert np.allclose(back.position, -axis.position[:2])
    # with c the cosine of the ends, each stands √((1 − c) / 2) from the middle
    words = glove()
    c = cosine(words.take([words.place("poor")]), words.take([words.place("rich")]))[0, 0]
    assert axis.ends[1] == pytest.approx(np.sqrt((1 - c) / 2))


def test_an_axis_needs_two_words() -> None:
    assert semantic_axis("poor", "rich", []).position.shape == (0,)
    with pytest.raises(TextError, match="two different words"):
        semantic_axis("rich", "Rich", ["man"])
    with pytest.raises(TextError, match="qwzxy"):
        semantic_axis("rich", "qwzxy", ["man"])


# --- texts --------------------------------------------------------------------------------------------

TEXTS = ["The cat sat on the mat", "A dog ran to a mat", "War and peace", "!!"]


def test_counts_and_tfidf_are_scikit_learns() -> None:
    found = rank_texts(TEXTS, "the cat ran", embed=fixed)
    for vectoriser, space, rows in (
        (CountVectorizer(token_pattern=WORD), found.spaces[0], found.counts),
        (TfidfVectorizer(token_pattern=WORD), found.spaces[1], found.tfidf),
    ):
        reference = vectoriser.fit_transform(TEXTS)
        assert found.terms == tuple(vectoriser.get_feature_names_out())
        assert np.allclose(rows, reference.toarray())
        expected = cosine_similarity(reference, vectoriser.transform(["the cat ran"]))[:, 0]
        assert np.allclose(space.cosine, expected)
    assert found.spaces[0].dims == len(found.terms) == 12


def test_one_hot_words_are_all_equally_far_and_glove_knows_better() -> None:
    found = rank_texts(["teacher", "student", "war", "pizza"], "college", embed=fixed)
    counts, tfidf, words, _ = found.spaces
    for space in (counts, tfidf):
        assert space.cosine.tolist() == [0, 0, 0, 0]
        assert space.rank.tolist() == [1, 1, 1, 1]
        assert space.missing == ("college",)
        assert space.tied == 4
    assert set(np.argsort(words.rank)[:2]) == {0, 1}
    assert words.tied == 0


def test_a_text_is_the_mean_of_its_words() -> None:
    found = rank_texts(["king queen", "pizza"], "king queen qwzxy", embed=fixed)
    assert found.spaces[2].cosine[0] == pytest.approx(1)
    assert found.spaces[2].missing == ("qwzxy",)
    assert found.spaces[0].rank.tolist() == [1, 2]


def test_sentence_vectors_are_those_of_the_encoder_given() -> None:
    found = rank_texts(["ab", "abc"], "ab", embed=fixed, model="Fixed")
    assert found.spaces[3].cosine[0] == pytest.approx(1)
    assert found.spaces[3].name == "Fixed, the sentence"


@pytest.mark.parametrize(
    ("texts", "query", "said"),
    [
        (["one"], "one", "two texts or more"),
        (["one", " "], "one", "two texts or more"),
        (["one", "two"], " ", "needs a query"),
        (["!", "?"], "one", "No text has a word"),
    ],
)
def test_what_cannot_be_ranked_is_one_sentence(texts: list[str], query: str, said: str) -> None:
    with pytest.raises(TextError, match=said):
        rank_texts(texts, query, embed=fixed)
