from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.attention import MAX_TOKENS, trace_attention
from models.errors import ModelError, OutOfMemory, TextError, UnknownModel
from models.loading import LoadedModel
from models.traces import AttentionTrace

PRONOUN = "The animal didn't cross the street because it was too tired."
# surrogates and control characters included
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)


def eager_weights(loaded: LoadedModel, *texts: str) -> np.ndarray:
    """What transformers itself answers, by the shortest way."""
    inputs = loaded.tokenizer(*texts, return_tensors="pt", return_token_type_ids=True)
    names = ("input_ids", "attention_mask", "token_type_ids")
    keep = {name: inputs[name] for name in names[: 3 if loaded.card.kind == "encoder" else 2]}
    model = loaded.model.get_encoder() if loaded.card.kind == "encoder-decoder" else loaded.model
    with torch.inference_mode():
        return torch.cat(model(**keep, output_attentions=True).attentions).numpy()


def assert_sound(trace: AttentionTrace) -> None:
    tokens = len(trace.tokens)
    assert trace.weights.shape == (trace.card.layers, trace.card.heads, tokens, tokens)
    assert trace.weights.dtype == np.float32
    assert not trace.weights.flags.writeable
    np.testing.assert_allclose(trace.weights.sum(-1), 1, atol=1e-5)
    if trace.card.causal:
        assert not np.triu(trace.weights, 1).any()
    assert all(token.text.strip() for token in trace.tokens)
    assert trace.provenance.tokens == tokens


@pytest.mark.parametrize("texts", [(PRONOUN,), ("The cat sat on the mat", "The cat lay on the rug")])
def test_minilm_equals_eager_transformers(minilm: LoadedModel, texts: tuple[str, ...]) -> None:
    trace = trace_attention(*texts, model=minilm)
    assert_sound(trace)
    np.testing.assert_array_equal(trace.weights, eager_weights(minilm, *texts))
    assert trace.has_pair == (len(texts) == 2)


def test_head_3_1_sends_it_to_animal(minilm: LoadedModel) -> None:
    trace = trace_attention(PRONOUN, model=minilm)
    words = [token.text for token in trace.tokens]
    assert trace.weights[3, 1, words.index("it"), words.index("animal")] == pytest.approx(0.68, abs=0.005)


@pytest.mark.parametrize("kind", ["bert", "gpt2", "llama", "t5", "marian"])
def test_every_kind_equals_eager_transformers(tiny_models: dict[str, LoadedModel], kind: str) -> None:
    loaded = tiny_models[kind]
    trace = trace_attention("the cat sat on the mat", model=loaded)
    assert_sound(trace)
    np.testing.assert_array_equal(trace.weights, eager_weights(loaded, "the cat sat on the mat"))
    assert ("encoder's self-attention" in trace.provenance.note) == (kind in ("t5", "marian"))


def test_grouped_queries_have_a_map_each_and_the_card_names_the_groups(
    tiny_models: dict[str, LoadedModel],
) -> None:
    trace = trace_attention("the cat", model=tiny_models["llama"])
    assert trace.weights.shape[1] == 4
    assert trace.card.key_value_heads == 2


def test_words_keep_their_casing_and_script(minilm: LoadedModel) -> None:
    trace = trace_attention("Der ÄRGER über 한국 🙂", model=minilm)
    texts = [token.text for token in trace.tokens]
    assert texts[0] == "[CLS]"
    assert texts[-1] == "[SEP]"
    assert "Der" in texts
    assert {"한 1/3", "한 2/3", "한 3/3"} <= set(texts)
    assert [token.text for token in trace.tokens if token.unknown] == ["🙂"]
    assert trace.tokens[1].raw == "der"


def test_a_pair_has_two_segments_and_each_separator_belongs_to_the_text_before(minilm: LoadedModel) -> None:
    trace = trace_attention("the cat", "a dog", model=minilm)
    assert [token.segment for token in trace.tokens] == [0, 0, 0, 0, 1, 1, 1]
    assert [token.special for token in trace.tokens] == [True, False, False, True, False, False, True]


@pytest.mark.parametrize("kind", ["bert", "t5", "marian"])
def test_pairs_of_the_tiny_models(tiny_models: dict[str, LoadedModel], kind: str) -> None:
    trace = trace_attention("the cat", "a dog ran", model=tiny_models[kind])
    assert_sound(trace)
    words = [[t.text for t in trace.tokens if t.segment == s and not t.special] for s in (0, 1)]
    assert "".join(words[0]).replace("␣", "") == "thecat"
    assert "".join(words[1]).replace("␣", "") == "adogran"


