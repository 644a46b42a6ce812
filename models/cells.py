"""Find a cell: which unit of a character model follows a rule, and what chance alone would find.

A rule gives every character a yes or no (inside quotes, vowel, a regular expression) or a number (bracket
depth, column). Every unit × {gates, c, h} is compared with it on held-out text: a yes or no by AUC, the
probability that the unit ranks a random yes above a random no, or below it, whichever is larger; a number
by the size of its correlation. The same search runs on an untrained model and on labels that were shuffled,
and on labels that were moved along the text, which keep their rhythm.
"""

import math
from collections.abc import Callable
from functools import cache

import numpy as np
import regex
from numpy.typing import NDArray
from scipy.stats import rankdata

from models.errors import TextError
from models.traces import Array
from models.traces_recurrent import CellSearch, Finding, GateTrace

LONGEST_PATTERN = 120  # characters
MOST_REPEATS = 1000  # of all counts like {9} in a pattern, multiplied: a compiler writes nested ones out
PATIENCE = 0.2  # seconds that a pattern may take
BEST = 12  # findings that are kept
CONTROLS = ("untrained", "shuffled", "moved")


class RuleError(TextError):
    """A rule that cannot be used. str() says which and why."""


def quotes(text: str) -> Array:
    """1 between a quotation mark and the next; the marks themselves count to the outside."""
    marks = np.frombuffer(text.encode("utf-32-le"), np.uint32) == ord('"')
    opened = np.cumsum(marks) % 2 == 1
    return (opened & ~marks).astype(float)


def depth(text: str) -> Array:
    """How many brackets are open after a character, never below 0."""
    open_now, out = 0, []
    for character in text:
        open_now = max(0, open_now + (character in "([{") - (character in ")]}"))
        out.append(open_now)
    return np.array(out, float)


def column(text: str) -> Array:
    """The character's place in its line, from 0."""
    out, at = [], 0
    for character in text:
        out.append(at)
        at = 0 if character == "\n" else at + 1
    return np.array(out, float)


def indent(text: str) -> Array:
    """How far the character's line is indented."""
    out: list[int] = []
    for line in text.split("\n"):
        out += [len(line) - len(line.lstrip(" "))] * (len(line) + 1)
    return np.array(out[:-1], float)


def vowels(text: str) -> Array:
    """1 at a vowel."""
    return np.array([character in "aeiouAEIOU" for character in text], float)


def matches(pattern: str) -> Callable[[str], Array]:
    """1 inside a match of a regular expression. Raises RuleError for one that is wrong or takes too long."""
    if not pattern or len(pattern) > LONGEST_PATTERN:
        raise RuleError(f"A pattern has 1 to {LONGEST_PATTERN} characters; this one has {len(pattern)}.")
    repeats = math.prod(int(most) for most in regex.findall(r"(\d+)\s*\}", pattern) if int(most))
    if repeats > MOST_REPEATS:
        raise RuleError(
            f"“{pattern}” repeats {repeats:,} times, its counts multiplied; the most is {MOST_REPEATS:,}."
        )
    try:
        wanted = regex.compile(pattern, regex.MULTILINE)
    except (regex.error, OverflowError, RecursionError, MemoryError) as error:
        raise RuleError(f"“{pattern}” is no regular expression: {error}.") from error

    def rule(text: str) -> Array:
        out = np.zeros(len(text))
        try:
            for match in wanted.finditer(text, timeout=PATIENCE):
                out[match.start() : match.end()] = 1
        except TimeoutError as error:
            raise RuleError(
                f"“{pattern}” takes longer than {PATIENCE} s on {len(text):,} characters; make it simpler."
            ) from error
        return out

    return rule


RULES: dict[str, Callable[[str], Array]] = {
    "quotes": quotes,
    "depth": depth,
    "column": column,
    "indent": indent,
    "vowel": vowels,
}
NUMBERS = ("depth", "column", "indent")  # rules that give a number; the others give yes or no


