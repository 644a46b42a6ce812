"""Our training step against TRL's ORPOTrainer: ``python -m tests.bench.preference``.

Same model, pairs and threads, the same work a step: loss and its log, gradients, clipping, AdamW. TRL gets
its batches collated; the time of its data loader does not count. The losses of every step are compared.
Seconds are those of the CPU, on one thread, so that a busy machine disturbs them less.
"""

import copy
import tempfile
import time
import warnings
from statistics import median
from typing import Any

import torch

from models import manners
from models.preference import usable
from models.tinygpt import load
from models.train.preference import CLIP, Plan, Trainer

PAIRS, STEPS, WARM = 8, 25, 5
USUAL_WORDS = 32_000
BETA = 0.1


def ours(model: Any, plan: Plan) -> tuple[list[float], list[float]]:
    """Losses and seconds of each step."""
    _, reader = load()
    pairs = usable(manners.pairs()[0], lambda text: reader(text).input_ids, [reader.eos_token_id]).pairs
    trainer = Trainer(model, pairs, plan)
    losses, seconds = [], []
    for _ in range(STEPS):
        began = time.process_time()
        losses.append(trainer.next_step().log["loss"])
        seconds.append(time.process_time() - began)
    return losses, seconds


def theirs(model: Any, plan: Plan) -> tuple[list[float], list[float]]:
    """The same with TRL's trainer, fed with our order of the pairs."""
    from datasets import Dataset
    from trl.experimental.orpo import ORPOConfig, ORPOTrainer

    _, reader = load()
    reader.pad_token = reader.eos_token
    rows = manners.pairs()[0]
    order = [each for step in range(1, STEPS + 1) for each in Trainer.picked(_Picker(plan, rows), step)]
    data = Dataset.from_list(
        [dict(zip(("prompt", "chosen", "rejected"), rows[each], strict=True)) for each in order]
    )
    with tempfile.TemporaryDirectory() as folder:
        options = ORPOConfig(
            output_dir=folder,
            beta=BETA,
            per_device_train_batch_size=PAIRS,
            max_length=256,
            report_to=[],
            use_cpu=True,
            bf16=False,
            gradient_checkpointing=False,
            disable_tqdm=True,
        )
        trainer = ORPOTrainer(model=model, args=options, train_dataset=data, processing_class=reader)
    rows_done = [trainer.train_dataset[at] for at in range(len(order))]
    batches = [trainer.data_collator(rows_done[at : at + PAIRS]) for at in range(0, len(order), PAIRS)]
    weights = list(model.parameters())
    adam = torch.optim.AdamW(weights, plan.learning_rate, weight_decay=0.0, fused=True)
    model.train()  # its dropout is 0
    losses, seconds = [], []
    for step, batch in enumerate(batches, 1):
        began = time.process_time()
        loss, told = trainer.get_batch_loss_metrics(model, batch)
        trainer.store_metrics(told)
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, CLIP)
        for group in adam.param_groups:
            group["lr"] = plan.rate(step)
        adam.step()
        losses.append(loss.item())
        seconds.append(time.process_time() - began)
    return losses, seconds


class _Picker:
    """What Trainer.picked needs to know."""

    def __init__(self, plan: Plan, pairs: list[Any]) -> None:
        self.plan, self.pairs = plan, pairs


def wide_model() -> Any:
    """A model as small, with a vocabulary of usual size: there most of a step is the last product."""
    torch.manual_seed(0)
    model, _ = load()
    shape = copy.deepcopy(model.config)
    shape.vocab_size = USUAL_WORDS
    return type(model)(shape).eval()


def main() -> None:
    """Print both medians and both fastest steps, their ratios, and how far the losses are apart."""
    warnings.simplefilter("ignore")
    plan = Plan(
        "orpo", lam=BETA, learning_rate=3e-4, steps=STEPS, pairs=PAIRS, look_every=10**6, sample_every=10**6
    )
    torch.set_num_threads(1)
    for name, model in (("the small GPT", load()[0]), (f"with {USUAL_WORDS:,} words", wide_model())):
        rounds = [[run(copy.deepcopy(model), plan) for run in (ours, theirs)] for _ in range(2)]
        apart = max(abs(a - b) for mine, trl in rounds for a, b in zip(mine[0], trl[0], strict=True))
        mine, trl = ([s for each in rounds for s in each[side][1][WARM:]] for side in (0, 1))
        print(
            f"{name}: median ours {1000 * median(mine):.1f} ms, TRL {1000 * median(trl):.1f} ms, "
            f"{median(trl) / median(mine):.2f}×; "
            f"fastest {1000 * min(mine):.1f} and {1000 * min(trl):.1f} ms, "
            f"{min(trl) / min(mine):.2f}×; losses differ by {apart:.1e} at most",
            flush=True,
        )


if __name__ == "__main__":
    main()
