"""The view *Bring your run*: a training log under the right names, and what its numbers say of each other."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import frame
from app.preference_optimisation.notes_runs import HOW_BRING, READ_BRING
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
from app.settings import SETTINGS, UPLOAD_ROOM
from app.state import choice
from components.charts import GREY, ORANGE, SKY, TEAL, VERMILION
from components.training_charts import HEIGHT, TrainingLine, run_key, run_names, span, training_panel
from models.errors import FileError
from models.preference_doctor import diagnose
from models.preference_runs import FORMATS, read_run, read_runs, together
from models.traces_preference import METRICS, Axis, Curve, Finding, Run

PUBLISHED = Path(read_runs.__code__.co_filename).parent / "runs/published"
EXAMPLES = {
    "llama-saa-half": "Published, broken: Llama-3.1-8B, ORPO",
    "mistral-orpo-mix": "Published, sound: Mistral-7B, ORPO",
}
# those of this page that ship: two losses that see the same pairs
OURS = {"dpo": "Recorded here: SmolLM2-135M, DPO", "orpo-1": "Recorded here: SmolLM2-135M, ORPO, λ = 1"}
EXAMPLES |= {key: name for key, name in OURS.items() if (RECORDED / f"{key}.json").exists()}
AXES: dict[str, str] = {"step": "steps", "epoch": "epochs", "tokens": "tokens"}
LOSS = "Loss and its parts"
MOST_FILES = 30
MOST_RUNS = 6
MOST_FAULTS = 3  # sentences about files that cannot be read
OPENING = {"log": "llama-saa-half", "axis": "step"}
LOG = f"{PREFIX}_log"
OWN = "your-logs"  # the visitor's files among the runs
# Each panel: title, and its curves with their colours; the first of two that has curves is drawn
COLOURS = {
    "logp_chosen": TEAL,
    "logp_rejected": VERMILION,
    "reward_chosen": TEAL,
    "reward_rejected": VERMILION,
    "loss": GREY,
    "nll": TEAL,
    "or_loss": ORANGE,
    "log_odds_ratio": SKY,
    "margin": GREY,
    "accuracy": SKY,
}
SHORT = {
    "logp_chosen": "chosen",
    "logp_rejected": "rejected",
    "reward_chosen": "chosen",
    "reward_rejected": "rejected",
    "nll": "SFT part (nll)",
    "or_loss": "L_OR",
    "log_odds_ratio": "log odds ratio",
    "margin": "margin of rewards",
}
MARKS = {"wrong": ":red[:material/error:]", "note": ":orange[:material/info:]"}


def bring(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """Ask for logs, draw their curves, and let the doctor speak."""
    with controls:
        row = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    with row:
        own, faults = uploaded()
        if not own and st.session_state.get(LOG) == OWN:
            del st.session_state[LOG]  # the files are gone
        offered = {OWN: "Your logs"} | EXAMPLES if own else EXAMPLES
        which = choice(
            "Run", list(offered), default=OPENING["log"], key=LOG, name=offered.__getitem__, width=300
        )
        runs = own if which == OWN else [example(which)]
        axis = cast(Axis, choice("Along", list(AXES), key=f"{PREFIX}_axis", name=AXES.__getitem__, width=120))
        run = runs[0]
        if len(runs) > 1:
            names = [each.name for each in runs]
            run = runs[st.selectbox("Diagnose", range(len(names)), format_func=names.__getitem__, width=240)]
    if faults:
        controls.warning("  \n".join(faults))
    with picture:
        return show(runs, run, axis)


def uploaded() -> tuple[list[Run], list[str]]:
    """The visitor's runs, at most MOST_RUNS, and one sentence about each file that cannot be read."""
    with st.popover("Your logs", icon=":material/upload_file:", key=f"{PREFIX}_own"):
        files = st.file_uploader(
            "trainer_state.json, JSONL, or CSV of TensorBoard or W&B; several are laid over each other",
            list(FORMATS),
            accept_multiple_files=True,
            key=f"{PREFIX}_files",
            on_change=show_own,
            max_upload_size=UPLOAD_ROOM * SETTINGS.max_upload_mb,
        )
        most = f"At most {SETTINGS.max_upload_mb} MB each."
        st.caption(f"{most} Files are kept only while you look, and are in no link.")
    runs: list[Run] = []
    faults: list[str] = []
    for file in files[:MOST_FILES]:
        try:
            runs += parsed(file.name, file.getvalue())
        except FileError as error:
            faults.append(plain_text(str(error)))
    if len(faults) > MOST_FAULTS:
        faults[MOST_FAULTS - 1 :] = [f"{len(faults) - MOST_FAULTS + 1} more files cannot be read."]
    joined = together(runs)
    if len(files) > MOST_FILES or len(joined) > MOST_RUNS:
        faults.append(f"At most {MOST_FILES} files and {MOST_RUNS} runs are drawn; the first ones are.")
    return joined[:MOST_RUNS], faults


