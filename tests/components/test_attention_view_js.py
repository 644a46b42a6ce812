"""The browser's half: layout.js under node --test, and its printed numbers beside the server's."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from components.attention_view import HERE, script
from models.quantise import percent, unpack_table

NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(NODE is None, reason="node is not on the PATH")
PERCENTS = """
const { percent } = await import(`data:text/javascript,${encodeURIComponent(await text(LAYOUT))}`)
console.log(JSON.stringify(JSON.parse(await text(0)).map(percent)))
"""
HEAD = 'import { readFileSync } from "node:fs"\nconst text = async file => readFileSync(file, "utf8")\n'


def node(*arguments: str, typed: str = "") -> str:
    done = subprocess.run([NODE, *arguments], input=typed, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_layout_and_drawing() -> None:
    node("--test", str(Path(__file__).with_name("layout.test.mjs")))


def test_both_sides_print_the_same_percent() -> None:
    random = np.random.default_rng(0)
    weights = [
        *unpack_table().tolist(),
        *(random.random(20_000) ** 4).tolist(),
        *random.random(20_000, np.float32).astype(float).tolist(),
        *(np.arange(2001) / 2000).tolist(),  # ties: exactly between two printed numbers
        *np.nextafter([0.03, 0.03, 1], [0, 1, 2]).tolist(),
    ]
    code = HEAD + PERCENTS.replace("LAYOUT", json.dumps(str(HERE / "layout.js")))
    printed = json.loads(node("--input-type=module", "--eval", code, typed=json.dumps(weights)))
    differ = [(w, js, percent(w)) for w, js in zip(weights, printed, strict=True) if js != percent(w)]
    assert differ == []


def test_the_component_is_one_valid_module(tmp_path: Path) -> None:
    whole = tmp_path / "whole.mjs"
    whole.write_text(script(), "utf-8")
    node("--check", str(whole))
    # a name that one of the files only believed to have would fail here
    count = "const all = await import(process.argv[1]); console.log(Object.keys(all).join())"
    assert node("--input-type=module", "--eval", count, str(whole)).strip() == "default"
