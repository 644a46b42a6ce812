"""A setting of the page of positional encodings, its numbers and the sentences that name them."""

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.positional_encodings import cached
from models import positions
from models.loading import is_here
from models.registry import get_card
from models.traces import ModelCard, Score

Array = NDArray[np.float64]
NAMES = {
    "sinusoidal": "Sinusoidal, interleaved",
    "sinusoidal-concatenated": "Sinusoidal, concatenated",
    "learned": "Learned (MiniLM's table)",
    "learned-gpt2": "Learned (GPT-2's table)",
    "rope": "RoPE, half-split",
    "rope-interleaved": "RoPE, interleaved",
    "alibi": "ALiBi",
    "t5": "T5 buckets",
    "t5-learned": "T5 small's own bias",
    "integers": "Integers: p",
    "fractions": "Fractions: p / n",
    "squashed": "Squashed: sigmoid(p)",
}
SINUSOIDAL = ("sinusoidal", "sinusoidal-concatenated")
ROPE = ("rope", "rope-interleaved")
TURNING = (*SINUSOIDAL, *ROPE)
NAIVE = ("integers", "fractions", "squashed")
RELATIVE = ("alibi", "t5", "t5-learned")
LEARNED = cached.LEARNED
FROM_MODELS = {**LEARNED, "t5-learned": "t5-small"}  # scheme: the model whose numbers it shows
CURVES, MOST_CURVES = 4, 8
MOST_POSITIONS = 1024  # a picture of n² cells must reach the browser within 0.3 s
VIEWS = {
    "heat": "Position × dimension",
    "curves": "Curves of single dimensions",
    "pairs": "Similarity of every pair",
    "distance": "Similarity against distance",
    "turning": "Pairs turning",
    "scores": "Scoreboard of all schemes",
    "order": "Order is lost without it",
}
BESIDE = {
    "": "nothing",
    "d-8": "d = 8",
    "d-64": "d = 64",
    "d-512": "d = 512",
    "base-10": "base 10",
    "base-100": "base 100",
    "base-10000": "base 10,000",
    "base-500000": "base 500,000",
    "n-64": "n = 64",
    "n-256": "n = 256",
    "scaling-none": "no scaling",
    **{f"scheme-{scheme}": NAMES[scheme] for scheme in (*TURNING, "learned")},
}
CRITERIA = {
    "unique": "Every position unique",
    "bounded": "Values bounded",
    "any length": "Same for every length",
    "distance": "Distance readable",
    "shift": "Shift is a rotation",
    "beyond": "Works beyond training",
}
# What a score's number is, in as few words as a cell has room for
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
SCALINGS = {"none": "none", "linear": "linear", "ntk": "NTK", "yarn": "YaRN"}


