"""Embedding projections without a browser: every view, every preset, the address and what is no address."""

import csv
import io
import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.catalogue import EMBEDDING_PROJECTIONS, ROOT
from app.embedding_projections.settings import Film, film_svg
from app.embedding_projections.shared import maps_csv
from components.scatter_view import Map
from models.points import tidy

APP = str(ROOT / "streamlit_app.py")


def opened(**address: str) -> AppTest:
    """The page as a link with these parameters opens it."""
    app = AppTest.from_file(APP, default_timeout=120).run()
    app.switch_page(EMBEDDING_PROJECTIONS.file)
    for name, value in address.items():
        app.query_params[f"emb_{name}"] = value
    app.run()
    return alive(app)


def alive(app: AppTest) -> AppTest:
    assert not app.exception
    assert not app.error
    assert app.title[0].value == EMBEDDING_PROJECTIONS.title
    return app


def texts(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.caption, *app.info, *app.warning))


def test_the_opening_state_says_what_the_maps_keep() -> None:
    app = opened()
    said = texts(app)
    assert "240 points in 50 dimensions" in said
    assert "PCA's directions hold 19% of the variance and keep 31%" in said
    assert "t-SNE and UMAP recorded beforehand" in said


def test_a_setting_that_is_not_recorded_is_computed() -> None:
    said = texts(opened(data="words", show="tsne", perplexity="5", seed="3"))
    assert "24 points in 50 dimensions" in said
    assert "recorded" not in said


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ({"words": "", "data": "words"}, "GloVe knows 0 of your 0 words"),
        ({"words": "🎉 <b>", "data": "words"}, "GloVe knows 0 of your 2 words"),
        ({"words": "cat dog xyzzyq", "data": "words"}, "1 of your words is not in GloVe: xyzzyq"),
        ({"words": "cat dog", "data": "words"}, "2 points are too few for t-SNE and UMAP; PCA is shown"),
        ({"data": "atlantis"}, "The link asked for atlantis, which is not listed here"),
        ({"perplexity": "1e9", "show": "tsne"}, "The link asked for 1e9, which is not listed"),
        ({"seed": "-4", "show": "tsne"}, "The link asked for Seed"),
        ({"pick": "99999", "show": "pca"}, "there are points 0 to 239"),
        ({"sel": "lasso:0:1,x", "show": "pca"}, "nothing is selected"),
        ({"zoom": "0:1,2", "show": "pca"}, "whole maps are shown"),
        ({"turn": "up", "show": "pca"}, "the space stands as at first"),
        ({"colour": "<script>", "show": "pca"}, "the colours of the start are shown"),
        ({"view": "nowhere", "show": "pca"}, "The link asked for nowhere"),
    ],
)
def test_a_bad_address_has_one_sentence(address, said) -> None:
    assert said in texts(opened(**address))


def test_a_text_that_is_too_long_is_kept_and_refused() -> None:
    app = opened(data="words", show="pca")
    alive(app.text_area[0].set_value("cat " * 6000).run())
    assert "24,000 characters; the limit is 20,000" in texts(app)
    assert app.text_area[0].value == "cat " * 6000


def test_sentences_of_a_visitor_are_read_by_minilm() -> None:
    said = texts(opened(data="lines", lines="I like tea.\nI like coffee.\nThe car is red.", show="pca"))
    assert "3 points in 384 dimensions" in said
    assert "all-MiniLM-L6-v2" in said
    assert "You gave 1 different sentences" in texts(opened(data="lines", lines="one\none", show="pca"))


def test_a_map_stands_beside_its_noise_twin() -> None:
    said = texts(opened(view="believe"))
    assert "t-SNE keeps 77% of each point's 15 nearest neighbours; of noise 2" in said
    assert "| **trustworthiness** | **0.99** | **0.98** | **0.83** |" in said
    assert "Least to be believed are" in said
    few = texts(opened(view="believe", data="words", words="cat dog car bus", map="pca"))
    assert "4 points" in few


def test_the_grid_is_recorded_or_asked_for() -> None:
    said = texts(opened(view="multiples", data="noise"))
    assert "18 maps of the same points: perplexity from 2 to 100, each from 3 starts" in said
    assert "maps recorded beforehand" in said
    app = opened(view="multiples", data="words", words="a cat dog car bus king queen man")
    assert "These 8 points have no recorded maps. 3 maps will be computed" in texts(app)
    next(button for button in app.button if button.label == "Compute 3 maps").click().run()
    assert "3 maps of the same points: perplexity from 2 to 2, each from 3 starts" in texts(alive(app))
    assert "too few for t-SNE" in texts(opened(view="multiples", data="words", words="cat dog"))


@pytest.mark.parametrize("place", range(3))
def test_every_preset_is_drawn_and_named(place) -> None:
    app = opened(show="pca")
    app.button(key=f"preset_{place}").click().run()
    assert "What you see" in texts(alive(app))


def test_the_table_names_every_map_and_number() -> None:
    table = opened(show="pca", dims="3").table[0].value
    assert "neighbours kept, 15" in " ".join(map(str, table.columns))


def test_a_csv_has_every_point_and_no_formula() -> None:
    points = tidy("p", np.eye(3), ["=1+1", "a,b", "c"], columns={"k": ["x", "y", "@z"]})
    drawn = [Map("A", np.arange(6.0).reshape(3, 2)), Map("B", np.zeros((3, 3)), values={"t": np.ones(3)})]
    rows = list(csv.reader(io.StringIO(maps_csv(points, drawn))))
    assert rows[0] == ["label", "k", "A x", "A y", "B x", "B y", "B z", "B: t"]
    assert rows[1][:4] == ["'=1+1", "x", "0", "1"]
    assert rows[3][1] == "'@z"


class Place:
    """Where a film is shown."""

    def __init__(self) -> None:
        self.shown: list[str] = []

    def image(self, text: str, **_options: object) -> None:
        self.shown.append(text)


def test_a_moving_layout_is_drawn_but_not_too_often() -> None:
    place = Place()
    film = Film(place, tidy("p", np.eye(4), list("abcd"), columns={"k": ["x", "y", "x", "y"]}))
    film.show(np.zeros((4, 2)))
    assert place.shown == []
    for _ in range(3):
        film.show(np.eye(4)[:, :2])
    assert len(place.shown) == 1
    assert len(re.findall("<path", place.shown[0])) == 2
    assert "nan" not in film_svg(np.ones((3, 2)), np.zeros(3, int))