def test_bytes_of_one_character_are_numbered(tiny_models: dict[str, LoadedModel]) -> None:
    trace = trace_attention("a 🙂\n", model=tiny_models["gpt2"])
    texts = [token.text for token in trace.tokens]
    assert texts == ["a", "␣", "🙂 1/4", "🙂 2/4", "🙂 3/4", "🙂 4/4", "⏎"]


def test_a_word_that_looks_like_a_special_token_is_not_one(minilm: LoadedModel) -> None:
    trace = trace_attention("</script><script>alert(1)</script> [SEP]", model=minilm)
    assert [token.special for token in trace.tokens].count(True) == 2
    assert "".join(token.text for token in trace.tokens[1:4]) == "</script"


def test_characters_the_tokenizer_throws_away_are_named(minilm: LoadedModel) -> None:
    trace = trace_attention("one \x01 two", model=minilm)
    assert trace.provenance.note == "MiniLM-L6 does not see U+0001 in your text."
    assert trace_attention("a\x00b", model=minilm).tokens[1].text == "a␀b"


@pytest.mark.parametrize("text", ["אבא שלום", "السلام عليكم", "👨‍👩‍👧", "🙂", "\ud800 x", "x" * 3000])
def test_hard_texts_give_a_picture(minilm: LoadedModel, text: str) -> None:
    assert_sound(trace_attention(text, model=minilm))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=ANY_TEXT, pair=st.none() | ANY_TEXT)
def test_any_text_gives_a_trace_or_a_sentence(minilm: LoadedModel, text: str, pair: str | None) -> None:
    with suppress(TextError):
        assert_sound(trace_attention(text, pair, model=minilm))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=ANY_TEXT, kind=st.sampled_from(["gpt2", "llama", "t5", "marian"]))
def test_any_text_on_the_other_kinds(tiny_models: dict[str, LoadedModel], text: str, kind: str) -> None:
    with suppress(TextError):
        assert_sound(trace_attention(text, model=tiny_models[kind]))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Your text is empty; type some words."),
        (" \n\u200b", "Your text holds only blanks; type some words."),
        ("\ufffd", "MiniLM-L6 finds no token in your text; type some words."),
        (
            "a " * 700,
            "Your text has 702 tokens; MiniLM-L6 reads at most 512. Shorten it by about 28 %.",
        ),
        (
            "x" * 100_000,
            "Your text has 100,000 characters; MiniLM-L6 reads at most 512 tokens here, never more than "
            "8,192 characters. Shorten it to a few paragraphs.",
        ),
    ],
)
def test_a_text_that_cannot_be_drawn_is_told_why(minilm: LoadedModel, text: str, sentence: str) -> None:
    with pytest.raises(TextError) as caught:
        trace_attention(text, model=minilm)
    assert str(caught.value) == sentence


def test_an_empty_second_text_is_told_apart(minilm: LoadedModel) -> None:
    with pytest.raises(TextError, match=r"^The second text is empty"):
        trace_attention("a", "", model=minilm)


def test_512_tokens_pass_and_513_do_not(minilm: LoadedModel) -> None:
    assert len(trace_attention("a " * (MAX_TOKENS - 2), model=minilm).tokens) == MAX_TOKENS
    with pytest.raises(TextError, match="513 tokens"):
        trace_attention("a " * (MAX_TOKENS - 1), model=minilm)


def test_the_number_of_weights_is_limited_too(minilm: LoadedModel) -> None:
    with pytest.raises(TextError, match="7 tokens; MiniLM-L6 reads at most 6 here"):
        trace_attention("a b c d e", model=minilm, max_weights=72 * 6 * 6)


def test_a_decoder_refuses_a_pair(tiny_models: dict[str, LoadedModel]) -> None:
    with pytest.raises(TextError, match="leave the second text empty"):
        trace_attention("a", "b", model=tiny_models["gpt2"])


def test_an_unknown_model_is_repeated() -> None:
    with pytest.raises(UnknownModel, match="no model “gpt5”; choose one of minilm, "):
        trace_attention("a", model="gpt5")


