"""Train the sequence-to-sequence models that ship: ``python -m models.train.seq2seq [ID …]``, minutes each.

The examples are made by models/seq2seqtasks.py from seeds, fresh at every step, so that no model sees one
twice but by chance. Weights, in half precision, and cards go to models/checkpoints/.
"""

import argparse
import hashlib
import json
import platform
import time
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from random import Random

import torch
from safetensors.torch import save_file
from torch import nn

from models.charcards import CHECKPOINTS
from models.seq2seq import Vocabulary, exact
from models.seq2seqcards import NAMES, WIDTHS, Seq2SeqCard, model_id
from models.seq2seqnets import NETWORKS, PAD
from models.seq2seqtasks import TASKS, examples

SEED, HELD_OUT_SEED = 1, 2
BATCH = 64
POOL = 50  # batches made at once and sorted by length, so that little is padding
STEPS = {"dates": 3000, "reverse": 3000, "phrases": 1500}
LONGER = {"reverse-bahdanau": 5000}  # its sums are slower to find the letter itself than dot products are
RATES = {"plain": 5e-3, "bahdanau": 5e-3, "luong": 5e-3, "transformer": 3e-3}  # largest, of Adam
HIDE = {"reverse-bahdanau": 0.5}  # see Bahdanau
HELD_OUT = 2000  # examples
LONG = 20  # tokens
IDS = {
    model_id(task, kind, width): (task, kind, width)
    for task in TASKS
    for kind in NAMES
    for width in (WIDTHS[task] if kind == "plain" else (None,))
}


def train(task: str, kind: str, width: int | None, steps: int) -> nn.Module:
    """Train one model; all of a task see the same examples in the same order."""
    vocabulary = Vocabulary.of(task)
    torch.manual_seed(SEED)
    name = model_id(task, kind, width)
    options = {"width": width} if width else {"hide": HIDE[name]} if name in HIDE else {}
    model = NETWORKS[kind](len(vocabulary.source), len(vocabulary.target), **options)
    optimiser = torch.optim.Adam(model.parameters(), RATES[kind])
    plan = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATES[kind], steps, pct_start=0.1)
    random = Random(SEED)
    batches: list = []
    started = time.monotonic()
    for step in range(steps):
        if not batches:
            pool = sorted((TASKS[task](random) for _ in range(BATCH * POOL)), key=lambda one: len(one.source))
            batches = [pool[start : start + BATCH] for start in range(0, len(pool), BATCH)]
            random.shuffle(batches)
        source, target = vocabulary.batch(batches.pop())
        logits = model(source, target[:, :-1]).logits
        loss = nn.functional.cross_entropy(logits.flatten(0, 1), target[:, 1:].flatten(), ignore_index=PAD)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        plan.step()
        if step % 250 == 249:
            print(f"{task} {kind} {width or ''} {step + 1}/{steps}  loss {loss.item():.4f}  "
                  f"{time.monotonic() - started:.0f} s", flush=True)  # fmt: skip
    return model.eval()


def save(name: str, model: nn.Module, steps: int, seconds: float) -> None:
    """Write weights and card."""
    task, kind, width = IDS[name]
    file = CHECKPOINTS / f"seq2seq-{name}.safetensors"
    save_file({key: value.half() for key, value in model.state_dict().items()}, file)
    held_out = examples(task, HELD_OUT, HELD_OUT_SEED)
    right = exact(model.half().float(), task, held_out)  # as it ships
    long = [ok for ok, one in zip(right, held_out, strict=True) if len(one.source) > LONG]
    card = Seq2SeqCard(
        id=name,
        task=task,
        kind=kind,
        width=width,
        parameters=sum(parameter.numel() for parameter in model.parameters()),
        exact=round(sum(right) / len(right), 4),
        exact_long=round(sum(long) / len(long), 4) if long else None,
        held_out=HELD_OUT,
        data=f"models/seq2seqtasks.py, {steps * BATCH:,} fresh examples from seed {SEED}; "
        f"held out: seed {HELD_OUT_SEED}",
        licence="Apache-2.0",
        command=f"python -m models.train.seq2seq {name}",
        seed=SEED,
        steps=steps,
        device=f"CPU, {torch.get_num_threads()} thread(s), {platform.machine()}, {seconds / 60:.0f} min",
        made=datetime.now(UTC).date().isoformat(),
        sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        versions={"torch": version("torch")},
    )
    cards = CHECKPOINTS / "seq2seq.json"
    known = {each["id"]: each for each in json.loads(cards.read_text("utf-8"))} if cards.exists() else {}
    known[name] = asdict(card)
    ordered = [known[each] for each in IDS if each in known]
    cards.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"{name}: {card.exact:.2%} exact, long {card.exact_long}, {card.parameters:,} weights", flush=True)


def main() -> None:
    """Train the named models, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ids", nargs="*", default=list(IDS), help=f"of {', '.join(IDS)}")
    for name in parser.parse_args().ids:
        steps = LONGER.get(name, STEPS[IDS[name][0]])
        started = time.monotonic()
        model = train(*IDS[name], steps)
        save(name, model, steps, time.monotonic() - started)


if __name__ == "__main__":
    main()
