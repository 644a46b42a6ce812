"""Messages of the scatter view, and its browser half under node."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from components.scatter_view import (
    MOST_LEVELS,
    MOST_POINTS,
    Arrow,
    Map,
    Truth,
    View,
    message,
    script,
    standalone_html,
)

NODE = shutil.which("node")
XY = np.array([[0.0, 1], [2, 3], [4, 5]])
NEAR = np.array([[1, 2], [0, 2], [1, 0]])


def read(sent: bytes) -> tuple[dict, bytes]:
    length = int.from_bytes(sent[:4], "little")
    return json.loads(sent[4 : 4 + length]), sent[4 + length :]


def test_a_message_holds_every_number() -> None:
    maps = [Map("PCA", XY, near=NEAR), Map("t-SNE", XY * 2, values={"local trust": np.array([0, 0.5, 1])})]
    truth = Truth(NEAR, np.full((3, 2), 0.25), "cosine")
    sent = message("abc", maps, truth=truth, images=np.arange(12, dtype=np.uint8).reshape(3, 2, 2))
    header, body = read(sent)
    kinds = {"f": np.float32, "h": np.uint16, "b": np.uint8}

    def array(name: str) -> list[float]:
        kind, offset, count = header["arrays"][name]
        return np.frombuffer(body, kinds[kind], count, offset).tolist()

    assert array("xy1") == [0, 2, 4, 6, 8, 10]
    assert array("near0") == array("truth") == [1, 2, 0, 2, 1, 0]
    assert array("value1_0") == [0, 0.5, 1]
    assert array("distance") == [0.25] * 6
    assert array("images") == list(range(12))
    assert (header["k"], header["images"]) == (2, {"height": 2, "width": 2})


def test_columns_are_numbers_or_levels() -> None:
    rare = [f"level {i}" for i in range(MOST_LEVELS)]
    labels = ["x"] * (MOST_LEVELS + 2)
    columns = {"n": [1.5, np.nan, *range(MOST_LEVELS)], "t": ["b", "b", *rare]}
    header, _ = read(message(labels, [Map("m", np.zeros((len(labels), 2)))], columns=columns))
    number, text = header["columns"]
    assert (number["levels"], number["values"][:3]) == (None, [1.5, None, 0])
    assert text["levels"][0] == "b"
    assert (text["values"][:2], text["values"][-1]) == ([0, 0], -1)


def test_the_name_of_a_message_follows_its_content() -> None:
    one, other, view = (
        read(message("abc", [Map("m", xy)], shown))[0]
        for xy, shown in ((XY, None), (XY + 1, None), (XY, View(pick=1)))
    )
    assert one["points"] == other["points"]
    assert len({one["id"], other["id"], view["id"]}) == 3


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^m has places of shape \(3, 2\) for 2 labels\.$"):
        message("ab", [Map("m", XY)])
    with pytest.raises(ValueError, match="65536 points"):
        message(["x"] * (MOST_POINTS + 1), [])


def test_labels_are_text_in_a_saved_page() -> None:
    sent = message(
        ["<script>alert(1)</script>", "</script>", "c"], [Map("m", XY)], arrows=[Arrow(0, (0, 1), (2, 3))]
    )
    page = standalone_html(sent, title="<b>")
    assert "alert(1)" not in page
    assert "&lt;b&gt;" in page


@pytest.mark.skipif(NODE is None, reason="node is not on the PATH")
def test_the_browser_half() -> None:
    file = Path(__file__).with_name("scatter.test.mjs")
    done = subprocess.run([NODE, "--test", str(file)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(NODE is None, reason="node is not on the PATH")
def test_the_component_is_one_valid_module(tmp_path: Path) -> None:
    whole = tmp_path / "whole.mjs"
    whole.write_text(script(), "utf-8")
    count = "const all = await import(process.argv[1]); console.log(Object.keys(all).join())"
    done = subprocess.run(
        [NODE, "--input-type=module", "--eval", count, str(whole)], capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == "default", done.stderr
