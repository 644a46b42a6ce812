"""Questions to answer before the picture shows it."""

from app.predict import Question
from app.seq2seq.shared import TEXTS, Asked
from app.seq2seq.translate import best_head
from models.quantise import percent
from models.seq2seqtasks import tokens

WIDTH = 32
WORD = "plainsight"  # shorter than the text that the page opens with, whose picture would tell
SHORT, LONG = (
    Asked("reverse", "plain", WIDTH, tuple(tokens("reverse", text))) for text in (WORD, TEXTS["reverse"])
)
AMERICAN = "3/14/2021"
DATE = Asked("dates", "luong", WIDTH, tuple(tokens("dates", AMERICAN)))
ALL, MOST, FEW = "all of them", "more than half", "half or fewer"
PARTS = ("3", "14", "2021")


def through_one_vector() -> tuple[str, str]:
    """How many letters of a short word survive, and of a long text."""
    letters = [len(asked.source) for asked in (SHORT, LONG)]
    good, other = (
        sum((asked.trace().right or ())[:many]) for asked, many in zip((SHORT, LONG), letters, strict=True)
    )
    right = ALL if good == letters[0] else MOST if 2 * good > letters[0] else FEW
    return right, (
        f"Through {WIDTH} numbers {good} of {letters[0]} letters come out at their place. Of "
        f"{letters[1]} other "
        f"letters it is {other}: one vector holds a short text, not a long one."
    )


def looked_at() -> tuple[str, str]:
    """The part of the date with most of the weight when the month's two characters are written."""
    trace = DATE.trace()
    month = trace.text.index("-") + 1
    weights = trace.attention[best_head(trace), month : month + 2].mean(0)
    found = {part: float(weights[AMERICAN.index(part) :][: len(part)].sum()) for part in PARTS}
    right = max(found, key=lambda part: found[part])
    said = ", ".join(f"{percent(weight)} to {part}" for part, weight in found.items())
    return right, (
        f"It writes {trace.text}. For the month the weights go {said}, {percent(1 - sum(found.values()))} "
        "to the strokes and the end: an American date begins with its month."
    )


QUESTIONS = (
    Question(
        "reverse",
        "What survives one vector?",
        f"A model must reverse the {len(WORD)} letters “{WORD}”. It reads them into "
        f"one vector of {WIDTH} numbers and writes from that alone. How many letters come out at the right "
        "place?",
        (ALL, MOST, FEW),
        through_one_vector,
        preset="Attention reverses",
        changes={"model": "plain", "reverse": WORD},
    ),
    Question(
        "month",
        "Where does the month come from?",
        f"A model with attention turns the American date {AMERICAN} into year-month-day. Where does it look "
        "while it writes the two characters of the month?",
        PARTS,
        looked_at,
        preset="A US date",
    ),
)
