"""Questions to answer before the picture shows it."""

from app.predict import Question
from app.seq2seq.shared import TEXTS, Asked
from app.seq2seq.translate import best_head
from models.quantise import percent
from models.seq2seqtasks import tokens

WIDTH = 32
REVERSED = Asked("reverse", "plain", WIDTH, tuple(tokens("reverse", TEXTS["reverse"])))
AMERICAN = "3/14/2021"
DATE = Asked("dates", "luong", WIDTH, tuple(tokens("dates", AMERICAN)))
ALL, MOST, FEW = "all of them", "more than half", "half or fewer"
PARTS = ("3", "14", "2021")


def through_one_vector() -> tuple[str, str]:
    """How many letters survive, with and without attention."""
    plain, luong = REVERSED.trace(), REVERSED.trace("luong")
    letters = len(REVERSED.source)
    good, other = (sum((trace.right or ())[:letters]) for trace in (plain, luong))
    right = ALL if good == letters else MOST if 2 * good > letters else FEW
    return right, (
        f"Through {WIDTH} numbers {good} of {letters} letters come out at their place. With attention, which "
        f"looks each letter up, it is {other}."
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
        f"A model must reverse the {len(REVERSED.source)} letters “{TEXTS['reverse']}”. It reads them into "
        f"one vector of {WIDTH} numbers and writes from that alone. How many letters come out at the right "
        "place?",
        (ALL, MOST, FEW),
        through_one_vector,
        preset="Attention reverses",
    ),
    Question(
        "month",
        "Where does the month come from?",
        f"A model with attention turns the American date {AMERICAN} into year-month-day. Where does it look "
        "while it writes the two characters of the month?",
        PARTS,
        looked_at,
        preset="A US date reorders",
    ),
)
