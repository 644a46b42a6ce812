"""What the views of the page share: numbers as text, what they give back, their exports."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version

import streamlit as st

from app import frame
from app.catalogue import DISTRIBUTIONS
from components import figures, toolbar
from models.traces import Provenance

PREFIX = DISTRIBUTIONS.prefix
FIGURE = f"{PREFIX}_figure"  # the container that the export buttons save
Rows = list[tuple[str, ...]]


@dataclass(frozen=True)
class Shown:
    """What a view has drawn: its exports, its notes and where its numbers come from."""

    export: Callable[[], None]
    read_it_right: str
    how: str
    provenance: Provenance


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
    versions = {name: version(name) for name in ("numpy", "scipy")}
    return Provenance(what, source, "float64", "cpu", 0, milliseconds, versions)


def height() -> int:
    """Pixels of a picture; a room has more of them."""
    return 520 if frame.presenting() else 370


def tell(sentences: list[str], rows: Rows, origin: Provenance, stem: str, title: str) -> None:
    """What you see, the numbers as a table, and the ear for the export buttons."""
    words = " ".join(sentences)
    st.markdown(f"**What you see.** {words}")
    with st.expander("The numbers as a table"):
        st.table([dict(zip(rows[0], row, strict=True)) for row in rows[1:]])
    figures.save_on_export(
        FIGURE,
        stem=stem,
        title=title,
        sentences=words.replace("**", ""),
        provenance=f"Made with Plainsight · {origin.model} · {origin.revision}",
        key=f"{PREFIX}_save",
    )


def exports(csv: Callable[[], str], stem: str) -> Callable[[], None]:
    """The export choices of a view; ``csv`` gives the numbers."""

    def fill() -> None:
        toolbar.export_buttons(["svg", "png", "html"])
        st.download_button(
            "CSV: every number of the picture",
            csv,
            f"{stem}.csv",
            "text/csv",
            on_click="ignore",
            width="stretch",
        )

    return fill


def table_csv(rows: Rows) -> str:
    """Rows as CSV, with a plain minus."""
    quoted = [",".join(f'"{cell}"' if "," in cell else cell for cell in row) for row in rows]
    return "\n".join(quoted).replace("−", "-") + "\n"
