"""Watch it learn: a small network on a task that needs memory, its loss, states and gates as it goes."""

import time
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import frame, working
from app.recurrent_gates.notes_memory import HOW_LEARNING, READ_LEARNING
from app.recurrent_gates.shared import FIGURE, PREFIX, Rows, Shown, exports, tell
from app.state import choice, whole
from components.charts import GREY, ORANGE, SKY, TEAL
from components.colours import GATE_HUES
from components.tracks import Line, Track, tracks
from models.toytasks import EVERY, MOST_STEPS
from models.traces import Provenance
from models.traces_memory import Snapshot

if TYPE_CHECKING:
    from models.learning import Training

RUN = f"{PREFIX}:run"  # where a session keeps its training
AT = f"{PREFIX}_learn_at"  # the saved step that is looked at
FIRST = 11  # saved steps that the axis of the loss has room for from the start
SLICE = 0.4  # seconds of training between two drawings
NETWORKS = {"lstm": "LSTM", "gru": "GRU", "rnn": "RNN"}
RATES = ("0.0001", "0.0003", "0.001", "0.003", "0.01", "0.03", "0.1", "0.3")
BIASES = tuple(f"{value:g}" for value in range(-4, 7))
BEST_UNIT = "best"


@dataclass(frozen=True)
class About:
    """What the page says about a task: its names, its lengths, and what is drawn over the sequence."""

    name: str
    what: str
    lengths: tuple[str, ...]
    length: str
    length_name: str
    panel: str
    remember: str  # what has to be kept in mind, "" where one number is not enough
    told: bool  # whether the output is to be that number


ABOUT = {
    "adding": About(
        "Adding",
        "Numbers stream by; two are marked ▲. The output at the end should be the sum of these two.",
        ("10", "20", "30", "40"),
        "20",
        "Numbers",
        "Output, asked only at the end",
        "sum so far",
        True,
    ),
    "depth": About(
        "Bracket depth",
        "After every character the output should be the number of open brackets.",
        ("16", "24", "30", "40"),
        "30",
        "Characters",
        "Output",
        "open brackets",
        True,
    ),
    "anbn": About(
        "aⁿbⁿ",
        "First some a, then as many b, then the end. Only who has counted knows where the end is.",
        ("8", "16", "24", "32"),
        "24",
        "Longest",
        "Probability of what comes next",
        "number of a still without a b",
        False,
    ),
    "copying": About(
        "Copying",
        "Four symbols, a stretch of blanks, a question mark: now repeat the symbols.",
        ("4", "8", "12", "16"),
        "8",
        "Blanks",
        "Probability of the right symbol",
        "",
        False,
    ),
}
LEARNING_OPENING = {
    "learn": "adding",
    "learn_net": "lstm",
    "learn_rate": "0.01",
    "learn_bias": "1",
    "learn_seed": "0",
    "learn_unit": BEST_UNIT,
    "learn_at": "0",
    **{f"learn_{task}": about.length for task, about in ABOUT.items()},
}


@dataclass
class Run:
    """A session's training: what it was asked for, whether it goes on, the rate of its last slice."""

    asked: tuple[str, ...]
    training: "Training"
    running: bool = False
    stopped: bool = False
    ended: bool = False  # a run has just come to a halt: its last saved step is looked at
    steps_a_second: float = 0.0
    failed: str = ""


