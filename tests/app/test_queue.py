"""The queue around heavy work: order, limits, and visitors who leave."""

import threading

import pytest

from app.queue import QueueFullError, WorkQueue

SOON = 10  # seconds; only a broken queue waits so long


class Visitor(threading.Thread):
    """Does one piece of work and holds it until told to finish."""

    def __init__(self, queue, leave_when_waiting=False):
        super().__init__(daemon=True)
        self.queue = queue
        self.leave_when_waiting = leave_when_waiting
        self.places = []
        self.waiting, self.is_next = threading.Event(), threading.Event()
        self.working, self.finish = threading.Event(), threading.Event()
        self.error = None
        self.start()

    def run(self):
        try:
            with self.queue.heavy_work(self.on_wait):
                self.working.set()
                self.finish.wait(SOON)
        except BaseException as error:
            self.error = error

    def on_wait(self, place):
        self.places.append(place)
        self.waiting.set()
        if place == 1:
            self.is_next.set()
        if self.leave_when_waiting:
            # Streamlit's stop is a BaseException too
            raise KeyboardInterrupt

    def end(self):
        self.finish.set()
        self.join(SOON)
        assert not self.is_alive()


def working(queue):
    visitor = Visitor(queue)
    assert visitor.working.wait(SOON)
    return visitor


def waiting(queue, **options):
    visitor = Visitor(queue, **options)
    assert visitor.waiting.wait(SOON)
    return visitor


def test_waiting_visitors_work_in_the_order_they_came_and_know_their_place():
    queue = WorkQueue(1, 5, poll_seconds=0.01)
    first = working(queue)
    line = [waiting(queue) for _ in range(3)]
    assert [visitor.places[0] for visitor in line] == [1, 2, 3]
    for before, after in zip([first, *line], line, strict=False):
        assert not after.working.is_set()
        before.end()
        assert after.working.wait(SOON)
        if after is not line[-1]:
            assert line[line.index(after) + 1].is_next.wait(SOON)
    line[-1].end()


def test_several_jobs_run_at_once():
    queue = WorkQueue(2, 5, poll_seconds=0.01)
    pair = [working(queue), working(queue)]
    third = waiting(queue)
    pair[1].end()
    assert third.working.wait(SOON)
    pair[0].end()
    third.end()


def test_a_full_queue_says_so():
    queue = WorkQueue(1, 1, poll_seconds=0.01)
    first, second = working(queue), waiting(queue)
    with pytest.raises(QueueFullError, match=r"^1 visitors? already waits? .* try again in a minute\.$"):
        queue.heavy_work().__enter__()
    first.end()
    second.end()


def test_who_leaves_makes_room():
    queue = WorkQueue(1, 2, poll_seconds=0.01)
    first = working(queue)
    gone = waiting(queue, leave_when_waiting=True)
    gone.join(SOON)
    assert isinstance(gone.error, KeyboardInterrupt)
    behind = waiting(queue)
    assert behind.places[0] == 1
    first.end()
    assert behind.working.wait(SOON)
    behind.end()


def test_work_that_fails_frees_its_place():
    queue = WorkQueue(1, 0)
    with pytest.raises(ZeroDivisionError), queue.heavy_work():
        raise ZeroDivisionError
    with queue.heavy_work():
        pass
