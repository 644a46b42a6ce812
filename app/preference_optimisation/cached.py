"""What the page Preference optimisation keeps: the measured times of this machine."""

from collections.abc import Callable
from typing import cast

from app.cached import MEASUREMENTS, shelf
from models.traces_preference import StepCost


def step_cost_known() -> bool:
    """Say whether this machine's training steps have been measured."""
    return shelf("steps", MEASUREMENTS).get("cpu") is not None


def forget_step_cost() -> None:
    """Let the next call measure the steps anew."""
    shelf("steps", MEASUREMENTS).drop("cpu")


def step_cost(
    *,
    progress: Callable[[int, int], object] | None = None,
    on_wait: Callable[[int], object] = lambda place: None,
) -> list[StepCost]:
    """A training step by several preference losses on this machine, measured once for all visitors."""

    def measure() -> list[StepCost]:
        from models.preference_cost import measure

        return measure(progress)

    return cast(list[StepCost], shelf("steps", MEASUREMENTS).once("cpu", measure, on_wait))
