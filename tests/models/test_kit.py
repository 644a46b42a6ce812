"""The kit for a machine without internet: whole, checked, and refused where it cannot run."""

import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest

from models import kit
from models.__main__ import main
from models.kit import start


def wheel(folder: Path, name: str) -> Path:
    """A library with one module and nothing else."""
    folder.mkdir(parents=True, exist_ok=True)
    file, info = folder / f"{name}-1.0-py3-none-any.whl", f"{name}-1.0.dist-info"
    with ZipFile(file, "w") as packed:
        packed.writestr(f"{name}.py", "answer = 42\n")
        packed.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        packed.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        packed.writestr(f"{info}/RECORD", f"{name}.py,,\n")
    return file


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A kit with one tiny library and one fetched model."""
    monkeypatch.setenv("PLAINSIGHT_CACHE", str(tmp_path / "cache"))
    model = tmp_path / "cache/smollm2"
    model.mkdir(parents=True)
    (model / "config.json").write_text("{}")
    (model / "model.safetensors").write_bytes(b"weights")
    (model / ".smollm2.lock").write_text("")
    monkeypatch.setattr(kit, "collect_wheels", lambda requirements, folder: wheel(folder, "tiny"))
    return lambda name: kit.make(tmp_path / name, say=lambda _: None)


def test_a_kit_holds_app_libraries_models_and_checksums(made):
    folder = made("kit")
    assert (folder / "plainsight/streamlit_app.py").exists()
    assert (folder / "plainsight/.streamlit/config.toml").exists()
    assert {each.name for each in (folder / "models/smollm2").iterdir()} == {
        "config.json",
        "model.safetensors",
    }
    checksum = sha256((folder / "wheels/tiny-1.0-py3-none-any.whl").read_bytes()).hexdigest()
    assert (folder / "requirements.txt").read_text() == f"tiny==1.0 --hash=sha256:{checksum}\n"
    listed = [line.partition("  ")[2] for line in (folder / kit.SUMS).read_text().splitlines()]
    assert {"start.py", "made-for.txt", "models/smollm2/model.safetensors"} <= set(listed)
    assert not [name for name in listed if "__pycache__" in name]
    assert start.broken(folder) == []
    assert start.unfit(folder) == ""


def test_libraries_come_from_the_kit_alone_and_only_whole(made, tmp_path, monkeypatch, capfd):
    """The network is dead: every index and proxy is a closed port."""
    folder, target = made("kit"), tmp_path / "there"
    for name in ("PIP_INDEX_URL", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    command = [*start.installing(sys.executable, folder), "--target", str(target)]
    assert subprocess.run(command).returncode == 0
    assert (target / "tiny.py").exists()
    with ZipFile(folder / "wheels/tiny-1.0-py3-none-any.whl", "a") as packed:
        packed.writestr("more.py", "")
    assert start.broken(folder) == ["wheels/tiny-1.0-py3-none-any.whl"]
    assert subprocess.run(command).returncode != 0
    assert "DO NOT MATCH THE HASHES" in capfd.readouterr().err


def test_a_damaged_kit_is_not_installed(made):
    folder = made("kit")
    (folder / "models/smollm2/model.safetensors").write_bytes(b"weightz")
    (folder / "start.py").unlink()
    with pytest.raises(SystemExit, match="2 files are missing or damaged, the first is models/smollm2"):
        start.install(folder)


@pytest.mark.parametrize("status", [0, 1])
def test_what_is_installed_is_counted_and_pip_may_fail(tmp_path, capsys, status):
    made = f"import pathlib, sys; pathlib.Path({str(tmp_path)!r}, 'lib/python3/site-packages/a.dist-info')"
    command = [
        sys.executable,
        "-c",
        f"{made}.mkdir(parents=True); import time; time.sleep(1); sys.exit({status})",
    ]
    assert start.following(command, tmp_path, 7) == status
    assert "1 of 7 libraries" in capsys.readouterr().out


def test_a_zip_holds_the_same(made):
    packed = made("kit.zip")
    with ZipFile(packed) as opened:
        names = opened.namelist()
        assert "kit/start.py" in names
        assert "kit/models/smollm2/config.json" in names
        assert len(opened.read(f"kit/{kit.SUMS}").splitlines()) == len(names) - 1


def test_a_kit_for_another_python_says_so(made):
    folder = made("kit")
    (folder / start.MADE_FOR).write_text("Darwin arm64 3.99\n")
    assert start.unfit(folder).startswith("This kit was made for Darwin arm64 with Python 3.99; this is ")


def test_nothing_is_overwritten_and_what_pip_lacks_is_said(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("")
    assert main(["kit", str(tmp_path)]) == 1
    assert "is there already" in capsys.readouterr().err
    missing = tmp_path / "requirements.txt"
    with pytest.raises(kit.KitError, match="pip could not collect"):
        kit.collect_wheels(missing, tmp_path / "wheels")
