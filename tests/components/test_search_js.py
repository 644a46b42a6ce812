"""What the search finds, under node."""

import shutil
import subprocess
from pathlib import Path

import pytest

NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="node is not on the PATH")
def test_search() -> None:
    assert NODE
    script = Path(__file__).with_name("search.test.mjs")
    done = subprocess.run([NODE, "--test", str(script)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
