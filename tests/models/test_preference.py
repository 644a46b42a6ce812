"""Every loss and its gradient against TRL's trainers on the same logits; log-probabilities under masks."""

from collections import defaultdict
from types import SimpleNamespace

import mpmath
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from trl.experimental.cpo import CPOTrainer
from trl.experimental.orpo import ORPOTrainer
from trl.experimental.orpo.orpo_trainer import log1mexp as trl_log1mexp
from trl.trainer.dpo_trainer import DPOTrainer

from models.preference import (
    Batch,
    Pair,
    batch_of,
    chosen_nll,
    cpo,
    dpo,
    ipo,
    log1mexp,
    log_odds_ratio,
    odds_ratio_loss,
    odds_ratio_parts,
    orpo,
    simpo,
    split,
    sums_and_means,
    token_logps,
    usable,
)

WORDS = 23
PAIRS = [
    Pair((1, 2, 3), (4, 5, 6, 7), (4, 9, 6)),
    Pair((8,), (3, 3), (3, 5, 10, 11, 12)),
    Pair((2, 9, 4, 4), (15,), (16, 17)),
]


class SameProcess:
    """What the trainers ask of accelerate on one device."""

    device = torch.device("cpu")

    @staticmethod
    def gather_for_metrics(values: Tensor) -> Tensor:
        return values

    gather = gather_for_metrics


def trainer(kind: type, **settings: object) -> SimpleNamespace:
    """The settings that a trainer's loss reads, without data, model or optimiser; its own methods on them."""
    fake = SimpleNamespace(
        accelerator=SameProcess(),
        is_encoder_decoder=False,
        aux_loss_enabled=False,
        padding_value=0,
        pad_token_id=0,
        label_smoothing=0.0,
        **settings,
    )
    for name in ("concatenated_inputs", "get_batch_logps"):
        if hasattr(kind, name):
            setattr(fake, name, getattr(kind, name))
    for name in ("concatenated_forward", "odds_ratio_loss", "cpo_loss"):
        if hasattr(kind, name):
            setattr(fake, name, getattr(kind, name).__get__(fake))
    return fake


def rows(batch: Batch) -> dict[str, Tensor]:
    """The batch as TRL's ORPO and CPO take it."""
    out = {}
    for side, half in zip(("chosen", "rejected"), (0, 1), strict=True):
        ids, real, answer = (part.chunk(2)[half] for part in (batch.ids, batch.real, batch.answer))
        out[f"{side}_input_ids"] = ids
        out[f"{side}_attention_mask"] = real.long()
        out[f"{side}_labels"] = torch.where(answer, ids, -100)
    return out


def given_logits(batch: Batch, seed: int = 0) -> Tensor:
    """Logits of no model, in double precision, which know the answers a little."""
    generator = torch.Generator().manual_seed(seed)
    logits = torch.randn(*batch.ids.shape, WORDS, generator=generator, dtype=torch.float64)
    right = torch.nn.functional.one_hot(batch.ids.roll(-1, 1), WORDS)
    return (logits + 2 * right).requires_grad_()


def ours(logits: Tensor, batch: Batch) -> dict[str, Tensor]:
    """Sums, means and the chosen side's loss from the logits."""
    logps = token_logps(logits, batch.ids)
    sums, means = (split(each) for each in sums_and_means(logps, batch.answer))
    return {"sums": sums, "means": means, "nll": chosen_nll(logps, batch.real)}


def held(mine: Tensor, theirs: Tensor, logits: Tensor) -> None:
    """Both losses and both gradients are one."""
    (own,) = torch.autograd.grad(mine, logits)
    (other,) = torch.autograd.grad(theirs, logits)
    torch.testing.assert_close(mine, theirs.double(), atol=1e-6, rtol=0)
    torch.testing.assert_close(own, other.double(), atol=1e-6, rtol=0)
    assert own.abs().max() > 1e-3


@pytest.mark.parametrize("lam", [0.1, 1.0])
def test_orpo_equals_trl(lam: float) -> None:
    batch = batch_of(PAIRS, 0)
    logits = given_logits(batch)
    fake = trainer(ORPOTrainer, beta=lam)
    theirs, logged = ORPOTrainer.get_batch_loss_metrics(
        fake, lambda *ids, **_: SimpleNamespace(logits=logits), rows(batch)
    )
    own = ours(logits, batch)
    held(orpo(*own["means"], own["nll"], lam).mean(), theirs, logits)
    assert logged["logps/chosen"] == pytest.approx(own["means"][0].mean().item(), abs=1e-6)
    assert logged["log_odds_chosen"] == pytest.approx(log_odds_ratio(*own["means"]).mean().item(), abs=1e-6)
    assert logged["log_odds_ratio"] == pytest.approx(-odds_ratio_loss(*own["means"]).mean().item(), abs=1e-6)
    assert own["nll"].item() != pytest.approx(
        -own["means"][0].mean().item(), abs=0.01
    )  # it counts the prompt


