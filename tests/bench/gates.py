"""All gates of a sequence, in numbers: python -m tests.bench.gates

At 512 steps × 128 units, float32 on the CPU, one text: the plain forward pass of nn.LSTM, nn.GRU and nn.RNN,
``trace_gates`` on top of it, and what people write to see the gates: a Python loop of the cell. A cell gives
no gates, so the loop that shows them computes them from the same weights once more; the loop without them is
measured too. The loops run as people run them, gradients on; without gradients they stand beside them.
Runs take turns on one thread; a number is the fastest of its repeats, since other work on the same cores
only ever adds time, and only the ratios are meant to be read. nn.LSTM runs in a fused kernel; nn.GRU and
nn.RNN run step by step inside torch, so that their own forward pass is most of the time and no way to the
gates can be ten times faster than a loop there.

Then the picture of 200 units × 500 characters in Chromium: frames a second, and milliseconds that the main
thread computes for each event, while the mouse moves over it, an arrow key is held, the window is dragged.
"""

import base64
import os
import time
from collections.abc import Callable
from dataclasses import replace

import torch
from playwright.sync_api import Page, sync_playwright
from torch import Tensor, nn

from components import gates_view
from models.charcards import cards
from models.charmodels import CharModel, read
from models.recurrent import trace_gates
from models.train.corpus import HELD_OUT_SEED, text
from tests.e2e.conftest import CHROMIUM, QUIET

STEPS, UNITS = 512, 128
CHARACTERS, DRAWN_UNITS = 500, 200
MOVES = 240
COUNT_FRAMES = """() => {
  window.frames = [];
  const tick = now => { window.frames.push(now); requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
}"""
AIM_FRAMES = 50.0
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


def ratios() -> None:
    """What the gates cost beside the forward pass and the loops."""
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


def picture() -> str:
    """A page with the picture of an untrained LSTM, wide enough for a projector."""
    model = CharModel("lstm", DRAWN_UNITS).eval().requires_grad_(False)
    trace = read(text(HELD_OUT_SEED, CHARACTERS), model, replace(cards()["lstm"], units=DRAWN_UNITS))
    view = gates_view.View(series="cell", unit=7)
    sent = gates_view.message(trace, view, sentences=[""] * DRAWN_UNITS)
    css = (gates_view.HERE / "view.css").read_text("utf-8")
    return (
        f"<!doctype html><meta charset=utf-8><style>{css}</style><div class=gates-view></div>"
        f"<script type=module>{gates_view.script()}\n"
        f"const sent = atob('{base64.b64encode(sent).decode()}')\n"
        "mount(document.querySelector('.gates-view'), Uint8Array.from(sent, c => c.charCodeAt(0)))</script>"
    )


def frames(page: Page, act: Callable[[int], object]) -> tuple[float, float]:
    """Frames a second while something is done again and again; the main thread's own ms for each."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.setTimeDomain", {"timeDomain": "threadTicks"})
    session.send("Performance.enable")

    def busy() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        return next(1000 * metric["value"] for metric in metrics if metric["name"] == "TaskDuration")

    page.evaluate("window.frames.length = 0")
    before = busy()
    for turn in range(MOVES):
        act(turn)
    work = busy() - before
    times = page.evaluate("window.frames")
    session.detach()
    return (len(times) - 1) / (times[-1] - times[0]) * 1000, work / MOVES


def fluidity() -> None:
    """Frames a second of the largest picture."""
    if CHROMIUM is None:
        print("No Chromium or Chrome on the PATH: nothing to measure in.")
        return
    print(f"\n{DRAWN_UNITS} units × {CHARACTERS} characters, load {os.getloadavg()[0]:.1f} at the start")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page(viewport={"width": 1366, "height": 900})
        page.set_content(picture())
        page.locator(".gates-view[data-drawn]").wait_for()
        page.evaluate(COUNT_FRAMES)
        box = page.locator(".gates-view svg.marks").bounding_box()
        assert box

        def hover(turn: int) -> None:
            share = abs((turn * 0.037) % 2 - 1)
            page.mouse.move(box["x"] + 180 + (box["width"] - 220) * share, box["y"] + 50 + 140 * share)

        def drag(turn: int) -> None:
            page.mouse.move(
                box["x"] + 180 + (box["width"] - 220) * abs((turn * 0.037) % 2 - 1), box["y"] + 12
            )

        def hold_key(turn: int) -> None:
            page.keyboard.press("ArrowDown" if turn % 2 else "ArrowRight")

        report("mouse over it", *frames(page, hover))
        page.mouse.click(box["x"] + 300, box["y"] + 100)
        report("arrow keys, all drawn anew", *frames(page, hold_key))
        page.mouse.move(box["x"] + 180, box["y"] + 12)
        page.mouse.down()
        report("window dragged, all drawn anew", *frames(page, drag))
        browser.close()


def report(what: str, rate: float, cost: float) -> None:
    """One row: is it fluid?"""
    reached = "reached" if rate >= AIM_FRAMES else "MISSED"
    aim = f"aim: at least {AIM_FRAMES:g}"
    print(f"  {what:32} {rate:5.0f} frames a second, {cost:5.1f} ms each ({aim}) {reached}")


def main() -> None:
    """Measure and print."""
    ratios()
    fluidity()


if __name__ == "__main__":
    main()
