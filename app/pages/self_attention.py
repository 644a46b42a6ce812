"""Self-attention, step by step: how do Q, K and V become a weighted mean?"""

import time
from importlib.metadata import version
from typing import Any

import streamlit as st

from app import frame, step_pictures, worked_example
from app.catalogue import SELF_ATTENTION
from app.frame import Preset
from app.state import Param, choice, read_view, url_text
from app.step_pictures import NAMES
from app.worked_example import EDITABLE, EXAMPLES, LIMIT, split_words
from components import toolbar
from components.attention_steps import Cell, attention_steps, message
from models.traces import Provenance

PREFIX = SELF_ATTENTION.prefix
VIEWS = {
    "steps": "Step by step",
}
LOVE = " ".join(EXAMPLES["love"].tokens)
CAT = " ".join(EXAMPLES["cat"].tokens)
SHAPES = "shapes"
MASKS = {"none": "no mask", "causal": "causal mask", "padding": "padding mask"}
HEADS = ("1", "2", "3")
SHAPE_HEADS = ("1", "2", "4", "8", "16")
WIDTHS = ("1", "2", "3", "4")
TEMPERATURES = ("0.1", "0.25", "0.5", "1", "2", "4", "10")


def state(**given: str) -> dict[str, str]:
    """A preset's state of the named controls."""
    return {f"{PREFIX}_{key}": value for key, value in given.items()}


def small(example: str, words: str, **given: str) -> dict[str, str]:
    """A preset of the first view: every control of it, and no number of the visitor's."""
    opening = {
        "view": "steps",
        "example": example,
        "words": words,
        "heads": "1",
        "dk": "2",
        "mask": "none",
        "temp": "1",
        "step": "",
        "head": "",
        "cell": "",
    }
    return state(**(opening | dict.fromkeys(EDITABLE, "") | given))


PRESETS = (
    Preset(
        "I love machine learning", "Four words, three numbers each: every sum by hand.", small("love", LOVE)
    ),
    Preset(
        "The cat sat on the mat",
        "Numbers made by hand so that *cat* and *mat* look at each other.",
        small("cat", CAT, step="6"),
    ),
    Preset(
        "d_model 512, 8 heads",
        "The same eight steps at the size of a real layer, as shapes.",
        small(SHAPES, LOVE, heads="8", step="3"),
    ),
)


READ_STEPS = """
- These numbers are **made by hand**, so that the sums stay short. A model learns its matrices; there *cat* is
  384 or 4,096 numbers, and no column has a name like *animal*.
- A weight says **where a token reads from**, not what it does with it: that is in the values. *The cat sat on
  the mat* shows both on purpose; a real head rarely looks so clean.
- A row **must** sum to 1. A token that finds nothing still has to look somewhere: here it spreads evenly, in
  a trained model it often rests on the first token.
- Scores are **not symmetric**: what “cat” asks for is not what “cat” offers. W_Q and W_K are two matrices.
- A real layer also has biases, a residual connection and a normalisation around it. They are left out here.
"""

HOW_STEPS = r"""
With $X = E + P$, and for each head its own $W_Q$, $W_K$ and $W_V$:

$$Q = X W_Q,\quad K = X W_K,\quad V = X W_V,\qquad
Z = \mathrm{softmax}\left(\frac{Q K^{\top}}{\sqrt{d_k}}\right) V,\qquad
\text{output} = [Z_1; Z_2; \dots]\, W_O .$$

A mask sets a score to $-\infty$ before the softmax; a temperature $T$ divides the scores once more.

```python
from models.selfattention import LOVE, attend

steps = attend(LOVE.x, LOVE.wq, LOVE.wk, LOVE.wv, LOVE.wo, heads=1, mask="causal")
steps.q[0]        # head 0: (4 tokens, d_k = 2)
steps.weights[0]  # (4, 4), every row sums to 1
steps.output      # (4, 3), the shape of LOVE.x
```

The tables print two decimals; the CSV holds twelve digits. “=” stands where the printed numbers give the
printed result exactly, “≈” where they are rounded. A word that the example does not know, and what a wider
matrix needs beyond the example's numbers, is drawn once from a seed.
"""


def whole(text: str, least: int, most: int) -> int:
    """A whole number of the address within its limits."""
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise ValueError(text)
    return int(text)


def cell(text: str) -> Cell | None:
    """A held number: matrix, row, column."""
    if not text:
        return None
    name, row, column = text.split(".")
    if not (name.isascii() and name.isalpha()):
        raise ValueError(text)
    return name, whole(row, 0, 63), whole(column, 0, 63)