@pytest.mark.parametrize("kind", ["sigmoid", "simpo"])
def test_cpo_and_simpo_equal_trl(kind: str) -> None:
    batch = batch_of(PAIRS, 0)
    logits = given_logits(batch, 1)
    weight = 1.0 if kind == "sigmoid" else 0.0
    fake = trainer(CPOTrainer, beta=0.3, loss_type=kind, simpo_gamma=0.5, cpo_alpha=weight, alpha=0.0)
    theirs, logged = CPOTrainer.get_batch_loss_metrics(
        fake, lambda *ids, **_: SimpleNamespace(logits=logits), rows(batch)
    )
    own = ours(logits, batch)
    answer_nll = chosen_nll(token_logps(logits, batch.ids), batch.answer)
    mine = cpo(*own["sums"], answer_nll, 0.3) if weight else simpo(*own["means"], 0.3, 0.5)
    held(mine.mean(), theirs, logits)
    counted = own["sums"] if weight else own["means"]
    assert logged["logps/chosen"] == pytest.approx(counted[0].mean().item(), abs=1e-6)


@pytest.mark.parametrize("kind", ["sigmoid", "ipo"])
def test_dpo_and_ipo_equal_trl(kind: str) -> None:
    batch = batch_of(PAIRS, 0)
    logits, before = given_logits(batch, 2), given_logits(batch, 3).detach()

    def model_of(values: Tensor):
        def run(input_ids: Tensor, labels: Tensor, **_: object) -> SimpleNamespace:
            logps = values.log_softmax(-1)[:, :-1].gather(-1, input_ids[:, 1:, None]).squeeze(-1)
            logps = torch.where(labels[:, 1:] == -100, 0, logps)
            nothing = torch.zeros_like(logps)
            return SimpleNamespace(
                log_probs=logps, entropy=nothing, mean_logits=nothing, is_top1=nothing.bool()
            )

        return run

    fake = trainer(
        DPOTrainer,
        beta=0.3,
        loss_types=[kind],
        loss_weights=[1.0],
        ld_alpha=None,
        precompute_ref_logps=False,
        f_divergence_type="reverse_kl",
        use_weighting=False,
        model=SimpleNamespace(training=True),
        ref_model=model_of(before),
        args=SimpleNamespace(gradient_checkpointing_kwargs=None),
        _metrics={"train": defaultdict(list)},
        _total_train_tokens=0,
        _tp_size=1,
    )
    given_rows = {
        "input_ids": batch.ids,
        "attention_mask": batch.real,
        "completion_mask": batch.answer.long(),
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("trl.trainer.dpo_trainer.is_peft_model", lambda model: False)
        patch.setattr("trl.trainer.dpo_trainer.disable_gradient_checkpointing", lambda *_: torch.no_grad())
        theirs = DPOTrainer._compute_loss(fake, model_of(logits), given_rows, False)
    own, reference = ours(logits, batch), ours(before, batch)
    counted = "sums" if kind == "sigmoid" else "means"
    loss = dpo if kind == "sigmoid" else ipo
    held(loss(*own[counted], *reference[counted], 0.3).mean(), theirs, logits)


@settings(max_examples=60, deadline=None)
@given(st.floats(-12, 2.5))
def test_log1mexp_equals_mpmath(power: float) -> None:
    """From −10⁻¹² to −316, value and slope."""
    x = torch.tensor(-(10.0**power), dtype=torch.float64, requires_grad=True)
    value = log1mexp(x)
    (slope,) = torch.autograd.grad(value, x)
    with mpmath.workdps(60):
        exact = mpmath.mpf(x.item())
        want = mpmath.log(1 - mpmath.exp(exact))
        rise = -mpmath.exp(exact) / (1 - mpmath.exp(exact))
    assert value.item() == pytest.approx(float(want), rel=1e-14)
    assert slope.item() == pytest.approx(float(rise), rel=1e-13)


def test_log1mexp_keeps_a_slope_in_float32_where_trl_has_none() -> None:
    """At log P = −1e-9 the plain 1 − P is 0; TRL's value holds, its gradient is NaN."""
    x = torch.tensor(-1e-9, requires_grad=True)
    assert (1 - x.exp()).log().item() == -torch.inf
    (slope,) = torch.autograd.grad(log1mexp(x), x)
    assert log1mexp(x).item() == pytest.approx(-20.723266, abs=1e-5)
    assert slope.item() == pytest.approx(-1e9, rel=1e-6)
    (theirs,) = torch.autograd.grad(trl_log1mexp(x), x)
    assert theirs.isnan()


@settings(max_examples=60, deadline=None)
@given(st.floats(-30, -1e-4), st.floats(-30, -1e-4))
def test_the_gradient_of_the_odds_ratio_loss_is_minus_delta_h(chosen: float, rejected: float) -> None:
    logps = torch.tensor([chosen, rejected], dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(odds_ratio_loss(logps[0], logps[1]), logps)
    delta, up, down = (part.item() for part in odds_ratio_parts(*logps.detach()))
    assert slope.tolist() == pytest.approx([-delta * up, delta * down], rel=1e-9)
    odds = [mpmath.exp(x) / (1 - mpmath.exp(x)) for x in (chosen, rejected)]
    assert delta == pytest.approx(float(1 / (1 + odds[0] / odds[1])), rel=1e-9)
    assert up >= 1  # 1/(1 − P) grows with P; the paper's sentence says the opposite
    assert (chosen > rejected) == (up > down) or up == down


answers = st.lists(st.integers(1, WORDS - 1), min_size=1, max_size=6).map(tuple)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.builds(Pair, st.lists(st.integers(1, 22), max_size=5).map(tuple), answers, answers),
        min_size=1,
        max_size=4,
    ),
    st.integers(0, 5),
)
def test_neither_prompt_nor_padding_counts(pairs: list[Pair], more: int) -> None:
    """Sum and mean are those of the answer's tokens, whatever prompt and padding are."""
    batch = batch_of(pairs, 0)
    wide = Batch(
        *(torch.nn.functional.pad(part, (0, more)) for part in (batch.ids, batch.real, batch.answer))
    )
    logits = given_logits(wide).detach()
    sums, means = sums_and_means(token_logps(logits, wide.ids), wide.answer)
    for row, (pair, side) in enumerate((pair, side) for side in ("chosen", "rejected") for pair in pairs):
        answer = getattr(pair, side)
        start = len(pair.prompt)
        counted = [
            logits[row, start + i - 1].log_softmax(-1)[token].item()
            for i, token in enumerate(answer)
            if start + i > 0  # the first token of all has nothing before it
        ]
        assert sums[row].item() == pytest.approx(sum(counted), abs=1e-9)
        if counted:
            assert means[row].item() == pytest.approx(sum(counted) / len(counted), abs=1e-9)
    assert wide.real.sum() == sum(2 * len(p.prompt) + len(p.chosen) + len(p.rejected) for p in pairs)
    # what stands in prompt and padding may change; the answer's numbers may not
    other = torch.where(wide.answer.roll(-1, 1)[..., None], logits, 7.0)
    again = sums_and_means(token_logps(other, wide.ids), wide.answer)
    torch.testing.assert_close(again[0], sums)


