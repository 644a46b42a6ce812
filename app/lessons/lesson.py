"""A lesson: an ordered list of links into this app, with a title, a sentence to say and a question each.

Its file is YAML, every value plain text:

    title: The path to Transformers
    steps:
      - title: An RNN forgets
        link: recurrent-gates?gate_view=fading
        say: What was read long ago hardly counts.
        ask: Which of the three forgets first?

Its link holds the same file, compressed. Both are checked alike: bounded, no unknown key, no link out of
the app.
"""

import base64
import binascii
import zlib
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import yaml

from app.catalogue import PAGES, Page
from app.settings import SETTINGS

HERE = Path(__file__).parent
MAX_BYTES = 32_000
MAX_BRACKETS = 400  # the YAML reader's time grows with the square of their depth
MAX_STEPS = 40
MAX_TITLE = 80  # characters; one line on a projector holds about forty
MAX_WORDS = 600
MAX_KEY = 40
PACKED = "~"  # starts a lesson that stands in the address itself
# What the app itself adds to an address; a lesson sets its own.
OWN_PARAMETERS = {"lesson", "step", "present", "tab"}
STEP_KEYS = ("title", "link", "say", "ask")


class LessonError(ValueError):
    """A lesson that cannot be played; one sentence for the visitor."""


@dataclass(frozen=True)
class Step:
    """One link of a lesson; ``link`` is a page of the app and its parameters, without a slash before it."""

    title: str
    link: str
    say: str = ""
    ask: str = ""

    @property
    def page(self) -> Page:
        """The page that the link opens."""
        return _pages()[self.link.partition("?")[0]]


@dataclass(frozen=True)
class Lesson:
    """A title and at least one step, all checked."""

    title: str
    steps: tuple[Step, ...]


