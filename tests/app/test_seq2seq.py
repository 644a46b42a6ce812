"""Seq2seq without a browser: presets, every view, bad input, true sentences."""

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app.catalogue import ROOT, SEQ2SEQ
from app.seq2seq.clock import LAYERS as COUNTED_LAYERS
from app.seq2seq.clock import waits
from app.seq2seq.masks import HEADS as MASK_HEADS
from app.seq2seq.masks import LAYERS as MASK_LAYERS
from app.seq2seq.shared import MOST, TEXTS, safe
from models.registry import get_card
from models.seq2seq import LONGEST
from models.seq2seqnets import HEADS, LAYERS
from models.seq2seqtasks import expected, joined, tokens

APP = str(ROOT / "streamlit_app.py")


def opened(**address: str) -> AppTest:
    """The page as a link with these parameters opens it."""
    app = AppTest.from_file(APP, default_timeout=120).run()
    app.switch_page(SEQ2SEQ.file)
    for name, value in address.items():
        app.query_params[f"seq_{name}"] = value
    return alive(app.run())


def alive(app: AppTest) -> AppTest:
    assert not app.exception
    assert not app.error
    assert not app.warning
    assert app.title[0].value == SEQ2SEQ.title
    return app


def see(app: AppTest) -> str:
    """What you see."""
    (said,) = [text.value for text in app.markdown if text.value.startswith("**What you see.**")]
    return said


def header(app: AppTest, key: str) -> dict[str, Any]:
    """What the browser is told to draw."""
    message = app.get_by_key(key).proto.bytes
    return json.loads(message[4 : 4 + int.from_bytes(message[:4], "little")])


def captions(app: AppTest) -> list[str]:
    return [caption.value for caption in app.caption]


def test_presets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Attention reverses what attention reverses; the other presets show what their names say."""
    monkeypatch.setattr("app.seq2seq.bottleneck.COUNT", 480)
    app = opened()
    rows = {row["id"]: row for row in header(app, "seq_answers")["rows"]}
    right = joined("reverse", expected("reverse", TEXTS["reverse"]))
    assert rows["luong"]["note"] == "right"
    assert "".join(rows["luong"]["tokens"]).startswith(right)
    assert rows["plain"]["note"].endswith(" wrong")
    assert rows["plain"]["wrong"]
    assert "right to the last token" in see(app)
    assert app.query_params == {}
    assert app.button(key="preset_0").label == "Attention reverses"
    for place, said in (
        (1, "“2023-09-14”: right"),
        (2, "“2021-03-14”: right"),
        (3, "fleurs rouges"),
        (4, "Beyond 24 letters"),
        (6, "15 wrong**, from step 2 on"),
        (5, "less likely"),
    ):
        alive(app.button(key=f"preset_{place}").click().run())
        assert said in see(app)
    # the address tells all of it, and the picture of answers shows the tree's answer, not the greedy one
    assert app.query_params["seq_beam"] == "5"
    drawn = header(app, "seq_tree")
    assert max(sum(b["step"] == step for b in drawn["branches"]) for step in range(5)) == 5
    won = [b["token"] for b in drawn["branches"] if b["won"]]
    assert won[-1] == "■"
    assert header(app, "seq_answers")["rows"][1]["tokens"] == won
    assert app.query_params["seq_model"] == "plain"


def test_a_date_beyond_the_rules_is_not_marked_and_a_strange_text_does_no_harm() -> None:
    app = opened(task="dates", dates="<b>no</b> **date** ☃", truth="on", model="transformer", at="3")
    assert "nothing can be marked wrong" in see(app)
    assert "☃" in see(app)
    drawn = header(app, "seq_alignment")
    assert drawn["aligned"] is None
    assert drawn["right"] is None
    assert drawn["at"] == 3
    assert len(drawn["heads"]) == LAYERS * HEADS
    for text in ("", "   "):
        app.text_input(key="seq_dates").set_value(text)
        assert "Type something" in alive(app.run()).info[0].value
    app.text_input(key="seq_dates").set_value("1" * (LONGEST + 1))
    assert "61 characters" in alive(app.run()).info[0].value
    assert MOST == LONGEST
    assert safe("*a* <b>") == "\\*a\\* \\<b\\>"


def test_absurd_links_fall_back() -> None:
    app = opened(task="poems", model="nobody", width="-1", truth="maybe", head="99", at="x")
    assert len([said for said in captions(app) if said.startswith("The link asked for")]) == 6
    assert "right to the last token" in see(app)


def test_masks_and_forcing() -> None:
    assert (MASK_LAYERS, MASK_HEADS) == (COUNTED_LAYERS, HEADS) == (LAYERS, HEADS)
    app = opened(view="masks", task="phrases", mask="2.3")
    panels = header(app, "seq_masks")["panels"]
    words = len(tokens("phrases", TEXTS["phrases"]))
    assert (panels[0]["rows"], panels[0]["cols"]) == (words, words)
    steps = panels[1]["rows"]
    assert f"**{steps * (steps - 1) // 2} of {steps**2}**" in see(app)
    app = opened(view="forced", model="plain")
    free, forced = header(app, "seq_answers")["rows"][1:]
    assert len(forced["wrong"]) < len(free["wrong"])
    assert f"**{len(free['wrong'])} wrong**" in see(app)
    app.text_input(key="seq_reverse").set_value("a")
    assert "the same run" in see(alive(app.run()))


def test_bottleneck_of_the_other_tasks_and_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.seq2seq.bottleneck.COUNT", 400)
    monkeypatch.setattr("models.seq2seqstudy.REPEATS", 1)
    monkeypatch.setattr("models.seq2seqstudy.LENGTHS", (5, 20))
    app = opened(view="bottleneck", task="dates", width="8", seed="5")
    assert "73,049 days" in see(app)
    app = opened(view="time", n="40")
    assert "**80 steps" in see(app)
    assert "| Transformer | 2 | 80 | **82** | 4 |" in "".join(text.value for text in app.markdown)
    app.button[[button.label for button in app.button].index("Measure on this machine")].click()
    assert "Measured at 20 tokens" in see(alive(app.run()))


def test_a_real_translation(monkeypatch: pytest.MonkeyPatch, tiny_folder: Path, cache: Path) -> None:
    """Offered where it is not here; with a tiny model in its place the whole view is drawn."""
    assert "is not on this machine yet" in opened(view="real").info[0].value
    monkeypatch.setenv("PLAINSIGHT_MODELS", str(tiny_folder))
    monkeypatch.setattr("app.seq2seq.real.CARD", get_card("own-marian"))
    app = opened(view="real", english="the old cat", layer="1")
    assert "reads 7 pieces" in see(app)
    drawn = header(app, "seq_alignment")
    assert len(drawn["heads"]) == 2
    app.text_input(key="seq_english").set_value("")
    app.run()
    assert "is empty" in app.warning[0].value
    assert not app.exception


@pytest.mark.parametrize("kind", ["plain", "luong", "bahdanau"])
def test_an_lstm_waits_for_every_token(kind: str) -> None:
    steps = waits(kind, 7)
    assert (steps.reading, steps.writing, steps.running, steps.training) == (7, 7, 14, 14)


def test_the_transformer_waits_only_when_it_writes() -> None:
    steps = waits("transformer", 7)
    assert (steps.reading, steps.writing, steps.running) == (LAYERS, 7 * LAYERS, 8 * LAYERS)
    assert steps.training == waits("transformer", 640).training == 2 * LAYERS
