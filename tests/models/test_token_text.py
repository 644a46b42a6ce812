import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.token_text import is_visible, readable, repair, token_texts, uncovered


@pytest.mark.parametrize(
    ("span", "shown"),
    [
        (" it", "it"),
        (" ", "␣"),
        ("    ", "␣×4"),
        ("\n", "⏎"),
        ("\r\n", "⏎⏎"),
        ("\t", "⇥"),
        (".\n", ".⏎"),
        ("a\x00b", "a␀b"),
        ("\x7f", "␡"),
        ("\x85", "⏎"),
        ("\x9b", "⟨U+009B⟩"),
        ("\u200b", "⟨U+200B⟩"),
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("👨\u200d👩", "👨\u200d👩"),
        ("\u3000", "␣"),
    ],
)
def test_what_cannot_be_seen_is_drawn_or_spelled(span: str, shown: str) -> None:
    assert readable(span) == shown


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1))
def test_a_span_is_never_empty_nor_changes_direction(span: str) -> None:
    shown = readable(span)
    assert shown.strip()
    assert not set(shown) & set("\n\r\t\0\u202e\u2066")


@given(st.text(st.characters(exclude_categories=())))
def test_repaired_text_can_be_encoded(text: str) -> None:
    repair(text).encode()


def test_a_pair_of_surrogates_becomes_its_character() -> None:
    assert repair("\ud83d\ude42") == "🙂"
    assert repair("\ud83d x") == "\ufffd x"


def test_tokens_that_share_a_character_are_numbered() -> None:
    # "a🙂b" with one token for a, two for the emoji, one for b
    assert token_texts("a🙂b", [(0, 1), (1, 2), (1, 2), (2, 3)], ["a", "ð", "Ł", "b"]) == [
        "a",
        "🙂 1/2",
        "🙂 2/2",
        "b",
    ]


def test_a_token_without_a_span_reads_as_its_spelling() -> None:
    assert token_texts("", [(0, 0)] * 3, ["▁the", "▁", "x"]) == ["the", "␣", "x"]


def test_uncovered_names_what_no_token_has() -> None:
    assert uncovered("a \x01b", [(0, 1), (3, 4)]) == "\x01"


def test_visible() -> None:
    assert is_visible("🙂")
    assert not is_visible("\u200b\u00a0\n\x00")
