"""Tiny models, a fake hub, an empty cache."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from models.loading import LoadedModel, load
from tests.models import tiny
from tests.models.servers import FakeServer, serve

KINDS = ("bert", "gpt2", "llama", "t5", "marian")


@pytest.fixture(scope="package", autouse=True)
def one_thread() -> Iterator[None]:
    """A few tokens gain nothing from more threads, and on a busy machine they lose much."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def minilm() -> LoadedModel:
    return load("minilm", "cpu")


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as an operator names it, with one tiny model of each kind."""
    root = tmp_path_factory.mktemp("own")
    for kind in KINDS:
        tiny.save(kind, root / kind)
    return root


@pytest.fixture(scope="session")
def tiny_models(tiny_folder: Path) -> dict[str, LoadedModel]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAINSIGHT_MODELS", str(tiny_folder))
        return {kind: load(f"own-{kind}", "cpu") for kind in KINDS}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache folder."""
    monkeypatch.setenv("PLAINSIGHT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeServer]:
    """A fake hub and package index, to which the environment points."""
    with serve() as fake:
        monkeypatch.setenv("HF_ENDPOINT", fake.url)
        monkeypatch.setenv("PIP_INDEX_URL", f"{fake.url}/simple")
        yield fake
