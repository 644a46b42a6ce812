"""Several training runs of the small GPT side by side: same start, same batches, another loss each."""

import copy
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice

import torch

from models import gpu, manners
from models.preference import Pair, usable
from models.tinygpt import load
from models.traces_replay import Lane, Racing
from models.train.preference import Plan, Step, train

PAIRS = 8  # in a batch
LOOK_EVERY = 10
SAMPLE_EVERY = 20
HELD_OUT = 24  # pairs at a look
SAMPLE_TOKENS = 26
CPU = "cpu"


@dataclass
class _Runner:
    plan: Plan
    name: str
    steps: Iterator[Step] | None = None  # begins at the first step
    done: list[Step] = field(default_factory=list)

    @property
    def step(self) -> int:
        return self.done[-1].step if self.done else -1


class Race:
    """Runs of several methods and seeds that go on together; a seed is the order of the pairs."""

    def __init__(
        self,
        methods: Sequence[tuple[str, float]],
        *,
        seeds: int,
        steps: int,
        rate: float,
        device: str | None = None,
    ) -> None:
        """``methods`` are pairs of a method and its weight: λ of ORPO, β of the others (SFT has none).

        Without a ``device`` it is a GPU where there is one, as long as that works.
        """
        self.methods, self.seeds, self.steps = tuple(methods), seeds, steps
        self.device = device or (gpu.DEVICE if gpu.name() else CPU)
        self.failed = ""  # what went wrong; the race is then over
        self._lock = threading.Lock()  # visitors with the same settings share a race
        self._runners = [
            _Runner(
                Plan(
                    method,
                    lam=weight,
                    beta=weight,
                    learning_rate=rate,
                    steps=steps,
                    pairs=PAIRS,
                    seed=seed,
                    look_every=LOOK_EVERY,
                    sample_every=SAMPLE_EVERY,
                    sample_tokens=SAMPLE_TOKENS,
                ),
                name=method,
            )
            for method, weight in self.methods
            for seed in range(seeds)
        ]

    @property
    def step(self) -> int:
        """The step that every run has made; −1 before the first look."""
        return min(runner.step for runner in self._runners)

    def run(self, seconds: float, until: int) -> None:
        """Train for some seconds, at most up to step ``until``; raises FloatingPointError, then always.

        Always the run that is furthest behind; every run makes its first look. On one
        thread: matrices as small as these only wait for each other on several.
        """
        with self._lock:
            if self.failed:
                raise FloatingPointError(self.failed)
            threads, begun = torch.get_num_threads(), time.perf_counter()
            torch.set_num_threads(1)
            try:
                while (runner := min(self._runners, key=lambda each: each.step)).step < until:
                    self._advance(runner)
                    if self.step >= 0 and time.perf_counter() - begun > seconds:
                        break
            except FloatingPointError as error:
                self.failed = str(error)
                raise
            finally:
                torch.set_num_threads(threads)

    def _advance(self, runner: _Runner) -> None:
        runner.steps = runner.steps or self._training(runner)
        try:
            runner.done.append(next(runner.steps))
        except RuntimeError:
            if self.device == CPU:
                raise
            # the GPU is full, or too old for torch: the processor makes the same steps and goes on
            self.device = CPU
            for each in self._runners:
                each.steps = None
            return
        if runner.step == self.steps:
            runner.steps = None  # model and optimiser are not needed any more

    def _training(self, runner: _Runner) -> Iterator[Step]:
        """The steps that a run has still to make."""
        model, tokenizer = load()
        training, held_out = encoded()
        steps = train(
            copy.deepcopy(model).to(self.device),
            training,
            runner.plan,
            held_out=held_out[:HELD_OUT],
            watched=held_out[:1],
            end=tokenizer.eos_token_id,
        )
        return islice(steps, len(runner.done), None)

    def trace(self) -> Racing:
        """All that has been seen so far."""
        _, tokenizer = load()
        lanes = []
        for runner in self._runners:
            samples = {
                each.step: str(tokenizer.decode(each.samples[0], skip_special_tokens=True)).strip()
                for each in runner.done
                if each.samples
            }
            looks = tuple(each for each in runner.done if each.held_out is not None)
            lanes.append(
                Lane(
                    method=runner.plan.method,
                    weight=runner.plan.weight,
                    seed=runner.plan.seed,
                    train=tuple(each.log for each in runner.done if each.log),
                    steps=tuple(each.step for each in looks),
                    held_out=tuple(each.held_out or {} for each in looks),
                    samples=samples,
                )
            )
        device = CPU if self.device == CPU else gpu.name()
        return Racing(self.step, self.steps, prompt(), tuple(lanes), device)


@cache
def encoded() -> tuple[tuple[Pair, ...], tuple[Pair, ...]]:
    """The shipped pairs as the small GPT's token ids: to train on, and held out."""
    _, tokenizer = load()

    def ids(text: str) -> list[int]:
        return list(tokenizer(text).input_ids)

    train_rows, held_out = (usable(rows, ids, [tokenizer.eos_token_id]) for rows in manners.pairs())
    return train_rows.pairs, held_out.pairs


def prompt() -> str:
    """The prompt that sampled answers answer."""
    return manners.pairs()[1][0][0]
