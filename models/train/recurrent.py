"""Train the character models that ship: ``python -m models.train.recurrent [ID …]``, about ten minutes each.

The text is made by models/train/corpus.py from seeds, so that nothing is downloaded and nobody's text is
copied. Weights and cards go to models/checkpoints/.
"""

import argparse
import hashlib
import json
import math
import platform
import time
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from models.cells import NUMBERS, RULES, held_out, search
from models.charcards import CHECKPOINTS
from models.charmodels import KINDS, UNITS, CharModel, encode, one_hot, untrained
from models.recurrent import trace_gates
from models.traces_recurrent import Finding
from models.train.corpus import HELD_OUT_SEED, text

SEED = 1
STREAMS = 32  # read side by side
# A GRU that never saw the state 0 again after its first step can lose its way from there
BEGIN_ANEW = ("gru",)
WINDOW = 128  # characters between two updates; the state is carried on, its gradient is not
STEPS = {"rnn": 4000, "gru": 4000, "lstm": 8000, "lstm2": 4000, "bilstm": 1000}
RATES = {"rnn": 1.5e-3, "gru": 4e-3, "lstm": 4e-3, "lstm2": 4e-3, "bilstm": 4e-3}  # largest, of Adam
HELD_OUT = 100_000  # characters
UNSEEN_SHARE = 0.001  # of the characters are hidden, so that the models have met a character unknown to them
NAMES = {
    "rnn": "RNN (tanh)",
    "gru": "GRU",
    "lstm": "LSTM",
    "lstm2": "LSTM, 2 layers",
    "bilstm": "LSTM, both ways",
}


def loss_of(model: CharModel, codes: Tensor, state: object) -> tuple[Tensor, object]:
    """Mean nats a character of (steps + 1, streams) codes, and the state after them."""
    inputs = one_hot(codes.numpy())
    read = inputs if model.both else inputs[:-1]
    output, state = model.rnn(read, None if model.both else state)
    wanted = codes if model.both else codes[1:]
    logits = model.logits(output)
    return nn.functional.cross_entropy(logits.flatten(0, 1), wanted.flatten()), state


def carried(state: object) -> object:
    """The state without its history."""
    return tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach()  # type: ignore[attr-defined]


def begun_anew(state: Tensor, stream: int) -> Tensor:
    """The state (layers · directions, streams, units) with one stream at 0, as a text begins."""
    state = state.clone()
    state[:, stream] = 0
    return state


def train(kind: str, steps: int) -> CharModel:
    """Train one model on STREAMS texts of its own."""
    torch.manual_seed(SEED)
    model = CharModel(kind)
    for name, bias in model.rnn.named_parameters():
        if name.startswith("bias_ih") and isinstance(model.rnn, nn.LSTM):
            # Jozefowicz et al. 2015: start with the forget gate open
            bias.data[UNITS : 2 * UNITS] = 1
    length = steps * WINDOW + 1
    codes = np.stack([encode(text(SEED + 1 + stream, length)) for stream in range(STREAMS)], 1)
    hidden = np.random.default_rng(SEED).random(codes.shape) < UNSEEN_SHARE
    data = torch.from_numpy(np.where(hidden, 0, codes))
    optimiser = torch.optim.Adam(model.parameters(), RATES[kind])
    plan = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATES[kind], steps, pct_start=0.05)
    state: object = None
    started = time.monotonic()
    for step in range(steps):
        window = data[step * WINDOW : (step + 1) * WINDOW + 1]
        loss, state = loss_of(model, window, state)
        state = carried(state)
        if kind in BEGIN_ANEW and isinstance(state, Tensor):
            state = begun_anew(state, step % STREAMS)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        plan.step()
        if step % 200 == 199:
            bits = loss.item() / math.log(2)
            print(
                f"{kind} {step + 1}/{steps}  {bits:.3f} bits  {time.monotonic() - started:.0f} s", flush=True
            )
    return model.eval()


@torch.no_grad()
def held_out_bits(model: CharModel) -> float:
    """Bits that a character of a text never trained on costs."""
    codes = torch.from_numpy(encode(text(HELD_OUT_SEED, HELD_OUT)))[:, None]
    return loss_of(model, codes, None)[0].item() / math.log(2)


def findings(kind: str, model: CharModel) -> dict[str, Finding]:
    """By rule the unit that follows it best on held-out text."""
    inputs = one_hot(encode(held_out()))
    traces = trace_gates(model.rnn, inputs), trace_gates(untrained(kind).rnn, inputs)
    return {
        rule: search(*traces, labels(held_out()), number=rule in NUMBERS).best[0]
        for rule, labels in RULES.items()
    }


def save(kind: str, model: CharModel, steps: int, seconds: float) -> None:
    """Write weights and card."""
    CHECKPOINTS.mkdir(exist_ok=True)
    file = CHECKPOINTS / f"characters-{kind}.safetensors"
    save_file(model.state_dict(), file)
    _, layers, both = KINDS[kind]
    card = {
        "id": kind,
        "name": NAMES[kind],
        "layers": layers,
        "units": UNITS,
        "directions": 2 if both else 1,
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "bits": round(held_out_bits(model), 4),
        "held_out": HELD_OUT,
        "predicts": "each character from all before and after it" if both else "the next character",
        "corpus": f"models/train/corpus.py, {STREAMS} seeds from {SEED + 1}, {steps * WINDOW:,} characters "
        f"each; held out: seed {HELD_OUT_SEED}",
        "licence": "Apache-2.0",
        "command": f"python -m models.train.recurrent {kind}",
        "seed": SEED,
        "steps": steps,
        "device": f"CPU, {torch.get_num_threads()} thread(s), {platform.machine()}, {seconds / 60:.0f} min",
        "made": datetime.now(UTC).date().isoformat(),
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "cells": {rule: asdict(found) for rule, found in findings(kind, model).items()},
        "versions": {name: version(name) for name in ("torch", "numpy")},
    }
    cards = CHECKPOINTS / "characters.json"
    known = {each["id"]: each for each in json.loads(cards.read_text("utf-8"))} if cards.exists() else {}
    known[kind] = card
    ordered = [known[each] for each in KINDS if each in known]
    cards.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"{kind}: {card['bits']} bits a held-out character, {card['parameters']:,} weights", flush=True)


def main() -> None:
    """Train the named models, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ids", nargs="*", default=list(KINDS), help=f"of {', '.join(KINDS)}")
    asked = parser.parse_args()
    for kind in asked.ids:
        started = time.monotonic()
        model = train(kind, STEPS[kind])
        save(kind, model, STEPS[kind], time.monotonic() - started)


if __name__ == "__main__":
    main()
