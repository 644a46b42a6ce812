"""Heads switched off: against a forward pass with a mask written by hand, and what must hold of any."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import torch
from scipy.stats import entropy

from models import ablation
from models.ablation import control
from models.errors import ModelError, NumberError
from models.heads import ablate, rank_heads
from models.loading import LoadedModel
from models.registry import get_card
from models.sentences import embed

TEXT = "the cat sat on the mat"
DECODERS = ("gpt2", "llama")


def logits_of(model: LoadedModel, text: str) -> torch.Tensor:
    ids = torch.tensor([model.tokenizer(text)["input_ids"]])
    with torch.inference_mode():
        return model.model(ids).logits[0]


def by_hand(model: LoadedModel, text: str, off: list[tuple[int, int]]) -> torch.Tensor:
    """The model's own pass with zeros written into the input of its output projections, one by one."""
    wide = {"gpt2": ("transformer.h", "attn.c_proj"), "llama": ("model.layers", "self_attn.o_proj")}
    layers, projection = wide[model.card.name]
    hooks = []
    for layer, head in off:
        module = model.model.get_submodule(f"{layers}.{layer}.{projection}")

        def zero(_: Any, args: tuple[torch.Tensor], head: int = head) -> tuple[torch.Tensor]:
            size = args[0].shape[-1] // model.card.heads
            cut = args[0].clone()
            cut[..., head * size : (head + 1) * size] = 0
            return (cut,)

        hooks.append(module.register_forward_pre_hook(zero))
    try:
        return logits_of(model, text)
    finally:
        for hook in hooks:
            hook.remove()


@pytest.mark.parametrize("kind", DECODERS)
@pytest.mark.parametrize("off", [[(0, 1)], [(1, 0)], [(0, 0), (1, 1)]])
def test_a_head_that_is_off_is_a_zero_in_front_of_the_output_projection(
    kind: str, off: list[tuple[int, int]], tiny_models: dict[str, LoadedModel]
) -> None:
    model = tiny_models[kind]
    made = ablate(TEXT, off, model=model, position=5)
    before, after = (
        torch.log_softmax(each[5], -1).numpy() for each in (logits_of(model, TEXT), by_hand(model, TEXT, off))
    )
    np.testing.assert_allclose(made.before, before, atol=1e-5)
    np.testing.assert_allclose(made.effect.logprobs, after, atol=1e-5)
    assert made.effect.kl == pytest.approx(entropy(np.exp(before), np.exp(after)), abs=1e-6)
    assert made.effect.kl > 0


@pytest.mark.parametrize("kind", [*DECODERS, "bert"])
def test_without_a_head_off_the_numbers_are_the_same_to_the_last_bit(
    kind: str, tiny_models: dict[str, LoadedModel]
) -> None:
    model = tiny_models[kind]
    made = ablate(TEXT, [], model=model)
    assert made.control == ()
    if kind == "bert":
        assert made.effect.cosine == pytest.approx(1, abs=1e-12)
    else:
        ids = torch.tensor([model.tokenizer(TEXT)["input_ids"]])
        with torch.inference_mode():  # the same product of the same row: of all rows its last bit may differ
            logits = model.model(ids, logits_to_keep=torch.tensor([21])).logits[0, 0]
        assert np.array_equal(made.before, torch.log_softmax(logits, -1).numpy())
        assert np.array_equal(made.before, made.effect.logprobs)
        assert made.effect.kl == 0


@pytest.mark.parametrize(
    ("kind", "projection"),
    [("gpt2", "transformer.h.1.attn.c_proj"), ("bert", "encoder.layer.1.attention.output.dense")],
)
def test_a_layer_without_heads_still_adds_the_bias_of_its_projection(
    kind: str, projection: str, tiny_models: dict[str, LoadedModel]
) -> None:
    model = tiny_models[kind]
    module = model.model.get_submodule(projection)
    torch.nn.init.normal_(module.bias)  # a fresh model's are 0
    seen: list[torch.Tensor] = []
    hook = module.register_forward_hook(lambda _, __, out: seen.append(out.detach().clone()))
    try:
        ablate(TEXT, [(1, head) for head in range(model.card.heads)], model=model, draws=0)
        bias = module.bias.detach().clone()
    finally:
        hook.remove()
        torch.nn.init.zeros_(module.bias)
    (out,) = seen  # (rows, n, d): all heads, then none
    assert torch.equal(out[1], bias.expand_as(out[1]))
    assert not torch.allclose(out[0], bias)


