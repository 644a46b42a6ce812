"""The cards of the seq2seq models that ship; read without torch, so that a page can name them at once."""

import json
from dataclasses import dataclass
from functools import cache

from models.charcards import CHECKPOINTS

NAMES = {
    "plain": "LSTM, one context vector",
    "bahdanau": "LSTM with Bahdanau attention",
    "luong": "LSTM with Luong attention",
    "transformer": "Transformer",
}
USUAL = 32  # numbers of the context vector
WIDTHS = {"dates": (8, 32, 128), "reverse": (8, 32, 128), "phrases": (32,)}


@dataclass(frozen=True)
class Seq2SeqCard:
    """What a visitor is told about one model; ``id`` is task-kind, with -width where that is not the usual.

    ``exact`` is the share of ``held_out`` fresh examples that come out right to the last token when the
    model runs free; ``exact_long`` that of those whose source is longer than 20
    tokens, None where there are none.
    """

    id: str
    task: str
    kind: str
    width: int | None
    parameters: int
    exact: float
    exact_long: float | None
    held_out: int
    data: str
    licence: str
    command: str
    seed: int
    steps: int
    device: str
    made: str
    sha256: str
    versions: dict[str, str]


@cache
def cards() -> dict[str, Seq2SeqCard]:
    """By id."""
    found = json.loads((CHECKPOINTS / "seq2seq.json").read_text("utf-8"))
    return {each["id"]: Seq2SeqCard(**each) for each in found}


def model_id(task: str, kind: str, width: int | None = None) -> str:
    """The id of a model that ships."""
    return f"{task}-{kind}" + (f"-{width}" if width not in (None, USUAL) else "")
