"""Maps against scikit-learn, SciPy and umap-learn; alignment, noise, refusals, two UMAPs at once."""

import subprocess
import sys
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import procrustes
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE, trustworthiness

from models import recorded
from models.bundled import BUNDLED, frequent, own_words
from models.errors import NumberError, TextError
from models.nearest import nearest
from models.points import tidy
from models.projection import align, noise_twin, project

CLOUD = np.random.default_rng(0).normal(size=(60, 6)) + np.repeat(np.eye(6)[:3] * 8, 20, 0)


# --- PCA ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dims", [2, 3])
def test_pca_is_scikit_learns(dims) -> None:
    made, theirs = project(CLOUD, "pca", dims=dims), PCA(6).fit(CLOUD)
    assert np.allclose(np.abs(made.xy), np.abs(theirs.transform(CLOUD)[:, :dims]))
    assert np.allclose(made.variance, theirs.explained_variance_ratio_)


def test_pca_of_one_dimension_and_of_equal_points() -> None:
    assert np.allclose(project([[0.0], [2], [4]], "pca").xy, [[-2, 0], [0, 0], [2, 0]])
    assert not project(np.ones((3, 4)), "pca").xy.any()


# --- t-SNE --------------------------------------------------------------------------------------------


def test_tsne_is_as_trustworthy_as_scikit_learns() -> None:
    digits = load_digits().data[:400]
    theirs = TSNE(perplexity=30, init="pca", random_state=0, n_jobs=1).fit_transform(digits)
    ours = project(digits, "tsne", metric="euclidean").quality.trustworthiness[1]
    assert ours > 0.95
    assert ours >= trustworthiness(digits, theirs, n_neighbors=15) - 0.01


def test_the_shared_neighbours_give_the_same_map() -> None:
    near = nearest(CLOUD, 59, "euclidean")
    options = {"metric": "euclidean", "perplexity": 10.0, "early": 20, "late": 20}
    one, other = project(CLOUD, "tsne", **options), project(CLOUD, "tsne", neighbours=near, **options)
    assert np.array_equal(one.xy, other.xy)
    assert not np.allclose(one.xy, project(CLOUD, "tsne", seed=1, init="random", **options).xy)


def test_a_layout_can_be_watched_and_stopped() -> None:
    seen = []

    def watch(done: int, total: int, xy: np.ndarray) -> None:
        seen.append((done, total, xy.shape))
        if len(seen) == 3:
            raise KeyError("enough")

    with pytest.raises(KeyError, match="enough"):
        project(CLOUD, "tsne", on_step=watch, perplexity=5)
    assert seen == [(10, 750, (60, 2)), (20, 750, (60, 2)), (30, 750, (60, 2))]


def test_a_perplexity_beyond_the_points_becomes_the_largest() -> None:
    assert project(CLOUD[:10], "tsne", perplexity=100, early=5, late=5).parameters["perplexity"] == 3


# --- UMAP ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("init", ["spectral", "random"])
def test_umap_is_umap_learns_number_for_number(init) -> None:
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


TWO = """
import threading, numpy as np
from models.projection import project
rows, made = np.random.default_rng(0).normal(size=(80, 5)), []
work = lambda: made.append(project(rows, "umap", n_neighbors=8).xy)
both = [threading.Thread(target=work) for _ in range(2)]
[each.start() for each in both]
[each.join() for each in both]
assert np.array_equal(*made)
print("both")
"""


def test_two_umaps_at_once_survive() -> None:
    done = subprocess.run([sys.executable, "-c", TWO], capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "both", done.stderr


# --- any method ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "n"), [("pca", 2), ("tsne", 4), ("umap", 4), ("umap", 12), ("tsne", 12)])
def test_a_few_points_are_enough(method, n) -> None:
    assert np.isfinite(project(CLOUD[:n], method).xy).all()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: project(CLOUD, "mds"), "method is 'mds'; expected pca, tsne or umap"),
        (lambda: project(CLOUD, "pca", perplexity=3), "pca has no parameter perplexity; it has dims"),
        (lambda: project(CLOUD[:3], "tsne"), r"shape \(3, 6\); tsne needs 4 or more"),
        (lambda: project(CLOUD * np.nan, "pca"), "finite"),
        (lambda: project(CLOUD, "tsne", perplexity=0.5), "perplexity is 0.5"),
        (lambda: project(CLOUD, "umap", n_neighbors=1), "n_neighbors is 1"),
        (lambda: project(CLOUD, "umap", dims=4), "dims is 4"),
        (lambda: project(CLOUD, "tsne", init="spectral"), "init is 'spectral'; tsne starts from pca, random"),
        (lambda: align(np.eye(3), np.eye(2)), "expected two alike"),
    ],
)
def test_what_cannot_be_is_refused_in_words(call, said) -> None:
    with pytest.raises(NumberError, match=said):
        call()


