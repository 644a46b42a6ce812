"""Attention heads: what does each head of a real model look at?"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from app import cached, fetching, frame, working
from app.catalogue import ATTENTION_HEADS
from app.frame import Preset
from app.state import Param, choice, read_view, url_text
from components import toolbar
from components.attention_view import Role, View, assemble, attention_csv, attention_view, standalone_html
from components.bertviz_view import View as BertVizView
from components.bertviz_view import bertviz_view, too_long
from models.attention import LEADING_OVER_CHANCE, LEADING_SHARE
from models.quantise import percent
from models.registry import all_cards
from models.traces import AttentionTrace, HeadNotes, ModelCard, Token

PREFIX = ATTENTION_HEADS.prefix
PRONOUN = "The animal didn't cross the street because it was too tired."
TWO = ("The cat sat on the mat.", "The cat lay on the rug.")
REPEATED = "The quick brown fox jumps over the lazy dog. The quick brown fox jumps over"
LONG = (
    "For many years a computer read a sentence the way a finger follows a line: one word after another, "
    "from left to right. Each new word was folded into a summary of everything that came before, and the "
    "summary had a fixed size. A short sentence fitted well. A long one did not, because the first words "
    "had to survive every later step, and most of them faded on the way. In 2014 a group in Montreal let a "
    "translation model look back at all the words of the source sentence and choose, for every word it "
    "wrote, where to look. They called the choice attention. It worked so well that three years later "
    "another group asked what would happen if a model did nothing else. Their answer was the transformer. "
    "It has no finger and no line. Every word compares itself with every other word at once, and takes a "
    "weighted mean of what it finds. The weights are what this page shows. One set of weights is called a "
    "head, and a layer has many heads, so that one can follow grammar while another follows names, and a "
    "third merely waits at the end of the sentence because it has nothing to do. Nobody told the heads what "
    "to look for. They found it while the model learned to guess missing words. Some of what they found can "
    "be named: the word before, the word after, the other half of a phrase, the thing that a pronoun stands "
    "for. Much of it cannot be named yet, and a picture that looks meaningful may still not matter to the "
    "answer. So look at the weights with curiosity, and then test what you believe."
)
SCRIPTS = "Hello café, שלום עולם, مرحبا, नमस्ते, привет, 世界 🌍 👩‍🚀"


def opening(text: str, pair: str = "", model: str = "minilm") -> dict[str, str]:
    """A preset's complete state: every control, and no parameter of the picture ("": the opening view)."""
    picture = dict.fromkeys(
        ("layer", "heads", "pin", "show", "hide", "min", "scale", "filter", "zoom", "focus"), ""
    )
    state = {"text": text, "pair": pair, "model": model, **picture}
    return {f"{PREFIX}_{key}": value for key, value in state.items()}


PRESETS = (
    Preset("A pronoun", "Which word does *it* stand for? Two heads find the animal.", opening(PRONOUN)),
    Preset(
        "Two sentences",
        "From the first sentence to the second: *cat* finds *cat*, *mat* finds *rug*.",
        opening(*TWO),
    ),
    Preset(
        "A repeated phrase",
        "A decoder meets a phrase again and looks at what came next the first time.",
        opening(REPEATED, model="smollm2"),
    ),
    Preset(
        "A long paragraph", "More than 300 tokens: a focus window and the rest in outline.", opening(LONG)
    ),
    Preset("Many scripts", "What a model trained on English makes of other scripts.", opening(SCRIPTS)),
)
# What an address without parameters shows for these texts; any other text opens at its strongest link
OPENING_VIEWS = {
    (PRONOUN, "", "minilm"): View(layer=3, heads=(1,), pin="q10"),
    (*TWO, "minilm"): View(layer=1, heads=(1,), pin="q6", filter="ab"),
    (REPEATED, "", "smollm2"): View(layer=17, heads=(4,), pin="q13"),
    (LONG, "", "minilm"): View(layer=3, heads=(1,), pin="q75"),
}

# How the sentence "Over the whole text this head …" goes on
ROLE_SENTENCES = {
    "previous": "puts {share} of its weight on the token before",
    "next": "puts {share} of its weight on the token after",
    "itself": "puts {share} of its weight on the token itself",
    "first": "rests {share} of its weight on {first}, the first token",
    "separator": "rests {share} of its weight on {last}",
    "duplicate": "puts {share} of the weight of a token that occurs twice on the other copy",
    "induction": "puts {share} of the weight of a token seen before on what came next that time",
}
SPREAD = 0.85  # share of the largest entropy from which a head spreads its weight


def name(token: Token) -> str:
    """A token in a sentence: [CLS] as it is, a word of the text in quotes."""
    return token.text if token.special else f"“{token.text}”"


