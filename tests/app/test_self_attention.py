"""Self-attention without a browser: the numbers of the examples, the address, the sentences, every preset."""

import ast
import csv
import io
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from streamlit.testing.v1 import AppTest

from app.catalogue import ROOT, SELF_ATTENTION
from app.self_attention import notes
from app.self_attention.example import (
    EDITABLE,
    MOST_WORDS,
    PAD,
    Toy,
    matrix_text,
    parse_matrix,
    split_words,
    toy,
)
from app.self_attention.model import same_word
from app.self_attention.pictures import (
    SYMMETRY,
    matrices,
    pictures,
    shape_matrices,
    shape_pictures,
    steps_csv,
    symmetry,
)
from components.attention_steps import message
from models.loading import is_here
from models.registry import get_card

APP = str(ROOT / "streamlit_app.py")
WORDS = {"love": "I love machine learning", "cat": "The cat sat on the mat"}
PRESETS = (
    "I love machine learning",
    "The cat sat on the mat",
    "d_model 512, 8 heads",
    "Why ÷ √d_k",
    "Why several heads",
    "In MiniLM: it → animal",
)
needs_smollm2 = pytest.mark.skipif(
    not is_here(get_card("smollm2")), reason="SmolLM2 is not here: python -m models fetch smollm2"
)


def made(example: str = "love", words: str = "", **changes: Any) -> Toy:
    options = {"heads": 1, "d_k": 2, "mask": "none", "temperature": 1.0, **changes}
    given = options.pop("given", {})
    return toy(example, split_words(words or WORDS[example]), given, **options)


def opened(**address: str) -> AppTest:
    """The page as a link with these parameters opens it."""
    app = AppTest.from_file(APP, default_timeout=120).run()
    app.switch_page(SELF_ATTENTION.file)
    for name, value in address.items():
        app.query_params[f"self_{name}"] = value
    app.run()
    return alive(app)


def alive(app: AppTest) -> AppTest:
    assert not app.exception
    assert not app.error
    assert app.title[0].value == SELF_ATTENTION.title
    return app


def texts(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.caption, *app.info, *app.warning))


# --- the examples -------------------------------------------------------------------------------------


def test_the_first_example_has_the_numbers_of_its_description() -> None:
    x = made().x
    assert np.allclose(x[0], [0.11, 0.32, 0.53])
    assert np.allclose(x[3], [0.44, 0.65, 0.86])


def test_cat_and_mat_look_at_each_other() -> None:
    weights = made("cat").compute().weights[0]
    assert weights[1].argmax() == 5
    assert weights[5].argmax() == 1
    assert min(weights[1, 5], weights[5, 1]) > 0.8


@pytest.mark.parametrize("example", ["love", "cat"])
def test_the_scores_of_the_examples_are_not_symmetric(example: str) -> None:
    state = made(example)
    steps = state.compute()
    assert np.abs(steps.scores[0] - steps.scores[0].T).max() > 0.1
    assert symmetry(state, steps) == SYMMETRY
    assert "The way back differs" in pictures(state, steps)[3].sentences[0]


def test_what_is_symmetric_is_said_and_why() -> None:
    same = made(given={"wk": made().now["wq"]})
    assert "since W_Q · W_Kᵀ is symmetric" in symmetry(same, same.compute())
    assert "the table is symmetric" in pictures(same, same.compute())[3].sentences[0]
    zero = made(given={"e": np.zeros((4, 3)), "p": np.zeros((4, 3))})
    assert "by the embeddings" in symmetry(zero, zero.compute())


def test_joined_heads_have_names() -> None:
    three = made(heads=3)
    names = matrices(three, three.compute())
    assert names["Q"].group_names == ("head 1", "head 2", "head 3")
    assert names["WO"].rows[2] == "head 2: 1"
    assert names["WO"].group_names == ()
    assert matrices(made(), made().compute())["Q"].group_names == ()


def test_a_head_more_leaves_the_numbers_of_the_first() -> None:
    one, three = made(), made(heads=3)
    assert np.array_equal(three.now["wq"][:, :2], one.now["wq"])
    assert np.allclose(three.compute().weights[0], one.compute().weights[0])


def test_an_own_word_has_the_same_row_wherever_it_stands() -> None:
    assert np.array_equal(made(words="tea love").now["e"][0], made(words="I drink tea").now["e"][2])
    assert np.array_equal(made(words="tea love").now["e"][1], made().now["e"][1])


def test_padding_adds_a_token_that_nobody_sees() -> None:
    padded = made(mask="padding")
    assert padded.words[-1] == PAD
    assert not padded.compute().weights[..., -1].any()


def test_what_was_typed_outlives_a_change_of_shape() -> None:
    typed = np.full((3, 2), 7.0)
    wider = made(d_k=3, given={"wq": typed})
    assert np.array_equal(wider.now["wq"][:, :2], typed)
    assert wider.changed
    assert not made(d_k=3).changed


# --- the address --------------------------------------------------------------------------------------


