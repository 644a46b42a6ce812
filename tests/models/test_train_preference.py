"""Training on preference pairs: masks, the parts of a step, resuming, the command."""

import copy
import json
import random
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM

from models import preference, rows
from models.errors import ModelError
from models.preference import Pair, batch_of
from models.replays import pack
from models.train import preference_run, prefixes
from models.train.preference import METHODS, Plan, Trainer, train
from tests.models import tiny

WORDS, END = 30, 1


def model(seed: int = 0) -> GPT2LMHeadModel:
    torch.manual_seed(seed)
    shape = GPT2Config(
        vocab_size=WORDS,
        n_positions=40,
        n_embd=16,
        n_layer=2,
        n_head=2,
        bos_token_id=0,
        eos_token_id=END,
        resid_pdrop=0.2,  # has to stay off
        embd_pdrop=0.2,
    )
    return GPT2LMHeadModel(shape)


def rotary(seed: int = 0) -> LlamaForCausalLM:
    torch.manual_seed(seed)
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=WORDS,
            hidden_size=16,
            intermediate_size=24,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
        )
    )


def pairs(count: int = 20, seed: int = 0) -> list[Pair]:
    draw = random.Random(seed)

    def tokens(longest: int) -> tuple[int, ...]:
        return tuple(draw.randrange(2, WORDS) for _ in range(draw.randint(1, longest)))

    return [Pair(tokens(6), tokens(9), tokens(9)) for _ in range(count)]


def alone(network: Any, prompt: tuple[int, ...], answer: tuple[int, ...]) -> torch.Tensor:
    """log P of an answer's tokens from one unpadded sequence and the whole vocabulary."""
    ids = torch.tensor([[*prompt, *answer]])
    logps = network(input_ids=ids).logits[0].log_softmax(-1)
    return logps[len(prompt) - 1 : -1].gather(1, torch.tensor(answer)[:, None])[:, 0]


token = st.integers(2, WORDS - 1)
answers = st.lists(token, min_size=1, max_size=9).map(tuple)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.builds(Pair, answers, answers, answers), min_size=1, max_size=4))
def test_padding_and_prompts_never_count_in_a_log_probability(drawn: list[Pair]) -> None:
    trainer = Trainer(model(), drawn, Plan())
    with torch.no_grad():
        scored = trainer._score(drawn)
        for at, pair in enumerate(drawn):
            for side, answer in enumerate((pair.chosen, pair.rejected)):
                own = alone(trainer.model, pair.prompt, answer)
                assert scored.sums[side][at] == pytest.approx(float(own.sum()), abs=1e-4)
                assert scored.means[side][at] == pytest.approx(float(own.mean()), abs=1e-5)
        seen = trainer.token_logps(drawn[:1])[0]
    assert [len(each) for each in seen] == [len(drawn[0].chosen), len(drawn[0].rejected)]
    torch.testing.assert_close(
        torch.tensor(seen[1]), alone(trainer.model, drawn[0].prompt, drawn[0].rejected).detach()
    )


@settings(max_examples=10, deadline=None)
@given(st.lists(st.builds(Pair, answers, answers, answers), min_size=1, max_size=4), st.booleans())
def test_prefixes_computed_once_give_the_losses_and_gradients_of_padded_rows(
    drawn: list[Pair], llama: bool
) -> None:
    network = rotary() if llama else model()
    plan = Plan("orpo", steps=1, pairs=len(drawn), look_every=10)
    shared, padded = (Trainer(copy.deepcopy(network), drawn, plan) for _ in range(2))
    assert shared._states is prefixes.states
    padded._states = prefixes.padded_states
    steps = [trainer.next_step().log for trainer in (shared, padded)]
    assert steps[0] == pytest.approx(steps[1], abs=1e-6)
    for mine, other in zip(shared.weights, padded.weights, strict=True):
        torch.testing.assert_close(mine.grad, other.grad, atol=1e-6, rtol=1e-5)
    assert shared.model.config._attn_implementation == "sdpa"


def test_every_prefix_stands_once_in_the_line() -> None:
    batch = batch_of([Pair((2, 3), (4, 5), (4, 6, 7)), Pair((2, 8), (4,), (9,))], 0)
    found = prefixes.prefixes_of(batch)
    assert found.ids.tolist() == [2, 3, 4, 8, 6]  # the last token of a row foretells nothing
    assert found.places.tolist() == [0, 1, 2, 1, 3]
    assert [row[:3] for row in found.rows.tolist()] == [[0, 1, 2], [0, 3, 0], [0, 1, 2], [0, 3, 0]]
    assert found.rows.flatten()[found.first].tolist() == [0, 1, 2, 3, 4]