def head_sentences(trace: AttentionTrace, notes: HeadNotes) -> list[str]:
    """One finding a head, in the order (layer, head)."""
    layers, heads = trace.weights.shape[:2]
    names = {"first": name(trace.tokens[0]), "last": name(trace.tokens[-1])}

    def sentence(layer: int, head: int) -> str:
        role, share = notes.role(layer, head)
        if role == "spread":
            return "spreads its weight over many tokens" if share >= SPREAD else "follows no simple pattern"
        return ROLE_SENTENCES[role].format(share=percent(share), **names)

    return [sentence(layer, head) for layer in range(layers) for head in range(heads)]


def overall_sentence(trace: AttentionTrace, notes: HeadNotes) -> str:
    """One finding about all heads together, with its numbers."""
    layers, heads = notes.dominant.shape
    roles = [notes.role(layer, head)[0] for layer in range(layers) for head in range(heads)]
    resting = sum(role in ("first", "separator") for role in roles)
    parts = []
    if resting:
        where = " or ".join(dict.fromkeys(token.text for token in trace.tokens if token.special))
        parts.append(f"{resting} of {len(roles)} heads mostly rest on {where or name(trace.tokens[0])}.")
    unknown = sum(token.unknown for token in trace.tokens)
    if unknown == 1:
        parts.append("1 token is unknown to this model.")
    if unknown > 1:
        parts.append(f"{unknown} tokens are unknown to this model and all look alike to it.")
    return " ".join(parts)


ROLE_NAMES = {
    "previous": "looks at the token before",
    "next": "looks at the token after",
    "itself": "looks at itself",
    "duplicate": "looks at other copies",
    "induction": "looks at what came next (induction)",
    "separator": "rests on {last}",
    "first": "rests on {first}",
}


def clearest_heads(trace: AttentionTrace, notes: HeadNotes) -> list[Role]:
    """The head with the largest share of each role that stands out from chance, largest first."""
    names = {"first": name(trace.tokens[0]), "last": name(trace.tokens[-1])}
    heads = trace.weights.shape[1]
    found = []
    for role, shares, chance in zip(notes.roles, notes.shares, notes.chance, strict=True):
        share = float(shares.max())  # NaN where the text cannot test the role
        if share >= LEADING_SHARE and share >= LEADING_OVER_CHANCE * chance:
            layer, head = divmod(int(shares.argmax()), heads)
            found.append((share, ROLE_NAMES[role].format(**names), layer, head))
    return [
        Role(text, layer, head, percent(share)) for share, text, layer, head in sorted(found, reverse=True)
    ]


def view_params(card: ModelCard, tokens: int) -> list[Param]:
    """What the picture keeps in the address, with the limits of this model and text."""

    def whole(text: str, limit: int) -> int:
        if not (text.isascii() and text.isdigit() and int(text) < limit):
            raise ValueError(text)
        return int(text)

    def layer(text: str) -> int | None:
        return whole(text, card.layers) if text else None

    def heads(text: str) -> tuple[int, ...] | None:
        return tuple(sorted({whole(part, card.heads) for part in text.split(".")})) if text else None

    def pin(text: str) -> str | None:
        if not text or text == "none":
            return None if not text else ""
        if text[0] not in "qk":
            raise ValueError(text)
        return f"{text[0]}{whole(text[1:], tokens)}"

    def focus(text: str) -> tuple[float, float] | None:
        if not text:
            return None
        row, column = map(float, text.split("_"))
        if not (0 <= row < tokens and 0 <= column < tokens):
            raise ValueError(text)
        return row, column

    def one_of(*allowed: str) -> Callable[[str], str | None]:
        def parse(text: str) -> str | None:
            if text and text not in allowed:
                raise ValueError(text)
            return text or None

        return parse

    def share(text: str) -> float | None:
        value = float(text) if text else None
        if value is not None and not 0 <= value <= 1:
            raise ValueError(text)
        return value

    name = card.name
    return [
        Param("layer", "", layer, f"{name} has layers 0–{card.layers - 1}"),
        Param("heads", "", heads, f"{name} has heads 0–{card.heads - 1} in each layer"),
        Param("pin", "", pin, f"this text has tokens q0–q{tokens - 1}"),
        Param("show", "", one_of("all", "words", "matrix", "grid"), "all three pictures are shown"),
        Param("hide", "", one_of("0", "1"), "special tokens are shown"),
        Param("min", "", share, "a smallest weight lies between 0 and 1"),
        Param("scale", "", one_of("fixed", "row"), "the scale is 0 to 100 %"),
        Param("filter", "", one_of("all", "aa", "ab", "ba", "bb"), "all directions are shown"),
        Param("zoom", "", one_of("0", "1", "2"), "the focus window is shown"),
        Param("focus", "", focus, "the focus window follows the pin"),
    ]


