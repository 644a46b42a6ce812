"""How the scripts of a component come together."""

import re
from pathlib import Path

SVG = Path(__file__).parent / "figures/svg.js"  # what every drawing script shares


def one_module(*files: Path) -> str:
    """ECMAScript files as one module, in this order: a component of Streamlit takes one string.

    Their imports of each other go (``import {…} from …``), and so do all exports but the default one.
    """
    whole = "\n".join(file.read_text("utf-8") for file in files)
    return re.sub(r"^import \{[^}]*\} from .*\n|^export (?!default)", "", whole, flags=re.M)


def beside(folder: Path, *names: str) -> list[Path]:
    """The scripts of these names in a folder."""
    return [folder / f"{name}.js" for name in names]
