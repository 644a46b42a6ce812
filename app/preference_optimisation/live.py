"""Train live: several methods fine-tune the small GPT side by side, on the same pairs in the same order."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import frame, working
from app.cached import Shelf
from app.preference_optimisation.live_pictures import KEY, first_and_last, pictures, samples
from app.preference_optimisation.notes_training import HOW_LIVE, READ_LIVE
from app.preference_optimisation.shared import PREFIX, Rows, Shown, exports, saved_as, tell
from app.queue import heavy_work
from app.state import carrier, choice, hidden, plain, whole
from models.traces import Provenance
from models.traces_replay import Racing

if TYPE_CHECKING:
    from models.race import Race

RUN = f"{PREFIX}:race"  # whether a session's race goes on
AT = f"{PREFIX}_live_at"  # the step that a link asks for; 0: as far as it is
RUNS = f"{PREFIX}_live_runs"
STEPS = 200
SLICE = 0.5  # seconds of training between two drawings
MOST_RUNS = 4
KEPT = 4  # races that all visitors share
STEM = "preference-race"  # of saved files
OFFERED = (
    "sft",
    *(f"orpo-{lam}" for lam in ("0.1", "0.25", "0.5", "1", "2")),
    *(f"dpo-{beta}" for beta in ("0.05", "0.1", "0.5")),
    "ipo-0.5",
    "simpo-2",
    "cpo-0.1",
)
NAMES = {
    "sft": "SFT",
    "orpo": "ORPO λ = ",
    "dpo": "DPO β = ",
    "ipo": "IPO β = ",
    "simpo": "SimPO β = ",
    "cpo": "CPO β = ",
}
LINE_UP = "sft orpo-0.1 orpo-0.5 orpo-1"
RATES = ("0.0001", "0.0003", "0.001", "0.003")
LIVE_OPENING = {"live_runs": LINE_UP, "live_rate": "0.0003", "live_seeds": "1", "live_at": "0"}


@dataclass
class Own:
    """A session's side of a race: what it asked for, whether it goes on, how fast it was, what went wrong.

    ``turn`` counts the races of these settings: who starts again begins the next one, and leaves the one
    before to whom else watches it.
    """

    asked: tuple[str, ...]
    turn: int
    running: bool = False
    stopped: bool = False
    begun: bool = False  # by this session
    ended: bool = False  # it has just come to a halt: the address is to say where
    speed: float = 0.0  # steps a second, smoothed; 0 before the first slice
    failed: str = ""


def named(run: str) -> str:
    """A run's id as it is read."""
    method, _, weight = run.partition("-")
    return NAMES[method] + weight


