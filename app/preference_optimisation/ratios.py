"""The loss by hand, second picture: why odds and not probabilities? Both ratios of 50,000 random pairs."""

import time
from typing import Any

import streamlit as st

from app import frame
from app.preference_optimisation.notes_ratios import HOW_RATIOS, READ_RATIOS
from app.preference_optimisation.shared import FIGURE, PREFIX, Rows, Shown, computed, exports, tell
from app.state import choice
from components.preference_charts import ratio_densities
from models import ratios as simulation
from models.traces_preference import Ratios

LAWS = {
    "uniform": "uniform, as in the paper",
    "beta": "Beta(a, b)",
    "normal": "log P normal, as models may have it",
}
AS = ("0.2", "0.5", "1", "2", "4", "10", "20", "50")
BS = ("1", "2", "5", "10", "20", "40", "100", "200")
MEANS = tuple(f"{-value / 4:g}" for value in range(24, 0, -1))
SPREADS = ("0.05", "0.1", "0.2", "0.3", "0.5", "0.75", "1", "1.5", "2")
BETAS = ("0.1", "0.2", "0.5", "1", "2")
SCALES = {"plain": "even", "log": "powers of ten"}
RATIOS_OPENING = {
    "what": "ratios",
    "law": "uniform",
    "a": "4",
    "b": "40",
    "mean": "-2.5",
    "spread": "0.5",
    "pr_beta": "0.2",
    "scale": "plain",
}


def controls() -> tuple[str, dict[str, float], float, bool]:
    """The law of P with its numbers, β, and whether the scale is in powers of ten."""
    slider: dict[str, Any] = {"field": st.select_slider, "width": 105}

    def number(label: str, options: tuple[str, ...], name: str) -> float:
        return float(
            choice(label, options, default=RATIOS_OPENING[name], key=f"{PREFIX}_{name}", name=minus, **slider)
        )

    law = choice("P of an answer is", list(LAWS), key=f"{PREFIX}_law", name=LAWS.__getitem__, width=225)
    numbers: dict[str, float] = {}
    if law == "beta":
        numbers = {"a": number("a", AS, "a"), "b": number("b", BS, "b")}
    elif law == "normal":
        numbers = {
            "mean": number("mean of log P", MEANS, "mean"),
            "spread": number("spread", SPREADS, "spread"),
        }
    beta = number("β of log PR", BETAS, "pr_beta")
    scale = choice("Scale", list(SCALES), key=f"{PREFIX}_scale", name=SCALES.__getitem__, width=130)
    return law, numbers, beta, scale == "log"


def minus(text: str) -> str:
    """A number with a real minus sign."""
    return text.replace("-", "−")


@st.cache_data(max_entries=32, show_spinner=False)
def simulated(law: str, numbers: tuple[float, ...], beta: float) -> Ratios:
    """The simulation and the laws."""
    if law == "normal":
        return simulation.ratios(simulation.NormalLogP(*numbers), beta)
    return simulation.ratios(simulation.BetaP(*(numbers or (1, 1))), beta)


def ratios(place: Any) -> Shown:
    """Draw both densities with their laws."""
    with place:
        law, numbers, beta, log = controls()
    started = time.perf_counter()
    found = simulated(law, tuple(numbers.values()), beta)
    spent = (time.perf_counter() - started) * 1000
    names = (f"{beta:g} · log probability ratio", "log odds ratio")
    with st.container(key=FIGURE):
        frame.chart(ratio_densities(found, names, log=log, height=370))
    settings = ", ".join(f"{name} {value:g}" for name, value in numbers.items())
    made = computed(
        f"{found.pairs:,} pairs of answers",
        f"P {LAWS[law].split(',')[0]}{': ' + settings if settings else ''}, seed 0",
        "float64",
        ("numpy", "scipy"),
        spent,
    )
    rows: Rows = [("number", names[0], names[1])]
    rows += [
        (name, f"{values[0]:.6g}", f"{values[1]:.6g}")
        for name, values in (
            ("standard deviation, exact", found.sd),
            ("standard deviation, simulated", found.drawn_sd),
            ("excess kurtosis, exact", found.kurtosis),
            ("excess kurtosis, simulated", found.drawn_kurtosis),
        )
    ]
    tell(sentences(found, beta), rows, made, f"ratios-{law}", "Odds ratio against probability ratio")
    return Shown(
        exports(long_rows(found, names), f"ratios-{law}"),
        READ_RATIOS,
        HOW_RATIOS,
        made,
        sources=("hong2024",),
    )


def sentences(found: Ratios, beta: float) -> str:
    """The spreads, what they mean for a pair, and where both are one."""
    own = found.sd[1] * beta / found.sd[0]
    alike = (
        f"Without β the log odds ratio is {own:.2f} times as wide as the log probability ratio; the median "
        f"answer has "
        f"P = {found.middle:.3g}, where a step in log P counts 1/(1 − P) = {found.factor:.2f} times in log "
        f"odds."
    )
    small = " So odds and probabilities are nearly one here." if own < 1.15 else ""
    return (
        f"The log odds ratio has a standard deviation of {found.sd[1]:.3f} (simulated "
        f"{found.drawn_sd[1]:.3f}), "
        f"{beta:g} · the log probability ratio one of {found.sd[0]:.3f} ({found.drawn_sd[0]:.3f}). Excess "
        f"kurtosis, which tells how heavy the tails are, is {signed(found.kurtosis[1])} against "
        f"{signed(found.kurtosis[0])}. {alike}{small}"
    )


def signed(value: float) -> str:
    """Two decimals, a real minus sign, and no minus before zero."""
    return minus(f"{value:.2f}").replace("−0.00", "0.00")


def long_rows(found: Ratios, names: tuple[str, str]) -> Rows:
    """Both densities, bin by bin."""
    rows: Rows = [("ratio", "from", "to", "simulated density")]
    for name, edges, counted in zip(names, found.edges, found.counted, strict=True):
        rows += [
            (name, *(f"{value:.7g}" for value in row))
            for row in zip(edges[:-1], edges[1:], counted, strict=True)
        ]
    return rows
