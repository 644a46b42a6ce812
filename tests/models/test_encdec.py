"""The three attentions of tiny T5 and Marian models: shapes, masks, unequal depths, labels, both targets."""

import numpy as np
import pytest
import torch

from models.attention import summarise
from models.encdec import trace_translation
from models.errors import ModelError, TextError
from models.findings import strongest_link
from models.heads import score_heads
from models.loading import LoadedModel
from models.traces import Part

TEXT, TARGET = "the cat sat on the mat", "the dog ran"
# layers of encoder and decoder, as tests.models.tiny builds them
DEPTHS = {"t5": (3, 2), "marian": (2, 1)}


@pytest.mark.parametrize("kind", DEPTHS)
@pytest.mark.parametrize("target", [TARGET, None])
def test_the_three_parts_have_their_own_shapes_masks_and_labels(
    kind: str, target: str | None, tiny_models: dict[str, LoadedModel]
) -> None:
    parts: tuple[Part, ...] = ("encoder", "decoder", "cross")
    encoder, decoder, cross = (
        trace_translation(TEXT, target, part=part, model=tiny_models[kind]) for part in parts
    )
    source, written = len(encoder.tokens), len(decoder.tokens)
    deep, shallow = DEPTHS[kind]
    assert encoder.weights.shape == (deep, 2, source, source)
    assert decoder.weights.shape == (shallow, 2, written, written)
    assert cross.weights.shape == (shallow, 2, written, source)
    for trace in (encoder, decoder, cross):
        np.testing.assert_allclose(trace.weights.sum(-1), 1, atol=1e-5)
    assert not np.triu(decoder.weights, 1).any()
    assert [trace.causal for trace in (encoder, decoder, cross)] == [False, True, False]
    assert (cross.keys, cross.queries) == (encoder.tokens, decoder.tokens)
    assert cross.tokens == (*encoder.tokens, *decoder.tokens)
    assert {token.segment for token in cross.keys} == {0}
    assert {token.segment for token in cross.queries} == {1}
    assert decoder.tokens[0].text == "⟨start⟩"
    if target:
        assert "".join(token.text for token in decoder.tokens[1:]).replace("␣", "") == "thedogran"
        assert "typed" in cross.provenance.note
    else:
        assert "written by the model" in cross.provenance.note


@pytest.mark.parametrize("kind", DEPTHS)
def test_the_weights_are_those_of_one_forward_pass(kind: str, tiny_models: dict[str, LoadedModel]) -> None:
    model = tiny_models[kind]
    cross = trace_translation(TEXT, TARGET, part="cross", model=model)
    ids = model.tokenizer(TEXT, return_tensors="pt")["input_ids"]
    target = model.tokenizer(text_target=TARGET, return_tensors="pt")["input_ids"]
    with torch.inference_mode():
        made = model.model(input_ids=ids, labels=target, output_attentions=True)
    theirs = np.stack([each[0].numpy() for each in made.cross_attentions])
    np.testing.assert_allclose(cross.weights, theirs, atol=1e-6)


def test_what_a_cross_head_does_is_said_without_places_in_one_text(
    tiny_models: dict[str, LoadedModel],
) -> None:
    cross = trace_translation(TEXT, TARGET, model=tiny_models["t5"])
    notes, scores = summarise(cross), score_heads(cross)
    assert np.isnan(notes.shares[notes.roles.index("previous")]).all()
    assert notes.shares[notes.roles.index("separator"), 0, 0] == pytest.approx(
        cross.weights[0, 0, :, -1].mean(), abs=1e-6
    )
    assert {"previous", "induction", "distance"} <= set(scores.untestable)
    layer, head, query, key = strongest_link(cross)
    first = len(cross.keys)
    assert query >= first > key
    words = cross.weights[:, :, 1:, :-1]  # without the start and the source's </s>
    assert cross.weights[layer, head, query - first, key] == words.max()


@pytest.mark.parametrize(
    ("kind", "text", "target", "error", "words"),
    [
        ("t5", TEXT, "  ", TextError, "holds only blanks"),
        ("t5", "", TARGET, TextError, "Your text is empty"),
        ("marian", TEXT, "the cat " * 60, TextError, "The target has"),
        ("bert", TEXT, TARGET, ModelError, "does not write one text"),
    ],
)
def test_what_cannot_be_read_is_said(
    kind: str, text: str, target: str, error: type[Exception], words: str, tiny_models: dict[str, LoadedModel]
) -> None:
    with pytest.raises(error, match=words):
        trace_translation(text, target, model=tiny_models[kind], max_tokens=64)
