"""Queries and keys of real heads against the model's own attention and against projections by hand."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from transformers import (
    BloomConfig,
    BloomForCausalLM,
    DistilBertConfig,
    DistilBertModel,
    Gemma2Config,
    Gemma2ForCausalLM,
    GPTNeoXConfig,
    GPTNeoXForCausalLM,
    OPTConfig,
    OPTForCausalLM,
    Qwen3Config,
    Qwen3ForCausalLM,
    RobertaConfig,
    RobertaModel,
)

from models.attention import trace_attention
from models.errors import ModelError, NumberError, TextError
from models.loading import LoadedModel, is_here, load
from models.positions import rope
from models.qk import TOLERANCE, trace_qk
from models.registry import MODELS
from models.traces import QKTrace
from tests.models.tiny import byte_level

TEXT = "the cat sat on the mat"
PRONOUN = "The animal didn't cross the street because it was too tired."
SMALL: dict[str, Any] = {
    "vocab_size": 257,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "attn_implementation": "eager",
}
FAMILIES: dict[str, tuple[type[Any], Any]] = {
    "roberta": (RobertaModel, RobertaConfig(**SMALL, intermediate_size=32)),
    "distilbert": (
        DistilBertModel,
        DistilBertConfig(
            vocab_size=257, dim=32, n_layers=2, n_heads=4, hidden_dim=32, attn_implementation="eager"
        ),
    ),
    "opt": (OPTForCausalLM, OPTConfig(**SMALL, ffn_dim=32, word_embed_proj_dim=32)),
    "gpt_neox": (GPTNeoXForCausalLM, GPTNeoXConfig(**SMALL, intermediate_size=32)),
    "qwen3": (
        Qwen3ForCausalLM,
        Qwen3Config(**SMALL, intermediate_size=32, num_key_value_heads=2, head_dim=16),
    ),
    "bloom": (BloomForCausalLM, BloomConfig(**SMALL)),
    "gemma2": (
        Gemma2ForCausalLM,
        Gemma2Config(
            **SMALL, intermediate_size=32, num_key_value_heads=2, head_dim=8, attn_logit_softcapping=0.001
        ),
    ),
}


def family(name: str) -> LoadedModel:
    """A tiny model of the family, with weights large enough that a mistake shows."""
    torch.manual_seed(1)
    kind, config = FAMILIES[name]
    model = kind(config).eval()
    for parameter in model.parameters():
        if parameter.dim() == 2:
            torch.nn.init.normal_(parameter, std=0.3)
    card = replace(
        MODELS["minilm"],
        id=name,
        name=name,
        kind="encoder" if kind in (RobertaModel, DistilBertModel) else "decoder",
        layers=2,
        heads=4,
        max_tokens=100,
    )
    return LoadedModel(model, byte_level(), card, "cpu", "float32", "none")


def assert_follows(trace: QKTrace, loaded: LoadedModel, text: str = TEXT) -> None:
    """The trace's weights are the model's, and every step of it follows from the one before."""
    own = trace_attention(text, model=loaded).weights[trace.layer, trace.head]
    assert trace.difference == np.abs(trace.weights - own).max() < TOLERANCE
    assert trace.q.shape == trace.k.shape
    np.testing.assert_allclose(trace.scores, trace.q.astype(float) @ trace.k.T.astype(float))
    e = np.exp(trace.scores * trace.scale + trace.added)
    np.testing.assert_allclose(trace.weights, e / e.sum(-1, keepdims=True), atol=1e-12)
    np.testing.assert_allclose(trace.mixed, trace.weights @ trace.v)
    if trace.card.causal:
        assert not np.triu(trace.weights, 1).any()
        assert np.isneginf(trace.added[np.triu_indices(len(trace.tokens), 1)]).all()


@pytest.mark.parametrize("name", ["bert", "gpt2", "llama", "t5", "marian"])
def test_every_head_of_the_tiny_models(tiny_models: dict[str, LoadedModel], name: str) -> None:
    loaded = tiny_models[name]
    for layer in range(loaded.card.layers):
        for head in range(loaded.card.heads):
            assert_follows(trace_qk(TEXT, model=loaded, layer=layer, head=head), loaded)


@pytest.mark.parametrize("name", ["roberta", "distilbert", "opt", "gpt_neox", "qwen3"])
def test_other_families(name: str) -> None:
    loaded = family(name)
    for head in range(4):
        assert_follows(trace_qk(TEXT, model=loaded, layer=1, head=head), loaded)


def states_before(loaded: LoadedModel, layer: int) -> torch.Tensor:
    """What enters the layer, (n, width)."""
    inputs = loaded.tokenizer(TEXT, return_tensors="pt")
    with torch.inference_mode():
        return loaded.model.base_model(**inputs, output_hidden_states=True).hidden_states[layer][0]


def test_bert_by_hand(minilm: LoadedModel) -> None:
    trace = trace_qk(TEXT, model=minilm, layer=2, head=7)
    own = minilm.model.encoder.layer[2].attention.self
    x, rows = states_before(minilm, 2), slice(7 * 32, 8 * 32)
    for name, part in (("q", own.query), ("k", own.key), ("v", own.value)):
        by_hand = x.numpy() @ part.weight[rows].detach().numpy().T + part.bias[rows].detach().numpy()
        np.testing.assert_allclose(getattr(trace, name), by_hand, atol=1e-5)
    assert trace.scale == pytest.approx(32**-0.5)
    assert not trace.rotary
    assert not trace.added.any()


def test_gpt2_by_hand(tiny_models: dict[str, LoadedModel]) -> None:
    """Fused weights, the other way round than nn.Linear's: (width, 3 · width)."""
    loaded = tiny_models["gpt2"]
    trace = trace_qk(TEXT, model=loaded, layer=1, head=1)
    block = loaded.model.transformer.h[1]
    with torch.inference_mode():
        fused = block.ln_1(states_before(loaded, 1)) @ block.attn.c_attn.weight + block.attn.c_attn.bias
    for part, name in enumerate("qkv"):
        columns = slice(16 * part + 8, 16 * part + 16)  # head 1 of 2, 8 wide
        np.testing.assert_allclose(getattr(trace, name), fused[:, columns].numpy(), atol=1e-5)


