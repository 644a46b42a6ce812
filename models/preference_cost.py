"""One training step by SFT, ORPO and DPO on this machine: milliseconds, and bytes that stay in memory."""

import copy
import time
from collections.abc import Callable

import torch
from torch import Tensor, nn

from models.preference import chosen_nll, dpo, orpo, split, sums_and_means, token_logps
from models.traces_preference import StepCost

WORDS, WIDTH, LAYERS, HEADS = 2_048, 192, 4, 6
PAIRS, TOKENS, PROMPT = 4, 64, 16
ROUNDS = 9
METHODS = ("SFT", "ORPO", "DPO")


class Small(nn.Module):
    """A causal transformer with random weights; what it says does not matter to a clock."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(WORDS, WIDTH)
        layer = nn.TransformerEncoderLayer(
            WIDTH, HEADS, 4 * WIDTH, dropout=0, batch_first=True, norm_first=True
        )
        self.layers = nn.TransformerEncoder(layer, LAYERS, enable_nested_tensor=False)
        self.out = nn.Linear(WIDTH, WORDS)
        self.register_buffer("mask", nn.Transformer.generate_square_subsequent_mask(TOKENS))

    def forward(self, ids: Tensor) -> Tensor:
        """(rows, T) → logits (rows, T, words)."""
        return self.out(self.layers(self.words(ids), mask=self.mask, is_causal=True))


def measure(progress: Callable[[int, int], object] | None = None, rounds: int = ROUNDS) -> list[StepCost]:
    """The fastest of ``rounds`` steps each, taking turns, since other work only adds time; float32, CPU."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        ids = torch.randint(WORDS, (2 * PAIRS, TOKENS))
        models = {method: Small() for method in METHODS}
    answer = torch.zeros_like(ids, dtype=torch.bool)
    answer[:, PROMPT:] = True
    reference = copy.deepcopy(models["DPO"]).requires_grad_(False)
    adams = {method: torch.optim.AdamW(model.parameters(), 1e-5) for method, model in models.items()}
    spent: dict[str, list[float]] = {method: [] for method in METHODS}

    def step(method: str) -> None:
        rows = ids[:PAIRS] if method == "SFT" else ids
        logps = token_logps(models[method](rows), rows)
        if method == "SFT":
            loss = -logps.mean()
        else:
            sums, means = sums_and_means(logps, answer)
            if method == "ORPO":
                loss = orpo(*split(means), chosen_nll(logps, torch.ones_like(answer)), 0.5).mean()
            else:
                with torch.no_grad():
                    before, _ = sums_and_means(token_logps(reference(rows), rows), answer)
                loss = dpo(*split(sums), *split(before), 0.1).mean()
        adams[method].zero_grad()
        loss.backward()
        adams[method].step()

    for turn in range(rounds + 1):
        for place, method in enumerate(METHODS):
            if progress:
                progress(turn * len(METHODS) + place, (rounds + 1) * len(METHODS))
            started = time.perf_counter()
            step(method)
            if turn:  # the first fills Adam's state
                spent[method].append(time.perf_counter() - started)
    return [
        StepCost(
            method,
            1000 * min(spent[method]),
            _bytes(models[method], adams[method]) + (_bytes(reference) if method == "DPO" else 0),
            sum(weights.numel() for weights in models[method].parameters()),
            torch.get_num_threads(),
        )
        for method in METHODS
    ]


def _bytes(model: nn.Module, adam: torch.optim.Optimizer | None = None) -> int:
    """Weights, their gradients and an optimiser's state."""
    tensors = [*model.parameters(), *(each.grad for each in model.parameters() if each.grad is not None)]
    if adam is not None:
        tensors += [value for state in adam.state.values() for value in state.values()]
    return sum(tensor.nbytes for tensor in tensors)
