"""The third view: one score of a real model, from the query and the key to what is handed on."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from app import fetching, frame, working
from app.cached import devices
from app.self_attention import cached
from app.self_attention.notes import HOW_MODEL, READ_MODEL
from app.self_attention.pictures import said
from app.self_attention.shared import FIGURE, PREFIX, Rows, Shown, exports, tell
from app.state import choice, url_text
from components import charts
from components.charts import GREY, ORANGE, SKY, TEAL, Bars
from models.quantise import percent
from models.traces import Array, ModelCard, QKTrace, Token

PRONOUN = "The animal didn't cross the street because it was too tired."
MODEL_OPENING = {
    "text": PRONOUN,
    "model": "minilm",
    "layer": "3",
    "mhead": "1",
    "q": "10",
    "k": "2",
    "order": "dimension",
}
ORDERS = {"dimension": "in order", "size": "largest product first"}
MOST_KEYS = 14  # bars of the softmax that can be read beside the vectors
LARGEST = 3  # products that the sentence names


def real_model(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """Controls, then the picture, or the offer to fetch the model."""
    cards = {card.id: card for card in fetching.cards()}
    narrow: dict[str, Any] = {"label_visibility": "collapsed", "width": 150}
    with controls:
        first = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
        second = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
        narrow["note"] = st.container(gap=None).caption
    with first:
        text = url_text("Text", PRONOUN, key=f"{PREFIX}_text", label_visibility="collapsed")
        card = cards[
            choice(
                "Model",
                list(cards),
                key=f"{PREFIX}_model",
                name=lambda model: model_name(cards[model]),
                **(narrow | {"width": 240}),
            )
        ]
        device = choice(
            "Runs on",
            ["auto", *devices()],
            key=f"{PREFIX}_device",
            name=lambda device: f"runs on {device}",
            **narrow,
        )
    with second:
        layer = number("Layer", card.layers, 3, f"{PREFIX}_layer", narrow)
        head = number("Head", card.heads, 1, f"{PREFIX}_mhead", narrow)
    with picture:
        if not fetching.offer(card):
            return None
        asked = (text, card.id, device, layer, head)
        with working.shown(f"{card.name} reads the text", key=f"{PREFIX}_{asked}") as work:
            trace = cached.qk(*asked, progress=work.progress, on_wait=work.wait)
    strongest = strongest_link(trace)
    keep_words(trace)
    with second:
        i = token("From (query)", trace, strongest[0], f"{PREFIX}_q", narrow)
        j = token("To (key)", trace, strongest[1], f"{PREFIX}_k", narrow)
        order = choice(
            "Dimensions",
            list(ORDERS),
            key=f"{PREFIX}_order",
            name=lambda name: f"dimensions {ORDERS[name]}",
            **(narrow | {"width": 270}),
        )
    with picture:
        return draw(trace, i, j, order)


def model_name(card: ModelCard) -> str:
    """Name, and the size of the download where it is not here."""
    return card.name if fetching.is_here(card) else f"{card.name} · {card.megabytes} MB"


def number(label: str, count: int, default: int, key: str, options: dict[str, Any]) -> int:
    """Choose one of ``count`` layers or heads."""
    numbers = [str(i) for i in range(count)]
    start = str(min(default, count - 1))
    return int(
        choice(label, numbers, default=start, key=key, name=lambda i: f"{label.lower()} {i}", **options)
    )


def token(label: str, trace: QKTrace, strongest: int, key: str, options: dict[str, Any]) -> int:
    """Choose a token by its place; an empty choice is the strongest link of the head."""
    side = label.split()[0].lower()

    def name(place: str) -> str:
        return f"{side}: {trace.tokens[int(place or strongest)].text}" + ("" if place else " (strongest)")

    places = ["", *(str(i) for i in range(len(trace.tokens)))]
    return int(choice(label, places, key=key, name=name, **(options | {"width": 200})) or strongest)


def keep_words(trace: QKTrace) -> None:
    """Before the choice of two tokens: where the text was cut anew, the same two words, else the strongest.

    A preset or a link that names places of its own keeps them.
    """
    keys = [f"{PREFIX}_q", f"{PREFIX}_k"]
    now = tuple(token.text.strip().lower() for token in trace.tokens)
    before, held = st.session_state.get(f"{PREFIX}:read", (now, ["", ""]))
    asked = [st.session_state.get(key, st.query_params.get(key, "")) for key in keys]
    preset = all(st.session_state.get(f"{PREFIX}_{key}") == value for key, value in MODEL_OPENING.items())
    if before != now and not preset and all(new in ("", old) for new, old in zip(asked, held, strict=True)):
        asked = ["" if old == "" else same_word(before, int(old), now) for old in held]
        if any(old and not new for old, new in zip(held, asked, strict=True)):
            asked = ["", ""]
        st.session_state.update(zip(keys, asked, strict=True))
    fits = [place.isascii() and place.isdigit() and int(place) < len(now) for place in asked]
    held = [place if fit else "" for place, fit in zip(asked, fits, strict=True)]
    st.session_state[f"{PREFIX}:read"] = now, held


def same_word(before: Sequence[str], place: int, now: Sequence[str]) -> str:
    """Where the word stands in the new tokens, the second of two as the second; "" where it does not."""
    word = before[place]
    places = [str(at) for at, token in enumerate(now) if token == word]
    return places[min(before[:place].count(word), len(places) - 1)] if places else ""


def strongest_link(trace: QKTrace) -> tuple[int, int]:
    """The largest weight between two different words; of all tokens where there are not two.

    A decoder rests on its first token whatever that is, so this one is no find.
    """
    words = np.array([not token.special for token in trace.tokens])
    between = words[:, None] & words & ~np.eye(len(words), dtype=bool)
    if trace.card.causal:
        between[:, 0] = False
    weights = np.where(between, trace.weights, -1) if between.any() else trace.weights
    row, column = divmod(int(weights.argmax()), len(words))
    return row, column


def quoted(token: Token) -> str:
    """A token in a sentence."""
    return token.text if token.special else f"“{token.text}”"


def draw(trace: QKTrace, i: int, j: int, order: str) -> Shown:
    """Query, key, their products and the mix at left; the row of the softmax at right."""
    asks, found = quoted(trace.tokens[i]), quoted(trace.tokens[j])
    products = trace.q[i].astype(np.float64) * trace.k[j]
    places = np.argsort(-products) if order == "size" else np.arange(len(products))
    names = [str(place) for place in places]
    weight = float(trace.weights[i, j])
    part = weight * trace.v[j]
    turned = ", turned by RoPE" if trace.rotary else ""
    rows = (
        Bars(f"q: the query of {asks}{turned}", trace.q[i][places], SKY),
        Bars(f"k: the key of {found}{turned}", trace.k[j][places], ORANGE),
        Bars(
            f"q × k: {len(products)} products that sum to {said(trace.scores[i, j])}", products[places], GREY
        ),
    )
    value_names = names if len(part) == len(names) else [str(m) for m in range(len(part))]
    value_places = places if len(part) == len(names) else np.arange(len(part))
    mix = Bars(
        f"Mix of values (pale), of it {found} (dark)",
        trace.mixed[i][value_places],
        TEAL,
        part[value_places],
    )
    with st.container(key=FIGURE):
        left, right = st.columns([7, 4], gap="medium")
        with left, st.container(gap=None):
            for bars in rows:
                frame.chart(charts.upright(bars, names, x="dimension", height=78))
            frame.chart(charts.upright(mix, value_names, x="dimension", labelled=True, height=108))
        with right:
            st.markdown(f"**Softmax: where {asks} looks**")
            shown = shown_keys(trace, i, j)
            labels = [trace.tokens[key].text for key in shown]
            frame.chart(
                charts.shares(labels, trace.weights[i][shown], chosen=shown.index(j), colour=SKY, height=315)
            )
            others = visible(trace, i).size - len(shown)
            if others > 0:
                share = percent(1 - float(trace.weights[i][shown].sum()))
                st.caption(f"The largest {len(shown)}; the {others} others hold {share}.")
            elif i < len(trace.tokens) - 1 and trace.card.causal:
                st.caption("What comes after it is hidden by the model's mask.")
    st.markdown(arithmetic(trace, i, j))
    numbers = table(trace, i, j, products, part)
    made = trace.provenance
    stem = f"qk-{trace.card.id}-{trace.layer}.{trace.head}"
    tell(
        sentences(trace, i, j, products),
        tables(trace, i, j, products, part),
        made,
        stem,
        f"Head {trace.layer}.{trace.head} of {trace.card.name}",
    )
    return Shown(exports(numbers, stem), READ_MODEL, HOW_MODEL, made)


def visible(trace: QKTrace, i: int) -> NDArray[Any]:
    """The keys that a query may see."""
    return np.flatnonzero(np.isfinite(trace.added[i]))


def shown_keys(trace: QKTrace, i: int, chosen: int) -> list[int]:
    """All keys that a query may see if they fit, else the largest; in order, and always the chosen one."""
    keys = visible(trace, i)
    if len(keys) > MOST_KEYS + 4:
        keys = np.argsort(-trace.weights[i])[:MOST_KEYS]
    return sorted({chosen, *(int(key) for key in keys)})


def tiny(number: float) -> str:
    """A very small number: 1.8e−7."""
    return f"{number:.1e}".replace("e-0", "e−")


def arithmetic(trace: QKTrace, i: int, j: int) -> str:
    """The score's way to a weight as one line, and the check against the model."""
    score, added = float(trace.scores[i, j]), float(trace.added[i, j])
    d_k = trace.q.shape[1]
    by = f"÷ √{d_k}" if np.isclose(trace.scale, d_k**-0.5) else f"× {trace.scale:.4g}"
    line = f"q·k = {said(score)}; {by} = {said(score * trace.scale)}"
    if np.isneginf(added):
        line += ", hidden by the mask → −∞"
    elif added:
        line += f", {said(added)} added for the distance"
    n = visible(trace, i).size
    line += f" → softmax over {n} keys → **{percent(float(trace.weights[i, j]))}**"
    check = (
        f"Check: the whole head, computed anew from q and k, equals the attention that {trace.card.name} "
        f"itself returned within **{tiny(trace.difference)}**."
    )
    return line if frame.presenting() else f"{line}\n\n{check}"


