"""Three of the visitors of ``python -m tests.load``, for some seconds."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.load.__main__ import Seen, crowd
from tests.load.person import ATTENTION, WORDS, Person
from tests.load.visitor import Answer, Visitor

VISITORS = 3


def test_visitors_without_a_browser_see_only_their_own_texts(server: str) -> None:
    async def class_of_three() -> Seen:
        seen = Seen()

        async def work(word: str, seed: int) -> None:
            async with Visitor(server) as visitor:
                person = Person(visitor, word, seed)
                await visitor.open(ATTENTION)
                for _ in range(2):
                    seen.take(*await person.read(), word)

        await asyncio.gather(*(work(word, at) for at, word in enumerate(WORDS[:VISITORS])))
        await crowd(server, VISITORS, 1, seen, think=(0, 0.5))
        return seen

    # in a thread of its own: the browser that other tests opened keeps this one's event loop
    with ThreadPoolExecutor() as pool:
        seen = pool.submit(lambda: asyncio.run(class_of_three())).result()
    assert not seen.faults
    assert not seen.leaks
    assert seen.own >= VISITORS * 2


def test_the_search_finds_what_leaks() -> None:
    seen = Seen()
    seen.take("another page", Answer(messages=[b"\x0a" + WORDS[1].encode() + b"\x00"]), WORDS[0])
    assert seen.leaks == [f"{WORDS[0]} saw {WORDS[1]}"]


def test_no_other_machine_is_ever_loaded() -> None:
    with pytest.raises(ValueError, match="is not on this machine"):
        Visitor("http://example.org")