def chosen_view(opening_view: View, asked: dict[str, Any]) -> View:
    """The opening view with what the address asks for."""
    given = {key: value for key, value in asked.items() if value is not None}
    if "hide" in given:
        given["hide"] = given["hide"] == "1"
    if "zoom" in given:
        given["zoom"] = int(given["zoom"])
    return View(**{**opening_view.__dict__, **given})


def controls() -> tuple[str, str | None, ModelCard, str]:
    """Draw the row of controls; the text, the second text if the model reads pairs, the model, the device."""
    cards = {card.id: card for card in all_cards()}
    text_at, pair_at, model_at = st.columns([5, 3, 3.6], vertical_alignment="bottom")
    notes = st.container()
    with model_at:
        row = st.container(horizontal=True, vertical_alignment="bottom", wrap=False)
    with row:
        model_id = choice(
            "Model",
            list(cards),
            key=f"{PREFIX}_model",
            name=lambda model: model_label(cards[model]),
            note=notes.caption,
        )
    card = cards[model_id]
    with text_at:
        text = url_text("Text", PRONOUN, key=f"{PREFIX}_text")
    with pair_at:
        pair = url_text(
            "Second text",
            "",
            key=f"{PREFIX}_pair",
            placeholder="optional" if card.kind == "encoder" else "only for encoders",
            disabled=card.kind != "encoder",
        )
    with row, st.popover("More", width="content"):
        device = device_choice()
        st.caption(model_facts(card))
    if pair and card.kind != "encoder":
        notes.caption(f"{card.name} reads one text; the second is left out.")
        pair = ""
    return text, pair or None, card, device


def model_label(card: ModelCard) -> str:
    """Name, shape and whether it is here, as short as a select box wants it."""
    return f"{card.name} · {card.layers} × {card.heads}" + (
        "" if fetching.is_here(card) else f" · {card.megabytes} MB"
    )


def model_facts(card: ModelCard) -> str:
    """What a visitor may want to know about a model before using it."""
    groups = f", {card.key_value_heads} key/value heads" if card.key_value_heads else ""
    return (
        f"{card.name}: {card.kind}, {card.parameters} parameters, {card.layers} layers of {card.heads} heads"
        f"{groups}. Licence {card.licence}. Source {card.source}."
    )


def device_choice() -> str:
    """Where the model runs."""
    options = ["auto", *cached.devices()]
    names = {
        "auto": f"the best here ({options[1]})",
        "cpu": "processor (CPU)",
        "cuda": "NVIDIA GPU",
        "mps": "Apple GPU",
    }
    return choice("Runs on", options, key=f"{PREFIX}_device", name=names.__getitem__)


def picture(text: str, pair: str | None, card: ModelCard, device: str) -> tuple[AttentionTrace, View, bytes]:
    """Compute, then draw; gives what export and notes need."""
    asked_for = (text, pair, card.id, device)
    with working.shown(f"{card.name} reads the text", key=f"{PREFIX}_{asked_for}") as work:
        trace = cached.attention(*asked_for, progress=work.progress, on_wait=work.wait)
        body = cached.attention_bytes(*asked_for)
        notes, link = cached.attention_findings(*asked_for)
    layer, head, query, _ = link
    known = OPENING_VIEWS.get((text, pair or "", card.id))
    default = known or View(layer=layer, heads=(head,), pin=f"q{query}")
    view = chosen_view(default, read_view(PREFIX, view_params(card, len(trace.tokens)), of=asked_for))
    message = assemble(
        trace,
        body,
        view,
        sentences=head_sentences(trace, notes),
        overall=overall_sentence(trace, notes),
        roles=clearest_heads(trace, notes),
        default=default,
        prefix=PREFIX,
    )
    attention_view(message, key=f"{PREFIX}_view")
    return trace, view, message


def export(trace: AttentionTrace, view: View, message: bytes) -> None:
    """What can be saved: the picture, the numbers behind it, or a page of its own."""
    stem = f"attention-{trace.card.id}-{view.layer}.{'+'.join(map(str, view.heads))}"
    toolbar.export_buttons(["svg", "png"])
    st.download_button(
        "CSV: weights of the chosen heads",
        lambda: attention_csv(trace, view.layer, view.heads),
        f"{stem}.csv",
        "text/csv",
        on_click="ignore",
        width="stretch",
    )
    st.download_button(
        "HTML: one page that works offline",
        lambda: standalone_html(message, title=f"Attention of {trace.card.name}"),
        f"{stem}.html",
        "text/html",
        on_click="ignore",
        width="stretch",
    )


