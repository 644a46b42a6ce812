"""The pure halves of the gates view, the cell diagram and the painted text, under node."""

import shutil
import subprocess
from pathlib import Path

import pytest

NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="node is not on the PATH")
def test_layout_in_the_browser() -> None:
    assert NODE
    script = Path(__file__).with_name("gates.test.mjs")
    done = subprocess.run([NODE, "--test", str(script)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
