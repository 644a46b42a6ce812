"""Training on toy tasks: it repeats, it learns, and the settings are what was asked for."""

import numpy as np
import pytest
import torch

from models.learning import UNITS, Training
from models.toytasks import EVERY, TASKS


def made(task: str = "adding", kind: str = "lstm", **options: float) -> Training:
    given = {"length": 8, "forget_bias": 1.0, "learning_rate": 0.01, "seed": 0, **options}
    return Training(task, kind, **given)  # type: ignore[arg-type]


def test_the_same_seed_gives_the_same_run() -> None:
    runs = [made(), made()]
    for run in runs:
        for _ in range(EVERY):
            run.step()
    assert runs[0].saved[-1].loss == runs[1].saved[-1].loss
    assert [shot.step for shot in runs[0].saved] == [0, EVERY]


def test_the_forget_bias_is_what_was_asked_for() -> None:
    for kind, gate in (("lstm", "forget"), ("gru", "update")):
        low, high = (made(kind=kind, forget_bias=bias).saved[0].gates[gate].mean() for bias in (-3.0, 3.0))
        assert low < 0.15
        assert high > 0.85
    assert set(made(kind="rnn").saved[0].gates) == {"candidate"}


def test_a_learning_rate_of_nothing_changes_nothing_more() -> None:
    run = made()
    run.step()
    run.set_learning_rate(0)
    before = [weight.clone() for weight in run._weights]
    run.step()
    assert all(torch.equal(one, other) for one, other in zip(before, run._weights, strict=True))


def test_a_training_learns_and_a_unit_follows_what_is_to_be_remembered() -> None:
    """Depth within 150 steps: far below every guess without memory, unlike before training."""
    run = made("depth", length=10, learning_rate=0.03)
    for _ in range(150):
        run.step()
    first, last = run.saved[0], run.saved[-1]
    assert last.loss < 0.25 * TASKS["depth"].without_memory(16)
    assert last.follows.max() >= 0.95
    assert last.follows.max() > first.follows.max() + 0.1
    assert last.state.shape == (10, UNITS)
    assert np.abs(last.said - run.held_out.y[:, 0]).mean() < 0.7


@pytest.mark.parametrize("task", TASKS)
def test_every_task_runs_with_every_network(task: str) -> None:
    for kind in ("lstm", "gru", "rnn"):
        run = made(task, kind)
        run.step()
        shot = run.saved[0]
        assert shot.said.shape == (len(run.held_out.letters),)
        assert np.isfinite(shot.follows).all()
        if run.task.classes:
            assert ((shot.said >= 0) & (shot.said <= 1)).all()


def test_a_saved_step_holds_one_sequence_and_no_more() -> None:
    shot = made("depth").saved[0]
    assert all(array.base is None for array in (shot.said, shot.state, *shot.gates.values()))


def test_a_slice_ends_in_time_or_at_its_step() -> None:
    run = made()
    run.run(seconds=60, until=3)
    assert run.steps == 3
    run.run(seconds=0, until=9)
    assert run.steps == 3


def test_a_loss_that_is_no_number_is_said() -> None:
    run = made()
    with torch.no_grad():
        run._weights[0].fill_(float("nan"))
    with pytest.raises(FloatingPointError, match="no longer a number"):
        run.step()
