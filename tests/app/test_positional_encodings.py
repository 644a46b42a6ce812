"""Positional encodings without a browser: presets, every view of every scheme, bad input, true sentences."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.cached import _models
from app.catalogue import POSITIONAL_ENCODINGS, ROOT
from app.positional_encodings import cached, encodings, relative, sentences
from app.positional_encodings.encodings import NAMES, VIEWS, Setting, fitting_views
from app.positional_encodings.notes import HOW
from app.state import plain
from models.loading import fetch, load
from models.positions import learned, sinusoidal, t5_bias, t5_buckets
from models.scoreboard import scoreboard
from tests.models.servers import FakeServer

APP = str(ROOT / "streamlit_app.py")
HERE = [scheme for scheme in NAMES if scheme not in ("learned-gpt2", "t5-learned")]  # a download away
PRESETS = {
    "Neighbours of position 50": "Position 50 is most like 49 and 51 (cosine 0.970); with 60 it is 0.669.",
    "10000 replaced by 10": "**Base 10**: Position 50 is most like 49 and 51 (cosine 0.893); with 60",
    "d = 8 against 512": "With d = 8 the mean cosine is 0.884 at distance 1",
    "A length beyond training": "Positions 512 to 639 have no row",
    "Why not a sigmoid": "Position 0 is 0.5, position 5 already 0.9933.",
    "Shuffle the words": "the cosine is 1.000,",
}


def opened(**address: str) -> AppTest:
    """The page as a link with these parameters opens it."""
    app = AppTest.from_file(APP, default_timeout=120).run()
    app.switch_page(POSITIONAL_ENCODINGS.file)
    for name, value in address.items():
        app.query_params[f"pos_{name}"] = value
    return alive(app.run())


def alive(app: AppTest) -> AppTest:
    assert not app.exception
    assert not app.error
    assert app.title[0].value == POSITIONAL_ENCODINGS.title
    assert app.button(key="preset_0").label == "Neighbours of position 50"
    return app


def see(app: AppTest) -> str:
    """What you see."""
    found = [text.value for text in app.markdown if text.value.startswith("**What you see.**")]
    assert len(found) == 1
    return found[0]


def header(app: AppTest, key: str = "pos_matrix") -> dict[str, Any]:
    """What the browser is told to draw."""
    message = app.get_by_key(key).proto.bytes
    return json.loads(message[4 : 4 + int.from_bytes(message[:4], "little")])


def notes(app: AppTest) -> list[str]:
    """The quiet notes."""
    return [caption.value for caption in app.caption if re.search(r"(is|are) shown\.$", caption.value)]


# --- as it opens, and its presets --------------------------------------------------------------------


def test_it_opens_at_position_50() -> None:
    app = opened()
    drawn = header(app)
    assert (drawn["held"], drawn["param"]) == (50, "pos_at")
    assert (drawn["panels"][0]["rows"], drawn["panels"][0]["cols"]) == (128, 128)
    assert (drawn["scale"]["low"], drawn["scale"]["high"]) == (-1, 1)
    assert app.query_params == {}
    assert not app.warning


@pytest.mark.parametrize(("place", "name"), list(enumerate(PRESETS)))
def test_a_preset_opens_what_it_promises_and_is_marked(place: int, name: str) -> None:
    app = opened(scheme="t5", n="20", view="distance")
    button = app.button(key=f"preset_{place}")
    assert button.label == name
    button.click().run()
    assert PRESETS[name] in see(alive(app))
    marked = [
        b.label for b in app.button if (b.key or "").startswith("preset_") and b.proto.type == "primary"
    ]
    assert marked == [name]
    assert notes(app) == []


@pytest.mark.parametrize("scheme", HERE)
def test_every_view_that_fits_a_scheme_is_drawn(scheme: str) -> None:
    app = opened(scheme=scheme, n="24", d="16", at="7")
    for view in fitting_views(scheme):
        app.selectbox(key="pos_view_choice").select(view).run()
        assert not alive(app).warning
        assert 40 < len(see(app)) < 700
        assert app.selectbox(key="pos_view_choice").value == view


def test_a_view_that_does_not_fit_gives_way_without_blame() -> None:
    app = opened(view="turning")
    app.selectbox(key="pos_scheme_choice").select("alibi").run()
    assert alive(app).selectbox(key="pos_view_choice").value == "heat"
    assert notes(app) == []
    assert len(header(app)["panels"]) == 8


def test_only_controls_that_do_something_are_drawn() -> None:
    def labels(**address: str) -> set[str]:
        return {field.label for field in opened(**address).number_input}

    assert labels() == {"Positions n", "Dimensions d", "Base", "Position p"}
    assert labels(scheme="learned") == {"Positions n", "Position p"}
    assert labels(view="order") == {"Seed"}
    assert [box.label for box in opened(view="order").selectbox] == ["View"]
    assert labels(scheme="rope", scaling="yarn") >= {"Scaling factor", "Trained length"}
    assert labels(scheme="alibi", view="distance") == {"Positions n", "Heads"}


def test_two_settings_stand_side_by_side() -> None:
    app = opened(beside="d-512")
    assert [panel["title"] for panel in header(app)["panels"]] == ["d = 128", "d = 512"]
    assert [panel["cols"] for panel in header(app)["panels"]] == [128, 512]
    app = opened(scheme="rope", scaling="linear", beside="scaling-none")
    assert [panel["title"] for panel in header(app)["panels"]] == ["linear × 4", "no scaling"]


def test_the_table_of_gpt2_comes_from_the_hub(
    server: FakeServer, cache: Path, tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tiny GPT-2 with random weights stands on the fake hub in its place."""
    files = {path.name: path.read_bytes() for path in (tiny_folder / "gpt2").iterdir()}
    server.add_repository("openai-community/gpt2", files, "a" * 40)
    app = opened(scheme="learned-gpt2", n="136", d="16", at="7")
    assert any("**GPT-2** (decoder" in info.value for info in app.info)
    assert NAMES["learned-gpt2"] not in [NAMES[scheme] for scheme in encodings.scorable()]
    fetch("gpt2")
    try:
        app = alive(app.run())
        table = np.array(learned(load("gpt2", "cpu")))  # (128, 16)
        sent = header(app)["panels"][0]
        assert (sent["rows"], sent["cols"]) == (136, 16)
        assert "Row 7 is one of 128 that GPT-2 learnt: 16 numbers" in see(app)
        assert "Positions 128 to 135 have no row" in see(app)
        assert Setting("learned-gpt2", n=8).table == pytest.approx(table[:8])
        assert any("GPT-2's own table (aaaaaaa)" in caption.value for caption in app.caption)
        app.selectbox(key="pos_view_choice").select("scores").run()
        names = [row["name"] for row in header(alive(app), "pos_scores")["rows"]]
        assert names == [NAMES[scheme] for scheme in NAMES if scheme != "t5-learned"]
    finally:
        for kept in (_models, cached.learned_table, cached.position_table, cached.scoreboard):
            kept.clear()


