"""Train a causal model on preference pairs: ``python -m models.train.preference --method orpo --lam 0.5``.

SFT, ORPO, DPO, IPO, SimPO and CPO on the same pairs in the same order. A step is one forward pass over chosen
and rejected answers together; what they share is computed once (models/train/prefixes.py), and the vocabulary
is only looked at where a token is scored. Dropout stays off, so a run that was interrupted goes on exactly
where it stood. The command line is models/train/preference_run.py.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from numpy.typing import NDArray
from torch import Tensor, nn

from models import preference
from models.errors import ModelError
from models.preference import Batch, Pair, batch_of
from models.train import prefixes
from models.train.kept import Kept

METHODS = ("sft", "orpo", "dpo", "ipo", "simpo", "cpo")
AGAINST_REFERENCE = ("dpo", "ipo")  # these measure from the model as it was before the training
SUMMED = ("dpo", "cpo")  # log-probabilities of whole answers; the others take the mean of a token
CLIP = 1.0  # largest norm of a gradient
AT_ONCE = 8  # pairs that are scored together where nothing is learned


@dataclass(frozen=True)
class Plan:
    """What a run does. ``lam`` is ORPO's weight, ``beta`` and ``gamma`` those of the others."""

    method: str = "orpo"
    lam: float = 0.5
    beta: float = 0.1
    gamma: float = 0.5
    learning_rate: float = 5e-5
    warmup: float = 0.1  # share of the steps
    steps: int = 100
    pairs: int = 4  # in a batch
    layers: int = 0  # how many of the upper layers learn; 0: everything does
    longest: int = 256  # tokens of prompt and answer
    seed: int = 0
    look_every: int = 10  # steps between two looks at held-out and watched pairs
    sample_every: int = 20
    sample_tokens: int = 32

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise ModelError(f"There is no method {self.method!r}; choose one of {', '.join(METHODS)}.")

    def rate(self, step: int) -> float:
        """The learning rate of step 1 … steps: a linear rise, then a linear fall."""
        up = max(1, round(self.warmup * self.steps))
        falling = (self.steps - step + 1) / max(1, self.steps - up + 1)
        return self.learning_rate * min(1.0, step / up, falling)

    @property
    def weight(self) -> float:
        """What log-probabilities are multiplied by to be called rewards: λ or β."""
        return self.lam if self.method == "orpo" else self.beta


Tokens = tuple[NDArray[np.float32], NDArray[np.float32]]  # of the chosen and of the rejected answer


@dataclass(frozen=True)
class Step:
    """One step. ``log`` are the numbers of its batch under TRL's names, empty for step 0.

    Every ``look_every`` steps: ``held_out``, the same numbers over all held-out pairs; ``tokens``, for each
    watched pair the log-probability of every token of both answers. Every ``sample_every`` steps:
    ``samples``, what the model answers to the prompts of the watched pairs, as token ids.
    """

    step: int
    log: dict[str, float]
    held_out: dict[str, float] | None = None
    tokens: tuple[Tokens, ...] | None = None
    samples: tuple[tuple[int, ...], ...] | None = None


def train(
    model: Any,
    pairs: Sequence[Pair],
    plan: Plan,
    *,
    held_out: Sequence[Pair] = (),
    watched: Sequence[Pair] = (),
    end: int | None = None,
    folder: Path | None = None,
    save_every: int = 25,
) -> Iterator[Step]:
    """Train ``model`` in place, one batch a step; yields step 0, before the training, to ``plan.steps``.

    ``end`` is the token that ends a sampled answer. With a ``folder`` the run is kept there and taken up
    again where it was last saved; only the steps that are still to come are then yielded. Raises ModelError
    and, where the loss is no number any more, FloatingPointError.
    """
    trainer = Trainer(model, pairs, plan, held_out=held_out, watched=watched, end=end)
    kept = None if folder is None else Kept(folder, trainer)
    if kept is None or not kept.resume():
        yield _told(trainer.look({}), kept)
    while trainer.step < plan.steps:
        step = trainer.next_step()
        _told(step, kept)
        if kept and (step.step % save_every == 0 or step.step == plan.steps):
            kept.save()
        yield step


