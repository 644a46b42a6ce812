"""Recorded runs and live training without a browser: links, bad links, start, pause, the shared race."""

import csv
import io

import pytest
from streamlit.testing.v1 import AppTest

from app.preference_optimisation.live import races
from app.shown import csv_text
from tests.app.test_preference_optimisation import alive, opened, texts


@pytest.mark.parametrize(
    ("address", "note"),
    [
        ({"view": "recorded", "run": "<b>", "pair": "9", "step": "-1"}, "so 60 is shown"),
        ({"view": "recorded", "model": "gpt5"}, "SmolLM2, 135 million weights is shown"),
        ({"view": "live", "live_runs": "sft nothing", "live_rate": "1e9"}, "of the list race, so SFT"),
    ],
)
def test_a_bad_link_gives_a_note_each_and_the_page(address: dict[str, str], note: str) -> None:
    said = texts(opened(**address))
    assert said.count("The link asked for") == len(address) - 1
    assert note in said


def test_a_race_starts_pauses_and_outlives_the_session() -> None:
    races.clear()
    link = {"view": "live", "live_runs": "sft orpo-1", "live_rate": "0.001"}
    app = opened(**link)
    assert "Before the training" in texts(app)
    assert [button.label for button in app.button if "pref_live" in (button.key or "")] == ["Start"]
    app.button(key="pref_live_go").click().run()
    alive(app).button(key="pref_live_pause").click().run()
    step = str(alive(app).query_params["pref_live_at"])
    assert int(step) > 0
    # somebody else, or the same visitor after a reload, finds the race where it is
    again = opened(**link)
    assert f"Step {step} of 200" in texts(again)
    assert "all who choose the same runs share it" in texts(again)
    assert {button.label for button in again.button} >= {"Go on", "Start again"}
    # who starts again begins a race of their own, which newcomers find; the first visitor's stays
    again.button(key="pref_live_again").click().run()
    assert "Before the training" in texts(alive(again))
    assert f"Step {step} of 200" in texts(alive(app.run()))
    assert [turn for _, turn in races()] == [0, 1]
    assert "Before the training" in texts(opened(**link))
    # another choice is another race; an emptied choice keeps what was there
    again.multiselect(key="pref_live_runs_choice").set_value(["sft", "dpo-0.1"]).run()
    assert "Before the training" in texts(alive(again))
    again.multiselect(key="pref_live_runs_choice").set_value([]).run()
    assert alive(again).query_params["pref_live_runs"] == "sft dpo-0.1"


def test_a_link_trains_up_to_its_step_and_the_table_holds_every_look() -> None:
    from app.preference_optimisation.live import begin, table, titled

    races.clear()
    app = opened(view="live", live_runs="orpo-0.5", live_at="2", live_seeds="2")
    assert "Step 2 of 200" in texts(app)
    race = begin(("sft", "orpo-2", "0.001", "1"))
    rows = list(csv.DictReader(io.StringIO(csv_text(table(race.trace(), ("sft", "orpo-2"))))))
    assert [(row["run"], row["step"]) for row in rows] == [("SFT", "0"), ("ORPO λ = 2", "0")]
    assert titled(race.trace(), "0.001") == "Preference methods, step 0 of 200, seed 0, learning rate 0.001"


def test_a_learning_rate_that_is_too_large_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from models.race import Race

    def fails(self: Race, seconds: float, until: int) -> None:
        if until > 0:
            raise FloatingPointError("The loss is no number any more at step 3.")

    races.clear()
    app: AppTest = opened(view="live", live_runs="sft")
    monkeypatch.setattr(Race, "run", fails)
    app.button(key="pref_live_go").click().run()
    assert any("Choose a smaller learning rate" in warning.value for warning in app.warning)
    assert not app.exception
    races.clear()
