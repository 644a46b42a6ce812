"""Logs of every format and the doctor: published runs, runs with one fault each, files that are no log."""

import io
import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import FileError
from models.preference import diagnose, read_run
from models.preference_runs import plain, read_runs, together
from models.traces_preference import METRICS, Finding, Run

PUBLISHED = Path("models/runs/published")


def log_sigmoid(x: float) -> float:
    return -math.log1p(math.exp(-x))


def orpo_rows(n: int = 10, beta: float = 0.1, prefix: str = "") -> list[dict[str, float]]:
    """A sound run of TRL's ORPO: the rejected answer falls."""
    rows = []
    for step in range(n):
        w, l = -1.0 + 0.02 * step, -1.2 - 0.02 * step  # noqa: E741
        odds = [p - math.log(-math.expm1(p)) for p in (w, l)]
        given_numbers = {
            "loss": 1.5 + beta * -log_sigmoid(odds[0] - odds[1]),
            "nll_loss": 1.5,
            "logps/chosen": w,
            "logps/rejected": l,
            "rewards/chosen": beta * w,
            "rewards/rejected": beta * l,
            "rewards/margins": beta * (w - l),
            "rewards/accuracies": 0.7,
            "log_odds_ratio": log_sigmoid(odds[0] - odds[1]),
            "log_odds_chosen": odds[0] - odds[1],
        }
        rows.append(
            {"step": step + 1, "epoch": step / 10, **{prefix + k: v for k, v in given_numbers.items()}}
        )
    return rows


def dpo_rows(n: int = 20, beta: float = 0.1, prefix: str = "eval_") -> list[dict[str, float]]:
    """A DPO run in which both answers fall, the rejected one faster."""
    return [
        {
            "step": 10 * step,
            f"{prefix}logps/chosen": -150 - 2 * step,
            f"{prefix}logps/rejected": -160 - 5 * step,
            f"{prefix}rewards/chosen": -2 * beta * step,
            f"{prefix}rewards/rejected": -5 * beta * step,
            f"{prefix}rewards/margins": 3 * beta * step,
            f"{prefix}loss": -log_sigmoid(3 * beta * step),
        }
        for step in range(n)
    ]


def read(rows: list[dict[str, float]], name: str = "trainer_state.json") -> Run:
    return read_runs(name, json.dumps({"log_history": rows}).encode())[0]


def titles(run: Run, level: str) -> list[str]:
    return [finding.title for finding in diagnose(run) if finding.level == level]


def said(run: Run, part: str) -> Finding:
    return next(finding for finding in diagnose(run) if part in finding.title)


def test_the_sound_published_run_holds_in_every_check() -> None:
    run = read_run(PUBLISHED / "mistral-orpo-mix.json")
    assert (run.trainer, run.method, run.summed) == ("TRL", "ORPO", False)
    assert run.beta == pytest.approx(0.1, abs=1e-3)
    assert run.eval["or_loss"].values[0] == pytest.approx(0.6294)
    assert run.eval["log_odds_ratio"].values[0] == pytest.approx(0.3896)
    assert {finding.level for finding in diagnose(run)} == {"holds"}
    assert "0.9403 where the loss is 0.9199, 2% apart" in said(run, "sum of its parts").text


def test_the_broken_published_run_is_found_by_its_odds() -> None:
    run = read_run(PUBLISHED / "llama-saa-half.json")
    assert (run.trainer, run.method) == ("LlamaFactory", "ORPO")
    assert titles(run, "wrong") == ["L_OR does not belong to these log-probabilities"]
    told = said(run, "does not belong").text
    assert "8.101" in told
    assert "give 0.4201" in told
    assert "8.3 times" in told
    # the training row alone, where the rejected log-probability is missing
    first = read([json.loads((PUBLISHED / "llama-saa-half.json").read_text())["log_history"][0]])
    assert "15.94" in said(first, "does not belong").text
    assert "7.7 times" in said(first, "does not belong").text


