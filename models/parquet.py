"""Parquet files of a visitor, each read in a process of its own, since a damaged one can end it.

Arrow 26 throws past its own handlers when the metadata of a file contradict each other, which aborts.
"""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import FileError
from models.uploads import METADATA, Columns, Limits, distinct, short

ROOT = Path(__file__).parents[1]
SECONDS = 60
MEMORY = 3 * 2**30  # bytes of address space
REFUSED = 3  # exit status: the sentence is on stderr


def read_apart(data: bytes, limits: Limits) -> tuple[NDArray[np.float32], Columns, list[str]]:
    """Vectors (n, d), columns and notes of a Parquet file; raises FileError whatever happens over there."""
    command = [sys.executable, "-m", "models.parquet", limits.name, str(limits.rows), str(limits.dims)]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=SECONDS, cwd=ROOT, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise FileError(f"{limits.name} takes longer than {SECONDS} s to read. Send a part of it.") from error
    if done.returncode == REFUSED:
        raise FileError(done.stderr.decode("utf-8", "replace").strip())
    if done.returncode:
        raise FileError(f"{limits.name} is no Parquet file that can be read.")
    with np.load(io.BytesIO(done.stdout), allow_pickle=False) as found:
        about = json.loads(found["about"].tobytes())
        columns = {name: tuple(values) for name, values in about["columns"].items()}
        return found["vectors"], columns, about["notes"]


def main() -> None:
    """Read a file from stdin within the limits given; write its arrays to stdout."""
    name, rows, dims = sys.argv[1:]
    _limit_memory()
    try:
        vectors, columns, notes = _read(sys.stdin.buffer.read(), Limits(name, int(rows), int(dims)))
    except FileError as error:
        sys.stderr.buffer.write(str(error).encode("utf-8", "replace"))
        sys.exit(REFUSED)
    about = json.dumps({"columns": columns, "notes": notes}).encode()
    out = io.BytesIO()
    with np.errstate(over="ignore"):
        np.savez(out, vectors=vectors.astype(np.float32), about=np.frombuffer(about, np.uint8))
    sys.stdout.buffer.write(out.getvalue())


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _read(data: bytes, limits: Limits) -> tuple[NDArray[Any], Columns, list[str]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(io.BytesIO(data))
    about = file.metadata
    limits.check(about.num_rows, 1)
    for group in range(about.num_row_groups):
        for column in range(about.num_columns):
            if about.row_group(group).column(column).num_values > limits.rows * limits.dims:
                raise FileError(f"{limits.name} has lists of too many numbers.")
    texts = [
        field.name
        for field in file.schema_arrow
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type)
    ]
    # one copy of each text, however often it comes
    table = pq.ParquetFile(io.BytesIO(data), read_dictionary=texts).read()
    kept: Columns = {}
    vector: list[NDArray[Any]] = []
    unused = []
    for name, column in zip(distinct(table.column_names), table.columns, strict=True):
        one = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
        kind = one.type
        if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
            vector.append(_lists(one, name, limits))
        elif pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind):
            numbers = np.array(one.cast("float64", safe=False).to_numpy(zero_copy_only=False))
            if name.lower() in METADATA:
                kept[name] = tuple(numbers.tolist())
            else:
                vector.append(numbers[:, None])
        elif pa.types.is_dictionary(kind) and pa.types.is_string(kind.value_type):
            words = [short(word) for word in one.dictionary.to_pylist()]
            kept[name] = tuple("" if at is None else words[at] for at in one.indices.to_pylist())
        else:
            unused.append(name)
    limits.check(table.num_rows, sum(part.shape[1] for part in vector))
    notes = [f"Not used: {', '.join(unused[:5])}."] if unused else []
    return np.concatenate(vector, 1), kept, notes


def _lists(column: Any, name: str, limits: Limits) -> NDArray[np.float64]:
    """A column of lists of numbers as rows; an empty place is a row of NaN."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not (pa.types.is_floating(column.type.value_type) or pa.types.is_integer(column.type.value_type)):
        raise FileError(f"The column “{name}” of {limits.name} holds lists, but not of numbers.")
    lengths = pc.list_value_length(column).drop_null().unique().to_pylist()
    if len(lengths) != 1 or not lengths[0]:
        found = " and ".join(f"{length:,}" for length in sorted(lengths)[:3]) or "no"
        raise FileError(
            f"The rows of “{name}” in {limits.name} have {found} numbers; expected as many in every row."
        )
    limits.check(len(column), lengths[0])
    rows = np.full((len(column), lengths[0]), np.nan)
    present = np.array(column.is_valid().to_numpy(zero_copy_only=False))
    values = column.drop_null().flatten().cast("float64", safe=False).to_numpy(zero_copy_only=False)
    rows[present] = values.reshape(-1, lengths[0])
    return rows


if __name__ == "__main__":
    main()
