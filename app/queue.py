"""One bounded, fair queue around heavy work, so that two cores serve one visitor after the other."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.settings import SETTINGS

# How often a waiting visitor's page is touched: that is when Streamlit tells it to stop.
POLL_SECONDS = 0.5


class QueueFullError(RuntimeError):
    """Too many visitors wait already."""


class WorkQueue:
    """Runs ``jobs`` pieces of work at once, lets ``length`` wait in the order they came, refuses the rest."""

    def __init__(self, jobs: int, length: int, poll_seconds: float = POLL_SECONDS) -> None:
        self._jobs = jobs
        self._length = length
        self._poll_seconds = poll_seconds
        self._running = 0
        self._line: deque[object] = deque()
        self._changed = threading.Condition()

    @contextmanager
    def heavy_work(self, on_wait: Callable[[int], object] = lambda place: None) -> Iterator[None]:
        """Hold one of the places to work; do not nest.

        While waiting, ``on_wait(place)`` is called outside the lock, again and again: 1 is next.
        What it raises (Streamlit's stop and rerun) leaves the queue. Raises QueueFullError.
        """
        self._enter(on_wait)
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def _enter(self, on_wait: Callable[[int], object]) -> None:
        ticket = object()
        with self._changed:
            if self._running + len(self._line) >= self._jobs + self._length:
                waiting = len(self._line)
                who = "1 visitor already waits" if waiting == 1 else f"{waiting} visitors already wait"
                raise QueueFullError(f"{who} for this server. Please try again in a minute.")
            self._line.append(ticket)
        try:
            while place := self._start_or_place(ticket):
                on_wait(place)
                with self._changed:
                    self._changed.wait_for(lambda: self._is_next(ticket), self._poll_seconds)
        except BaseException:
            with self._changed:
                self._line.remove(ticket)
                self._changed.notify_all()
            raise

    def _is_next(self, ticket: object) -> bool:
        return self._running < self._jobs and self._line[0] is ticket

    def _start_or_place(self, ticket: object) -> int:
        """Start the work and give 0, or give the place in the line."""
        with self._changed:
            if not self._is_next(ticket):
                return self._line.index(ticket) + 1
            self._line.popleft()
            self._running += 1
            # With several jobs at once the next in line may start too.
            self._changed.notify_all()
            return 0


heavy_work = WorkQueue(SETTINGS.heavy_jobs, SETTINGS.queue_length).heavy_work
