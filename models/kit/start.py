"""Start Plainsight from this folder, without internet: ``python3 start.py [options of streamlit run]``.

The first time it checks every file and installs the libraries into .venv beside this file.
"""

import os
import platform
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

KIT = Path(__file__).absolute().parent
SUMS, MADE_FOR = "SHA256SUMS", "made-for.txt"
LOOK_SECONDS = 0.5
OURS = (".venv", SUMS, "__pycache__")  # what comes into being beside the kit's files


def files_of(kit: Path) -> Iterator[Path]:
    """Every file that a checksum stands for."""
    for file in sorted(kit.rglob("*")):
        if file.is_file() and not set(file.relative_to(kit).parts) & set(OURS):
            yield file


def broken(kit: Path) -> list[str]:
    """The files that are missing or not as they were."""
    lines = (kit / SUMS).read_text("utf-8").splitlines()
    sums = {name: known for known, _, name in (line.partition("  ") for line in lines)}
    return [name for name, known in sums.items() if not (kit / name).is_file() or _sum(kit / name) != known]


def _sum(file: Path) -> str:
    hashed = sha256()
    with file.open("rb") as opened:
        while block := opened.read(2**20):
            hashed.update(block)
    return hashed.hexdigest()


def unfit(kit: Path) -> str:
    """Why the libraries in the kit do not run here, "" if they do."""
    system, machine, python = (kit / MADE_FOR).read_text("utf-8").split()
    here = platform.system(), platform.machine(), ".".join(platform.python_version_tuple()[:2])
    if here == (system, machine, python):
        return ""
    return (
        f"This kit was made for {system} {machine} with Python {python}; this is {here[0]} {here[1]} with "
        f"Python {here[2]}. Start it with that Python, or make a kit on a machine like this one."
    )


def installing(python: str, kit: Path) -> list[str]:
    """The command that installs the libraries from the kit alone, each checked by its checksum."""
    command = [python, "-m", "pip", "--isolated", "install", "--quiet", "--disable-pip-version-check"]
    from_here = ["--no-index", "--find-links", str(kit / "wheels"), "--require-hashes", "--no-deps"]
    return [*command, *from_here, "-r", str(kit / "requirements.txt")]


def following(command: list[str], folder: Path, wanted: int) -> int:
    """Run pip and count what it has installed into ``folder``; the status with which it ends."""
    there = "Lib" if os.name == "nt" else "lib/python*"
    own = len(list(folder.glob(f"{there}/site-packages/*.dist-info")))
    with subprocess.Popen(command) as pip:
        while pip.poll() is None:
            done = len(list(folder.glob(f"{there}/site-packages/*.dist-info"))) - own
            print(f"\r{done} of {wanted} libraries", end="", flush=True)
            time.sleep(LOOK_SECONDS)
    print()
    return pip.returncode


def install(kit: Path) -> Path:
    """The Python of the kit's own environment, made and filled once."""
    folder = kit / ".venv"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    done = folder / "complete"
    if done.exists():
        return python
    print("Checking the files of the kit …", flush=True)
    if wrong := broken(kit):
        sys.exit(f"{len(wrong)} files are missing or damaged, the first is {wrong[0]}. Copy the kit anew.")
    print("Installing, once; this takes some minutes …", flush=True)
    venv.create(folder, clear=True, with_pip=True)
    if following(installing(str(python), kit), folder, len(list((kit / "wheels").iterdir()))):
        sys.exit("The libraries could not be installed; what pip said stands above.")
    done.touch()
    return python


def main() -> None:
    """Install if need be, then run the app with the kit's models."""
    if why := unfit(KIT):
        sys.exit(why)
    python = install(KIT)
    environment = {"PLAINSIGHT_CACHE": str(KIT / "models"), **os.environ}
    command = [str(python), "-m", "streamlit", "run", "streamlit_app.py", *sys.argv[1:]]
    with suppress(KeyboardInterrupt):
        sys.exit(subprocess.run(command, cwd=KIT / "plainsight", env=environment).returncode)


if __name__ == "__main__":
    main()