def test_the_bias_of_t5_comes_from_the_hub(server: FakeServer, cache: Path, tiny_folder: Path) -> None:
    files = {path.name: path.read_bytes() for path in (tiny_folder / "t5").iterdir()}
    server.add_repository("google-t5/t5-small", files, "b" * 40)
    app = opened(scheme="t5-learned", n="24")
    assert any("**T5 small** (encoder-decoder" in info.value for info in app.info)
    fetch("t5-small")
    try:
        app = alive(app.run())
        bias = t5_bias(24, load("t5-small", "cpu"))
        assert len(header(app)["panels"]) == len(bias)
        assert relative.learned(Setting("t5-learned", n=24))[:, 23 - 5 + 9] == pytest.approx(bias[:, 5, 9])
        assert any("T5 small's own table (bbbbbbb)" in caption.value for caption in app.caption)
        app.selectbox(key="pos_view_choice").select("distance").run()
        assert "leans most on distance" in see(alive(app))
    finally:
        _models.clear()
        cached.bias_table.clear()


@pytest.mark.parametrize("buckets", [8, 16, 32, 64])
def test_the_last_bucket_begins_where_the_sentence_says(buckets: int) -> None:
    said = " ".join(relative.bucket_sentences(Setting("t5", buckets=buckets), 50))
    last = int(re.search(r"All from (\d+) steps on share one", said)[1])
    before, first, far = t5_buckets(-np.array([last - 1, last, 5000]), buckets=buckets)
    assert before != first == far


