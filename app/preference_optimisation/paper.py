"""The view *The paper's results*: win rates, judges, λ, and what a step needs; charts one can question."""

from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import frame, working
from app.preference_optimisation.notes_paper import HOW_COST, HOW_PAPER, READ_COST, READ_PAPER
from app.preference_optimisation.shared import (
    FIGURE,
    PREFIX,
    RECORDED,
    Rows,
    Shown,
    computed,
    exports,
    tell,
)
from app.state import choice
from components.charts import ORANGE, SKY, TEAL
from components.result_charts import Win, judged, moves, stacked, win_rates
from models import orpo_paper as paper
from models.preference_runs import read_run
from models.traces import Provenance
from models.traces_preference import Run, StepCost

RESULTS = {
    "wins": "Win rates",
    "judges": "AlpacaEval and MT-Bench",
    "lambda": "What λ does",
    "cost": "What a step needs",
}
OPENING = {"result": "wins", "data": "all", "against": "all", "judged": "0"}
DATA = {"all": "both datasets", "HH-RLHF": "HH-RLHF", "UltraFeedback": "UltraFeedback"}
AGAINST = {"all": "all three", "SFT": "SFT alone", "+DPO": "SFT + DPO", "+PPO": "SFT + PPO"}
JUDGED = {"0": "not assumed", "100": "100", "200": "200", "500": "500", "1000": "1,000", "5000": "5,000"}
BENCHES = {
    "alpaca2": ("AlpacaEval 2", "percent of wins against GPT-4 Turbo", 14.0),
    "alpaca1": ("AlpacaEval 1", "percent of wins against text-davinci-003", 100.0),
    "mt": ("MT-Bench", "points of 10", 10.0),
}
WEIGHTS = {"0.125": "125 million", "0.35": "350 million", "1.3": "1.3 billion", "7": "7 billion"}
RUNS = {"sft": "SFT (λ = 0)", "orpo-0.1": "λ = 0.1", "orpo-0.5": "λ = 0.5", "orpo-1": "λ = 1.0"}
PAPER = computed("Hong, Lee, Thorne 2024", "arXiv 2403.07691v2", "as printed", ())