# --- alignment and noise ------------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), angle=st.floats(0, 6.28), scale=st.floats(0.1, 10), mirror=st.booleans())
def test_alignment_undoes_a_turn_a_mirror_a_shift_and_a_scale(seed, angle, scale, mirror) -> None:
    xy = np.random.default_rng(seed).normal(size=(20, 2))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    moved = scale * (xy * [1, -1 if mirror else 1]) @ turn + [3, -7]
    assert np.allclose(align(moved, xy), xy)


def test_alignment_is_procrustes() -> None:
    rng = np.random.default_rng(4)
    one, other = rng.normal(size=(30, 2)), rng.normal(size=(30, 2))
    aligned = align(other, one)
    size = ((one - one.mean(0)) ** 2).sum()
    assert ((aligned - one) ** 2).sum() / size == pytest.approx(procrustes(one, other)[2])


def test_noise_keeps_every_number_of_a_column_and_no_more() -> None:
    twin = noise_twin(CLOUD)
    assert np.array_equal(np.sort(twin, 0), np.sort(CLOUD, 0))
    before, after = (np.abs(np.corrcoef(rows.T)[0, 1:3]).mean() for rows in (CLOUD, twin))
    assert after < before / 2


# --- points -------------------------------------------------------------------------------------------


def test_rows_that_no_map_can_place_are_left_out_and_counted() -> None:
    rows = [[1, 0], [0, 0], [np.nan, 1], [1, 0], [0, 1], [np.inf, 0]]
    points = tidy("t", rows, list("abcdef"), columns={"n": range(6)})
    assert points.labels == ("a", "e")
    assert points.columns == {"n": (0, 4)}
    assert points.notes == (
        "2 rows with a missing or infinite number left out.",
        "1 row of only zeros left out: a cosine needs a direction.",
        "1 row equal to an earlier one left out.",
    )
    assert tidy("t", rows[:2], "ab", metric="euclidean").labels == ("a", "b")
    with pytest.raises(NumberError, match="Only 1 row of 2 can be placed"):
        tidy("t", [[1, 1], [1, 1]], "ab")
    with pytest.raises(NumberError, match=r"shape \(2, 2\), with 3 labels"):
        tidy("t", np.eye(2), "abc")


@pytest.mark.parametrize("name", [name for name in BUNDLED if name not in ("frequent10000", "frequent20000")])
def test_every_bundled_set_is_whole(name) -> None:
    points = BUNDLED[name]()
    assert len(points) == len(np.unique(points.vectors, axis=0))
    assert all(len(column) == len(points) for column in points.columns.values())
    assert np.isfinite(points.vectors).all()
    assert not points.notes


def test_the_words_of_a_visitor() -> None:
    points = own_words("King, queen\nking xyzzyq 🎉 <b>x</b>")
    assert points.labels == ("king", "queen")
    assert points.notes == ("3 of your words are not in GloVe: xyzzyq, 🎉, <b>x</b>.",)
    for text in ("", "🎉", "king"):
        with pytest.raises(TextError, match="type two or more English words"):
            own_words(text)
    with pytest.raises(TextError, match="2,001 words"):
        own_words(" ".join(f"w{i}" for i in range(2001)))
    with pytest.raises(NumberError):
        frequent(7)


# --- recordings ---------------------------------------------------------------------------------------


def test_every_recording_is_of_the_set_it_is_named_for() -> None:
    for name in recorded.SETS:
        made = recorded.card(name)
        assert made["points"] == BUNDLED[name]().id, f"record {name} anew"
        assert {"command", "licence", "sha256", "versions", "date"} <= set(made)


def test_a_recording_is_the_map_within_its_digits() -> None:
    points = BUNDLED["topics"]()
    places = recorded.places("topics", "tsne", {"perplexity": 30.0, "init": "pca"}, 0)
    assert places is not None
    said = recorded.card("topics")["quality at 15 neighbours"]["tsne-30-pca-0"]["trustworthiness"]
    found = trustworthiness(points.vectors, places, n_neighbors=15, metric="cosine")
    assert found == pytest.approx(said, abs=2e-3)
    assert recorded.places("topics", "tsne", {"perplexity": 30.0}, 0, noise=True) is not None
    assert recorded.places("topics", "tsne", {"perplexity": 31.0}, 0) is None
    assert recorded.places("topics", "umap", {"min_dist": 0.5}, 0) is None
    assert recorded.places("topics", "pca", {}, 0) is None
    assert recorded.places("../etc", "tsne", {"perplexity": 30.0}, 0) is None
