"""A visitor's own file as the points of a map: what was read, what it was taken for, what was left out."""

import streamlit as st

from app.embedding_projections import cached
from app.embedding_projections.shared import PREFIX
from app.settings import SETTINGS, UPLOAD_ROOM
from app.state import choice
from models.errors import FileError
from models.glove import glove
from models.points import Metric, Points, tidy
from models.uploads import FORMATS, MOST_DIMS, Table, read

METRICS: dict[str, Metric] = {"cosine": "cosine", "distance": "euclidean"}
FLAT = 3  # dimensions up to which distance says more than direction
NUMBERED = "row number"
EXAMPLE = "king queen man woman prince princess boy girl dog cat horse cow paris rome berlin madrid"
ASKED = (
    "No file yet. TSV, CSV, NPY, NPZ and Parquet hold one row a point: at most {rows:,} rows, {dims:,} "
    "columns and {mb} MB. TXT holds one text a line, which MiniLM reads. The file is kept only while you "
    "look, and is in no link."
)


def ask() -> tuple[str, ...] | None:
    """Draw the field for a file and what its columns mean; the request for its points, or None."""
    with st.popover("Your file", icon=":material/upload_file:", key=f"{PREFIX}_own"):
        # Streamlit would refuse a large file without a word why, and keep the one before
        file = st.file_uploader(
            "A file of vectors or texts",
            list(FORMATS),
            key=f"{PREFIX}_file",
            max_upload_size=UPLOAD_ROOM * SETTINGS.max_upload_mb,
        )
        st.download_button(
            "An example of such a file",
            example,
            "words.tsv",
            "text/tab-separated-values",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )
        meaning = st.container(gap="xsmall")
    if file is None:
        st.caption(
            ASKED.format(rows=SETTINGS.max_points, dims=MOST_DIMS, mb=SETTINGS.max_upload_mb), width=560
        )
        return None
    try:
        table = table_of(file.name, file.getvalue())
    except FileError as error:
        st.warning(str(error), width=560)
        return None
    with meaning:
        return request_of(table)


@st.cache_data(max_entries=4, ttl="1h", show_spinner=False)
def table_of(name: str, data: bytes) -> Table:
    """What a file holds."""
    return read(name, data, most_rows=SETTINGS.max_points, most_mb=SETTINGS.max_upload_mb)


def request_of(table: Table) -> tuple[str, ...]:
    """Let the visitor say what the columns mean; the request under which the points are kept."""
    for note in table.notes:
        st.caption(note)
    if table.texts:
        return ("lines", "\n".join(table.texts))
    with st.container(horizontal=True, gap="small"):
        columns = [*table.columns, NUMBERED]
        named = table.label or NUMBERED
        usual = "distance" if table.vectors.shape[1] <= FLAT else "cosine"
        begin_anew(f"{table.name} {columns} {table.vectors.shape}", name=named, metric=usual)
        label = choice("Names are in", columns, default=named, key=f"{PREFIX}_name", width=200)
        metric = choice(
            "Compare by",
            list(METRICS),
            default=usual,
            key=f"{PREFIX}_metric",
            width=160,
        )
    points = points_of(table, "" if label == NUMBERED else label, METRICS[metric])
    request = ("own", points.id, metric, table.name)
    cached.put_points(request, points)
    return request


def points_of(table: Table, label: str, metric: Metric) -> Points:
    """The rows that can be placed, with their names; the other columns give colours and shapes."""
    names = table.labels(label) if label else tuple(str(i + 1) for i in range(len(table.vectors)))
    columns = {name: values for name, values in table.columns.items() if name != label}
    return tidy(table.name, table.vectors, names, metric=metric, columns=columns, source="your file")


def begin_anew(table: str, **usual: str) -> None:
    """Another file is read as it is usually read, whatever was chosen for the one before."""
    if st.session_state.get(f"{PREFIX}:table", table) != table:
        for name, value in usual.items():
            st.session_state[f"{PREFIX}_{name}"] = value
    st.session_state[f"{PREFIX}:table"] = table


def example() -> str:
    """Sixteen words with their GloVe vectors and a column, as TSV."""
    words = glove()
    places, _ = words.places(EXAMPLE.split())
    kinds = ["person"] * 8 + ["animal"] * 4 + ["city"] * 4
    head = "\t".join(["word", "kind", *(f"d{i}" for i in range(words.vectors.shape[1]))])
    rows = (
        "\t".join([words.words[place], kind, *(f"{number:.5f}" for number in vector)])
        for place, kind, vector in zip(places, kinds, words.take(places), strict=True)
    )
    return "\n".join([head, *rows]) + "\n"