def results(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """Draw the result that the visitor chose."""
    with controls:
        row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    with row:
        which = choice("Result", list(RESULTS), key=f"{PREFIX}_result", name=RESULTS.__getitem__, width=220)
    draw: dict[str, Callable[[Any], Shown]] = {
        "wins": wins,
        "judges": judges,
        "lambda": ablation,
        "cost": cost,
    }
    with picture:
        return draw[which](row)


def finish(
    sentences: str,
    rows: Rows,
    title: str,
    *,
    made: Provenance = PAPER,
    notes: tuple[str, str] = (READ_PAPER, HOW_PAPER),
    sources: tuple[str, ...] = ("hong2024",),
) -> Shown:
    """The sentences, the table and the exports of a result."""
    stem = title.lower().replace(" ", "-")
    tell(sentences, rows, made, stem, title)
    return Shown(exports(rows, stem), *notes, made, sources=sources)


def wins(row: Any) -> Shown:
    """ORPO against SFT, SFT + DPO and SFT + PPO, with the intervals of an assumed number of prompts."""
    with row:
        data = choice("Data", list(DATA), key=f"{PREFIX}_data", name=DATA.__getitem__, width=150)
        against = choice(
            "Against", list(AGAINST), key=f"{PREFIX}_against", name=AGAINST.__getitem__, width=140
        )
        prompts = int(
            choice(
                "Prompts judged, your assumption",
                list(JUDGED),
                key=f"{PREFIX}_judged",
                name=JUDGED.__getitem__,
                width=210,
                help="How many prompts stand behind a percentage decides what it can tell. The lines are "
                "Wilson's 95 % intervals for that many.",
            )
        )
    found = [
        Win(
            f"{dataset}, {size}",
            name,
            percent,
            *(paper.interval(percent, prompts) if prompts else (None, None)),
        )
        for dataset, table in paper.WIN_RATES.items()
        if data in ("all", dataset)
        for size, numbers in zip(paper.SIZES, table, strict=True)
        for name, percent in zip(paper.AGAINST, numbers, strict=True)
        if against in ("all", name)
    ]
    with st.container(key=FIGURE):
        frame.chart(win_rates(found, height=385 if data == "all" else 290))
    lost = [win for win in found if win.percent < 50]
    worst, best = min(found, key=lambda win: win.percent), max(found, key=lambda win: win.percent)
    said = (
        f"ORPO wins most clearly against {AGAINST[best.against]} on {best.row} ({best.percent:.1f} %) and "
        f"least "
        f"against "
        f"{AGAINST[worst.against]} on {worst.row} ({worst.percent:.1f} %). It is below 50 % in {len(lost)} "
        f"of "
        f"{len(found)} "
        "comparisons"
        + (f", against {' and '.join(sorted({AGAINST[win.against] for win in lost}))}. " if lost else ". ")
    )
    if prompts:
        open_ones = sum(
            win.low < 50 < win.high for win in found if win.low is not None and win.high is not None
        )
        said += (
            f"If {prompts:,} prompts had been judged, {open_ones} of {len(found)} would be no different "
            f"from a "
            "draw."
        )
    elif against in ("all", "+DPO"):
        said += "Against SFT + DPO it gains with the size of the model, on both datasets."
    rows: Rows = [("data and model", "against", "ORPO wins, %", "interval from", "to")]
    rows += [
        (
            win.row,
            win.against,
            f"{win.percent:.1f}",
            *(f"{end:.1f}" if end is not None else "–" for end in (win.low, win.high)),
        )
        for win in found
    ]
    return finish(said, rows, "ORPO win rates")


def judges(row: Any) -> Shown:
    """Models before the judges of AlpacaEval and MT-Bench."""
    with row:
        bench = choice(
            "Benchmark", list(BENCHES), key=f"{PREFIX}_bench", name=lambda key: BENCHES[key][0], width=170
        )
    name, unit, most = BENCHES[bench]
    of = {
        "alpaca1": lambda one: one.alpaca1,
        "alpaca2": lambda one: one.alpaca2,
        "mt": lambda one: one.mt_bench,
    }
    models = sorted((one for one in paper.JUDGED if of[bench](one) is not None), key=of[bench], reverse=True)
    with st.container(key=FIGURE):
        frame.chart(
            judged(
                [one.model for one in models],
                [one.method for one in models],
                [of[bench](one) for one in models],
                x=f"{name}: {unit}",
                most=most,
                height=385,
            )
        )
    first, second = models[:2]
    phi = {one.method: of[bench](one) for one in paper.JUDGED if one.model.startswith("Phi-2")}
    said = (
        f"In {name} {first.model} stands first with {of[bench](first):g}, before {second.model} with "
        f"{of[bench](second):g}. "
    )
    if bench == "mt":
        gap = of[bench](first) - of[bench](models[2])
        said += f"The three best lie within {gap:.2f} points: MT-Bench asks 80 questions, few for such a gap."
    else:
        said += (
            f"The cleanest comparison is Phi-2, since all three start from one model: {phi['SFT']:g} by SFT, "
            f"{phi['DPO']:g} "
            f"with DPO after it, {phi['ORPO']:g} by ORPO."
        )
    rows: Rows = [("model", "last trained by", f"{name}, {unit}", "source")]
    rows += [
        (
            one.model,
            one.method,
            f"{of[bench](one):g}",
            "the paper" if one.source == "hong2024" else "the authors’ model card",
        )
        for one in models
    ]
    return finish(said, rows, f"{name}", sources=("hong2024", "orpo_card"))


@st.cache_data(max_entries=1, ttl="1h", show_spinner=False)
def recorded() -> dict[str, Run]:
    """The runs of SmolLM2 that ship, by the key of RUNS."""
    found = {}
    for key in RUNS:
        file = RECORDED / f"{key}.json"
        if file.exists():
            found[key] = read_run(file)
    return found


def ablation(row: Any) -> Shown:
    """What the paper's curves do at each λ, beside what our recorded runs did."""
    runs = recorded()
    rows: Rows = [("λ", "chosen, in the paper", "rejected, in the paper", "chosen, here", "rejected, here")]
    told = {0.0: ("rises", "rises"), **{lam: (up, down) for lam, up, down in paper.ABLATION}}
    printed = dict(zip(RUNS, told.values(), strict=True))
    drawn = []
    changes: dict[str, tuple[float, float]] = {}
    for key, run in runs.items():
        first, last = (
            [float(run.eval[f"logp_{answer}"].values[at]) for answer in ("chosen", "rejected")]
            for at in (0, -1)
        )
        drawn += [
            (f"{RUNS[key]}; paper: {', '.join(printed[key])}", answer, first[at], last[at])
            for at, answer in enumerate(("chosen", "rejected"))
        ]
        changes[key] = (last[0] - first[0], last[1] - first[1])
    with st.container(key=FIGURE):
        if drawn:
            frame.chart(moves(drawn, height=330))
    for lam, key in zip(told, RUNS, strict=True):
        own = changes.get(key)
        here = tuple(f"{value:+.2f}".replace("-", "−") for value in own) if own else ("–", "–")
        rows.append((f"{lam:g}" if lam else "0 (SFT)", *told[lam], *here))
    if not drawn:
        st.table([dict(zip(rows[0], line, strict=True)) for line in rows[1:]])
    said = (
        "In the paper SFT raises both answers; λ = 0.1 does not bring the rejected one down; λ = 0.5 parts "
        "them; at "
        "λ = 1 both fall and lie farthest apart. "
    )
    if changes:
        gaps = {key: up - down for key, (up, down) in changes.items()}
        steps = max(float(run.eval["logp_chosen"].step[-1]) for run in runs.values())
        falling = [RUNS[key] for key, (_, down) in changes.items() if down < 0]
        said += (
            f"Here SmolLM2 of 135 million weights learned pairs of short answers for {steps:g} steps: the "
            f"distance grew "
            f"by "
            f"{', '.join(f'{gap:.2f} ({RUNS[key]})' for key, gap in gaps.items())}. The rejected answers "
            f"fell at "
            f"{', '.join(falling) if falling else 'no λ'}"
            + ("; the chosen ones rose at every λ." if all(up > 0 for up, _ in changes.values()) else ".")
        )
    made = computed(
        "Hong, Lee, Thorne 2024" + (" beside runs of SmolLM2-135M" if changes else ""),
        "arXiv 2403.07691v2" + (", recorded runs that ship" if changes else ""),
        "as printed" + (" and as recorded" if changes else ""),
        (),
    )
    return finish(said, rows, "What lambda does", made=made)


def cost(row: Any) -> Shown:
    """Models in memory and passes a step, counted for a size, and measured here on request."""
    with row:
        size = choice(
            "Weights of each model",
            list(WEIGHTS),
            default="7",
            key=f"{PREFIX}_weights",
            name=WEIGHTS.__getitem__,
            width=190,
        )
    parameters = float(size) * 1e9
    with st.container(key=FIGURE):
        left, right = st.columns(2)
        with left:
            frame.chart(
                stacked(
                    [
                        part
                        for each in paper.NEEDS
                        for part in (
                            (
                                each.method,
                                "learning models",
                                parameters * each.trained * paper.TRAINED_BYTES / 1e9,
                            ),
                            (
                                each.method,
                                "frozen",
                                parameters * each.frozen * paper.FROZEN_BYTES / 1e9,
                            ),
                        )
                    ],
                    x="gigabytes: weights, gradients, Adam",
                    colours=(TEAL, SKY),
                    height=250,
                )
            )
        measured = working.measured(
            "Measuring steps",
            measure,
            key=f"{PREFIX}_measure",
            unit="Step",
            help="Ten steps each of SFT, ORPO and DPO on a small model; some seconds.",
        )
        passes = stacked(
            [
                part
                for each in paper.NEEDS
                for part in (
                    (each.method, "learning models", float(each.passes)),
                    (each.method, "frozen", float(each.frozen_passes)),
                )
            ],
            x="forward passes a pair and step",
            colours=(TEAL, SKY),
            height=250,
        )
        times = [(one.method, "one step", one.milliseconds) for one in measured or ()]
        if measured and frame.presenting():  # three charts would be strips; the sentences tell the passes
            with right:
                frame.chart(stacked(times, x="milliseconds a step, here", colours=(ORANGE,), height=250))
        else:
            with right:
                frame.chart(passes)
            if measured:
                where = f"milliseconds a step, measured on this machine ({count(measured[0].threads)})"
                frame.chart(stacked(times, x=where, colours=(ORANGE,), height=150))
    rows: Rows = [
        ("method", "models", "learning", "gigabytes", "passes", "also", "measured ms", "measured MB")
    ]
    known = {one.method: one for one in measured or ()}
    for each in paper.NEEDS:
        own = known.get(each.method)
        rows.append(
            (
                each.method,
                str(each.trained + each.frozen),
                str(each.trained),
                f"{paper.gigabytes(each, parameters):.3g}",
                str(each.passes + each.frozen_passes),
                ("writes an answer first; " if each.writes else "") + each.what,
                f"{own.milliseconds:.0f}" if own else "–",
                f"{own.bytes / 1e6:.1f}" if own else "–",
            )
        )
    by = {each.method: paper.gigabytes(each, parameters) for each in paper.NEEDS}
    said = (
        f"With models of {WEIGHTS[size]} weights each, ORPO keeps one in memory, {by['ORPO']:.3g} GB with "
        f"gradients and "
        f"Adam; DPO keeps a frozen reference beside it, {by['DPO']:.3g} GB; PPO keeps four models, "
        f"{by['RLHF (PPO)']:.3g} GB. A step on one pair takes ORPO two forward passes, DPO four. "
    )
    if measured:
        orpo, dpo, sft = (known[name] for name in ("ORPO", "DPO", "SFT"))
        said += (
            f"Measured here on a model of {orpo.parameters / 1e6:.1f} million weights: SFT "
            f"{sft.milliseconds:.0f} ms, "
            f"ORPO {orpo.milliseconds:.0f} ms, DPO {dpo.milliseconds:.0f} ms a step, so that DPO takes "
            f"{dpo.milliseconds / orpo.milliseconds:.2f} times ORPO's time and "
            f"{dpo.bytes / orpo.bytes:.2f} times its "
            "memory."
        )
    else:
        said += "The button measures a step of a small model on this machine."
    made = computed(
        "Counted from the methods' definitions",
        f"{WEIGHTS[size]} weights a model",
        "float32",
        ("torch",) if measured else (),
        note="milliseconds are the fastest of steps that take turns" if measured else "",
    )
    return finish(
        said,
        rows,
        "What a step needs",
        made=made,
        notes=(READ_COST, HOW_COST),
        sources=("hong2024", "rafailov2023"),
    )


def measure(progress: Callable[[int, int], object]) -> list[StepCost]:
    """A training step by several preference losses on this machine."""
    from models.preference_cost import measure

    return measure(progress)


def count(threads: int) -> str:
    """How many threads a measurement had."""
    return f"{threads} thread{'' if threads == 1 else 's'}"
