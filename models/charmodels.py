"""The five character models that ship: RNN, GRU, LSTM, two stacked LSTM layers, and one that reads both ways.

A model reads one character a step, as one-hot input. The first four predict the next character from
those up to here; the bidirectional one predicts each character from all others, before it and after it.
``python -m models.train.recurrent`` made them; the cards lie beside the weights.
"""

import time
from importlib.metadata import version

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor, nn

from models.charcards import CHECKPOINTS
from models.errors import NotHere, TextError, UnknownModel
from models.recurrent import trace_gates
from models.traces import Provenance
from models.traces_recurrent import CharCard, CharTrace

UNITS = 96
KINDS: dict[str, tuple[type[nn.RNNBase], int, bool]] = {
    "rnn": (nn.RNN, 1, False),
    "gru": (nn.GRU, 1, False),
    "lstm": (nn.LSTM, 1, False),
    "lstm2": (nn.LSTM, 2, False),
    "bilstm": (nn.LSTM, 1, True),
}
# The characters of the training text, and in front one that stands for all others.
UNSEEN = "\N{REPLACEMENT CHARACTER}"
ALPHABET = UNSEEN + "\n !\"'(),-.0123456789:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
PLACE = {character: at for at, character in enumerate(ALPHABET)}


class CharModel(nn.Module):
    """One-hot characters → recurrent layers → logits of the character to predict."""

    def __init__(self, kind: str, units: int = UNITS) -> None:
        super().__init__()
        recurrent, layers, both = KINDS[kind]
        self.both = both
        self.rnn = recurrent(len(ALPHABET), units, layers, bidirectional=both)
        self.head = nn.Linear(units * (2 if both else 1), len(ALPHABET))

    def logits(self, output: Tensor) -> Tensor:
        """Logits from the last layer's output (steps, …, units · directions).

        Row t is about character t + 1. Reading both ways, it is about character t itself: from the forward
        state before it and the backward state after it.
        """
        if not self.both:
            logits: Tensor = self.head(output)
            return logits
        forward, backward = output.chunk(2, -1)
        nothing = torch.zeros_like(forward[:1])
        around = torch.cat(
            (torch.cat((nothing, forward[:-1])), torch.cat((backward[1:], nothing))), -1
        )  # (steps, …, 2 · units)
        return self.head(around)


def encode(text: str) -> NDArray[np.int64]:
    """The place of each character in the alphabet; 0 for one the models never saw."""
    return np.array([PLACE.get(character, 0) for character in text], np.int64)


def one_hot(codes: NDArray[np.int64]) -> Tensor:
    """(…, len(ALPHABET)) float32."""
    return nn.functional.one_hot(torch.from_numpy(codes), len(ALPHABET)).float()


def load(model_id: str) -> CharModel:
    """A model that ships, ready to read. Raises UnknownModel, NotHere."""
    if model_id not in KINDS:
        raise UnknownModel(f"There is no character model {model_id!r}; there are {', '.join(KINDS)}.")
    file = CHECKPOINTS / f"characters-{model_id}.safetensors"
    if not file.exists():
        raise NotHere(f"{file.name} is missing; `python -m models.train.recurrent {model_id}` makes it.")
    model = CharModel(model_id)
    model.load_state_dict(load_file(file))
    return model.eval().requires_grad_(False)


def untrained(model_id: str, seed: int = 0) -> CharModel:
    """The same model before any training, from a seed: what chance alone finds in it."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return CharModel(model_id).eval().requires_grad_(False)


@torch.no_grad()
def read(text: str, model: CharModel, card: CharCard) -> CharTrace:
    """Let a model read a text. Raises TextError for an empty one."""
    if not text:
        raise TextError("There is no text; type at least one character, and each becomes one step.")
    started = time.perf_counter()
    codes = encode(text)
    gates = trace_gates(model.rnn, one_hot(codes))
    top = np.concatenate(list(gates.hidden[-1]), -1)  # (steps, directions · units)
    probabilities = model.logits(torch.from_numpy(top)).softmax(-1).numpy()
    given = (
        probabilities[np.arange(len(codes)), codes]
        if model.both
        else probabilities[:-1][np.arange(len(codes) - 1), codes[1:]]
    )
    bits = -np.log2(given.astype(np.float64))
    return CharTrace(
        characters=tuple(text),
        codes=codes,
        alphabet=ALPHABET,
        gates=gates,
        probabilities=probabilities,
        bits=bits if model.both else np.concatenate(([np.nan], bits)),
        card=card,
        provenance=Provenance(
            model=f"{card.name}, {card.units} units",
            revision=f"weights {card.sha256[:8]}",
            precision="float32",
            device="cpu",
            tokens=len(codes),
            milliseconds=(time.perf_counter() - started) * 1000,
            versions={"torch": version("torch")},
            note=f"{card.bits:.2f} bits a held-out character",
        ),
    )
