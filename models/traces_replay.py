"""The records of training runs that were made beforehand and of those that are watched."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Watched:
    """A pair whose tokens were watched: the text of every answer token, the end of text among them."""

    prompt: str
    held_out: bool
    chosen: tuple[str, ...]
    rejected: tuple[str, ...]


@dataclass(frozen=True)
class Replay:
    """One recorded run.

    ``steps`` are those at which the model was looked at. ``tokens[look][pair]`` holds the log-probabilities
    of the chosen and of the rejected answer's tokens in hundredths of a nat. ``samples`` gives for some steps
    what the model answered to each watched prompt. ``history`` is TRL's ``log_history``: a dict a row, rows
    of the held-out pairs with the prefix ``eval_``. ``card`` says how the run was made.
    """

    id: str
    name: str
    card: dict[str, Any]
    watched: tuple[Watched, ...]
    steps: tuple[int, ...]
    tokens: tuple[tuple[tuple[tuple[int, ...], tuple[int, ...]], ...], ...]
    samples: dict[int, tuple[str, ...]]
    history: tuple[dict[str, float], ...]

    def held_out(self, name: str) -> list[float]:
        """A number of the held-out pairs at every look."""
        key = f"eval_{name}"
        return [row[key] for row in self.history if key in row]


@dataclass(frozen=True)
class Lane:
    """One run of a race. ``train`` are the numbers of every step's batch, ``held_out`` those of each look."""

    method: str
    weight: float
    seed: int
    train: tuple[dict[str, float], ...]
    steps: tuple[int, ...]
    held_out: tuple[dict[str, float], ...]
    samples: dict[int, str]


@dataclass(frozen=True)
class Racing:
    """A race: the step that every run has made (−1 before the first look) of how many, and its runs.

    ``device`` names what it runs on: a GPU's name, or cpu.
    """

    step: int
    steps: int
    prompt: str
    lanes: tuple[Lane, ...]
    device: str