@dataclass(frozen=True)
class Setting:
    """One setting of the controls, checked."""

    scheme: str = "sinusoidal"
    n: int = 128
    d: int = 128
    base: int = 10_000
    scaling: str = "none"
    factor: int = 4
    trained: int = 128
    heads: int = 8
    buckets: int = 32
    dims: str = ""

    @property
    def width(self) -> int:
        """Dimensions of a vector; a learned table has its own."""
        return self.learned.shape[1] if self.scheme in LEARNED else self.d

    @property
    def learned(self) -> NDArray[np.float32]:
        """The whole table of the scheme's model, (positions, width)."""
        return cached.learned_table(LEARNED[self.scheme])[0]

    @property
    def source(self) -> str:
        """Where the numbers come from."""
        if self.card is None:
            return "models.positions"
        made_by = cached.bias_table if self.scheme in RELATIVE else cached.learned_table
        return f"{self.card.name}'s own table ({made_by(self.card.id)[1][:7]})"

    @property
    def size(self) -> str:
        """What the numbers are, in words: positions and dimensions, heads or buckets."""
        across = {"alibi": f"{self.heads} heads", "t5": f"{self.buckets} buckets", "t5-learned": "every head"}
        return f"{self.n} positions × {across.get(self.scheme) or f'{self.width} dimensions'}"

    @property
    def rows(self) -> int:
        """Positions that have a vector: all, but for a learned table."""
        return len(self.learned) if self.scheme in LEARNED else self.n

    @property
    def card(self) -> ModelCard | None:
        """The model that the numbers come from, if any."""
        return get_card(FROM_MODELS[self.scheme]) if self.scheme in FROM_MODELS else None

    @property
    def rope_scaling(self) -> cached.Scaling:
        """The scaling as models.positions takes it."""
        if self.scheme not in ROPE or self.scaling == "none":
            return None
        if self.scaling == "yarn":
            return "yarn", float(self.factor), self.trained
        return self.scaling, float(self.factor)

    @cached_property
    def table(self) -> Array:
        """The vectors (n, width)."""
        return cached.position_table(self.scheme, self.n, self.d, self.base, self.rope_scaling)

    @cached_property
    def similarity(self) -> Array:
        """Every position with every other (n, n): the cosine, of naive schemes the product a dimension."""
        if self.scheme in NAIVE:
            return positions.similarity(self.table) / self.width
        return positions.similarity(self.table, "cosine")

    def similarity_to(self, at: int) -> Array:
        """One row of ``similarity``, without the others."""
        products = self.table @ self.table[at]
        if self.scheme in NAIVE:
            return np.asarray(products / self.width)
        norms = np.linalg.norm(self.table, axis=1)
        return np.asarray(products / (norms * norms[at]))

    @property
    def measure(self) -> str:
        """What ``similarity`` is."""
        return "product per dimension" if self.scheme in NAIVE else "cosine"

    @property
    def wavelengths(self) -> Array:
        """Positions for one full turn, of every pair (width/2,)."""
        theta, _ = positions.rope_frequencies(self.d, self.base, self.rope_scaling)
        return 2 * np.pi / theta

    def pair_of(self, dimension: int) -> int:
        """The pair that a dimension belongs to."""
        if self.scheme in ("sinusoidal", "rope-interleaved"):
            return dimension // 2
        return dimension % (self.d // 2)

    def dimensions_of(self, pair: int) -> tuple[int, int]:
        """The two dimensions of a pair."""
        if self.scheme in ("sinusoidal", "rope-interleaved"):
            return 2 * pair, 2 * pair + 1
        return pair, pair + self.d // 2


def view_name(scheme: str, view: str) -> str:
    """What a view is called: a relative scheme has pairs where others have dimensions."""
    if view == "heat" and scheme in RELATIVE:
        return "Buckets: query × key" if scheme == "t5" else "Bias of each head: query × key"
    if view == "distance" and scheme in RELATIVE:
        return "Bucket against distance" if scheme == "t5" else "Bias against distance"
    return VIEWS[view]


def fitting_views(scheme: str) -> list[str]:
    """The views that have something to show for a scheme."""
    without = set()
    if scheme in RELATIVE:
        without |= {"curves", "pairs", "turning"}
    if scheme not in TURNING:
        without.add("turning")
    if scheme == "t5-learned":
        without.add("scores")  # those of the buckets
    return [view for view in VIEWS if view not in without]


def scorable() -> list[str]:
    """The schemes whose numbers are on this machine: a table may still have to be fetched."""
    return [
        scheme
        for scheme in NAMES
        if scheme not in FROM_MODELS or (scheme in LEARNED and is_here(get_card(LEARNED[scheme])))
    ]


def fitting_beside(setting: Setting, view: str) -> list[str]:
    """What can stand beside a picture for comparison."""
    if not comparable(setting.scheme, view):
        return [""]
    if setting.scheme in NAIVE:
        return ["", "n-64", "n-256"]
    kinds = ("scheme",) if setting.scheme in LEARNED else ("d", "base", "scheme")
    scaled = ("scaling-none",) if setting.rope_scaling else ()
    return [
        one
        for one in BESIDE
        if one == "" or one in scaled or (one.split("-")[0] in kinds and other(setting, one) != setting)
    ]


def other(setting: Setting, beside: str) -> Setting:
    """The setting that stands beside."""
    field, _, value = beside.partition("-")
    changes: dict[str, Any] = {field: value if field in ("scheme", "scaling") else int(value)}
    return replace(setting, **changes)


def difference(setting: Setting, beside: str) -> tuple[str, str]:
    """What to call the two, by what tells them apart."""
    field = beside.partition("-")[0]
    if field == "scheme":
        return NAMES[setting.scheme], NAMES[other(setting, beside).scheme]
    if field == "scaling":
        return f"{SCALINGS[setting.scaling]} × {setting.factor}", "no scaling"
    joint = "base {:,}" if field == "base" else f"{field} = {{}}"
    return joint.format(getattr(setting, field)), joint.format(getattr(other(setting, beside), field))


def comparable(scheme: str, view: str) -> bool:
    """Whether a second setting can stand beside."""
    if scheme in RELATIVE or view not in ("heat", "curves", "pairs", "distance"):
        return False
    return view != "curves" or scheme in NAIVE


def drawn_dimensions(setting: Setting) -> list[int]:
    """The dimensions that the visitor asked for, or a choice of fast and slow ones; raises ValueError."""
    asked = [int(number) for number in re.findall(r"[^\s,;]+", setting.dims)]
    if asked:
        if len(asked) > MOST_CURVES or not all(0 <= one < setting.width for one in asked):
            raise ValueError(setting.dims)
        return sorted(set(asked))
    if setting.scheme in NAIVE:
        return [0]
    if setting.card:
        return [part * setting.width // CURVES for part in range(CURVES)]
    pairs = sorted({0, setting.d // 16, setting.d // 8, setting.d // 4})[:CURVES]
    return [setting.dimensions_of(pair)[0] for pair in pairs]


def dimension_name(setting: Setting, dimension: int) -> str:
    """A dimension, and how long its wave is where it has one."""
    if setting.scheme not in TURNING:
        return f"dimension {dimension}"
    wave = setting.wavelengths[setting.pair_of(dimension)]
    return f"dimension {dimension}: once in {figure(wave)} positions"


def by_distance(similarity: Array) -> tuple[Array, Array, Array]:
    """Mean, smallest and largest similarity of two positions, by their distance; NaN where rows lack."""
    diagonals = [np.diagonal(similarity, k) for k in range(len(similarity))]
    known = [diagonal[~np.isnan(diagonal)] for diagonal in diagonals]
    parts = [(d.mean(), d.min(), d.max()) if d.size else (np.nan,) * 3 for d in known]
    mean, low, high = np.array(parts).T
    return mean, low, high


def figure(value: float) -> str:
    """A number in a sentence: three digits that count, a real minus sign."""
    if np.isnan(value):
        return "no number"
    if value == 0:
        return "0"
    if 0.001 <= abs(value) < 1e6:
        text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}" if abs(value) >= 1 else f"{value:.3f}"
    else:
        mantissa, _, exponent = f"{value:.0e}".partition("e")
        text = f"{mantissa} × 10{str(int(exponent)).translate(RAISED)}"
    return text.replace("-", "−")


def score_state(setting: Setting, scheme: str, score: Score) -> dict[str, str]:
    """The state of the page that shows a score."""
    view = score.view if score.view in fitting_views(scheme) else "heat"
    state = {"scheme": scheme, "n": str(setting.n), "d": str(setting.d), "base": str(setting.base)}
    if scheme in LEARNED and score.criterion == "beyond":
        state["n"] = str(min(MOST_POSITIONS, replace(setting, scheme=scheme).rows + setting.n))
    if (scheme, score.criterion) == ("fractions", "any length"):
        return {**state, "view": "curves", "beside": "n-256" if setting.n != 256 else "n-64"}
    return {**state, "view": view}
