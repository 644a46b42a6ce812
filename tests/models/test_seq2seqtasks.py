"""The three tasks: each example is right by a second rule, each alignment points at what decides."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.seq2seqtasks import (
    FORMATS,
    TASKS,
    alphabets,
    examples,
    expected,
    in_french,
    iso_date,
    joined,
    tokens,
    written,
)  # fmt: skip


@pytest.mark.parametrize("task", list(TASKS))
def test_examples_are_right_by_rule_and_within_the_alphabets(task: str) -> None:
    source, target = (set(alphabet) for alphabet in alphabets(task))
    for one in examples(task, 500, 3):
        assert expected(task, one.source) == one.target
        assert set(one.source) <= source
        assert set(one.target) <= target
        assert len(one.aligned) == len(one.target)
        assert tokens(task, joined(task, one.source)) == one.source
    assert examples(task, 5, 3) == examples(task, 5, 3)


@settings(max_examples=60, deadline=None)
@given(day=st.dates(date(1950, 1, 1), date(2049, 12, 31)), at=st.integers(0, 99))
def test_every_format_names_its_day(day: date, at: int) -> None:
    forms = [(form, language) for language, some in FORMATS.items() for form in some]
    one = written(day, *forms[at % len(forms)])
    text = "".join(one.source)
    assert iso_date(text) == day.isoformat()
    decides = "".join(text[place] for place in one.aligned[8])
    assert str(day.day) in decides


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("3/5/2021", "2021-03-05"),  # American
        ("3.5.2021", "2021-05-03"),  # European
        ("1er mars 1999", "1999-03-01"),
        ("2024년 3월 5일 화요일", "2024-03-05"),
        ("the 31st of February 2020", None),
        ("13/13/2020", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_by_rule(text: str, iso: str | None) -> None:
    assert iso_date(text) == iso


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("the red car", "la voiture rouge"),
        ("my small black cats see a big house", "mes petits chats noirs voient une grande maison"),
        ("two white flowers", "deux fleurs blanches"),
        ("this new book", "ce nouveau livre"),
    ],
)
def test_grammar(english: str, french: str) -> None:
    assert " ".join(in_french(english.split()).target) == french


@pytest.mark.parametrize("english", ["", "car the", "a cats", "the cat see a dog", "the purple cat", "see"])
def test_what_the_grammar_does_not_know_is_refused(english: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 it has no words: the caller asks whether, not why
        in_french(english.split())
    assert expected("phrases", english.split()) is None