def test_a_model_of_another_attention_is_given_padded_rows() -> None:
    class Mixing(GPT2LMHeadModel):
        """It looks at its neighbour outside of any attention."""

        def __init__(self, config: GPT2Config) -> None:
            super().__init__(config)
            self.transformer.ln_f.register_forward_hook(lambda _, __, out: out + out.roll(1, 1))

    torch.manual_seed(0)
    trainer = Trainer(Mixing(model().config), pairs(), Plan())
    assert trainer._states is prefixes.padded_states


def test_the_first_loss_of_every_method_is_that_of_its_formula() -> None:
    some, plan = pairs(4), Plan(pairs=4, beta=0.3, gamma=0.2, lam=0.7, steps=1)
    network = model().eval()
    both = [[alone(network, pair.prompt, answer) for answer in (pair.chosen, pair.rejected)] for pair in some]
    sums = [torch.stack([pair[side].sum() for pair in both]) for side in (0, 1)]
    means = [torch.stack([pair[side].mean() for pair in both]) for side in (0, 1)]
    whole = [alone(network, pair.prompt[:1], pair.prompt[1:] + pair.chosen) for pair in some]
    nll, answer = -torch.cat(whole).mean(), -torch.cat([pair[0] for pair in both]).mean()
    expected = {
        "sft": nll,
        "orpo": preference.orpo(*means, nll, 0.7).mean(),
        "dpo": preference.dpo(*sums, *sums, 0.3).mean(),
        "ipo": preference.ipo(*means, *means, 0.3).mean(),
        "simpo": preference.simpo(*means, 0.3, 0.2).mean(),
        "cpo": preference.cpo(*sums, answer, 0.3).mean(),
    }
    assert set(expected) == set(METHODS)
    for method, loss in expected.items():
        step = Trainer(model(), some, replace(plan, method=method)).next_step()
        assert step.log["loss"] == pytest.approx(loss.item(), abs=1e-5), method
        assert ("rewards/margins" in step.log) == (method != "sft")


def test_a_model_that_scales_its_scores_is_trained_with_all_of_them() -> None:
    class Scaled(GPT2LMHeadModel):  # type: ignore[misc]
        def forward(self, **given: Any) -> Any:
            out = super().forward(**given)
            out.logits = out.logits * 0.5
            return out

    torch.manual_seed(0)
    trainer = Trainer(Scaled(model().config), pairs(), Plan())
    pair = pairs()[0]
    with torch.no_grad():
        own = alone(trainer.model, pair.prompt, pair.chosen)
    torch.testing.assert_close(torch.tensor(trainer.token_logps([pair])[0][0]), own)


def test_sft_learns_nothing_from_rejected_answers_and_two_gradients_make_the_whole() -> None:
    some = pairs(4)
    spoiled = [Pair(pair.prompt, pair.chosen, (*pair.rejected[::-1], 5, 7)) for pair in some]
    plan = Plan("sft", steps=3, pairs=4, look_every=10)
    first, second = Trainer(model(), some, plan), Trainer(model(), spoiled, plan)
    for _ in range(3):
        first.next_step()
        second.next_step()
    for mine, other in zip(first.weights, second.weights, strict=True):
        torch.testing.assert_close(mine, other)

    whole = Trainer(model(), some, Plan("orpo", steps=3, pairs=4, look_every=10))
    parted = Trainer(model(), some, Plan("orpo", steps=3, pairs=4, look_every=1))
    one, two = whole.next_step().log, parted.next_step().log
    assert one["grad_norm"] == pytest.approx(two["grad_norm"], rel=1e-5)
    assert two["grad_norm"] <= two["grad_norm/sft"] + two["grad_norm/or"]


def test_only_the_upper_layers_learn_where_it_is_asked() -> None:
    trainer = Trainer(model(), pairs(), Plan(layers=1, steps=2))
    before = [weight.clone() for weight in trainer.model.transformer.h[0].parameters()]
    trainer.next_step()
    for was, now in zip(before, trainer.model.transformer.h[0].parameters(), strict=True):
        torch.testing.assert_close(was, now)
    assert len(trainer.weights) == len(list(trainer.model.transformer.h[1].parameters()))


