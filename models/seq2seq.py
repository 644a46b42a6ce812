"""Encoder–decoder models that turn one sequence into another, with every weight on the way.

``translate`` runs a shipped model on a text, greedy or with a beam. ``python -m models.train.seq2seq`` made
the models; models/seq2seqtasks.py makes their examples.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from random import Random

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor, nn

from models.charcards import CHECKPOINTS
from models.errors import NotHere, TextError, UnknownModel
from models.seq2seqcards import NAMES, cards, model_id
from models.seq2seqnets import (
    BEGIN,
    END,
    HEADS,
    LAYERS,
    NETWORKS,
    PAD,
    SPECIAL,
    UNSEEN,
    Plain,
    Reading,
    Transformer,
)  # fmt: skip
from models.seq2seqtasks import LETTERS, Example, aligned, alphabets, expected, some_letters, tokens
from models.traces import Array, Provenance
from models.traces_seq2seq import END_MARK, Branch, Seq2SeqTrace

LONGEST = 60  # tokens of a source that are read
MOST = 64  # tokens of a target before a model that finds no end is stopped
BEAMS = 5
LIKELY = 5  # tokens a step that are named with their probability


@dataclass(frozen=True)
class Vocabulary:
    """The tokens of a task by code; the first four are no tokens of the text."""

    source: tuple[str, ...]
    target: tuple[str, ...]

    @staticmethod
    @cache
    def of(task: str) -> "Vocabulary":
        source, target = alphabets(task)
        special = ("", "", END_MARK, "\N{REPLACEMENT CHARACTER}")
        return Vocabulary(special + source, special + target)

    def source_codes(self, pieces: Sequence[str]) -> list[int]:
        """Codes of source tokens, UNSEEN where the models never met one."""
        place = {token: at for at, token in enumerate(self.source) if at >= SPECIAL}
        return [place.get(piece, UNSEEN) for piece in pieces]

    def target_codes(self, pieces: Sequence[str]) -> list[int]:
        """Codes from BEGIN to END of target tokens."""
        place = {token: at for at, token in enumerate(self.target) if at >= SPECIAL}
        return [BEGIN, *(place.get(piece, UNSEEN) for piece in pieces), END]

    def batch(self, some: Sequence[Example]) -> tuple[Tensor, Tensor]:
        """Padded codes: sources (n, longest) and targets (n, longest + 2), with BEGIN and END."""
        return (
            padded([self.source_codes(one.source) for one in some]),
            padded([self.target_codes(one.target) for one in some]),
        )


def padded(rows: Sequence[list[int]]) -> Tensor:
    """Rows of codes as one tensor, PAD behind the shorter ones."""
    longest = max(map(len, rows))
    return torch.tensor([row + [PAD] * (longest - len(row)) for row in rows])


@cache
def load(name: str) -> nn.Module:
    """A model that ships, ready to run, in float32. Raises UnknownModel, NotHere."""
    if name not in cards():
        raise UnknownModel(f"There is no model {name!r}; there are {', '.join(cards())}.")
    card = cards()[name]
    file = CHECKPOINTS / f"seq2seq-{name}.safetensors"
    if not file.exists():
        raise NotHere(f"{file.name} is missing; `python -m models.train.seq2seq {name}` makes it.")
    vocabulary = Vocabulary.of(card.task)
    wide = {"width": card.width} if card.width else {}
    model = NETWORKS[card.kind](len(vocabulary.source), len(vocabulary.target), **wide)
    model.load_state_dict({key: value.float() for key, value in load_file(file).items()})
    return model.eval().requires_grad_(False)


@torch.no_grad()
def exact(model: nn.Module, task: str, some: Sequence[Example]) -> NDArray[np.bool_]:
    """Which examples the model, running free and greedy, gets right to the last token.

    Greedy is right exactly if, given the right beginning, each next token is right: one pass tells.
    """
    source, target = Vocabulary.of(task).batch(some)
    said = model(source, target[:, :-1]).logits.argmax(-1)
    right: Tensor = ((said == target[:, 1:]) | (target[:, 1:] == PAD)).all(1)
    return right.numpy()


def next_log_probs(model: nn.Module, source: Tensor, begun: Tensor) -> Tensor:
    """(branches, tokens) log-probabilities of what follows each beginning (branches, steps); PAD, BEGIN and
    UNSEEN are no answers."""
    logits = model(source.expand(len(begun), -1), begun).logits[:, -1].clone()
    logits[:, [PAD, BEGIN, UNSEEN]] = -torch.inf
    return logits.log_softmax(-1)


@torch.no_grad()
def search(
    model: nn.Module, source: Tensor, beam: int, words: Sequence[str]
) -> tuple[list[int], tuple[Branch, ...]]:
    """The target codes with END, and the tree of all branches that the beam ever held.

    The score of a branch is the sum of its log-probabilities, unscaled by length. A beam that dropped the
    greedy answer on its way can end below it; then the greedy answer stands.
    """
    begun, totals, parents = torch.tensor([[BEGIN]]), torch.zeros(1), [-1]
    branches: list[Branch] = []
    ended: list[tuple[float, int, list[int]]] = []
    for step in range(MOST):
        log_probs = next_log_probs(model, source, begun)
        sums = (totals[:, None] + log_probs).flatten()
        best = sums.topk(min(beam, int(sums.isfinite().sum())))
        kept: list[tuple[int, int, int]] = []
        for total, at in zip(best.values.tolist(), best.indices.tolist(), strict=True):
            row, token = divmod(at, log_probs.shape[1])
            branches.append(
                Branch(parents[row], step, words[token], float(log_probs[row, token]), total, False)
            )
            if token == END:
                ended.append((total, len(branches) - 1, [*begun[row, 1:].tolist(), END]))
            else:
                kept.append((row, token, len(branches) - 1))
        # No branch can still win once its sum is below that of an ended one: sums only fall
        best_ended = max((total for total, *_ in ended), default=-float("inf"))
        kept = [one for one in kept if branches[one[2]].total > best_ended]
        if not kept:
            break
        rows, latest, parents = (list(each) for each in zip(*kept, strict=True))
        begun = torch.cat((begun[rows], torch.tensor(latest)[:, None]), 1)
        totals = torch.tensor([branches[place].total for place in parents])
    if not ended:  # it never found an end
        ended = [(branches[parents[0]].total, parents[0], begun[0, 1:].tolist())]
    total, place, codes = max(ended, key=lambda one: one[0])
    if beam > 1:
        greedy, alone = search(model, source, 1, words)
        if alone[-1].total > total + 1e-6:
            return greedy, alone
    while place >= 0:
        branches[place] = replace(branches[place], won=True)
        place = branches[place].parent
    return codes, tuple(branches)


def translate(
    text: str | Sequence[str],
    *,
    model: str,
    task: str,
    beam: int = 1,
    target: Sequence[str] | None = None,
    width: int | None = None,
) -> Seq2SeqTrace:
    """Let a model turn a text into its target.

    ``model`` is a kind of seq2seqcards.NAMES, ``task`` one of seq2seqtasks.TASKS, ``beam`` 1 (greedy) to
    BEAMS, ``width`` that of the plain model's context vector. With ``target`` the model is forced along it
    (teacher forcing). Raises TextError for an empty or too long text, UnknownModel, NotHere.
    """
    source = tokens(task, text) if isinstance(text, str) else tuple(text)
    if not source:
        raise TextError("There is nothing to translate; type at least one character.")
    if len(source) > LONGEST:
        raise TextError(
            f"That is {len(source):,} tokens; these small models read up to {LONGEST}. Please shorten it."
        )
    started = time.perf_counter()
    name = model_id(task, model, width)
    network, vocabulary = load(name), Vocabulary.of(task)
    read = vocabulary.source_codes(source)
    codes = torch.tensor([read])
    if target is None:
        said, branches = search(network, codes, min(max(beam, 1), BEAMS), vocabulary.target)
    else:
        said, branches = vocabulary.target_codes(target)[1:], ()
    begun = torch.tensor([[BEGIN, *said[:-1]]])
    with torch.no_grad():
        reading: Reading = network(codes, begun)
    logits = reading.logits[0]
    logits[:, [PAD, BEGIN, UNSEEN]] = -torch.inf
    log_probs = logits.double().log_softmax(-1)
    written = tuple(vocabulary.target[code] for code in said)
    likeliest = tuple(vocabulary.target[code] for code in logits.argmax(-1).tolist())
    likely = log_probs.exp().topk(LIKELY)
    card = cards()[name]
    return Seq2SeqTrace(
        task=task,
        model=model,
        source=source,
        unseen=tuple(code == UNSEEN for code in read),
        target=written if target is None else (*target, END_MARK),
        said=likeliest if target is not None else written,
        expected=expected(task, source),
        aligned=aligned(task, source),
        context=reading.memory[0].numpy() if model == "plain" else None,
        forced=target is not None,
        heads=heads_of(network),
        attention=array(reading.cross, (0, len(said), len(source))),
        source_attention=None if reading.source is None else array(reading.source),
        target_attention=None if reading.target is None else array(reading.target),
        log_probs=log_probs[torch.arange(len(said)), said].numpy(),
        likely=tuple(
            tuple((vocabulary.target[code], probability) for code, probability in zip(*row, strict=True))
            for row in zip(likely.indices.tolist(), likely.values.tolist(), strict=True)
        ),
        branches=branches,
        provenance=Provenance(
            model=f"{NAMES[model]}, {card.parameters:,} weights",
            revision=f"weights {card.sha256[:8]}",
            precision="float32",
            device="cpu",
            tokens=len(source) + len(said),
            milliseconds=(time.perf_counter() - started) * 1000,
            versions={"torch": version("torch")},
            note=f"{card.exact:.1%} of {card.held_out:,} held-out examples right to the last token",
        ),
    )


def array(weights: Tensor | None, without: tuple[int, ...] = ()) -> NDArray[np.float32]:
    """The first of a batch as NumPy, or zeros of the shape ``without``."""
    return np.zeros(without, np.float32) if weights is None else weights[0].numpy()


def heads_of(network: nn.Module) -> tuple[str, ...]:
    """Names of the rows of ``Seq2SeqTrace.attention``."""
    if isinstance(network, Plain):
        return ()
    if isinstance(network, Transformer):
        return tuple(
            f"layer {layer + 1}, head {head + 1}" for layer in range(LAYERS) for head in range(HEADS)
        )
    return ("attention",)


@torch.no_grad()
def contexts(model: nn.Module, task: str, some: Sequence[Example]) -> Array:
    """(examples, width) the context vectors of a model that has one."""
    source, target = Vocabulary.of(task).batch(some)
    return model(source, target[:, :1]).memory.double().numpy()


def still_known(width: int, length: int, *, count: int = 1500, seed: int = 3) -> Array:
    """(length,) how often a linear probe reads the letter at each place out of the context vector.

    Ridge regression onto the 26 letters, one for each place, fitted on ``count`` random strings of that
    length and scored on as many others. Chance is 1/26.
    """
    random = Random(seed)
    some = [some_letters(random, length) for _ in range(2 * count)]
    x = contexts(load(model_id("reverse", "plain", width)), "reverse", some)
    x = np.hstack((x, np.ones((len(x), 1))))
    letters = np.array([Vocabulary.of("reverse").source_codes(one.source) for one in some]) - SPECIAL
    wanted = np.eye(len(LETTERS))[letters[:count]].reshape(count, -1)  # (count, length · 26)
    fit, fresh = x[:count], x[count:]
    weights = np.linalg.solve(fit.T @ fit + np.eye(x.shape[1]), fit.T @ wanted)
    guessed = (fresh @ weights).reshape(count, length, -1).argmax(-1)
    return (guessed == letters[count:]).mean(0)
