"""Positional encodings: how does a model that sees a set know the order?"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import streamlit as st

from app import cached, encodings, frame, working
from app.catalogue import POSITIONAL_ENCODINGS
from app.encodings import BESIDE, NAIVE, NAMES, RELATIVE, ROPE, TURNING, VIEWS, Setting
from app.frame import Preset
from app.state import Param, choice, read_view, url_text, whole
from components import charts, figures, toolbar
from components.figures import Cell, Pair, Panel, Row, Scale
from models import positions
from models.traces import Provenance, Score, Scoreboard

PREFIX = POSITIONAL_ENCODINGS.prefix
DEFAULT = Setting()
OPENING = {
    "scheme": "sinusoidal",
    "view": "heat",
    "n": "128",
    "d": "128",
    "base": "10000",
    "at": "50",
    "beside": "",
    "scaling": "none",
    "factor": "4",
    "trained": "128",
    "heads": "8",
    "buckets": "32",
    "m": "",
    "gap": "",
    "text": "The dog bites the man.",
    "seed": "249",  # the man bites the dog
}
# What the limits are for: a picture of n² cells must reach the browser within 0.3 s
MOST_POSITIONS, MOST_DIMENSIONS, MOST_BASE = 1024, 512, 10_000_000
CURVES = 4
MOST_IN_SCALE = 0.99
MOST_SEED = 999
HANDS = 8


def preset(name: str, why: str, **changes: str) -> Preset:
    """A preset is a complete state: the opening one with changes."""
    return Preset(name, why, {f"{PREFIX}_{key}": value for key, value in {**OPENING, **changes}.items()})


PRESETS = (
    preset("Neighbours of position 50", "Which positions look alike? Those that are near."),
    preset(
        "10000 replaced by 10",
        "With a small base all waves are short: far positions look alike again.",
        base="10",
        beside="base-10000",
    ),
    preset("d = 8 against 512", "More dimensions, a sharper peak.", view="distance", d="8", beside="d-512"),
    preset(
        "A length beyond training",
        "A learned table ends at 512; what then?",
        scheme="learned",
        n="640",
        at="500",
    ),
    preset(
        "Why not a sigmoid",
        "Squashed into 0 to 1, far neighbours become one.",
        scheme="squashed",
        view="curves",
        n="32",
        at="12",
    ),
    preset("Shuffle the words", "Without positions a sentence is a bag of words.", view="order"),
)


@dataclass(frozen=True)
class Shown:
    """What a view has drawn: its title, sentences with its numbers, and the numbers as a table."""

    title: str
    sentences: list[str]
    numbers: Callable[[], pd.DataFrame]
    provenance: Provenance | None = None


def controls() -> tuple[Setting, str, int, str]:
    """Draw the controls; the setting, the view, the position looked at, what stands beside."""
    notes: list[str] = []
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall", key=f"{PREFIX}_controls")
    with row:
        scheme = choice("Scheme", list(NAMES), key=f"{PREFIX}_scheme", name=NAMES.__getitem__, width=205)
    views = encodings.fitting_views(scheme)
    _fall_back("view", list(VIEWS), views)
    with row:
        view = choice(
            "View",
            views,
            key=f"{PREFIX}_view",
            name=lambda view: encodings.view_name(scheme, view),
            width=222,
        )
    whole_text = view == "order"
    sized = view == "scores" or (not whole_text and scheme not in ("learned", *RELATIVE))
    based = view == "scores" or (not whole_text and scheme in TURNING)
    looked_at = view in ("curves", "pairs") or (view == "heat" and scheme != "t5")
    more = scheme in (*ROPE, *RELATIVE) and view not in ("order", "scores")

    def number(label: str, name: str, low: int, high: int, **given: Any) -> int:
        default = int(OPENING[name])
        return whole(label, default, low, high, key=f"{PREFIX}_{name}", note=notes.append, **given)

    with row:
        if whole_text:
            url_text("Text", OPENING["text"], key=f"{PREFIX}_text", width=350)
        seed = number("Seed", "seed", 0, MOST_SEED, show=whole_text, width=80)
        if whole_text:
            st.button("Shuffle again", on_click=next_seed, args=(seed,))
        n = number("Positions n", "n", 2, MOST_POSITIONS, show=not whole_text, width=80)
        d = number("Dimensions d", "d", 4, MOST_DIMENSIONS, step=2, show=sized, width=80)
        base = number("Base", "base", 2, MOST_BASE, show=based, width=88)
        at = number("Position p", "at", 0, MOST_POSITIONS - 1, show=looked_at, width=80)
        compared = st.container(width=132 if encodings.comparable(scheme, view) else 1)
        with st.popover("More") if more else st.container(width=1):
            scaling = choice(
                "RoPE scaling",
                list(encodings.SCALINGS),
                key=f"{PREFIX}_scaling",
                name=encodings.SCALINGS.__getitem__,
                field=_if(more and scheme in ROPE),
            )
            scaled = more and scheme in ROPE and scaling != "none"
            factor = number("Scaling factor", "factor", 1, 64, show=scaled)
            trained = number("Trained length", "trained", 8, 8192, show=scaled and scaling == "yarn")
            heads = number("Heads", "heads", 1, 16, show=more and scheme == "alibi")
            buckets = number("Buckets", "buckets", 4, 64, step=4, show=more and scheme == "t5")
    if d % 2:
        notes.append(f"d is {d}, an odd number; dimensions come in pairs, so {d + 1} is shown.")
        d += 1
    if buckets % 4:
        notes.append(f"{buckets} buckets do not part into four; {buckets // 4 * 4} are shown.")
        buckets = buckets // 4 * 4
    if at >= n:
        if looked_at:
            notes.append(f"Position {at} lies beyond the last of {n}; position {n - 1} is shown.")
        at = n - 1
    setting = Setting(scheme, n, d, base, scaling, factor, trained, heads, buckets)
    options = encodings.fitting_beside(setting, view)
    _fall_back("beside", list(BESIDE), options)
    with compared:
        beside = choice(
            "Compare with",
            options,
            key=f"{PREFIX}_beside",
            name=BESIDE.__getitem__,
            field=_if(encodings.comparable(scheme, view)),
        )
    for note in notes:
        st.caption(note)
    return setting, view, at, beside


def _if(fits: bool) -> Any:
    """A select box, or nothing where it has nothing to do; the address keeps its value for other views."""
    field: Any = st.selectbox if fits else lambda *args, **kwargs: None
    return field


def next_seed(seed: int) -> None:
    """Another order of the words."""
    st.session_state[f"{PREFIX}_seed"] = str((seed + 1) % (MOST_SEED + 1))


def _fall_back(name: str, known: list[str], fitting: list[str]) -> None:
    """Where another control has made a choice unfit, take the first that fits, without a word."""
    key = f"{PREFIX}_{name}"
    if st.session_state.get(key) in known and st.session_state[key] not in fitting:
        st.session_state[key] = fitting[0]


def height() -> int:
    """Pixels of a picture; a room has more of them."""
    return 560 if frame.presenting() else 400


def settings(setting: Setting, beside: str) -> list[tuple[str, Setting]]:
    """The settings to draw, with the names that tell them apart."""
    if not beside:
        return [(NAMES[setting.scheme], setting)]
    names = encodings.difference(setting, beside)
    return list(zip(names, (setting, encodings.other(setting, beside)), strict=True))


def scale_of(setting: Setting, tables: list[Any]) -> Scale:
    """Naive schemes have no sign; all others are centred on 0. A few far values do not wash out the rest."""
    values = np.abs(np.concatenate([table[~np.isnan(table)] for table in tables]))
    largest = float(values.max())
    if setting.scheme in NAIVE:
        return Scale("value", 0, max(1.0, largest), 0 if setting.scheme == "integers" else 2)
    most = float(np.quantile(values, MOST_IN_SCALE))
    if largest < 2 * most:
        return Scale("value", -largest, largest)
    return Scale(f"value; the 1 % beyond, up to ±{largest:.2f}, have the end colours", -most, most)


def heat(setting: Setting, at: int, beside: str) -> Shown:
    """Position × dimension, and how like one position is to all."""
    if setting.scheme in RELATIVE:
        return bias(setting, at)
    drawn = settings(setting, beside)
    tables = [one.table for _, one in drawn]
    names = " and ".join(name for name, _ in drawn)
    label = f"Heat map of {names}: {setting.n} positions down, dimensions across."
    left, right = (st.container(), None) if beside else st.columns([3, 2])
    with left:
        figures.matrix(
            [Panel(name, table) for (name, _), table in zip(drawn, tables, strict=True)],
            scale_of(setting, tables),
            axes=("position", "dimension"),
            label=label,
            key=f"{PREFIX}_matrix",
            held=at,
            param=f"{PREFIX}_at",
            gone=f"no row: the table ends at position {encodings.LEARNED_ROWS - 1}",
            height=height(),
        )
    if right:
        with right:
            profile(setting, at)
    return Shown(
        f"{NAMES[setting.scheme]}: position × dimension",
        encodings.heat_sentences(setting, at),
        lambda: pd.DataFrame(tables[0]),
    )


def profile(setting: Setting, at: int) -> None:
    """How like one position is to every other, as a line."""
    row = setting.similarity_to(at)
    low, high = (
        (min(0.0, float(np.nanmin(row, initial=0))), 1.0) if setting.scheme not in NAIVE else (None, None)
    )
    st.altair_chart(
        charts.lines(
            {f"position {at}": row},
            x="position",
            y=f"{setting.measure} with position {at}",
            low=low,
            high=high,
            mark=at,
            height=height(),
        ),
        alt=f"Similarity of position {at} to each of {setting.n} positions, highest at itself.",
        key=f"{PREFIX}_profile",
    )


def bias(setting: Setting, at: int) -> Shown:
    """What a relative scheme adds to the scores, or the bucket it looks up."""
    n = setting.n
    if setting.scheme == "alibi":
        values = positions.alibi_bias(setting.heads, n)
        values[~np.isfinite(values)] = np.nan
        panels = [
            Panel(f"Head {head + 1}: slope {encodings.figure(slope)}", np.exp(values[head]))
            for head, slope in enumerate(positions.alibi_slopes(setting.heads))
        ]
        scale = Scale("what is left of a weight, e^bias", 0, 1)
        label = f"What ALiBi leaves of a weight, {setting.heads} heads, {n} queries down and keys across."
    else:
        place = np.arange(n)
        buckets = positions.t5_buckets(place - place[:, None], buckets=setting.buckets)
        values = buckets[None].astype(float)
        panels = [Panel(f"{setting.buckets} buckets, both directions", values[0])]
        scale = Scale("bucket", 0, setting.buckets - 1, 0)
        label = f"T5's bucket of every pair: {n} queries down and keys across."
    left, right = (st.container(), None) if setting.scheme == "alibi" else st.columns([1, 1])
    with left:
        figures.matrix(
            panels,
            scale,
            axes=("query", "key"),
            label=label,
            key=f"{PREFIX}_matrix",
            height=height(),
            square=setting.scheme == "t5",
        )
    if right:
        with right:
            bucket_steps(setting)
    return Shown(
        f"{NAMES[setting.scheme]}: query × key",
        encodings.heat_sentences(setting, at),
        lambda: pd.DataFrame(values[0]),
    )


def curves(setting: Setting, at: int, beside: str) -> Shown:
    """Single dimensions over the positions."""
    drawn = settings(setting, beside)
    if setting.scheme in NAIVE:
        dimensions = [0]
        series = {name if beside else "every dimension": one.table[:, 0] for name, one in drawn}
    elif setting.scheme == "learned":
        dimensions = [0, 96, 192, 288]
        series = {f"dimension {at}": setting.table[:, at] for at in dimensions}
    else:
        pairs = sorted({0, setting.d // 32, setting.d // 16, setting.d // 8})[:CURVES]
        dimensions = [setting.dimensions_of(pair)[0] for pair in pairs]
        turns = [f"once in {encodings.figure(setting.wavelengths[pair])} positions" for pair in pairs]
        series = {
            f"dimension {one}: {turn}": setting.table[:, one]
            for one, turn in zip(dimensions, turns, strict=True)
        }
    st.altair_chart(
        charts.lines(series, x="position", y="value", mark=at, height=height()),
        alt=f"Values of {len(series)} dimensions of {NAMES[setting.scheme]} over {setting.n} positions.",
        key=f"{PREFIX}_curves",
    )
    return Shown(
        f"{NAMES[setting.scheme]}: single dimensions",
        encodings.curves_sentences(setting, dimensions, at),
        lambda: pd.DataFrame(series),
    )


def pairs(setting: Setting, at: int, beside: str) -> Shown:
    """Every position with every other."""
    drawn = settings(setting, beside)
    tables = [one.similarity for _, one in drawn]
    scale = (
        Scale(setting.measure, -1, 1)
        if setting.scheme not in NAIVE
        else Scale(setting.measure, 0, max(float(table.max()) for table in tables))
    )
    left, right = (st.container(), None) if beside else st.columns([1, 1])
    with left:
        figures.matrix(
            [Panel(name, table) for (name, _), table in zip(drawn, tables, strict=True)],
            scale,
            axes=("position", "position"),
            label=f"Similarity of every pair of {setting.n} positions.",
            key=f"{PREFIX}_matrix",
            square=not beside,
            held=at,
            param=f"{PREFIX}_at",
            gone="no rows",
            height=height(),
        )
    if right:
        with right:
            profile(setting, at)
    return Shown(
        f"{NAMES[setting.scheme]}: similarity of every pair",
        encodings.pairs_sentences(setting, at),
        lambda: pd.DataFrame(tables[0]),
    )


def distance(setting: Setting, at: int, beside: str) -> Shown:
    """Similarity, bias or bucket against distance."""
    if setting.scheme == "t5":
        return bucket_steps(setting)
    if setting.scheme == "alibi":
        back = np.arange(setting.n)
        slopes = positions.alibi_slopes(setting.heads)
        series = {f"head {head + 1}": np.exp(-slope * back) for head, slope in enumerate(slopes)}
        x, y = "distance back, positions", "what is left of a weight, e^bias"
    else:
        drawn = settings(setting, beside)
        x, y = "distance, positions", f"mean {setting.measure}"
        if beside:
            series = {name: encodings.by_distance(one.similarity)[0] for name, one in drawn}
        else:
            mean, low, high = encodings.by_distance(setting.similarity)
            even = float(np.nanmax(high - low)) < 1e-9
            series = {"every pair": mean} if even else {"mean": mean, "smallest": low, "largest": high}
    st.altair_chart(
        charts.lines(series, x=x, y=y, height=height()),
        alt=f"{y} against {x} for {NAMES[setting.scheme]}.",
        key=f"{PREFIX}_distance",
    )
    return Shown(
        f"{NAMES[setting.scheme]}: against distance",
        encodings.distance_sentences(setting),
        lambda: pd.DataFrame(series),
    )


def bucket_steps(setting: Setting) -> Shown:
    """T5's bucket of every distance, both ways."""
    start = 1 - setting.n
    series = {"bucket": positions.t5_buckets(np.arange(start, setting.n), buckets=setting.buckets)}
    st.altair_chart(
        charts.lines(
            series, x="key − query, positions", y="bucket", start=start, mark=0, steps=True, height=height()
        ),
        alt=f"T5's bucket against the distance from query to key, {setting.buckets} buckets.",
        key=f"{PREFIX}_distance",
    )
    return Shown(
        "T5 buckets: against distance",
        encodings.distance_sentences(setting),
        lambda: pd.DataFrame(series, np.arange(start, setting.n)),
    )


