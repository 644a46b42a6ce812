"""A visitor's file as vectors with labels and columns, or as texts: TSV, CSV, NPY, NPZ, Parquet, TXT.

Nothing is unpickled, and what a file says of its size is checked before the memory for it is taken.
"""

import csv
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import FileError

MOST_ROWS, MOST_DIMS, MOST_MB, MOST_TEXTS = 20_000, 2_048, 5, 1_000
MOST_LETTERS = 200  # of a label; a longer text is cut and said so
MOST_COLUMNS = 40  # of metadata
FORMATS = ("tsv", "csv", "npy", "npz", "parquet", "txt", "vec")
# Names under which a column of numbers is known to be no part of a vector
METADATA = frozenset(
    ("label", "labels", "class", "cluster", "category", "target", "group", "y", "id", "index", "year")
)
LABELS = ("label", "word", "token", "name", "title", "text", "sentence", "labels", "words", "names")
VECTORS = ("vectors", "embeddings", "embedding", "x", "data", "features", "arr_0")
MISSING = frozenset(("", "na", "n/a", "nan", "none", "null", "?", "-"))
PICKLED = b"\x80"
Columns = dict[str, tuple[Any, ...]]


@dataclass(frozen=True)
class Table:
    """What a file holds: ``vectors`` (n, d) float32, NaN where a number is missing, and n values a column.

    ``label`` names the column that holds the labels, "" where none does. ``notes`` say what was made of
    the file, a sentence each. Of a file of texts ``texts`` holds them, and ``vectors`` has no column.
    """

    name: str
    vectors: NDArray[np.float32]
    columns: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    label: str = ""
    notes: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()

    def labels(self, column: str = "") -> tuple[str, ...]:
        """The labels, from ``column`` where it is one; else 1, 2, 3 …"""
        given = self.columns.get(column or self.label)
        if not given:
            return tuple(str(i + 1) for i in range(len(self.vectors)))
        return tuple(value if isinstance(value, str) else f"{value:.6g}" for value in given)


def read(
    name: str,
    data: bytes,
    *,
    most_rows: int = MOST_ROWS,
    most_dims: int = MOST_DIMS,
    most_mb: int = MOST_MB,
) -> Table:
    """Read a file by its name's ending. Raises FileError, one sentence, for whatever cannot be read."""
    shown = PurePath(name.replace("\\", "/")).name[:60] or "The file"
    limits = Limits(shown, most_rows, most_dims)
    kind = PurePath(shown).suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise FileError(f"{shown} is none of the files that are read here: {', '.join(FORMATS)}.")
    if len(data) > most_mb * 2**20:
        raise FileError(
            f"{shown} has {len(data) / 2**20:.1f} MB; at most {most_mb} MB are read. Send a part of it."
        )
    if not data:
        raise FileError(f"{shown} is empty.")
    if kind in ("npy", "npz"):
        return _npy(data, limits) if kind == "npy" else _npz(data, limits)
    if kind == "parquet":
        from models import parquet  # reads in a process of its own and needs what stands here

        vectors, columns, notes = parquet.read_apart(data, limits)
        return _table(limits, vectors, columns, notes)
    text = _decode(data, limits)
    if kind in ("txt", "vec"):
        return _text(text, limits)
    return _separated(text, limits, "\t" if kind == "tsv" else "")


@dataclass(frozen=True)
class Limits:
    """The file's name as it is shown, and how much of it may be."""

    name: str
    rows: int
    dims: int

    def check(self, rows: int, dims: int) -> None:
        """Raise FileError outside the limits."""
        if rows > self.rows:
            raise FileError(
                f"{self.name} has {rows:,} rows; at most {self.rows:,} are read. Send a part of it."
            )
        if dims > self.dims:
            raise FileError(f"{self.name} has {dims:,} numbers a row; at most {self.dims:,} are read.")
        if not rows or not dims:
            raise FileError(f"{self.name} holds no numbers; expected rows of numbers, one row a point.")


def _table(limits: Limits, vectors: NDArray[Any], columns: Columns, notes: Sequence[str] = ()) -> Table:
    limits.check(*vectors.shape)
    told = list(notes)
    if len(columns) > MOST_COLUMNS:
        told.append(f"Of {len(columns)} columns of metadata the first {MOST_COLUMNS} are kept.")
        columns = dict(list(columns.items())[:MOST_COLUMNS])
    words = [name for name, values in columns.items() if isinstance(values[0], str)]
    known = (name for wanted in LABELS for name in words if name.strip().lower() == wanted)
    label = next(known, words[0] if words else "")
    with np.errstate(over="ignore"):  # beyond float32 becomes infinite, which is counted later
        rows = np.ascontiguousarray(vectors, np.float32)
    return Table(limits.name, rows, columns, label, tuple(told))


