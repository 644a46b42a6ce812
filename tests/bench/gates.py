"""All gates of a sequence, in numbers: python -m tests.bench.gates

At 512 steps × 128 units, float32 on the CPU, one text: the plain forward pass of nn.LSTM, nn.GRU and nn.RNN,
``trace_gates`` on top of it, and what people write to see the gates: a Python loop of the cell. A cell gives
no gates, so the loop that shows them computes them from the same weights once more; the loop without them is
measured too. The loops run as people run them, gradients on; without gradients they are printed beside it.
Runs take turns on one thread; a number is the fastest of its repeats, since other work on the same cores only
ever adds time, and only the ratios are meant to be read.
"""

import time
from collections.abc import Callable

import torch
from torch import Tensor, nn

from models.recurrent import trace_gates

STEPS, UNITS = 512, 128
ROUNDS = 40
AIM_FORWARD, AIM_LOOP = (
    2.0,
    10.0,
)  # at most as many forward passes; at least as many times faster than the loop
CELLS = {nn.LSTM: nn.LSTMCell, nn.GRU: nn.GRUCell, nn.RNN: nn.RNNCell}
Run = Callable[[], object]


def cell_of(module: nn.RNNBase) -> nn.RNNCellBase:
    """The cell with the weights of a module of one layer."""
    cell = CELLS[type(module)](module.input_size, module.hidden_size)
    for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
        setattr(cell, name, getattr(module, f"{name}_l0"))
    return cell


def loop(cell: nn.RNNCellBase, x: Tensor, *, gates: bool) -> list[Tensor]:
    """Every step by itself, as in the answers that users of PyTorch are given."""
    h = c = torch.zeros(1, cell.hidden_size)
    kept = []
    for step in x:
        step = step[None]
        if gates:
            sums = nn.functional.linear(step, cell.weight_ih, cell.bias_ih)
            sums = sums + nn.functional.linear(h, cell.weight_hh, cell.bias_hh)
            kept.append(torch.sigmoid(sums))
        if isinstance(cell, nn.LSTMCell):
            h, c = cell(step, (h, c))
        else:
            h = cell(step, h)
    return kept


def without_gradients(run: Run) -> Run:
    """The same, with nothing kept for a backward pass."""

    def quiet() -> object:
        with torch.no_grad():
            return run()

    return quiet


def seconds(runs: dict[str, Run]) -> dict[str, float]:
    """The fewest seconds of each, taking turns."""
    spent: dict[str, list[float]] = {name: [] for name in runs}
    for turn in range(ROUNDS + 1):
        for name, run in runs.items():
            started = time.perf_counter()
            run()
            if turn:  # the first warms up
                spent[name].append(time.perf_counter() - started)
    return {name: min(each) for name, each in spent.items()}


def main() -> None:
    """Measure and print."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    print(f"{STEPS} steps × {UNITS} units, float32, torch {torch.__version__}, one thread")
    for kind, cell_type in CELLS.items():
        module = kind(UNITS, UNITS).eval()
        cell, x = cell_of(module), torch.randn(STEPS, UNITS)
        runs: dict[str, Run] = {
            "plain forward pass": without_gradients(lambda module=module, x=x: module(x)),
            "trace_gates": lambda module=module, x=x: trace_gates(module, x),
            f"loop of {cell_type.__name__}": lambda cell=cell, x=x: loop(cell, x, gates=False),
            f"loop of {cell_type.__name__}, gates kept": lambda cell=cell, x=x: loop(cell, x, gates=True),
        }
        runs |= {f"{name}, no gradients": without_gradients(run) for name, run in list(runs.items())[2:]}
        spent = seconds(runs)
        ours = spent["trace_gates"]
        print(f"\nnn.{kind.__name__}")
        for name, each in spent.items():
            print(f"  {name:45} {each * 1000:8.2f} ms   {each / ours:6.2f} × trace_gates")
        forward = ours / spent["plain forward pass"]
        shown = spent[f"loop of {cell_type.__name__}, gates kept"] / ours
        print(f"  trace_gates takes {forward:.2f} × the forward pass (aim: at most {AIM_FORWARD:g})")
        print(f"  and is {shown:.1f} × faster than the loop that shows gates (aim: at least {AIM_LOOP:g})")


if __name__ == "__main__":
    main()
