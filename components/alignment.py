"""Pictures of one sequence turned into another: alignment, answers place by place, the tree of a beam.

The browser's halves are components/figures/alignment.js, answers.js and beam.js.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from components.colours import palette
from components.figures import figure, message
from models.traces_seq2seq import END_MARK, Seq2SeqTrace

_ALIGNMENT, _ANSWERS, _BEAM = map(figure, ("alignment", "answers", "beam"))
SCHEMES = ("light", "dark")


@dataclass(frozen=True)
class Answer:
    """One row: who answers, its tokens, the places of the wrong ones, a verdict in few words.

    ``good`` colours the verdict, None leaves it grey. A row with an ``id`` can be chosen.
    """

    name: str
    tokens: Sequence[str]
    wrong: Sequence[int]
    note: str
    good: bool | None = None
    id: str = ""


def answers(
    rows: Sequence[Answer], *, words: bool, label: str, key: str, chosen: str = "", param: str = ""
) -> None:
    """Draw answers one under the other; a click on one puts its id into the address as ``param``."""
    header = {
        "rows": [asdict(row) for row in rows],
        "words": words,
        "chosen": chosen,
        "param": param,
        "label": label,
    }
    _ANSWERS(data=message(header), key=key)


def alignment(
    trace: Seq2SeqTrace,
    *,
    head: int,
    at: int | None,
    truth: bool,
    prefix: str,
    label: str,
    key: str,
    height: float = 330,
) -> None:
    """Draw source and target with the weights between them, or the one vector that stands between them.

    ``head`` and ``at``, a target step or None, go to the address as {prefix}_head and {prefix}_at.
    ``truth`` lays the true alignment over the weights, where it is known. ``height`` is in pixels, or up to 1
    a share of the window's. An answer that takes the place of another is written token by token.
    """
    right = trace.right
    wanted = () if trace.expected is None else (*trace.expected, END_MARK)
    should = [
        "" if right is None or right[step] or step >= len(wanted) else wanted[step]
        for step in range(len(trace.target))
    ]
    header = {
        "id": f"{trace.task} {trace.model} {''.join(trace.source)} {truth}",
        "source": trace.source,
        "unseen": trace.unseen,
        "target": trace.target,
        "right": right,
        "should": should,
        "likely": [
            {"own": float(np.exp(own)), "tokens": likely}
            for own, likely in zip(trace.log_probs, trace.likely, strict=True)
        ],
        "heads": trace.heads,
        "head": head,
        "at": at,
        "aligned": trace.aligned if truth else None,
        "context": 0 if trace.context is None else len(trace.context),
        "params": {"head": f"{prefix}_head", "at": f"{prefix}_at"},
        "palette": {scheme: palette("sequential", scheme) for scheme in SCHEMES},
        "signed": {scheme: palette("diverging", scheme) for scheme in SCHEMES},
        "hint": "Point at a row: what its token looked at is painted on the source. A click holds it."
        if trace.heads
        else "Point at a row: the probability of its token. All rows see the same vector and nothing else.",
        "label": label,
        "height": height,
    }
    values = trace.attention if trace.context is None else trace.context
    _ALIGNMENT(data=message(header, values), key=key)


def beam(trace: Seq2SeqTrace, *, label: str, key: str, height: int = 330) -> None:
    """Draw every beginning that the beam held, the winner's way marked."""
    header = {
        "branches": [
            {
                "parent": branch.parent,
                "step": branch.step,
                "token": branch.token,
                "own": branch.log_prob,
                "total": branch.total,
                "won": branch.won,
            }
            for branch in trace.branches
        ],
        "words": trace.task == "phrases",
        "hint": "Blue is the way to the answer. Point at a token: how likely the beginning up to it is.",
        "label": label,
        "height": height,
    }
    _BEAM(data=message(header), key=key)
