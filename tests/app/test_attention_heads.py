"""Attention heads without a browser: every preset, every control, bad input, models that are not here."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Selectbox
from transformers import GPT2Config, GPT2LMHeadModel

from app import cached, fetching, frame
from app.catalogue import ATTENTION_HEADS, ROOT
from models.attention import trace_attention
from models.download import Progress
from models.errors import Cancelled, Unreachable
from models.loading import is_here
from models.quantise import percent
from models.registry import get_card
from models.traces import AttentionTrace
from tests.models import tiny

APP = str(ROOT / "streamlit_app.py")
SCRIPT = "</script><script>alert(1)</script>"
PRONOUN = "The animal didn't cross the street because it was too tired."
needs_smollm2 = pytest.mark.skipif(
    not is_here(get_card("smollm2")), reason="SmolLM2 is not here: python -m models fetch smollm2"
)


def opened(**address: str) -> AppTest:
    """The page as a link with these parameters opens it."""
    app = AppTest.from_file(APP, default_timeout=120).run()
    app.switch_page(ATTENTION_HEADS.file)
    for name, value in address.items():
        app.query_params[f"attn_{name}"] = value
    app.run()
    assert alive(app)
    return app


def alive(app: AppTest) -> bool:
    """Title, controls and presets are there, and nothing failed."""
    assert not app.exception
    assert not app.error
    assert app.title[0].value == ATTENTION_HEADS.title
    assert {box.label for box in app.selectbox} == {"Model", "Runs on"}
    assert {"Text", "Second text"} <= {field.label for field in app.text_input}
    return app.button(key="preset_0").label == "A pronoun"


def typed(app: AppTest, text: str, key: str = "attn_text") -> AppTest:
    app.text_input(key=key).set_value(text).run()
    assert alive(app)
    assert app.text_input(key=key).value == text
    return app


def header(app: AppTest) -> dict[str, Any]:
    """What the browser is told to draw."""
    message = app.get_by_key("attn_picture").proto.bytes
    return json.loads(message[4 : 4 + int.from_bytes(message[:4], "little")])


def view(app: AppTest) -> dict[str, Any]:
    return header(app)["view"]


def tokens(app: AppTest) -> list[str]:
    return [token["text"] for token in header(app)["tokens"]]


def drawn(app: AppTest) -> bool:
    return len(app.get("bidi_component")) == 2  # the toolbar and the picture


def notes(app: AppTest) -> list[str]:
    """The quiet notes about the address."""
    return [caption.value for caption in app.caption if caption.value.startswith("The link asked for")]


# --- as it opens ------------------------------------------------------------------------------------


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


# --- presets and controls ---------------------------------------------------------------------------

PRESETS = {
    "A pronoun": ("minilm", "it", "animal"),
    "Two sentences": ("minilm", "mat", "rug"),
    "A repeated phrase": ("smollm2", "fox", "jumps"),
    "A long paragraph": ("minilm", None, None),
}


@pytest.mark.parametrize(
    "preset",
    [pytest.param(name, marks=needs_smollm2 if PRESETS[name][0] == "smollm2" else ()) for name in PRESETS],
)
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
    app.button(key="preset_3").click().run()
    assert header(app)["n"] > 300
    app.text_input(key="attn_text").set_value("Hello café, שלום עולם, नमस्ते, 世界 🌍 👩‍🚀").run()
    assert {"café", "🌍"} <= set(tokens(app))
    assert re.search(r"\d+ tokens are unknown to this model", header(app)["overall"])


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


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The id of an operator's own decoder."""
    root = tmp_path_factory.mktemp("own")
    tiny.save("gpt2", root / "gpt2")
    monkeypatch.setenv("PLAINSIGHT_MODELS", str(root))
    yield "own-gpt2"
    cached._models.clear()
    cached.shelf.clear()


def test_another_model_is_another_picture(own: str) -> None:
    app = typed(opened(), "a cat")
    app.selectbox(key="attn_model_choice").select(own).run()
    assert alive(app)
    assert (header(app)["model"], header(app)["causal"], tokens(app)) == (
        own,
        True,
        ["a", "␣", "c", "a", "t"],
    )


def test_a_decoder_says_that_it_reads_one_text(own: str) -> None:
    app = opened(text="a cat", pair="a dog", model=own)
    assert drawn(app)
    assert not header(app)["pair"]
    assert app.text_input(key="attn_pair").disabled
    assert app.text_input(key="attn_pair").value == "a dog"
    assert sum("gpt2 reads one text" in caption.value for caption in app.caption) == 1
    app.selectbox(key="attn_model_choice").select("minilm").run()
    assert header(app)["pair"]
    assert not any("reads one text" in caption.value for caption in app.caption)


# --- bad input --------------------------------------------------------------------------------------

UNREADABLE = {
    "empty": ("", "Your text is empty; type some words."),
    "spaces": ("   ", "Your text holds only blanks; type some words."),
    "control characters": ("\x01\x07", "Your text holds only blanks; type some words."),
    "100,000 characters": (
        "y" * 100_000,
        "Your text has 100,000 characters; MiniLM-L6 reads at most 512 tokens here, never more than 8,192 "
        "characters. Shorten it to a few paragraphs.",
    ),
    "600 words": (
        "word " * 600,
        "Your text has 602 tokens; MiniLM-L6 reads at most 512. Shorten it by about 15 %.",
    ),
}


