"""How results are kept: bounded, keyed by ids and text, never by arrays; what: the cached.py of a topic."""

import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st
from cachetools import LRUCache

from app.memory import Lent
from app.queue import heavy_work
from app.settings import SETTINGS

if TYPE_CHECKING:
    from models.loading import LoadedModel

TRACE_BYTES = SETTINGS.cache_mb * 2**20  # 320 MiB: four texts of 512 tokens on the bundled encoder
TABLE_BYTES = TRACE_BYTES // 5
MEASUREMENTS = 16


@st.cache_resource(max_entries=1, show_spinner=False)
def _models() -> "Lent[LoadedModel]":
    from models.loading import load

    return Lent(load, SETTINGS.models_kept, 60 * SETTINGS.idle_minutes)


def model(model_id: str, device: str) -> "LoadedModel":
    """A loaded model, shared by all visitors and let go when nobody uses it."""
    return _models().get(model_id, device)


@st.cache_data(max_entries=1, show_spinner="PyTorch is loaded, once after each start of the server…")
def devices() -> tuple[str, ...]:
    """The devices of this machine, best first."""
    from models.loading import devices

    return devices()


class Shelf:
    """Finished work that all visitors share, up to ``most`` bytes (or pieces); the oldest unused goes first.

    Streamlit's own cache cannot hold work that draws its progress or its place in the line: it forbids
    drawing from inside.
    """

    def __init__(self, most: int, size: Callable[[Any], int] | None) -> None:
        self._kept: LRUCache[Hashable, Any] = LRUCache(most, size)
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Any:
        """What is kept under a key, or None."""
        with self._lock:
            return self._kept.get(key)

    def drop(self, key: Hashable) -> None:
        """Forget what is kept under a key."""
        with self._lock:
            self._kept.pop(key, None)

    def __iter__(self) -> Iterator[Any]:
        """The keys under which something is kept."""
        with self._lock:
            return iter(list(self._kept))

    def once(self, key: Hashable, make: Callable[[], Any], on_wait: Callable[[int], object]) -> Any:
        """What is kept under a key; else made, when this visitor's turn in the queue comes."""
        if (known := self.get(key)) is not None:
            return known
        with heavy_work(on_wait):
            # somebody before us in the line may have asked for the same
            if (known := self.get(key)) is not None:
                return known
            made = make()
            self.keep(key, made)
        return made

    def keep(self, key: Hashable, made: Any) -> None:
        """Keep something under a key."""
        with self._lock, suppress(ValueError):  # larger than the whole shelf
            self._kept[key] = made


@st.cache_resource(max_entries=32, show_spinner=False)
def shelf(name: str, most: int, _size: Callable[[Any], int] | None = None) -> Shelf:
    """A shelf by its name, made once."""
    return Shelf(most, _size)


def arrays(trace: Any) -> int:
    """Bytes of the arrays in a trace."""
    return sum(value.nbytes for value in vars(trace).values() if isinstance(value, np.ndarray))
