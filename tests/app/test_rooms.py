"""Rooms: codes, secrets, answers, bounds, a day, threads and a restart."""

import sqlite3
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import rooms as module
from app.rooms import CODE_LENGTH, DAY, IDLE, LETTERS, Key, RoomError, Rooms, tidy

ASK, OPTIONS = "Where does *it* look?", ("animal", "street", "tired")


def browser(number):
    return f"{number:032x}"


class Clock:
    """Seconds that a test sets."""

    now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def rooms(tmp_path, clock):
    return Rooms(tmp_path / "below" / "rooms.sqlite3", most=3, now=clock)


def test_a_class_answers_sees_the_answer_and_the_room_goes(rooms):
    key = rooms.open(ASK, OPTIONS)
    assert (rooms.look(key.code).counts, rooms.mine(key.code, browser(1))) == ((0, 0, 0), None)
    for number, option in ((1, 0), (2, 1), (3, 1), (1, 2)):  # the first changes its answer
        rooms.answer(key.code, 1, browser(number), option)
    room = rooms.look(key.code)
    assert (room.ask, room.options, room.counts, room.answers, room.truth) == (
        ASK,
        OPTIONS,
        (0, 2, 1),
        3,
        None,
    )
    assert rooms.mine(key.code, browser(1)) == 2
    rooms.reveal(key, 0, "68 % of *it*.")
    assert (rooms.look(key.code).truth, rooms.look(key.code).why) == (0, "68 % of *it*.")
    with pytest.raises(RoomError, match="too late"):
        rooms.answer(key.code, 1, browser(4), 0)
    rooms.close(key)
    with pytest.raises(RoomError, match="no room"):
        rooms.look(key.code)


def test_the_next_question_starts_anew_and_a_late_answer_to_the_last_does_not_count(rooms):
    key = rooms.open(ASK, OPTIONS)
    rooms.answer(key.code, 1, browser(1), 2)
    rooms.reveal(key, 0, "why")
    rooms.ask(key, "And now?", ("yes", "no"))
    room = rooms.look(key.code)
    assert (room.turn, room.ask, room.counts, room.truth, room.why) == (2, "And now?", (0, 0), None, "")
    with pytest.raises(RoomError, match="another question"):
        rooms.answer(key.code, 1, browser(2), 0)
    rooms.answer(key.code, 2, browser(1), 1)
    assert rooms.look(key.code).counts == (0, 1)


def test_only_the_secret_reveals_asks_and_closes(rooms):
    mine, other = rooms.open(ASK, OPTIONS), rooms.open(ASK, OPTIONS)
    assert mine.secret not in repr(rooms.look(mine.code))
    assert rooms.owns(mine)
    for key in (Key(mine.code, other.secret), Key(mine.code, ""), Key(mine.code, "\ud800")):
        assert not rooms.owns(key)
        for forbidden in (
            lambda key=key: rooms.reveal(key, 0, ""),
            lambda key=key: rooms.ask(key, ASK, OPTIONS),
            lambda key=key: rooms.close(key),
        ):
            with pytest.raises(RoomError, match="Only the one"):
                forbidden()
    rooms.reveal(other, 1, "")
    assert rooms.look(mine.code).truth is None


def test_a_secret_is_not_in_the_file(rooms, tmp_path):
    key = rooms.open(ASK, OPTIONS)
    assert not any(key.secret.encode() in file.read_bytes() for file in (tmp_path / "below").iterdir())


def test_a_restart_keeps_rooms_and_a_day_ends_them_with_their_answers(rooms, tmp_path, clock):
    key = rooms.open(ASK, OPTIONS)
    rooms.answer(key.code, 1, browser(1), 1)
    clock.now += DAY - 1
    again = Rooms(tmp_path / "below" / "rooms.sqlite3", most=3, now=clock)
    assert again.look(key.code).counts == (0, 1, 0)
    assert again.owns(key)
    clock.now += 1
    assert not again.owns(key)
    with pytest.raises(RoomError, match="a day old"):
        again.look(key.code)
    with pytest.raises(RoomError, match="no room"):
        again.answer(key.code, 1, browser(1), 0)
    again.open(ASK, OPTIONS)
    with sqlite3.connect(tmp_path / "below" / "rooms.sqlite3") as base:
        assert base.execute("SELECT (SELECT count(*) FROM rooms), count(*) FROM answers").fetchone() == (1, 0)


