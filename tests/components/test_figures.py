"""Figures: the message, the scales, and the browser's halves under node."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from components import figures

NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="node is not on the PATH")
KINDS = (
    "matrix",
    "turning",
    "scoreboard",
    "save",
    "tracks",
    "lattice",
    "recall",
    "alignment",
    "answers",
    "beam",
    "heads",
)


def test_a_message_holds_header_and_numbers() -> None:
    values = np.array([[1.5, np.nan], [-2, 0]])
    message = figures.message({"title": "é </script> 🌍"}, values)
    size = int.from_bytes(message[:4], "little")
    assert json.loads(message[4 : 4 + size]) == {"title": "é </script> 🌍"}
    assert np.array_equal(np.frombuffer(message[4 + size :], "<f4").reshape(2, 2), values, equal_nan=True)


def test_a_text_with_half_a_character_still_goes_through() -> None:
    message = figures.message({"title": "\ud800"})
    assert json.loads(message[4:]) == {"title": "?"}


def test_a_signed_scale_is_centred_on_0() -> None:
    scale = figures.signed("value", np.array([0.2, -0.7, np.nan]))
    assert (scale.low, scale.high, scale.kind) == (-0.7, 0.7, "diverging")
    assert figures.Scale("weight", 0, 1).kind == "sequential"
    assert figures.signed("value", np.zeros(3)).high == 1


@needs_node
@pytest.mark.parametrize("tests", ["figures", "memory", "alignment", "heads"])
def test_layout_in_the_browser(tests: str) -> None:
    assert NODE
    test = str(Path(__file__).with_name(f"{tests}.test.mjs"))
    done = subprocess.run([NODE, "--test", test], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


@needs_node
@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_is_one_valid_module(kind: str, tmp_path: Path) -> None:
    assert NODE
    whole = tmp_path / "whole.mjs"
    whole.write_text(figures.script(kind), "utf-8")
    count = "const all = await import(process.argv[1]); console.log(Object.keys(all).join())"
    done = subprocess.run(
        [NODE, "--input-type=module", "--eval", count, str(whole)], capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == "default", done.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_fetched(kind: str) -> None:
    code = figures.script(kind).replace("http://www.w3.org/", "")
    assert not [word for word in ("http:", "https:", "fetch(", "import(", "innerHTML") if word in code]


def test_a_number_too_large_for_the_browser_is_infinite() -> None:
    sent = figures.message({}, np.array([1e300, -1e300, np.nan, 0.5]))
    np.testing.assert_array_equal(
        np.frombuffer(sent[-16:], "<f4"), np.float32([np.inf, -np.inf, np.nan, 0.5])
    )
