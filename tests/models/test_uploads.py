"""Files of vectors: every format, every limit, and everything that must not be read."""

import io
import pickle
import zipfile
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.errors import FileError
from models.uploads import FORMATS, MOST_TEXTS, Table, read

ROWS = np.array([[1.5, -2.0, 0.25], [0.0, 1e-3, 4.0], [7.0, 8.0, 9.5]], np.float32)
WORDS = ("king", "queen", "الملك 👑 <b>")
FRAME = pd.DataFrame(ROWS, columns=["a", "b", "c"]).assign(word=WORDS, year=[1, 2, 3])


def saved(save: Callable[..., Any], *arrays: Any, **named: Any) -> bytes:
    stream = io.BytesIO()
    save(stream, *arrays, **named)
    return stream.getvalue()


def npy(values: Any) -> bytes:
    return saved(np.save, values)


def parquet(**columns: Any) -> bytes:
    return saved(lambda stream, table: pq.write_table(table, stream), pa.table(columns))


GIVEN = {
    "named.csv": FRAME.to_csv(index=False).encode(),
    "index.csv": FRAME.to_csv().encode(),
    "semicolon.csv": FRAME.to_csv(index=False, sep=";", decimal=",").encode(),
    "named.tsv": FRAME.to_csv(index=False, sep="\t").encode(),
    "utf16.tsv": FRAME.to_csv(index=False, sep="\t").encode("utf-16"),
    "bom.csv": FRAME.to_csv(index=False).encode("utf-8-sig"),
    "WINDOWS.CSV": FRAME.to_csv(index=False).replace("\n", "\r\n").encode(),
    "arrays.npz": saved(np.savez, vectors=ROWS, word=np.array(WORDS), year=np.array([1, 2, 3])),
    "packed.npz": saved(np.savez_compressed, vectors=ROWS, word=np.array(WORDS), year=np.array([1, 2, 3])),
    "table.parquet": saved(FRAME.to_parquet),
    "lists.parquet": parquet(embedding=ROWS.tolist(), word=WORDS, year=[1, 2, 3]),
    "coded.parquet": parquet(
        embedding=ROWS.astype(float).tolist(), word=pa.array(WORDS).dictionary_encode(), year=[1, 2, 3]
    ),
}


@pytest.mark.parametrize("name", GIVEN)
def test_every_format_gives_vectors_labels_and_columns(name: str) -> None:
    table = read(name, GIVEN[name])
    assert table.vectors.dtype == np.float32
    assert np.allclose(table.vectors, ROWS)
    assert table.label == "word"
    assert table.labels() == WORDS
    assert table.columns["year"] == (1, 2, 3)
    assert table.labels("year") == ("1", "2", "3")
    assert table.texts == ()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("bare.npy", npy(ROWS)),
        ("fortran.npy", npy(np.asfortranarray(ROWS))),
        ("double.npy", npy(ROWS.astype(np.float64))),
        ("half.npy", npy(ROWS.astype(np.float16))),
        ("bare.tsv", "\n".join("\t".join(map(str, row)) for row in ROWS).encode()),
        ("bare.csv", FRAME[["a", "b", "c"]].to_csv(index=False, header=False).encode()),
        ("pandas.csv", pd.DataFrame(ROWS).to_csv(index=False).encode()),
        ("bare.npz", saved(np.savez, ROWS)),
    ],
)
def test_vectors_alone_are_numbered(name: str, data: bytes) -> None:
    table = read(name, data)
    assert np.allclose(table.vectors, ROWS, atol=1e-2)
    assert table.labels() == ("1", "2", "3")


@pytest.mark.parametrize("first", ["", "3 3\n"])
def test_words_with_their_vectors_as_glove_and_word2vec_write_them(first: str) -> None:
    lines = "\n".join(f"w{i} " + " ".join(map(str, row)) for i, row in enumerate(ROWS))
    table = read("words.txt" if first else "words.vec", (first + lines).encode())
    assert np.allclose(table.vectors, ROWS)
    assert table.labels() == ("w0", "w1", "w2")
    assert table.notes == ("Read as words, each with its vector.",)


def test_a_text_file_gives_its_lines() -> None:
    table = read("texts.txt", "One line.\n\n  Another 👑 <b>\n".encode())
    assert table.texts == ("One line.", "Another 👑 <b>")
    assert table.vectors.shape == (2, 0)


