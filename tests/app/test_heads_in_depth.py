"""The views of Attention heads that go beyond looking, without a browser."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app.attention_heads.compare import OTHER_TEXT, implied
from app.attention_heads.layers import NAMES
from app.attention_heads.matter import heads_of
from app.cached import _models, shelf
from app.catalogue import ATTENTION_HEADS
from app.shown import MOST_ROWS
from models.attention import rollout, trace_attention
from models.errors import NumberError
from models.heads import ablate, score_heads
from models.quantise import percent
from models.registry import get_card
from tests.app.attention_page import APP, PRONOUN, notes
from tests.app.attention_page import header as header_of
from tests.models import tiny


def opened(**address: str) -> AppTest:
    """The page as a link with these parameters opens it."""
    app = AppTest.from_file(APP, default_timeout=120).run()
    app.switch_page(ATTENTION_HEADS.file)
    for name, value in address.items():
        app.query_params[f"attn_{name}"] = value
    app.run()
    assert not app.exception
    assert not app.error
    return app


def drawn(app: AppTest, key: str) -> tuple[dict[str, Any], np.ndarray]:
    """The header of a figure and its numbers."""
    message = app.get_by_key(key).proto.bytes
    start = 4 + int.from_bytes(message[:4], "little")
    return json.loads(message[4:start]), np.frombuffer(message[start:], "<f4")


def says(app: AppTest) -> str:
    """What you see."""
    return next(each.value for each in app.markdown if each.value.startswith("**What you see.**"))


@pytest.fixture(scope="module", autouse=True)
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An operator's own decoder with grouped queries."""
    root = tmp_path_factory.mktemp("own")
    tiny.save("llama", root / "llama")
    for kind, folder in (("t5", "t5"), ("bert", "bert"), ("bert", "bert2")):
        tiny.save(kind, root / folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAINSIGHT_MODELS", str(root))
        yield
    _models.clear()
    shelf.clear()


def until_probed(app: AppTest) -> None:
    """Wait for the probe in the background, as the page does by polling."""
    for thread in threading.enumerate():
        if thread.name.startswith("probe "):
            thread.join(60)
    app.run()


def test_the_field_guide_shows_the_score_of_every_head_and_opens_one() -> None:
    app = opened(view="guide")
    header, values = drawn(app, "attn_guide")
    scores = score_heads(trace_attention(PRONOUN, device="cpu"))
    np.testing.assert_allclose(values, 100 * scores.of("previous").ravel(), rtol=1e-5)
    layer, head = divmod(int(scores.of("previous").argmax()), 12)
    assert (header["layers"], header["heads"], header["gone"]) == (6, 12, "")
    assert f"{layer}.{head} looks at the token before most" in says(app)
    assert percent(float(scores.of("previous").max())) in says(app)
    app.selectbox(key="attn_score_choice").select("induction").run()
    header, values = drawn(app, "attn_guide")
    assert np.isnan(values).all()  # never 0
    assert header["gone"].startswith("not testable: MiniLM-L6 sees what comes next")
    assert "cannot be tested" in says(app)
    # every score once, and what is counted over all rows
    for score in ("next", "entropy", "distance", "separator"):
        app.selectbox(key="attn_score_choice").select(score).run()
        assert not np.isnan(drawn(app, "attn_guide")[1]).any()
    app.selectbox(key="attn_over_choice").select("all").run()
    assert drawn(app, "attn_guide")[1].max() < 100 * scores.of("separator").max()
    app.button(key="attn_role_previous").click().run()
    view = header_of(app)["view"]
    assert (view["layer"], view["heads"]) == (layer, [head])


def test_a_decoder_is_probed_in_the_background_and_groups_are_named() -> None:
    app = opened(view="guide", model="own-llama", text="the cat sat", score="probe")
    until_probed(app)
    header, values = drawn(app, "attn_guide")
    assert header["groups"] == 2
    assert values.shape == (8,)
    assert (values > 0).all()
    assert "looks at what came next in random tokens most" in says(app)


def test_switching_off_says_what_changed_and_what_chance_changes() -> None:
    app = opened(view="matter", off="3.1", rank="1")
    made = ablate(PRONOUN, [(3, 1)], device="cpu")
    assert f"moves by **{made.effect.size:.3g}**" in says(app)
    assert f"of {len(made.control)} draws" in says(app)
    header, values = drawn(app, "attn_map")
    assert header["chosen"] == [[3, 1]]
    assert not np.isnan(values).any()
    layer, head = divmod(int(values.argmax()), 12)
    assert f"Of all single heads {layer}.{head} matters most here" in says(app)
    app.text_input(key="attn_off").set_value("none").run()
    assert "the same to the last bit" in says(app)
    app.text_input(key="attn_off").set_value("5.all").run()
    assert "Without layer 5" in says(app)
    assert "Another whole layer changed" in says(app)
    app.text_input(key="attn_off").set_value(", ".join(f"{layer}.all" for layer in range(6))).run()
    assert "left to compare with" in says(app)
    app.text_input(key="attn_off").set_value("6.0 <b>").run()
    assert len(app.warning) == 1
    assert "has no head 6.0" in app.warning[0].value
    assert app.text_input(key="attn_off").value == "6.0 <b>"


def test_a_decoders_guess_is_followed_at_any_place() -> None:
    app = opened(view="matter", model="own-llama", text="the cat", off="0.0", at="3", word="z")
    made = ablate("the cat", [(0, 0)], model="own-llama", position=3, named="z", device="cpu")
    assert "the first token of" not in says(app)
    assert f"{made.effect.kl:.3g} nats" in says(app)
    assert "“␣”" in says(app) or "z" in says(app)
    assert np.isnan(drawn(app, "attn_map")[1]).all()  # nobody has asked for the ranking
    app.button(key="attn_rank_button").click().run()
    assert not np.isnan(drawn(app, "attn_map")[1]).any()
    assert app.query_params["attn_rank"] == "1"
    bad = opened(view="matter", model="own-llama", text="the cat", at="99", rank="<b>")
    assert len(notes(bad)) == 2


def test_a_token_is_traced_through_the_layers() -> None:
    app = opened(view="layers")
    weights = trace_attention(PRONOUN, device="cpu").weights
    header, values = drawn(app, "attn_paths_token")
    assert [panel["title"] for panel in header["panels"]] == list(NAMES)
    rolled = rollout(weights)[:, 10]  # of "it", the token in view
    np.testing.assert_allclose(values.reshape(3, 6, 16)[1], rolled, atol=1e-6)
    assert f"**{percent(float(rolled[-1, 10]))}** of it at “it” itself" in says(app)
    app.selectbox(key="attn_paths_choice").select("layer").run()
    header, values = drawn(app, "attn_paths_layer")
    np.testing.assert_allclose(values.reshape(2, 16, 16)[0], weights[5].mean(0), atol=1e-6)
    long = opened(view="layers", text="cat " * 40)  # 6 layers × 42 tokens
    assert len(long.table[0].value) == MOST_ROWS
    assert f"The first {MOST_ROWS} of 252 rows; the CSV of *Export* has all of them." in [
        each.value for each in long.caption
    ]
    causal = opened(view="layers", model="own-llama", text="the cat", upto="0", **{"from": "6"})
    assert "In a decoder early tokens lie on more paths" in says(causal)
    assert len(notes(opened(view="layers", upto="99", paths="x", **{"from": "-1"}))) == 3


def test_an_encoder_decoder_shows_its_three_attentions_with_a_written_or_a_typed_target() -> None:
    app = opened(model="own-t5", text="the cat sat", pair="the dog", view="look")
    first = header_of(app)
    assert (first["layers"], first["causal"], first["n"], first["queries"]) == (2, False, 4, 3)
    assert [token["text"] for token in first["tokens"]][4:] == ["⟨start⟩", "the", "dog"]
    linked = opened(model="own-t5", text="the cat sat", pair="the dog", part="decoder")
    assert header_of(linked)["causal"]
    linked = opened(model="own-t5", text="the cat sat", part="encoder", layer="2")
    assert header_of(linked)["layers"] == 3
    assert notes(linked) == []
    assert "written by the model" in linked.caption[-1].value
    for view in ("guide", "layers"):
        assert not opened(model="own-t5", text="the cat sat", view=view, part="decoder").warning
    assert (
        len(opened(model="own-t5", text="the cat sat", view="layers").warning) == 1
    )  # cross has no way down
    assert len(notes(opened(model="own-t5", text="the cat", part="<b>"))) == 1
    task = "begin it with “translate English to German: ”"
    hints = [
        sum(task in each.value for each in opened(model="t5-small", text=text).caption)
        for text in ("the cat", "translate English to French: the cat")
    ]
    assert hints == [1, 0]


def test_two_texts_are_compared_where_their_tokens_stand_for_each_other() -> None:
    app = opened(view="compare", layer="5", heads="11")
    header, values = drawn(app, "attn_compared")
    assert [panel["title"] for panel in header["panels"]][-1] == "Other minus first"
    traces = [trace_attention(text, device="cpu").weights[5, 11] for text in (PRONOUN, OTHER_TEXT)]
    changed = values[512:].reshape(16, 16)
    np.testing.assert_allclose(changed, traces[1] - traces[0], atol=1e-6)
    assert "“tired” for “wide” by their place" in says(app)
    assert percent(float(np.abs(changed).sum(-1).mean() / 2)) in says(app)
    size = np.abs(changed).sum(-1).mean() / 2
    assert f"5.11 · moves {percent(float(size))}" in app.selectbox(key="attn_head1_choice").options
    app.selectbox(key="attn_head1_choice").select("3.1").run()
    assert "Head 3.1 moves" in says(app)
    app.text_input(key="attn_text2").set_value("שלום").run()
    assert len(drawn(app, "attn_compared")[0]["panels"]) == 3  # [CLS] and [SEP] still stand for each other
    assert "have no partner" in says(app)


def test_two_models_are_compared_only_on_the_same_tokens() -> None:
    app = opened(view="compare", what="models", model="own-bert", model2="own-bert2", text="the cat")
    assert len(drawn(app, "attn_compared")[0]["panels"]) == 3
    titles = [panel["title"] for panel in drawn(app, "attn_compared")[0]["panels"]]
    assert [title.partition(",")[0] for title in titles] == ["bert", "bert2", "Other minus first"]
    assert len(notes(opened(view="compare", head1="9.9", head2="<b>", what="heads"))) == 2
    app = opened(view="compare", what="models", model="own-bert", model2="minilm", text="zzyzx cat")
    assert "no difference is offered" in says(app)
    assert len(drawn(app, "attn_compared")[0]["panels"]) == 2


def test_two_heads_of_one_model_are_compared_with_the_nearest_first() -> None:
    app = opened(view="compare", what="heads")
    weights = trace_attention(PRONOUN, device="cpu").weights
    gap = np.abs(weights - weights[3, 1]).sum(-1).mean(-1) / 2
    gap[3, 1] = 1
    layer, head = divmod(int(gap.argmin()), 12)
    titles = [panel["title"] for panel in drawn(app, "attn_compared")[0]["panels"]]
    assert titles == ["Head 3.1", f"Head {layer}.{head}", "Other minus first"]
    assert percent(float(gap.min())) in says(app)
    app.selectbox(key="attn_head2_choice").select("3.1").run()
    assert "the same to the last bit" in says(app)


@pytest.mark.parametrize(("text", "other"), [(PRONOUN, OTHER_TEXT), ("A b c", "A b"), ("Hi", "Hi Hi")])
def test_the_other_text_is_near_the_first_as_long_as_none_is_typed(text: str, other: str) -> None:
    assert implied(text) == other


def test_an_encoder_decoder_and_a_long_text_get_one_sentence() -> None:
    app = opened(view="matter", model="own-t5", text="the cat")
    assert [each.value for each in app.warning] == [
        "Heads of t5 are not switched off here; take an encoder or a decoder."
    ]
    app = opened(view="matter", text="word " * 200)
    assert [each.value.split(";")[0] for each in app.warning] == ["Your text has 202 tokens"]


@pytest.mark.parametrize(
    ("spelt", "heads"),
    [
        ("", ((3, 1),)),
        ("none", ()),
        ("5.11, 0.2;0.2\n4.0", ((0, 2), (4, 0), (5, 11))),
        ("1.all", tuple((1, head) for head in range(12))),
    ],
)
def test_heads_are_read_as_people_write_them(spelt: str, heads: tuple[tuple[int, int], ...]) -> None:
    assert heads_of(spelt, get_card("minilm"), [(3, 1)]) == heads


@pytest.mark.parametrize("bad", ["3", "a.b", "6.0", "0.12", "٣.1", "9" * 99 + ".1", "<b>"])
def test_a_head_that_is_none_is_said(bad: str) -> None:
    with pytest.raises(NumberError, match=r"is no head|has no head"):
        heads_of(bad, get_card("minilm"), [])