def sentences(trace: QKTrace, i: int, j: int, products: Array) -> str:
    """What the picture says, with its numbers."""
    asks, found = quoted(trace.tokens[i]), quoted(trace.tokens[j])
    order = np.argsort(-products)[:LARGEST]
    dimensions = ", ".join(str(m) for m in sorted(order))
    largest = int(np.abs(products).argmax())
    against = (
        f" The largest product is negative: dimension {largest} takes {said(-products[largest])} away."
        if products[largest] < 0
        else ""
    )
    # the rest is taken from the printed numbers, so that they add up as printed
    score, carried = round(float(trace.scores[i, j]), 2), round(float(products[order].sum()), 2)
    rank = int((trace.weights[i] > trace.weights[i, j]).sum()) + 1
    place = "the largest" if rank == 1 else f"number {rank}"
    groups = trace.card.key_value_heads
    shared = (
        f" Query head {trace.head} reads key head {trace.key_head}, as {trace.card.heads // groups} heads do."
        if groups and groups < trace.card.heads
        else ""
    )
    return (
        f"When reading {asks}, head {trace.layer}.{trace.head} puts {percent(float(trace.weights[i, j]))} of "
        f"its weight on {found}, {place} of its {visible(trace, i).size} weights. "
        f"The dimensions {dimensions} carry {said(carried)} of the score {said(score)}; "
        f"the other {len(products) - LARGEST} together {said(score - carried)}."
        f"{against}{shared}"
    )


