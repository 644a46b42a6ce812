"""The published numbers, and what a step needs: counted, and measured on a small model."""

import pytest
from statsmodels.stats.proportion import proportion_confint

from models.orpo_paper import ABLATION, AGAINST, JUDGED, NEEDS, SIZES, WIN_RATES, gigabytes, interval
from models.preference_cost import METHODS, measure
from models.sources import SOURCES


def test_the_tables_are_whole_and_have_the_published_corners() -> None:
    for table in WIN_RATES.values():
        assert len(table) == len(SIZES)
        assert all(len(row) == len(AGAINST) and all(0 < value < 100 for value in row) for row in table)
    assert WIN_RATES["HH-RLHF"][2] == (78.0, 70.9, 65.9)
    assert WIN_RATES["UltraFeedback"][0] == (73.2, 48.8, 71.4)
    best = max(JUDGED, key=lambda one: one.alpaca2)
    assert (best.alpaca1, best.alpaca2, best.mt_bench) == (91.41, 12.20, 7.32)
    assert {one.source for one in JUDGED} <= set(SOURCES)
    assert [lam for lam, _, _ in ABLATION] == [0.1, 0.5, 1.0]


@pytest.mark.parametrize(("percent", "judged"), [(49.4, 200), (84.0, 100), (0.11, 805), (99.9, 5000)])
def test_intervals_are_wilsons(percent: float, judged: int) -> None:
    low, high = proportion_confint(percent / 100 * judged, judged, method="wilson")
    assert interval(percent, judged) == pytest.approx((100 * low, 100 * high), abs=1e-2)


def test_counted_and_measured_bytes_agree_and_dpo_keeps_a_second_model() -> None:
    seen: list[tuple[int, int]] = []
    measured = {one.method: one for one in measure(lambda done, of: seen.append((done, of)), rounds=1)}
    assert tuple(measured) == METHODS
    assert seen[-1][0] == len(seen) - 1 < seen[-1][1] == len(seen)
    for needs in NEEDS:
        if needs.method in measured:
            own = measured[needs.method]
            assert own.milliseconds > 0
            assert own.bytes == pytest.approx(1e9 * gigabytes(needs, own.parameters), rel=0.01)
    assert gigabytes(NEEDS[2], 7e9) / gigabytes(NEEDS[1], 7e9) == pytest.approx(1.25)