PARAMS = (
    Param("step", "", lambda text: whole(text or "1", 1, len(NAMES)), f"there are steps 1 to {len(NAMES)}"),
    Param("head", "", lambda text: whole(text or "0", 0, 15), "the first head is shown"),
    Param("cell", "", cell, "no number is held"),
    *(
        Param(
            name,
            "",
            worked_example.parse_matrix,
            f"a matrix is rows of numbers up to {LIMIT:g}, so the example's own is shown",
            rerun=True,
        )
        for name in EDITABLE
    ),
)


def example_of(text: str) -> str:
    """The id of an example."""
    if text not in (*EXAMPLES, SHAPES):
        raise ValueError(text)
    return text


PARAMS = (*PARAMS, Param("example", "love", example_of, "“I love machine learning” is shown"))


def step_by_step(controls: Any, picture: Any) -> None:
    """The first view: small matrices, eight pictures."""
    with controls, st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        asked = read_view(PREFIX, PARAMS)
        example = asked["example"]
        text = url_text(
            "Words",
            LOVE,
            key=f"{PREFIX}_words",
            label_visibility="collapsed",
            placeholder=f"up to {worked_example.MOST_WORDS} words",
            width=300,
        )
        narrow: dict[str, Any] = {"label_visibility": "collapsed", "width": 150}
        heads = choice(
            "Heads",
            SHAPE_HEADS if example == SHAPES else HEADS,
            key=f"{PREFIX}_heads",
            name=lambda n: f"{n} head{'s' * (n != '1')}",
            **narrow,
        )
        if example != SHAPES:
            d_k = choice(
                "d_k", WIDTHS, default="2", key=f"{PREFIX}_dk", name=lambda n: f"d_k = {n}", **narrow
            )
            mask = choice("Mask", list(MASKS), key=f"{PREFIX}_mask", name=MASKS.__getitem__, **narrow)
            temperature = choice(
                "Temperature",
                TEMPERATURES,
                default="1",
                key=f"{PREFIX}_temp",
                name=lambda t: f"temperature {t}",
                **(narrow | {"width": 165}),
            )
    words = split_words(text)
    with picture:
        if len(text.split()) > len(words):
            st.caption(f"At most {len(words)} words are drawn, so that the numbers stay readable.")
        if not words:
            st.info("Type one to eight words, and each becomes a row of numbers.")
            return
        started = time.perf_counter()
        if example == SHAPES:
            names = step_pictures.shape_matrices(len(words), int(heads))
            steps = step_pictures.shape_pictures(len(words), int(heads))
            count = 1
            source = "shapes only, no numbers"
        else:
            toy = worked_example.toy(
                example,
                words,
                {name: asked[name] for name in EDITABLE},
                heads=int(heads),
                d_k=int(d_k),
                mask=mask,
                temperature=float(temperature),
            )
            trace = toy.compute()
            names = step_pictures.matrices(toy, trace)
            steps = step_pictures.pictures(toy, trace)
            count = toy.heads
            source = "made by hand, changed here" if toy.changed else "made by hand"
        view = step_pictures.view_of(asked["step"], asked["head"], asked["cell"], count, names)
        made = Provenance(
            "Worked example",
            source,
            "float64",
            "cpu",
            len(words),
            (time.perf_counter() - started) * 1000,
            {"numpy": version("numpy")},
        )
        attention_steps(
            message(
                names,
                steps,
                view,
                heads=count,
                prefix=PREFIX,
                provenance=f"Plainsight · {made.model} ({source}) · {' '.join(words)}",
            ),
            key=f"{PREFIX}_picture",
        )

    def export() -> None:
        toolbar.export_buttons(["svg", "png"])
        if example != SHAPES:
            st.download_button(
                "CSV: every number of every step",
                lambda: step_pictures.steps_csv(names),
                "self-attention.csv",
                "text/csv",
                on_click="ignore",
                width="stretch",
            )

    bar.export(export)
    frame.notes(read_it_right=READ_STEPS, how=HOW_STEPS, sources=["vaswani2017"])
    frame.provenance(made)


bar = frame.page(SELF_ATTENTION)
frame.presets(PRESETS)
controls_place, picture_place = frame.places()
with controls_place:
    view = choice(
        "View",
        list(VIEWS),
        key=f"{PREFIX}_view",
        name=VIEWS.__getitem__,
        field=st.segmented_control,
        label_visibility="collapsed",
        required=True,
    )
with frame.guard():
    {"steps": step_by_step}[view](controls_place, picture_place)