def _told(step: Step, kept: Kept | None) -> Step:
    if kept:
        kept.add(step)
    return step


class Trainer:
    """A model, its optimiser and its place in the training. ``model`` is changed."""

    def __init__(
        self,
        model: Any,
        pairs: Sequence[Pair],
        plan: Plan,
        *,
        held_out: Sequence[Pair] = (),
        watched: Sequence[Pair] = (),
        end: int | None = None,
    ) -> None:
        if not pairs:
            raise ModelError("There is no pair to train on.")
        self.model, self.plan, self.pairs = model.eval(), plan, list(pairs)
        self.held_out, self.watched, self.end = list(held_out), list(watched), end
        self.device = next(model.parameters()).device
        if plan.layers:
            freeze_below(model, plan.layers)
        self.weights = [weight for weight in model.parameters() if weight.requires_grad]
        self.adam = torch.optim.AdamW(self.weights, plan.learning_rate, weight_decay=0.0, fused=True)
        self.step = 0
        longest = max(self.pairs, key=lambda pair: len(pair.prompt) + len(pair.chosen))
        sample = batch_of([longest], 0, plan.longest).to(self.device)
        self._parts = _body_and_head(model, sample)
        self._states = prefixes.way(self._parts[0], sample)
        # per pair, before the training: the sum of either answer and the mean of either
        self.reference = self.held_out_reference = torch.empty(0, 4)
        if plan.method in AGAINST_REFERENCE:
            used = sorted({each for step in range(1, plan.steps + 1) for each in self.picked(step)})
            self.reference = torch.zeros(len(self.pairs), 4, device=self.device)
            self.reference[used] = self._scores([self.pairs[each] for each in used])
            self.held_out_reference = self._scores(self.held_out)

    def picked(self, step: int) -> list[int]:
        """Which pairs step 1 … trains on: an order of its own for every epoch, from seed and epoch alone."""
        size = min(self.plan.pairs, len(self.pairs))
        epoch, at = divmod(step - 1, len(self.pairs) // size)
        order = np.random.default_rng((self.plan.seed, epoch)).permutation(len(self.pairs))
        return [int(each) for each in order[at * size : (at + 1) * size]]

    def next_step(self) -> Step:
        """Train on one batch and tell of it; raises FloatingPointError."""
        self.step += 1
        picked = self.picked(self.step)
        scored = self._score([self.pairs[each] for each in picked], training=True)
        parts, told = self._losses(scored, self.reference[picked] if len(self.reference) else None)
        loss = torch.stack(list(parts.values())).sum()
        if not torch.isfinite(loss):
            raise FloatingPointError(f"The loss is no number any more at step {self.step}.")
        if len(parts) == 2 and self._looks:
            told |= self._two_gradients(parts)
        else:
            self.adam.zero_grad()
            loss.backward()
        norm = nn.utils.clip_grad_norm_(self.weights, CLIP)
        for group in self.adam.param_groups:
            group["lr"] = self.plan.rate(self.step)
        self.adam.step()
        rate = self.plan.rate(self.step)
        return self.look({"loss": loss.item(), "grad_norm": norm.item(), "learning_rate": rate, **told})

    @property
    def _looks(self) -> bool:
        return self.step % self.plan.look_every == 0 or self.step == self.plan.steps

    def look(self, log: dict[str, float]) -> Step:
        """Tell of the step that has just been made."""
        samples = self.step % self.plan.sample_every == 0 or self.step == self.plan.steps
        return Step(
            self.step,
            log,
            self.evaluate() if self._looks and self.held_out else None,
            self.token_logps(self.watched) if self._looks else None,
            tuple(map(self.answer, self.watched)) if samples else None,
        )

    def _two_gradients(self, parts: dict[str, Tensor]) -> dict[str, float]:
        """Leave the gradient of the sum, and tell how long that of each part is."""
        total = [torch.zeros_like(weight) for weight in self.weights]
        lengths = {}
        for at, (name, part) in enumerate(parts.items()):
            found = torch.autograd.grad(part, self.weights, retain_graph=at == 0)
            lengths[f"grad_norm/{name}"] = torch.stack([each.norm() for each in found]).norm().item()
            torch._foreach_add_(total, found)
        for weight, gradient in zip(self.weights, total, strict=True):
            weight.grad = gradient
        return lengths

    @torch.no_grad()
    def evaluate(self) -> dict[str, float]:
        """The loss and the numbers of ``_losses`` over all held-out pairs."""
        sums: dict[str, float] = {}
        for at in range(0, len(self.held_out), AT_ONCE):
            some, reference = self.held_out[at : at + AT_ONCE], self.held_out_reference[at : at + AT_ONCE]
            parts, told = self._losses(self._score(some), reference if len(reference) else None)
            told = {"loss": sum(part.item() for part in parts.values()), **told}
            for name, value in told.items():
                sums[name] = sums.get(name, 0.0) + value * len(some) / len(self.held_out)
        return sums

    @torch.no_grad()
    def token_logps(self, pairs: Sequence[Pair]) -> tuple[Tokens, ...]:
        """For each pair the log-probability of every answer token, chosen and rejected."""
        found = []
        for pair in pairs:
            both = batch_of([pair], 0, self.plan.longest).to(self.device)
            logps = self._logps(both, both.answer[:, 1:])
            chosen, rejected = (
                row[counts].cpu().numpy() for row, counts in zip(logps, both.answer[:, 1:], strict=True)
            )
            found.append((chosen, rejected))
        return tuple(found)

    @torch.no_grad()
    def answer(self, pair: Pair) -> tuple[int, ...]:
        """What the model answers to a prompt, always taking the most probable token."""
        ids = torch.tensor([pair.prompt], device=self.device)
        out = self.model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=self.plan.sample_tokens,
            do_sample=False,
            eos_token_id=self.end,
            pad_token_id=self.end or 0,
        )
        return tuple(out[0, len(pair.prompt) :].tolist())

    @torch.no_grad()
    def _scores(self, pairs: Sequence[Pair]) -> Tensor:
        """Per pair the sum of either answer and the mean of either, (pairs, 4)."""
        found = [torch.empty(0, 4, device=self.device)]
        for at in range(0, len(pairs), AT_ONCE):
            scored = self._score(pairs[at : at + AT_ONCE])
            found.append(torch.stack([*scored.sums, *scored.means], 1))
        return torch.cat(found)

    def _score(self, pairs: Sequence[Pair], *, training: bool = False) -> "Scored":
        """Log-probabilities of both answers of each pair, in one forward pass."""
        both = batch_of(pairs, 0, self.plan.longest).to(self.device)
        n = len(pairs)
        # the nll counts prompt and answer of the chosen side, the rest the answers alone
        wanted = torch.cat([both.real[:n, 1:], both.answer[n:, 1:]])
        if training and self.plan.method == "sft":
            # the rejected answers are watched and not learned from
            with torch.no_grad():
                rejected = self._logps(_rows(both, slice(n, None)), wanted[n:])
            logps = torch.cat([self._logps(_rows(both, slice(n)), wanted[:n]), rejected])
        else:
            logps = self._logps(both, wanted)
        sums, means = preference.sums_and_means(logps, both.answer)
        # TRL's CPO takes the nll of the answer alone
        counted = both.answer if self.plan.method == "cpo" else both.real
        nll = preference.chosen_nll(logps, counted)
        return Scored(preference.split(sums), preference.split(means), nll)

    def _logps(self, batch: Batch, wanted: Tensor) -> Tensor:
        """log P of the tokens that are ``wanted``, (rows, T − 1); 0 elsewhere."""
        body, head = self._parts
        if head is None:
            logits = self.model(input_ids=batch.ids, use_cache=False).logits[:, :-1][wanted]
        else:
            logits = head(self._states(body, batch, wanted))
        found = -F.cross_entropy(logits.float(), batch.ids[:, 1:][wanted], reduction="none")
        return torch.zeros(wanted.shape, device=self.device).masked_scatter(wanted, found)

    def _losses(
        self, scored: "Scored", reference: Tensor | None
    ) -> tuple[dict[str, Tensor], dict[str, float]]:
        """The parts whose sum is the loss, and what TRL logs of a batch, with the means of all methods."""
        plan, means, sums, parts = self.plan, scored.means, scored.sums, {}
        own = sums if plan.method in SUMMED else means
        if plan.method in ("sft", "orpo", "cpo"):
            parts["sft"] = scored.nll
        shift = (torch.zeros_like(own[0]), torch.zeros_like(own[1]))
        if plan.method == "orpo":
            parts["or"] = preference.orpo(*means, torch.zeros(()), plan.lam).mean()
        elif plan.method == "simpo":
            parts["preference"] = preference.simpo(*means, plan.beta, plan.gamma).mean()
        elif plan.method == "cpo":
            parts["preference"] = preference.cpo(*sums, 0.0, plan.beta).mean()
        elif plan.method in AGAINST_REFERENCE:
            assert reference is not None
            shift = (reference[:, 0], reference[:, 1]) if plan.method == "dpo" else tuple(reference[:, 2:].T)
            loss = preference.dpo if plan.method == "dpo" else preference.ipo
            parts["preference"] = loss(*own, *shift, plan.beta).mean()
        with torch.no_grad():
            ratio = preference.log_odds_ratio(*means)
            chosen, rejected = (plan.weight * (each - by) for each, by in zip(own, shift, strict=True))
            told = {
                "logps/chosen": own[0],
                "logps/rejected": own[1],
                "mean_logps/chosen": means[0],
                "mean_logps/rejected": means[1],
                "nll_loss": scored.nll,
                "log_odds_chosen": ratio,
                "log_odds_ratio": F.logsigmoid(ratio),
                "mean_accuracies": (means[0] > means[1]).float(),
            }
            if plan.method != "sft":
                told |= {
                    "rewards/chosen": chosen,
                    "rewards/rejected": rejected,
                    "rewards/accuracies": (chosen > rejected).float(),
                    "rewards/margins": chosen - rejected,
                }
            numbers = torch.stack([value.mean() for value in told.values()]).tolist()
            return parts, dict(zip(told, numbers, strict=True))


