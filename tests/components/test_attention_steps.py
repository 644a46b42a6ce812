"""Messages of the step view, and its browser half under node."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from components.attention_steps import Block, Matrix, Step, View, message, script

NODE = shutil.which("node")
STEP = Step("Product", "A product", [Block("product", "A", ("B",), ("C",))], ["It is 1."], [("C", 0, 0)])


def matrix(values: Any, **options: Any) -> Matrix:
    array = np.asarray(values, float)
    rows, columns = ([f"{name}{i}" for i in range(n)] for name, n in zip("rc", array.shape[-2:], strict=True))
    return Matrix("M", rows, columns, array, **options)


def test_a_message_is_plain_json_with_every_number() -> None:
    names = {"A": matrix([[0.1 + 0.2, -np.inf]]), "B": matrix(np.zeros((3, 2, 2)))}
    sent = json.loads(json.dumps(message(names, [STEP], View(step=1, cell=("C", 0, 1)), prefix="self")))
    assert sent["matrices"]["A"]["values"] == [[0.3, None]]
    assert (sent["matrices"]["A"]["per_head"], sent["matrices"]["B"]["per_head"]) == (False, True)
    assert sent["view"] == {"step": 1, "head": 0, "cell": ["C", 0, 1]}
    assert sent["defaults"] == {"step": 1, "head": 0, "cell": None}
    assert sent["steps"][0]["at"] == [["C", 0, 0]]


def test_a_messages_name_changes_with_its_numbers_not_with_the_view() -> None:
    one, other = ({"A": matrix([[value]])} for value in (1.0, 2.0))
    assert message(one, [STEP], View())["id"] == message(one, [STEP], View(step=3))["id"]
    assert message(one, [STEP], View())["id"] != message(other, [STEP], View())["id"]


def test_a_shape_has_no_numbers() -> None:
    sent = message({"A": Matrix("W_Q", (), (), None, shape=(512, 64))}, [STEP], View())["matrices"]["A"]
    assert (sent["values"], sent["shape"]) == (None, [512, 64])


def test_labels_must_fit_the_values() -> None:
    with pytest.raises(ValueError, match=r"^W has values of shape \(2, 2\) and labels for \(1, 2\)\.$"):
        message({"A": Matrix("W", ["r"], ["a", "b"], np.zeros((2, 2)))}, [STEP], View())


def test_a_step_of_every_head_needs_a_sentence_a_head() -> None:
    step = Step("S", "t", [], ["one"], per_head=True)
    with pytest.raises(ValueError, match=r"^Step “S” has 1 sentences for 2 heads\.$"):
        message({}, [step], View(), heads=2)


@pytest.mark.skipif(NODE is None, reason="node is not on the PATH")
def test_the_browser_half() -> None:
    file = Path(__file__).with_name("steps.test.mjs")
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
