"""What the views of the page share: what they give back, the picture's state in the address, exports."""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version

import numpy as np
import streamlit as st

from app.catalogue import EMBEDDING_PROJECTIONS
from app.state import Param, read_view
from components import figures, toolbar
from components.attention_view import spreadsheet_safe
from components.scatter_view import Map, View, standalone_html
from models.points import Points
from models.traces import Provenance

PREFIX = EMBEDDING_PROJECTIONS.prefix
FIGURE = f"{PREFIX}_figure"  # the container whose pictures are saved as one
MOST_SELECTION = 1_000  # characters of a selection in the address
NUMBER = r"-?\d{1,7}"


def view_of(points: Points, values: Sequence[str], opening: View, maps: int) -> View:
    """The state of the picture as the address has it; ``values`` name what is known of each map's points."""
    columns = ["none", *points.columns, *values]
    levelled = ["none", "colour", *points.columns]

    def one_of(names: Sequence[str], start: str) -> Callable[[str], str]:
        def parse(text: str) -> str:
            if (text or start) not in (*names, start):
                raise ValueError(text)
            return text or start

        return parse

    def pick(text: str) -> int:
        if text == "":
            return -1
        if not re.fullmatch(r"-1|\d{1,6}", text) or int(text) >= len(points):
            raise ValueError(text)
        return int(text)

    def matching(pattern: str, start: str = "") -> Callable[[str], str]:
        def parse(text: str) -> str:
            if len(text) > MOST_SELECTION or not re.fullmatch(pattern, text, re.DOTALL):
                raise ValueError(text)
            return text or start

        return parse

    def frame(text: str) -> str:
        if text and not (re.fullmatch(r"\d{1,2}(\.\d{1,2})?", text) and float(text) <= maps - 1):
            raise ValueError(text)
        return text

    lasso = rf"lasso:\d{{1,2}}:{NUMBER}(,{NUMBER})*"
    params = (
        Param("colour", "", one_of(columns, opening.colour), "the colours of the start are shown"),
        Param("shape", "", one_of(levelled, opening.shape), "shapes follow the colours"),
        Param("pick", "", pick, f"there are points 0 to {len(points) - 1}, so none is held"),
        Param(
            "sel",
            "",
            matching(rf"|find:.*|level:\d{{1,2}}:.*|points:\d+(,\d+)*|{lasso}", opening.sel),
            "nothing is selected",
        ),
        Param(
            "zoom",
            "",
            matching(rf"|\d{{1,2}}:{NUMBER},{NUMBER},\d{{1,7}}(;\d{{1,2}}:{NUMBER},{NUMBER},\d{{1,7}})*"),
            "whole maps are shown",
        ),
        Param(
            "turn",
            "",
            matching(r"|-?\d{1,6}(\.\d)?,-?\d{1,2}(\.\d)?", opening.turn),
            "the space stands as at first",
        ),
        Param("labels", "", one_of(("on", "off"), opening.labels), "labels are as at first"),
        Param("frame", "", frame, "the maps stand side by side"),
    )
    begin_whole(f"{st.session_state.get(f'{PREFIX}_view', '')} {points.id}")
    asked = read_view(PREFIX, params, of=points.id)
    return View(**asked)


def begin_whole(shown: str) -> None:
    """Zoom, lasso and place in a film belong to the view and the points they were made on."""
    if st.session_state.get(f"{PREFIX}:shown", shown) != shown:
        lasso = st.session_state.get(f"{PREFIX}_sel", "").startswith("lasso:")
        for name in ("zoom", "frame", *(["sel"] if lasso else [])):
            if f"{PREFIX}_{name}" in st.session_state:
                st.session_state[f"{PREFIX}_{name}"] = ""
    st.session_state[f"{PREFIX}:shown"] = shown


def maps_csv(points: Points, maps: Sequence[Map]) -> str:
    """Every point's label, columns, and places on all maps."""
    out = io.StringIO()
    writer = csv.writer(out)
    axes = ("x", "y", "z")
    heads = [f"{each.name} {axes[at]}" for each in maps for at in range(each.xy.shape[1])]
    values = [(f"{each.name}: {name}", column) for each in maps for name, column in each.values.items()]
    writer.writerow(["label", *points.columns, *heads, *(name for name, _ in values)])
    places = np.concatenate([each.xy for each in maps], axis=1)
    for i, label in enumerate(points.labels):
        known = [spreadsheet_safe(str(column[i])) for column in points.columns.values()]
        numbers = [f"{number:.6g}" for number in (*places[i], *(column[i] for _, column in values))]
        writer.writerow([spreadsheet_safe(label), *known, *numbers])
    return out.getvalue()


def file_stem(text: str) -> str:
    """A text as the name of a file."""
    return "".join(letter if letter.isalnum() else "-" for letter in text)[:80]


def save_whole(sentences: str, made: Provenance, stem: str, title: str) -> None:
    """Hear the export buttons for all pictures in the container FIGURE, as one."""
    figures.save_on_export(
        FIGURE,
        stem=file_stem(stem),
        title=title,
        sentences=sentences.replace("**", ""),
        provenance=f"Plainsight · {made.model} ({made.revision})",
        key=f"{PREFIX}_save",
    )


def exports(points: Points, maps: Sequence[Map], sent: bytes, stem: str, title: str) -> Callable[[], None]:
    """The export choices of a view that is drawn on the linked canvas."""

    def fill() -> None:
        toolbar.export_buttons(["svg", "png"])
        st.download_button(
            "CSV: every point on every map",
            lambda: maps_csv(points, maps),
            f"{stem}.csv",
            "text/csv",
            on_click="ignore",
            width="stretch",
        )
        st.download_button(
            "HTML: the linked maps, one page that works offline",
            lambda: standalone_html(sent, title=title),
            f"{stem}.html",
            "text/html",
            on_click="ignore",
            width="stretch",
        )

    return fill


def provenance(
    points: Points,
    seconds: float,
    packages: Sequence[str],
    note: str = "",
    gpu: Mapping[str, str] | None = None,
) -> Provenance:
    """Where the numbers of a view come from; ``gpu`` names the device of each kind of work, "" for none."""
    there = {work: name for work, name in (gpu or {}).items() if name}
    on_gpu = f"{' and '.join(there)} by torch on {next(iter(there.values()))}" if there else ""
    return Provenance(
        model=points.name,
        revision=points.source or "own data",
        precision=f"{len(points):,} points in {points.vectors.shape[1]:,} dimensions",
        device="cuda" if there else "cpu",
        tokens=0,
        milliseconds=1000 * seconds,
        versions={package: version(package) for package in [*packages, *(["torch"] if there else [])]},
        note=", ".join(filter(None, (note, on_gpu))),
    )


def tell(sentences: str, table: Mapping[str, Sequence[object]]) -> None:
    """What you see, and the numbers as a table."""
    st.markdown(f"**What you see.** {sentences}")
    with st.expander("The numbers as a table"):
        st.table({name: list(values) for name, values in table.items()})
