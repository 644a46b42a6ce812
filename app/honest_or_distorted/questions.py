"""Questions to answer before the picture shows it."""

from app.honest_or_distorted import cached
from app.predict import InView, Question

UP, FLAT, DOWN = "it rises as well", "it is flat", "it falls"


def how_much_larger() -> tuple[str, str]:
    """How many times as large the second circle is drawn."""
    drawn = cached.distortion("radius")
    first, second = (row["v"] for row in drawn.rows)
    seen, true = (second / first) ** 2, second / first
    right = min(AREAS, key=lambda option: abs(AREAS[option] - seen))
    return right, (
        f"An area goes with the square of the radius, {true:g} × {true:g} = {seen:g}: the circle grows by "
        f"{100 * (seen - 1):.0f} %, the data by {100 * (true - 1):.0f} %. That is a lie factor of "
        f"{drawn.measure[-1]:g}."
    )


AREAS = {"twice as much": 2, "three times as much": 3, "four times as much": 4, "eight times as much": 8}


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
        "circles",
        "How large is the difference?",
        "A value grows from 10 to 20. It is drawn as a circle whose radius is the value. How much area does "
        "the second circle have, compared with the first?",
        tuple(AREAS),
        how_much_larger,
        changes={"view": "lie", "which": "radius", "t": "100"},
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
        preset="All sold so far",
    ),
    InView("A quiz of charts", {"view": "quiz"}),
)