def test_llama_by_hand(tiny_models: dict[str, LoadedModel]) -> None:
    """Head 3 of 4 shares the second of 2 key heads; q and k are turned, v is not."""
    loaded = tiny_models["llama"]
    trace = trace_qk(TEXT, model=loaded, layer=1, head=3)
    assert (trace.key_head, trace.rotary) == (1, True)
    block = loaded.model.model.layers[1]
    with torch.inference_mode():
        x = block.input_layernorm(states_before(loaded, 1))
        q, k, v = (
            getattr(block.self_attn, f"{name}_proj")(x)[:, 8 * head : 8 * head + 8].numpy()
            for name, head in (("q", 3), ("k", 1), ("v", 1))
        )
    place = np.arange(len(q))
    np.testing.assert_allclose(trace.q, rope(q, place), atol=1e-5)
    np.testing.assert_allclose(trace.k, rope(k, place), atol=1e-5)
    np.testing.assert_allclose(trace.v, v, atol=1e-5)


def test_neox_turns_a_quarter_of_each_head() -> None:
    loaded = family("gpt_neox")
    trace = trace_qk(TEXT, model=loaded, layer=0, head=2)
    block = loaded.model.gpt_neox.layers[0]
    with torch.inference_mode():
        fused = block.attention.query_key_value(block.input_layernorm(states_before(loaded, 0)))
    q = fused.view(-1, 4, 3, 8)[:, 2, 0].numpy()  # (n, heads, q k v, d_k)
    turned = np.concatenate([rope(q[:, :2], np.arange(len(q))), q[:, 2:]], 1)
    np.testing.assert_allclose(trace.q, turned, atol=1e-5)


def test_opt_scales_its_queries_and_t5_nothing(tiny_models: dict[str, LoadedModel]) -> None:
    assert trace_qk(TEXT, model=family("opt"), layer=0, head=0).scale == 1
    t5 = trace_qk(TEXT, model=tiny_models["t5"], layer=2, head=1)
    assert t5.scale == 1
    assert np.ptp(t5.added) > 0  # its positions