def test_the_numbers_of_alibi_are_those_of_every_head() -> None:
    app = opened(scheme="alibi", n="8", heads="4")
    app.query_params["tab"] = "Numbers"
    table = alive(app.run()).dataframe[0].value
    assert len(table) == 4 * 8
    assert any("8 positions × 4 heads" in caption.value for caption in app.caption)
    assert header(app)["panels"][3]["title"] == "Head 4: slope 1/256"


def test_the_visitor_chooses_the_dimensions() -> None:
    def drawn(app: AppTest) -> list[str]:
        charts = app.get("vega_lite_chart") or app.get("arrow_vega_lite_chart")
        return re.findall(r"dimension \d+", json.dumps(json.loads(charts[0].proto.spec)))

    app = opened(view="curves", dims="126, 3 3;0")
    assert set(drawn(app)) == {"dimension 0", "dimension 3", "dimension 126"}
    assert "Dimension 0 repeats every 6.28 positions, dimension 126 every 54,410" in see(app)
    for bad in ("x", "-1", "128", "1.5", "0 1 2 3 4 5 6 7 8", "９９９"):
        app.text_input(key="pos_dims").set_value(bad).run()
        assert f"“{plain(bad)}” is no list of up to 8 dimensions from 0 to 127" in notes(alive(app))[0]
        assert app.text_input(key="pos_dims").value == bad
        assert "dimension 0" in drawn(app)


# --- bad input --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        *(("n", bad) for bad in ("1", "1025", "-3", "x", "1e2", "9" * 5000, "٣٣")),
        *(("d", bad) for bad in ("2", "514", "<b>64</b>")),
        *(("base", bad) for bad in ("1", "0", "10000.5")),
        ("at", "-1"),
        *((name, "![x](http://127.0.0.1:9/pixel.png)") for name in ("scheme", "view", "beside", "n")),
    ],
)
def test_a_bad_value_in_the_address_falls_back_with_one_note(name: str, bad: str) -> None:
    app = opened(**{name: bad})
    assert len(notes(app)) == 1
    assert notes(app)[0].startswith("The link asked for ")
    assert len(notes(app)[0]) < 200
    assert not re.search(r"(?<!\\)[<\[]", notes(app)[0])
    assert header(app)["held"] == 50
    app.run()
    assert notes(app) == []
    assert app.query_params == {}


def test_an_odd_width_is_rounded_up_with_one_sentence_and_stays_typed() -> None:
    app = opened(d="63")
    assert notes(app) == ["d is 63, an odd number; dimensions come in pairs, so 64 is shown."]
    assert header(app)["panels"][0]["cols"] == 64
    assert app.number_input(key="pos_d_number").value == 63


def test_a_position_beyond_the_last_is_the_last() -> None:
    app = opened(n="20")
    assert notes(app) == ["Position 50 lies beyond the last of 20; position 19 is shown."]
    assert header(app)["held"] == 19


@pytest.mark.parametrize("text", ["", "   ", "dog", "word " * 600, "y" * 100_000])
def test_a_text_that_cannot_be_shuffled_gets_one_sentence_and_stays(text: str) -> None:
    app = opened(view="order")
    app.text_input(key="pos_text").set_value(text).run()
    assert len(alive(app).warning) == 1
    assert app.text_input(key="pos_text").value == text
    app.text_input(key="pos_text").set_value("Cats chase dogs.").run()
    assert not alive(app).warning