@settings(max_examples=25, deadline=None)
@given(
    arrays(
        np.float32, st.tuples(st.integers(2, 9), st.integers(1, 6)), elements=st.floats(-1e6, 1e6, width=32)
    )
)
def test_no_number_changes_on_the_way(rows: np.ndarray) -> None:
    frame = pd.DataFrame(rows, columns=[f"d{i}" for i in range(rows.shape[1])])
    for name, data in {
        "a.npy": npy(rows),
        "a.npz": saved(np.savez_compressed, rows),
        "a.csv": frame.to_csv(index=False).encode(),
    }.items():
        assert np.array_equal(read(name, data).vectors, rows)


def test_missing_numbers_are_kept_as_missing() -> None:
    table = read("gaps.csv", b"a,b,word\n1,,x\nNA,2,y\n3,nan,\n4,inf,z\n")
    assert np.array_equal(table.vectors, [[1, np.nan], [np.nan, 2], [3, np.nan], [4, np.inf]], equal_nan=True)
    assert table.labels() == ("x", "y", "", "z")
    gaps = read("gaps.parquet", parquet(v=[[1.0, 2.0], None, [3.0, None]], b=[1.0, None, 2.0]))
    assert np.isnan(gaps.vectors).tolist() == [[False] * 3, [True] * 3, [False, True, False]]


def test_too_large_a_number_is_infinite_and_says_nothing_yet() -> None:
    assert np.isinf(read("a.npy", npy(np.array([[1e300], [1.0], [2.0]]))).vectors[0, 0])


def test_three_points_of_one_dimension() -> None:
    for data in (npy(np.arange(3)), npy(np.arange(3.0)[:, None])):
        assert read("one.npy", data).vectors.tolist() == [[0], [1], [2]]
    assert "one dimension" in read("one.npy", npy(np.arange(3))).notes[0]
    assert read("one.csv", b"1\n2\n3\n").vectors.shape == (3, 1)


def test_equal_names_long_texts_and_many_columns() -> None:
    table = read("a.csv", b"a,a,t\n1,2," + b"x" * 500 + b"\n3,4,y\n5,6,z\n")
    assert table.vectors.shape == (3, 2)
    assert len(table.labels()[0]) == 200
    wide = read(
        "b.csv", ("v," + ",".join(f"t{i}" for i in range(60)) + "\n" + ("1" + ",x" * 60 + "\n") * 3).encode()
    )
    assert len(wide.columns) == 40
    assert "Of 60 columns" in " ".join(wide.notes)


def test_of_several_arrays_the_named_one_is_taken_and_the_rest_told() -> None:
    table = read("a.npz", saved(np.savez, big=np.zeros((3, 9)), embeddings=ROWS, other=np.zeros(5)))
    assert np.allclose(table.vectors, ROWS)
    assert "“embeddings”" in table.notes[0]
    assert "Not used: big, other." in table.notes[1]


# --- what is refused ----------------------------------------------------------------------------------


