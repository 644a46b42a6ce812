"""A small recurrent network that learns a toy task while somebody watches."""

import time
from typing import Literal

import numpy as np
import torch
from torch import nn

from models.fading import KEEPING, KEEPS
from models.recurrent import kind_of, trace_gates
from models.toytasks import EVERY, TASKS, Batch
from models.traces import Array
from models.traces_memory import Snapshot

Kind = Literal["lstm", "gru", "rnn"]
MODULES: dict[Kind, type[nn.RNNBase]] = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}
UNITS = 24
BATCH = 32
HELD_OUT = 128  # sequences on which every saved step is scored
CLIP = 1.0  # largest norm of a gradient


class Training:
    """A network that learns a task, some steps at a time; every ``EVERY`` steps one is saved."""

    def __init__(
        self, task: str, kind: Kind, length: int, *, forget_bias: float, learning_rate: float, seed: int
    ) -> None:
        self.task, self._length = TASKS[task], length
        self._module = MODULES[kind](self.task.features, UNITS)
        self._head = nn.Linear(UNITS, self.task.classes or 1)
        self._weights = [*self._module.parameters(), *self._head.parameters()]
        # as torch begins, but from a generator that no other visitor's thread draws from
        generator = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            for weight in self._weights:
                weight.uniform_(-(UNITS**-0.5), UNITS**-0.5, generator=generator)
        if kind_of(self._module) in KEEPS:
            with torch.no_grad():
                # torch adds b_ih and b_hh, so the whole bias goes into one of them
                keep = slice(KEEPING * UNITS, (KEEPING + 1) * UNITS)
                self._module.bias_ih_l0[keep] = forget_bias
                self._module.bias_hh_l0[keep] = 0
        self._adam = torch.optim.Adam(self._weights, learning_rate)
        self._rng = np.random.default_rng((seed, 0))
        self.held_out = self.task.make(np.random.default_rng((seed, 1)), HELD_OUT, length)
        self.steps = 0
        self.saved: list[Snapshot] = [self._snapshot()]

    def set_learning_rate(self, value: float) -> None:
        """Change the learning rate from the next step on."""
        for group in self._adam.param_groups:
            group["lr"] = value

    def run(self, seconds: float, until: int) -> None:
        """Train for some seconds, at most up to step ``until``; raises like ``step``.

        On one thread: matrices as small as these only wait for each other on several.
        """
        threads, begun = torch.get_num_threads(), time.perf_counter()
        torch.set_num_threads(1)
        try:
            while self.steps < until and time.perf_counter() - begun < seconds:
                self.step()
        finally:
            torch.set_num_threads(threads)

    def step(self) -> None:
        """One batch; raises FloatingPointError where the loss is no number any more."""
        batch = self.task.make(self._rng, BATCH, self._length)
        loss, _, _ = self._loss(batch)
        if not torch.isfinite(loss):
            raise FloatingPointError("The loss is no longer a number.")
        self._adam.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self._weights, CLIP)
        self._adam.step()
        self.steps += 1
        if self.steps % EVERY == 0:
            self.saved.append(self._snapshot())

    def _loss(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """The mean loss, the outputs (steps, batch, classes or 1) and the hidden states."""
        hidden, _ = self._module(torch.from_numpy(batch.x))
        out = self._head(hidden)
        counts = torch.from_numpy(batch.counts)
        y = torch.from_numpy(batch.y)[counts]
        if self.task.classes:
            return nn.functional.cross_entropy(out[counts], y), out, hidden
        return nn.functional.mse_loss(out[counts][:, 0], y), out, hidden

    @torch.no_grad()
    def _snapshot(self) -> Snapshot:
        loss, out, _ = self._loss(self.held_out)
        x = torch.from_numpy(self.held_out.x)
        trace = trace_gates(self._module, x)
        state = trace.hidden if trace.cell is None else trace.cell  # (1, 1, batch, steps, units)
        first = out[:, 0]
        if self.task.classes:
            right = torch.from_numpy(self.held_out.y[:, :1])
            said = first.softmax(-1).gather(1, right)[:, 0]
        else:
            said = first[:, 0]
        # copies, since a view of one sequence would keep all of them in memory
        return Snapshot(
            step=self.steps,
            loss=float(loss),
            said=said.numpy().copy(),
            gates={name: gate[0, 0, 0].copy() for name, gate in trace.gates.items()},
            state=state[0, 0, 0].copy(),
            follows=_correlations(state[0, 0].transpose(1, 0, 2), self.held_out),
        )


def _correlations(state: Array, batch: Batch) -> Array:
    """|correlation| of each unit's state with what is to be remembered, over all held-out steps, (units,).

    ``state`` is (steps, batch, units). 0 for a unit that never moves, and where one number is not enough.
    """
    there = ~np.isnan(batch.remember)
    if not there.any():
        return np.zeros(state.shape[-1])
    units, target = state[there].astype(float), batch.remember[there].astype(float)
    units, target = units - units.mean(0), target - target.mean()
    size = np.sqrt((units**2).sum(0) * (target**2).sum())
    found: Array = np.abs(target @ units) / np.where(size > 0, size, 1)
    return found