def test_the_identities_of_a_sound_run_hold_and_each_fault_is_named() -> None:
    assert titles(read(orpo_rows()), "wrong") == []
    faults = {
        "The loss is not the sum of its parts": {"loss": 4.0},
        "The margin is not chosen − rejected": {"rewards/margins": 0.5},
        "Two numbers on the odds contradict each other": {"log_odds_chosen": -3.0},
        "A log-probability above 0": {"logps/chosen": 0.5},
        "Rewards are no multiple of logps": {"rewards/chosen": 0.3},
        "The rejected answer wins": {"rewards/accuracies": 0.2},
        "The accuracy is no share": {"rewards/accuracies": 70.0},
        "The log-probabilities look like sums": {"logps/chosen": -150.0},
    }
    for title, wrong in faults.items():
        assert title in titles(read([row | wrong for row in orpo_rows()]), "wrong")


def test_why_the_chosen_rewards_fall() -> None:
    run = read(dpo_rows())
    assert run.method.startswith("DPO")
    assert run.summed
    assert run.beta == pytest.approx(0.1)
    told = said(run, "Why does the chosen reward fall?")
    assert told.level == "note"
    assert "never their level" in told.text
    assert "the distance grows by 4.8" in told.text
    closer = [row | {"eval_rewards/rejected": -0.1 * row["eval_rewards/chosen"]} for row in dpo_rows()]
    assert said(read(closer), "Why does the chosen reward fall?").level == "wrong"
    orpo = read([row | {"rewards/chosen": -0.2 * i - 0.1} for i, row in enumerate(orpo_rows())])
    assert "λ" in said(orpo, "Why does the chosen reward fall?").text


def test_a_run_that_logs_the_odds_of_another_method_is_not_taken_for_orpo() -> None:
    odds = {"log_odds_chosen": 0.4, "log_odds_ratio": log_sigmoid(0.4), "nll_loss": 2.0}
    dpo = read([row | {f"eval_{name}": value for name, value in odds.items()} for row in dpo_rows()])
    assert dpo.method.startswith("DPO")
    assert titles(dpo, "wrong") == []
    sft = [
        {"step": i, "loss": 2.0 - i / 9, "logps/chosen": -1.0, **odds, "nll_loss": 2.0 - i / 9}
        for i in range(9)
    ]
    assert read(sft).method == "SFT"
    assert titles(read(sft), "wrong") == []


def test_held_out_loss_that_rises_again_and_a_step_that_comes_twice() -> None:
    rows = orpo_rows() + [{"step": s, "eval_loss": v} for s, v in ((2, 2.0), (4, 1.5), (8, 1.9))]
    rows = [row | ({"loss": 2.0 - 0.1 * row["step"]} if "loss" in row else {}) for row in rows]
    assert "at step 4" in said(read(rows), "rises again").text
    again = read([*orpo_rows(), orpo_rows()[-1] | {"loss": 9.0}])
    assert again.train["loss"].values[-1] == 9.0
    assert "came twice" in again.notes[0]


