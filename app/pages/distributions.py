"""Distributions: what do skewness and kurtosis do to a picture and to a mean?"""

from app.catalogue import DISTRIBUTIONS
from app.distributions.data import OPENING
from app.distributions.mend import OPENING as MEND
from app.distributions.mend import mending
from app.distributions.numbers import the_numbers
from app.distributions.questions import QUESTIONS
from app.distributions.shape import the_shape
from app.distributions.standard import OPENING as STANDARD
from app.distributions.standard import standardising
from app.distributions.wrong import OPENING as WRONG
from app.distributions.wrong import what_goes_wrong
from app.frame import Preset
from app.shown import page_of_views

PREFIX = DISTRIBUTIONS.prefix
VIEWS = {
    "shape": ("The shape", the_shape),
    "numbers": ("The numbers", the_numbers),
    "wrong": ("What goes wrong", what_goes_wrong),
    "mend": ("Mending", mending),
    "standard": ("Standardising", standardising),
}


def preset(name: str, why: str, **changes: str) -> Preset:
    """A preset is a complete state: the opening one with changes."""
    state = {"view": "shape", **OPENING, **WRONG, **MEND, **STANDARD, **changes}
    return Preset(name, why, {f"{PREFIX}_{key}": value for key, value in state.items() if key != "column"})


PRESETS = (
    preset("One value of 200", "200 log-normal values: what does the largest do to the kurtosis?"),
    preset(
        "Skewed, yet mean = median",
        "Binomial, 10 tries, p = 0.1: mean, median and mode are 1 and the skewness is +0.84.",
        source="binomial",
        n="1000",
        sample="even",
    ),
    preset(
        "Break the rule",
        "Skewness above 0 with the mean below the median: drag seven dots until you have it.",
        view="wrong",
    ),
    preset(
        "Heavy tail, same peak",
        "Two densities equally high; one has an excess kurtosis of 8.",
        view="wrong",
        wrong="peak",
    ),
    preset(
        "The log of sales",
        "iPhones a quarter are skewed to the right: what does a logarithm make of that?",
        view="mend",
        source="iphone",
    ),
    preset(
        "Cauchy never settles",
        "Means of 100 Cauchy values spread as widely as single values.",
        view="standard",
        source="t",
        nu="1",
        lot="100",
    ),
)

page_of_views(
    DISTRIBUTIONS,
    PRESETS,
    VIEWS,
    sources=(
        "vonhippel2005",
        "westfall2014",
        "joanes1998",
        "hosking1990",
        "brys2004",
        "johnson1949",
        "boxcox1964",
        "yeo2000",
    ),
    questions=QUESTIONS,
)
