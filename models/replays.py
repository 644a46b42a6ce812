"""Recorded preference runs that ship: packed once by the training command, read by the page.

A file is a run: its card, curves, log-probabilities of watched tokens in hundredths of a nat, samples.
"""

import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from models.traces_replay import Replay, Watched

FOLDER = Path(__file__).parent / "runs" / "preference"
RUNS = {  # of each model, in the order in which they are listed
    "smollm2": ("sft", "orpo-0.1", "orpo-0.5", "orpo-1", "dpo"),
    "tinygpt": ("sft", "orpo-0.1", "orpo-0.5", "orpo-1", "dpo"),
}
NAMES = {"sft": "SFT", "orpo": "ORPO", "dpo": "DPO", "ipo": "IPO", "simpo": "SimPO", "cpo": "CPO"}
DIGITS = 4  # of a logged number


def name_of(plan: dict[str, Any]) -> str:
    """A run as it is called on the page."""
    weight = {"sft": "", "orpo": f", λ = {plan['lam']:g}"}.get(plan["method"], f", β = {plan['beta']:g}")
    return NAMES[plan["method"]] + weight


def pack(folder: Path, decode: Callable[[Sequence[int]], str]) -> dict[str, Any]:
    """What ships of a run's folder; ``decode`` turns the token ids of a sample into text."""
    card = json.loads((folder / "card.json").read_text("utf-8"))
    state = json.loads((folder / "trainer_state.json").read_text("utf-8"))
    looks = [json.loads(line) for line in (folder / "watched.jsonl").read_text("utf-8").splitlines()]
    tokens = [
        [[[round(100 * logp) for logp in side] for side in pair] for pair in look["tokens"]]
        for look in looks
        if look["tokens"]
    ]
    return {
        "card": {key: value for key, value in card.items() if key != "watched"},
        "watched": card["watched"],
        "steps": [look["step"] for look in looks if look["tokens"]],
        "tokens": tokens,
        "samples": {
            look["step"]: [decode(sample).strip() for sample in look["samples"]]
            for look in looks
            if look["samples"]
        },
        "history": [
            {name: float(f"{value:.{DIGITS}g}") for name, value in row.items()}
            for row in state["log_history"]
        ],
    }


@cache
def replays(model: str) -> tuple[Replay, ...]:
    """The recorded runs of a model."""
    return tuple(_read(model, each) for each in RUNS[model])


def _read(model: str, which: str) -> Replay:
    found = json.loads((FOLDER / model / f"{which}.json").read_text("utf-8"))
    return Replay(
        id=which,
        name=name_of(found["card"]["plan"]),
        card=found["card"],
        watched=tuple(
            Watched(each["prompt"], each["held_out"], tuple(each["chosen"]), tuple(each["rejected"]))
            for each in found["watched"]
        ),
        steps=tuple(found["steps"]),
        tokens=tuple(
            tuple((tuple(chosen), tuple(rejected)) for chosen, rejected in look) for look in found["tokens"]
        ),
        samples={int(step): tuple(texts) for step, texts in found["samples"].items()},
        history=tuple(found["history"]),
    )
