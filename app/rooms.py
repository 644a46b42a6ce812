"""Rooms: one question that a class answers, in an embedded SQLite file. No names, no accounts.

A room has a code, for everybody, and a secret, for the one who opened it. It holds one question at a time
(``turn`` counts them), one answer a browser, and after the reveal the right option and why. A room and its
answers are deleted a day after it was opened. Every call has a connection of its own, so that threads,
several processes and a restart see the same.
"""

import hashlib
import hmac
import json
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import ascii_uppercase, digits

from app.settings import SETTINGS
from models.loading import cache_folder

# No vowel, so that no code is a word, and no two letters that look alike from the last row.
LETTERS = "CDFHJKMNPQRTVWXY3479"
CODE_LENGTH = 5
DAY = 24 * 60 * 60  # seconds that a room lives
IDLE = 60 * 60  # seconds after which an unused room gives way to a new one where there are too many
MOST_ANSWERS = 1000  # in a room
MOST_WORDS = 600  # characters of a question or of why
MOST_OPTIONS = 6
MOST_OPTION = 160  # characters
BROWSER = range(16, 65)  # characters of a browser's own number
BUSY_SECONDS = 5.0  # that a call waits for another one's write

TABLES = """
CREATE TABLE IF NOT EXISTS rooms (
  code TEXT PRIMARY KEY, secret BLOB NOT NULL, opened REAL NOT NULL, used REAL NOT NULL,
  turn INTEGER NOT NULL, ask TEXT NOT NULL, options TEXT NOT NULL, truth INTEGER, why TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS answers (
  code TEXT NOT NULL REFERENCES rooms ON DELETE CASCADE, browser TEXT NOT NULL, option INTEGER NOT NULL,
  PRIMARY KEY (code, browser)
) WITHOUT ROWID;
"""


class RoomError(ValueError):
    """What a room cannot do; one sentence for the visitor."""


class NoRoomError(RoomError):
    """The code names no room, or none any more."""


@dataclass(frozen=True)
class Key:
    """A room's code and the secret that may reveal."""

    code: str
    secret: str


@dataclass(frozen=True)
class Room:
    """A room as everybody may see it; ``counts`` has one number an option, ``truth`` only the reveal."""

    code: str
    turn: int
    ask: str
    options: tuple[str, ...]
    counts: tuple[int, ...]
    truth: int | None = None
    why: str = ""

    @property
    def answers(self) -> int:
        """How many browsers have answered."""
        return sum(self.counts)