def tables(trace: QKTrace, i: int, j: int, products: Array, part: Array) -> dict[str, Rows]:
    """The numbers of the picture to read: the score by dimension, the mix by dimension, the row of keys."""

    def rows(names: Sequence[str], *columns: Any) -> Rows:
        lines = ([f"{value:.4f}".replace("-", "−") for value in line] for line in zip(*columns, strict=True))
        return [(*names,), *((str(at), *line) for at, line in enumerate(lines))]

    asks, found = trace.tokens[i].text, trace.tokens[j].text
    weights = rows(("place", "weight"), trace.weights[i])[1:]
    return {
        "Score: the products sum to q·k": rows(
            ("dimension", f"q of {asks}", f"k of {found}", "q × k"), trace.q[i], trace.k[j], products
        ),
        "Mix of values": rows(
            ("dimension", f"v of {found}", "weight × v", f"mix of {asks}"), trace.v[j], part, trace.mixed[i]
        ),
        "Softmax: a weight for every key": [
            ("place", "key", "weight"),
            *((at, trace.tokens[int(at)].text, weight) for at, weight in weights),
        ],
    }


def table(trace: QKTrace, i: int, j: int, products: Array, part: Array) -> Rows:
    """Every number of the picture, one a row, as the CSV holds it."""
    rows: Rows = [("what", "index", "token", "number")]
    asks, found = trace.tokens[i].text, trace.tokens[j].text
    for what, name, values in (
        ("query", asks, trace.q[i]),
        ("key", found, trace.k[j]),
        ("product", f"{asks} × {found}", products),
        ("weight × value", found, part),
        ("mix", asks, trace.mixed[i]),
    ):
        rows += [(what, str(m), name, f"{value:.9g}") for m, value in enumerate(values)]
    rows += [
        ("weight", str(at), trace.tokens[at].text, f"{value:.9g}")
        for at, value in enumerate(trace.weights[i])
    ]
    return rows
