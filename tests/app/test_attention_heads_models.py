"""Attention heads without a browser: other models, two visitors, models that are not here."""

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

from app import fetching
from app.attention_heads import cached
from app.cached import _models, shelf
from models.attention import trace_attention
from models.download import Progress
from models.errors import Cancelled, Unreachable
from models.traces import AttentionTrace
from tests.app.attention_page import alive, drawn, header, opened, tokens, typed, view
from tests.models import tiny


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The id of an operator's own decoder."""
    root = tmp_path_factory.mktemp("own")
    tiny.save("gpt2", root / "gpt2")
    monkeypatch.setenv("PLAINSIGHT_MODELS", str(root))
    yield "own-gpt2"
    _models.clear()
    shelf.clear()


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
    assert "Second text" not in [field.label for field in app.text_input]
    assert sum("gpt2 reads one text" in caption.value for caption in app.caption) == 1
    app.selectbox(key="attn_model_choice").select("minilm").run()
    assert header(app)["pair"]
    assert app.text_input(key="attn_pair").value == "a dog"
    assert not any("reads one text" in caption.value for caption in app.caption)


# --- two visitors ---


def test_two_visitors_on_different_models_get_their_own_numbers(own: str) -> None:
    texts = [f"the cat sat on mat {number}" for number in range(6)]

    def visitor(model: str) -> list[AttentionTrace]:
        return [cached.attention(text, None, model, "cpu") for text in texts]

    with ThreadPoolExecutor() as both:
        models = ["minilm", own]
        together = list(both.map(visitor, models))
    shelf.clear()
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


# --- a model that is not here ---


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
    _models.clear()
    shelf.clear()


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
