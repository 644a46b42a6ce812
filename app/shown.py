"""What pages with several views share: what a view gives back, its table of numbers, its exports."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import frame, predict
from app.catalogue import Page
from app.state import choice
from components import figures, toolbar
from models.traces import Provenance

Rows = list[tuple[str, ...]]
MOST_ROWS = 200  # of a table on the page; thousands keep a browser busy for half a minute


@dataclass(frozen=True)
class Shown:
    """What a view has drawn: its exports, its notes, its sources and where its numbers come from.

    ``more`` adds tabs beside the notes, by name.
    """

    export: Callable[[], None]
    read_it_right: str
    how: str
    provenance: Provenance
    sources: tuple[str, ...] = ()
    more: Mapping[str, Callable[[], None]] = field(default_factory=dict)


View = Callable[[DeltaGenerator, DeltaGenerator], Shown | None]


def page_of_views(
    entry: Page,
    presets: Sequence[frame.Preset],
    views: Mapping[str, tuple[str, View]],
    *,
    sources: Sequence[str] = (),
    provenance: Callable[[Provenance], None] = frame.provenance,
    questions: predict.Questions = (),
) -> None:
    """Draw a whole page whose views are chosen in its first control.

    ``views`` gives each id its name and the function that draws its controls and its picture. ``sources``
    stand for those of a view that names none of its own. While one of the ``questions`` waits for its answer,
    nothing else is drawn.
    """
    asked = predict.asked(entry, questions, presets)
    waiting = asked is not None and asked.waiting
    bar = frame.page(entry, export=not waiting, asks=asked is None or asked.revealed)
    tell_answer = predict.beside_presets(entry, presets, questions, asked, bar.head)
    if waiting:
        return
    controls, picture = frame.places()
    with controls:
        view = choice(
            "View",
            list(views),
            key=f"{entry.prefix}_view",
            name=lambda name: views[name][0],
            field=st.segmented_control,
            label_visibility="collapsed",
            required=True,
        )
    shown = None
    with frame.guard():
        shown = views[view][1](controls, picture)
    tell_answer()
    if shown:
        with frame.guard():
            bar.export(shown.export)
            frame.notes(
                read_it_right=shown.read_it_right,
                how=shown.how,
                sources=shown.sources or sources,
                more=shown.more,
            )
            provenance(shown.provenance)


def tell(
    sentences: str, rows: Rows | Mapping[str, Rows], made: Provenance, stem: str, title: str, *, prefix: str
) -> None:
    """What you see, the numbers as a table or as several with names, and the ear for the export buttons."""
    with st.container(key="says"):
        st.markdown(f"**What you see.** {sentences}")
    tables = rows if isinstance(rows, Mapping) else {"": rows}
    with st.expander("The numbers as a table"):
        for name, (heads, *lines) in tables.items():
            if name:
                st.markdown(f"**{name}**")
            st.table([dict(zip(heads, line, strict=True)) for line in lines[:MOST_ROWS]])
            if len(lines) > MOST_ROWS:
                st.caption(
                    f"The first {MOST_ROWS} of {len(lines):,} rows; the CSV of *Export* has all of them."
                )
    saved_as(sentences, title, made, stem, prefix=prefix)


def saved_as(sentences: str, title: str, made: Provenance, stem: str, *, prefix: str) -> None:
    """Let the export buttons save what the container ``{prefix}_figure`` shows, with these words."""
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


def exports(rows: Rows | Callable[[], Rows], stem: str) -> Callable[[], None]:
    """The export choices of a view whose pictures are ``svg.marks``; ``rows`` may be made when asked for."""

    def fill() -> None:
        toolbar.export_buttons(["svg", "png", "html"])
        csv_button(lambda: csv_text(rows() if callable(rows) else rows), stem)

    return fill


def csv_text(rows: Rows) -> str:
    """Rows as CSV; a token that is a comma or a quote stays one field."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
