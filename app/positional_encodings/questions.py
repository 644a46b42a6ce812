"""Questions to answer before the picture shows it."""

import numpy as np

from app.positional_encodings import cached
from app.predict import Question

TEXT, SEED = "The dog bites the man.", 249
ASKED = 640
SAME, NEAR, FAR = "exactly the same vector", "nearly the same, but not quite", "quite another vector"
NONE, LAST, MORE = "nothing: there are no such rows", "the last row once more", "a row like any other"


def order_without_positions() -> tuple[str, str]:
    """The cosine of a sentence and its shuffled self, read without positions and with them."""
    trace = cached.shuffled(TEXT, SEED)
    with_them, without = float(trace.cosine[0]), float(trace.cosine[1])
    right = SAME if without > 0.99999 else NEAR if without > 0.9 else FAR
    return right, (
        f"Without positions the cosine of the two sentences is {without:.4f}: the model reads a bag of "
        "words. With "
        f"positions it is {with_them:.4f}."
    )


def beyond_the_table() -> tuple[str, str]:
    """How many of the positions asked for a learned table lacks."""
    table = cached.position_table("learned", ASKED, 0, 0, None)
    missing = int(np.isnan(table).any(1).sum())
    known = table[ASKED - missing - 1]
    right = NONE if missing else LAST if np.array_equal(table[-1], known) else MORE
    return right, (
        f"The table ends at {ASKED - missing} positions; for the other {missing} nothing was ever learned. A "
        "sinusoid could be computed for any of them."
    )


QUESTIONS = (
    Question(
        "order",
        "Does it notice the order?",
        f"MiniLM reads “{TEXT}” and the same words as “The man bites the dog.”, with its positions taken "
        "away. What "
        "vectors do the two sentences get?",
        (FAR, NEAR, SAME),
        order_without_positions,
        preset="Shuffle the words",
    ),
    Question(
        "beyond",
        "What is beyond the table?",
        f"MiniLM has learned one vector for each position. It is asked for {ASKED} positions. What does its "
        "table hold for the last one?",
        (MORE, LAST, NONE),
        beyond_the_table,
        preset="A length beyond training",
    ),
)
