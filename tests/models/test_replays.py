"""The runs that ship: complete, small, and of the paper's shape."""

import pytest

from models.replays import FOLDER, RUNS, replays
from models.traces_replay import Replay

CHOSEN, REJECTED, ODDS = "mean_logps/chosen", "mean_logps/rejected", "log_odds_chosen"


def moved(run: Replay, name: str) -> float:
    """How far a held-out number went from the first to the last look."""
    values = run.held_out(name)
    return values[-1] - values[0]


@pytest.mark.parametrize("model", RUNS)
def test_shipped_runs_have_the_papers_shape(model: str) -> None:
    """Figures 3 and 8 of Hong et al. 2024, on held-out pairs."""
    runs = {run.id: run for run in replays(model)}
    # SFT on the chosen answers raises both
    assert moved(runs["sft"], CHOSEN) > 0.05
    assert moved(runs["sft"], REJECTED) > 0.05
    # the margin grows with λ, and so do the odds
    by_lambda = [runs[each] for each in ("sft", "orpo-0.1", "orpo-0.5", "orpo-1")]
    margins = [moved(run, CHOSEN) - moved(run, REJECTED) for run in by_lambda]
    assert margins == sorted(margins)
    assert [moved(run, ODDS) for run in by_lambda] == sorted(moved(run, ODDS) for run in by_lambda)
    # at λ = 1 the rejected answers fall; the chosen ones do not, which is milder than the paper
    assert moved(runs["orpo-1"], REJECTED) < -1
    assert moved(runs["orpo-1"], CHOSEN) > 0


@pytest.mark.parametrize("model", RUNS)
def test_shipped_runs_are_complete_and_small(model: str) -> None:
    runs = replays(model)
    assert sum((FOLDER / model / f"{run.id}.json").stat().st_size for run in runs) < 500_000
    for run in runs:
        assert run.steps[-1] >= 100
        assert run.watched == runs[0].watched
        assert run.steps == tuple(row["step"] for row in run.history if "eval_loss" in row)
        assert {0, run.steps[-1]} <= run.samples.keys() <= set(run.steps)
        assert all(len(samples) == len(run.watched) for samples in run.samples.values())
        for look in run.tokens:
            for pair, (chosen, rejected) in zip(run.watched, look, strict=True):
                assert (len(chosen), len(rejected)) == (len(pair.chosen), len(pair.rejected))
                assert max(chosen + rejected) <= 0
        assert f"/{model}/{run.id}.json" in run.card["command"]
        assert {"hardware", "versions", "made", "seconds", "model"} <= run.card.keys()
        # all begin at the same model
        assert run.tokens[0] == runs[0].tokens[0]
