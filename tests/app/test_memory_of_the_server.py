"""Models in memory: few, shared, and let go; what is too large for a small server is never loaded."""

import threading
import time
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from app import fetching, memory
from app.memory import Lent
from app.settings import PROFILES, Settings
from models.registry import MODELS

SOON = 10  # seconds; only what is broken takes so long


def waited(happened) -> bool:
    end = time.monotonic() + SOON
    while not happened() and time.monotonic() < end:
        time.sleep(0.005)
    return bool(happened())


def test_models_are_shared_and_the_one_unused_longest_goes_first():
    made = []
    lent = Lent(lambda name: made.append(name) or [name], 2, SOON * 10)
    first = lent.get("a")
    lent.get("b")
    assert lent.get("a") is first
    lent.get("c")
    assert (made, len(lent)) == (["a", "b", "c"], 2)
    assert lent.get("a") is first
    lent.get("b")
    assert made == ["a", "b", "c", "b"]


def test_the_old_one_is_gone_before_the_new_one_is_made():
    """So that two are never in memory where one has room."""
    lent = Lent(lambda name: len(lent), 1, SOON * 10)
    assert [lent.get("a"), lent.get("b")] == [0, 0]


def test_an_unused_one_is_let_go_and_comes_again(monkeypatch):
    given_back = threading.Event()
    monkeypatch.setattr(memory, "give_back", given_back.set)
    lent = Lent(lambda name: [name], 2, 0.02)
    first = lent.get("a")
    assert waited(lambda: len(lent) == 0)
    assert given_back.wait(SOON)
    again = lent.get("a")
    assert again == first
    assert again is not first
    assert waited(lambda: len(lent) == 0)  # the watch began anew


def test_only_what_is_not_used_goes():
    lent = Lent(lambda name: [name], 2, 1000)
    begun = time.monotonic()
    old = lent.get("old")
    lent.get("other")
    lent.let_go(begun + 999)
    assert len(lent) == 2
    lent._kept[("old",)] = old, begun + 500  # as if used then
    lent.let_go(begun + 1400)
    assert (lent.get("old"), len(lent)) == (old, 1)


def test_a_model_that_cannot_be_made_leaves_the_others_alone():
    def make(name):
        if name == "bad":
            raise MemoryError
        return [name]

    lent = Lent(make, 3, SOON * 10)
    first = lent.get("a")
    with pytest.raises(MemoryError):
        lent.get("bad")
    assert lent.get("a") is first


def test_freed_memory_may_be_given_back_on_any_system(monkeypatch):
    memory.frugal()
    memory.give_back()
    monkeypatch.setattr(memory.sys, "platform", "darwin")
    memory.frugal()
    memory.give_back()


def test_the_heap_is_settled_only_when_libraries_came(monkeypatch):
    frozen = []
    monkeypatch.setattr(memory.gc, "freeze", lambda: frozen.append(1))
    monkeypatch.setattr(memory, "_known", 0)
    memory.settle()
    memory.settle()
    assert len(frozen) == 1
    monkeypatch.setattr(memory, "_known", memory._known - memory._MANY)
    memory.settle()
    assert len(frozen) == 2


@pytest.fixture
def small_server(monkeypatch):
    monkeypatch.setattr(fetching, "SETTINGS", Settings(**PROFILES["cloud"]))


def test_a_small_server_lists_what_it_can_load(small_server):
    listed = {card.id for card in fetching.cards()}
    assert {"minilm", "t5-small", "opus-mt-en-de"} <= listed
    assert not listed & {"smollm2", "gpt2", "distilgpt2", "bert-base-uncased"}


def test_an_operators_own_model_is_always_listed(small_server):
    assert fetching.fits(replace(MODELS["minilm"], origin="folder", parameters="unknown"))


def test_what_is_too_large_is_said_and_cannot_be_fetched(small_server):
    def script() -> None:
        from app import fetching
        from models.registry import MODELS

        assert not fetching.offer(MODELS["smollm2"])

    app = AppTest.from_function(script).run()
    assert not app.exception
    assert "135 M parameters; this server loads models of up to 75 M" in app.info[0].value
    assert not app.button
