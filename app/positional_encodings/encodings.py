"""A setting of the page of positional encodings, its numbers and the sentences that name them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.positional_encodings import cached
from models import positions
from models.loading import is_here
from models.registry import get_card
from models.traces import ModelCard, Score, Scoreboard, ShuffleTrace

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
NUMBERS = {
    "unique": "{} apart",
    "bounded": "up to {}",
    "any length": "change {}",
    "distance": "rank r {}",
    "shift": "error {}",
    "beyond": "{}",
}
BEYOND = {
    **dict.fromkeys(LEARNED, "{} rows"),
    "alibi": "{:.0%} of weight",
    "t5": "{:.0f} new buckets",
    "integers": "values × {:.1f}",
    "fractions": "steps × {:.1f}",
    "squashed": "adds {}",
}
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


def heat_sentences(setting: Setting, at: int) -> list[str]:
    """What the heat map shows, in three sentences with its numbers."""
    width = setting.width
    if setting.card:
        rows, name = setting.rows, setting.card.name
        first = f"Row {at} is one of {rows:,} that {name} learnt: {width} numbers, no formula."
        if at >= rows:
            first = f"{name} was trained with {rows:,} rows of {width} numbers; position {at} has none."
        gone = (
            f"Positions {rows} to {setting.n - 1} have no row: there is nothing to look up."
            if setting.n > rows
            else "No column keeps a steady beat: the order is there, but nobody wrote down how."
        )
        return [first, neighbours(setting, at), gone]
    if setting.scheme in NAIVE:
        table = setting.table[:, 0]
        early = min(5, setting.n - 1)
        step = abs(np.diff(table)).min() if setting.scheme != "squashed" else None
        first = {
            "integers": f"The last position is {setting.n - 1:,}: the numbers grow with the text.",
            "fractions": f"Neighbours differ by {figure(step or 0)}: one over the length. "
            "In a text of another length the same place has another number.",
            "squashed": f"Position 0 is 0.5, position {early} already {table[early]:.4f}.",
        }[setting.scheme]
        second = f"Position {at} is {figure(table[at])}; all {width} columns say the same."
        third = {
            "integers": "Beside word vectors of size 1 such numbers drown the word.",
            "fractions": "A step of one place, learnt at one length, is misread at another.",
            "squashed": f"From position 99 to 100 it rises by only {figure(np.exp(-99.0) - np.exp(-100.0))}: "
            "not even 64-bit numbers keep them apart.",
        }[setting.scheme]
        return [first, second, third]
    waves = setting.wavelengths
    if setting.scheme in SINUSOIDAL:
        first = f"Row {at} is the code of position {at}: {width} numbers between −1 and 1."
        where = (
            f"The left columns repeat every {figure(waves[0])} positions, "
            f"the right ones every {figure(waves[-1])}."
            if setting.scheme == "sinusoidal"
            else f"Sines stand left and cosines right; in each half the wave grows from {figure(waves[0])} "
            f"to {figure(waves[-1])} positions."
        )
    else:
        first = (
            "RoPE adds nothing to a word; it turns queries and keys. "
            f"Row {at} is a vector of ones, turned {at} steps."
        )
        where = (
            f"The fastest pair is round every {figure(waves[0])} positions, "
            f"the slowest every {figure(waves[-1])}."
        )
        longer = positions.rope_frequencies(setting.d, setting.base, setting.rope_scaling)[1]
        if longer != 1:
            where += f" YaRN also makes queries and keys {figure(longer)} times as long."
    return [first, where, neighbours(setting, at)]


def compared(drawn: Sequence[tuple[str, Setting]], at: int) -> list[str]:
    """What two settings say of one position."""
    return [f"**{name[0].upper()}{name[1:]}**: {neighbours(setting, at)}" for name, setting in drawn]


def neighbours(setting: Setting, at: int) -> str:
    """How like its neighbours a position is."""
    row = setting.similarity_to(at)
    if np.isnan(row[at]):
        return f"So position {at} cannot be compared with any other."
    near = [p for p in (at - 1, at + 1) if 0 <= p < setting.n]
    far = at + 10 if at + 10 < setting.n else max(0, at - 10)
    names = " and ".join(map(str, near))
    return (
        f"Position {at} is most like {names} ({setting.measure} {figure(float(np.nanmax(row[near])))}); "
        f"with {far} it is {figure(row[far])}."
        if set(np.argsort(np.nan_to_num(row, nan=-9))[-len(near) - 1 :]) == {at, *near}
        else f"With {names} position {at} has a {setting.measure} of {figure(row[near[0]])}, "
        f"with {far} {figure(row[far])}."
    )


def distance_sentences(drawn: Sequence[tuple[str, Setting]]) -> list[str]:
    """What the picture of similarity against distance shows, of one setting or of two side by side."""
    (name, setting), *rest = drawn
    mean, low, high = by_distance(setting.similarity)
    spread = float(np.nanmax(high - low))

    def values(mean: Array) -> str:
        places = [k for k in (1, 10, 100) if k < len(mean) and not np.isnan(mean[k])]
        return ", ".join(f"{figure(mean[k])} at distance {k}" for k in places)

    if rest:
        other, beside = rest[0]
        return [
            f"With {name} the mean {setting.measure} is {values(mean)}.",
            f"With {other} it is {values(by_distance(beside.similarity)[0])}.",
        ]
    return [
        f"On average the {setting.measure} is {values(mean)}.",
        "It depends on the distance alone: no pair of positions strays from the line."
        if spread < 1e-9
        else f"It depends on the place too: at one distance it varies by up to {figure(spread)}.",
        "It falls and waves: a lower value does not always mean farther away."
        if (np.diff(mean[~np.isnan(mean)]) > 1e-9).any() and setting.scheme not in NAIVE
        else "It rises or falls all the way."
        if setting.scheme not in NAIVE
        else "A product that grows with the position says nothing about how near two places are.",
    ]


def pairs_sentences(setting: Setting, at: int) -> list[str]:
    """What the picture of all pairs shows."""
    _, low, high = by_distance(setting.similarity)
    spread = float(np.nanmax(high - low))
    return [
        "Each diagonal has one colour: only the distance counts, not the place."
        if spread < 1e-9
        else f"The diagonals are uneven: at one distance the value varies by up to {figure(spread)}.",
        neighbours(setting, at),
        f"The largest value is {figure(float(np.nanmax(setting.similarity)))}, the smallest "
        f"{figure(float(np.nanmin(setting.similarity)))}.",
    ]


def curves_sentences(setting: Setting, dimensions: Sequence[int], at: int) -> list[str]:
    """What the curves show."""
    if setting.scheme in TURNING:
        waves = setting.wavelengths
        first, last = min(dimensions, key=setting.pair_of), max(dimensions, key=setting.pair_of)
        wave, slow = waves[setting.pair_of(first)], waves[setting.pair_of(last)]
        return [
            f"Dimension {first} repeats every {figure(wave)} positions"
            + (f", dimension {last} every {figure(slow)}." if last != first else "."),
            "Fast curves tell neighbours apart; slow ones tell the beginning from the end.",
            f"All {setting.d} together are like the hands of {setting.d // 2} clocks: "
            f"{int((waves > setting.n).sum())} of them do not get round within {setting.n} positions.",
        ]
    return heat_sentences(setting, at)


def score_number(scheme: str, score: Score) -> str:
    """The number of a score with its unit, short enough for a cell."""
    if score.verdict == "does not apply":
        return ""
    if score.criterion != "beyond":
        return NUMBERS[score.criterion].format(figure(score.number))
    if scheme in TURNING:
        return f"{score.number:.0%} new".replace("%", " %")
    form = BEYOND[scheme]
    return form.format(score.number if ":" in form else figure(score.number)).replace("%", " %")


def score_state(setting: Setting, scheme: str, score: Score) -> dict[str, str]:
    """The state of the page that shows a score."""
    view = score.view if score.view in fitting_views(scheme) else "heat"
    state = {"scheme": scheme, "n": str(setting.n), "d": str(setting.d), "base": str(setting.base)}
    if scheme in LEARNED and score.criterion == "beyond":
        state["n"] = str(min(MOST_POSITIONS, replace(setting, scheme=scheme).rows + setting.n))
    if (scheme, score.criterion) == ("fractions", "any length"):
        return {**state, "view": "curves", "beside": "n-256" if setting.n != 256 else "n-64"}
    return {**state, "view": view}


def score_sentences(setting: Setting, boards: Sequence[Scoreboard]) -> list[str]:
    """What the scoreboard shows."""
    own = next(board for board in boards if board.scheme == setting.scheme)
    answers = [score.verdict for score in own.scores]
    asked = [answer for answer in answers if answer != "does not apply"]
    all_yes = [
        NAMES[board.scheme]
        for board in boards
        if {s.verdict for s in board.scores} <= {"yes", "does not apply"}
    ]
    weakest = next((score for score in own.scores if score.verdict in ("no", "partly")), own.scores[0])
    return [
        f"{NAMES[setting.scheme]} answers yes to {answers.count('yes')} of {len(asked)} questions.",
        weakest.reason,
        f"Only {' and '.join(all_yes)} answers yes to all." if all_yes else "No scheme answers yes to all.",
    ]


def order_sentences(trace: ShuffleTrace) -> list[str]:
    """What the shuffled words show."""
    kept = trace.kept[0]
    most = int(np.where([token.special for token in trace.shuffled], 2, kept).argmin())
    off = float(np.abs(1 - trace.cosine[1:]).max())
    return [
        f"With its positions {trace.card.name} notices: the two sentence vectors have a cosine of "
        f"{trace.cosine[0]:.3f}, and “{trace.shuffled[most].text}” changes most ({kept[most]:.3f}).",
        f"With one position for all, 0 or {trace.elsewhere}, it cannot: the cosine is "
        f"{trace.cosine[1:].min():.3f}, {figure(off)} from 1.",
        "In the map at right each word meets itself wherever it stands, as dark as in the same text.",
    ]
