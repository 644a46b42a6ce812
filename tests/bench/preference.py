"""Our training step against TRL's ORPOTrainer: ``python -m tests.bench.preference``.

Same model, pairs, float32 and one thread; the losses of every step are compared. A step is all that a trainer
does from one step's end to the next one's: picking and padding the batch (both have the tokens already),
forward pass, loss, the numbers it logs, backward pass, clipping, AdamW, learning rate. TRL's steps are those
of its own ``train()``, without a progress bar; ours are made in between, so both meet the same machine.
Seconds are the CPU's. Unless told otherwise, TRL saves memory by computing the forward pass again in the
backward pass (gradient checkpointing): measured without, which is its faster way, and as it comes.

First the race of the page: four runs of 200 steps, with all that is looked at in between, on each device.
"""

import copy
import math
import tempfile
import time
import warnings
from statistics import median
from typing import Any

import torch
from datasets import Dataset
from datasets.utils.logging import disable_progress_bar
from torch import Tensor
from transformers import PrinterCallback, TrainerCallback
from trl.experimental.orpo import ORPOConfig, ORPOTrainer

from models import gpu, manners
from models.race import CPU, Race, encoded
from models.tinygpt import load
from models.train.preference import Plan, Trainer

PAIRS, STEPS, WARM = 8, 45, 5
USUAL_WORDS = 32_000
BETA = 0.1
RUNS = (("sft", 0.0), ("orpo", 0.1), ("orpo", 0.5), ("orpo", 1.0))
RACE_STEPS, RACE_RATE = 200, 3e-4


class Theirs(ORPOTrainer):
    """TRL's trainer, whose losses are kept."""

    losses: list[float]

    def compute_loss(self, *given: Any, **more: Any) -> Tensor:
        loss: Tensor = super().compute_loss(*given, **more)
        self.losses.append(loss.item())
        return loss


class Between(TrainerCallback):
    """Makes one of our steps after each of theirs; CPU seconds of both, and our losses."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        self.ours: list[float] = []
        self.theirs: list[float] = []
        self.losses: list[float] = []

    def on_train_begin(self, *_: Any, **__: Any) -> None:
        self.began = time.process_time()

    def on_step_end(self, *_: Any, **__: Any) -> None:
        ended = time.process_time()
        self.losses.append(self.trainer.next_step().log["loss"])
        self.theirs.append(ended - self.began)
        self.began = time.process_time()
        self.ours.append(self.began - ended)


def race(model: Any, *, checkpointing: bool) -> str:
    """Train two copies of a model; tells the median and the fastest step of each."""
    plan = Plan(
        "orpo", lam=BETA, learning_rate=3e-4, steps=STEPS, pairs=PAIRS, look_every=10**6, sample_every=10**6
    )
    between = Between(Trainer(copy.deepcopy(model), encoded()[0], plan))
    reader = copy.deepcopy(load()[1])
    reader.pad_token = reader.eos_token
    rows = manners.pairs()[0]
    order = [each for step in range(1, STEPS + 1) for each in between.trainer.picked(step)]
    names = ("prompt", "chosen", "rejected")
    model = copy.deepcopy(model)
    adam = torch.optim.AdamW(model.parameters(), plan.learning_rate, weight_decay=0.0, fused=True)
    rate = torch.optim.lr_scheduler.LambdaLR(adam, lambda step: plan.rate(step + 1) / plan.learning_rate)
    with tempfile.TemporaryDirectory() as folder:
        theirs = Theirs(
            model=model,
            args=ORPOConfig(
                output_dir=folder,
                beta=BETA,
                per_device_train_batch_size=PAIRS,
                num_train_epochs=1,
                train_sampling_strategy="sequential",
                max_length=256,
                report_to=[],
                save_strategy="no",
                use_cpu=True,
                bf16=False,
                gradient_checkpointing=checkpointing,
                disable_tqdm=True,
            ),
            train_dataset=Dataset.from_list([dict(zip(names, rows[each], strict=True)) for each in order]),
            processing_class=reader,
            optimizers=(adam, rate),
            callbacks=[between],
        )
        theirs.losses = []
        theirs.remove_callback(PrinterCallback)
        theirs.train()
    apart = max(abs(a - b) for a, b in zip(between.losses, theirs.losses, strict=True))
    mine, trl = between.ours[WARM:], between.theirs[WARM:]
    return (
        f"median ours {1000 * median(mine):.1f} ms, TRL {1000 * median(trl):.1f} ms, "
        f"{median(b / a for a, b in zip(mine, trl, strict=True)):.2f}× pair by pair; "
        f"fastest {1000 * min(mine):.1f} and {1000 * min(trl):.1f} ms, {min(trl) / min(mine):.2f}×; "
        f"losses differ by {apart:.1e} at most"
    )


def page_race(device: str) -> str:
    """The race that the page opens with, from the copy of the model to the last look."""
    began = time.perf_counter()
    whole = Race(RUNS, seeds=1, steps=RACE_STEPS, rate=RACE_RATE, device=device)
    whole.run(math.inf, RACE_STEPS)
    took = time.perf_counter() - began
    ran_on = whole.trace().device  # not what was asked for, where that failed
    return f"{len(RUNS)} runs × {RACE_STEPS} steps on {ran_on}: {took:.1f} s"


def wide_model() -> Any:
    """A model as small, with a vocabulary of usual size: there most of a step is the last product."""
    torch.manual_seed(0)
    model, _ = load()
    shape = copy.deepcopy(model.config)
    shape.vocab_size = USUAL_WORDS
    return type(model)(shape).eval()


def main() -> None:
    """Print a race's seconds; then medians and fastest steps, their ratios, how far the losses are apart."""
    warnings.simplefilter("ignore")
    disable_progress_bar()
    torch.set_num_threads(1)
    for device in (gpu.DEVICE, CPU) if gpu.name() else (CPU,):
        print(page_race(device), flush=True)
    for name, model in (("the small GPT", load()[0]), (f"with {USUAL_WORDS:,} words", wide_model())):
        for checkpointing in (False, True):
            told = "TRL as it comes" if checkpointing else "TRL without checkpointing"
            print(f"{name}, {told}: {race(model, checkpointing=checkpointing)}", flush=True)


if __name__ == "__main__":
    main()