def test_all_formats_give_the_same_run() -> None:
    rows = orpo_rows()
    wanted = read(rows)
    lines = "\n".join(json.dumps(row) for row in rows).encode()
    head = ["Step", *(f"mine - train/{name}" for name in rows[0] if name not in ("step", "epoch"))]
    head += [f"{head[1]}__MIN"]
    body = [[row["step"], *list(row.values())[2:], 0] for row in rows]
    weights = "\n".join(",".join(f'"{cell}"' for cell in line) for line in [head, *body]).encode()
    boards = [
        read_runs(
            f"run-mine-tag-train_{plain(name)}.csv",
            "\n".join(
                ["Wall time,Step,Value", *(f"1.7e9,{row['step']},{row[name]}" for row in rows)]
            ).encode(),
        )[0]
        for name in rows[0]
        if name not in ("step", "epoch")
    ]
    for run in (
        read_runs("log.jsonl", lines)[0],
        read_runs("log.json", json.dumps(rows).encode())[0],
        read_runs("wandb.csv", weights)[0],
        *together(boards),
    ):
        assert (run.method, run.trainer) == ("ORPO", "TRL")
        assert run.beta == pytest.approx(0.1)
        assert set(run.train) == set(wanted.train) <= set(METRICS)
        for name, curve in wanted.train.items():
            np.testing.assert_allclose(run.train[name].values, curve.values)
            np.testing.assert_allclose(run.train[name].step, curve.step)
    assert len(together(boards)) == 1
    curve = b"Wall time,Step,Value\n1.7e9,1,-0.5\n"
    assert read_runs("mine_train_rewards_chosen.csv", curve)[0].train["reward_chosen"].values[0] == -0.5
    assert read_runs("eval_loss.csv", curve)[0].eval["loss"].values[0] == -0.5
    with pytest.raises(FileError, match="its name does not say which number it holds"):
        read_runs("scalars.csv", curve)
    file = io.BytesIO(lines)
    file.name = "log.jsonl"
    assert read_run(file).name == "log"


def test_names_of_the_authors_and_two_runs_in_one_file() -> None:
    rows = [
        {"step": i, "Positive Geometric Mean": p, "Negative Geometric Mean": -1.4, "Log Odds": 0.4}
        for i, p in enumerate((-1.1, math.exp(-1.0)))
    ]
    run = read(rows)
    assert (run.trainer, run.method) == ("the ORPO authors' code", "ORPO")
    np.testing.assert_allclose(run.train["logp_chosen"].values, [-1.1, -1.0])
    two = read_runs("w.csv", b"Step,a - train/loss,b - train/loss,b - eval/loss\n1,2,3,4\n2,1,2,3\n")
    assert [run.name for run in two] == ["a", "b"]
    assert two[1].eval["loss"].values.tolist() == [4, 3]


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.exe", b"1", "none of the logs"),
        ("a.json", b"", "is empty"),
        ("a.json", b"\xff\xfe\x00", "no text in UTF-8"),
        ("a.json", b"{", "no JSON"),
        ("a.json", b"[" * 100_000, "no JSON"),
        ("a.json", b"3", "holds no log"),
        ("a.json", b'{"log_history": [3]}', "no set of names and numbers"),
        ("a.json", b'{"log_history": [{"step": 1, "mood": 3}]}', "names no number"),
        ("a.json", b'[{"step": 1, "loss": NaN}]', "names no number"),
        ("a.jsonl", b'{"loss": 1}\n{', "no JSON in line 2"),
        ("a.csv", b"Step,loss\n", "no line of numbers"),
        ("a.csv", b"x,y\n1,2\n", "names no number"),
        ("../\xf0\x9f\x98\x80.json", b" " * (6 * 2**20), "at most 5 MB"),
    ],
)
def test_what_is_no_log_is_one_sentence(name: str, data: bytes, told: str) -> None:
    with pytest.raises(FileError, match=told):
        read_runs(name, data)


values = st.none() | st.booleans() | st.floats() | st.text(max_size=4) | st.integers()
names = st.sampled_from(
    ["step", "epoch", "loss", "eval_loss", "logps/chosen", "rewards/chosen", "nll_loss", "x"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dictionaries(names, values, max_size=5), max_size=5), st.binary(max_size=40))
def test_no_file_breaks_the_reader_or_the_doctor(rows: list[dict[str, object]], junk: bytes) -> None:
    for name, data in (("a.json", json.dumps(rows).encode()), ("a.csv", junk), ("a.jsonl", junk)):
        try:
            run = read_runs(name, data)[0]
        except FileError:
            continue
        for finding in diagnose(run):
            assert finding.text
            assert "nan" not in finding.text
