"""The vectors that come with the app: GloVe words, handwritten digits, clouds whose truth is known."""

from collections.abc import Callable, Sequence

import numpy as np

from models.errors import NumberError, TextError
from models.glove import glove
from models.points import Points, tidy
from models.topics import TOPICS

SOURCE = "GloVe 6B, 50 dimensions"
MOST_WORDS = 2_000  # of a list that a visitor types
SEED = 0  # of the clouds
FREQUENT = (500, 1000, 2000, 5000, 10000, 20000)


def topics() -> Points:
    """240 words in 12 topics, those that occur most often first."""
    pairs = [(word, topic) for topic, listed in TOPICS.items() for word in listed.split()]
    words = glove()
    rows = np.array([words.place(word) for word, _ in pairs])
    order = np.argsort(rows, kind="stable")
    return tidy(
        "Words of 12 topics",
        words.take(rows[order]),
        [pairs[i][0] for i in order],
        columns={
            "topic": [pairs[i][1] for i in order],
            "place by frequency": [int(rows[i]) + 1 for i in order],
        },
        source=SOURCE,
    )


def frequent(count: int) -> Points:
    """The ``count`` most frequent words that are made of letters."""
    if count not in FREQUENT:
        raise NumberError(f"{count} words; expected {', '.join(map(str, FREQUENT))}.")
    words = glove()
    names = words.words
    # about one of eight is punctuation or a number
    rows = [row for row, word in enumerate(names[: 2 * count]) if word.isalpha()][:count]
    return tidy(
        f"The {count:,} most frequent words",
        words.take(rows),
        [names[row] for row in rows],
        columns={
            "place by frequency": [row + 1 for row in rows],
            "letters": [len(names[row]) for row in rows],
        },
        source=SOURCE,
    )


def own_words(text: str) -> Points:
    """The words of a list, parted by spaces, commas or lines; a note names those that GloVe lacks."""
    listed = list(dict.fromkeys(word.lower() for word in text.replace(",", " ").split()))
    if len(listed) > MOST_WORDS:
        raise TextError(
            f"Your list has {len(listed):,} words; a map takes {MOST_WORDS:,}. Please shorten it."
        )
    words = glove()
    rows, lacking = words.places(listed)
    if len(rows) < 2:
        raise TextError(
            f"GloVe knows {len(rows)} of your {len(listed)} words; type two or more English words."
        )
    points = tidy(
        "Your words",
        words.take(rows),
        [words.words[row] for row in rows],
        columns={"place by frequency": [int(row) + 1 for row in rows]},
        source=SOURCE,
    )
    if not lacking:
        return points
    named = ", ".join(word[:30] for word in lacking[:5]) + (" …" if len(lacking) > 5 else "")
    missing = f"{len(lacking)} of your words {'is' if len(lacking) == 1 else 'are'} not in GloVe: {named}."
    return Points(**{**vars(points), "notes": (missing, *points.notes)})


def digits() -> Points:
    """1,797 handwritten digits of 8 × 8 pixels (UCI, scikit-learn's copy)."""
    from sklearn.datasets import load_digits

    loaded = load_digits()
    return tidy(
        "Handwritten digits",
        loaded.data,
        [f"{digit}" for digit in loaded.target],
        metric="euclidean",
        columns={"digit": [str(digit) for digit in loaded.target]},
        source="scikit-learn digits (Alpaydin & Kaynak 1998)",
        images=(loaded.images * (255 / 16)).astype(np.uint8),
    )


def unequal(n: int = 200, d: int = 50) -> Points:
    """Two clusters, one of them ten times as wide."""
    rng = np.random.default_rng(SEED)
    wide, narrow = rng.normal(0, 1, (n, d)), rng.normal(0, 0.1, (n, d))
    narrow[:, 0] += 20
    return _cloud("Clusters of unequal size", [wide, narrow], ["wide", "narrow"])


def noise(n: int = 500, d: int = 100) -> Points:
    """One Gaussian cloud: nothing to find."""
    return _cloud("Noise", [np.random.default_rng(SEED).normal(0, 1, (n, d))], ["noise"])


def containing(n: int = 200, d: int = 50) -> Points:
    """A dense cluster in the middle of one fifty times as wide."""
    rng = np.random.default_rng(SEED)
    return _cloud(
        "A cluster inside another",
        [rng.normal(0, 50, (n, d)), rng.normal(0, 1, (n, d))],
        ["outer", "inner"],
    )


def trefoil(n: int = 400) -> Points:
    """A knotted line in three dimensions."""
    t = np.linspace(0, 2 * np.pi, n, endpoint=False)
    knot = np.column_stack([np.sin(t) + 2 * np.sin(2 * t), np.cos(t) - 2 * np.cos(2 * t), -np.sin(3 * t)])
    return tidy(
        "Trefoil knot",
        knot,
        [str(i) for i in range(n)],
        metric="euclidean",
        columns={"place along the knot": [round(float(at), 4) for at in t / (2 * np.pi)]},
        source="computed here, after Distill 2016",
    )


def distances(n: int = 100, d: int = 50) -> Points:
    """Three clusters: two near each other, the third five times as far away."""
    rng = np.random.default_rng(SEED)
    places = (0.0, 10.0, 50.0)
    clouds = [rng.normal(0, 1, (n, d)) for _ in places]
    for cloud, place in zip(clouds, places, strict=True):
        cloud[:, 0] += place
    return _cloud("Three clusters, one far", clouds, ["left", "middle", "far right"])


def _cloud(name: str, clouds: Sequence[np.ndarray], names: Sequence[str]) -> Points:
    groups = [group for group, cloud in zip(names, clouds, strict=True) for _ in cloud]
    return tidy(
        name,
        np.concatenate(clouds),
        [f"{group} {i + 1}" for i, group in enumerate(groups)],
        metric="euclidean",
        columns={"cluster": groups},
        source="computed here, after Distill 2016",
    )


BUNDLED: dict[str, Callable[[], Points]] = {
    "topics": topics,
    **{f"frequent{count}": (lambda count=count: frequent(count)) for count in FREQUENT},  # type: ignore[misc]
    "digits": digits,
    "unequal": unequal,
    "distances": distances,
    "containing": containing,
    "noise": noise,
    "trefoil": trefoil,
}