def show_own() -> None:
    """Choose the visitor's files, now that they have changed; a callback."""
    st.session_state[LOG] = OWN


@st.cache_data(max_entries=32, ttl="1h", show_spinner=False)
def parsed(name: str, data: bytes) -> list[Run]:
    """What a file holds."""
    return read_runs(name, data, most_mb=SETTINGS.max_upload_mb)


@st.cache_data(max_entries=8, show_spinner=False)
def example(which: str) -> Run:
    """A published run, or one that was recorded for this page."""
    return read_run((RECORDED if which in OURS else PUBLISHED) / f"{which}.json")


def plain_text(sentence: str) -> str:
    """A sentence with a file's name in it as text, whatever Markdown the name holds."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>()#!|~$:" else sign for sign in sentence)


def show(runs: Sequence[Run], run: Run, axis: Axis) -> Shown:
    """Curves at left, findings at right; then the sentences and the table."""
    lacking = [each.name for each in runs if not all(known(each, axis))]
    if lacking and axis != "step":
        st.caption(f"{plain_text(', '.join(lacking))}: the log has no {AXES[axis]}, so steps are shown.")
        axis = "step"
    findings = diagnose(run)
    # large letters need the whole width: a room reads the findings below the curves
    left, right = (st.container(), st.container()) if frame.presenting() else st.columns([3, 2], gap="medium")
    with left, st.container(key=FIGURE):
        names = [each.name for each in runs]
        drawn = panels(runs, axis)
        if frame.presenting():
            # two charts that can be read, instead of four flat ones
            drawn = drawn[:1] + [each for each in drawn[1:] if each[0] == LOSS]
        bounds = span([line for _, lines, _ in drawn for line in lines])
        if len(runs) > 1 and frame.presenting():
            st.html(run_names(names))
        elif len(runs) > 1:
            st.altair_chart(run_key(names))
        places = st.columns(2)
        for at, (title, lines, domain) in enumerate(drawn):
            chart = training_panel(
                title,
                lines,
                x=axis,
                runs=names,
                bounds=bounds,
                domain=domain,
                height=HEIGHT,
            )
            with places[at % 2]:
                frame.chart(chart)
        if without := left_out(runs):
            st.caption(plain_text(without))
    sound = all(finding.level == "holds" for finding in findings)
    # what holds is folded away, and a room opens nothing; of several runs it reads what is wrong alone
    if not (frame.presenting() and (sound or len(runs) > 1)):
        with right, st.container(height=440 if sound else "content", border=False):
            doctor(findings)
    made = computed(
        EXAMPLES.get(run.name, "Your training log"),
        run.format,
        "as logged",
        ("numpy",),
    )
    tell(sentences(run, findings), table(run), made, f"run-{run.name}", f"{run.name}: training curves")
    return Shown(
        exports(long_rows(runs), "preference-runs"),
        READ_BRING,
        HOW_BRING,
        made,
        sources=("hong2024", "rafailov2023"),
    )


def known(run: Run, axis: Axis) -> list[bool]:
    """For every curve of a run, whether it has places on an axis."""
    curves = (*run.train.values(), *run.eval.values())
    return [bool((curve.along(axis) == curve.along(axis)).all()) for curve in curves]


def panels(
    runs: Sequence[Run], axis: Axis
) -> list[tuple[str, list[TrainingLine], tuple[float, float] | None]]:
    """Up to four panels with whatever the runs have."""
    kinds = {each.summed for each in runs if each.summed is not None}
    kind = {frozenset((True,)): "sums over answers", frozenset((False,)): "means over tokens"}.get(
        frozenset(kinds), "sums and means: not comparable"
    )
    relative = [each for each in runs if each.method.startswith("DPO")]
    wanted: list[tuple[str, tuple[str, ...], tuple[float, float] | None]] = [
        (f"log P of the answers, {kind}", ("logp_chosen", "logp_rejected"), None),
        ("Rewards, relative to the reference", ("reward_chosen", "reward_rejected"), None)
        if relative
        else ("How far they are apart", ("log_odds_ratio", "margin"), None),
        (LOSS, ("loss", "nll", "or_loss"), None),
        ("Pairs whose chosen answer wins", ("accuracy",), (0, 1)),
    ]
    out = []
    for title, names, domain in wanted:
        # sums and means never share an axis
        if names[0] == "logp_chosen" and len(kinds) > 1:
            shown = [each for each in runs if each.summed == first_kind(runs)]
            title = f"log P, {'sums' if first_kind(runs) else 'means'} alone"
        elif names[0] == "reward_chosen":
            shown = relative
        else:
            shown = list(runs)
        lines = [
            TrainingLine(
                SHORT.get(name, name), each.name, held_out, curve.along(axis), curve.values, COLOURS[name]
            )
            for each in shown
            for held_out, curves in ((False, each.train), (True, each.eval))
            for name, curve in curves.items()
            if name in names
        ]
        if lines:
            out.append((title, lines, domain))
    return out


def first_kind(runs: Sequence[Run]) -> bool | None:
    """Whether the first run that tells has sums of log-probabilities; None where none tells."""
    return next((each.summed for each in runs if each.summed is not None), None)


def left_out(runs: Sequence[Run]) -> str:
    """Which runs a panel does not draw, and why; "" where all are drawn."""
    first = first_kind(runs)
    others = [each.name for each in runs if each.summed not in (None, first)]
    said = []
    if others:
        said.append(
            f"Sums and means share no axis, so log P of {', '.join(others)}, "
            f"{'means' if first else 'sums'}, is not drawn."
        )
    absolute = [
        each.name for each in runs if not each.method.startswith("DPO") and "reward_chosen" in each.train
    ]
    if absolute and len(absolute) < len(runs):
        said.append(f"Rewards of {', '.join(absolute)} have no reference and are not drawn.")
    return " ".join(said)


def doctor(findings: Sequence[Finding]) -> None:
    """What is wrong and the notes in full; what holds folded away."""
    for finding in findings:
        if finding.level != "holds":
            title = finding.title if finding.title.endswith("?") else f"{finding.title}."
            st.markdown(f"{MARKS[finding.level]} **{plain_text(title)}** {plain_text(finding.text)}")
    held = [finding for finding in findings if finding.level == "holds"]
    if held:
        title = f"{len(held)} checks hold" if len(held) > 1 else "One check holds"
        with st.expander(title, expanded=len(held) == len(findings)):
            for finding in held:
                st.markdown(
                    f":green[:material/check:] **{plain_text(finding.title)}.** {plain_text(finding.text)}"
                )


def sentences(run: Run, findings: Sequence[Finding]) -> str:
    """What the log was taken for, and what is off."""
    wrong = [finding.title for finding in findings if finding.level == "wrong"]
    notes = [finding.title for finding in findings if finding.level == "note"]
    read = next(finding.title for finding in findings if finding.title.startswith("Read as"))
    name = EXAMPLES.get(run.name, f"“{plain_text(run.name)}”")
    first = f"{name}. {plain_text(read)}."
    if wrong:
        return f"{first} {len(wrong)} of {len(findings)} checks fail: {plain_text('; '.join(wrong))}."
    if notes:
        return f"{first} No check fails. Worth a look: {plain_text('; '.join(notes))}"
    return f"{first} All {len(findings)} checks hold."


def ends(curves: Mapping[str, Curve], held_out: bool) -> list[tuple[str, ...]]:
    """One row a number: first and last value."""
    return [
        (
            METRICS[name],
            "held-out" if held_out else "training",
            f"{len(curve.values)}",
            f"{curve.values[0]:.6g}",
            f"{curve.values[-1]:.6g}",
        )
        for name, curve in curves.items()
    ]


def table(run: Run) -> Rows:
    """Where every number of a run began and ended."""
    return [("number", "pairs", "values", "first", "last"), *ends(run.train, False), *ends(run.eval, True)]


def long_rows(runs: Sequence[Run]) -> Rows:
    """Every value of every run under our names."""
    rows: Rows = [("run", "pairs", "number", "step", "epoch", "tokens", "value")]
    for run in runs:
        for pairs, curves in (("training", run.train), ("held-out", run.eval)):
            for name, curve in curves.items():
                rows += [
                    (json.dumps(run.name)[1:-1], pairs, name, *(f"{number:.9g}" for number in row))
                    for row in zip(curve.step, curve.epoch, curve.tokens, curve.values, strict=True)
                ]
    return rows