@pytest.mark.parametrize(("text", "sentence"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_text_that_cannot_be_read_gets_one_sentence(text: str, sentence: str) -> None:
    app = typed(opened(), text)
    assert [warning.value for warning in app.warning] == [sentence]
    assert not drawn(app)
    assert drawn(typed(app, "The cat sat."))
    assert not app.warning


ODD = {
    "emoji": ("🌍 👩‍🚀", ["[CLS]", "🌍", "👩‍🚀", "[SEP]"]),
    "right to left": ("שלום", ["[CLS]", "ש", "ל", "ו", "ם", "[SEP]"]),
    "control characters in a word": ("a\x00b\u202ec", ["[CLS]", "a␀b⟨U+202E⟩c", "[SEP]"]),
    "a script": (SCRIPT, ["[CLS]", *re.findall(r"\w+|.", SCRIPT), "[SEP]"]),
}


@pytest.mark.parametrize(("text", "shown"), ODD.values(), ids=ODD)
def test_an_odd_text_is_drawn_as_it_is(text: str, shown: list[str]) -> None:
    app = typed(opened(), text)
    assert not app.warning
    assert tokens(app) == shown


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("🌍", "1 token is unknown to this model."),
        ("🌍 🌍 x", "2 tokens are unknown to this model and all look alike to it."),
    ],
)
def test_what_a_model_does_not_know_is_said(text: str, sentence: str) -> None:
    assert header(typed(opened(), text))["overall"].endswith(sentence)


BAD = {
    "layer": ("6", "-1", "x", "1e0", "٣", "9" * 5000, "![x](http://127.0.0.1:9/pixel.png)"),
    "heads": ("12", "0.99", "1..2", "1,2", "."),
    "pin": ("q16", "k99", "q", "z3", "q-1"),
    "min": ("1.01", "-0.1", "nan", "inf", "much"),
    "focus": ("16_0", "0_-1", "1", "1_2_3", "nan_1", "x_y"),
    "zoom": ("3", "<b>x</b>"),
    **dict.fromkeys(("show", "hide", "scale", "filter"), ("<b>x</b>",)),
}


@pytest.mark.parametrize("which", range(max(map(len, BAD.values()))))
def test_a_bad_value_in_the_address_falls_back_with_one_note(which: int) -> None:
    bad = {name: values[which] for name, values in BAD.items() if which < len(values)}
    app = opened(**bad)
    assert view(app) == header(app)["defaults"]
    assert {re.match(r"The link asked for (\w+) ", note)[1] for note in notes(app)} == set(bad)
    assert len(notes(app)) == len(bad)
    assert all(len(note) < 200 for note in notes(app))
    assert not any(re.search(r"(?<!\\)[<\[]", note) for note in notes(app))  # no HTML, link or image
    app.run()
    assert notes(app) == []
    assert app.query_params == {}


@pytest.mark.parametrize("bad", ["gpt5", "../../etc", "![x](http://127.0.0.1:9/pixel.png)"])
def test_an_id_that_is_not_listed_falls_back_with_one_note(bad: str) -> None:
    app = opened(model=bad, device=bad, view=bad)
    assert header(app)["model"] == "minilm"
    assert len(notes(app)) == 3
    for note in notes(app):
        assert re.fullmatch(
            r"The link asked for .*, which is not listed here; (MiniLM-L6|the best here|What they look at).* "
            r"is shown\.",
            note,
        )
        assert not re.search(r"(?<!\\)[<\[]", note)
    app.run()
    assert notes(app) == []
    assert app.query_params == {}


def test_a_pin_that_a_new_text_has_no_place_for_is_let_go_without_blaming_a_link() -> None:
    app = opened(pin="q12", layer="4")
    typed(app, "Short.")
    assert view(app)["pin"] is None or view(app)["pin"]["token"] < 4
    assert notes(app) == []


# --- two visitors -----------------------------------------------------------------------------------


def test_two_visitors_on_different_models_get_their_own_numbers(own: str) -> None:
    texts = [f"the cat sat on mat {number}" for number in range(6)]

    def visitor(model: str) -> list[AttentionTrace]:
        return [cached.attention(text, None, model, "cpu") for text in texts]

    with ThreadPoolExecutor() as both:
        models = ["minilm", own]
        together = list(both.map(visitor, models))
    cached.shelf.clear()
    for model, traces in zip(models, together, strict=True):
        for text, trace in zip(texts, traces, strict=True):
            assert trace.card.id == model
            alone = trace_attention(text, model=model, device="cpu")
            assert trace.tokens == alone.tokens
            np.testing.assert_array_equal(trace.weights, alone.weights)