class Trap:
    """Would make a file if it were ever unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (exec, ("raise SystemExit('unpickled')",))


def lying(shape: tuple[int, ...]) -> bytes:
    """An NPY file whose header claims more than there is."""
    return npy(ROWS).replace(b"(3, 3)", str(shape).encode())[:200]


WORDY = io.BytesIO()
with zipfile.ZipFile(WORDY, "w") as archive:
    archive.writestr("notes.txt", "no array")

REFUSED = {
    "renamed.npy": (pickle.dumps(Trap()), "pickled Python objects, which are never opened"),
    "object.npy": (npy(np.array([{"a": 1}, None], object)), "pickled Python objects"),
    "object.npz": (saved(np.savez, np.array([Trap(), None], object)), "pickled Python objects"),
    "renamed.npz": (pickle.dumps([1, 2]), "pickled Python objects"),
    "ragged.csv": (b"1,2,3\n4,5\n", r"Line 2 of ragged\.csv has 2 fields and the first has 3"),
    "ragged.tsv": (b"a\tb\n1\t2\n1\t2\t3\n", r"Line 3 of ragged\.tsv has 3 fields"),
    "ragged.parquet": (parquet(v=[[1.0], [1.0, 2.0]]), "have 1 and 2 numbers"),
    "large.npy": (b"\0" * 6_000_000, r"has 5\.7 MB; at most 5 MB"),
    "rows.npy": (npy(np.zeros((20_001, 2), np.float16)), "20,001 rows; at most 20,000"),
    "wide.npy": (npy(np.zeros((2, 2_049), np.float32)), "2,049 numbers a row; at most 2,048"),
    "rows.parquet": (parquet(v=np.zeros(20_001)), "20,001 rows"),
    "lying.npy": (lying((10**12, 50)), "cut short or damaged"),
    "short.npy": (npy(ROWS)[:-1], "cut short or damaged"),
    "text.npy": (b"hello", "is no NPY file"),
    "text.npz": (b"hello", "is no NPZ file"),
    "wordy.npz": (WORDY.getvalue(), "is no NPY file"),
    "text.parquet": (b"PAR1 hello PAR1", "no Parquet file"),
    "strings.npy": (npy(np.array(["a", "b"])), "expected real numbers"),
    "complex.npy": (npy(np.array([[1j]])), "expected real numbers"),
    "cube.npy": (npy(np.zeros((2, 2, 2))), "has 3 axes"),
    "scalar.npy": (npy(np.float64(1)), "has 0 axes"),
    "none.npy": (npy(np.zeros((0, 3))), "holds no numbers"),
    "flat.npy": (npy(np.zeros((3, 0))), "holds no numbers"),
    "words.csv": (b"a,b\nx,y\nz,w\n", "has no column of numbers"),
    "words.parquet": (parquet(a=["x", "y"]), "holds no numbers"),
    "lists.parquet": (parquet(a=[["x"], ["y"]]), "holds lists, but not of numbers"),
    "binary.csv": (b"\xff\xfe\xfd" * 9 + b"\xd8", "is no UTF-8 text"),
    "zeros.csv": (b"1,2\n\0\0,3", "holds zero bytes"),
    "cell.csv": (b"1," + b"x" * 200_000 + b"\n", "is no table: field larger"),
    "empty.csv": (b"", "is empty"),
    "blank.csv": (b" \n\n", "is empty"),
    "blank.txt": (b" \n\n", "is empty"),
    "one.txt": (b"only one line", "has one line"),
    "many.txt": (b"a b\n" * (MOST_TEXTS + 1), "1,001 lines; at most 1,000"),
    "model.pkl": (b"x", f"none of the files that are read here: {', '.join(FORMATS)}"),
    "noending": (b"x", "none of the files"),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:.*:UserWarning")
@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_one_clear_sentence(name: str) -> None:
    data, said = REFUSED[name]
    with pytest.raises(FileError, match=said) as refused:
        read(name, data)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 260


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([kind for kind in FORMATS if kind != "parquet"]), st.binary(max_size=300))
def test_no_bytes_break_it(kind: str, data: bytes) -> None:
    for start in (b"", b"\x93NUMPY\x01\x00", b"PK\x03\x04"):
        with suppress(FileError):
            assert isinstance(read(f"any.{kind}", start + data), Table)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["packed.npz", "arrays.npz", "named.csv"]), st.data())
def test_no_flipped_byte_breaks_it(name: str, draw: st.DataObject) -> None:
    data = bytearray(GIVEN[name])
    for _ in range(3):
        data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    with suppress(FileError):
        assert isinstance(read(name, bytes(data)), Table)


@pytest.mark.parametrize("seed", [1043, 2366, 3238])
def test_a_parquet_file_that_would_end_its_reader_is_refused(seed: int) -> None:
    # with these bytes changed Arrow 26 aborts the process
    rng = np.random.default_rng(seed)
    data = bytearray(GIVEN["lists.parquet"])
    for _ in range(rng.integers(1, 5)):
        data[rng.integers(len(data))] = rng.integers(256)
    with pytest.raises(FileError, match="no Parquet file that can be read"):
        read("damaged.parquet", bytes(data))


def test_an_archive_is_measured_before_it_is_unpacked() -> None:
    bomb = saved(np.savez_compressed, np.zeros((10_000, 100)))
    assert len(bomb) < 100_000
    with pytest.raises(FileError, match="unpacks to 8 MB"):
        read("bomb.npz", bomb, most_rows=100, most_dims=100)


def test_the_name_is_shown_without_its_folder_and_short() -> None:
    with pytest.raises(FileError, match=r"^secret\.pkl is none"):
        read("C:\\Users\\me\\secret.pkl", b"x")
