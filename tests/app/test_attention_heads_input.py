"""Attention heads without a browser: texts and links that are empty, odd or wrong."""

import re

import pytest

from tests.app.attention_page import drawn, header, notes, opened, tokens, typed, view

SCRIPT = "</script><script>alert(1)</script>"

UNREADABLE = {
    "empty": ("", "Your text is empty; type some words."),
    "spaces": ("   ", "Your text holds only blanks; type some words."),
    "control characters": ("\x01\x07", "Your text holds only blanks; type some words."),
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
        ("🌍", "MiniLM-L6 does not know “🌍”: it sees an unknown token there."),
        (
            "x 🌍 🌍 👩‍🚀",
            "MiniLM-L6 does not know 3 of the 4 tokens: “🌍”, “👩‍🚀”. "
            "To the model all of them are one and the same unknown token.",
        ),
        (
            "هذا نص عربي قصير",
            "MiniLM-L6 does not know the words of this text. It reads them letter by letter: "
            "13 tokens for 3 words.",
        ),
        ("A plain text.", ""),
    ],
)
def test_what_a_model_does_not_know_is_said_first(text: str, sentence: str) -> None:
    assert header(typed(opened(), text))["notice"] == sentence


def test_of_a_text_that_is_too_long_as_much_is_read_as_fits() -> None:
    app = typed(opened(), "cat " * 3000)
    assert not app.warning
    assert header(app)["n"] == 512
    assert header(app)["notice"].startswith(
        "MiniLM-L6 read the first 512 tokens of your text, up to “…cat cat"
    )
    assert app.text_input(key="attn_text").value == "cat " * 3000  # nothing typed is lost


def test_a_new_text_begins_afresh() -> None:
    app = opened(pin="k3", min="0.33", layer="4", heads="2")
    typed(app, "The old man the boats while the young sail.")
    assert (view(app)["layer"], view(app)["heads"], view(app)["min"]) == (4, [2], 0.03)
    words, pin = tokens(app), view(app)["pin"]  # the word with the strongest link of the head that was chosen
    assert pin["side"] == "q"
    assert words[pin["token"]] not in ("[CLS]", "[SEP]", ".")
    assert header(app)["why"].startswith("Of all 72 heads, 0.1 is shown first: it has the strongest link")
    app = typed(opened(), "The old man the boats while the young sail.")
    assert view(app) == header(app)["defaults"]


def test_an_examples_second_text_leaves_with_its_first() -> None:
    app = opened()
    app.button(key="preset_1").click().run()
    assert header(app)["pair"]
    typed(app, "The dog sat on the mat.")
    assert not header(app)["pair"]
    app.button(key="attn_back").click().run()
    assert header(app)["pair"]
    assert "dog" in tokens(app)
    assert not [each for each in app.button if each.key == "attn_back"]


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