def turning(setting: Setting, at: int, beside: str) -> Shown:
    """Pairs of dimensions as hands of a clock."""

    def place(text: str) -> int | None:
        if text and not (text.isascii() and text.isdigit() and int(text) < setting.n):
            raise ValueError(text)
        return int(text) if text else None

    expects = f"positions are 0 to {setting.n - 1}"
    asked = read_view(
        PREFIX, [Param("m", "", place, expects), Param("gap", "", place, expects)], of=setting.n
    )
    m = at if asked["m"] is None else asked["m"]
    gap = min(5, setting.n - 1) if asked["gap"] is None else asked["gap"]
    shown = np.unique(np.linspace(0, setting.d // 2 - 1, HANDS).astype(int))
    waves = setting.wavelengths
    hands = [
        Pair(
            "dimensions {}, {}".format(*setting.dimensions_of(pair)),
            f"once in {encodings.figure(waves[pair])} positions",
            float(2 * np.pi / waves[pair]),
        )
        for pair in shown
    ]
    mean, _, _ = encodings.by_distance(setting.similarity)
    figures.turning(
        hands,
        mean,
        at=m,
        gap=gap,
        params=(f"{PREFIX}_m", f"{PREFIX}_gap"),
        product="Cosine of query and key over all pairs:",
        label=f"{len(hands)} pairs of dimensions as hands of a clock: query at {m}, key {gap} before it.",
        key=f"{PREFIX}_turning",
        height=height(),
    )
    fast, slow = 360 / waves[0], 360 / waves[-1]
    sentences = [
        f"A step turns the fastest pair by {encodings.figure(fast)}°, the slowest {encodings.figure(slow)}°.",
        f"Both turn together, so the angle between their hands tells the distance, {gap}, and nothing else.",
        f"The score of the two is {encodings.figure(mean[gap])} at every position.",
    ]
    table = pd.DataFrame({"wavelength": waves, "degrees a step": 360 / waves})
    return Shown(f"{NAMES[setting.scheme]}: pairs turning", sentences, lambda: table)


def scores(setting: Setting, at: int, beside: str) -> Shown:
    """Every scheme on every question."""
    asked = (setting.n, setting.d, setting.base)
    with working.shown("Ten schemes are scored", key=f"{PREFIX}_{asked}"):
        boards = [cached.scoreboard(scheme, *asked) for scheme in NAMES]

    def cell(board: Scoreboard, score: Score) -> Cell:
        state = {
            f"{PREFIX}_{name}": value
            for name, value in encodings.score_state(setting, board.scheme, score).items()
        }
        return Cell(
            score.verdict,
            encodings.score_number(board.scheme, score),
            f"{score.measure}: {encodings.figure(score.number)}. {score.reason}",
            state,
            "?" + urlencode(state),
        )

    figures.scoreboard(
        list(encodings.CRITERIA.values()),
        [
            Row(NAMES[b.scheme], [cell(b, score) for score in b.scores], b.scheme == setting.scheme)
            for b in boards
        ],
        label=f"Ten schemes and six questions, for {setting.n} positions and {setting.d} dimensions.",
        key=f"{PREFIX}_scores",
        height=height(),
    )
    return Shown(
        f"Scoreboard for n = {setting.n}, d = {setting.d}",
        encodings.score_sentences(setting, boards),
        lambda: pd.DataFrame(
            [{"scheme": board.scheme, **asdict(s)} for board in boards for s in board.scores]
        ),
    )


def order(setting: Setting, at: int, beside: str) -> Shown:
    """The same words in another order, with positions and without."""
    text, seed = st.session_state[f"{PREFIX}_text"], int(st.session_state[f"{PREFIX}_seed"])
    with working.shown("MiniLM reads both orders", key=f"{PREFIX}_{(text, seed)}"):
        trace = cached.shuffled(text, seed)
    names = [f"{i} {token.text}" for i, token in enumerate(trace.tokens)]
    after = [f"{token.text} {i}" for i, token in enumerate(trace.shuffled)]
    left, right = st.columns([1, 3.2])
    with left:
        st.metric("Cosine before and after, with positions", f"{trace.cosine[0]:.3f}")
        st.metric("The same, with every position 0", f"{trace.cosine[1]:.3f}")
        st.caption("Shuffled")
        st.text(" ".join(token.text for token in trace.shuffled if not token.special))
    with right:
        figures.matrix(
            [
                Panel(f"{name}: cosine {cosine:.3f}", values, names, after)
                for name, cosine, values in zip(
                    ("With positions", "Every position 0"), trace.cosine, trace.similarity, strict=True
                )
            ],
            Scale("cosine of two token vectors; below 0 as 0", 0, 1),
            axes=("token before", "token after"),
            label=f"{len(names)} tokens before and after the shuffle, with positions and without.",
            key=f"{PREFIX}_matrix",
            height=height(),
        )
    numbers = pd.concat(
        [pd.DataFrame(part, names, after) for part in trace.similarity], keys=["with", "without"]
    )
    return Shown(
        "Order is lost without positions", encodings.order_sentences(trace), lambda: numbers, trace.provenance
    )


DRAW: dict[str, Callable[[Setting, int, str], Shown]] = {
    "heat": heat,
    "curves": curves,
    "pairs": pairs,
    "distance": distance,
    "turning": turning,
    "scores": scores,
    "order": order,
}


READ_IT_RIGHT = """
- **The well-known figure shows the other layout.** The paper sets sine and cosine side by side
  (*interleaved*). The much-copied picture with sines on the left half and cosines on the right is
  *concatenated*. Both hold the same numbers in another order of columns, and a model that learns its weights
  cannot tell them apart.
- **Similar does not always mean near.** The similarity falls, then waves. And attention does not compare
  bare positions: it first multiplies them by learned matrices, together with the word.
- **RoPE has two layouts as well.** The original turns columns 2i and 2i + 1; transformers turns i and
  i + d/2 (`rotate_half`). The property is the same, the heat map is not, and weights made for one fail
  with the other.
- **ALiBi's slopes are often copied wrong.** With 8 heads they are ½, ¼ … 1/256. Versions that start at 1 or
  that grow from head to head are not what the paper does.
- **Every position 0 is a harsh test.** MiniLM met position 0 only under [CLS], so it takes every word for
  [CLS] and all tokens come out alike. With any other number for all, the words stay apart, and a shuffle
  still changes nothing: attention has no other way to know the order.
- **Working at a longer length is not understanding it.** A formula gives a row for any position; whether the
  model does something sensible there was never trained.
"""

HOW = r"""
$$PE_{p,\,2i} = \sin\frac{p}{10000^{2i/d}}, \qquad PE_{p,\,2i+1} = \cos\frac{p}{10000^{2i/d}}$$

A step of $k$ positions is one rotation $R_k$ for all $p$: $PE_{p+k} = R_k\,PE_p$. RoPE turns queries and keys
by such a rotation instead of adding a vector, so that their product depends on $m - n$ alone. ALiBi adds
$-\text{slope}\cdot(\text{query} - \text{key})$ to the score; T5 adds one learned number for each bucket
of distances.

```python
import numpy as np
from models.positions import alibi_slopes, rope, rotation, similarity, sinusoidal, t5_buckets

pe = sinusoidal(n=128, d=128)
np.allclose(pe[57], rotation(7, d=128) @ pe[50])                     # True
similarity(pe, "cosine")[50, 49:52]                                  # position 50 and its neighbours
turned = rope(np.ones((128, 128)), positions=np.arange(128))         # queries and keys turn like this
alibi_slopes(heads=8)                                                # 1/2, 1/4 … 1/256
t5_buckets(np.arange(-128, 1))                                       # 32 buckets for both directions
```

The scoreboard and the shuffled words:

```python
from models.scoreboard import scoreboard
from models.shuffle import shuffle_test

[(score.criterion, score.verdict) for score in scoreboard("rope", n=128, d=128).scores]
shuffle_test("The dog bites the man.", seed=249).cosine              # with positions, and with all at 0
```
"""


def export(shown: Shown, setting: Setting, view: str) -> None:
    """What can be saved: the picture, the page, the numbers."""
    toolbar.export_buttons(["svg", "png", "html"])
    st.download_button(
        "CSV: the numbers",
        lambda: shown.numbers().to_csv(),
        f"{stem(setting, view)}.csv",
        "text/csv",
        on_click="ignore",
        width="stretch",
    )


def stem(setting: Setting, view: str) -> str:
    """The name of a saved file."""
    return f"positions-{setting.scheme}-{view}-n{setting.n}-d{setting.width}"


def finish(shown: Shown, setting: Setting, view: str) -> None:
    """What stands below and around a picture."""
    given = shown.provenance
    made = (
        f"{given.model} ({given.short_revision}), {given.precision}, {given.tokens} tokens"
        if given
        else f"models.positions, float64, CPU · {setting.n} positions × {setting.width} dimensions · "
        f"numpy {np.__version__}"
    )
    bar.export(lambda: export(shown, setting, view))
    figures.save_on_export(
        f"{PREFIX}_picture",
        stem=stem(setting, view),
        title=shown.title,
        sentences=" ".join(shown.sentences),
        provenance=f"Made with Plainsight · {made}",
        key=f"{PREFIX}_save",
    )
    frame.notes(
        read_it_right=READ_IT_RIGHT,
        how=HOW,
        sources=["vaswani2017", "su2021", "press2022", "raffel2020", "chen2023", "peng2023", "wang2020"],
        more={"Numbers": lambda: table(shown)},
    )
    if shown.provenance:
        frame.provenance(shown.provenance)
    else:
        st.caption(made)


def table(shown: Shown) -> None:
    """The numbers behind the picture."""
    st.dataframe(shown.numbers(), height=300)


bar = frame.page(POSITIONAL_ENCODINGS)
frame.presets(PRESETS)
controls_place, picture_place = frame.places()
with controls_place:
    setting, view, at, beside = controls()
shown = None
with picture_place, frame.guard():
    with st.container(key=f"{PREFIX}_picture"):
        shown = DRAW[view](setting, at, beside)
    st.markdown("**What you see.** " + " ".join(shown.sentences))
if shown:
    with frame.guard():
        finish(shown, setting, view)
