"""Races of the small GPT: fair, in step, the same every time."""

import math
import random
from typing import Any

import pytest
import torch

from models import gpu, manners
from models.preference import Batch
from models.race import LOOK_EVERY, Race, encoded
from models.tinygpt import card, load
from models.train.preference import Step, Trainer


def test_a_race_is_fair_keeps_in_step_and_comes_out_the_same() -> None:
    methods = [("sft", 0.0), ("orpo", 1.0)]
    race = Race(methods, seeds=2, steps=200, rate=1e-3)
    assert race.step == -1
    race.run(math.inf, LOOK_EVERY)
    seen = race.trace()
    assert seen.step == LOOK_EVERY
    assert [(lane.method, lane.seed) for lane in seen.lanes] == [
        ("sft", 0),
        ("sft", 1),
        ("orpo", 0),
        ("orpo", 1),
    ]
    assert all(lane.steps == (0, LOOK_EVERY) for lane in seen.lanes)
    # all start from one model; a seed's first batch is the same for every method
    assert (
        len(
            {
                tuple(lane.held_out[0][name] for name in ("mean_logps/chosen", "nll_loss"))
                for lane in seen.lanes
            }
        )
        == 1
    )
    first = [lane.train[0]["nll_loss"] for lane in seen.lanes]
    assert abs(first[0] - first[2]) < 1e-5
    assert first[0] != first[1]
    sft, orpo = (seen.lanes[at].held_out[-1]["log_odds_chosen"] for at in (0, 2))
    assert orpo > sft
    assert "grad_norm/or" in seen.lanes[2].train[-1]
    assert seen.prompt.startswith("Question: ")

    again = Race(methods[:1], seeds=1, steps=200, rate=1e-3)
    again.run(0, 3)  # one slice is one step
    assert again.step == 0
    again.run(math.inf, 3)
    assert again.trace().lanes[0].train == seen.lanes[0].train[:3]


def test_a_race_that_failed_says_so_every_time_and_one_that_ended_keeps_no_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    short = Race([("orpo", 0.5)], seeds=1, steps=2, rate=1e-3)
    short.run(math.inf, 2)
    assert short.step == 2
    assert short._runners[0].steps is None
    short.run(math.inf, 2)

    def fails(self: Trainer) -> None:
        raise FloatingPointError("The loss is no number any more at step 1.")

    monkeypatch.setattr(Trainer, "next_step", fails)
    race = Race([("sft", 0.0)], seeds=1, steps=2, rate=1e-3)
    for _ in range(2):
        with pytest.raises(FloatingPointError, match="no number any more"):
            race.run(math.inf, 2)
    assert race.trace().step == 0


def test_a_race_goes_to_the_gpu_and_comes_back_from_one_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    methods = [("orpo", 1.0), ("sft", 0.0)]
    given: dict[str, Any] = {"seeds": 1, "steps": 200, "rate": 1e-3}
    plain = Race(methods, **given)
    assert plain.device == ("cuda" if gpu.name() else "cpu")
    plain = Race(methods, **given, device="cpu")
    plain.run(math.inf, 3)

    moved: list[str] = []
    to, next_step = Batch.to, Trainer.next_step

    def watched(self: Batch, device: torch.device) -> Batch:
        moved.append(str(device))
        return to(self, device)

    monkeypatch.setattr(Batch, "to", watched)
    nowhere = Race(methods, **given, device="meta")  # it holds no numbers, so nothing can be computed there
    nowhere.run(0, 3)
    assert moved[0] == "meta"
    assert set(moved[1:]) == {"cpu"}
    assert nowhere.step == 0

    # the processor by another name, which is full at the second step of the second run
    made: list[int] = []

    def full(self: Trainer) -> Step:
        made.append(self.step)
        if len(made) == 4:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")
        return next_step(self)

    monkeypatch.setattr(gpu, "name", lambda: "a GPU")
    monkeypatch.setattr(gpu, "DEVICE", "cpu:0")
    monkeypatch.setattr(Trainer, "next_step", full)
    race = Race(methods, **given)
    race.run(math.inf, 1)
    assert race.trace().device == "a GPU"
    race.run(math.inf, 3)
    assert race.trace() == plain.trace()
    assert race.trace().device == "cpu"


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_a_race_on_cuda_is_that_on_the_processor() -> None:
    on_gpu, on_cpu = (
        Race([("orpo", 1.0), ("dpo", 0.1)], seeds=1, steps=20, rate=1e-3, device=device)
        for device in ("cuda", "cpu")
    )
    for race in (on_gpu, on_cpu):
        race.run(math.inf, 20)
    assert on_gpu.trace().device == gpu.name()
    for one, other in zip(on_gpu.trace().lanes, on_cpu.trace().lanes, strict=True):
        assert one.steps == other.steps
        for mine, theirs in zip(one.held_out, other.held_out, strict=True):
            for name in ("mean_logps/chosen", "mean_logps/rejected", "log_odds_chosen"):
                assert mine[name] == pytest.approx(theirs[name], abs=1e-3)


def test_the_small_gpt_is_small_and_reads_all_pairs() -> None:
    model, tokenizer = load()
    assert model.num_parameters() == card()["parameters"]
    train, held_out = encoded()
    assert (len(train), len(held_out)) == (manners.TRAINING, manners.HELD_OUT)
    for pair in train + held_out:
        assert tokenizer.unk_token_id not in (*pair.prompt, *pair.chosen, *pair.rejected)
        assert len(pair.prompt) + len(pair.rejected) <= model.config.n_positions
    row = manners.pairs()[0][0]
    assert tokenizer.decode(tokenizer(row[0] + row[1]).input_ids) == row[0] + row[1]


def test_both_answers_of_a_pair_tell_the_same_and_held_out_things_are_new() -> None:
    train, held_out = manners.pairs()
    names = [thing.name for thing in manners.world()]

    def about(rows: list[manners.Row]) -> set[str]:
        return {next(name for name in names if f" {name}" in prompt) for prompt, _, _ in rows}

    assert not about(train) & about(held_out)
    assert len(about(held_out)) == manners.HELD_OUT_THINGS
    for _, chosen, rejected in random.Random(0).sample(train, 20):
        shared = set(chosen.split()) & set(rejected.split())
        assert len(shared) > len(set(chosen.split())) / 2
        assert chosen.split()[0] in " ".join(manners.WARM)
        assert rejected.split()[0] in " ".join(manners.UNSURE)
    assert manners.pairs() == (train, held_out)