READ_IT_RIGHT = """
- A weight says **where a head reads from**, not what it does with what it reads: that is in the values it
  passes on, and later layers may ignore them. Attention is not an explanation of the answer; whether it can
  be a part of one is debated (see *Sources*). The test is to switch a head off and see what changes.
- Heads that find nothing to do **rest on the first token or on [CLS] and [SEP]**. A dark column there is a
  parking place, not a discovery. Hide the special tokens to see the rest, rescaled.
- After the first layer a row is no longer just that word: it has already **mixed in its neighbours**. A line
  from *it* to *animal* in layer 3 joins two mixtures.
- The **mean of several heads** is a picture of no head at all. Look at them one by one.
- In a decoder the upper triangle is empty **by construction**: no token can look ahead, so early tokens get
  more weight simply because more rows can see them.
"""

HOW = r"""
Each head turns every token into a query $q$, a key $k$ and a value $v$. Row $i$ of its matrix is

$$A_{ij} = \mathrm{softmax}_j\left(\frac{q_i \cdot k_j}{\sqrt{d_k}}\right), \qquad \sum_j A_{ij} = 1 .$$

"""
HOW_CAUSAL = """A decoder looks back only: for $j > i$ the score is −∞ before the softmax, so the weight is
exactly 0.
"""
HOW_GROUPED = """In {name} the {heads} query heads of a layer share {groups} sets of keys and values: heads
between two rules in the overview use the same ones.
"""
HOW_CODE = """The numbers are the model's own: one forward pass with attentions switched on. What a model does
besides (a bias, a rotation by position, another scale) is in them.

```python
from models.attention import trace_attention

trace = trace_attention({call})
trace.weights.shape  # {shape}: layers, heads, queries, keys
trace.weights[{layer}, {head}]  # the matrix above
```

The browser gets one byte a weight, in steps of 0.05 % below 3 % and 0.5 % above, so that every printed
percentage is exact to its last digit; the CSV holds the full float32 values. *About* marks means and rescaled
numbers. Layers and heads are counted from 0. A head *spreads* its weight where the entropy of its rows,
$-\\sum p \\ln p$, is at least {spread} of the largest possible.
"""


def how(trace: AttentionTrace, view: View, text: str, pair: str | None) -> str:
    """The formula, what this model adds to it, and the lines of Python that give this very picture."""
    card = trace.card
    call = ", ".join([repr(text), *([repr(pair)] if pair else []), f"model={card.id!r}"])
    parts = [HOW]
    if card.causal:
        parts.append(HOW_CAUSAL)
    if card.key_value_heads and card.key_value_heads != card.heads:
        parts.append(HOW_GROUPED.format(name=card.name, heads=card.heads, groups=card.key_value_heads))
    parts.append(
        HOW_CODE.format(
            call=call,
            shape=trace.weights.shape,
            layer=view.layer,
            head=view.heads[0],
            spread=percent(SPREAD),
        )
    )
    return "\n".join(parts)


VIEWS: tuple[BertVizView, ...] = ("head", "model")


def bertviz(trace: AttentionTrace, view: View) -> None:
    """BertViz's own two views of the same trace."""
    which = st.segmented_control(
        "View",
        VIEWS,
        default=VIEWS[0],
        format_func=lambda name: f"{name.capitalize()} view",
        key=f"{PREFIX}_bertviz",
        bind="query-params",
        required=True,
    )
    sentence = too_long(trace, view=which)
    if sentence:
        st.info(sentence)
    else:
        bertviz_view(
            trace, view=which, layer=view.layer, heads=list(view.heads), key=f"{PREFIX}_bertviz_{which}"
        )


bar = frame.page(ATTENTION_HEADS)
frame.presets(PRESETS)
controls_place, picture_place = frame.places()
with controls_place:
    text, pair, card, device = controls()
shown = None
with picture_place, frame.guard():
    if fetching.offer(card):
        shown = picture(text, pair, card, device)
if shown:
    with frame.guard():
        trace, view, message = shown
        bar.export(lambda: export(trace, view, message))
        frame.notes(
            read_it_right=READ_IT_RIGHT,
            how=how(trace, view, text, pair),
            sources=[
                "vaswani2017",
                "vig2019",
                "clark2019",
                "olsson2022",
                "xiao2023",
                "jain2019",
                "wiegreffe2019",
                "wang2020",
            ],
            more={"BertViz": lambda: bertviz(trace, view)},
        )
        frame.provenance(trace.provenance)