@pytest.mark.parametrize("method", ["orpo", "dpo"])
def test_a_run_that_was_interrupted_goes_on_as_if_it_had_not_been(method: str, tmp_path: Path) -> None:
    plan = Plan(method, steps=9, pairs=4, look_every=3, sample_every=4, sample_tokens=4, learning_rate=1e-2)
    some = pairs()
    more: dict[str, Any] = {"held_out": some[:3], "watched": some[:2], "end": END}
    whole = list(train(model(), some, plan, **more))
    list(islice(train(model(), some, plan, **more, folder=tmp_path, save_every=4), 7))  # falls over at step 6
    rest = list(train(model(), some, plan, **more, folder=tmp_path, save_every=4))
    assert [step.step for step in rest] == [5, 6, 7, 8, 9]
    assert [step.log for step in rest] == [step.log for step in whole[5:]]
    assert rest[-1].held_out == whole[-1].held_out
    assert rest[-1].samples == whole[-1].samples
    state = json.loads((tmp_path / "trainer_state.json").read_text("utf-8"))
    assert [row["step"] for row in state["log_history"] if "loss" in row] == list(range(1, 10))
    assert [row["step"] for row in state["log_history"] if "eval_loss" in row] == [0, 3, 6, 9]
    assert [row["loss"] for row in state["log_history"] if "loss" in row] == [
        s.log["loss"] for s in whole[1:]
    ]
    with pytest.raises(ModelError, match="another run"):
        list(train(model(), some, replace(plan, seed=1), **more, folder=tmp_path))


def test_each_epoch_sees_every_pair_once_in_its_own_order() -> None:
    trainer = Trainer(model(), pairs(10), Plan(pairs=5, seed=3))
    epochs = [[*trainer.picked(step), *trainer.picked(step + 1)] for step in (1, 3)]
    assert sorted(epochs[0]) == sorted(epochs[1]) == list(range(10))
    assert epochs[0] != epochs[1]


def test_a_loss_that_is_no_number_stops_the_run() -> None:
    network = model()
    torch.nn.init.constant_(network.transformer.ln_f.weight, float("nan"))
    with pytest.raises(FloatingPointError, match="step 1"):
        Trainer(network, pairs(), Plan()).next_step()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"prompt": "a"', "line 1: no JSON"),
        ('{"prompt": "a", "chosen": "b"}', "expected prompt, chosen, rejected; found prompt, chosen"),
        ('{"chosen": 3, "rejected": "b"}', "expected texts"),
        ("[]", "found list"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(line: str, told: str, tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_text(line, "utf-8")
    with pytest.raises(ModelError, match=told):
        rows.read(str(file))


def test_chats_are_read_and_a_missing_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "pairs.jsonl"
    chat = [{"role": "user", "content": "Hi?"}, {"role": "assistant", "content": "Yes."}]
    file.write_text(json.dumps({"chosen": chat, "rejected": [chat[0], {"content": "No."}]}) + "\n\n", "utf-8")
    assert rows.read(str(file)) == [("Hi?", "Yes.", "No.")]


def test_the_command_trains_any_folder_on_any_file_and_writes_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tiny.save("gpt2", tmp_path / "model")
    told = [("the cat", " sat on a mat", " ran over a rug"), ("the dog", " ran", " sat")] * 6
    told += [("a cat", " sat", " sat"), ("a dog", "", " ran")]
    names = ("prompt", "chosen", "rejected")
    lines = [json.dumps(dict(zip(names, row, strict=True))) for row in told]
    (tmp_path / "pairs.jsonl").write_text("\n".join(lines), "utf-8")
    command = [
        *("--method", "orpo", "--lam", "0.5"),
        *("--model", str(folder), "--data", str(tmp_path / "pairs.jsonl"), "--steps", "2", "--threads", "1"),
        *("--held-out-pairs", "2", "--sample-tokens", "3"),
        *("--out", str(tmp_path / "run"), "--ship", str(tmp_path / "shipped.json")),
    ]
    preference_run.main(command)
    assert "1 equal" in capsys.readouterr().out
    card = json.loads((tmp_path / "run" / "card.json").read_text("utf-8"))
    assert card["dropped"] == {"empty": 1, "equal": 1}
    assert card["plan"]["lam"] == 0.5
    assert card["model"]["model.safetensors"].startswith("sha256:")
    shipped = json.loads((tmp_path / "shipped.json").read_text("utf-8"))
    assert shipped["steps"] == [0, 2]
    assert shipped == json.loads(json.dumps(pack(tmp_path / "run", lambda ids: ""))) | {
        "samples": shipped["samples"]
    }
    row = shipped["history"][-2]
    assert {"rewards/chosen", "logps/rejected", "nll_loss", "log_odds_ratio", "log_odds_chosen"} <= row.keys()
    with pytest.raises(SystemExit, match="No causal model can be read from /nowhere"):
        preference_run.main([*command, "--model", "/nowhere"])
