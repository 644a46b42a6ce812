"""Real translation: the drawn weights are those of a plain forward pass of transformers."""

import numpy as np
import pytest
import torch

from models.errors import TextError
from models.loading import LoadedModel
from models.traces_seq2seq import END_MARK
from models.translation import LONGEST, translate_text


@pytest.mark.parametrize("kind", ["marian", "t5"])
def test_weights_are_those_of_one_forward_pass(tiny_models: dict[str, LoadedModel], kind: str) -> None:
    loaded = tiny_models[kind]
    text = "the old cat"
    trace = translate_text(text, loaded, beam=2)
    inputs = loaded.tokenizer(text, return_tensors="pt")
    with torch.inference_mode():
        written = loaded.model.generate(
            input_ids=inputs["input_ids"],
            attention_mask=inputs["attention_mask"],
            num_beams=2,
            do_sample=False,
            max_new_tokens=80,
            max_length=None,
        )
        output = loaded.model(
            input_ids=inputs["input_ids"], decoder_input_ids=written[:, :-1], output_attentions=True
        )
    own = np.concatenate([layer[0].numpy() for layer in output.cross_attentions])
    np.testing.assert_allclose(trace.attention, own, atol=1e-6)
    assert trace.attention.shape == (len(trace.heads), len(trace.target), len(trace.source))
    assert trace.source[-1] == END_MARK
    likeliest = output.logits[0].double().softmax(-1).max(-1).values
    np.testing.assert_allclose([row[0][1] for row in trace.likely], likeliest, atol=1e-6)
    assert (trace.log_probs <= np.log(likeliest.numpy()) + 1e-6).all()


def test_a_text_that_cannot_be_read(tiny_models: dict[str, LoadedModel]) -> None:
    with pytest.raises(TextError, match="empty"):
        translate_text("", tiny_models["marian"], beam=1)
    with pytest.raises(TextError, match=str(LONGEST)):
        translate_text("cat " * 200, tiny_models["marian"], beam=1)
