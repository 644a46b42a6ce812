"""What the views of the page share: numbers as text, their table, their exports."""

import csv
import io
import math
import re
from collections.abc import Callable
from functools import cache
from importlib.metadata import version

from app import frame, shown
from app.catalogue import DISTRIBUTIONS
from app.shown import Rows, csv_button
from components import toolbar
from models.traces import Provenance

PREFIX = DISTRIBUTIONS.prefix
SEPARATOR = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
FIGURE = f"{PREFIX}_figure"  # the container that the export buttons save


def figure(value: float, digits: int = 3) -> str:
    """A number for a sentence or a table: ``digits`` significant ones, at least the whole part, a true
    minus.
    """
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    size = abs(value)
    if size < 5e-13:
        return "0"
    if size >= 1e7 or size < 1e-4:
        text = f"{value:.{digits - 1}e}".replace("e+0", "e").replace("e-0", "e-").replace("e+", "e")
    else:
        decimals = max(0, digits - 1 - math.floor(math.log10(size)))
        text = f"{value:,.{decimals}f}"
    return text.replace("-", "−")


def ratio(value: float) -> str:
    """A skewness or a kurtosis: two decimals, and a sign that says the side."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞"
    text = f"{value:+.2f}"
    return "0.00" if float(text) == 0 else text.replace("-", "−")


def made(what: str, source: str, milliseconds: float) -> Provenance:
    """Where the numbers of a picture come from."""
    return Provenance(what, source, "float64", "cpu", 0, milliseconds, _versions())


@cache
def _versions() -> dict[str, str]:
    """Looked up once: each look reads a file, and every slider would wait for it."""
    return {name: version(name) for name in ("numpy", "scipy")}


def height(*, live: bool = False) -> int:
    """Pixels of a picture; a room has more of them, and most for live charts: nothing stands below those."""
    return (500 if live else 390) if frame.presenting() else 370


def tell(sentences: list[str], rows: Rows, origin: Provenance, stem: str, title: str) -> None:
    """What you see, the numbers as a table, and the ear for the export buttons."""
    shown.tell(" ".join(sentences), rows, origin, stem, title, prefix=PREFIX)


def exports(numbers: Callable[[], str], stem: str) -> Callable[[], None]:
    """The export choices of a view; ``numbers`` gives them as CSV."""

    def fill() -> None:
        toolbar.export_buttons(["svg", "png", "html"])
        csv_button(numbers, stem)

    return fill


def table_csv(rows: Rows) -> str:
    """Rows as CSV, for machines: a plain minus, no thousands separator, nothing where there is no number."""
    out = io.StringIO()
    plain = [
        ["" if cell == "–" else SEPARATOR.sub("", cell).replace("−", "-") for cell in row] for row in rows
    ]
    csv.writer(out, lineterminator="\n").writerows(plain)
    return out.getvalue()
