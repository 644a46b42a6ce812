"""Text made by rules, so that what a cell keeps can be checked: quotes, brackets, line width, indentation.

Three kinds of paragraphs follow each other, parted by an empty line:

- stories, wrapped at WIDTH columns, with quoted speech, in which semicolons part what full stops part
  elsewhere, and asides in (nested (round) brackets);
- sums such as ``x = ((a + 4) * (b - (7 + c)));`` in which every bracket closes before the semicolon;
- code whose blocks are indented by INDENT spaces a level.

All of it is drawn from one seed; it is free of anybody's rights.
"""

import random
import textwrap
from collections.abc import Iterator

WIDTH = 40  # columns of a story's line at most
INDENT = 2  # spaces a level of code
DEEPEST = 8  # brackets open at once in a sum
LEVELS = 4  # of indentation

ROLES = "The miller|The old woman|A young captain|The teacher|Her brother|The king|A stranger|I|You|We|They"
NAMED = (
    "Anna|Ben|Clara|David|Emma|Frank|Grace|Henry|Ida|Jack|Kate|Leo|Mary|Nora|Oscar|Paul|Quinn|Rosa|Sam|Tom|"
    "Uma|Vera|Will|Xenia|Yara|Zoe"
)
DID = "walked to|looked at|came back from|stood before|turned away from|remembered|sat down near|ran past"
WHAT = "the river|the stone bridge|a small house|the market|the garden|a dark forest|the harbour|the judge"
HOW = (
    "slowly|I don't know why|in the rain|after the war|without a word|at night|that morning|once again|"
    "for a long time"
)
SAID = "said|asked|answered|whispered|cried|replied"
NAMES = "abcdefghjkmnpqrstuvwxyz"
CALLS = "take|send|open|move|draw|read"
TESTS = "ready|empty|late|full|near|done"


def text(seed: int, characters: int) -> str:
    """The first ``characters`` characters of the text that a seed stands for."""
    parts, length = [], 0
    for paragraph in paragraphs(seed):
        parts.append(paragraph)
        length += len(paragraph)
        if length >= characters:
            break
    return "".join(parts)[:characters]


def paragraphs(seed: int) -> Iterator[str]:
    """Paragraphs without end; each closes its quotes and brackets and ends in an empty line."""
    draw = random.Random(seed)
    while True:
        kind = draw.choices((story, sums, code), (5, 4, 3))[0]
        yield kind(draw) + "\n\n"


def story(draw: random.Random) -> str:
    """Sentences and speech, wrapped."""
    said = " ".join(
        _speech(draw) if draw.random() < 0.5 else _sentence(draw) for _ in range(draw.randint(2, 6))
    )
    return textwrap.fill(said, WIDTH, break_long_words=False, break_on_hyphens=False)


def _one(draw: random.Random, words: str) -> str:
    return draw.choice(words.split("|"))


def _who(draw: random.Random) -> str:
    return _one(draw, NAMED) if draw.random() < 0.4 else _one(draw, ROLES)


def _sentence(draw: random.Random) -> str:
    words = [_clause(draw)]
    if draw.random() < 0.4:
        words.append(_aside(draw, 4))
    return " ".join(words) + "."


def _clause(draw: random.Random) -> str:
    words = [_who(draw), _one(draw, DID), _one(draw, WHAT)]
    if draw.random() < 0.4:
        words.append(_one(draw, HOW))
    return " ".join(words)


def _aside(draw: random.Random, room: int) -> str:
    inner = " " + _aside(draw, room - 1) if room > 1 and draw.random() < 0.5 else ""
    tail = " " + _one(draw, HOW) if inner and draw.random() < 0.5 else ""
    return f"({_clause(draw)}{inner}{tail})"


def _speech(draw: random.Random) -> str:
    spoken = "; ".join(_clause(draw) for _ in range(draw.randint(1, 4)))
    return f'{_who(draw)} {_one(draw, SAID)}, "{spoken}{draw.choice(".?!")}"'


def sums(draw: random.Random) -> str:
    """Lines of arithmetic; the depth of the brackets is a random walk."""
    return "\n".join(f"{draw.choice(NAMES)} = {_sum(draw)};" for _ in range(draw.randint(2, 5)))


def _sum(draw: random.Random) -> str:
    out, depth, left = [], 0, draw.randint(2, 9)  # operands still to come
    while True:
        while depth < DEEPEST and draw.random() < 0.5:
            out.append("(")
            depth += 1
        out.append(draw.choice(NAMES) if draw.random() < 0.6 else str(draw.randint(0, 9)))
        left -= 1
        while depth and (not left or draw.random() < 0.42):
            out.append(")")
            depth -= 1
        if not left:
            return "".join(out)
        out.append(draw.choice((" + ", " - ", " * ")))


def code(draw: random.Random) -> str:
    """A block of statements; a line that ends in a colon opens a deeper one."""
    lines: list[str] = []
    level = 0
    for _ in range(draw.randint(4, 12)):
        margin = " " * (INDENT * level)
        if level < LEVELS and draw.random() < 0.4:
            lines.append(f"{margin}{draw.choice(('if', 'while'))} {_one(draw, TESTS)}:")
            level += 1
            continue
        argument = _sum(draw) if draw.random() < 0.3 else draw.choice(NAMES)
        lines.append(f"{margin}{_one(draw, CALLS)}({draw.choice(NAMES)}, {argument})")
        while level and draw.random() < 0.35:
            level -= 1
    if lines[-1].endswith(":"):
        lines.append(" " * (INDENT * level) + "stop()")
    return "\n".join(lines)