def test_rooms_and_answers_are_bounded(rooms, clock, monkeypatch):
    keys = [rooms.open(ASK, OPTIONS) for _ in range(3)]
    with pytest.raises(RoomError, match="All 3 rooms"):
        rooms.open(ASK, OPTIONS)
    clock.now += IDLE + 1
    rooms.answer(keys[0].code, 1, browser(1), 0)
    rooms.open(ASK, OPTIONS)  # takes the place of a room that nobody used for an hour
    assert [rooms.owns(key) for key in keys].count(True) == 2
    assert rooms.owns(keys[0])
    monkeypatch.setattr(module, "MOST_ANSWERS", 2)
    rooms.answer(keys[0].code, 1, browser(2), 0)
    with pytest.raises(RoomError, match="full: it takes 2"):
        rooms.answer(keys[0].code, 1, browser(3), 0)
    rooms.answer(keys[0].code, 1, browser(2), 1)  # a change needs no place
    assert rooms.look(keys[0].code).counts == (1, 1, 0)


@pytest.mark.parametrize("bad", ["", "short", "x" * 65, "../../etc/passwd-----", "ä" * 20, "a b" * 8])
def test_a_browser_that_gives_no_number_is_told(rooms, bad):
    key = rooms.open(ASK, OPTIONS)
    with pytest.raises(RoomError, match="reload this page"):
        rooms.answer(key.code, 1, bad, 0)


@pytest.mark.parametrize(
    ("ask", "options"),
    [
        ("", OPTIONS),
        ("x" * 601, OPTIONS),
        (ASK, ("one",)),
        (ASK, ("a",) * 7),
        (ASK, ("a", "")),
        (ASK, ("a", "b" * 161)),
    ],
)
def test_a_question_has_its_limits(rooms, ask, options):
    with pytest.raises(RoomError, match="characters"):
        rooms.open(ask, options)


def test_an_answer_that_does_not_exist_is_refused(rooms):
    key = rooms.open(ASK, OPTIONS)
    for option in (-1, 3):
        with pytest.raises(RoomError, match="no such answer"):
            rooms.answer(key.code, 1, browser(1), option)


def test_thirty_phones_at_once_and_two_lecturers_lose_nothing(tmp_path):
    file = tmp_path / "rooms.sqlite3"
    keys, faults, start = [], [], threading.Barrier(2)

    def lecture():
        try:
            start.wait()
            keys.append(Rooms(file, most=9).open(ASK, OPTIONS))
        except RoomError as error:
            faults.append(error)

    def phone(code, number):
        try:
            mine = Rooms(file, most=9)
            for option in (0, 1, number % 3):
                mine.answer(code, 1, browser(number), option)
        except RoomError as error:
            faults.append(error)

    run([threading.Thread(target=lecture) for _ in range(2)])
    assert len({key.code for key in keys}) == 2
    run([threading.Thread(target=phone, args=(key.code, n)) for key in keys for n in range(15)])
    assert faults == []
    assert [Rooms(file, most=9).look(key.code).counts for key in keys] == [(5, 5, 5)] * 2


def run(threads):
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_folder_that_cannot_be_used_is_told_in_one_sentence(tmp_path):
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "no.sqlite3").write_text("no database " * 100)
    for file in (tmp_path / "file" / "rooms.sqlite3", tmp_path / "no.sqlite3"):
        with pytest.raises(RoomError, match="cannot be read or written"):
            Rooms(file, most=1).open(ASK, OPTIONS)


def test_codes_are_unlike_each_other_and_have_no_look_alikes(rooms, monkeypatch):
    assert not set("01OILABUES258GZ") & set(LETTERS)
    made = ["CCCCC", "CCCCC", "DDDDD"]
    monkeypatch.setattr(module, "_new_code", lambda: made.pop(0))
    assert [rooms.open(ASK, OPTIONS).code for _ in range(2)] == ["CCCCC", "DDDDD"]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_a_typed_code_becomes_one_or_nothing(text):
    code = tidy(text)
    assert len(code) <= CODE_LENGTH
    assert code == "" or (code.isascii() and code.isalnum())
    assert tidy(f" {code.lower()[:2]}-{code[2:]} ") == code
