"""Attention heads without a browser: as it opens, every preset, every control, what stands below."""

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from app import frame
from app.attention_heads import cached
from app.catalogue import ATTENTION_HEADS
from models.attention import trace_attention
from models.quantise import percent
from tests.app.attention_page import APP, PRONOUN, alive, drawn, header, notes, opened, tokens, typed, view

# --- as it opens ----------------------------------------


def test_it_opens_at_the_animal() -> None:
    app = opened()
    assert (view(app)["layer"], view(app)["heads"], view(app)["pin"]) == (3, [1], {"side": "q", "token": 10})
    assert tokens(app)[10] == "it"
    assert app.query_params == {}
    assert not app.warning
    assert notes(app) == []


def test_its_sentences_say_what_the_weights_say() -> None:
    trace = trace_attention(PRONOUN, device="cpu")
    assert [percent(trace.weights[3, 1, 10, 2]), percent(trace.weights[5, 11, 10, 2])] == ["68 %", "67 %"]
    shares = {
        "the token before": lambda w: np.diagonal(w, -1).mean(),
        "the token after": lambda w: np.diagonal(w, 1).mean(),
        "the token itself": lambda w: np.diagonal(w).mean(),
        "[CLS], the first token": lambda w: w[1:, 0].mean(),
        "[SEP]": lambda w: w[:-1, -1].mean(),
    }
    said = header(opened())
    heads = trace.weights.reshape(72, 16, 16)
    roles = [
        (found[2], found[1] == percent(shares[found[2]](head)))
        for sentence, head in zip(said["sentences"], heads, strict=True)
        if (found := re.fullmatch(r"(?:puts|rests) (.* %) of its weight on (.*)", sentence))
    ]
    assert len(roles) > 40
    assert all(right for _, right in roles)
    resting = sum(where in ("[SEP]", "[CLS], the first token") for where, _ in roles)
    assert said["overall"] == f"{resting} of 72 heads mostly rest on [CLS] or [SEP]."


def entropy(rows: np.ndarray) -> float:
    return float((-(rows * np.log(np.maximum(rows, 1e-38))).sum(-1) / np.log(rows.shape[-1])).mean())


def test_only_heads_near_the_largest_entropy_are_said_to_spread() -> None:
    app = opened(text="The dog that chased the cats was tired of them")
    heads = cached.attention(app.text_input(key="attn_text").value, None, "minilm", "auto").weights
    n = heads.shape[-1]
    said = dict(zip(map(entropy, heads.reshape(72, n, n)), header(app)["sentences"], strict=True))
    spread = [e for e, sentence in said.items() if sentence == "spreads its weight over many tokens"]
    other = [e for e, sentence in said.items() if sentence == "follows no simple pattern"]
    assert spread
    assert min(spread) >= 0.85 > max(other, default=0)


def test_the_clearest_heads_are_those_with_the_largest_share() -> None:
    trace = trace_attention(PRONOUN, device="cpu")
    before = np.diagonal(trace.weights, -1, 2, 3).mean(-1)  # (layers, heads)
    layer, head = divmod(int(before.argmax()), 12)
    role = next(role for role in header(opened())["roles"] if role["name"] == "looks at the token before")
    assert (role["layer"], role["head"], role["share"]) == (layer, head, percent(float(before.max())))


# --- presets and controls ---

PRESETS = {
    "A pronoun": ("minilm", "it", "animal"),
    "Two sentences": ("minilm", "mat", "rug"),
    "A long paragraph": ("minilm", None, None),
}


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_opens_at_what_it_promises(preset: str) -> None:
    app = opened(layer="2", heads="3.4", hide="1", min="0.2")
    next(button for button in app.button if button.label == preset).click().run()
    assert alive(app)
    assert not app.warning
    assert [button.label for button in app.button if button.proto.type == "primary"] == [preset]
    model, query, key = PRESETS[preset]
    said = header(app)
    assert said["model"] == model
    assert said["view"] == said["defaults"]
    if key:
        at, layer, head = said["view"]["pin"]["token"], said["view"]["layer"], said["view"]["heads"][0]
        assert tokens(app)[at] == query
        text, pair = (app.text_input(key=f"attn_{name}").value for name in ("text", "pair"))
        weights = cached.attention(text, pair or None, model, "auto").weights[layer, head, at]
        # of the columns that the direction leaves
        columns = [token["segment"] == 1 or said["view"]["filter"] != "ab" for token in said["tokens"]]
        assert tokens(app)[int((weights * columns).argmax())] == key


