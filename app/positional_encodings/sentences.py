"""What a setting of positional encodings says in sentences, with its numbers."""

from collections.abc import Sequence

import numpy as np

from app.positional_encodings.encodings import (
    LEARNED,
    NAIVE,
    NAMES,
    SINUSOIDAL,
    TURNING,
    Array,
    Setting,
    by_distance,
    figure,
)
from models import positions
from models.traces import Score, Scoreboard, ShuffleTrace

NUMBERS = {
    "unique": "{} apart",
    "bounded": "up to {}",
    "any length": "change {}",
    "distance": "rank r {}",
    "shift": "error {}",
    "beyond": "{}",
}
BEYOND = {
    **dict.fromkeys(LEARNED, "{} rows"),
    "alibi": "{:.0%} of weight",
    "t5": "{:.0f} new buckets",
    "integers": "values × {:.1f}",
    "fractions": "steps × {:.1f}",
    "squashed": "adds {}",
}


def heat_sentences(setting: Setting, at: int) -> list[str]:
    """What the heat map shows, in three sentences with its numbers."""
    width = setting.width
    if setting.card:
        rows, name = setting.rows, setting.card.name
        first = f"Row {at} is one of {rows:,} that {name} learnt: {width} numbers, no formula."
        if at >= rows:
            first = f"{name} was trained with {rows:,} rows of {width} numbers; position {at} has none."
        gone = (
            f"Positions {rows} to {setting.n - 1} have no row: there is nothing to look up."
            if setting.n > rows
            else "No column keeps a steady beat: the order is there, but nobody wrote down how."
        )
        return [first, neighbours(setting, at), gone]
    if setting.scheme in NAIVE:
        table = setting.table[:, 0]
        early = min(5, setting.n - 1)
        step = abs(np.diff(table)).min() if setting.scheme != "squashed" else None
        first = {
            "integers": f"The last position is {setting.n - 1:,}: the numbers grow with the text.",
            "fractions": f"Neighbours differ by {figure(step or 0)}: one over the length. "
            "In a text of another length the same place has another number.",
            "squashed": f"Position 0 is 0.5, position {early} already {table[early]:.4f}.",
        }[setting.scheme]
        second = f"Position {at} is {figure(table[at])}; all {width} columns say the same."
        third = {
            "integers": "Beside word vectors of size 1 such numbers drown the word.",
            "fractions": "A step of one place, learnt at one length, is misread at another.",
            "squashed": f"From position 99 to 100 it rises by only {figure(np.exp(-99.0) - np.exp(-100.0))}: "
            "not even 64-bit numbers keep them apart.",
        }[setting.scheme]
        return [first, second, third]
    waves = setting.wavelengths
    if setting.scheme in SINUSOIDAL:
        first = f"Row {at} is the code of position {at}: {width} numbers between −1 and 1."
        where = (
            f"The left columns repeat every {figure(waves[0])} positions, "
            f"the right ones every {figure(waves[-1])}."
            if setting.scheme == "sinusoidal"
            else f"Sines stand left and cosines right; in each half the wave grows from {figure(waves[0])} "
            f"to {figure(waves[-1])} positions."
        )
    else:
        first = (
            "RoPE adds nothing to a word; it turns queries and keys. "
            f"Row {at} is a vector of ones, turned {at} steps."
        )
        where = (
            f"The fastest pair is round every {figure(waves[0])} positions, "
            f"the slowest every {figure(waves[-1])}."
        )
        longer = positions.rope_frequencies(setting.d, setting.base, setting.rope_scaling)[1]
        if longer != 1:
            where += f" YaRN also makes queries and keys {figure(longer)} times as long."
    return [first, where, neighbours(setting, at)]


def compared(drawn: Sequence[tuple[str, Setting]], at: int) -> list[str]:
    """What two settings say of one position."""
    return [f"**{name[0].upper()}{name[1:]}**: {neighbours(setting, at)}" for name, setting in drawn]


def neighbours(setting: Setting, at: int) -> str:
    """How like its neighbours a position is."""
    row = setting.similarity_to(at)
    if np.isnan(row[at]):
        return f"So position {at} cannot be compared with any other."
    near = [p for p in (at - 1, at + 1) if 0 <= p < setting.n]
    far = at + 10 if at + 10 < setting.n else max(0, at - 10)
    names = " and ".join(map(str, near))
    return (
        f"Position {at} is most like {names} ({setting.measure} {figure(float(np.nanmax(row[near])))}); "
        f"with {far} it is {figure(row[far])}."
        if set(np.argsort(np.nan_to_num(row, nan=-9))[-len(near) - 1 :]) == {at, *near}
        else f"With {names} position {at} has a {setting.measure} of {figure(row[near[0]])}, "
        f"with {far} {figure(row[far])}."
    )


