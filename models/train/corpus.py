"""Text made by rules, so that what a cell keeps can be checked: quotes, brackets, line width, indentation.

The words are drawn one by one, so that nothing but these four things can be known beforehand:

- what is told and what is said "in quotes" have words of their own;
- brackets (nested (within) brackets) are all closed before a sentence ends;
- lines are wrapped at WIDTH columns;
- a block that ends in a colon is followed by one that stands INDENT columns further in.

All of it is drawn from one seed; it is free of anybody's rights.
"""

import random
import textwrap
from collections.abc import Iterator

WIDTH = 40  # columns of a line at most
INDENT = 2  # columns a level
LEVELS = 4  # of indentation
DEEPEST = 8  # brackets open at once
HELD_OUT_SEED = 10_000  # of a text that no model has read

TOLD = (
    "the old stone house was near a river and the miller walked on past dark trees while rain fell over "
    "empty fields then she came back from a quiet town with bread for every child before winter Anna saw "
    "Ben Clara took David left Emma found Frank made Grace lost Henry got Ida met Jack had Kate put Leo "
    "kept Mary bought Nora sold"
)
SAID = (
    "I will never leave you my friend because we must stay here until they give us our boat please don't "
    "open this box nobody knows what it is shall I bring your jacket or can you wait Oscar Paul Quinn Rosa "
    "Sam Tom Uma Vera Will Xenia Yara Zoe always need want think say hope try help me him her puzzle too just"
)
TOLD_WORDS, SAID_WORDS = TOLD.split(), SAID.split()
FIGURES = "0123456789"


def text(seed: int, characters: int) -> str:
    """The first ``characters`` characters of the text that a seed stands for."""
    parts, length = [], 0
    for block in blocks(seed):
        parts.append(block)
        length += len(block)
        if length >= characters:
            break
    return "".join(parts)[:characters]


def blocks(seed: int) -> Iterator[str]:
    """Blocks of lines without end; each closes its quotes and brackets and ends in an empty line."""
    draw = random.Random(seed)
    level = 0
    while True:
        deeper = level < LEVELS and draw.random() < 0.45
        words = " ".join(_sentence(draw) for _ in range(draw.randint(1, 4)))
        margin = " " * (INDENT * level)
        lines = textwrap.fill(
            words[:-1] + ":" if deeper else words,
            WIDTH,
            initial_indent=margin,
            subsequent_indent=margin,
            break_long_words=False,
            break_on_hyphens=False,
        )
        yield lines + "\n\n"
        level = level + 1 if deeper else draw.randint(0, level)


def _sentence(draw: random.Random) -> str:
    parts = [_words(draw, TOLD_WORDS, draw.randint(2, 7))]
    while draw.random() < 0.5:
        parts.append('"' + _words(draw, SAID_WORDS, draw.randint(2, 14)) + draw.choice("!?-") + '"')
        parts.append(_words(draw, TOLD_WORDS, draw.randint(1, 5)))
    whole = " ".join(parts)
    return whole[0].upper() + whole[1:] + "."


def _words(draw: random.Random, known: list[str], count: int) -> str:
    """Words with brackets among them, all closed at the end."""
    out, depth = "", 0
    for at in range(count):
        while depth < DEEPEST and draw.random() < 0.16:
            out += "("
            depth += 1
        out += draw.choice(known) if draw.random() < 0.95 else draw.choice(FIGURES) + draw.choice(FIGURES)
        if depth and (at == count - 1 or draw.random() < 0.15):
            shut = depth if at == count - 1 or draw.random() < 0.5 else draw.randint(1, depth)
            out += ")" * shut
            depth -= shut
        out += draw.choices(("", ",", ";"), (12, 1, 1))[0] + " " if at < count - 1 else ""
    return out
