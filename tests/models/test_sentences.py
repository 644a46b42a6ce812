"""One vector a text: against transformers called the plain way, one text at a time."""

import numpy as np
import pytest
import torch

from models.loading import LoadedModel
from models.sentences import MAX_TOKENS, embed

TEXTS = [
    "A dog runs.",
    "",
    "Ein Hund läuft 🐕 durch den Park, und niemand hält ihn auf.",
    "word " * 400,
    "\ud800",
]


def test_a_batch_gives_what_single_texts_give(minilm: LoadedModel) -> None:
    vectors = embed(TEXTS, model=minilm)
    for text, vector in zip(TEXTS, vectors, strict=True):
        text = text.encode("utf-8", "replace").decode()
        inputs = minilm.tokenizer(text, truncation=True, max_length=MAX_TOKENS, return_tensors="pt")
        with torch.inference_mode():
            mean = minilm.model(**inputs).last_hidden_state[0].mean(0)
        assert np.allclose(vector, mean / mean.norm(), atol=1e-5)


def test_vectors_have_length_1_and_know_the_meaning(minilm: LoadedModel) -> None:
    a, b, c = embed(["A cat lies on a sofa.", "A kitten rests on the couch.", "Tax law"], model=minilm)
    assert np.allclose([a @ a, b @ b, c @ c], 1, atol=1e-5)
    assert a @ b > 0.6 > 0.2 > a @ c


def test_no_text_gives_no_vector_and_progress_can_stop(minilm: LoadedModel) -> None:
    assert embed([], model=minilm).shape == (0, 384)
    seen = []
    embed(["a"] * 70, model=minilm, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(64, 70), (70, 70)]

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        embed(["a"], model=minilm, progress=stop)
