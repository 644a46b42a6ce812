"""All that a machine without internet needs, in one folder or zip: ``python -m models kit FOLDER``.

wheels/            every library, as built for this system and this Python
requirements.txt   their versions and checksums; pip checks both
plainsight/        the app
models/            the models that have been fetched here
SHA256SUMS         of every file
start.py           there: ``python3 start.py`` checks, installs and starts
"""

import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

from models.download import digest
from models.errors import ModelError
from models.kit.start import MADE_FOR, SUMS, files_of
from models.loading import folder_of, is_here
from models.registry import MODELS

ROOT = Path(__file__).parents[2]
APP = (
    ".streamlit",
    "app",
    "components",
    "models",
    "streamlit_app.py",
    "requirements.txt",
    "README.md",
    "LICENSE",
)

Say = Callable[[str], object]


class KitError(ModelError):
    """The kit cannot be made."""


def make(target: Path, *, say: Say = print) -> Path:
    """Make the kit as a folder, or as one file where ``target`` ends with .zip; raises KitError."""
    if target.exists() and (target.is_file() or any(target.iterdir())):
        raise KitError(f"{target} is there already; name a new folder or delete that one.")
    if target.suffix != ".zip":
        _fill(target, say)
        return target
    with tempfile.TemporaryDirectory(dir=target.absolute().parent) as folder:
        filled = Path(folder) / target.stem
        _fill(filled, say)
        say("Packing")
        with ZipFile(target, "w", ZIP_STORED) as packed:  # wheels and weights are packed already
            for file in files_of(filled):
                packed.write(file, file.relative_to(folder))
            packed.write(filled / SUMS, f"{target.stem}/{SUMS}")
    return target


def _fill(kit: Path, say: Say) -> None:
    say("Collecting libraries; this takes some minutes")
    collect_wheels(ROOT / "requirements.txt", kit / "wheels")
    (kit / "requirements.txt").write_text("".join(map(_pinned, sorted((kit / "wheels").iterdir()))), "utf-8")
    for name in APP:
        _copy(ROOT / name, kit / "plainsight" / name)
    here = [card for card in MODELS.values() if card.origin in ("hub", "wheel") and is_here(card)]
    for card in here:
        say(f"Adding {card.name}")
        _copy(folder_of(card), kit / "models" / card.id)
    (kit / MADE_FOR).write_text(f"{platform.system()} {platform.machine()} {_python()}\n", "utf-8")
    shutil.copy(Path(__file__).with_name("start.py"), kit / "start.py")
    say("Checksums")
    sums = [
        f"{digest(file).partition(':')[2]}  {file.relative_to(kit).as_posix()}\n" for file in files_of(kit)
    ]
    (kit / SUMS).write_text("".join(sums), "utf-8")


def collect_wheels(requirements: Path, folder: Path) -> None:
    """Every library of a file of requirements with all that it needs, as wheels for this machine."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--wheel-dir",
        str(folder),
        "-r",
        str(requirements),
    ]
    if subprocess.run(command).returncode:
        raise KitError("pip could not collect the libraries; what it said stands above.")


def _pinned(wheel: Path) -> str:
    name, version = wheel.name.split("-")[:2]
    return f"{name}=={version} --hash=sha256:{sha256(wheel.read_bytes()).hexdigest()}\n"


def _python() -> str:
    return ".".join(platform.python_version_tuple()[:2])


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", ".*.lock"))
    else:
        shutil.copy(source, target)