@pytest.mark.parametrize("text", ["🌍 👩‍🚀 dog", "</script><script>alert(1)</script>", "שלום עולם"])
def test_an_odd_text_is_drawn_as_text(text: str) -> None:
    app = opened(view="order", text=text)
    assert not app.warning
    assert [panel["title"].split(":")[0] for panel in header(app)["panels"]] == [
        "With positions",
        "Every position 50",
    ]


def test_another_shuffle_is_another_seed() -> None:
    app = opened(view="order")
    assert app.metric[1].value == "1.000"
    assert float(app.metric[0].value) < 0.99
    next(button for button in app.button if button.label == "Shuffle again").click().run()
    assert alive(app).number_input(key="pos_seed_number").value == 250
    assert app.metric[1].value == "1.000"


# --- sentences and numbers --------------------------------------------------------------------------


def test_sentences_say_what_the_table_says() -> None:
    pe = sinusoidal(128, 128)
    row = pe @ pe[50] / 64  # the squared length of every row is d/2
    sentence = sentences.neighbours(Setting(), 50)
    assert f"cosine {row[49]:.3f}" in sentence
    assert f"with 60 it is {row[60]:.3f}" in sentence
    assert np.allclose(Setting().similarity[50], row)


@pytest.mark.parametrize("scheme", ["sinusoidal", "learned", "rope", "integers", "squashed"])
def test_one_row_of_the_similarity_is_that_of_the_whole(scheme: str) -> None:
    setting = Setting(scheme, n=600, d=32)
    assert np.allclose(setting.similarity_to(70), setting.similarity[70], equal_nan=True)


def test_by_distance_is_the_mean_of_each_diagonal() -> None:
    table = np.arange(9.0).reshape(3, 3)
    mean, low, high = encodings.by_distance(table)
    assert mean.tolist() == [4, 3, 2]
    assert (low.tolist(), high.tolist()) == ([0, 1, 2], [8, 5, 2])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.5, "0.500"),
        (-0.25, "−0.250"),
        (6.283, "6.28"),
        (54410.2, "54,410"),
        (1.4e-11, "1 × 10⁻¹¹"),
    ],
)
def test_a_number_in_a_sentence(value: float, text: str) -> None:
    assert encodings.figure(value) == text


@pytest.mark.parametrize("scheme", HERE)
def test_every_verdict_leads_to_a_view_of_its_scheme(scheme: str) -> None:
    for score in scoreboard(scheme, 16, 8).scores:
        state = encodings.score_state(Setting(n=16, d=8), scheme, score)
        assert state["scheme"] == scheme
        assert state["view"] in fitting_views(scheme)
        assert len(f"{score.verdict} {sentences.score_number(scheme, score)}") <= 21


def test_the_scoreboard_shows_all_schemes_and_marks_one() -> None:
    rows = header(opened(view="scores", scheme="rope"), "pos_scores")["rows"]
    assert [row["name"] for row in rows] == [NAMES[scheme] for scheme in encodings.scorable()]
    assert set(encodings.scorable()) >= set(HERE)
    assert [row["name"] for row in rows if row["current"]] == [NAMES["rope"]]
    assert {len(row["cells"]) for row in rows} == {6}


def test_the_lines_of_how_it_is_computed_run() -> None:
    blocks = re.findall(r"```python\n(.*?)```", HOW, re.S)
    assert len(blocks) == 2
    names: dict[str, Any] = {}
    for block in blocks:
        exec(block, names)
    assert np.allclose(names["pe"][57], names["rotation"](7, d=128) @ names["pe"][50])


def test_every_view_has_a_name() -> None:
    for scheme in NAMES:
        names = [encodings.view_name(scheme, view) for view in fitting_views(scheme)]
        assert len(set(names)) == len(names)
        assert set(fitting_views(scheme)) <= set(VIEWS)
