"""The loss plane: its pure half under node, with the numbers of models/preference.py beside it."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from models.preference_point import at_point

NODE = shutil.which("node")
NAMES = ("w", "l", "nw", "nl", "lam", "beta", "sbeta", "gamma", "rw", "rl")
LOW = (-5, -5, 1, 1, 0, 0.01, 0.1, 0, -5, -5)
HIGH = (-0.001, -0.001, 200, 200, 5, 2, 10, 5, -0.001, -0.001)


@pytest.mark.skipif(NODE is None, reason="node is not on the PATH")
def test_the_browser_computes_what_the_losses_say() -> None:
    assert NODE
    drawn = np.random.default_rng(6).uniform(LOW, HIGH, (40, len(NAMES)))
    numbers = [dict(zip(NAMES, map(float, row), strict=True)) for row in (LOW, HIGH, *drawn)]
    points = json.dumps([{"numbers": each, "found": at_point(**each)} for each in numbers])
    script = Path(__file__).with_name("loss_plane.test.mjs")
    done = subprocess.run(
        [NODE, "--test", str(script)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "POINTS": points},
    )
    assert done.returncode == 0, done.stdout + done.stderr
