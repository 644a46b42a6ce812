"""Recorded runs: both answers' tokens before, during and after the training, beside the curves."""

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.preference_optimisation.notes_training import HOW_RECORDED, READ_RECORDED
from app.preference_optimisation.shared import FIGURE, PREFIX, Rows, Shown, exports
from app.state import Param, choice, read_view
from components import figures
from components.token_replay import message, token_replay
from models.replays import RUNS, replays
from models.traces import Provenance
from models.traces_replay import Replay

MODELS = {"smollm2": "SmolLM2, 135 million weights", "tinygpt": "the small GPT of this page"}
RECORDED_OPENING = {"model": "smollm2", "run": "orpo-1", "pair": "1", "step": "60"}


def whole(low: int, high: int, text: str) -> int:
    """Parse a whole number within limits."""
    value = int(text)
    if not low <= value <= high:
        raise ValueError
    return value


def known(runs: tuple[str, ...], text: str) -> str:
    """Parse a run's id."""
    if text not in runs:
        raise ValueError
    return text


def recorded(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown:
    """The view; all but the choice of the model happens in the browser."""
    with controls:
        model = choice(
            "Model",
            list(RUNS),
            key=f"{PREFIX}_model",
            name=MODELS.__getitem__,
            width=300,
            label_visibility="collapsed",
        )
    runs = replays(model)
    pairs, last = len(runs[0].watched), runs[0].steps[-1]
    params = [
        Param("run", "orpo-1", partial(known, RUNS[model]), "ORPO with λ = 1 is shown"),
        Param("pair", "1", partial(whole, 1, pairs), f"there are {pairs}, so 1 is shown"),
        Param("step", "60", partial(whole, 0, last), f"it lies between 0 and {last}, so 60 is shown"),
    ]
    rows, made = table(runs), provenance(runs[0])
    with picture:
        view = read_view(PREFIX, params, of=model)
        with st.container(key=FIGURE):
            token_replay(
                message(runs, **view, count=int(runs[0].card["held_out_pairs"]), prefix=PREFIX),
                key=f"{PREFIX}_replay_{model}",
            )
        with st.expander("The numbers as a table"):
            heads, *lines = rows
            st.table([dict(zip(heads, line, strict=True)) for line in lines])
        with st.expander("How each run was made"):
            st.table([{"run": run.name, "command": run.card["command"]} for run in runs])
    figures.save_on_export(
        FIGURE,
        stem=f"preference-{model}",
        title=f"Recorded preference runs of {MODELS[model]}",
        sentences="",
        provenance=f"Plainsight · {made.model} ({made.revision}) · {made.note}",
        key=f"{PREFIX}_save",
    )
    return Shown(
        exports(rows, f"preference-{model}"),
        READ_RECORDED,
        HOW_RECORDED,
        made,
        sources=("hong2024", "rafailov2023"),
    )


def table(runs: tuple[Replay, ...]) -> Rows:
    """Every look of every run at the held-out pairs."""
    rows: Rows = [("run", "step", "chosen, mean log P", "rejected, mean log P", "log odds ratio")]
    for run in runs:
        numbers = zip(
            run.steps,
            *(run.held_out(name) for name in ("mean_logps/chosen", "mean_logps/rejected", "log_odds_chosen")),
            strict=True,
        )
        rows += [(run.name, str(step), *(f"{value:.4f}" for value in values)) for step, *values in numbers]
    return rows


def provenance(run: Replay) -> Provenance:
    """Where the numbers come from: the card of the runs."""
    card = run.card
    weights = next((value for key, value in card["model"].items() if key != "source"), "")
    return Provenance(
        str(card["model"]["source"]),
        str(weights).replace("sha256:", "weights ")[:16],
        "float32",
        str(card["hardware"]).replace("1 thread(s)", "1 thread"),
        0,
        0,
        dict(card["versions"]),
        note=f"recorded {card['made']}, seed {card['plan']['seed']}",
    )
