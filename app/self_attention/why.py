"""The second view: random vectors against their width, and one head against two."""

import time
from importlib.metadata import version
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import frame
from app.self_attention import cached
from app.self_attention.notes import HOW_HEADS, HOW_SCALE, READ_HEADS, READ_SCALE
from app.self_attention.pictures import steps_csv
from app.self_attention.shared import FIGURE, PREFIX, Rows, Shown, csv_button, exports, tell
from app.state import choice
from components import charts, toolbar
from components.attention_steps import Block, Matrix, Step, View, attention_steps, message
from components.charts import TEAL, VERMILION
from models.quantise import percent
from models.selfattention import two_relations
from models.traces import Provenance

WHY = {"scale": "Why ÷ √d_k", "heads": "Why several heads"}
KEYS = ("4", "16", "64", "256")
POWERS = tuple(str(2**i) for i in range(11))


def why(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown:
    """The second view: random vectors against their width, or one head against two."""
    with controls:
        row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
        notes = st.container(gap=None)
    with row:
        which = choice(
            "Question",
            list(WHY),
            key=f"{PREFIX}_why",
            name=WHY.__getitem__,
            field=st.segmented_control,
            label_visibility="collapsed",
            required=True,
            note=notes.caption,
        )
        if which == "scale":
            slider: dict[str, Any] = {"field": st.select_slider, "width": 260, "note": notes.caption}
            keys = choice("Number of keys n", KEYS, default="16", key=f"{PREFIX}_keys", **slider)
            width = choice("Width d_k", POWERS, default="64", key=f"{PREFIX}_width", **slider)
    with picture:
        return why_scale(int(keys), int(width)) if which == "scale" else why_heads()


def why_scale(keys: int, width: int) -> Shown:
    """Entropy and gradient of the softmax against d_k."""
    started = time.perf_counter()
    curve = cached.saturation(tuple(map(int, POWERS)), keys)
    spent = (time.perf_counter() - started) * 1000

    def lines(values: Any) -> list[charts.Curve]:
        return [
            charts.Curve("with ÷ √d_k", curve.d_k, values[0], TEAL, points=True),
            charts.Curve("without", curve.d_k, values[1], VERMILION, points=True, dashed=True),
        ]

    options: dict[str, Any] = {
        "x": "width d_k",
        "marks": {f"d_k = {width}": width},
        "height": 300,
        "low": 0,
        "ticks": [4**i for i in range(6)],
    }
    with st.container(key=FIGURE):
        left, right = st.columns(2)
        with left:
            st.markdown("**How even the weights are** · entropy over ln n")
            frame.chart(
                charts.curves(lines(curve.entropy), y="entropy (1 even, 0 one key)", high=1, **options)
            )
        with right:
            st.markdown("**How much can be learned** · gradient of the softmax")
            most = float(np.ceil(curve.gradient.max() * 10) / 10)
            frame.chart(charts.curves(lines(curve.gradient), y="gradient (norm)", high=most, **options))
    at = POWERS.index(str(width))
    entropy, gradient = curve.entropy[:, at], curve.gradient[:, at]
    sentences = (
        f"A score q·k of width {width} is usually about √{width} = {np.sqrt(width):.1f} in size. "
        f"Over {keys} keys the softmax of such scores has {percent(entropy[1])} of the largest entropy and a "
        f"gradient of {gradient[1]:.3f}. Divided by √{width} it keeps {percent(entropy[0])} and "
        f"{gradient[0]:.3f}, and so it does at every width."
    )
    made = Provenance(
        "Random q and k",
        f"seed 0, {curve.draws:,} draws",
        "float64",
        "cpu",
        keys,
        spent,
        {"numpy": version("numpy")},
    )
    rows: Rows = [("d_k", "entropy with", "entropy without", "gradient with", "gradient without")]
    rows += [
        (str(d), *(f"{value:.6g}" for value in (*curve.entropy[:, i], *curve.gradient[:, i])))
        for i, d in enumerate(curve.d_k)
    ]
    tell(sentences, rows, made, "softmax-saturation", "Why ÷ √d_k: entropy and gradient of the softmax")
    return Shown(exports(rows, "softmax-saturation"), READ_SCALE, HOW_SCALE, made)


def why_heads() -> Shown:
    """One relation a head: what the verb receives in two sentences."""
    started = time.perf_counter()
    example = two_relations()
    spent = (time.perf_counter() - started) * 1000
    words, verb = example.sentences[0], example.asking
    names: dict[str, Matrix] = {}
    blocks = []
    lit = []
    sentences = [" → ".join(sentence[::2]) for sentence in example.sentences]
    for at, (name, (one, other)) in enumerate(zip(example.variants, example.steps, strict=True)):
        tops = []
        heads = len(one.weights)
        for head, weights in enumerate(one.weights):
            label = f"{name.capitalize()}: A" if heads == 1 else f"Head {head + 1} of 2: A"
            names[f"a{at}h{head}"] = Matrix(label, words, words, weights, "weight")
            tops.append(f"a{at}h{head}")
            lit.append((f"a{at}h{head}", verb))
        names[f"z{at}"] = Matrix(
            "“chased” receives",
            sentences,
            ("cat", "mouse") * 2,
            np.stack([one.output[verb], other.output[verb]]),
            "value",
            groups=2,
            group_names=("head 1", "head 2") if heads == 2 else ("value", "the same again"),
        )
        blocks.append(Block("show", tops[0], tuple(tops[1:]), (f"z{at}",)))
    even, lopsided, both = example.apart
    share = example.steps[2][0].weights[0, verb, 0]
    step = Step(
        "Heads",
        "“cat chased mouse” or “mouse chased cat”: what does the verb learn?",
        blocks,
        [
            "One head can give each noun only about half, so the verb receives the same in both sentences: "
            f"they differ by {even:.2f}. A lopsided head sets them apart by {lopsided:.2f}, but what one "
            f"gains the other loses. Two heads give each {percent(float(share))} and set them {both:.2f} "
            "apart."
        ],
        hint="Weights: fixed scale from 0 (pale) to 1 (dark). The outlined row is what “chased” looks at. "
        "“Receives”: how much of cat and of mouse arrives. A value says it twice, once for each of two "
        "heads; a single head carries both copies, so that all three are equally wide.",
        lit=lit,
    )
    made = Provenance(
        "Worked example", "made by hand", "float64", "cpu", len(words), spent, {"numpy": version("numpy")}
    )
    attention_steps(
        message(names, [step], View(), provenance=f"Plainsight · {made.model}"), key=f"{PREFIX}_heads_picture"
    )

    def export() -> None:
        toolbar.export_buttons(["svg", "png"])
        csv_button(lambda: steps_csv(names), "two-relations")

    return Shown(export, READ_HEADS, HOW_HEADS, made)