def test_a_model_without_attentions_is_an_error(minilm: LoadedModel) -> None:
    from transformers import BertModel

    sdpa = BertModel.from_pretrained(minilm.model.name_or_path, attn_implementation="sdpa").eval()
    with pytest.raises(ModelError, match="gave 0 attention maps for 6 layers"):
        trace_attention("a", model=replace(minilm, model=sdpa))


def test_two_visitors_at_once_get_their_own_text(minilm: LoadedModel) -> None:
    texts = [f"{word} cat and {word} dog" for word in ("one", "two", "three", "four")] * 4
    with ThreadPoolExecutor(4) as pool:
        traces = list(pool.map(lambda text: trace_attention(text, model=minilm), texts))
    for text, trace in zip(texts, traces, strict=True):
        np.testing.assert_array_equal(trace.weights, trace_attention(text, model=minilm).weights)
        assert trace.tokens[1].text == text.split()[0]


class Broken(torch.nn.Module):
    """A model that fails as told."""

    def __init__(self, model: Any, error: Exception | None = None, scale: float = 1) -> None:
        super().__init__()
        self.model, self.config, self.error, self.scale = model, model.config, error, scale

    @property
    def base_model(self) -> "Broken":
        return self

    def forward(self, **inputs: Any) -> Any:
        if self.error:
            raise self.error
        answer = self.model(**inputs)
        answer.attentions = tuple(each * self.scale for each in answer.attentions)
        return answer


@pytest.mark.parametrize("scale", [0.9, float("nan")])
def test_rows_that_do_not_sum_to_1_are_never_shown(minilm: LoadedModel, scale: float) -> None:
    with pytest.raises(ModelError, match="do not sum to 1"):
        trace_attention("a", model=replace(minilm, model=Broken(minilm.model, scale=scale)))


def test_a_model_that_looks_ahead_is_not_called_causal(minilm: LoadedModel) -> None:
    with pytest.raises(ModelError, match="looks ahead"):
        trace_attention("a b", model=replace(minilm, card=replace(minilm.card, kind="decoder")))


def test_a_full_gpu_falls_back_to_the_cpu(minilm: LoadedModel) -> None:
    full = Broken(minilm.model, torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"))
    # "cpu:0" plays the GPU: it is a device of torch, but not the fallback
    trace = trace_attention("a b", model=replace(minilm, model=full, device="cpu:0"))
    assert trace.provenance.device == "cpu"
    assert trace.provenance.note == "Ran on the CPU, because cpu:0 had too little memory."
    with pytest.raises(OutOfMemory, match="shorten the text"):
        trace_attention("a b", model=replace(minilm, model=full))


def test_other_failures_of_the_model_are_one_sentence(minilm: LoadedModel) -> None:
    with pytest.raises(ModelError, match="MiniLM-L6 could not read the text: odd"):
        trace_attention("a", model=replace(minilm, model=Broken(minilm.model, RuntimeError("odd"))))


def test_progress_counts_the_layers_and_can_stop_the_pass(minilm: LoadedModel) -> None:
    class StopHere(BaseException):
        pass

    seen: list[tuple[int, int]] = []

    def stop_after_two(done: int, total: int) -> None:
        seen.append((done, total))
        if done == 2:
            raise StopHere

    with pytest.raises(StopHere):
        trace_attention("a b", model=minilm, progress=stop_after_two)
    assert seen == [(1, 6), (2, 6)]
    seen.clear()
    trace = trace_attention("a b", model=minilm, progress=lambda *step: seen.append(step))
    assert seen == [(done, 6) for done in range(1, 7)]
    # nothing is left hanging on the shared model, and watching changes no weight
    seen.clear()
    np.testing.assert_array_equal(trace_attention("a b", model=minilm).weights, trace.weights)
    assert seen == []


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_cuda_equals_the_cpu(minilm: LoadedModel) -> None:
    trace = trace_attention(PRONOUN, device="cuda")
    assert trace.provenance.device == "cuda"
    assert_sound(trace)
    np.testing.assert_allclose(trace.weights, trace_attention(PRONOUN, model=minilm).weights, atol=2e-5)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_a_really_full_gpu_falls_back() -> None:
    from models.loading import load

    loaded = load("minilm", "cuda")
    torch.cuda.set_per_process_memory_fraction(0.0)
    try:
        torch.cuda.empty_cache()
        trace = trace_attention("a " * 500, model=loaded)
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
    assert trace.provenance.device == "cpu"
    assert "too little memory" in trace.provenance.note
