"""The fifth view: two texts on one model, or one text on two models, side by side with their difference."""

from dataclasses import replace

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import cached, fetching, frame
from app.attention_heads import notes_depth, shared
from app.attention_heads.shared import (
    FIGURE,
    PREFIX,
    Asked,
    Rows,
    Shown,
    exports,
    model_label,
    name,
    tell,
    trace_of,
    view_of,
)
from app.state import choice, plain, url_text
from components import figures
from components.figures import Panel, Scale
from models.errors import NumberError
from models.quantise import percent
from models.traces import AttentionTrace
from models.traces_heads import Head, Pairs

OTHER_TEXT = "The animal didn't cross the street because it was too wide."
WHAT = {"texts": "two texts, one model", "models": "one text, two models"}


def compare(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """Two maps of weights and, where tokens stand for each other, their difference."""
    asked = shared.controls(controls, pairs=False)
    with picture:
        one = trace_of(asked)
        if one is None:
            return None
        view, *_ = view_of(asked, one)
        with controls, st.container(horizontal=True, vertical_alignment="bottom"):
            other_asked, spelt = second(asked)
        other = trace_of(other_asked)
        if other is None:
            return None
        heads = (view.layer, view.heads[0]), head_of(spelt, other) or (view.layer, view.heads[0])
        fits = heads[1][0] < len(other.weights) and heads[1][1] < other.weights.shape[1]
        heads = heads if fits else (heads[0], (0, 0))
        same_model = asked.card.id == other_asked.card.id
        alike = [token.raw for token in one.tokens] == [token.raw for token in other.tokens]
        pairs: Pairs = cached.aligned(asked.key, other_asked.key) if same_model or alike else ()
        gap = draw(one, other, heads, pairs)
        rows = table(one, other, heads, pairs)
        stem = f"compared-{one.card.id}-{other.card.id}"
        said = sentences(one, other, heads, pairs, gap)
        tell(said, rows, one.provenance, stem, "Two maps of attention")
        frame.provenance(other.provenance)
    return Shown(
        exports(rows, stem),
        notes_depth.READ_COMPARE,
        notes_depth.HOW_COMPARE,
        one.provenance,
        sources=("jain2019", "vig2019"),
    )


def second(asked: Asked) -> tuple[Asked, str]:
    """The other text or the other model, and its head as it is written."""
    what = choice("Compare", list(WHAT), key=f"{PREFIX}_what", name=WHAT.__getitem__, width=220)
    if what == "texts":
        text = url_text("Other text", OTHER_TEXT, key=f"{PREFIX}_text2", width=430)
        return replace(asked, text=text, pair=None), ""
    cards = {card.id: card for card in fetching.cards() if card.kind == asked.card.kind}
    model = choice(
        "Other model",
        list(cards),
        key=f"{PREFIX}_model2",
        name=lambda each: model_label(cards[each]),
        width=280,
    )
    spelt = url_text(
        "Its head",
        "",
        key=f"{PREFIX}_head2",
        placeholder="the same number",
        help="layer.head, such as 2.5. Heads of two models with the same number have nothing in common.",
        width=170,
    )
    return replace(asked, card=cards[model]), spelt


def head_of(spelt: str, trace: AttentionTrace) -> Head | None:
    """A head such as "2.5", None for nothing. Raises NumberError."""
    if not spelt.strip():
        return None
    layer, dot, head = spelt.strip().partition(".")
    layers, heads = trace.weights.shape[:2]
    digits = all(part.isascii() and part.isdigit() and len(part) < 4 for part in (layer, head))
    if not (dot and digits and int(layer) < layers and int(head) < heads):
        raise NumberError(
            f"“{plain(spelt)}” is no head of {trace.card.name}; write layer.head, 0.0 to "
            f"{layers - 1}.{heads - 1}."
        )
    return int(layer), int(head)


def draw(one: AttentionTrace, other: AttentionTrace, heads: tuple[Head, Head], pairs: Pairs) -> float:
    """Both maps and, with pairs, the difference; gives how much weight moves, NaN without pairs."""
    maps = [trace.weights[head] for trace, head in zip((one, other), heads, strict=True)]
    words = [[token.text for token in trace.tokens] for trace in (one, other)]
    partner = {b: at for at, (_, b) in enumerate(pairs)}
    mine = {a: at for at, (a, _) in enumerate(pairs)}
    ids = [
        [table.get(at, -1 - side - 2 * at) for at in range(len(words[side]))]
        for side, table in enumerate((mine, partner))
    ]
    same = one.card.id == other.card.id
    titles = [
        f"{'First' if side == 0 else 'Other'} text, head {head[0]}.{head[1]}"
        if same
        else f"{trace.card.name}, head {head[0]}.{head[1]}"
        for side, (trace, head) in enumerate(zip((one, other), heads, strict=True))
    ]
    panels = [
        Panel(title, values, side, side, (each, each))
        for title, values, side, each in zip(titles, maps, words, ids, strict=True)
    ]
    signed, gap = None, float("nan")
    if pairs:
        changed = cached.difference(one.weights[heads[0]], other.weights[heads[1]], pairs)
        both = [
            words[0][a] if words[0][a] == words[1][b] else f"{words[0][a]} | {words[1][b]}" for a, b in pairs
        ]
        at = list(range(len(pairs)))
        panels.append(Panel("Second minus first", changed, both, both, (at, at), signed=True))
        signed = figures.signed("difference of the weights", changed)
        gap = float(np.abs(changed).sum(-1).mean() / 2)
    with st.container(key=FIGURE):
        figures.matrix(
            panels,
            Scale("weight", 0, 1),
            signed=signed,
            axes=("query", "key"),
            label="Two maps of weights" + (" and their difference" if pairs else ""),
            key=f"{PREFIX}_compared",
            square=True,
            height=560 if frame.presenting() else 390,
        )
    return gap


def sentences(
    one: AttentionTrace, other: AttentionTrace, heads: tuple[Head, Head], pairs: Pairs, gap: float
) -> str:
    """Which tokens stand for each other, how much weight moves, and where most."""
    if not pairs:
        why = (
            f"{one.card.name} and {other.card.name} cut this text into different tokens"
            if one.card.id != other.card.id
            else "No token of the first text stands in the other"
        )
        return f"{why}, so no cell has a partner and **no difference is offered**. The two maps stand alone."
    changed = cached.difference(one.weights[heads[0]], other.weights[heads[1]], pairs)
    row, column = divmod(int(np.abs(changed).argmax()), len(pairs))
    before = float(one.weights[heads[0]][pairs[row][0], pairs[column][0]])
    after = float(other.weights[heads[1]][pairs[row][1], pairs[column][1]])
    query, key = (name(one.tokens[pairs[at][0]]) for at in (row, column))
    left = len(one.tokens) + len(other.tokens) - 2 * len(pairs)
    swapped = [
        f"{name(one.tokens[a])} for {name(other.tokens[b])}"
        for a, b in pairs
        if one.tokens[a].raw != other.tokens[b].raw
    ]
    stands = f"; {', '.join(swapped[:3])} by their place" if swapped else ""
    alone = f" {left} tokens have no partner and no difference." if left else ""
    said = (
        f"{len(pairs)} tokens stand for each other{stands}.{alone} This head moves **{percent(gap)}** of its "
        f"weight; most between {query} and {key}, from {percent(before)} to {percent(after)}."
    )
    if one.card.id != other.card.id:
        return said
    most = cached.moved(one, other, pairs)
    layer, head = divmod(int(most.argmax()), most.shape[1])
    return f"{said} Of all heads {layer}.{head} moves most ({percent(float(most.max()))})."


def table(one: AttentionTrace, other: AttentionTrace, heads: tuple[Head, Head], pairs: Pairs) -> Rows:
    """The weights of aligned queries and keys, or of the first map where nothing aligns."""
    rows: Rows = [("query", "key", "first", "second", "difference")]
    first, second = one.weights[heads[0]], other.weights[heads[1]]
    for a, b in pairs:
        for c, d in pairs:
            was, now = float(first[a, c]), float(second[b, d])
            names = f"{a} {one.tokens[a].text}", f"{c} {one.tokens[c].text}"
            rows.append((*names, f"{was:.6g}", f"{now:.6g}", f"{now - was:.6g}"))
    return rows