class Rooms:
    """All rooms of a file; ``now`` gives seconds, ``most`` how many rooms there may be at once."""

    def __init__(self, file: Path, *, most: int, now: Callable[[], float] = time.time) -> None:
        self._file, self._most, self._now = file, most, now

    def open(self, ask: str, options: tuple[str, ...]) -> Key:
        """A new room with its first question."""
        _check(ask, options)
        secret, now = secrets.token_urlsafe(24), self._now()
        with self._write() as base:
            if _one(base, "SELECT count(*) FROM rooms") >= self._most:
                base.execute(
                    "DELETE FROM rooms WHERE code = (SELECT code FROM rooms WHERE used < ? "
                    "ORDER BY used LIMIT 1)",
                    (now - IDLE,),
                )
            if _one(base, "SELECT count(*) FROM rooms") >= self._most:
                raise RoomError(f"All {self._most} rooms of this server are in use; try again in an hour.")
            code = _new_code()
            while _one(base, "SELECT count(*) FROM rooms WHERE code = ?", code):
                code = _new_code()
            base.execute(
                "INSERT INTO rooms VALUES (?, ?, ?, ?, 1, ?, ?, NULL, '')",
                (code, _hashed(secret), now, now, ask, json.dumps(options)),
            )
        return Key(code, secret)

    def ask(self, key: Key, ask: str, options: tuple[str, ...]) -> None:
        """The next question in a room, or the same once more; the answers before it are deleted."""
        _check(ask, options)
        with self._write() as base:
            self._own(base, key)
            base.execute("DELETE FROM answers WHERE code = ?", (key.code,))
            base.execute(
                "UPDATE rooms SET turn = turn + 1, ask = ?, options = ?, truth = NULL, why = '', used = ? "
                "WHERE code = ?",
                (ask, json.dumps(options), self._now(), key.code),
            )

    def look(self, code: str) -> Room:
        """A room as it is now; RoomError where there is none."""
        with self._read() as base:
            row = base.execute(
                "SELECT turn, ask, options, truth, why FROM rooms WHERE code = ? AND opened > ?",
                (code, self._now() - DAY),
            ).fetchone()
            if row is None:
                raise _no_room(code)
            turn, ask, listed, truth, why = row
            found = base.execute(
                "SELECT option, count(*) FROM answers WHERE code = ? GROUP BY option", (code,)
            )
            given = dict(found.fetchall())
        options = tuple(json.loads(listed))
        return Room(code, turn, ask, options, tuple(given.get(i, 0) for i in range(len(options))), truth, why)

    def answer(self, code: str, turn: int, browser: str, option: int) -> None:
        """One browser's answer, or another one instead of it, until the reveal."""
        if len(browser) not in BROWSER or not (browser.isascii() and browser.isalnum()):
            raise RoomError("Your browser gave no number of its own; reload this page.")
        with self._write() as base:
            row = base.execute("SELECT turn, options, truth FROM rooms WHERE code = ?", (code,)).fetchone()
            if row is None:
                raise _no_room(code)
            if row[0] != turn:
                raise RoomError("The room has gone on to another question.")
            if row[2] is not None:
                raise RoomError("The answer is out already; yours came too late.")
            if option not in range(len(json.loads(row[1]))):
                raise RoomError("The question has no such answer.")
            known = _one(base, "SELECT count(*) FROM answers WHERE code = ? AND browser = ?", code, browser)
            if not known and _one(base, "SELECT count(*) FROM answers WHERE code = ?", code) >= MOST_ANSWERS:
                raise RoomError(f"The room is full: it takes {MOST_ANSWERS:,} answers.")
            base.execute(
                "INSERT INTO answers VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET option = excluded.option",
                (code, browser, option),
            )
            base.execute("UPDATE rooms SET used = ? WHERE code = ?", (self._now(), code))

    def mine(self, code: str, browser: str) -> int | None:
        """What a browser has answered to the present question."""
        with self._read() as base:
            row = base.execute(
                "SELECT option FROM answers WHERE code = ? AND browser = ?", (code, browser)
            ).fetchone()
        return row[0] if row else None

    def reveal(self, key: Key, truth: int, why: str) -> None:
        """Tell the room which option is right and why; no answer counts any more."""
        with self._write() as base:
            self._own(base, key)
            base.execute(
                "UPDATE rooms SET truth = ?, why = ?, used = ? WHERE code = ?",
                (truth, why[:MOST_WORDS], self._now(), key.code),
            )

    def close(self, key: Key) -> None:
        """Delete a room with all its answers."""
        with self._write() as base:
            self._own(base, key)
            base.execute("DELETE FROM rooms WHERE code = ?", (key.code,))

    def owns(self, key: Key) -> bool:
        """Whether the room is still there and the secret is its own."""
        try:
            with self._read() as base:
                self._own(base, key)
        except RoomError:
            return False
        return True

    def _own(self, base: sqlite3.Connection, key: Key) -> None:
        row = base.execute(
            "SELECT secret FROM rooms WHERE code = ? AND opened > ?", (key.code, self._now() - DAY)
        ).fetchone()
        if row is None:
            raise _no_room(key.code)
        if not hmac.compare_digest(row[0], _hashed(key.secret)):
            raise RoomError("Only the one who opened the room may do that.")

    @contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._file, timeout=BUSY_SECONDS, isolation_level=None)) as base:
                base.execute("PRAGMA foreign_keys = ON")
                base.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
                if not _one(base, "SELECT count(*) FROM sqlite_master WHERE name = 'answers'"):
                    base.execute("PRAGMA journal_mode = WAL")
                    base.executescript(TABLES)
                yield base
        except (sqlite3.Error, OSError) as error:
            raise RoomError(f"The rooms of this server cannot be read or written ({error}).") from error

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        """One change, whole or not at all; rooms older than a day go with it."""
        with self._read() as base:
            base.execute("BEGIN IMMEDIATE")
            try:
                base.execute("DELETE FROM rooms WHERE opened <= ?", (self._now() - DAY,))
                yield base
            except BaseException:
                base.execute("ROLLBACK")
                raise
            base.execute("COMMIT")


@cache
def rooms() -> Rooms | None:
    """The rooms of this server; None where its operator wants none."""
    return Rooms(cache_folder() / "rooms.sqlite3", most=SETTINGS.rooms) if SETTINGS.rooms else None


def tidy(code: str) -> str:
    """A code as it was typed: in capitals, its letters and digits alone."""
    return "".join(sign for sign in code.upper() if sign in ascii_uppercase + digits)[:CODE_LENGTH]


def _new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))


def _no_room(code: str) -> NoRoomError:
    return NoRoomError(f"There is no room {code}: the code is mistyped, or its room is closed or a day old.")


def _hashed(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def _one(base: sqlite3.Connection, question: str, *given: object) -> int:
    return int(base.execute(question, given).fetchone()[0])


def _check(ask: str, options: tuple[str, ...]) -> None:
    if not 0 < len(ask) <= MOST_WORDS:
        raise RoomError(f"A question has 1 to {MOST_WORDS} characters.")
    if not 2 <= len(options) <= MOST_OPTIONS or any(not 0 < len(each) <= MOST_OPTION for each in options):
        raise RoomError(f"A question has 2 to {MOST_OPTIONS} answers of 1 to {MOST_OPTION} characters.")
