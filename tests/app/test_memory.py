"""Fading memory, hand-wired cells and relatives without a browser: controls, sentences, bad input."""

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.recurrent_gates.fading import beside, exponent, left_untrained, made_by, padded
from app.recurrent_gates.relatives import NETWORKS, edges
from app.recurrent_gates.wire import set_sliders
from models.unrolled import seen
from tests.app.test_recurrent_gates import alive, opened, texts


def chosen(app: AppTest, key: str, value: str) -> AppTest:
    """The page after a control of app.state.choice has been moved."""
    field = next(
        each
        for each in (*app.selectbox, *app.select_slider, *app.button_group)
        if each.key == f"gate_{key}_choice"
    )
    field.set_value(value).run()
    return alive(app)


def test_exponents_read_as_on_paper() -> None:
    assert exponent(3.42e-12) == "3.4 · 10⁻¹²"
    assert exponent(0.0123) == "0.012"
    assert exponent(0) == "0"
    assert np.isnan(padded(np.ones(2), 3)[2])


def test_fading_answers_to_every_control() -> None:
    app = opened(view="fading", fade_models="untrained", fade_scale="0", fade_bias="2", fade_at="41")
    said = texts(app)
    assert "Of the gradient at step 41, this much is left 30 characters back" in said
    assert "is 0.00: below 1" in said
    gentle = texts(chosen(app, "fade_scale", "1.5"))
    assert "above 1 the bound grows" in gentle
    assert "Over 95 characters the forget gate is open" in texts(chosen(app, "fade", "saturation"))
    assert "forget bias +4" in texts(chosen(app, "fade_bias", "4"))


def test_models_that_do_not_ship_are_called_untrained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.recurrent_gates.fading.cards", lambda: {"lstm": None})
    assert left_untrained(True) == ["RNN", "GRU"]
    assert left_untrained(False) == []
    assert beside(True).startswith(" RNN and GRU stand here **untrained**")
    assert "RNN and GRU untrained, seed 0" in made_by(True, 0, 1, 5, 0).revision
    monkeypatch.setattr("app.recurrent_gates.fading.cards", lambda: dict.fromkeys(("rnn", "gru", "lstm")))
    assert beside(True) == ""
    assert made_by(True, 1, 2, 5, 0).note == "5 steps, forget bias +1, recurrent weights × 2"


@pytest.mark.parametrize(
    ("address", "note"),
    [
        ({"fade_text": "ab"}, "at least three characters"),
        ({"fade_text": "x" * 500}, "the first 160 are shown"),
        (
            {"fade_text": "abc \U0001f600 <b>", "fade_at": "81"},
            "no character behind step 81; step 8 is shown",
        ),
        ({"fade_at": "-1"}, "it lies between 2 and 159"),
        ({"fade_bias": "nan"}, "which is not listed here"),
    ],
)
def test_fading_takes_any_text(address: dict[str, str], note: str) -> None:
    assert note in texts(opened(view="fading", **address))


def test_a_leaky_counter_is_mended_and_a_gru_never_counts() -> None:
    app = opened(view="wire")
    assert "**Not yet.**" in texts(app)
    said = texts(chosen(app, "wire_forget_b", "20"))
    assert "**Solved.**" in said
    said = texts(chosen(app, "wire_cell", "gru"))
    assert "**It cannot be done:** A GRU's new state is a weighted mean" in said
    assert next(button for button in app.button if button.label == "Show a solution").disabled
    for puzzle in ("hold", "reset"):
        chosen(app, "wire", puzzle)
        next(button for button in app.button if button.label == "Show a solution").click().run()
        assert "**Solved.**" in texts(alive(app))
    next(button for button in app.button if button.label == "Start again").click().run()
    assert "**Not yet.**" in texts(alive(app))


@pytest.mark.parametrize("text", ["((", "\U0001f600" * 300, "<script>", "مرحبا ("])
def test_a_wired_cell_reads_any_text(text: str) -> None:
    app = opened(view="wire", wire="count", wire_text=text, wire_forget_b="20")
    assert "**Solved.**" in texts(app)
    assert ("the first 120 are read" in texts(app)) == (len(text) > 120)


def test_sliders_are_set_as_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, str] = {}
    monkeypatch.setattr("app.recurrent_gates.wire.st.session_state", state)
    set_sliders({"input": (40.0, -20)})
    assert state == {"gate_wire_input_w": "40", "gate_wire_input_b": "-20"}


