"""Tiny models, a fake hub, an empty cache."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.models.servers import FakeServer, serve

# How long an example takes tells of the machine, not of the code.
settings.register_profile("anywhere", deadline=None)
settings.load_profile("anywhere")

KINDS = ("bert", "gpt2", "llama", "t5", "marian")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files first, those of the browser; many short ones fill both processes to the end."""
    items.sort(key=lambda item: item.path.parent.name in ("app", "components", "models"))


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as an operator names it, with one tiny model of each kind."""
    from tests.models import tiny  # torch: not for the process that only hands out the tests

    root = tmp_path_factory.mktemp("own")
    for kind in KINDS:
        tiny.save(kind, root / kind)
    return root


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