def read(text: str) -> Lesson:
    """Read the YAML of a lesson; raise LessonError with one sentence on what it cannot be."""
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise LessonError(f"A lesson has at most {MAX_BYTES // 1000} kB of text; this one has more.")
    if sum(map(text.count, "[{")) > MAX_BRACKETS:
        raise LessonError(f"A lesson has at most {MAX_BRACKETS} opening brackets; this one has more.")
    try:
        # Every scalar stays text: a title may be 2017 or no, and nothing is ever built from a tag.
        found = yaml.load(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        lines = len(text.splitlines())  # a text that ends too soon is at fault behind its last line
        at = f" in line {min(error.problem_mark.line + 1, lines)}" if error.problem_mark else ""
        raise LessonError(f"This is no YAML{at}: {error.problem or error.context}.") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise LessonError("This is no YAML that a lesson could be read from.") from error
    _known_keys("The lesson", found, ("title", "steps"))
    steps = found.get("steps")
    if not isinstance(steps, list) or not steps:
        raise LessonError("A lesson needs at least one step under “steps:”, each starting with a dash.")
    if len(steps) > MAX_STEPS:
        raise LessonError(f"A lesson has at most {MAX_STEPS} steps; this one has {len(steps)}.")
    title = _text("The lesson", found, "title", MAX_TITLE, needed=True)
    return Lesson(title, tuple(_step(f"Step {place}", given) for place, given in enumerate(steps, 1)))


def _step(who: str, given: Any) -> Step:
    _known_keys(who, given, STEP_KEYS)
    return Step(
        _text(who, given, "title", MAX_TITLE, needed=True),
        inside(_text(who, given, "link", SETTINGS.max_link_text, needed=True), who),
        _text(who, given, "say", MAX_WORDS),
        _text(who, given, "ask", MAX_WORDS),
    )


def _known_keys(who: str, given: Any, keys: tuple[str, ...]) -> None:
    if not isinstance(given, dict):
        raise LessonError(f"{who} must be written as “{keys[0]}: …”, with the keys {', '.join(keys)}.")
    unknown = [str(key)[:MAX_KEY] for key in given if key not in keys]
    if unknown:
        raise LessonError(f"{who} has the key “{unknown[0]}”; known are {', '.join(keys)}.")


def _text(who: str, given: dict[str, Any], key: str, limit: int, *, needed: bool = False) -> str:
    """One line of text: breaks and runs of blanks become one blank."""
    value = given.get(key, "")
    if not isinstance(value, str):
        raise LessonError(f"{who}: “{key}” must be text.")
    value = " ".join(value.split())
    if needed and not value:
        raise LessonError(f"{who} has no {key}.")
    if len(value) > limit:
        raise LessonError(f"{who}: “{key}” has {len(value):,} characters; {limit:,} are the most.")
    return value


def inside(link: str, who: str = "The link", host: str = "") -> str:
    """A link within this app as a page and its parameters; raise LessonError on any other.

    ``host`` is where this app is reached, so that a link copied by Share may be pasted as it is.
    """
    shown = link if len(link) <= MAX_KEY else f"{link[:MAX_KEY]}…"
    try:
        parts = urlsplit(link)
        given = parse_qsl(parts.query, keep_blank_values=True, errors="strict", max_num_fields=200)
    except ValueError as error:
        raise LessonError(f"{who}: “{shown}” is no link.") from error
    own = parts.scheme in ("http", "https") and host and parts.netloc == host
    if (parts.scheme or parts.netloc) and not own:
        raise LessonError(f"{who}: “{shown}” leads out of this app; a link starts with the name of a page.")
    name = parts.path.rstrip("/").rpartition("/")[2] if own else parts.path.strip("/")
    page = _pages().get(name)
    if page is None:
        raise LessonError(f"{who}: “{shown}” names no page of this app; pages are {', '.join(_pages())}.")
    kept = [(key, value) for key, value in given if key not in OWN_PARAMETERS]
    for key, _ in kept:
        if not key.startswith(f"{page.prefix}_"):
            raise LessonError(f"{who}: “{key[:MAX_KEY]}” is no setting of the page {page.title}.")
    return f"{name}?{urlencode(kept, quote_via=quote)}" if kept else name


@cache
def _pages() -> dict[str, Page]:
    """The pages that a step may open, by their name in the address."""
    return {page.url_path: page for page in PAGES if page.url_path}


def write(lesson: Lesson) -> str:
    """Write a lesson as YAML that ``read`` reads back."""
    steps = [{key: value for key, value in asdict(step).items() if value} for step in lesson.steps]
    return yaml.safe_dump(
        {"title": lesson.title, "steps": steps}, allow_unicode=True, sort_keys=False, width=100
    )


def pack(lesson: Lesson) -> str:
    """A lesson as a text for the address; raise LessonError where no link can hold it."""
    squeezed = zlib.compress(write(lesson).encode("utf-8", "replace"), 9)
    text = PACKED + base64.urlsafe_b64encode(squeezed).decode("ascii").rstrip("=")
    if len(text) > SETTINGS.max_link_text:
        raise LessonError("This lesson is too long for a link; part it into two.")
    return text


def find(name: str) -> Lesson:
    """The lesson that an address asks for: the name of one that ships, or one that the address holds."""
    if name in shipped():
        return shipped()[name]
    if not name.startswith(PACKED):
        raise LessonError("The link asks for a lesson that is not here.")
    try:
        squeezed = base64.urlsafe_b64decode(name[len(PACKED) :] + "=" * (-len(name[1:]) % 4))
        text = zlib.decompressobj().decompress(squeezed, MAX_BYTES + 1).decode("utf-8")
    except (binascii.Error, zlib.error, ValueError) as error:
        raise LessonError("The lesson in this link is damaged; was the link cut off?") from error
    return read(text)


@cache
def shipped() -> dict[str, Lesson]:
    """The lessons that ship, by name, in the order of the learning path."""
    names = ("path-to-transformers", "one-loss-two-answers", "charts-that-lie")
    return {name: read((HERE / f"{name}.yaml").read_text("utf-8")) for name in names}


def address(name: str, at: int, lesson: Lesson, *, present: bool) -> str:
    """The relative address of a step, counted from 0, with its place in the lesson."""
    link = lesson.steps[at].link
    own = {"lesson": name, "step": at + 1} | ({"present": 1} if present else {})
    return f"{link}{'&' if '?' in link else '?'}{urlencode(own)}"