def test_a_long_row_loses_the_start_of_its_prompt_first() -> None:
    batch = batch_of([Pair((1, 2, 3, 4, 5), (6, 7), (8, 9, 10))], 0, longest=5)
    assert batch.ids.tolist() == [[4, 5, 6, 7, 0], [4, 5, 8, 9, 10]]
    assert batch.answer.tolist() == [[False, False, True, True, False], [False, False, True, True, True]]
    cut = batch_of([Pair((1, 2), (6, 7, 8, 9), (5,))], 0, longest=3)
    assert cut.ids.tolist() == [[2, 6, 7], [2, 5, 0]]


def test_equal_and_empty_answers_are_dropped_and_counted() -> None:
    given_pairs = [("a", "b", "b"), ("a", "", "b"), ("a", "b", "  "), ("", "b", "c"), ("a", "b", "c")]
    kept = usable(given_pairs, lambda text: [ord(letter) for letter in text], end=(0,))
    assert (kept.equal, kept.empty, len(kept.pairs)) == (1, 2, 2)
    assert kept.pairs[1] == Pair((97,), (98, 0), (99, 0))


def test_half_precision_is_raised_before_the_odds() -> None:
    logps = torch.tensor([-0.05, -0.06], dtype=torch.bfloat16)
    assert log_odds_ratio(logps[:1], logps[1:]).dtype == torch.float32