# --- arrays of NumPy ----------------------------------------------------------------------------------


def _npy(data: bytes, limits: Limits) -> Table:
    values = _array(data, limits, limits.name)
    vectors, note = _as_rows(values, limits)
    return _table(limits, vectors, {}, note)


def _array(data: bytes, limits: Limits, name: str) -> NDArray[Any]:
    """One array of an NPY file, its header read first: it may claim any size."""
    if data.startswith(PICKLED):
        raise _pickled(name)
    stream = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        header = {1: np.lib.format.read_array_header_1_0, 2: np.lib.format.read_array_header_2_0}[version[0]]
        shape, fortran, dtype = header(stream)
    except (ValueError, KeyError, EOFError) as error:
        raise FileError(f"{name} is no NPY file; save the array with numpy.save.") from error
    if dtype.hasobject:
        raise _pickled(name)
    expected = int(np.prod(shape, dtype=object)) * dtype.itemsize
    if expected != len(data) - stream.tell():
        raise FileError(f"{name} is cut short or damaged: its header says {expected:,} bytes of numbers.")
    flat = np.frombuffer(data, dtype, offset=stream.tell()) if expected else np.empty(0, dtype)
    return flat.reshape(shape, order="F" if fortran else "C")


def _pickled(name: str) -> FileError:
    return FileError(
        f"{name} holds pickled Python objects, which are never opened here since they can run any code; "
        "save a plain array of numbers."
    )


def _as_rows(values: NDArray[Any], limits: Limits) -> tuple[NDArray[Any], list[str]]:
    """Numbers as rows (n, d), and a sentence where that needed a guess."""
    if values.dtype.kind not in "biuf":
        raise FileError(f"{limits.name} holds values of the type {values.dtype}; expected real numbers.")
    if values.ndim == 1:
        return values[:, None], [f"One list of {len(values):,} numbers: each is a point of one dimension."]
    if values.ndim != 2:
        raise FileError(f"{limits.name} has {values.ndim} axes {values.shape}; expected two, rows × numbers.")
    return values, []


def _npz(data: bytes, limits: Limits) -> Table:
    if data.startswith(PICKLED):
        raise _pickled(limits.name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            room = 4 * limits.rows * limits.dims + 4 * MOST_LETTERS * limits.rows * MOST_COLUMNS
            unpacked = sum(member.file_size for member in members)
            if unpacked > room or len(members) > 4 * MOST_COLUMNS:
                raise FileError(
                    f"{limits.name} unpacks to {unpacked / 10**6:,.0f} MB; that is more than is read."
                )
            arrays = {
                member.filename.removesuffix(".npy"): _array(
                    archive.read(member), limits, f"{limits.name}: {member.filename[:40]}"
                )
                for member in members
            }
    except FileError:
        raise
    except Exception as error:  # zipfile raises whatever damaged bytes provoke
        raise FileError(f"{limits.name} is no NPZ file; save it with numpy.savez.") from error
    tables = {name: array for name, array in arrays.items() if array.ndim == 2 and array.dtype.kind in "biuf"}
    if not tables:
        raise FileError(f"{limits.name} holds no array of rows × numbers.")
    best = next((name for wanted in VECTORS for name in tables if name.lower() == wanted), "")
    best = best or max(tables, key=lambda name: tables[name].size)
    vectors = tables[best]
    columns: Columns = {}
    unused = []
    for name, array in arrays.items():
        if array.shape == (len(vectors),) and array.dtype.kind in "biufUS":
            columns[name] = _column(array.tolist())
        elif name != best:
            unused.append(name)
    notes = [f"The array “{best}” gives the vectors."] if len(arrays) > 1 else []
    if unused:
        notes.append(f"Not used: {', '.join(unused[:5])}{' …' * (len(unused) > 5)}.")
    return _table(limits, vectors, columns, notes)


def _column(values: Sequence[Any]) -> tuple[Any, ...]:
    """Values of a column as numbers where all are, else as short texts."""
    if all(isinstance(value, (int, float)) for value in values):
        return tuple(float(value) for value in values)
    return tuple(
        short(value.decode("utf-8", "replace") if isinstance(value, bytes) else value) for value in values
    )


def short(value: Any) -> str:
    text = "" if value is None else str(value)[: MOST_LETTERS + 1].strip()
    return text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1] + "…"


# --- text ---------------------------------------------------------------------------------------------


def _decode(data: bytes, limits: Limits) -> str:
    utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        text = data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(f"{limits.name} is no UTF-8 text; save it as UTF-8.") from error
    if "\0" in text:
        raise FileError(f"{limits.name} is no text: it holds zero bytes.")
    return text


