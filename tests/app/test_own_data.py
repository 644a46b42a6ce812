"""A visitor's file on the page: what is told, what is refused, what a map is drawn of."""

import io

import numpy as np
from streamlit.testing.v1 import AppTest

from app.embedding_projections.own_data import example, points_of
from models.uploads import read
from tests.app.test_embedding_projections import alive, opened, texts


def uploaded(app: AppTest, name: str, data: bytes) -> str:
    """What the page says of a file."""
    app.file_uploader[0].upload(name, data)
    return texts(alive(app.run()))


def test_a_file_is_drawn_and_what_was_left_out_is_told() -> None:
    app = opened(data="own", show="pca")
    assert "at most 20,000 rows, 2,048 columns and 5 MB" in texts(app)
    rows = "a,b,c,d,word,kind\n1,2,3,1,x,p\n0,0,0,0,y,p\n1,2,3,1,z,q\n,1,1,1,w,q\n3,2,1,1,v,q\n1,1,5,1,u,q\n"
    said = uploaded(app, "mine.csv", rows.encode())
    assert "4 columns of numbers are the vector; kept as metadata: word, kind." in said
    assert "1 row with a missing or infinite number left out." in said
    assert "1 row of only zeros left out" in said
    assert "1 row equal to an earlier one left out." in said
    assert "3 points in 4 dimensions" in said


def test_a_bad_file_is_one_sentence() -> None:
    app = opened(data="own", show="pca")
    out = io.BytesIO()
    np.save(out, np.array([{"a": 1}], object), allow_pickle=True)
    said = uploaded(app, "bad.npy", out.getvalue())
    assert "holds pickled Python objects, which are never opened here" in said
    assert len(app.warning) == 1


def test_the_example_reads_as_what_it_is() -> None:
    table = read("words.tsv", example().encode())
    assert table.vectors.shape == (16, 50)
    assert table.label == "word"
    points = points_of(table, "word", "cosine")
    assert points.labels[:2] == ("king", "queen")
    assert list(points.columns) == ["kind"]
    assert points_of(table, "", "cosine").labels[0] == "1"
