"""The bundled encoder and one tiny model of each kind, loaded."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from models.loading import LoadedModel, load
from tests.conftest import KINDS


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
def tiny_models(tiny_folder: Path) -> dict[str, LoadedModel]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAINSIGHT_MODELS", str(tiny_folder))
        return {kind: load(f"own-{kind}", "cpu") for kind in KINDS}