def _separated(text: str, limits: Limits, separator: str) -> Table:
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = separator or max(",;\t", key=first.count)
    try:
        plain: Any = {"quoting": csv.QUOTE_NONE} if separator == "\t" else {}
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, **plain)
        lines = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise FileError(f"{limits.name} is no table: {error}.") from error
    if not lines:
        raise FileError(f"{limits.name} is empty.")
    width = len(lines[0][1])
    ragged = next(((at, row) for at, row in lines if len(row) != width), None)
    if ragged:
        raise FileError(
            f"Line {ragged[0]:,} of {limits.name} has {len(ragged[1])} fields and the first has {width}; "
            "expected as many in every line."
        )
    rows = [[cell.strip() for cell in row] for _, row in lines]
    columns = list(zip(*rows, strict=True))
    comma = separator == ";"
    values = [_numbers(column[1:], comma) for column in columns]
    header = len(rows) > 1 and _is_header(rows[0], [value is not None for value in values], comma)
    names = distinct(rows[0] if header else [""] * width)
    if not header:
        values = [_numbers(column, comma) for column in columns]
    limits.check(len(rows) - header, 1)
    kept: Columns = {}
    vector: list[NDArray[np.float64]] = []
    for name, column, numbers in zip(names, columns, values, strict=True):
        counter = header and (name.lower() in METADATA or not column[0])  # pandas leaves its index unnamed
        if numbers is not None and not counter:
            vector.append(numbers)
        else:
            kept[name] = _column(column[header:] if numbers is None else numbers.tolist())
    if not vector:
        raise FileError(
            f"{limits.name} has no column of numbers; expected vectors, one row a point. A list of texts is "
            "read from a file that ends in .txt."
        )
    limits.check(len(vector[0]), len(vector))
    notes = []
    if kept:
        held = ", ".join(list(kept)[:4]) + " …" * (len(kept) > 4)
        notes.append(f"{len(vector):,} columns of numbers are the vector; kept as metadata: {held}.")
    return _table(limits, np.stack(vector, 1), kept, notes)


def _is_header(row: Sequence[str], numeric: Sequence[bool], comma: bool) -> bool:
    """A first row is one where a word, or 0, 1, 2 … as pandas writes it, stands over the numbers."""
    over = [cell for cell, below in zip(row, numeric, strict=True) if below]
    if any(_numbers([cell], comma) is None for cell in over):
        return True
    return len(over) > 2 and any(over == [str(i + first) for i in range(len(over))] for first in (0, 1))


def _numbers(cells: Sequence[str], comma: bool = False) -> NDArray[np.float64] | None:
    """Cells as numbers, NaN where nothing stands; None where a cell is a word or all are empty."""
    out = np.empty(len(cells))
    for i, cell in enumerate(cells):
        try:
            out[i] = float(cell.replace(",", ".") if comma else cell)
        except ValueError:
            if cell.lower() not in MISSING:
                return None
            out[i] = np.nan
    return out if len(out) and not np.isnan(out).all() else None


def distinct(given: Sequence[str]) -> list[str]:
    """Names of columns, short and each different."""
    names: list[str] = []
    for i, name in enumerate(given):
        name = short(name)[:60] or f"column {i + 1}"
        names.append(name if name not in names else f"{name} ({i + 1})")
    return names


def _text(text: str, limits: Limits) -> Table:
    """GloVe's and word2vec's text format, a word and its numbers in a line; else one text a line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise FileError(f"{limits.name} is empty.")
    if words := _word_vectors(lines, limits):
        return words
    if len(lines) > MOST_TEXTS:
        raise FileError(
            f"{limits.name} has {len(lines):,} lines; at most {MOST_TEXTS:,} texts are read here. "
            "Send a part of it."
        )
    if len(lines) < 2:
        raise FileError(f"{limits.name} has one line; expected several texts, one in a line.")
    empty = np.empty((len(lines), 0), np.float32)
    return Table(limits.name, empty, texts=tuple(lines))


def _word_vectors(lines: Sequence[str], limits: Limits) -> Table | None:
    if re.fullmatch(r"\d+ \d+", lines[0]):  # word2vec writes how many words of what length follow
        lines = lines[1:]
    parts = [line.split() for line in lines]
    if not parts or len(parts[0]) < 3 or len({len(part) for part in parts}) != 1:
        return None
    columns = [_numbers([part[i] for part in parts]) for i in range(1, len(parts[0]))]
    numbers = [column for column in columns if column is not None]
    if len(numbers) < len(columns):
        return None
    limits.check(len(parts), len(numbers))
    words: Columns = {"word": tuple(short(part[0]) for part in parts)}
    return _table(limits, np.stack(numbers, 1), words, ["Read as words, each with its vector."])
