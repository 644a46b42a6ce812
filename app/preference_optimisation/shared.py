"""What the views of the page share."""

from collections.abc import Mapping
from functools import partial
from importlib.metadata import version

from app import shown
from app.catalogue import PREFERENCE_OPTIMISATION, ROOT
from app.shown import Rows, Shown, csv_button, exports
from models.traces import Provenance

RECORDED = ROOT / "models/runs/preference/smollm2"  # runs made by models/train/preference_run.py
PREFIX = PREFERENCE_OPTIMISATION.prefix
FIGURE = f"{PREFIX}_figure"  # the container that the export buttons save
tell = partial(shown.tell, prefix=PREFIX)
saved_as = partial(shown.saved_as, prefix=PREFIX)

__all__ = [
    "FIGURE",
    "PREFIX",
    "RECORDED",
    "Rows",
    "Shown",
    "computed",
    "csv_button",
    "exports",
    "power",
    "saved_as",
    "state",
    "tell",
]


def state(view: str, **given: str) -> dict[str, str]:
    """A preset's state of the named controls."""
    return {f"{PREFIX}_{key}": value for key, value in {"view": view, **given}.items()}


def power(exponent: int) -> str:
    """A power of ten as on paper."""
    return "10" + str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def computed(
    what: str, revision: str, precision: str, packages: tuple[str, ...], spent: float = 0, note: str = ""
) -> Provenance:
    """Where numbers come from that no model has made."""
    versions: Mapping[str, str] = {name: version(name) for name in packages}
    return Provenance(what, revision, precision, "cpu", 0, spent, dict(versions), note)
