"""Preference optimisation without a browser: every preset, the address, bad input."""

import csv
import io

import pytest
from streamlit.testing.v1 import AppTest

from app.cached import shelf
from app.catalogue import PREFERENCE_OPTIMISATION, ROOT
from app.preference_optimisation import bring, plane
from models.traces_preference import StepCost

APP = str(ROOT / "streamlit_app.py")


def opened(**address: str) -> AppTest:
    """The page as a link with these parameters opens it."""
    app = AppTest.from_file(APP, default_timeout=60).run()
    app.switch_page(PREFERENCE_OPTIMISATION.file)
    for name, value in ({"view": "hand"} | address if address else {}).items():
        app.query_params[f"pref_{name}"] = value
    return alive(app.run())


def alive(app: AppTest) -> AppTest:
    assert not app.exception
    assert not app.error
    assert app.title[0].value == PREFERENCE_OPTIMISATION.title
    return app


def texts(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.caption, *app.info, *app.warning))


def test_the_page_opens_with_its_first_preset_and_every_preset_draws() -> None:
    app = opened()
    names = [button.label for button in app.button if (button.key or "").startswith("preset_")]
    assert [button.label for button in app.button if button.proto.type == "primary"] == names[:1]
    for place, name in enumerate(names):
        app.button(key=f"preset_{place}").click().run()
        primary = [button.label for button in alive(app).button if button.proto.type == "primary"]
        assert [label for label in primary if label in names] == [name]


@pytest.mark.parametrize(
    ("address", "note"),
    [
        ({"w": "nan"}, "lies between -5 and -0.001"),
        ({"w": "1", "left": "<b>", "nl": "1e9"}, "SFT is shown"),
        ({"view": "x"}, "which is not listed here"),
        ({"view": "bring", "log": "gpt9", "axis": "<i>"}, "Published, broken"),
    ],
)
def test_a_bad_link_gives_a_note_each_and_the_page(address: dict[str, str], note: str) -> None:
    said = texts(opened(**address))
    assert said.count("The link asked for") == len(address) - (address.get("view") == "bring")
    assert note in said


def test_the_csv_of_the_plane_has_the_losses_of_the_point() -> None:
    given = {name: float(plane.OPENING[name]) for name in plane.FIELDS}
    rows = list(csv.DictReader(io.StringIO(plane.csv_text(given))))
    assert [row["method"] for row in rows] == ["SFT", "ORPO", "DPO", "IPO", "SimPO", "CPO"]
    assert {row["method"] for row in rows if row["takes"] == "sums"} == {"DPO", "CPO"}
    assert float(rows[0]["loss"]) == 1.2
    assert float(rows[1]["slope in rejected"]) == pytest.approx(0.5145, abs=1e-3)


def test_the_doctor_says_what_is_wrong_and_an_axis_that_is_missing_falls_back() -> None:
    app = opened(view="bring", axis="tokens")
    said = texts(app)
    assert "L\\_OR does not belong to these log-probabilities" in said
    assert "the log has no tokens, so steps are shown" in said
    assert "All 6 checks hold" in texts(opened(view="bring", log="mistral-orpo-mix"))


def test_sums_and_means_and_rewards_without_a_reference_share_no_panel() -> None:
    orpo, dpo = (bring.example(name) for name in ("orpo-1", "dpo"))
    drawn = {title: {line.run for line in lines} for title, lines, _ in bring.panels([orpo, dpo], "step")}
    assert drawn["log P, means alone"] == {orpo.name}
    assert drawn["Rewards, relative to the reference"] == {dpo.name}
    assert bring.left_out([orpo, dpo]) == (
        f"Sums and means share no axis, so log P of {dpo.name}, sums, is not drawn. "
        f"Rewards of {orpo.name} have no reference and are not drawn."
    )
    assert bring.left_out([orpo]) == bring.left_out([dpo, dpo]) == ""


def test_ratios_and_digits_say_their_numbers() -> None:
    said = texts(opened(what="ratios"))
    assert "standard deviation of 2.565" in said
    assert "is 0.60 against 3.00" in said
    said = texts(opened(what="ratios", law="normal", mean="-2.5", spread="0.2", pr_beta="1"))
    assert "1/(1 − P) = 1.09" in said
    assert "nearly one here" in said
    said = texts(opened(what="digits"))
    assert "the exact log(1 − P) is −20.7233; plain, float32 gives −∞, plain, bfloat16 gives −∞" in said


def test_the_papers_results_can_be_questioned(monkeypatch: pytest.MonkeyPatch) -> None:
    said = texts(opened(view="paper", judged="200"))
    assert "least against SFT + DPO on HH-RLHF, OPT-125M (41.7 %)" in said
    assert "3 of 18 would be no different from a draw" in said
    assert "0.11 by SFT, 0.78 with DPO after it, 6.35 by ORPO" in texts(opened(view="paper", result="judges"))
    assert "at λ = 1 both fall" in texts(opened(view="paper", result="lambda"))
    steps = [
        StepCost(name, 10.0 * n, 100 * n, 1_000_000, 2) for n, name in enumerate(("SFT", "ORPO", "DPO"), 1)
    ]
    monkeypatch.setattr("models.preference_cost.measure", lambda progress: steps)
    shelf.clear()
    app = opened(view="paper", result="cost", weights="7")
    assert "112 GB with gradients and Adam; DPO keeps a frozen reference beside it, 140 GB" in texts(app)
    next(button for button in app.button if button.label == "Measure on this machine").click().run()
    assert "DPO takes 1.50 times ORPO's time and 1.50 times its memory" in texts(alive(app))
    shelf.clear()
