"""The first view: what each head looks at, as words, matrix and overview."""

import unicodedata

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.attention_heads import cached, shared
from app.attention_heads.shared import PREFIX, Shown, name, trace_of, view_of
from components import toolbar
from components.attention_view import Role, View, assemble, attention_csv, attention_view, standalone_html
from components.bertviz_view import View as BertVizView
from components.bertviz_view import bertviz_view, too_long
from models.attention import LEADING_OVER_CHANCE, LEADING_SHARE
from models.quantise import percent
from models.traces import AttentionTrace, HeadNotes

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


def head_sentences(trace: AttentionTrace, notes: HeadNotes) -> list[str]:
    """One finding a head, in the order (layer, head)."""
    layers, heads = trace.weights.shape[:2]
    names = {"first": name(trace.keys[0]), "last": name(trace.keys[-1])}

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
        where = " or ".join(dict.fromkeys(token.text for token in trace.keys if token.special))
        parts.append(f"{resting} of {len(roles)} heads mostly rest on {where or name(trace.keys[0])}.")
    return " ".join(parts)


SHOWN_UNKNOWN = 4  # tokens that a sentence names
WORD, LETTER_BY_LETTER = 3, 0.5  # letters of a word; share of single letters from which a text is spelt
SIGNS = ("CJK", "HIRAGANA", "KATAKANA")  # one sign is a token by right
LAST_WORDS = 40  # letters of what was read last


def notice(trace: AttentionTrace, text: str) -> str:
    """What must be known first: words that the model does not know, text that it did not read."""
    tokens = [token for token in trace.tokens if not token.special]
    unknown = [token for token in tokens if token.unknown]
    parts = []
    if trace.cut_at is not None:
        last = text[: trace.cut_at][-LAST_WORDS:]
        parts.append(
            f"{trace.card.name} read the first {len(trace.tokens)} tokens of your text, up to "
            f"“…{last.partition(' ')[2] or last}”. "
            "More does not fit. The rest stays in the field."
        )
    if len(unknown) == 1:
        parts.append(f"{trace.card.name} does not know {name(unknown[0])}: it sees an unknown token there.")
    elif unknown:
        texts = list(dict.fromkeys(name(token) for token in unknown))
        some = ", ".join(texts[:SHOWN_UNKNOWN]) + (" …" if len(texts) > SHOWN_UNKNOWN else "")
        parts.append(
            f"{trace.card.name} does not know {len(unknown)} of the {len(tokens)} tokens: {some}. "
            "To the model all of them are one and the same unknown token."
        )
    words = spelt(trace, text)
    if words:
        parts.append(
            f"{trace.card.name} does not know the words of this text. It reads them letter by letter: "
            f"{len(tokens)} tokens for {words} word{'s' if words > 1 else ''}."
        )
    return " ".join(parts)


def spelt(trace: AttentionTrace, text: str) -> int:
    """How many words the model reads letter by letter, where it does so with most of the text; else 0."""
    words = [word for word in text[: trace.cut_at].split() if sum(map(str.isalpha, word)) >= WORD]
    tokens = [token.text for token in trace.tokens if not token.special]
    letters = [each for each in tokens if len(each) == 1 and each.isalpha()]
    letters = [each for each in letters if not unicodedata.name(each, "").startswith(SIGNS)]
    return len(words) if len(letters) >= max(LETTER_BY_LETTER * len(tokens), 2 * len(words)) else 0


def why_this_head(trace: AttentionTrace, view: View, text: str, *, words: bool) -> str:
    """Why a text that is no example opens with this head."""
    head = f"{view.layer}.{view.heads[0]}"
    of = f"Of all {trace.weights.shape[0] * trace.weights.shape[1]} heads, {head} is shown first"
    if words:
        what = "letters" if spelt(trace, text) else "words"
        return f"{of}: it has the strongest link between two {what} here."
    return f"{of}. The model knows no two different words here, so no link is a finding."


def terms(trace: AttentionTrace, view: View) -> str:
    """What a head is and what the marks are, as short as can be."""
    layers, heads = trace.weights.shape[:2]
    marks = list(dict.fromkeys(token.text for token in trace.tokens if token.special))
    parts = [
        f"{trace.card.name} has {layers} layers of {heads} heads, counted from 0: "
        f"{view.layer}.{view.heads[0]} is head {view.heads[0]} of layer {view.layer}. For each token that is "
        "read, a head shares out 100 % of weight over the tokens: that is where it looks."
    ]
    if len(marks) == 1:
        parts.append(f"{marks[0]} is no word: the model adds this mark.")
    elif marks:
        parts.append(
            f"{' and '.join(marks[:2])} are no words: the model adds these marks at the start and the end."
        )
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
    names = {"first": name(trace.keys[0]), "last": name(trace.keys[-1])}
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


def what_they_look_at(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """The picture of all heads, one of them large."""
    asked = shared.controls(controls)
    with picture:
        trace = trace_of(asked)
        if trace is None:
            return None
        view, default, _ = view_of(asked, trace)
        notes, _, words = cached.attention_findings(*asked.key)
        message = assemble(
            trace,
            cached.attention_bytes(*asked.key),
            view,
            sentences=head_sentences(trace, notes),
            overall=overall_sentence(trace, notes),
            roles=clearest_heads(trace, notes),
            notice=notice(trace, asked.text),
            why="" if shared.opening_view(asked) else why_this_head(trace, default, asked.text, words=words),
            terms=terms(trace, default),
            default=default,
            prefix=PREFIX,
        )
        attention_view(message, key=f"{PREFIX}_picture")
    return Shown(
        lambda: export(trace, view, message),
        READ_IT_RIGHT,
        how(trace, view, asked.text, asked.pair),
        trace.provenance,
        sources=(
            "vaswani2017",
            "vig2019",
            "clark2019",
            "olsson2022",
            "xiao2023",
            "jain2019",
            "wiegreffe2019",
            "wang2020",
        ),
        more={} if trace.part == "cross" else {"BertViz": lambda: bertviz(trace, view)},
    )


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
HOW_CROSS = """In cross attention the queries are the target's tokens and the keys the source's. The row of a
token is computed when the decoder has just read it and chooses the next one; the first row is the start.
"""
HOW_GROUPED = """In {name} the {heads} query heads of a layer share {groups} sets of keys and values: heads
between two rules in the overview use the same ones.
"""
HOW_CODE = """The numbers are the model's own: one forward pass with attentions switched on. What a model does
besides (a bias, a rotation by position, another scale) is in them.

```python
from models.{module} import {function}

trace = {function}({call})
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
    module, function = "attention", "trace_attention"
    if trace.part != "self":
        module, function, call = "encdec", "trace_translation", f"{call}, part={trace.part!r}"
    parts = [HOW]
    if trace.causal:
        parts.append(HOW_CAUSAL)
    if trace.part == "cross":
        parts.append(HOW_CROSS)
    if card.key_value_heads and card.key_value_heads != card.heads:
        parts.append(HOW_GROUPED.format(name=card.name, heads=card.heads, groups=card.key_value_heads))
    parts.append(
        HOW_CODE.format(
            module=module,
            function=function,
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
        "BertViz view",
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
