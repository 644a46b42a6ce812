"""What pages with several views share: what a view gives back, its table of numbers, its exports."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from components import figures, toolbar
from models.traces import Provenance

Rows = list[tuple[str, ...]]


@dataclass(frozen=True)
class Shown:
    """What a view has drawn: its exports, its notes, its sources and where its numbers come from."""

    export: Callable[[], None]
    read_it_right: str
    how: str
    provenance: Provenance
    sources: tuple[str, ...] = ()


def tell(sentences: str, rows: Rows, made: Provenance, stem: str, title: str, *, prefix: str) -> None:
    """What you see, the numbers as a table, and the ear for the export buttons.

    The buttons save what the container with the key ``{prefix}_figure`` shows.
    """
    st.markdown(f"**What you see.** {sentences}")
    with st.expander("The numbers as a table"):
        st.table([dict(zip(rows[0], row, strict=True)) for row in rows[1:]])
    figures.save_on_export(
        f"{prefix}_figure",
        stem=stem,
        title=title,
        sentences=sentences.replace("**", ""),
        provenance=f"Plainsight · {made.model} ({made.revision})",
        key=f"{prefix}_save",
    )


def csv_button(text: Callable[[], str], stem: str) -> None:
    """The button that saves the numbers."""
    st.download_button(
        "CSV: every number of the picture",
        text,
        f"{stem}.csv",
        "text/csv",
        on_click="ignore",
        width="stretch",
    )


def exports(rows: Rows, stem: str) -> Callable[[], None]:
    """The export choices of a view whose pictures are ``svg.marks``."""

    def fill() -> None:
        toolbar.export_buttons(["svg", "png", "html"])
        csv_button(lambda: "\n".join(",".join(row) for row in rows) + "\n", stem)

    return fill