def test_hopfield_says_what_it_found() -> None:
    app = opened(view="relatives")
    assert "The pattern is found without an error." in texts(app)
    said = texts(chosen(app, "hop_noise", "50"))
    assert re.search(r"The cue overlaps −?0\.0", said)
    app = opened(view="relatives", hop_p="90", hop="random", hop_k="91", hop_load="true")
    assert "it lies between 1 and 90" in texts(app)
    assert "90 patterns in 300 units are a load of 0.300" in texts(app)
    assert "There are 10 letters" in texts(chosen(app, "hop", "letters"))


def test_elman_remembers_in_silence_and_jordan_does_not() -> None:
    app = opened(view="relatives", rel="feedback")
    assert "its output 0.99; Jordan's are 0.00 and 0.01" in texts(app)
    assert "reads it back and keeps it too" in texts(chosen(app, "el_out", "always"))
    assert "the first 16 are read" in texts(opened(view="relatives", rel="feedback", el_text="*" * 99))


def test_what_an_output_has_seen() -> None:
    app = opened(view="relatives", rel="seen", seen_at="4")
    assert "One direction: it has seen 4 of 14 inputs" in texts(app)
    assert "Two layers, both directions: it has seen 14 of 14" in texts(app)
    assert "Both directions: it has seen" in texts(chosen(app, "seen_a", "both"))


@pytest.mark.parametrize("name", NETWORKS)
def test_roads_are_drawn_where_derivatives_are_not_zero(name: str) -> None:
    """The edges that the picture follows reach exactly the nodes that count."""
    layers, both = NETWORKS[name]
    steps = 6
    influence = seen(steps, layers, both).influence
    rows = influence.shape[1]
    for at in range(steps):
        found = {(rows - 1, at)}
        grown = True
        while grown:
            more = {
                (low, t - later)
                for low, high, later in edges(layers, both)
                for row, t in found
                if row == high and 0 <= t - later < steps
            }
            grown = not more <= found
            found |= more
        assert found == {(int(r), int(s)) for r, s in zip(*np.nonzero(influence[at]), strict=True)}


def pressed(app: AppTest, label: str) -> AppTest:
    """The page after a button."""
    next(button for button in app.button if button.label == label).click().run()
    return alive(app)


def test_a_training_starts_pauses_goes_on_and_stops() -> None:
    app = opened(view="learning", learn="depth", learn_depth="16")
    assert "Untrained, the held-out loss is" in texts(app)
    said = texts(pressed(app, "Start"))
    steps = re.search(r"Step (\d+) of 4,000", said)
    assert steps
    assert int(steps[1]) > 0
    assert "steps" in texts(pressed(app, "Pause"))
    pressed(app, "Go on")
    while app.session_state["gate:run"].training.steps < 40:
        app.run()
    pressed(app, "Stop")
    assert not [button for button in app.button if button.label == "Go on"]
    slider = next(each for each in app.slider if each.label == "Saved step")
    assert slider.value == slider.max > 0
    slider.set_value(20).run()
    assert "After 20 steps the held-out loss is" in texts(alive(app))
    assert "Untrained" in texts(pressed(app, "Start again"))


def test_a_link_trains_up_to_its_step_and_the_rate_acts_at_once() -> None:
    app = opened(view="learning", learn_at="20", learn_adding="10", learn_net="gru", learn_unit="3")
    run = app.session_state["gate:run"]
    assert run.training.steps == 20
    assert "After 20 steps" in texts(app)
    chosen(app, "learn_rate", "0.3")
    assert app.session_state["gate:run"] is run
    assert run.training._adam.param_groups[0]["lr"] == 0.3
    chosen(app, "learn_bias", "3")
    assert app.session_state["gate:run"] is not run
    assert "it lies between 0 and 4,000" in texts(opened(view="learning", learn_at="5000"))


@pytest.mark.parametrize(("task", "network"), [("anbn", "rnn"), ("copying", "gru")])
def test_every_task_is_drawn(task: str, network: str) -> None:
    said = texts(opened(view="learning", learn=task, learn_net=network, learn_at="20"))
    assert "After 20 steps the held-out loss is" in said
    assert "guessing without memory costs" in said