@settings(max_examples=50, deadline=None)
@given(
    arrays(
        np.float64, array_shapes(min_dims=2, max_dims=2, max_side=6), elements=st.floats(-100, 100, width=32)
    )
)
def test_a_matrix_survives_the_address(matrix: np.ndarray) -> None:
    assert np.allclose(parse_matrix(matrix_text(matrix)), matrix, atol=1e-9)


@pytest.mark.parametrize(
    "text", ["1,2;3", "nan,1", "inf", "101", "-100.5", "x", ",", ";", "1;;2", "1," * 99 + "1"]
)
def test_no_other_text_is_a_matrix(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_matrix(text)


def test_no_parameter_means_the_examples_own() -> None:
    assert parse_matrix("") is None


def test_a_text_becomes_a_few_words() -> None:
    assert split_words("a  b\n" * 9) == ["a", "b"] * (MOST_WORDS // 2)
    assert split_words("  ") == []


# --- pictures -----------------------------------------------------------------------------------------

STATES = [
    {},
    {"example": "cat"},
    {"heads": 3, "d_k": 4, "mask": "causal"},
    {"mask": "padding", "temperature": 0.1},
    {"words": "alone"},
    {"words": "alone", "mask": "causal", "heads": 2, "d_k": 1},
    {"words": "one two three four five six seven eight", "mask": "padding", "heads": 2},
    {"given": {"e": np.full((4, 3), -100.0), "wq": np.full((3, 2), 100.0), "wk": np.full((3, 2), 100.0)}},
    {"given": {name: np.zeros((8, 8)) for name in EDITABLE}},
]


@pytest.mark.parametrize("state", STATES, ids=str)
def test_every_state_has_eight_pictures(state: dict[str, Any]) -> None:
    example = made(**state)
    steps = example.compute()
    names, drawn = matrices(example, steps), pictures(example, steps)
    sent = message(names, drawn, view_at_start(), heads=example.heads)
    assert len(sent["steps"]) == 8
    used = {
        name for step in drawn for block in step.blocks for name in (block.left, *block.tops, *block.outs)
    }
    assert used == set(names)
    for step in drawn:
        assert all(len(sentence) > 40 and "nan" not in sentence for sentence in step.sentences)
        for name, i, j in step.at:
            assert (i, j) < names[name].values.shape[-2:]


def view_at_start() -> Any:
    from components.attention_steps import View

    return View()


def test_the_sentences_name_the_numbers_of_the_state() -> None:
    example = made("cat")
    said = [step.sentences[0] for step in pictures(example, example.compute())]
    assert "“mat” is the row 0.10, 0.00, 1.00, 0.00" in said[0]
    assert "“mat” gives 88 % of its weight to “cat”" in said[5]
    assert "10 scores" not in said[5]
    causal = made("cat", mask="causal")
    assert "15 scores are −∞" in pictures(causal, causal.compute())[5].sentences[0]


@pytest.mark.parametrize("heads", [1, 2, 4, 8, 16])
def test_shapes_fit_together(heads: int) -> None:
    names, steps = shape_matrices(6, heads), shape_pictures(6, heads)
    for step in steps:
        for block in step.blocks:
            if block.kind != "product":
                continue
            for top, out in zip(block.tops, block.outs, strict=True):
                (n, inner), (again, m) = names[block.left].shape, names[top].shape
                assert inner == again
                assert names[out].shape == (n, m)
    assert f"{4 * 512 * 512:,} in this layer" in steps[7].sentences[0]


def test_the_csv_holds_every_number() -> None:
    example = made(words='=1+1 "a" b', heads=2)
    names = matrices(example, example.compute())
    rows = list(csv.DictReader(io.StringIO(steps_csv(names), newline="")))
    assert len(rows) == sum(matrix.values.size for matrix in names.values())
    weights = [float(row["value"]) for row in rows if row["matrix"] == "A"]
    assert np.allclose(np.reshape(weights, (2, 3, 3)).sum(-1), 1)
    assert rows[0]["row"] == "'=1+1"


# --- the page -----------------------------------------------------------------------------------------


def test_the_page_opens_with_its_first_preset() -> None:
    app = opened()
    assert [button.label for button in app.button if button.proto.type == "primary"] == [PRESETS[0]]
    assert "Worked example (made by hand)" in texts(app)


@pytest.mark.parametrize("preset", range(len(PRESETS)))
def test_every_preset_draws_and_is_marked(preset: int) -> None:
    app = opened()
    app.button(key=f"preset_{preset}").click().run()
    alive(app)
    assert [button.label for button in app.button if button.proto.type == "primary"][:1] == [PRESETS[preset]]


def test_a_changed_number_is_said_in_the_provenance() -> None:
    assert "made by hand, changed here" in texts(opened(e="9,9,9;1,1,1;1,1,1;1,1,1"))


@pytest.mark.parametrize(
    ("name", "value", "note"),
    [
        ("step", "9", "there are steps 1 to 8"),
        ("wq", "1,2;3", "a matrix is rows of numbers up to 100"),
        ("e", "1e9", "a matrix is rows of numbers up to 100"),
        ("cell", "Q.1", "no number is held"),
        ("example", "dog", "“I love machine learning” is shown"),
        ("heads", "7", "which is not listed here; 1 head is shown"),
        ("temp", "0", "which is not listed here; temperature 1 is shown"),
        ("view", "x", "which is not listed here; Step by step is shown"),
    ],
)
def test_a_bad_link_gives_one_note_and_the_page(name: str, value: str, note: str) -> None:
    said = texts(opened(**{name: value}))
    assert said.count("The link asked for") == 1
    assert note in said


def test_too_many_words_and_none() -> None:
    app = opened()
    long = "a b c d e f g h i j"
    app.text_input(key="self_words").set_value(long).run()
    assert "At most 8 words are drawn" in texts(alive(app))
    assert app.text_input(key="self_words").value == long
    app.text_input(key="self_words").set_value(" ").run()
    assert "Type one to eight words" in texts(alive(app))


def test_scale_names_the_numbers_of_its_sliders() -> None:
    app = opened(view="why", width="64", keys="16")
    assert "√64 = 8.0" in texts(app)
    assert "15 % of the largest entropy" in texts(app)
    assert "√1024 = 32.0" in texts(opened(view="why", width="1024"))


def test_cost_says_where_the_lines_cross() -> None:
    assert "1.33 times as many as" in texts(opened(view="cost"))
    assert "exactly as many as" in texts(opened(view="cost", n="512", d="512"))
    said = texts(opened(view="cost", n="64", lines="memory"))
    assert "17 % of the recurrent layer's" in said
    assert "The price is memory: 4,096 weights" in said
    assert "Numbers held in memory at once" in said


def test_the_real_model_is_checked_against_itself() -> None:
    app = opened(view="model")
    said = texts(app)
    # as many as the softmax is over, and a sum that adds up as it is printed
    assert "the largest of its 16 weights" in said
    assert "→ softmax over 16 keys →" in said
    assert "q·k = 21.69; ÷ √32 = 3.83" in said
    carried, whole, rest = re.search(
        r"carry ([\d.]+) of the score ([\d.]+); .* together ([\d.]+)\.", said
    ).groups()
    assert round(float(carried) + float(rest), 2) == float(whole)
    # one dimension a row, not one number
    assert [len(table.value.columns) for table in app.table] == [4, 4, 3]
    assert [len(table.value) for table in app.table] == [32, 32, 16]
    assert "When reading “it”, head 3.1 puts 68 % of its weight on “animal”" in said
    difference = re.search(r"itself returned within \*\*(.+?)\*\*", said)
    assert difference
    assert float(difference[1].replace("−", "-")) < 1e-5


@needs_smollm2
def test_a_decoder_with_shared_keys_and_rope() -> None:
    said = texts(opened(view="model", model="smollm2", layer="17", mhead="4", order="size"))
    assert "Query head 4 reads key head 1, as 3 heads do." in said
    (keys,) = re.findall(r"softmax over (\d+) keys", said)
    assert f"of its {keys} weights" in said
    assert "hidden by the model's mask" in said


def test_another_text_keeps_the_words_and_not_their_places() -> None:
    assert same_word(("a", "it", "it"), 2, ("it", "b", "it")) == "2"
    assert same_word(("a", "it", "it"), 2, ("b", "it")) == "1"
    assert same_word(("a",), 0, ("b",)) == ""
    app = opened(view="model", q="10", k="2")
    assert "When reading “it”, head 3.1 puts 68 % of its weight on “animal”" in texts(app)
    app.text_input(key="self_text").set_value("Look! The animal is so tired because it ran.").run()
    assert re.search("When reading “it”, head 3.1 puts .* on “animal”", texts(alive(app)))
    app.text_input(key="self_text").set_value("The cat ran.").run()
    alive(app)
    assert (app.session_state["self_q"], app.session_state["self_k"]) == ("", "")


def test_a_negative_product_that_is_the_largest_is_named() -> None:
    said = texts(opened(view="model", layer="0", mhead="0", q="1", k="2"))
    assert "The largest product is negative: dimension 17 takes 2.34 away." in said


@pytest.mark.parametrize(("name", "value"), [("layer", "6"), ("mhead", "12"), ("q", "99"), ("model", "gpt9")])
def test_the_real_model_without_what_the_link_asks(name: str, value: str) -> None:
    said = texts(opened(view="model", **{name: value}))
    assert said.count("The link asked for") == 1
    assert "What you see." in said


def test_no_text_for_the_model_is_one_sentence() -> None:
    app = opened(view="model", text=" ")
    assert len(app.warning) == 1


# --- notes --------------------------------------------------------------------------------------------

HOWS = [name for name in dir(notes) if name.startswith("HOW_") and name != "HOW_COST"]


@pytest.mark.parametrize("name", HOWS)
def test_the_lines_of_python_run(name: str) -> None:
    code = re.findall(r"```python\n(.*?)```", getattr(notes, name), flags=re.S)
    assert len(code) == 1
    exec(code[0], {})


def test_the_lines_about_cost_are_python_and_count() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", notes.HOW_COST, flags=re.S)
    ast.parse(code)
    exec(code.split("measured =")[0], {})
