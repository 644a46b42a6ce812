"""A class at once: ``python -m tests.load`` lets thirty visitors work for five minutes and prints a table.

Each has a WebSocket of its own, types texts with a word of their own, changes heads, layers and pages and
thinks in between. It starts a server of its own on 127.0.0.1 and on two processors, visits everything once,
as whoever prepares the class does, then counts. Every message is searched for the words of all others.
``--room 100`` lets a hundred phones answer one question instead, within half a minute.
"""

import argparse
import asyncio
import os
import random
import re
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from app.catalogue import ROOT
from app.rooms import Rooms
from app.settings import PROFILES
from tests.e2e.conftest import start_server
from tests.load.person import KINDS, TEXT, WORDS, Person
from tests.load.room import ANSWERING, Class, lesson
from tests.load.visitor import Answer, Visitor, presets

MOST_SECONDS = 900
THINK = (4.0, 12.0)  # seconds between an answer and the next action
SAMPLE = 5.0  # seconds between two looks at the memory
LIMITS = {kind: 2.0 if kind == TEXT else 0.5 for kind in KINDS}  # seconds, for 95 % of the answers
MOST_GROWTH = 0.10


@dataclass
class Seen:
    """What all visitors met."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    faults: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    own: int = 0  # answers that held the visitor's own word: the search does find words
    memory: list[float] = field(default_factory=list)  # RSS in MB

    def take(self, kind: str, answer: Answer, word: str) -> None:
        """Count one answer and look for others' words in it."""
        self.seconds[kind].append(answer.seconds)
        self.faults += [f"{word}, {kind}: {fault}" for fault in answer.faults]
        found = {hit for message in answer.messages for hit in ANY_WORD.findall(message)}
        self.own += word.encode() in found
        self.leaks += [f"{word} saw {hit.decode()}" for hit in found - {word.encode()}]


ANY_WORD = re.compile("|".join(WORDS).encode())


def percentile(seconds: list[float], share: float) -> float:
    """The smallest time that ``share`` of all do not exceed; NaN of none."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


async def live(person: Person, seen: Seen, until: float, think: tuple[float, float]) -> None:
    """Think and act in turn until the time is over."""
    chance = random.Random(person.word)
    await asyncio.sleep(chance.uniform(0, think[1]))
    while time.monotonic() < until:
        kind, answer = await person.act()
        seen.take(kind, answer, person.word)
        await asyncio.sleep(chance.uniform(*think))


async def crowd(
    address: str, visitors: int, seconds: float, seen: Seen, think: tuple[float, float] = THINK
) -> None:
    """Let all visitors work at once."""
    until = time.monotonic() + min(seconds, MOST_SECONDS)
    async with AsyncExitStack() as sessions:
        people = [
            Person(await sessions.enter_async_context(Visitor(address)), word, at)
            for at, word in enumerate(WORDS[:visitors])
        ]
        await asyncio.gather(*(live(person, seen, until, think) for person in people))


async def prepare(address: str) -> None:
    """Open every page and press every preset once."""
    async with Visitor(address) as visitor:
        for page in visitor.pages:
            await visitor.open(page)
            for preset in list(presets(visitor)):
                await visitor.press(preset)


async def measure(address: str, server: psutil.Process, visitors: int, seconds: float) -> Seen:
    """Prepare, then count what a class meets, and watch the memory."""
    seen = Seen()
    await prepare(address)

    async def watch() -> None:
        while True:
            seen.memory.append(server.memory_info().rss / 1e6)
            await asyncio.sleep(SAMPLE)

    watching = asyncio.create_task(watch())
    try:
        await crowd(address, visitors, seconds, seen)
    finally:
        watching.cancel()
    return seen


def report(seen: Seen, visitors: int, seconds: float, work: float) -> None:
    """Print the table as the README has it; ``work`` is the server's processor time."""
    print(f"{visitors} visitors, {seconds:.0f} s, {THINK[0]:.0f} to {THINK[1]:.0f} s to think\n")
    print("| from action to finished picture | answers | p50 | p95 | p99 | wanted p95 |")
    print("|---|--:|--:|--:|--:|--:|")
    for kind, took in seen.seconds.items():
        p50, p95, p99 = (percentile(took, share) for share in (0.50, 0.95, 0.99))
        print(f"| {kind} | {len(took)} | {p50:.2f} s | {p95:.2f} s | {p99:.2f} s | {LIMITS[kind]:.1f} s |")
    third = max(1, len(seen.memory) // 3)
    first, last = (sum(part) / len(part) for part in (seen.memory[:third], seen.memory[-third:]))
    flat = "flat" if last / first - 1 <= MOST_GROWTH else "NOT flat"
    print(f"\nErrors: {len(seen.faults)}. Others' texts seen: {len(seen.leaks)} (own: {seen.own} answers).")
    print(
        f"Memory: {first:.0f} MB in the first third, {last:.0f} MB in the last ({flat}), "
        f"{max(seen.memory):.0f} MB at most. Processors: {work / seconds:.2f} of 2 busy for the server."
    )
    for line in (*dict.fromkeys(seen.faults), *dict.fromkeys(seen.leaks)):
        print(f"- {line}")


def report_room(seen: Class, students: int, work: float) -> None:
    """Print what a class in one room met; ``work`` is the server's processor time."""
    print(f"{students} phones in one room, all answer within {ANSWERING:.0f} s; {len(seen.taps)} taps\n")
    print("| | times | p50 | p95 | p99 |")
    print("|---|--:|--:|--:|--:|")
    rows = {
        "from the address to the question": seen.joins,
        "from tap to “Sent”": seen.taps,
        "a look": seen.looks,
    }
    for kind, took in rows.items():
        p50, p95, p99 = (percentile(took, share) for share in (0.50, 0.95, 0.99))
        print(f"| {kind} | {len(took)} | {p50:.2f} s | {p95:.2f} s | {p99:.2f} s |")
    print(f"\nErrors: {len(seen.faults)}. Processor time of the server: {work:.1f} s.")
    for fault in dict.fromkeys(seen.faults):
        print(f"- {fault}")


def main() -> None:
    """Start a server, let a class in, print the table, stop the server."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--visitors", type=int, default=30, choices=range(1, len(WORDS) + 1), metavar="N")
    asked.add_argument("--seconds", type=float, default=300, help=f"at most {MOST_SECONDS}")
    asked.add_argument("--profile", choices=list(PROFILES), default="own")
    asked.add_argument("--room", type=int, metavar="N", help="N phones that answer one question")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"PLAINSIGHT_PROFILE": given.profile, "PLAINSIGHT_CACHE": f"{folder}/cache"}
        address, process = start_server(ROOT / "streamlit_app.py", Path(folder) / "log")
        server = psutil.Process(process.pid)
        try:
            if hasattr(server, "cpu_affinity"):  # not on macOS
                server.cpu_affinity(server.cpu_affinity()[:2])
            before = sum(server.cpu_times()[:2])
            if given.room:
                here = Rooms(Path(folder) / "cache/rooms.sqlite3", most=1)
                answered = asyncio.run(lesson(address, here, given.room))
                report_room(answered, given.room, sum(server.cpu_times()[:2]) - before)
            else:
                seen = asyncio.run(measure(address, server, given.visitors, given.seconds))
                report(seen, given.visitors, given.seconds, sum(server.cpu_times()[:2]) - before)
            print((Path(folder) / "log").read_text()[-2000:])
        finally:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    main()