def test_visitors_who_ask_for_the_same_compute_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    import models.attention

    asked = []

    def counted(*arguments: Any, **options: Any) -> AttentionTrace:
        asked.append(arguments)
        time.sleep(0.05)
        return trace_attention(*arguments, **options)

    monkeypatch.setattr(models.attention, "trace_attention", counted)
    with ThreadPoolExecutor(8) as room:
        traces = list(
            room.map(lambda _: cached.attention("A full lecture room.", None, "minilm", "cpu"), range(8))
        )
    assert len(asked) == 1
    assert all(trace is traces[0] for trace in traces)


# --- a model that is not here -----------------------------------------------------------------------


class FakeFetch:
    """In place of models.loading.fetch: reports, then waits for the end that the test chooses."""

    def __init__(self, cache: Path) -> None:
        self.cache, self.error = cache, None
        self.started, self.end, self.ended = threading.Event(), threading.Event(), threading.Event()

    def __call__(
        self, model_id: str, *, progress: Callable[[Progress], None], cancelled: Callable[[], bool]
    ) -> None:
        progress(Progress("Downloading", 25_000_000, 100_000_000))
        self.started.set()
        try:
            while not self.end.wait(0.01):
                if cancelled():
                    raise Cancelled("Stopped.")
            if self.error:
                raise self.error
            config = GPT2Config(vocab_size=257, n_positions=128, n_embd=24, n_layer=6, n_head=12)
            tiny.byte_level().save_pretrained(self.cache / model_id)
            GPT2LMHeadModel(config).save_pretrained(self.cache / model_id)
        finally:
            self.ended.set()

    def begin(self, app: AppTest) -> None:
        """Press the button and wait for the download to run."""
        self.started.clear()
        self.ended.clear()
        next(button for button in app.button if "etch DistilGPT2" in button.label).click().run()
        assert self.started.wait(10)
        app.run()


def shown_index(box: Selectbox[str]) -> int:
    """The place of a value as a browser has it, by the label of the run before.

    AppTest makes the label anew, and that of a model changes when it is here.
    """
    name = box.format_func(box.value).partition(" · ")[0]
    return next(place for place, option in enumerate(box.options) if option.startswith(name))


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeFetch]:
    """An empty cache folder and nobody to fetch from."""
    fake = FakeFetch(tmp_path)
    monkeypatch.setenv("PLAINSIGHT_CACHE", str(tmp_path))
    monkeypatch.setattr(fetching, "fetch", fake)
    monkeypatch.setattr(Selectbox, "index", property(shown_index))
    yield fake
    fake.end.set()
    fetching._job.clear()
    cached._models.clear()
    cached.shelf.clear()


def until(app: AppTest, fake: FakeFetch, condition: Callable[[], bool]) -> None:
    """Rerun, as the page does by itself, until the end of the download shows."""
    assert fake.ended.wait(20)
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        app.run()
    assert not app.exception


def test_a_model_that_is_not_here_is_offered(fake: FakeFetch) -> None:
    app = opened(model="distilgpt2", text="the cat", layer="4", heads="2.11")
    assert not drawn(app)
    assert [info.value for info in app.info] == [
        "**DistilGPT2** (decoder, 82 M parameters, licence Apache-2.0) is not on this machine yet. "
        "Fetching it takes 355 MB, once. The bundled model works now."
    ]
    fake.begin(app)
    assert alive(app)
    assert (app.progress[0].value, app.progress[0].text) == (25, "DistilGPT2: Downloading · 25 of 100 MB")
    assert not app.info

    other = opened(model="distilgpt2")  # another visitor sees the same download
    assert other.progress[0].value == 25
    assert drawn(opened())  # and the bundled model works meanwhile

    fake.end.set()
    until(app, fake, lambda: drawn(app))
    assert alive(app)
    assert (header(app)["model"], view(app)["layer"], view(app)["heads"]) == ("distilgpt2", 4, [2, 11])


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            Unreachable("The hub does not answer; try again later."),
            "The hub does not answer; try again later.",
        ),
        (ValueError("(3, 4)"), "DistilGPT2 could not be fetched; the server's log has the details."),
    ],
)
def test_a_download_that_fails_says_why_and_can_be_tried_again(
    fake: FakeFetch, caplog: pytest.LogCaptureFixture, error: Exception, sentence: str
) -> None:
    fake.error = error
    app = opened(model="distilgpt2")
    fake.begin(app)
    fake.end.set()
    until(app, fake, lambda: bool(app.error))
    assert [each.value for each in app.error] == [sentence]
    assert not app.info
    assert ("(3, 4)" in caplog.text) == isinstance(error, ValueError)
    fake.error = None
    fake.begin(app)
    until(app, fake, lambda: drawn(app))
    assert alive(app)


def test_a_download_can_be_cancelled_and_started_again(fake: FakeFetch) -> None:
    app = opened(model="distilgpt2")
    fake.begin(app)
    next(button for button in app.button if button.label == "Cancel").click().run()
    until(app, fake, lambda: "Fetch DistilGPT2" in [button.label for button in app.button])
    assert alive(app)
    assert not app.warning
    fake.begin(app)
    fake.end.set()
    until(app, fake, lambda: drawn(app))


# --- notes and export -------------------------------------------------------------------------------


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
    app.button(key="preset_3").click().run()
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
