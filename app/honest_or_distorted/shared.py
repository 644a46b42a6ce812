"""What the views of the page share: what they give back, their table of numbers, their exports."""

import csv
import io
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Any

import streamlit as st

from app import frame
from app.catalogue import HONEST_OR_DISTORTED
from components import figures, toolbar
from models.traces import Provenance

PREFIX = HONEST_OR_DISTORTED.prefix
FIGURE = f"{PREFIX}_figure"  # the container that the export buttons save


def made(what: str, source: str, rows: int, milliseconds: float, note: str = "") -> Provenance:
    """How the numbers came to be."""
    versions = {name: version(name) for name in ("numpy", "altair")}
    return Provenance(what, source, "float64", "cpu", rows, milliseconds, versions, note)


def line(provenance: Provenance) -> None:
    """The small line under the picture; the frame's own counts tokens, this one rows. Not for a room."""
    if frame.presenting():
        return
    parts = (
        f"{provenance.model} ({provenance.revision})",
        f"{provenance.tokens:,} rows",
        f"{provenance.milliseconds:.0f} ms",
        ", ".join(f"{name} {number}" for name, number in provenance.versions.items()),
        provenance.note,
    )
    st.caption(" · ".join(part for part in parts if part))


def csv_text(rows: Sequence[dict[str, Any]]) -> str:
    """Rows as CSV; a cell that a spreadsheet would run as a formula gets an apostrophe."""
    out = io.StringIO()
    columns = list(dict.fromkeys(key for row in rows for key in row))
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: f"'{v}" if str(v)[:1] in "=@" and v else v for key, v in row.items()})
    return out.getvalue()


def table(rows: Sequence[dict[str, Any]], most: int = 200) -> None:
    """The numbers of the picture as a table."""
    with st.expander("The numbers as a table"):
        st.dataframe(rows[:most], hide_index=True)
        if len(rows) > most:
            st.caption(f"The first {most} of {len(rows):,} rows; the export has all.")


def exports(rows: Sequence[dict[str, Any]], stem: str) -> Callable[[], None]:
    """The export choices of a view."""

    def fill() -> None:
        toolbar.export_buttons(["svg", "png", "html"])
        st.download_button(
            "CSV: every number of the picture",
            lambda: csv_text(rows),
            f"{stem}.csv",
            "text/csv",
            on_click="ignore",
            width="stretch",
        )

    return fill


def hear_export(stem: str, title: str, sentences: str, provenance: Provenance) -> None:
    """The ear for the export buttons."""
    figures.save_on_export(
        FIGURE,
        stem=stem,
        title=title,
        sentences=sentences,
        provenance=f"Plainsight · {provenance.model} ({provenance.revision})",
        key=f"{PREFIX}_save",
    )
