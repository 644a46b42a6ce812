"""The view *Read it right*: three things a map seems to say; predict first, then see what is true."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import state
from app.embedding_projections import cached
from app.embedding_projections.cached import Drawn, Setting
from app.embedding_projections.maps import PACKAGES
from app.embedding_projections.multiples import PARAMETER, SAID, VALUES
from app.embedding_projections.settings import NAMES, draw, kept, map_of, trust
from app.embedding_projections.shared import PREFIX, exports, provenance, tell, view_of
from app.embedding_projections.word_notes import HOW_CLAIMS, READ_CLAIMS
from app.predict import Asked, Question, known, panel
from app.shown import Shown
from app.state import choice
from components.scatter_view import Map, View, message, scatter_view
from models import recorded
from models.claims import gap, widths
from models.points import Points
from models.projection import Method
from models.recorded import STARTS

NEUTRAL = {"wide": "B", "narrow": "A", "left": "A", "middle": "B", "far right": "C"}
HINT = "Click a name in the legend to find its points."
METHODS: tuple[Method, ...] = ("tsne", "umap")
MOST_PERPLEXITY = 50  # all three sets allow it
WHY_WIDE: dict[Method, str] = {
    "tsne": "t-SNE gives every point about as many neighbours, so it spreads dense clouds and shrinks "
    "thin ones until both look alike.",
    "umap": "UMAP measures from each point by the distance to its own neighbours, so a dense and a thin "
    "cloud come out alike.",
}


@dataclass(frozen=True)
class By:
    """How the map of a claim is made: a method at a value of its one parameter."""

    method: Method
    value: int

    @property
    def setting(self) -> Setting:
        """The setting as the cache knows it, from the informed start."""
        return Setting(
            self.method, ((PARAMETER[self.method], self.value), ("init", STARTS[self.method][0][0]))
        )

    def __str__(self) -> str:
        """The method and its value in words."""
        return f"{NAMES[self.method]}, {SAID[self.method]} {self.value}"


@dataclass(frozen=True)
class Claim:
    """One demonstration: its set, the question, the answers, the values at first.

    ``right`` computes which answer is right, from the points, the map and the one beside it; ``told`` gives
    why in a sentence, and what else there is to say.
    """

    name: str
    data: str
    question: str
    answers: tuple[str, ...]
    right: Callable[[Points, Drawn, Drawn], str]
    first: dict[Method, int]
    told: Callable[[Points, Drawn, By], tuple[str, str]]


SIZES = {"About as wide": 1, "Twice as wide": 2, "Ten times as wide": 10}
DISTANCES = {"About as far": 1, "Twice as far": 2, "Four times as far": 4}
LEFT, RIGHT, NEITHER = "The left map", "The right map", "Neither: both have clumps"


def nearest(options: dict[str, int], value: float) -> str:
    """The option whose number is nearest, as a factor."""
    return min(options, key=lambda option: abs(np.log(options[option] / value)))


def right_size(points: Points, drawn: Drawn, other: Drawn) -> str:
    """How wide the one cloud is in the space."""
    return nearest(SIZES, ratio_of_widths(points.vectors, points.columns["cluster"]))


def right_distance(points: Points, drawn: Drawn, other: Drawn) -> str:
    """How far the one cloud is in the space."""
    return nearest(DISTANCES, ratio_of_gaps(points.vectors, points.columns["cluster"]))


def right_noise(points: Points, drawn: Drawn, other: Drawn) -> str:
    """The map that keeps fewer neighbours."""
    left, right = kept(drawn.quality), kept(other.quality)
    return NEITHER if left == right else LEFT if left < right else RIGHT


def told_size(points: Points, drawn: Drawn, by: By) -> tuple[str, str]:
    """How wide the clouds are in the space and on the maps."""
    groups = points.columns["cluster"]
    true, seen = (ratio_of_widths(places, groups) for places in (points.vectors, drawn.projection.xy))
    return (
        f"In the space B is {true:.1f} times as wide as A; on the {NAMES[by.method]} map it is {seen:.2f} "
        "times as wide.",
        f"No setting mends it: {ratios('unequal', points, by.method, ratio_of_widths)}. "
        f"{WHY_WIDE[by.method]} The PCA map at right is a plain shadow of the space, and there A is small.",
    )


def told_distance(points: Points, drawn: Drawn, by: By) -> tuple[str, str]:
    """How far the clouds are from each other in the space and on the maps."""
    groups = points.columns["cluster"]
    true, seen = (ratio_of_gaps(places, groups) for places in (points.vectors, drawn.projection.xy))
    return (
        f"In the space C is {true:.1f} times as far from B as A is; on the {NAMES[by.method]} map {seen:.2f} "
        "times.",
        f"At other settings the map says {ratios('distances', points, by.method, ratio_of_gaps)}. Two "
        "points that are no neighbours only push each other away, however far apart they were, so the empty "
        "room between clusters says little. The PCA map at right keeps these distances, since most of the "
        "variance is in them.",
    )


def told_noise(points: Points, drawn: Drawn, by: By) -> tuple[str, str]:
    """How many neighbours the two maps keep."""
    return (
        "The left map is noise: each column of the numbers was shuffled by itself, so no word of it has a "
        f"meaning any more. It keeps {kept(drawn.quality):.0%} of each point's 15 nearest neighbours.",
        f"With a small number {NAMES[by.method]} looks at a few neighbours only, and some are always "
        "nearest, in "
        "noise as well: clumps appear. Raise the number, and the clumps of the noise run together while the "
        "words keep their topics.",
    )


CLAIMS = {
    "size": Claim(
        "Size of clusters",
        "unequal",
        "Two clouds of 200 points in 50 dimensions. How wide is B in the space, compared with A?",
        tuple(SIZES),
        right_size,
        {"tsne": 30, "umap": 15},
        told_size,
    ),
    "distance": Claim(
        "Distance between clusters",
        "distances",
        "Three clouds of 100 points in 50 dimensions. How far is C from B, compared with A from B?",
        tuple(DISTANCES),
        right_distance,
        {"tsne": 30, "umap": 15},
        told_distance,
    ),
    "noise": Claim(
        "Clumps in noise",
        "topics",
        "240 words, and the same numbers shuffled column by column until nothing is left to find. Which is "
        "noise?",
        (LEFT, RIGHT, NEITHER),
        right_noise,
        {"tsne": 2, "umap": 5},
        told_noise,
    ),
}


def ratio_of_widths(places: np.ndarray, groups: Sequence[str]) -> float:
    """The wide cloud over the narrow one."""
    found = widths(places, groups)
    return found["wide"] / found["narrow"]


def ratio_of_gaps(places: np.ndarray, groups: Sequence[str]) -> float:
    """Middle to far right over left to middle."""
    return gap(places, groups, "middle", "far right") / gap(places, groups, "left", "middle")


def at_every_value(
    name: str, points: Points, method: Method, ratio: Callable[[np.ndarray, Sequence[str]], float]
) -> list[tuple[int, float]]:
    """A ratio on each recorded map of a set."""
    maps = (
        (value, recorded.places(name, method, dict(By(method, value).setting.parameters), 0))
        for value in VALUES[method]
    )
    return [(value, ratio(places, points.columns["cluster"])) for value, places in maps if places is not None]


def ratios(
    name: str, points: Points, method: Method, ratio: Callable[[np.ndarray, Sequence[str]], float]
) -> str:
    """A ratio at each recorded value, as in a sentence."""
    found = at_every_value(name, points, method, ratio)
    said = ", ".join(f"{each:.2f}" for _, each in found)
    return f"{said} at {SAID[method]} {', '.join(str(value) for value, _ in found)}"


def claims(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """The question with its answers; the map alone, and after an answer the map beside it."""
    with controls, st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        which = choice(
            "What the map seems to say",
            list(CLAIMS),
            key=f"{PREFIX}_claim",
            name=lambda name: CLAIMS[name].name,
            width=250,
        )
        claim = CLAIMS[which]
        by = asked_for(which, claim)
    guess = f"{PREFIX}_guess_{which}"
    with state.hidden(guess):
        said = state.carrier(guess, rerun=True)
    with picture:
        # The answer is computed from the maps below, once they are drawn.
        question = Question(
            which,
            claim.name,
            claim.question,
            claim.answers,
            lambda: (claim.right(given, first, other), claim.told(given, first, by)[0]),
            covered=False,
        )
        asked = Asked(question, {}, known(said, question), guess)
        tell_answer = panel(asked)
        request = (claim.data,)
        given = cached.points(request)
        first = draw(request, given, replace(by.setting, noise=True) if which == "noise" else by.setting)
        other = draw(request, given, by.setting if which == "noise" else Setting("pca", (("dims", 2),)))
        points = named(which, given, revealed=asked.revealed)
        maps = maps_of(which, by, first, other, revealed=asked.revealed)
        sent = drawn_message(which, points, maps)
        tell_answer()
        tell(
            sentences(claim, asked, given, first, by),
            table(which, given, by.method, first, other, asked.revealed),
        )
    computed = [each for each in (first, other) if not each.recorded and each.projection.method != "pca"]
    note = f"{NAMES[by.method]} {'computed here' if computed else 'recorded beforehand'}"
    seconds = first.projection.seconds + other.projection.seconds
    made = provenance(given, seconds, [PACKAGES[by.method], "scikit-learn"], note)
    return Shown(
        exports(points, maps, sent, f"claim-{which}", claim.name),
        READ_CLAIMS,
        HOW_CLAIMS,
        made,
        sources=("wattenberg2016", "vandermaaten2008", "policar2024", "mcinnes2018"),
    )


def asked_for(which: str, claim: Claim) -> By:
    """The method and its value, chosen."""
    method: Method = choice(  # type: ignore[assignment]
        "Map",
        METHODS,
        key=f"{PREFIX}_by_{which}",
        name=NAMES.__getitem__,  # type: ignore[arg-type]
        width=120,
    )
    values = [value for value in VALUES[method] if method == "umap" or value <= MOST_PERPLEXITY]
    value = choice(
        SAID[method].capitalize(),
        [str(value) for value in values],
        default=str(claim.first[method]),
        key=f"{PREFIX}_{'p' if method == 'tsne' else 'n'}_{which}",
        width=150,
    )
    return By(method, int(value))


def named(which: str, given: Points, *, revealed: bool) -> Points:
    """The points with names that do not give the answer away."""
    if which == "noise":
        if revealed:
            return given
        return replace(given, labels=tuple(f"point {i + 1}" for i in range(len(given))), columns={})
    clusters = [NEUTRAL[cluster] for cluster in given.columns["cluster"]]
    labels = tuple(f"{cluster} {i + 1}" for i, cluster in enumerate(clusters))
    return replace(given, labels=labels, columns={"cloud": tuple(clusters)})


def maps_of(which: str, by: By, first: Drawn, other: Drawn, *, revealed: bool) -> list[Map]:
    """The map that makes the claim, and the one beside it: at once for noise, else when the truth is told."""
    if which == "noise":
        names = ("Shuffled columns: noise", "Real words") if revealed else ("Left", "Right")
        return [map_of(each, name=f"{name} ({by})") for each, name in zip((first, other), names, strict=True)]
    shadow = [map_of(other, name="PCA: a shadow of the space, true to scale")] if revealed else []
    return [map_of(first, name=str(by)), *shadow]


def drawn_message(which: str, points: Points, maps: Sequence[Map]) -> bytes:
    """Draw the maps; the message, for the exports."""
    opening = View(colour=next(iter(points.columns), "none"), labels="off")
    sent = message(
        points.labels,
        maps,
        view_of(points, [], opening, len(maps)),
        columns=points.columns,
        default=opening,
        below=170,
        prefix=PREFIX,
        title=CLAIMS[which].name,
        stem=f"claim-{which}",
        provenance=f"Plainsight · {points.source}",
        hint=HINT if points.columns else "Look for clumps in both maps.",
    )
    scatter_view(sent, key=f"{PREFIX}_picture_claim")
    return sent


def sentences(claim: Claim, asked: Asked, points: Points, first: Drawn, by: By) -> str:
    """Before the prediction an invitation, after it what else there is to say."""
    if not asked.revealed:
        return "Look at the map, answer above, and the truth will be drawn beside it."
    return claim.told(points, first, by)[1]


def table(
    which: str, points: Points, method: Method, first: Drawn, other: Drawn, revealed: bool
) -> dict[str, list[str]]:
    """The numbers of the truth, once it may be told."""
    if not revealed:
        return {"number": ["after your prediction"]}
    if which == "noise":
        return {
            "map": ["left: noise", "right: words"],
            "15 neighbours kept": [f"{kept(each.quality):.3f}" for each in (first, other)],
            "trustworthiness, 15": [f"{trust(each.quality):.3f}" for each in (first, other)],
        }
    ratio = ratio_of_widths if which == "size" else ratio_of_gaps
    found = at_every_value(CLAIMS[which].data, points, method, ratio)
    return {
        "where": ["the space", *(f"{NAMES[method]}, {SAID[method]} {value}" for value, _ in found), "PCA"],
        "width of B over A" if which == "size" else "distance B–C over A–B": [
            f"{ratio(points.vectors, points.columns['cluster']):.2f}",
            *(f"{value:.2f}" for _, value in found),
            f"{ratio(other.projection.xy, points.columns['cluster']):.2f}",
        ],
    }
