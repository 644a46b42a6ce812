"""What a visitor sees while they wait: a bar after a moment, their place in the line, Stop and Go on."""

from typing import Any

import pytest
from streamlit.delta_generator import DeltaGenerator
from streamlit.testing.v1 import AppTest

from app import working


def script(steps: int, fails: bool = False, place: int = 0) -> None:
    import streamlit as st

    from app import frame, working
    from app.settings import SettingError

    with frame.guard():
        with working.shown("The model reads", key="this text", unit="Layer") as work:
            if place:
                work.wait(place)
            for step in range(steps):
                work.progress(step + 1, 4)
            if fails:
                raise SettingError("Too little memory.")
        st.text("done")


def run(patience: float, monkeypatch: pytest.MonkeyPatch, **arguments: int) -> AppTest:
    monkeypatch.setattr(working, "PATIENCE", patience)
    app = AppTest.from_function(script, kwargs=arguments, default_timeout=30).run()
    assert not app.exception
    return app


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every state of the bar and every line, as they were drawn."""
    lines: list[str] = []
    bar, line = DeltaGenerator.progress, DeltaGenerator.caption

    def progress(self: DeltaGenerator, value: float, text: str) -> Any:
        lines.append(f"{value:.0%} {text}")
        return bar(self, value, text)

    def caption(self: DeltaGenerator, text: str, **options: Any) -> Any:
        lines.append(text)
        return line(self, text, **options)

    monkeypatch.setattr(DeltaGenerator, "progress", progress)
    monkeypatch.setattr(DeltaGenerator, "caption", caption)
    return lines


def test_long_work_shows_how_far_it_is_and_leaves_nothing_behind(monkeypatch, drawn) -> None:
    app = run(0, monkeypatch, steps=4)
    assert drawn == ["25% Layer 1 of 4", "50% Layer 2 of 4", "75% Layer 3 of 4", "100% Layer 4 of 4"]
    assert (len(app.progress), len(app.button)) == (0, 0)
    assert app.text[-1].value == "done"


def test_short_work_only_spins(monkeypatch, drawn) -> None:
    run(60, monkeypatch, steps=4)
    assert drawn == []


def test_work_that_fails_leaves_its_sentence_alone(monkeypatch, drawn) -> None:
    app = run(0, monkeypatch, steps=2, fails=True)
    assert len(drawn) == 2
    assert [warning.value for warning in app.warning] == ["Too little memory."]
    assert (len(app.progress), len(app.button)) == (0, 0)


@pytest.mark.parametrize(("place", "before"), [(1, "You are next"), (3, "You are number 3 in the line")])
def test_who_waits_is_told_their_place(monkeypatch, drawn, place: int, before: str) -> None:
    app = run(0, monkeypatch, steps=0, place=place)
    assert drawn == [f"The model reads as soon as the machine is free. {before}."]
    assert not app.caption


def test_stopped_work_waits_for_go_on_and_other_work_does_not(monkeypatch) -> None:
    app = AppTest.from_function(script, kwargs={"steps": 1}, default_timeout=30)
    app.session_state[working.STOPPED] = "this text"
    app.run()
    assert [caption.value for caption in app.caption] == ["Stopped: The model reads."]
    assert not app.text
    app.button[0].click().run()
    assert app.text[-1].value == "done"
    assert not app.caption
    app.session_state[working.STOPPED] = "another text"
    app.run()
    assert app.text[-1].value == "done"


def test_a_slice_of_training_tells_the_place_only_while_it_waits(monkeypatch, drawn) -> None:
    def script(places: tuple[int, ...]) -> None:
        from contextlib import contextmanager

        import streamlit as st

        from app import working

        @contextmanager
        def queue(on_wait):
            for place in places:
                on_wait(place)
            yield

        working.heavy_work = queue
        with working.slice_of_work():
            st.text("trained")

    monkeypatch.setattr(working, "heavy_work", working.heavy_work)  # put back after the test
    for places, told in (((), []), ((2, 1), ["You are number 2 in the line.", "You are next."])):
        drawn.clear()
        app = AppTest.from_function(script, kwargs={"places": places}, default_timeout=30).run()
        assert not app.exception
        assert (drawn, [text.value for text in app.text], len(app.caption)) == (told, ["trained"], 0)


def test_who_waits_can_leave_the_line(monkeypatch) -> None:
    def script() -> None:
        import streamlit as st

        from app import working

        with working.shown("The model reads", key="this text") as work:
            work.wait(2)
            st.stop()

    app = AppTest.from_function(script, default_timeout=30).run()
    assert [button.label for button in app.button] == ["Leave the line"]
    app.button[0].click().run()
    assert [caption.value for caption in app.caption] == ["Stopped: The model reads."]
    assert [button.label for button in app.button] == ["Go on"]
