"""The replayed runs: what the browser gets, and its pure half under node."""

import json
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from components.token_replay import message, script
from models.replays import replays

NODE = shutil.which("node")


def test_the_message_holds_every_run_and_the_view_that_is_asked_for() -> None:
    runs = replays("smollm2")
    body = message(runs, run="orpo-1", pair=2, step=57, count=10, prefix="pref")
    (length,) = struct.unpack("<I", body[:4])
    header = json.loads(body[4 : 4 + length])
    assert header["view"] == {"run": 3, "pair": 1, "look": 5}
    assert [run["id"] for run in header["runs"]] == [run.id for run in runs]
    for run, known in zip(header["runs"], runs, strict=True):
        assert run["curves"]["odds"] == known.held_out("log_odds_chosen")
        assert len(run["tokens"]) == len(run["steps"]) == len(run["curves"]["chosen"])
    assert "import {" not in script()


@pytest.mark.skipif(NODE is None, reason="node is not on the PATH")
def test_the_pure_half() -> None:
    assert NODE
    done = subprocess.run(
        [NODE, "--test", str(Path(__file__).with_name("token_replay.test.mjs"))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