@pytest.mark.parametrize("kind", [*DECODERS, "bert"])
def test_many_ablations_in_one_pass_are_the_single_ones(
    kind: str, tiny_models: dict[str, LoadedModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = tiny_models[kind]
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(ablation, "WORK_A_PASS", 140)  # several passes
    ranked = rank_heads(TEXT, model=model, progress=lambda *step: told.append(step))
    heads = model.card.layers * model.card.heads
    assert told[-1] == (heads, heads)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    for layer, head in np.ndindex(ranked.sizes.shape):
        alone = ablate(TEXT, [(layer, head)], model=model, draws=0)
        assert ranked.sizes[layer, head] == pytest.approx(alone.effect.size, abs=1e-6)


def test_a_ranking_that_was_stopped_goes_on_from_what_it_found(
    tiny_models: dict[str, LoadedModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = tiny_models["gpt2"]
    monkeypatch.setattr(ablation, "WORK_A_PASS", 1)  # a pass a head
    whole = rank_heads(TEXT, model=model).sizes
    kept: list[np.ndarray] = []
    told: list[int] = []

    def stop(done: int, heads: int) -> None:
        if done == heads - 1:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        rank_heads(TEXT, model=model, progress=stop, keep=kept.append)
    known = kept[-1]
    assert 0 < np.isnan(known).sum() < known.size
    there = ~np.isnan(known)
    known[there] += 1  # what is known is not made again
    rest = rank_heads(TEXT, model=model, known=known, progress=lambda done, _: told.append(done)).sizes
    np.testing.assert_array_equal(rest, whole + there)
    assert told[0] >= there.sum()


def test_two_visitors_who_switch_off_different_heads_never_see_each_other(
    tiny_models: dict[str, LoadedModel],
) -> None:
    model = tiny_models["gpt2"]
    choices = [[(layer, head)] for layer in range(2) for head in range(2)] * 4
    whole = logits_of(model, TEXT)
    with ThreadPoolExecutor(8) as room:
        together = list(room.map(lambda off: ablate(TEXT, off, model=model).effect, choices))
    for off, effect in zip(choices, together, strict=True):
        assert np.array_equal(effect.logprobs, ablate(TEXT, off, model=model).effect.logprobs)
    assert torch.equal(whole, logits_of(model, TEXT))


def test_an_error_or_a_stop_leaves_the_model_whole(tiny_models: dict[str, LoadedModel]) -> None:
    model = tiny_models["gpt2"]

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    before = logits_of(model, TEXT)
    with pytest.raises(KeyboardInterrupt):
        ablate(TEXT, [(0, 0)], model=model, progress=stop)
    assert torch.equal(before, logits_of(model, TEXT))


def test_an_encoder_compares_the_vectors_that_rank_texts(minilm: LoadedModel) -> None:
    made = ablate("A cat on a mat.", [(5, 11)], model=minilm, draws=0)
    assert made.before.size == 0
    assert 0 < made.effect.cosine < 1
    assert made.effect.token_cosines.shape == (len(made.tokens),)
    # with every head on, the mean of the rows is the vector of models.sentences
    with torch.inference_mode():
        ids = minilm.tokenizer("A cat on a mat.", return_tensors="pt")
        states = minilm.model(**ids).last_hidden_state[0].mean(0)
    assert torch.allclose(
        states / states.norm(), torch.tensor(embed(["A cat on a mat."], model=minilm)[0]), atol=1e-6
    )


def test_a_named_token_is_followed_and_the_likeliest_otherwise(tiny_models: dict[str, LoadedModel]) -> None:
    model = tiny_models["gpt2"]
    assert (
        ablate(TEXT, [(0, 0)], model=model, named="z").spellings[
            ablate(TEXT, [], model=model, named="z").named
        ]
        in "z "
    )
    made = ablate(TEXT, [(0, 0)], model=model)
    assert made.named == int(made.before.argmax())
    assert made.named in made.spellings


@pytest.mark.parametrize(
    "chosen", [((3, 1),), ((0, 0), (0, 1), (4, 2)), tuple((2, head) for head in range(12))]
)
def test_the_control_has_as_many_heads_in_as_many_layers(chosen: tuple[tuple[int, int], ...]) -> None:
    def shape(heads: tuple[tuple[int, int], ...]) -> list[int]:
        return sorted(np.unique([layer for layer, _ in heads], return_counts=True)[1].tolist())

    draws = control(chosen, get_card("minilm"), 20, 0)
    whole_layer = len(chosen) == 12
    assert len(draws) == (5 if whole_layer else 20)  # there are only five other layers
    assert len(set(draws)) == len(draws)
    assert chosen not in draws
    assert {tuple(shape(each)) for each in draws} == {tuple(shape(chosen))}
    assert draws == control(chosen, get_card("minilm"), 20, 0)


@pytest.mark.parametrize(
    ("kind", "heads", "position", "error", "words"),
    [
        ("gpt2", [(2, 0)], -1, NumberError, "layer is 2; gpt2 has layers 0 to 1"),
        ("gpt2", [(0, -1)], -1, NumberError, "head is -1; gpt2 has heads 0 to 1"),
        ("gpt2", [(0, 0)], 22, NumberError, "position is 22; the text has positions 0 to 21"),
        ("t5", [(0, 0)], -1, ModelError, "take an encoder or a decoder"),
    ],
)
def test_what_cannot_be_asked_is_said(
    kind: str,
    heads: list[tuple[int, int]],
    position: int,
    error: type[Exception],
    words: str,
    tiny_models: dict[str, LoadedModel],
) -> None:
    with pytest.raises(error, match=words):
        ablate(TEXT, heads, model=tiny_models[kind], position=position)
