"""What the linked picture is told, and its browser half under node."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from components.distribution_view import Drawing, View, header, script
from models.distributions import describe, shape

NODE = shutil.which("node")
X = np.array([1.0, 2, 2, 3, 12])


def told(x: np.ndarray = X, view: View | None = None, **options: object) -> dict:
    return json.loads(
        json.dumps(
            header(shape(x), describe(x), view or View(), prefix="dist", label="five", **options),
            allow_nan=False,
        )
    )


def test_every_printed_number_comes_along() -> None:
    sent = told(view=View(bins=4, near=True, moved="4:12"))
    assert sent["points"] == X.tolist()
    assert [mark["value"] for mark in sent["marks"][:2]] == [4, 2]
    assert sent["box"] == [1, 2, 2, 3, 3]
    assert sent["z"][4] == round(8 / X.std(ddof=1), 3)
    assert sent["share"][4] == "97 %"
    assert (sent["bins"], sent["range"], sent["moved"], sent["edit"]) == (4, "middle", "4:12", True)
    assert sent["line"] == [4, pytest.approx(X.std(ddof=1))]


def test_a_column_without_shape_is_plain_json_too() -> None:
    for x in ([5.0], [3.0, 3, 3], [1e299, -1e299]):
        sent = told(np.array(x))
        assert sent["points"] == x
    assert told(np.array([3.0, 3]))["share"] is None
    assert told(np.array([3.0]))["line"] is None


def test_a_mean_that_is_only_rounding_is_0() -> None:
    x = np.array([-0.1, -0.2, 0.3]) * 3
    assert x.mean() != 0
    assert told(x)["marks"][0] == {"name": "mean", "value": 0}


def test_many_values_are_not_dragged_and_a_drawing_says_so() -> None:
    assert not told(np.arange(301.0))["edit"]
    sent = told(drawing=Drawing([0, 50, 100], (0, 10)))
    assert sent["draw"] == {"heights": [0, 50, 100], "domain": [0, 10]}
    assert sent["hint"].startswith("Draw a curve")


@pytest.mark.skipif(NODE is None, reason="node is not on the PATH")
def test_the_browser_half() -> None:
    file = Path(__file__).with_name("distribution.test.mjs")
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
