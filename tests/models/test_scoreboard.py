"""The scoreboard's numbers, each against a shorter or an independent way."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist
from scipy.stats import spearmanr

from models.errors import NumberError
from models.loading import LoadedModel
from models.positions import learned, sinusoidal
from models.scoreboard import CRITERIA, SCHEMES, scoreboard
from models.traces import Score


def scores(scheme: str, n: int, d: int, **options: object) -> dict[str, Score]:
    return {score.criterion: score for score in scoreboard(scheme, n, d, **options).scores}


@settings(max_examples=60, deadline=None)
@given(
    scheme=st.sampled_from(sorted(set(SCHEMES) - {"learned"})),
    n=st.integers(2, 60),
    half=st.integers(1, 20),
    base=st.sampled_from([10.0, 10000.0]),
)
def test_every_scheme_has_six_scores_with_a_reason(scheme: str, n: int, half: int, base: float) -> None:
    board = scoreboard(scheme, n, 2 * half, base=base)
    assert tuple(score.criterion for score in board.scores) == CRITERIA
    for score in board.scores:
        assert math.isfinite(score.number)
        assert score.reason.endswith(".")
        assert score.measure


@pytest.mark.parametrize("d", [8, 64])
def test_nearest_and_rank_equal_scipy(d: int) -> None:
    table = sinusoidal(50, d)
    seen = scores("sinusoidal", 50, d)
    assert seen["unique"].number == pytest.approx(pdist(table).min())
    i, j = np.triu_indices(50, 1)
    rank = spearmanr((table @ table.T)[i, j].round(9), i - j).statistic
    assert seen["distance"].number == pytest.approx(rank, abs=1e-9)


def test_sinusoids_are_good_and_narrow_ones_are_not_readable() -> None:
    wide, narrow = scores("sinusoidal", 512, 512), scores("sinusoidal", 100, 8)
    assert [wide[c].verdict for c in CRITERIA] == ["yes", "yes", "yes", "yes", "yes", "partly"]
    assert wide["distance"].number == pytest.approx(0.99, abs=0.005)
    assert wide["shift"].number < 1e-12
    assert narrow["distance"].verdict == "no"


def test_layouts_score_the_same() -> None:
    for one, other in (("sinusoidal", "sinusoidal-concatenated"), ("rope", "rope-interleaved")):
        for a, b in zip(scoreboard(one, 40, 16).scores, scoreboard(other, 40, 16).scores, strict=True):
            assert a.number == pytest.approx(b.number, abs=1e-10)
            assert a.verdict == b.verdict


def test_a_small_base_makes_far_positions_alike() -> None:
    seen = scores("sinusoidal", 512, 8, base=10.0)
    assert "512 positions, 0 and 458, are" in seen["unique"].reason
    assert seen["distance"].number < 0.1
    assert seen["beyond"].number == 0


def test_the_naive_schemes_fail_where_they_are_known_to() -> None:
    whole, part, sigmoid = (scores(scheme, 128, 32) for scheme in ("integers", "fractions", "squashed"))
    assert (whole["bounded"].verdict, whole["bounded"].number) == ("no", 127)
    assert whole["unique"].number == pytest.approx(math.sqrt(32))
    assert part["any length"].verdict == "no"
    assert part["any length"].number == pytest.approx(127 / 256)  # 127/128 becomes 127/256
    assert part["unique"].number == pytest.approx(math.sqrt(32) / 128)
    assert (sigmoid["unique"].verdict, sigmoid["unique"].number) == ("no", 0)
    assert sigmoid["beyond"].number == 0
    assert {seen["shift"].verdict for seen in (whole, part, sigmoid)} == {"no"}
    assert {seen["beyond"].verdict for seen in (whole, part, sigmoid)} == {"no"}


def test_the_learned_table_ends(minilm: LoadedModel) -> None:
    board = scoreboard("learned", 1000, 64, model=minilm)
    assert (board.n, board.d) == (512, 384)
    seen = {score.criterion: score for score in board.scores}
    assert (seen["beyond"].verdict, seen["beyond"].number) == ("no", 512)
    assert seen["bounded"].number == pytest.approx(np.abs(learned(minilm)).max())
    assert seen["unique"].number == pytest.approx(pdist(learned(minilm).astype(float)).min())
    assert seen["shift"].number == pytest.approx(0.87, abs=0.005)


def test_relative_schemes_are_scored_on_what_they_add() -> None:
    turned, slopes, buckets = (scores(scheme, 200, 32) for scheme in ("rope", "alibi", "t5"))
    assert turned["shift"].number < 1e-12
    assert turned["bounded"].number <= math.sqrt(2)
    assert slopes["distance"].number == pytest.approx(1)
    assert slopes["bounded"].number == 99.5  # 1/2 · 199
    assert slopes["shift"].verdict == buckets["shift"].verdict == "does not apply"
    assert (buckets["unique"].verdict, buckets["unique"].number) == ("partly", 0)
    assert "200 distances share 16 buckets; 8 have" in buckets["unique"].reason
    assert buckets["beyond"].number == 0
    assert scores("t5", 64, 32)["beyond"].number == 2
    assert scores("t5", 8, 32)["unique"].verdict == "yes"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("sines", 4, 4), "scheme is “sines”; expected one of sinusoidal, "),
        (("sinusoidal", 4, 5), "n is 4 and d 5; expected 2 to 1,024, and d even."),
        (("sinusoidal", 5000, 4), "n is 5000 and d 4; expected 2 to 1,024, and d even."),
    ],
)
def test_errors_name_the_argument(arguments: tuple[str, int, int], sentence: str) -> None:
    with pytest.raises(NumberError) as caught:
        scoreboard(*arguments)
    assert str(caught.value).startswith(sentence)
