"""The memory of the server: models in it are few, shared, and let go when nobody uses them."""

import ctypes
import gc
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

# Of glibc's mallopt(3). Each run of a page is a thread, and each thread may get an arena of its own, which
# gives nothing back; two are enough for two processors. From a fixed size on a block is mapped alone and so
# goes back to the system when it is freed; by default that size grows.
_ARENA_MAX, _ARENAS = -8, 2
_MMAP_THRESHOLD, _MAPPED_ALONE = -3, 2**20

# New modules from which on the heap is worth settling; torch brings 1,500.
_MANY = 100
_known = 0

Kept = TypeVar("Kept")


def frugal() -> None:
    """Let freed memory go back to the system; does nothing where there is no glibc."""
    with suppress(OSError, AttributeError):
        libc = _glibc()
        libc.mallopt(_ARENA_MAX, _ARENAS)
        libc.mallopt(_MMAP_THRESHOLD, _MAPPED_ALONE)


def settle() -> None:
    """Take what libraries hold out of the garbage collector's rounds, whenever new libraries have come.

    Streamlit collects after every run of a page. Over all that torch and transformers hold, this takes a
    third of a second in which no other visitor is served.
    """
    global _known
    if len(sys.modules) >= _known + _MANY:
        _known = len(sys.modules)
        gc.collect()
        gc.freeze()


def give_back() -> None:
    """Give the system what is free."""
    gc.collect()
    with suppress(OSError, AttributeError):
        _glibc().malloc_trim(0)


def _glibc() -> ctypes.CDLL:
    if not sys.platform.startswith("linux"):
        raise OSError("glibc is Linux's")
    return ctypes.CDLL("libc.so.6")


class Lent(Generic[Kept]):
    """Up to ``most`` things made by ``make``; one unused for ``idle_seconds`` is let go, by a thread."""

    def __init__(self, make: Callable[..., Kept], most: int, idle_seconds: float) -> None:
        self._make, self._most, self._idle = make, most, idle_seconds
        self._kept: OrderedDict[tuple[str, ...], tuple[Kept, float]] = OrderedDict()
        self._lock = threading.Lock()
        self._watched = False

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, *key: str) -> Kept:
        """``make(*key)``, kept; of too many the one unused longest goes before this one comes."""
        with self._lock:
            known = self._kept.pop(key, None)
            while known is None and len(self._kept) >= self._most:
                self._kept.popitem(last=False)
                give_back()
            made = known[0] if known else self._make(*key)
            self._kept[key] = made, time.monotonic()
            if not self._watched:
                self._watched = True
                threading.Thread(target=self._watch, name="let unused models go", daemon=True).start()
            return made

    def _watch(self) -> None:
        while self._watched:
            time.sleep(self._idle / 4)
            self.let_go(time.monotonic())

    def let_go(self, now: float) -> None:
        """Let go what has not been used for long; ``now`` is a time of the monotonic clock."""
        with self._lock:
            unused = [key for key, (_, used) in self._kept.items() if used <= now - self._idle]
            for key in unused:
                del self._kept[key]
            self._watched = bool(self._kept)
        if unused:
            give_back()