def live(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown:
    """The view: which runs, and their race, live or as far as it has come."""
    with controls, st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        runs = line_up()
        slider = {"field": st.select_slider, "width": 170}
        rate = choice("Learning rate", RATES, default="0.0003", key=f"{PREFIX}_live_rate", **slider)  # type: ignore[arg-type]
        seeds = choice(
            "Seeds",
            ("1", "2", "3"),
            key=f"{PREFIX}_live_seeds",
            width=100,
            help="A seed is an order of the pairs. Of several the mean is drawn, in a band from the lowest "
            "to the highest.",
        )
    look_at_the_end()
    at = whole("Step", 0, 0, STEPS, key=AT, show=False)
    own = st.session_state.get(RUN)
    asked = (*runs, rate, seeds)
    if own is None or own.asked != asked:
        own = st.session_state[RUN] = Own(asked, newest(asked))
    race = shared(own)
    with picture:
        if not own.running and race.step < max(at, 0):
            catch_up(race, at)
        was_running = own.running

        def body() -> None:
            if was_running and not own.running:
                st.rerun()  # it was paused: the whole page may be drawn again
            with frame.guard():
                course(own, race, runs)

        # while it runs, only this part of the page is drawn, again and again
        (st.fragment(body, run_every=SLICE / 2) if own.running else body)()
    seen = race.trace()
    made = provenance(seen, own.running)
    if not own.running:
        with picture:
            tell(sentences(seen, runs), table(seen, runs), made, STEM, titled(seen, rate))
    return Shown(
        exports(lambda: table(race.trace(), runs), STEM),
        READ_LIVE,
        HOW_LIVE,
        made,
        sources=("hong2024", "rafailov2023"),
    )


def titled(seen: Racing, rate: str) -> str:
    """What a saved picture is called."""
    seeds = 1 + max(lane.seed for lane in seen.lanes)
    which = f"seed{'s' if seeds > 1 else ''} {', '.join(map(str, range(seeds)))}"
    return f"Preference methods, step {max(0, seen.step)} of {seen.steps}, {which}, learning rate {rate}"


def line_up() -> tuple[str, ...]:
    """The runs that the visitor picked; what a link asks for and is not offered falls away with a note."""
    with hidden(RUNS):
        asked = carrier(RUNS, LINE_UP, rerun=True)
    words = list(dict.fromkeys(asked.split()))
    known = [word for word in words if word in OFFERED][:MOST_RUNS]
    if known != words or not known:
        known = known or LINE_UP.split()
        shown = ", ".join(map(named, known))
        st.caption(
            f"The link asked for the runs {plain(asked)}; up to {MOST_RUNS} of the list race, so {shown}."
        )
        st.session_state[f"{RUNS}:bad"] = asked
    box = f"{RUNS}_choice"
    st.session_state[box] = known

    def chosen() -> None:
        # an emptied field keeps what was there
        if st.session_state[box]:
            st.session_state[RUNS] = " ".join(st.session_state[box])

    st.multiselect(
        "Runs, up to four",
        OFFERED,
        format_func=named,
        key=box,
        on_change=chosen,
        max_selections=MOST_RUNS,
        width=520,
    )
    return tuple(known)


@st.cache_resource(max_entries=1, show_spinner=False)
def races() -> Shelf:
    """The races of all visitors."""
    return Shelf(KEPT, None)


def newest(asked: tuple[str, ...]) -> int:
    """The turn of the race of these settings that was begun last."""
    return max((turn for known, turn in races() if known == asked), default=0)


def shared(own: Own) -> "Race":
    """A session's race: all visitors of these settings share the newest, so that it outlives a reload."""
    kept, key = races(), (own.asked, own.turn)
    race: Race | None = kept.get(key)
    if race is None:
        with working.shown("Reading the small GPT", key=f"{PREFIX}_live_begin") as work:
            race = kept.once(key, lambda: begin(own.asked), work.wait)
    return race


def begin(asked: tuple[str, ...]) -> "Race":
    """A race before its first step: the untouched model has been looked at."""
    from models.race import Race

    *runs, rate, seeds = asked
    methods = [(run.partition("-")[0], float(run.partition("-")[2] or 0)) for run in runs]
    race = Race(methods, seeds=int(seeds), steps=STEPS, rate=float(rate))
    race.run(np.inf, 0)
    return race


def catch_up(race: "Race", at: int) -> None:
    """Train up to the step that a link asks for."""
    first = race.step
    with working.shown(f"Training to step {at}", key=f"{PREFIX}_live_{at}", unit="Step") as work:
        while race.step < at:
            with heavy_work(work.wait):
                race.run(SLICE, at)
            work.progress(race.step - first, at - first)


def look_at_the_end() -> None:
    """Put the step of a race that has just halted into the address.

    Not in the callback: the buttons stand in a fragment, whose callbacks do not reach the address.
    """
    own: Own | None = st.session_state.get(RUN)
    if own and own.ended:
        own.ended = False
        st.session_state[AT] = str(max(0, shared(own).step))


def go(running: bool, stopped: bool = False) -> None:
    """Start, pause or stop; a callback."""
    own: Own = st.session_state[RUN]
    own.running, own.stopped, own.ended, own.begun = running, stopped, not running, True


def again() -> None:
    """Begin a race of the same settings from its first step; a callback."""
    asked = st.session_state[RUN].asked
    st.session_state[RUN] = Own(asked, newest(asked) + 1, begun=True)
    st.session_state[AT] = "0"


def course(own: Own, race: "Race", runs: Sequence[str]) -> None:
    """Buttons and pictures; where it runs, then a slice of training that the next drawing shows."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        buttons(own, race)
        line = st.empty()  # a visitor's place in the line
        if own.running:
            left = f" · about {(STEPS - race.step) / own.speed:.0f} s left" if own.speed else ""
            st.progress(max(0, race.step) / STEPS, f"Step {max(0, race.step)} of {STEPS}{left}")
        else:
            st.caption(f"Step {race.step} of {STEPS}", width="content")
            if race.step > 0 and not own.begun and not frame.presenting():
                st.caption("This race has begun before; all who choose the same runs share it.")
        if frame.presenting():
            st.html(KEY, width="content")
    if own.failed:
        st.warning(own.failed)
    seen = race.trace()
    pictures(seen, [named(run) for run in runs])
    if not frame.presenting():
        samples(seen, [named(run) for run in runs])
    if own.running:
        said = sentences(seen, runs)
        st.markdown(f"**What you see.** {said}")
        saved_as(said, titled(seen, own.asked[-2]), provenance(seen, True), STEM)
        # at the end: what is drawn before it works is not greyed while it does
        train_on(own, race, line)


def train_on(own: Own, race: "Race", line: DeltaGenerator) -> None:
    """A slice of training; draws the page again when it was the last."""
    races().keep((own.asked, own.turn), race)  # the last to be let go
    first, began = race.step, time.perf_counter()
    try:
        with line.container(), working.slice_of_work():
            race.run(SLICE, STEPS)
    except FloatingPointError as error:
        own.failed = f"{error} Choose a smaller learning rate."
    speed = (race.step - first) / (time.perf_counter() - began)
    own.speed += (0.3 if own.speed else 1) * (speed - own.speed)
    if own.failed or race.step >= STEPS:
        go(False, stopped=True)
        st.rerun()


def buttons(own: Own, race: "Race") -> None:
    """What can be done with the race."""
    if own.running:
        st.button("Pause", icon=":material/pause:", on_click=go, args=(False,), key=f"{PREFIX}_live_pause")
        st.button("Stop", icon=":material/stop:", on_click=go, args=(False, True), key=f"{PREFIX}_live_stop")
        return
    if race.step < STEPS and not own.stopped and not (own.failed or race.failed):
        st.button(
            "Go on" if race.step > 0 else "Start",
            type="primary",
            icon=":material/play_arrow:",
            on_click=go,
            args=(True,),
            key=f"{PREFIX}_live_go",
        )
    if race.step > 0:
        st.button("Start again", icon=":material/restart_alt:", on_click=again, key=f"{PREFIX}_live_again")


def table(seen: Racing, runs: Sequence[str]) -> Rows:
    """Every look of every run."""
    rows: Rows = [
        (
            "run",
            "seed",
            "step",
            "chosen, held out",
            "rejected, held out",
            "log odds ratio",
            "chosen more probable",
        )
    ]
    for lane, run in zip(
        seen.lanes, (run for run in runs for _ in range(len(seen.lanes) // len(runs))), strict=True
    ):
        rows += [
            (
                named(str(run)),
                str(lane.seed),
                str(step),
                f"{look['mean_logps/chosen']:.4f}",
                f"{look['mean_logps/rejected']:.4f}",
                f"{look['log_odds_chosen']:.4f}",
                f"{look['mean_accuracies']:.3f}",
            )
            for step, look in zip(lane.steps, lane.held_out, strict=True)
        ]
    return rows


def sentences(seen: Racing, runs: Sequence[str]) -> str:
    """What the two runs that differ most did, with their numbers."""
    found = first_and_last(seen, len(runs))
    if seen.step <= 0:
        chosen, rejected = found[0].before
        return (
            f"Before the training a token of a held-out chosen answer has a mean log-probability of "
            f"{signed(chosen)}, of a rejected one {signed(rejected)}. Press Start: every run gets the same "
            "pairs in the same order. Watch the dashed line, the rejected answers."
        )
    seeds = len(seen.lanes) // len(runs)
    said = [
        f"After {seen.step} steps, on pairs held out of the training"
        + (f", by the mean of {seeds} seeds: " if seeds > 1 else ": ")
    ]
    for run, each in zip(runs, found, strict=True):
        chosen, rejected = (now - then for now, then in zip(each.now, each.before, strict=True))
        if frame.presenting():
            names = ("", "") if len(said) > 1 else ("chosen ", "rejected ")
            changes = (f"{name}{change(by)}" for name, by in zip(names, (chosen, rejected), strict=True))
            said.append(f"**{named(run)}** {', '.join(changes)}; ")
            continue
        up, down = ("raised" if by > 0 else "lowered" for by in (chosen, rejected))
        said.append(
            f"**{named(run)}** {up} the chosen answers by {abs(chosen):.2f} and {down} the rejected ones by "
            f"{abs(rejected):.2f}; "
        )
    widest = max(range(len(runs)), key=lambda at: found[at].odds)
    said.append(
        f"the widest log odds ratio, {signed(found[widest].odds)}, has {named(runs[widest])}."
        if len(runs) > 1
        else f"the log odds ratio is {signed(found[0].odds)}."
    )
    return "".join(said)


def signed(value: float) -> str:
    """A number with a minus as on paper."""
    return f"{value:.2f}".replace("-", "−")


def change(by: float) -> str:
    """A change with its sign."""
    return f"{by:+.2f}".replace("-", "−")


def provenance(seen: Racing, running: bool) -> Provenance:
    """Where the numbers come from."""
    from models.tinygpt import card

    made = card()
    return Provenance(
        f"small GPT, {made['parameters']:,} weights",
        f"trained here from {made['sha256'][:8]}",
        "float32",
        seen.device,
        0,
        0,
        {name: version(name) for name in ("torch", "transformers")},
        note="seeds from 0" if running else f"{seen.step} steps, seeds from 0",
    )