def watch_it_learn(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown:
    """The view: a task, a network, and its training, live or step by saved step."""
    with controls, st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        task = choice(
            "Task", list(ABOUT), key=f"{PREFIX}_learn", name=lambda each: ABOUT[each].name, width=150
        )
        about = ABOUT[task]
        length = choice(
            about.length_name, about.lengths, default=about.length, key=f"{PREFIX}_learn_{task}", width=110
        )
        network = choice(
            "Network", list(NETWORKS), key=f"{PREFIX}_learn_net", name=NETWORKS.__getitem__, width=110
        )
        slider: dict[str, Any] = {"field": st.select_slider, "width": 170}
        rate = choice("Learning rate", RATES, default="0.01", key=f"{PREFIX}_learn_rate", **slider)
        bias = choice(
            "Forget bias at the start",
            BIASES,
            default="1",
            key=f"{PREFIX}_learn_bias",
            disabled=network == "rnn",
            help="Of the LSTM's forget gate and the GRU's update gate; a change begins a new run.",
            **slider,
        )
        seed = whole("Seed", 0, 0, 999, key=f"{PREFIX}_learn_seed", width=105)
    look_at_the_end()
    at = whole("Saved step", 0, 0, MOST_STEPS, key=AT, show=False)
    run = own_run((task, length, network, bias, str(seed)), float(rate))
    with picture:
        if not run.running and at > run.training.steps:
            catch_up(run, at)

        was_running = run.running

        def body() -> None:
            if was_running and not run.running:
                st.rerun()  # it was paused: the whole page may be drawn again
            with frame.guard():
                live(run, about, network)

        # while it runs, only this part of the page is drawn, again and again
        (st.fragment(body, run_every=SLICE / 2) if run.running else body)()
    saved = run.training.saved
    rows: Rows = [("step", "held-out loss", "best |correlation| of a unit")]
    rows += [(str(shot.step), f"{shot.loss:.6g}", f"{shot.follows.max():.6g}") for shot in saved]
    made = Provenance(
        f"{NETWORKS[network]} of {saved[0].state.shape[1]} units",
        f"trained here, seed {seed}",
        "float32",
        "cpu",
        0,
        0,
        {name: version(name) for name in ("torch", "numpy")},
        note=f"{run.training.steps} steps",
    )
    if not run.running:
        shot = nearest(saved, at)
        with picture:
            title = f"{NETWORKS[network]} learning: {about.name}"
            tell(sentences(run, shot, about, int(length)), rows, made, f"learning-{task}", title)
    return Shown(
        exports(rows, f"learning-{task}"),
        READ_LEARNING,
        HOW_LEARNING,
        made,
        sources=("hochreiter1997", "jozefowicz2015", "arjovsky2016"),
    )


def own_run(asked: tuple[str, ...], rate: float) -> Run:
    """The session's run, or a new one where something else is asked for; the rate acts at once."""
    run: Run | None = st.session_state.get(RUN)
    if run is None or run.asked != asked:
        run = Run(asked, begin(asked, rate))
        st.session_state[RUN] = run
    run.training.set_learning_rate(rate)
    return run


def begin(asked: tuple[str, ...], rate: float) -> "Training":
    """An untrained network."""
    from models.learning import Training

    task, length, network, bias, seed = asked
    return Training(
        task,
        network,  # type: ignore[arg-type]
        int(length),
        forget_bias=float(bias),
        learning_rate=rate,
        seed=int(seed),
    )


def catch_up(run: Run, at: int) -> None:
    """Train up to the saved step that a link asks for."""
    first = run.training.steps
    with working.shown(f"Training to step {at}", key=f"{PREFIX}_learn_{at}", unit="Step") as work:
        while run.training.steps < at:
            train(run, at)
            work.progress(run.training.steps - first, at - first)


def train(run: Run, until: int = MOST_STEPS) -> None:
    """One slice of training, at most up to a step."""
    began, first = time.perf_counter(), run.training.steps
    with working.slice_of_work():
        run.training.run(SLICE, until)
    run.steps_a_second = (run.training.steps - first) / (time.perf_counter() - began)


def nearest(saved: list[Snapshot], at: int) -> Snapshot:
    """The saved step at or before ``at``."""
    return saved[min(at // EVERY, len(saved) - 1)]


def go(running: bool, stopped: bool = False) -> None:
    """Start, pause or stop; a callback."""
    run: Run = st.session_state[RUN]
    run.running, run.stopped, run.ended = running, stopped, not running


def look_at_the_end() -> None:
    """Look at the last saved step of a run that has just halted.

    Not in the callback: the buttons stand in a fragment, whose callbacks do not reach the address.
    """
    run: Run | None = st.session_state.get(RUN)
    if run and run.ended:
        run.ended = False
        st.session_state[AT] = str(run.training.saved[-1].step)


def again() -> None:
    """Throw the run away; a callback."""
    st.session_state.pop(RUN, None)
    st.session_state[AT] = "0"


def look() -> None:
    """The slider has been moved; a callback."""
    st.session_state[AT] = str(st.session_state[f"{AT}_slider"])


def live(run: Run, about: About, network: str) -> None:
    """Buttons, a slice of training where it runs, and the pictures."""
    training = run.training
    drawn_running = run.running
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if run.running:
            st.button(
                "Pause", icon=":material/pause:", on_click=go, args=(False,), key=f"{PREFIX}_learn_pause"
            )
            st.button(
                "Stop", icon=":material/stop:", on_click=go, args=(False, True), key=f"{PREFIX}_learn_stop"
            )
        else:
            if training.steps < MOST_STEPS and not run.stopped and not run.failed:
                name = "Go on" if training.steps else "Start"
                st.button(
                    name,
                    type="primary",
                    icon=":material/play_arrow:",
                    on_click=go,
                    args=(True,),
                    key=f"{PREFIX}_learn_go",
                )
            if training.steps:
                st.button(
                    "Start again", icon=":material/restart_alt:", on_click=again, key=f"{PREFIX}_learn_again"
                )
        if run.running:
            try:
                train(run)
            except FloatingPointError as error:
                run.failed = f"{error} The learning rate is too large for this task."
            if run.failed or training.steps >= MOST_STEPS:
                go(False, stopped=True)
            said = f"Step {training.steps:,} of {MOST_STEPS:,} · {run.steps_a_second:.0f} steps a second"
            st.caption(said, width="content")
        elif len(training.saved) > 1:
            at = nearest(training.saved, int(st.session_state.get(AT) or 0)).step
            st.session_state[f"{AT}_slider"] = at
            st.slider(
                "Saved step",
                0,
                training.saved[-1].step,
                step=EVERY,
                key=f"{AT}_slider",
                on_change=look,
                width=420,
            )
        unit = choice(
            "Unit",
            [BEST_UNIT, *(str(each) for each in range(training.saved[0].state.shape[1]))],
            key=f"{PREFIX}_learn_unit",
            name=lambda each: "the best unit" if each == BEST_UNIT else f"unit {each}",
            width=190,
            label_visibility="collapsed",
        )
    if run.failed:
        st.warning(run.failed)
    shot = (
        training.saved[-1] if drawn_running else nearest(training.saved, int(st.session_state.get(AT) or 0))
    )
    draw(run, shot, about, network, best_unit(training.saved[-1]) if unit == BEST_UNIT else int(unit))
    if drawn_running:
        st.markdown(f"**What you see.** {sentences(run, shot, about, int(run.asked[1]))}")
    if drawn_running and not run.running:
        st.rerun()  # it has come to its end


def best_unit(shot: Snapshot) -> int:
    """The unit that follows best what is to be remembered; where that is no number, the liveliest."""
    return int((shot.follows if shot.follows.any() else shot.state.std(0)).argmax())


def draw(run: Run, shot: Snapshot, about: About, network: str, unit: int) -> None:
    """The loss so far, and one held-out sequence: the output, all states, the gates of one unit."""
    training = run.training
    losses = np.full(max(len(training.saved), FIRST), np.nan)
    losses[: len(training.saved)] = [each.loss for each in training.saved]
    length = int(run.asked[1])
    without, best = training.task.without_memory(length), training.task.best(length)
    flat = np.ones(len(losses))
    lines = [
        Line("held-out loss", losses, SKY, wide=2.6),
        Line("no memory", flat * without, GREY, dash="dotted"),
    ]
    if best > 0:
        lines.append(Line("best possible", flat * best, TEAL, dash="dashed"))
    low = 10.0 ** np.floor(np.log10(max(1e-5, min(np.nanmin(losses), without, best or 1))))
    high = 10.0 ** np.ceil(np.log10(max(np.nanmax(losses), without)))
    with st.container(key=FIGURE):
        left, right = st.columns([4, 7], gap="medium")
        with left:
            tracks(
                [Track("Loss", lines, float(low), float(high), log=True)],
                label="The held-out loss at every saved step",
                title="training step",
                row="step",
                step=EVERY,
                at=shot.step // EVERY,
                param="" if run.running else AT,
                key=f"{PREFIX}_learn_loss",
                height=450 if frame.presenting() else 340,
            )
        with right:
            tracks(
                sequence_panels(run, shot, about, network, unit),
                letters=training.held_out.letters,
                label=f"One held-out sequence after {shot.step} steps",
                title=f"one held-out sequence after {shot.step:,} steps",
                row="step",
                start=1,
                key=f"{PREFIX}_learn_sequence",
                height=340,
            )


def sequence_panels(run: Run, shot: Snapshot, about: About, network: str, unit: int) -> list[Track]:
    """The output against what is asked, the states of all units, the gates of one."""
    batch = run.training.held_out
    said = [Line("output", shot.said, SKY, wide=2.6)]
    top = 1.0
    if about.told:
        asked = batch.remember[:, 0]
        said.insert(0, Line(about.remember, asked, GREY, wide=8, pale=True))
        top = float(np.ceil(max(asked.max(), shot.said.max(), 1)))
    else:
        said[0] = Line("probability", np.where(batch.counts[:, 0], shot.said, np.nan), SKY, wide=2.6)
    bottom = min(0.0, float(np.floor(shot.said.min()))) if about.told else 0.0
    most = max(1.0, float(np.ceil(np.abs(shot.state).max())))
    name = "c" if network == "lstm" else "h"
    states = [Line("", shot.state[:, each], GREY, wide=0.8, pale=True) for each in range(shot.state.shape[1])]
    states.append(Line(f"unit {unit}", shot.state[:, unit], ORANGE, wide=2.6))
    panels = [
        Track(about.panel, said, bottom, top, share=3),
        Track(f"State {name} of all units", states, -most, most, share=3),
    ]
    gates = [gate for gate in shot.gates if gate != "candidate"]
    if gates:
        own = [Line(gate, shot.gates[gate][:, unit], *GATE_HUES[gate], wide=2) for gate in gates]
        panels.append(Track(f"Gates of unit {unit}", own, 0, 1, share=2))
    return panels


def sentences(run: Run, shot: Snapshot, about: About, length: int) -> str:
    """How far the training is, against memoryless guessing, and how well a unit follows."""
    without = run.training.task.without_memory(length)
    if not shot.step:
        state = (
            f"Untrained, the held-out loss is {shot.loss:.3g}; guessing without memory costs {without:.3g}."
        )
        return f"{about.what} {state} Press Start and watch the line fall, or stay."
    said = f"{about.what} After {shot.step:,} steps the held-out loss is {shot.loss:.3g}; "
    said += f"guessing without memory costs {without:.3g}"
    said += ", so memory is in use. " if shot.loss < 0.9 * without else ", so nothing is remembered yet. "
    if about.remember:
        unit = best_unit(run.training.saved[-1])
        said += (
            f"Unit {unit}, the best so far, follows the {about.remember} with |r| = "
            f"{shot.follows[unit]:.2f} over all held-out sequences; before the training the best of all had "
            f"{run.training.saved[0].follows.max():.2f}."
        )
    return said
