"""The fifth view: two texts, two heads or two models side by side, with their difference."""

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from app import fetching, frame
from app.attention_heads import cached, notes_depth, shared
from app.attention_heads.shared import (
    FIGURE,
    PREFIX,
    PRONOUN,
    Asked,
    Rows,
    Shown,
    exports,
    model_label,
    name,
    tell,
    titled,
    trace_of,
    view_of,
)
from app.shown import MOST_ROWS
from app.state import choice, url_text
from components import figures
from components.figures import Panel, Scale
from models.errors import TextError
from models.quantise import percent
from models.traces import AttentionTrace
from models.traces_heads import Head, Pairs

OTHER_TEXT = "The animal didn't cross the street because it was too wide."
WHAT = {
    "texts": "two texts, one head",
    "heads": "two heads of one model",
    "models": "two models, one text",
}
OWN = "own"  # the head that the page chooses: the one in view, or the one most like it
PALE = 0.05  # a difference of weights below it never gets the darkest colour


@dataclass(frozen=True)
class Side:
    """One of the two maps: what is read, its weights, the head and what stands over it."""

    asked: Asked
    trace: AttentionTrace
    head: Head
    title: str

    @property
    def weights(self) -> NDArray[np.float32]:
        """The map, (n, n)."""
        return self.trace.weights[self.head]