def distance_sentences(drawn: Sequence[tuple[str, Setting]]) -> list[str]:
    """What the picture of similarity against distance shows, of one setting or of two side by side."""
    (name, setting), *rest = drawn
    mean, low, high = by_distance(setting.similarity)
    spread = float(np.nanmax(high - low))

    def values(mean: Array) -> str:
        places = [k for k in (1, 10, 100) if k < len(mean) and not np.isnan(mean[k])]
        return ", ".join(f"{figure(mean[k])} at distance {k}" for k in places)

    if rest:
        other, beside = rest[0]
        return [
            f"With {name} the mean {setting.measure} is {values(mean)}.",
            f"With {other} it is {values(by_distance(beside.similarity)[0])}.",
        ]
    return [
        f"On average the {setting.measure} is {values(mean)}.",
        "It depends on the distance alone: no pair of positions strays from the line."
        if spread < 1e-9
        else f"It depends on the place too: at one distance it varies by up to {figure(spread)}.",
        "It falls and waves: a lower value does not always mean farther away."
        if (np.diff(mean[~np.isnan(mean)]) > 1e-9).any() and setting.scheme not in NAIVE
        else "It rises or falls all the way."
        if setting.scheme not in NAIVE
        else "A product that grows with the position says nothing about how near two places are.",
    ]


def pairs_sentences(setting: Setting, at: int) -> list[str]:
    """What the picture of all pairs shows."""
    _, low, high = by_distance(setting.similarity)
    spread = float(np.nanmax(high - low))
    return [
        "Each diagonal has one colour: only the distance counts, not the place."
        if spread < 1e-9
        else f"The diagonals are uneven: at one distance the value varies by up to {figure(spread)}.",
        neighbours(setting, at),
        f"The largest value is {figure(float(np.nanmax(setting.similarity)))}, the smallest "
        f"{figure(float(np.nanmin(setting.similarity)))}.",
    ]


def curves_sentences(setting: Setting, dimensions: Sequence[int], at: int) -> list[str]:
    """What the curves show."""
    if setting.scheme in TURNING:
        waves = setting.wavelengths
        first, last = min(dimensions, key=setting.pair_of), max(dimensions, key=setting.pair_of)
        wave, slow = waves[setting.pair_of(first)], waves[setting.pair_of(last)]
        return [
            f"Dimension {first} repeats every {figure(wave)} positions"
            + (f", dimension {last} every {figure(slow)}." if last != first else "."),
            "Fast curves tell neighbours apart; slow ones tell the beginning from the end.",
            f"All {setting.d} together are like the hands of {setting.d // 2} clocks: "
            f"{int((waves > setting.n).sum())} of them do not get round within {setting.n} positions.",
        ]
    return heat_sentences(setting, at)


def score_number(scheme: str, score: Score) -> str:
    """The number of a score with its unit, short enough for a cell."""
    if score.verdict == "does not apply":
        return ""
    if score.criterion != "beyond":
        return NUMBERS[score.criterion].format(figure(score.number))
    if scheme in TURNING:
        return f"{score.number:.0%} new".replace("%", " %")
    form = BEYOND[scheme]
    return form.format(score.number if ":" in form else figure(score.number)).replace("%", " %")


def score_sentences(setting: Setting, boards: Sequence[Scoreboard]) -> list[str]:
    """What the scoreboard shows."""
    own = next(board for board in boards if board.scheme == setting.scheme)
    answers = [score.verdict for score in own.scores]
    asked = [answer for answer in answers if answer != "does not apply"]
    all_yes = [
        NAMES[board.scheme]
        for board in boards
        if {s.verdict for s in board.scores} <= {"yes", "does not apply"}
    ]
    weakest = next((score for score in own.scores if score.verdict in ("no", "partly")), own.scores[0])
    return [
        f"{NAMES[setting.scheme]} answers yes to {answers.count('yes')} of {len(asked)} questions.",
        weakest.reason,
        f"Only {' and '.join(all_yes)} answers yes to all." if all_yes else "No scheme answers yes to all.",
    ]


def order_sentences(trace: ShuffleTrace) -> list[str]:
    """What the shuffled words show."""
    kept = trace.kept[0]
    most = int(np.where([token.special for token in trace.shuffled], 2, kept).argmin())
    off = float(np.abs(1 - trace.cosine[1:]).max())
    return [
        f"With its positions {trace.card.name} notices: the two sentence vectors have a cosine of "
        f"{trace.cosine[0]:.3f}, and “{trace.shuffled[most].text}” changes most ({kept[most]:.3f}).",
        f"With one position for all, 0 or {trace.elsewhere}, it cannot: the cosine is "
        f"{trace.cosine[1:].min():.3f}, {figure(off)} from 1.",
        "In the map at right each word meets itself wherever it stands, as dark as in the same text.",
    ]
