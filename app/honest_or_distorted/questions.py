"""Questions to answer before the picture shows it."""

from app.honest_or_distorted import cached
from app.predict import InView, Question

UP, FLAT, DOWN = "it rises as well", "it is flat", "it falls"


def larger_by(first: float, second: float, base: float = 0) -> float:
    """By how many percent the second bar is longer, drawn from ``base``."""
    return 100 * ((second - base) / (first - base) - 1)


def how_much_larger() -> tuple[str, str]:
    """The change that the bars show."""
    drawn = cached.distortion("truncated")
    first, second = (row["v"] for row in drawn.rows)
    base = drawn.given["base"]
    seen, true = larger_by(first, second, base), larger_by(first, second)
    right = min(LOOKS, key=lambda option: abs(LOOKS[option] - seen))
    return right, (
        f"From {base:g} the bars are {first - base:g} and {second - base:g} long: {seen:.0f} % more, "
        "where the data "
        f"grew by {true:.0f} %. That is a lie factor of {drawn.measure[-1]:.0f}."
    )


LOOKS = {"about 5 % longer": 5, "about half as long again": 50, "more than twice as long": 167}


def one_line_through_all() -> tuple[str, str]:
    """The slope of the one line through all groups."""
    drawn = cached.distortion("simpson")
    within, pooled = drawn.given["within"], drawn.given["pooled"]
    right = UP if pooled > 0.1 * within else DOWN if pooled < -0.1 * within else FLAT
    return right, (
        f"Within the groups the slope is {within:+.2f} on the mean, through all of them it is "
        f"{pooled:+.2f}: those "
        "who learn more hours stand in a year with lower scores."
    ).replace("-", "−")


def how_often_it_fell() -> tuple[str, str]:
    """The share of quarters in which sales fell, though the total never does."""
    drawn = cached.distortion("cumulative")
    rising, shown = float(drawn.measure[0]), float(drawn.measure[-1])
    fell = 100 - rising
    right = SELDOM if fell < 10 else SOMETIMES if fell < 100 / 3 else OFTEN
    return right, (
        f"Per quarter sales rose in {rising:.0f} % of the steps and fell in the other {fell:.0f} %; the "
        "total rises "
        f"in {shown:.0f} % of them. A sum of what is never negative cannot fall."
    )


SELDOM, SOMETIMES, OFTEN = "in fewer than 1 of 10", "in up to 1 of 3", "in more than 1 of 3"

QUESTIONS = (
    Question(
        "bars",
        "How large is the difference?",
        "Sales grow from 100 last year to 105 this year. The bars start at 97. How much longer is the "
        "second bar, "
        "as it is drawn?",
        tuple(LOOKS),
        how_much_larger,
        preset="5 % as 167 %",
    ),
    Question(
        "simpson",
        "Where does one line lead?",
        "Hours of learning and scores in three groups. Within each group more hours go with a higher "
        "score. What "
        "does one line through all groups together do?",
        (UP, FLAT, DOWN),
        one_line_through_all,
        preset="Three groups, one line",
    ),
    Question(
        "total",
        "How often did sales fall?",
        "A chart of all iPhones sold so far only ever rises. In how many quarters were fewer sold than "
        "in the one "
        "before?",
        (SELDOM, SOMETIMES, OFTEN),
        how_often_it_fell,
        preset="Always rising",
    ),
    InView("A quiz of charts", {"view": "quiz"}),
)
