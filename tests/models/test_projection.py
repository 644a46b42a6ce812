"""Maps against scikit-learn, SciPy and umap-learn; alignment, noise, refusals, two UMAPs at once."""

import subprocess
import sys

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import procrustes
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness

from models import gpu, recorded
from models.bundled import BUNDLED, frequent, own_words
from models.errors import NumberError, TextError
from models.nearest import blocks_on, nearest, prepared
from models.points import tidy
from models.projection import align, noise_twin, project
from models.tsne_torch import repulsion

METRICS = st.sampled_from(["cosine", "euclidean"])
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


# trustworthiness at 5 and 15, by models.quality, of scikit-learn 1.9.0's
# TSNE(perplexity=30, init="pca", random_state=0, metric=…).fit_transform(vectors)
SKLEARN = {"digits": (0.9950, 0.9904), "frequent2000": (0.9681, 0.9314)}


@pytest.mark.parametrize("name", SKLEARN)
def test_tsne_is_as_trustworthy_as_scikit_learns(name) -> None:
    points = BUNDLED[name]()
    ours = project(points.vectors, "tsne", metric=points.metric)
    for at, theirs in enumerate(SKLEARN[name]):
        assert ours.quality.trustworthiness[at] >= theirs - 0.01


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


# --- in torch, as on a GPU ----------------------------------------------------------------------------


@pytest.fixture
def cpu_as_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu, "name", lambda: "a GPU")
    monkeypatch.setattr(gpu, "DEVICE", "cpu")
    monkeypatch.setattr(gpu, "LEAST_POINTS", 100)


@pytest.mark.parametrize("spread", [1e-4, 3.0])
def test_the_repulsion_on_the_grid_is_that_of_all_pairs(spread) -> None:
    xy = np.random.default_rng(0).normal(0, spread, (200, 2))
    apart = xy[:, None] - xy
    q = 1 / (1 + (apart**2).sum(2))
    exact = (q[:, :, None] ** 2 * apart).sum(1) / (q.sum() - len(xy))
    found = repulsion(torch.from_numpy(xy)).numpy()
    assert np.abs(found - exact).max() < 0.005 * np.abs(exact).max()


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10**6), n=st.integers(2, 40), k=st.integers(1, 39), metric=METRICS, grid=st.booleans()
)
def test_neighbours_in_torch_are_the_same_ties_included(seed, n, k, metric, grid) -> None:
    rng = np.random.default_rng(seed)
    rows = prepared(rng.integers(-1, 2, (n, 3)) if grid else rng.normal(size=(n, 3)), metric)
    on_cpu, in_torch = (list(blocks_on(device, rows, min(k, n - 1), metric)) for device in ("", "cpu"))
    assert np.array_equal(on_cpu[0][0], in_torch[0][0])
    assert np.allclose(on_cpu[0][1], in_torch[0][1], atol=1e-12)


@pytest.mark.usefixtures("cpu_as_gpu")
def test_tsne_in_torch_is_as_good_as_opentsnes_and_says_where_it_ran() -> None:
    digits, seen = load_digits().data[:200], []
    options = {"metric": "euclidean", "perplexity": 10, "early": 60, "late": 100}  # 200 points: a small grid
    near = nearest(digits, 30, "euclidean")
    made = project(digits, "tsne", neighbours=near, on_step=lambda *step: seen.append(step[:2]), **options)
    assert (near.gpu, made.gpu) == ("a GPU", "a GPU")
    assert seen[0] == (10, 160)
    assert seen[-1] == (160, 160)
    gpu.LEAST_POINTS = 201
    theirs = project(digits, "tsne", **options)
    assert theirs.gpu == ""
    for at in range(2):  # at 5 and 15
        assert made.quality.trustworthiness[at] >= theirs.quality.trustworthiness[at] - 0.01


@pytest.mark.usefixtures("cpu_as_gpu")
def test_a_full_gpu_leaves_the_work_to_the_processor(monkeypatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")

    monkeypatch.setattr("models.projection.descend", full)
    made = project(np.tile(CLOUD, (2, 1)), "tsne", perplexity=5, early=10, late=10)
    assert made.gpu == ""
    assert np.isfinite(made.xy).all()


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_cuda_is_as_good_and_one_seed_is_one_map() -> None:
    digits = load_digits().data
    one, other = (project(digits, "tsne", metric="euclidean") for _ in range(2))
    assert one.gpu
    assert np.array_equal(one.xy, other.xy)
    assert one.quality.trustworthiness[1] > 0.98
    rows = prepared(digits, "euclidean")
    on_cpu, on_cuda = (list(blocks_on(device, rows, 90, "euclidean")) for device in ("", "cuda"))
    assert np.array_equal(*(np.concatenate([found for found, _ in each]) for each in (on_cpu, on_cuda)))


# --- UMAP ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def umap_alone() -> list[str]:
    """What held in a process of its own: two UMAPs at once could end this one."""
    command = [sys.executable, "-m", "tests.models.umap_alone"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    "held", ["umap-learn's, spectral", "umap-learn's, random", "4 points", "12 points", "two at once"]
)
def test_umap_is_umap_learns_and_survives(umap_alone, held) -> None:
    """Number for number from both starts; with a few points; drawn by two threads at once."""
    assert held in umap_alone


# --- any method ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "n"), [("pca", 2), ("tsne", 4), ("tsne", 12)])
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
