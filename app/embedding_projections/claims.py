"""The view *Read it right*: three things a map seems to say; predict first, then see what is true."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.embedding_projections import cached
from app.embedding_projections.cached import Drawn, Setting
from app.embedding_projections.settings import draw, map_of
from app.embedding_projections.shared import PREFIX, exports, provenance, tell, view_of
from app.embedding_projections.word_notes import HOW_CLAIMS, READ_CLAIMS
from app.shown import Shown
from app.state import choice
from components.scatter_view import Map, View, message, scatter_view
from models import recorded
from models.claims import gap, widths
from models.points import Points

NEUTRAL = {"wide": "B", "narrow": "A", "left": "A", "middle": "B", "far right": "C"}
HINT = "Click a group to follow it from map to map."


@dataclass(frozen=True)
class Claim:
    """One demonstration: its set, the question, the answers by id, the right one, the perplexity at first."""

    name: str
    data: str
    question: str
    answers: dict[str, str]
    right: str
    perplexity: int
    told: Callable[[Points, Drawn, int], str]


def told_size(points: Points, drawn: Drawn, perplexity: int) -> str:
    """How wide the clouds are in the space and on the maps."""
    groups = points.columns["cluster"]
    true, seen = (ratio_of_widths(places, groups) for places in (points.vectors, drawn.projection.xy))
    ratios = [f"{ratio:.2f}" for _, ratio in at_every_perplexity("unequal", points, ratio_of_widths)]
    return (
        f"In the space B is {true:.1f} times as wide as A; on the t-SNE map it is {seen:.2f} times as "
        "wide. No "
        f"perplexity mends it: {', '.join(ratios)} at {listed_perplexities('unequal', points)}. t-SNE "
        "gives every "
        "point about as many neighbours, so it spreads dense clouds and shrinks thin ones until both look "
        "alike. "
        "The PCA map at right is a plain shadow of the space, and there A is small."
    )


def told_distance(points: Points, drawn: Drawn, perplexity: int) -> str:
    """How far the clouds are from each other in the space and on the maps."""
    groups = points.columns["cluster"]
    true, seen = (ratio_of_gaps(places, groups) for places in (points.vectors, drawn.projection.xy))
    ratios = [f"{ratio:.2f}" for _, ratio in at_every_perplexity("distances", points, ratio_of_gaps)]
    return (
        f"In the space C is {true:.1f} times as far from B as A is; on the t-SNE map {seen:.2f} times. At "
        f"{listed_perplexities('distances', points)} the map says {', '.join(ratios)}. Two points that are "
        "no "
        "neighbours only push each other away, however far apart they were, so the empty room between "
        "clusters "
        "says little. The PCA map at right keeps these distances, since most of the variance is in them."
    )


def told_noise(points: Points, drawn: Drawn, perplexity: int) -> str:
    """How many neighbours the two maps keep."""
    at = drawn.quality.k.index(15)
    return (
        "The left map is noise: each column of the numbers was shuffled by itself, so no word of it has a "
        "meaning "
        f"any more. It keeps {drawn.quality.recall[at]:.0%} of each point's 15 nearest neighbours. At a "
        "small "
        "perplexity t-SNE looks at a few neighbours only, and some are always nearest, in noise as well: "
        "clumps "
        "appear. Raise the perplexity, and the clumps of the noise run together while the words keep their "
        "topics."
    )


CLAIMS = {
    "size": Claim(
        "Size of clusters",
        "unequal",
        "Two clouds of 200 points in 50 dimensions, mapped by t-SNE. How wide is B in the space, compared "
        "with A?",
        {"same": "About as wide", "twice": "Twice as wide", "ten": "Ten times as wide"},
        "ten",
        30,
        told_size,
    ),
    "distance": Claim(
        "Distance between clusters",
        "distances",
        "Three clouds of 100 points in 50 dimensions, mapped by t-SNE. How far is C from B, compared with "
        "A from B?",
        {"same": "About as far", "twice": "Twice as far", "four": "Four times as far"},
        "four",
        30,
        told_distance,
    ),
    "noise": Claim(
        "Clumps in noise",
        "topics",
        "240 words, and the same numbers shuffled column by column until nothing is left to find. Which is "
        "noise?",
        {"left": "The left map", "right": "The right map", "none": "Neither: both have clumps"},
        "left",
        2,
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


def at_every_perplexity(
    name: str, points: Points, ratio: Callable[[np.ndarray, Sequence[str]], float]
) -> list[tuple[int, float]]:
    """A ratio on each recorded t-SNE map of a set."""
    maps = ((each, recorded.places(name, "tsne", {"perplexity": each}, 0)) for each in recorded.PERPLEXITIES)
    return [(each, ratio(places, points.columns["cluster"])) for each, places in maps if places is not None]


def listed_perplexities(name: str, points: Points) -> str:
    """The recorded perplexities, as in a sentence."""
    known = [str(each) for each, _ in at_every_perplexity(name, points, lambda places, groups: 0.0)]
    return f"perplexity {', '.join(known)}"


def claims(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """The question with its answers; the map alone, and after an answer the map beside it."""
    with controls:
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            which = choice(
                "What the map seems to say",
                list(CLAIMS),
                key=f"{PREFIX}_claim",
                name=lambda name: CLAIMS[name].name,
                width=250,
            )
            claim = CLAIMS[which]
            perplexity = int(
                choice(
                    "Perplexity of t-SNE",
                    [str(each) for each in recorded.PERPLEXITIES if each < 100],
                    default=str(claim.perplexity),
                    key=f"{PREFIX}_p_{which}",
                    width=170,
                )
            )
            guess = choice(
                "Your prediction",
                ["", *claim.answers],
                key=f"{PREFIX}_guess_{which}",
                name=lambda name: claim.answers.get(name, "choose before you see the truth"),
                width=300,
            )
        st.markdown(f"**{claim.question}**")
    with picture:
        request = (claim.data,)
        given = cached.points(request)
        setting = Setting("tsne", (("perplexity", float(perplexity)), ("init", "pca")))
        first = draw(request, given, replace(setting, noise=True) if which == "noise" else setting)
        other = draw(request, given, setting if which == "noise" else Setting("pca", (("dims", 2),)))
        points = named(which, given, revealed=bool(guess))
        maps = maps_of(which, perplexity, first, other, revealed=bool(guess))
        sent = drawn_message(which, points, maps)
        tell(
            sentences(claim, guess, given, first, perplexity), table(which, given, first, other, bool(guess))
        )
    computed = [each for each in (first, other) if not each.recorded and each.projection.method != "pca"]
    note = (
        "the noise map computed here, the other recorded beforehand"
        if computed
        else "t-SNE recorded beforehand"
    )
    made = provenance(
        given, first.projection.seconds + other.projection.seconds, ["openTSNE", "scikit-learn"], note
    )
    return Shown(
        exports(points, maps, sent, f"claim-{which}", claim.name),
        READ_CLAIMS,
        HOW_CLAIMS,
        made,
        sources=("wattenberg2016", "vandermaaten2008", "policar2024"),
    )


def named(which: str, given: Points, *, revealed: bool) -> Points:
    """The points with names that do not give the answer away."""
    if which == "noise":
        if revealed:
            return given
        return replace(given, labels=tuple(f"point {i + 1}" for i in range(len(given))), columns={})
    clusters = [NEUTRAL[cluster] for cluster in given.columns["cluster"]]
    labels = tuple(f"{cluster} {i + 1}" for i, cluster in enumerate(clusters))
    return replace(given, labels=labels, columns={"cloud": tuple(clusters)})


def maps_of(which: str, perplexity: int, first: Drawn, other: Drawn, *, revealed: bool) -> list[Map]:
    """The map that makes the claim, and the one beside it: at once for noise, else when the truth is told."""
    name = f"t-SNE, perplexity {perplexity}"
    if which == "noise":
        names = ("Shuffled columns: noise", "Real words") if revealed else ("Left", "Right")
        return [
            map_of(first, name=f"{names[0]} ({name})"),
            map_of(other, name=f"{names[1]} ({name})"),
        ]
    shadow = [map_of(other, name="PCA: a shadow of the space, true to scale")] if revealed else []
    return [map_of(first, name=name), *shadow]


def drawn_message(which: str, points: Points, maps: Sequence[Map]) -> bytes:
    """Draw the maps; the message, for the exports."""
    opening = View(colour=next(iter(points.columns), "none"), labels="off")
    sent = message(
        points.labels,
        maps,
        view_of(points, [], opening, len(maps)),
        columns=points.columns,
        default=opening,
        across=2,
        below=210,
        prefix=PREFIX,
        title=CLAIMS[which].name,
        stem=f"claim-{which}",
        provenance=f"Plainsight · {points.source}",
        hint=HINT,
    )
    scatter_view(sent, key=f"{PREFIX}_claim_picture")
    return sent


def sentences(claim: Claim, guess: str, points: Points, first: Drawn, perplexity: int) -> str:
    """Before the prediction an invitation, after it the truth."""
    if not guess:
        return "Look at the map, choose your prediction above, and the truth will be drawn beside it."
    verdict = "Right." if guess == claim.right else f"It is “{claim.answers[claim.right].lower()}”."
    return f"You said “{claim.answers[guess].lower()}”. {verdict} {claim.told(points, first, perplexity)}"


def table(which: str, points: Points, first: Drawn, other: Drawn, revealed: bool) -> dict[str, list[str]]:
    """The numbers of the truth, once it may be told."""
    if not revealed:
        return {"number": ["after your prediction"]}
    if which == "noise":
        at = first.quality.k.index(15)
        return {
            "map": ["left: noise", "right: words"],
            "15 neighbours kept": [f"{each.quality.recall[at]:.3f}" for each in (first, other)],
            "trustworthiness, 15": [f"{each.quality.trustworthiness[at]:.3f}" for each in (first, other)],
        }
    ratio = ratio_of_widths if which == "size" else ratio_of_gaps
    found = at_every_perplexity(CLAIMS[which].data, points, ratio)
    return {
        "where": ["the space", *(f"t-SNE, perplexity {each}" for each, _ in found), "PCA"],
        "width of B over A" if which == "size" else "distance B–C over A–B": [
            f"{ratio(points.vectors, points.columns['cluster']):.2f}",
            *(f"{value:.2f}" for _, value in found),
            f"{ratio(other.projection.xy, points.columns['cluster']):.2f}",
        ],
    }