def compare(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """Two maps of weights and, where tokens stand for each other, their difference."""
    asked = shared.controls(controls, pairs=False)
    with picture:
        one = trace_of(asked)
        if one is None:
            return None
        view, *_ = view_of(asked, one)
        with controls, st.container(horizontal=True, vertical_alignment="bottom"):
            what = choice("Compare", list(WHAT), key=f"{PREFIX}_what", name=WHAT.__getitem__, width=230)
            other_asked = second(asked, what)
            heads_at = st.container(horizontal=True, width="content")
        other = trace_of(other_asked)
        if other is None:
            return None
        alike = [token.raw for token in one.tokens] == [token.raw for token in other.tokens]
        pairs: Pairs = cached.aligned(asked.key, other_asked.key) if what != "models" or alike else ()
        with heads_at:
            heads = chosen_heads(what, (view.layer, view.heads[0]), asked, other_asked, other, pairs)
        sides = (
            Side(asked, one, heads[0], heading(what, asked, heads[0], "First text")),
            Side(other_asked, other, heads[1], heading(what, other_asked, heads[1], "Other text")),
        )
        draw(sides, pairs)
        stem = f"compared-{one.card.id}-{other.card.id}"
        said = sentences(what, sides, pairs)
        rows = {f"The largest of {len(pairs) ** 2:,} differences": table(sides, pairs, MOST_ROWS)}
        tell(said, rows, one.provenance, stem, titled(WHAT[what].capitalize(), asked))
        if what == "models":
            frame.provenance(other.provenance)
    return Shown(
        exports(lambda: table(sides, pairs), stem),
        notes_depth.READ_COMPARE,
        notes_depth.HOW_COMPARE,
        one.provenance,
        sources=("jain2019", "vig2019"),
    )


def second(asked: Asked, what: str) -> Asked:
    """What the other map reads."""
    if what == "heads":
        return asked
    if what == "texts":
        meant = implied(asked.text)
        typed = url_text("Other text", "", key=f"{PREFIX}_text2", placeholder=meant, width=400)
        return replace(asked, text=typed or meant, pair=None)
    cards = {
        card.id: card
        for card in sorted(fetching.cards(), key=lambda each: not fetching.is_here(each))
        if card.kind == asked.card.kind and card.id != asked.card.id
    }
    if not cards:
        raise TextError(f"There is no other {asked.card.kind} to compare {asked.card.name} with.")
    model = choice(
        "Other model",
        list(cards),
        key=f"{PREFIX}_model2",
        name=lambda each: model_label(cards[each]),
        width=280,
    )
    return replace(asked, card=cards[model])


def implied(text: str) -> str:
    """The other text as long as none is typed: the first one without its last word, or said twice."""
    if text == PRONOUN:
        return OTHER_TEXT
    words = text.split()
    return " ".join(words[:-1]) if len(words) > 1 else f"{text} {text}".strip()


def chosen_heads(
    what: str, in_view: Head, asked: Asked, other_asked: Asked, other: AttentionTrace, pairs: Pairs
) -> tuple[Head, Head]:
    """The two heads; each list begins with those that show most."""
    every = cached.attention(*asked.key).weights.shape[:2]
    moves = cached.moved(asked.key, other_asked.key) if what == "texts" and pairs else np.full(every, np.nan)
    first = head_choice("Head", "head1", f"{written(in_view)}, in view", in_view, -moves, "moves")
    if what == "texts":
        return first, first
    gap = (
        cached.apart(asked.key, first, other_asked.key).copy()
        if pairs
        else np.full(other.weights.shape[:2], np.nan)
    )
    if what == "heads":
        gap[first] = np.nan  # every head is most like itself
    near = (0, 0) if np.isnan(gap).all() else divmod(int(np.nanargmin(gap)), gap.shape[1])
    why = "" if np.isnan(gap).all() else ", the most alike"
    return first, head_choice("Other head", "head2", f"{written(near)}{why}", near, gap, "apart by")


def head_choice(label: str, key: str, own: str, meant: Head, order: NDArray[np.float64], what: str) -> Head:
    """A list of heads, the smallest number of ``order`` first; its first entry ``own`` is ``meant``."""
    heads = order.shape[1]
    places = [divmod(int(at), heads) for at in np.argsort(order, axis=None, kind="stable")]
    names = {OWN: own} | {
        written(head): written(head)
        + ("" if np.isnan(order[head]) else f" · {what} {percent(abs(float(order[head])))}")
        for head in places
    }
    at = choice(label, list(names), key=f"{PREFIX}_{key}", name=names.__getitem__, width=190)
    return meant if at == OWN else places[list(names).index(at) - 1]


def written(head: Head) -> str:
    """A head as a person writes it."""
    return f"{head[0]}.{head[1]}"


def heading(what: str, asked: Asked, head: Head, which: str) -> str:
    """What stands over a map."""
    if what == "heads":
        return f"Head {written(head)}"
    return f"{which if what == 'texts' else asked.card.name}, head {written(head)}"


def draw(sides: tuple[Side, Side], pairs: Pairs) -> None:
    """Both maps and, with pairs, the difference."""
    words = [[token.text for token in side.trace.tokens] for side in sides]
    partner = {b: at for at, (_, b) in enumerate(pairs)}
    mine = {a: at for at, (a, _) in enumerate(pairs)}
    ids = [
        [table.get(at, -1 - side - 2 * at) for at in range(len(words[side]))]
        for side, table in enumerate((mine, partner))
    ]
    panels = [
        Panel(side.title, side.weights, labels, labels, (each, each))
        for side, labels, each in zip(sides, words, ids, strict=True)
    ]
    signed = None
    if pairs:
        changed = cached.difference(sides[0].weights, sides[1].weights, pairs)
        both = [
            words[0][a] if words[0][a] == words[1][b] else f"{words[0][a]}/{words[1][b]}" for a, b in pairs
        ]
        at = list(range(len(pairs)))
        panels.append(Panel("Other minus first", changed, both, both, (at, at), signed=True))
        signed = figures.signed("difference of the weights", changed, least=PALE)
    with st.container(key=FIGURE):
        figures.matrix(
            panels,
            Scale("weight", 0, 1),
            signed=signed,
            axes=("query", "key"),
            label="Two maps of weights" + (" and their difference" if pairs else ""),
            key=f"{PREFIX}_compared",
            square=True,
            height=560 if frame.presenting() else 352,
        )


def sentences(what: str, sides: tuple[Side, Side], pairs: Pairs) -> str:
    """Which tokens stand for each other, how much weight moves, and where most."""
    one, other = (side.trace for side in sides)
    if not pairs:
        why = (
            f"{one.card.name} and {other.card.name} cut this text into different tokens"
            if what == "models"
            else "No token of the first text stands in the other"
        )
        return f"{why}, so no cell has a partner and **no difference is offered**. The two maps stand alone."
    changed = cached.difference(sides[0].weights, sides[1].weights, pairs)
    gap = float(np.abs(changed).sum(-1).mean() / 2)
    if not changed.any():
        return "Both maps are the same to the last bit: there is no difference to show."
    row, column = divmod(int(np.abs(changed).argmax()), len(pairs))
    before = float(sides[0].weights[pairs[row][0], pairs[column][0]])
    after = float(sides[1].weights[pairs[row][1], pairs[column][1]])
    query, key = (name(one.tokens[pairs[at][0]]) for at in (row, column))
    where = f"most between {query} and {key}, from {percent(before)} to {percent(after)}."
    first, second = (written(side.head) for side in sides)
    if what != "texts":
        who = f"head {second} of {other.card.name}" if what == "models" else f"head {second}"
        return f"To look like {who}, head {first} has to move **{percent(gap)}** of its weight; {where}"
    left = len(one.tokens) + len(other.tokens) - 2 * len(pairs)
    swapped = [
        f"{name(one.tokens[a])} for {name(other.tokens[b])}"
        for a, b in pairs
        if one.tokens[a].raw != other.tokens[b].raw
    ]
    stands = f"; {', '.join(swapped[:3])} by their place" if swapped else ""
    alone = f" {left} tokens have no partner and no difference." if left > 1 else ""
    alone = " 1 token has no partner and no difference." if left == 1 else alone
    most = cached.moved(sides[0].asked.key, sides[1].asked.key)
    layer, head = divmod(int(most.argmax()), most.shape[1])
    return (
        f"{len(pairs)} tokens stand for each other{stands}.{alone} Head {first} moves **{percent(gap)}** of "
        f"its weight; {where} Of all heads {layer}.{head} moves most ({percent(float(most.max()))})."
    )


def table(sides: tuple[Side, Side], pairs: Pairs, most: int | None = None) -> Rows:
    """The weights of aligned queries and keys, the largest differences first."""
    rows: Rows = [("query", "key", "first", "other", "difference")]
    if not pairs:
        return rows
    names = [f"{a} {sides[0].trace.tokens[a].text}" for a, _ in pairs]
    sizes = np.abs(cached.difference(sides[0].weights, sides[1].weights, pairs))
    for cell in np.argsort(-sizes, axis=None, kind="stable")[:most]:
        row, column = divmod(int(cell), len(pairs))
        was, now = (float(side.weights[pairs[row][at], pairs[column][at]]) for at, side in enumerate(sides))
        rows.append((names[row], names[column], f"{was:.6g}", f"{now:.6g}", f"{now - was:.6g}"))
    return rows