def test_it_asks_for_the_animal(minilm: LoadedModel) -> None:
    trace = trace_qk(PRONOUN, model=minilm, layer=3, head=1)
    words = [token.text for token in trace.tokens]
    it, animal = words.index("it"), words.index("animal")
    assert trace.weights[it, animal] == pytest.approx(0.677, abs=5e-4)
    carried = trace.q[it] * trace.k[animal]
    assert carried.sum() == pytest.approx(trace.scores[it, animal], rel=1e-5)
    assert trace.scores[it].argmax() == animal


def test_a_pair_is_read_together(minilm: LoadedModel) -> None:
    trace = trace_qk("the cat", "a dog", model=minilm, layer=0, head=0)
    assert [token.segment for token in trace.tokens] == [0, 0, 0, 0, 1, 1, 1]


@pytest.mark.slow
@pytest.mark.skipif(not is_here(MODELS["smollm2"]), reason="SmolLM2 is not in the cache")
def test_smollm2_equals_its_own_attention() -> None:
    loaded = load("smollm2", "cpu")
    for layer, head in ((0, 0), (15, 5), (29, 8)):
        trace = trace_qk(PRONOUN, model=loaded, layer=layer, head=head)
        assert_follows(trace, loaded, PRONOUN)
        assert trace.key_head == head // 3


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "bloom",
            "bloom does not show its queries and keys; choose a model built like BERT, GPT-2 or Llama.",
        ),
        ("gemma2", "In head 0.0 of gemma2 softmax(q·k) misses the weights by "),
    ],
)
def test_an_unsupported_architecture_is_one_sentence(name: str, sentence: str) -> None:
    with pytest.raises(ModelError) as caught:
        trace_qk(TEXT, model=family(name), layer=0, head=0)
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ({"layer": 6, "head": 0}, "layer is 6; MiniLM-L6 has layers 0 to 5."),
        ({"layer": 0, "head": -1}, "head is -1; MiniLM-L6 has heads 0 to 11."),
    ],
)
def test_a_head_that_is_not_there(minilm: LoadedModel, place: dict[str, int], sentence: str) -> None:
    with pytest.raises(NumberError) as caught:
        trace_qk(TEXT, model=minilm, **place)
    assert str(caught.value) == sentence


def test_the_model_is_left_as_it_was(minilm: LoadedModel) -> None:
    with pytest.raises(TextError):
        trace_qk("", model=minilm, layer=0, head=0)
    assert minilm.model.config._attn_implementation == "eager"


def test_two_visitors_at_once(minilm: LoadedModel) -> None:
    texts = [f"{word} cat and {word} dog" for word in ("one", "two", "three", "four")] * 2
    with ThreadPoolExecutor(4) as pool:
        plain = pool.map(lambda text: trace_attention(text, model=minilm), texts)
        traces = list(pool.map(lambda text: trace_qk(text, model=minilm, layer=1, head=2), texts))
    for text, trace, whole in zip(texts, traces, plain, strict=True):
        assert trace.tokens[1].text == text.split()[0]
        np.testing.assert_allclose(trace.weights, whole.weights[1, 2], atol=TOLERANCE)


class Full(torch.nn.Module):
    """A model on a GPU without room."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model, self.config = model, model.config
        self.set_attn_implementation = model.set_attn_implementation

    @property
    def base_model(self) -> "Full":
        return self

    def forward(self, **inputs: Any) -> Any:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")


def test_a_full_gpu_falls_back_to_the_cpu(minilm: LoadedModel) -> None:
    # "cpu:0" plays the GPU: it is a device of torch, but not the fallback
    full = replace(minilm, model=Full(minilm.model), device="cpu:0")
    trace = trace_qk("a b", model=full, layer=0, head=0)
    assert trace.provenance.device == "cpu"
    assert trace.provenance.note == "Ran on the CPU, because cpu:0 had too little memory."
    assert trace.difference < TOLERANCE


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_cuda_equals_its_own_attention() -> None:
    trace = trace_qk(PRONOUN, layer=3, head=1, device="cuda")
    assert trace.provenance.device == "cuda"
    assert trace.difference < TOLERANCE
