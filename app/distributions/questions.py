"""Questions to answer before the picture shows it."""

import numpy as np

from app.distributions.data import OPENING
from app.distributions.knobs import FAMILIES, MOST
from app.distributions.mend import ratios
from app.distributions.shared import figure, ratio
from app.predict import Question
from models import distributions, families
from models.tables import iphone

MANY = int(OPENING["n"])
SEED = "1"  # another sample than the page opens with, whose picture would tell
HARDLY, HALF, MOSTLY = "it hardly changes", "it falls by about a half", "it falls by more than two thirds"
RIGHT, NEAR, LEFT = "still to the right", "to neither side", "to the left"


def without_the_largest() -> tuple[str, str]:
    """The kurtosis of a sample like the opening one with and without its largest value."""
    family = FAMILIES[OPENING["source"]]
    population = family.make(*(float(OPENING[name]) for name in family.knobs))  # type: ignore[misc]
    values = population.at_scores(families.scores(MOST, int(SEED))[:MANY])
    (_, before), (_, after) = ratios(values), ratios(np.delete(values, values.argmax()))
    lost = 1 - after / before
    right = MOSTLY if lost > 2 / 3 else HARDLY if lost < 1 / 4 else HALF
    return right, (
        f"With all {MANY} values the excess kurtosis is {figure(before)}, without the largest, "
        f"{figure(float(values.max()))}, it is {figure(after)}. Fourth powers of distances make one "
        "value count."
    )


def after_the_log() -> tuple[str, str]:
    """The skewness of iPhones a quarter, and of its logarithms."""
    units = np.array(iphone().units, float)
    before, after = ratios(units)[0], ratios(distributions.transform(units, "log").values)[0]
    right = RIGHT if after > 0.2 else LEFT if after < -0.2 else NEAR
    return right, (
        f"The skewness goes from {ratio(before)} to {ratio(after)}: the logarithm pulls the first, small "
        "quarters "
        "further out than it pulls the large ones in."
    )


QUESTIONS = (
    Question(
        "one",
        "What does one value weigh?",
        f"{MANY} values thrown anew from a log-normal distribution. The largest one is deleted. What becomes "
        "of the excess kurtosis?",
        (HARDLY, HALF, MOSTLY),
        without_the_largest,
        preset="One value of 200",
        changes={"seed": SEED},
    ),
    Question(
        "log",
        "Where does the log lead?",
        "iPhones sold a quarter are skewed to the right. Take the logarithm of each number. To which "
        "side is the "
        "column skewed now?",
        (RIGHT, NEAR, LEFT),
        after_the_log,
        preset="The log of sales",
    ),
)
