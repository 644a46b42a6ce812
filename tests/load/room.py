"""A class in one room: each phone joins, looks as its page does, answers, and some change their minds."""

import asyncio
import random
import time
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from app.rooms import Key, Room, Rooms
from tests.load.visitor import Visitor

ASK = "How many of these answers will be counted?"
OPTIONS = ("all of them", "most of them", "none of them")
ANSWERING = 30.0  # seconds in which all answer
LOOK = 5.0  # seconds between two looks of a phone
WATCH = 2.0  # seconds between two looks of the lecturer
CHANGES = 0.2  # the share that answers a second time
PAGE, SHEET = "room", "room_{turn}_{place}"


@dataclass
class Class:
    """What a room met: seconds from a tap to "Sent", and from opening the page to the question."""

    taps: list[float] = field(default_factory=list)
    joins: list[float] = field(default_factory=list)
    looks: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    chosen: dict[str, int] = field(default_factory=dict)
    watched: list[int] = field(default_factory=list)


async def join(visitor: Visitor, code: str, number: str, seen: Class) -> None:
    """Open the room's address; its page asks for the browser's number first."""
    start = time.perf_counter()
    first = await visitor.open(PAGE, f"room={code}")
    told = await visitor.tell("browser", {"kept": {"number": number, "room": ""}})
    seen.joins.append(time.perf_counter() - start)
    seen.faults += first.faults + told.faults


async def student(visitor: Visitor, room: Room, number: str, seen: Class) -> None:
    """Join, look, answer, look on until all have answered; one of five changes the answer."""
    chance = random.Random(number)
    began = time.monotonic()
    await asyncio.sleep(chance.uniform(0, ANSWERING / 3))
    await join(visitor, room.code, number, seen)
    taps = sorted(chance.uniform(ANSWERING / 3, ANSWERING) for _ in range(1 + (chance.random() < CHANGES)))
    while taps or time.monotonic() - began < ANSWERING + LOOK:
        if taps and time.monotonic() - began > taps[0]:
            taps.pop(0)
            place = chance.randrange(len(OPTIONS))
            answer = await visitor.press(SHEET.format(turn=room.turn, place=place))
            seen.taps.append(answer.seconds)
            seen.chosen[number] = place
            if not any(f"Sent: {'ABC'[place]}".encode() in message for message in answer.messages):
                seen.faults.append("a tap was not told as sent")
        else:
            answer = await visitor.look(SHEET.format(turn=room.turn, place=0))
            seen.looks.append(answer.seconds)
        seen.faults += answer.faults
        due = taps[0] - (time.monotonic() - began) if taps else LOOK
        await asyncio.sleep(max(0.0, min(LOOK, due)))


async def lecturer(here: Rooms, key: Key, seen: Class) -> None:
    """Watch the number of answers grow."""
    while True:
        seen.watched.append(here.look(key.code).answers)
        await asyncio.sleep(WATCH)


async def lesson(address: str, here: Rooms, students: int) -> Class:
    """Open a room beside the server, let all in, and compare what it counted with what was tapped."""
    key, seen = here.open(ASK, OPTIONS), Class()
    room = here.look(key.code)
    async with AsyncExitStack() as sessions:
        visitors = [await sessions.enter_async_context(Visitor(address)) for _ in range(students)]
        watching = asyncio.create_task(lecturer(here, key, seen))
        await asyncio.gather(
            *(student(visitor, room, f"{at:032d}", seen) for at, visitor in enumerate(visitors))
        )
        watching.cancel()
    counted, tapped = here.look(key.code).counts, Counter(seen.chosen.values())
    if counted != tuple(tapped[place] for place in range(len(OPTIONS))):
        seen.faults.append(f"tapped {dict(tapped)}, counted {counted}")
    if sum(counted) != students:
        seen.faults.append(f"{sum(counted)} of {students} are counted")
    if seen.watched != sorted(seen.watched):
        seen.faults.append("the number of answers fell")
    here.close(key)
    return seen
