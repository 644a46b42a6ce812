"""The first view: every distortion beside its honest twin, and a slider from one to the other."""

import time

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import frame
from app.honest_or_distorted import cached
from app.honest_or_distorted.shared import FIGURE, PREFIX, exports, hear_export, made, table
from app.honest_or_distorted.texts import TEXTS, words
from app.shown import Shown
from app.state import Param, choice, read_view
from components.lie_slider import lie_slider, number
from components.lie_slider.allright import ALL_RIGHT
from components.live_charts import Chart, live_charts
from models.traces_charts import STEPS

READ = (
    "- The **lie factor** compares two changes: the one the eye sees and the one in the data. 1 is honest, "
    "and "
    "from .95 to 1.05 nobody is misled. It exists where a size stands for a number; other distortions have "
    "a number "
    "of their own.\n"
    "- A number above the honest range does not say that somebody meant to lie. It says what a reader who "
    "does not "
    "read the axis will take home.\n"
    "- A chart with an honest number may still mislead by what it leaves out.\n"
    "- The tables here were made by hand to show one thing each, unless their source is named."
)
HOW = r"""
$$\text{lie factor} = \frac{(s_2 - s_1)/s_1}{(d_2 - d_1)/d_1}$$

$s$ are the sizes as drawn, $d$ the values. A bar that starts at $b$ instead of 0 gives $d_1/(d_1-b)$. A
value drawn as a radius gives $k+1$ and as the edge of a cube $k^2+k+1$, with $k = d_2/d_1$.

```python
from models.measures import lie_factor

lie_factor(shown=(100 - 97, 105 - 97), data=(100, 105))  # 33.3
```

The number at each stop of the slider is computed before it moves. The tests render the charts and read
the bars, areas and slopes back from the picture, so that the number is what the eye gets.
"""


SMALL = 170  # pixels of the chart beside the words


def stop(text: str) -> int:
    """A stop of the slider."""
    if not (text.isascii() and text.isdigit() and len(text) < 4 and int(text) <= STEPS):
        raise ValueError(text)
    return int(text)


def all_right(which: str, more: str = "") -> None:
    """When a distortion is none, in words and in a small chart."""
    if frame.presenting():
        st.markdown(f"**When it is all right:** {TEXTS[which].all_right}.")
        return
    words, small = st.columns([3, 2], vertical_alignment="center", gap="medium")
    with words:
        st.markdown(f"**When it is all right:** {TEXTS[which].all_right}.{more}")
    with small:
        example = Chart(ALL_RIGHT[which](), f"An example: {TEXTS[which].example}")
        live_charts([], [example], height=SMALL, key=f"{PREFIX}_all_right")


def lie(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown:
    """One distortion, its slider, when it is all right."""
    with controls:
        which = choice(
            "Distortion",
            list(TEXTS),
            key=f"{PREFIX}_which",
            name=lambda name: TEXTS[name].name,
            field=st.pills,
            label_visibility="collapsed",
            required=True,
        )
        view = read_view(
            PREFIX, [Param("t", str(STEPS), stop, f"the slider runs from 0 to {STEPS}")], of=which
        )
    started = time.perf_counter()
    distortion = cached.distortion(which)
    text, said = TEXTS[which], words(distortion)
    spent = (time.perf_counter() - started) * 1000
    with picture:
        with st.container(key=FIGURE):
            lie_slider(distortion, said, at=view["t"], param=f"{PREFIX}_t", key=f"{PREFIX}_slider")
        all_right(which, f" *Example:* {text.example}")
        rows = distortion.rows
        real = "Apple's reports" if which == "cumulative" else "table made by hand"
        provenance = made(text.name, real, len(rows), spent)
        table(rows)
        last = number(float(distortion.measure[-1]), distortion)
        hear_export(
            f"honest-or-distorted-{which}",
            f"{text.title}: {distortion.name}",
            said.says.replace("{n}", last),
            provenance,
        )
    measured = [
        {"stop": step, distortion.name: float(value)} for step, value in enumerate(distortion.measure)
    ]
    return Shown(exports([*rows, *measured], f"honest-or-distorted-{which}"), READ, HOW, provenance)