def test_the_list_of_presets_above_is_complete() -> None:
    labels = [button.label for button in opened().button if str(button.key).startswith("preset_")]
    assert [
        label for label in labels if label not in ("Switch it off", "Induction heads", "Without induction")
    ] == list(PRESETS)
    assert len(labels) == len(PRESETS) + 3


def test_the_long_paragraph_is_long_and_the_scripts_stay_readable() -> None:
    app = opened()
    app.button(key="preset_2").click().run()
    assert header(app)["n"] > 300
    app.text_input(key="attn_text").set_value("Hello café, שלום עולם, नमस्ते, 世界 🌍 👩‍🚀").run()
    assert {"café", "🌍"} <= set(tokens(app))
    assert re.search(r"does not know \d+ of the \d+ tokens", header(app)["notice"])


CONTROLS = {
    "layer": ("5", "layer", 5),
    "heads": ("0.7.11", "heads", [0, 7, 11]),
    "pin": ("k3", "pin", {"side": "k", "token": 3}),
    "show": ("matrix", "show", "matrix"),
    "hide": ("1", "hide", True),
    "min": ("0.25", "min", 0.25),
    "scale": ("row", "scale", "row"),
    "filter": ("ba", "filter", "ba"),
    "zoom": ("2", "zoom", 2),
    "focus": ("3_4.5", "focus", [3, 4.5]),
}


@pytest.mark.parametrize("name", CONTROLS)
def test_a_picture_control_comes_from_the_address_or_from_a_click(name: str) -> None:
    text, key, value = CONTROLS[name]
    linked = opened(pair="A rug.", **{name: text})
    assert view(linked)[key] == value != header(linked)["defaults"][key]
    assert notes(linked) == []
    clicked = opened(pair="A rug.")
    typed(clicked, text, f"attn_{name}")  # as the toolbar does for the picture
    assert view(clicked)[key] == value


def test_nothing_can_be_pinned() -> None:
    assert view(opened(pin="none"))["pin"] is None


def test_text_pair_model_and_device() -> None:
    app = typed(opened(), "The cat sat.")
    assert tokens(app) == ["[CLS]", "The", "cat", "sat", ".", "[SEP]"]
    typed(app, "It slept.", "attn_pair")
    assert header(app)["pair"]
    assert tokens(app)[6:] == ["It", "slept", ".", "[SEP]"]
    app.selectbox(key="attn_device_choice").select("cpu").run()
    assert alive(app)
    assert " · cpu · " in app.caption[-1].value


# --- notes and export ---


def test_every_tab_under_the_picture_is_drawn() -> None:
    for tab in ("Read it right", "How it is computed", "Sources", "BertViz"):
        app = AppTest.from_file(APP, default_timeout=120).run()
        app.switch_page(ATTENTION_HEADS.file)
        app.query_params["tab"] = tab
        app.run()
        assert alive(app)
        assert not app.warning
    assert len(app.get("iframe")) + len(app.get("bidi_component")) > 2


def test_a_text_too_long_for_bertviz_is_said_not_drawn() -> None:
    app = AppTest.from_file(APP, default_timeout=120).run()
    app.switch_page(ATTENTION_HEADS.file)
    app.query_params["tab"] = "BertViz"
    app.run()
    app.button(key="preset_2").click().run()
    assert alive(app)
    assert [info.value for info in app.info if "BertViz's head view would send" in info.value]


def test_a_part_that_fails_leaves_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    app = typed(opened(), "The cat sat.")
    monkeypatch.setattr(cached, "attention", lambda *_, **__: 1 / 0)
    app.run()
    assert [error.value for error in app.error] == [frame.FAILED]
    assert app.text_input(key="attn_text").value == "The cat sat."
    monkeypatch.undo()
    app.run()
    assert drawn(app)
    assert not app.error
