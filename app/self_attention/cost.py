"""The fourth view: multiplications, memory and steps of three layers; seconds on request."""

import time
from dataclasses import replace
from importlib.metadata import version
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import frame, working
from app.self_attention.notes import HOW_COST, READ_COST
from app.self_attention.shared import FIGURE, PREFIX, Rows, Shown, exports, tell
from app.state import choice
from components import charts
from components.charts import ORANGE, SKY, TEAL
from models.quantise import percent
from models.selfattention import cost, measure_cost
from models.traces import Cost, MeasuredCost, Provenance

LENGTHS = tuple(str(2**i) for i in range(4, 15))
MODEL_WIDTHS = ("64", "128", "256", "384", "512", "768", "1024")
TICKS = (16, 64, 256, 1024, 4096, 16384)
MEASURED = (32, 64, 128, 256, 512, 1024, 2048)
COLOURS = {"self-attention": SKY, "recurrent": ORANGE, "convolution": TEAL}
LINES = {"multiplications": "Multiplications to mix", "memory": "Numbers held in memory at once for"}
FORMULAS = {
    "multiplications": ("n² d", "n d²", "k n d²"),
    "memory": ("4 n d + n²", "n d", "n d"),
}


def costs(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown:
    """The fourth view: multiplications, memory and steps of three layers; seconds on request."""
    with controls:
        row = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
        notes = st.container(gap=None)
    with row:
        slider: dict[str, Any] = {"field": st.select_slider, "width": 300, "note": notes.caption}
        n = int(choice("Tokens n", LENGTHS, default="512", key=f"{PREFIX}_n", **slider))
        d = int(choice("Width d", MODEL_WIDTHS, default="384", key=f"{PREFIX}_d", **slider))
        lines = choice(
            "Lines",
            list(LINES),
            key=f"{PREFIX}_lines",
            field=st.segmented_control,
            required=True,
            note=notes.caption,
        )
    started = time.perf_counter()
    many = cost([int(length) for length in LENGTHS], d)
    one = cost(n, d)
    spent = (time.perf_counter() - started) * 1000
    with picture:
        with st.container(key=FIGURE):
            left, right = st.columns([6, 5], gap="medium")
            with left:
                st.markdown(f"**{LINES[lines]} n tokens of width {d}**")
                frame.chart(cost_chart(many, n, lines))
            with right:
                if not frame.presenting():
                    st.markdown(cost_table(one, n, d))
                    st.caption(
                        "Multiplications, numbers held in memory at once, and steps from one end to the "
                        "other."
                    )
                measured = working.measured(
                    "Measuring three layers",
                    lambda progress: measure_cost(MEASURED, d, progress=progress),
                    key=f"{PREFIX}_measure_{d}",
                    unit="Measurement",
                    help=f"Runs the three layers for {len(MEASURED)} lengths up to {MEASURED[-1]:,}; some "
                    "ten seconds.",
                )
                if measured:
                    st.markdown(
                        "**Milliseconds on this machine**, whole layers; dashed: the count, set to the last"
                    )
                    frame.chart(measured_chart(measured))
        made = Provenance(
            "Counted",
            "Vaswani et al. 2017, table 1",
            "exact",
            "cpu",
            n,
            spent,
            {"numpy": version("numpy")},
            note=f"measured in float32 on {measured.threads} CPU threads, medians of {measured.repeats}, "
            f"torch {measured.versions['torch']}"
            if measured
            else "",
        )
        rows = cost_rows(many, measured)
        tell(cost_sentences(one, n, d, measured), rows, made, "cost", f"Cost of mixing n tokens of width {d}")
    return Shown(exports(rows, "cost"), READ_COST, HOW_COST, made)


def short(number: Any) -> str:
    """A large number in a table: 101 M."""
    for size, name in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= size:
            return f"{number / size:.3g} {name}"
    return f"{number:,.0f}"


def big(number: float) -> str:
    """A large number in a sentence: 100 million."""
    for size, name in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if number >= size:
            return f"{number / size:.3g} {name}"
    return f"{number:,.0f}"


def cost_chart(many: Cost, n: int, what: str) -> Any:
    """Three lines against n; marked are the chosen length and where the multiplications cross."""
    counts = many.mixing if what == "multiplications" else many.memory
    lines = [
        charts.Curve(f"{name} {formula}", many.n, values, COLOURS[name], points=True)
        for name, formula, values in zip(many.layers, FORMULAS[what], counts, strict=True)
    ]
    marks: dict[str, float] = {f"n = {n:,}": n}
    if what == "multiplications":
        marks = {f"n = d = {many.d}": many.d} | ({} if n == many.d else marks)
    else:  # the recurrent layer and the convolution keep the same
        lines[1] = replace(lines[1], name="recurrent, convolution n d")
        lines[2] = replace(lines[2], dashed=True, label=False)
    y = "multiplications" if what == "multiplications" else "numbers in memory"
    return charts.curves(lines, x="tokens n", y=y, log="xy", marks=marks, ticks=TICKS, height=330)


def cost_table(one: Cost, n: int, d: int) -> str:
    """The three layers at the chosen n and d, as a small table."""
    head = f"| n = {n:,}, d = {d} | mixing | whole layer | memory | path |\n|---|--:|--:|--:|--:|\n"
    return head + "\n".join(
        f"| {name} | {short(one.mixing[i])} | {short(one.multiplications[i])} | "
        f"{short(one.memory[i])} | {one.path[i]:,.0f} |"
        for i, name in enumerate(one.layers)
    )


def measured_chart(measured: MeasuredCost) -> Any:
    """Milliseconds against n, and the counted multiplications as dashed lines through the last point."""
    counted = cost(measured.n, measured.d)
    lines = []
    for i, name in enumerate(measured.layers):
        milliseconds = measured.seconds[i] * 1000
        theory = counted.multiplications[i] * milliseconds[-1] / counted.multiplications[i][-1]
        lines.append(charts.Curve(name, measured.n, milliseconds, COLOURS[name], points=True))
        lines.append(
            charts.Curve(f"{name}, counted", measured.n, theory, COLOURS[name], dashed=True, label=False)
        )
    return charts.curves(
        lines, x="tokens n", y="milliseconds", log="xy", ticks=TICKS, decades="~g", height=210
    )


def cost_rows(many: Cost, measured: MeasuredCost | None) -> Rows:
    """All numbers of the view, one row a layer and length."""
    rows: Rows = [("layer", "n", "d", "mixing", "multiplications", "memory", "sequential", "path", "seconds")]
    seconds: dict[tuple[str, int], str] = {}
    if measured:
        for i, name in enumerate(measured.layers):
            seconds |= {(name, int(n)): f"{measured.seconds[i, j]:.6g}" for j, n in enumerate(measured.n)}
    for i, name in enumerate(many.layers):
        for j, length in enumerate(many.n):
            counts = (
                values[i, j]
                for values in (many.mixing, many.multiplications, many.memory, many.sequential, many.path)
            )
            numbers = (f"{count:.0f}" for count in counts)
            rows.append((name, f"{length:.0f}", str(many.d), *numbers, seconds.get((name, int(length)), "")))
    return rows


def cost_sentences(one: Cost, n: int, d: int, measured: MeasuredCost | None) -> str:
    """What the numbers of this n and d say."""
    attention, recurrent = float(one.mixing[0]), float(one.mixing[1])
    if n == d:
        than = "exactly as many as"
    else:
        ratio = max(attention, recurrent) / min(attention, recurrent)
        than = f"{ratio:.3g} times as many as" if attention > recurrent else f"{percent(1 / ratio)} of"
    said = (
        f"Self-attention mixes {n:,} tokens of width {d} with {big(attention)} multiplications, {than} the "
        f"recurrent layer's {big(recurrent)}: the lines cross at n = d = {d}. A signal from the first to the "
        f"last token takes 1 step in attention and {n:,} in the recurrent layer. The price is memory: "
        f"{big(n * n)} weights for every head."
    )
    if measured:
        j = len(measured.n) - 1
        said += (
            f" Measured at n = {measured.n[j]:,}: {measured.seconds[0, j] * 1000:.1f} ms for attention, "
            f"{measured.seconds[1, j] * 1000:.1f} ms for the recurrent layer."
        )
    return said
