"""Attention heads without a browser: texts and links that are empty, odd or wrong."""

import re

import pytest

from tests.app.attention_page import drawn, header, notes, opened, tokens, typed, view

SCRIPT = "</script><script>alert(1)</script>"

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
