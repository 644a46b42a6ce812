"""The command line of models/train/preference.py: model, pairs and folder of a run, and its card."""

import argparse
import hashlib
import json
import platform
import shlex
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch

from models import manners, rows
from models.errors import ModelError
from models.loading import devices, folder_of, is_here
from models.preference import Pair, usable
from models.registry import get_card
from models.replays import pack
from models.train.kept import CARD, STATE
from models.train.preference import METHODS, Plan, train

WATCHED = 2  # held-out pairs whose tokens are kept, and one training pair beside them
HELD_OUT_SHARE = 0.1  # of a data set that brings no held-out pairs


def main(arguments: Sequence[str] | None = None) -> None:
    """Train as asked; say every look on one line."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    asked = _parser().parse_args(given)
    named = {field.name for field in fields(Plan)}
    try:
        plan = Plan(**{name: value for name, value in vars(asked).items() if name in named})
        run(plan, asked, given)
    except (ModelError, FloatingPointError) as error:
        sys.exit(str(error))


def run(plan: Plan, asked: argparse.Namespace, given: Sequence[str]) -> None:
    """One run into its folder; taken up again where it was interrupted."""
    if asked.threads:
        torch.set_num_threads(asked.threads)
    data, held_out, out = asked.data, asked.held_out, asked.out
    model, tokenizer, where = load(asked.model)
    train_rows, held_rows = read(data, held_out)
    end = [] if tokenizer.eos_token_id is None else [tokenizer.eos_token_id]

    def encode(text: str) -> list[int]:
        return list(tokenizer(text).input_ids)

    pairs, held = usable(train_rows, encode, end), usable(held_rows, encode, end)
    print(f"{len(pairs.pairs)} pairs; {pairs.empty} empty and {pairs.equal} equal ones dropped", flush=True)
    kept_out = held.pairs[: asked.held_out_pairs]
    watched = (*kept_out[:WATCHED], *pairs.pairs[:1])
    out.mkdir(parents=True, exist_ok=True)
    card = {
        "model": where,
        "data": data if held_out is None else f"{data}; held out: {held_out}",
        "pairs": len(pairs.pairs),
        "held_out_pairs": len(kept_out),
        "dropped": {"empty": pairs.empty, "equal": pairs.equal},
        "plan": asdict(plan),
        "learning_weights": 0,
        "command": f"python -m models.train.preference {shlex.join(given)}",
        "hardware": hardware(model),
        "versions": {name: version(name) for name in ("torch", "transformers", "numpy")},
        "watched": [
            described(pair, tokenizer, at < len(watched) - 1 or not pairs.pairs)
            for at, pair in enumerate(watched)
        ],
    }
    began = time.monotonic()
    for step in train(
        model, pairs.pairs, plan, held_out=kept_out, watched=watched, end=(end or [None])[0], folder=out
    ):
        if step.held_out:
            told = "  ".join(
                f"{name} {step.held_out[name]:.3f}"
                for name in ("mean_logps/chosen", "mean_logps/rejected", "log_odds_chosen")
            )
            print(f"step {step.step}/{plan.steps}  {told}  {time.monotonic() - began:.0f} s", flush=True)
        for sample in step.samples or ():
            print(f"  {tokenizer.decode(sample, skip_special_tokens=True)!r}", flush=True)
        if step.step in (0, plan.steps) or not (out / CARD).exists():
            card |= {
                "learning_weights": sum(each.numel() for each in model.parameters() if each.requires_grad),
                "made": datetime.now(UTC).date().isoformat(),
                "seconds": round(time.monotonic() - began),
            }
            (out / CARD).write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"{out / STATE} holds the curves", flush=True)
    if asked.ship:
        packed = pack(out, lambda ids: str(tokenizer.decode(ids, skip_special_tokens=True)))
        asked.ship.parent.mkdir(parents=True, exist_ok=True)
        asked.ship.write_text(json.dumps(packed, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")


def load(source: str) -> tuple[Any, Any, dict[str, str]]:
    """A causal model in float32 and its tokenizer, from registry, folder or hub; raises ModelError."""
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()
    folder, where = source, {"source": source}
    try:
        known = get_card(source)
    except ModelError:
        pass  # a folder, or an id of the hub
    else:
        if not is_here(known):
            raise ModelError(f"{known.name} is not here yet: python -m models fetch {source}")
        folder, where = str(folder_of(known)), {"source": known.name}
    for weights in sorted(Path(folder).glob("*.safetensors")) if Path(folder).is_dir() else ():
        with weights.open("rb") as file:
            where[weights.name] = f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
    safe = {"trust_remote_code": False}
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, **safe)
        model = AutoModelForCausalLM.from_pretrained(
            folder, dtype=torch.float32, use_safetensors=True, **safe
        )
    except Exception as error:  # transformers raises whatever files and network provoke
        raise ModelError(f"No causal model can be read from {source}: {error}") from error
    return model.to(devices()[0]), tokenizer, where


def read(data: str, held_out: str | None) -> tuple[list[manners.Row], list[manners.Row]]:
    """Rows to train on and rows to hold out; without the second every tenth is held out."""
    if data == "manners":
        return manners.pairs()
    found = rows.read(data)
    if held_out is not None:
        return found, rows.read(held_out)
    every = round(1 / HELD_OUT_SHARE)
    return [row for at, row in enumerate(found) if at % every], found[::every]


def described(pair: Pair, tokenizer: Any, held_out: bool) -> dict[str, Any]:
    """A watched pair as it is shown: its prompt, and the text of every answer token."""
    return {
        "prompt": tokenizer.decode(pair.prompt),
        "held_out": held_out,
        **{
            side: [tokenizer.decode([each]) for each in getattr(pair, side)]
            for side in ("chosen", "rejected")
        },
    }


def hardware(model: Any) -> str:
    """The device that a model is on, in words."""
    device = next(model.parameters()).device
    if device.type == "cuda":
        return str(torch.cuda.get_device_name(device))
    return f"{device.type.upper()}, {torch.get_num_threads()} thread(s), {platform.machine()}"


def _parser() -> argparse.ArgumentParser:
    plan = Plan()
    parser = argparse.ArgumentParser(prog="python -m models.train.preference", description=__doc__)
    parser.add_argument("--method", choices=METHODS, default=plan.method)
    parser.add_argument("--lam", type=float, default=plan.lam, help="ORPO's weight of the odds ratio")
    parser.add_argument("--beta", type=float, default=plan.beta, help="of DPO, IPO, SimPO and CPO")
    parser.add_argument("--gamma", type=float, default=plan.gamma, help="SimPO's margin")
    parser.add_argument("--model", default="smollm2", help="an id of the registry, a folder, or a hub id")
    parser.add_argument(
        "--data", default="manners", help="a JSONL file or a hub id with prompt, chosen, rejected; or manners"
    )
    parser.add_argument("--held-out", help="the same for held-out pairs; else every tenth pair is held out")
    parser.add_argument("--held-out-pairs", type=int, default=10, help="how many are scored at a look")
    parser.add_argument("--learning-rate", type=float, default=plan.learning_rate)
    parser.add_argument("--warmup", type=float, default=plan.warmup, help="share of the steps")
    parser.add_argument("--steps", type=int, default=plan.steps)
    parser.add_argument("--pairs", type=int, default=plan.pairs, help="in a batch")
    parser.add_argument("--layers", type=int, default=plan.layers, help="upper layers that learn; 0: all")
    parser.add_argument("--longest", type=int, default=plan.longest, help="tokens of prompt and answer")
    parser.add_argument("--seed", type=int, default=plan.seed)
    parser.add_argument("--look-every", type=int, default=plan.look_every)
    parser.add_argument("--sample-every", type=int, default=plan.sample_every)
    parser.add_argument("--sample-tokens", type=int, default=plan.sample_tokens)
    parser.add_argument("--threads", type=int, default=0, help="of the CPU; 0: as torch likes")
    parser.add_argument("--out", type=Path, default=Path("preference-run"), help="the run's folder")
    parser.add_argument("--ship", type=Path, help="a file that the page can replay")
    return parser
