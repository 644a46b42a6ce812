"""Resident memory of the server while visitors go through every page: ``python -m tests.bench.memory``.

Three sessions, kept open, visit every page of the catalogue; then they press every preset of every page, ten
times over. Models are those that come with the installation. RSS counts every page in memory, PSS its part of
shared ones, USS what would be freed if the server ended. ``--profile`` chooses a profile of app/settings.py,
``--rounds`` how often the presets are gone through.
"""

import argparse
import asyncio
import os
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

import psutil

from app.catalogue import ROOT
from app.settings import PROFILES
from tests.e2e.conftest import start_server
from tests.load.visitor import Visitor, presets

VISITORS = 3
MOST_GROWTH = 0.10  # from the first round of presets to the last
MEGABYTE = 1e6


def measure(server: psutil.Process) -> tuple[float, float, float]:
    """RSS, PSS and USS of the server and what it has started, in MB."""
    found = [each.memory_full_info() for each in (server, *server.children(recursive=True))]
    return tuple(sum(getattr(each, kind) for each in found) / MEGABYTE for kind in ("rss", "pss", "uss"))  # type: ignore[return-value]


async def visit(address: str, server: psutil.Process, rounds: int) -> None:
    """Go through everything and print what it takes."""

    def line(name: str) -> float:
        rss, pss, uss = measure(server)
        print(f"{name:44s} {rss:7.0f} {pss:7.0f} {uss:7.0f}", flush=True)
        return rss

    print(f"{'MB':44s} {'RSS':>7s} {'PSS':>7s} {'USS':>7s}")
    line("the server before a visitor")
    faults: dict[str, None] = {}
    async with AsyncExitStack() as open_sessions:
        visitors = [await open_sessions.enter_async_context(Visitor(address)) for _ in range(VISITORS)]
        pages = visitors[0].pages
        for page in pages:
            for visitor in visitors:
                faults |= dict.fromkeys((await visitor.open(page)).faults)
            line(f"after {VISITORS} visitors: {page or 'home'}")
        after: list[float] = []
        for turn in range(1, rounds + 1):
            for page in pages:
                for visitor in visitors:
                    faults |= dict.fromkeys((await visitor.open(page)).faults)
                    for preset in list(presets(visitor)):
                        faults |= dict.fromkeys((await visitor.press(preset)).faults)
                if turn == 1:
                    line(f"with every preset: {page or 'home'}")
            after.append(line(f"after round {turn} of all presets"))
    peak = int(Path(f"/proc/{server.pid}/status").read_text().split("VmHWM:")[1].split()[0]) * 1024
    print(f"\nHighest RSS at any time: {peak / MEGABYTE:.0f} MB")
    if rounds > 1:
        growth = after[-1] / after[0] - 1
        judged = "flat" if abs(growth) <= MOST_GROWTH else "NOT flat"
        print(f"From round 1 to round {rounds}: {growth:+.1%} ({judged}; the bound is {MOST_GROWTH:.0%})")
    for fault in faults:
        print(f"FAULT: {fault}")


def main() -> None:
    """Start a server with an empty cache of models, measure, stop it."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--profile", choices=list(PROFILES), default="cloud")
    asked.add_argument("--rounds", type=int, default=10)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"PLAINSIGHT_PROFILE": given.profile, "PLAINSIGHT_CACHE": f"{folder}/cache"}
        address, server = start_server(ROOT / "streamlit_app.py", Path(folder) / "log")
        try:
            asyncio.run(visit(address, psutil.Process(server.pid), given.rounds))
            print((Path(folder) / "log").read_text()[-2000:])
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