@dataclass(frozen=True)
class Scored:
    """Log-probabilities of n pairs: sum and mean of both answers, each (n,); the chosen side's nll."""

    sums: tuple[Tensor, Tensor]
    means: tuple[Tensor, Tensor]
    nll: Tensor


def _rows(batch: Batch, rows: slice) -> Batch:
    return Batch(batch.ids[rows], batch.real[rows], batch.answer[rows])


def freeze_below(model: Any, layers: int) -> None:
    """Let only the upper layers learn: a step is cheaper, and the model's lower part stays as it is."""
    stack = max((each for each in model.modules() if isinstance(each, nn.ModuleList)), key=len)
    model.requires_grad_(False)
    for layer in stack[-layers:]:
        layer.requires_grad_(True)


@torch.no_grad()
def _body_and_head(model: Any, batch: Batch) -> tuple[Any, Any]:
    """The model without its last product, and that product, so that it is made only where it is needed.

    Some models do more than this product (they scale or cap it): then (model, None).
    """
    body, head = getattr(model, "base_model", None), model.get_output_embeddings()
    if body is None or body is model or head is None:
        return model, None
    whole = model(input_ids=batch.ids, use_cache=False).logits
    parted = head(body(input_ids=batch.ids, use_cache=False).last_hidden_state)
    return (body, head) if torch.equal(whole, parted) else (model, None)


if __name__ == "__main__":
    from models.train.preference_run import main

    main()