def series(trace: GateTrace) -> dict[str, NDArray[np.float32]]:
    """All gates and states of a trace, each (parts, steps, units); a part is a layer in a direction."""
    values = dict(trace.gates)
    if trace.kind == "RNN":
        values = {}  # its candidate is its hidden state
    if trace.cell is not None:
        values["cell"] = trace.cell
    values["hidden"] = trace.hidden
    return {name: each.reshape(-1, *each.shape[-2:]) for name, each in values.items()}


def scores(values: NDArray[np.float32], labels: Array, *, number: bool) -> Array:
    """How well each column of values (steps, many) follows labels (steps,); signed, from −1 to 1 or 0 to 1.

    |r| is printed of a number's correlation r; of an AUC a, whichever of a and 1 − a is larger.
    """
    return _follow(_comparable(values, number=number), labels, number=number)


def _comparable(values: NDArray[np.float32], *, number: bool) -> Array:
    """What labels are compared with: the centred values for a number, their ranks for a yes or no."""
    return values - values.mean(0, dtype=np.float64) if number else rankdata(values, axis=0)


def _follow(values: Array, labels: Array, *, number: bool) -> Array:
    """Correlation with centred values, or AUC from ranks."""
    if number:
        wanted = labels - labels.mean()
        spread = np.sqrt((values**2).sum(0) * (wanted**2).sum())
        return np.divide(wanted @ values, spread, out=np.zeros(len(spread)), where=spread > 1e-12)
    yes = (labels > 0).astype(float)
    count = yes.sum()
    return np.asarray((yes @ values - count * (count + 1) / 2) / (count * (len(labels) - count)))


def strength(score: Array, *, number: bool) -> Array:
    """What is ranked: |r|, or the larger of AUC and 1 − AUC."""
    return np.abs(score) if number else np.maximum(score, 1 - score)


def search(
    trained: GateTrace, untrained: GateTrace, labels: Array, *, number: bool, seed: int = 0
) -> CellSearch:
    """Rank every unit × series by how well it follows the labels, and the best that chance finds.

    Both traces read the same text, whose characters the labels (steps,) describe. Raises RuleError for labels
    that are the same everywhere.
    """
    if labels.min() == labels.max():
        raise RuleError("The rule says the same of every character, so no unit can follow it.")
    own = series(trained)
    wide = np.concatenate([part for each in own.values() for part in each], 1)  # (steps, series·parts·units)
    values = _comparable(wide, number=number)  # once for three searches
    found = _follow(values, labels, number=number)
    ranked = strength(found, number=number)
    parts, _, units = next(iter(own.values())).shape
    best = []
    for at in np.argsort(-ranked, kind="stable")[:BEST]:
        which, rest = divmod(int(at), parts * units)
        part, unit = divmod(rest, units)
        best.append(Finding(list(own)[which], part, unit, float(found[at]), float(ranked[at])))
    draw = np.random.default_rng(seed)
    others = np.concatenate([part for each in series(untrained).values() for part in each], 1)
    moved = np.roll(labels, int(draw.integers(len(labels) // 4, 3 * len(labels) // 4 + 1)))
    chance = {
        "untrained": scores(others, labels, number=number),
        "shuffled": _follow(values, draw.permutation(labels), number=number),
        "moved": _follow(values, moved, number=number),
    }
    return CellSearch(
        number=number,
        best=tuple(best),
        chance={name: float(strength(each, number=number).max()) for name, each in chance.items()},
        candidates=wide.shape[1],
        steps=len(labels),
        share=float((labels > 0).mean()),
    )


@cache
def held_out(characters: int = 6000) -> str:
    """Text of the kind that the models learned from, which none of them has read."""
    from models.train.corpus import HELD_OUT_SEED, text

    return text(HELD_OUT_SEED, characters)


def threshold(values: Array, labels: Array) -> float:
    """Half-way between a unit's mean where the labels say yes and where they say no."""
    yes = labels > 0
    return float(values[yes].mean() + values[~yes].mean()) / 2


def stretches(on: NDArray[np.bool_], least: int = 3) -> list[tuple[int, int]]:
    """The runs of True that are at least ``least`` long, as (start, end)."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], on.astype(np.int8), [0]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= least]
