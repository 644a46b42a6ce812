"""The field's words, read from glossary.yaml: a sentence each, and the link that shows it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

import yaml

FILE = Path(__file__).with_suffix(".yaml")


@dataclass(frozen=True)
class Term:
    """One word of the field.

    ``link`` is a page of the app and its parameters, without a slash before it; ``also`` are other names;
    ``source`` is an id of models/sources.py, where a formula or a finding is meant; ``examples`` are presets
    of the same page that show it too.
    """

    term: str
    means: str
    link: str
    also: tuple[str, ...] = ()
    source: str = ""
    examples: tuple[str, ...] = ()

    @property
    def page(self) -> str:
        """The name of the page in the address."""
        return self.link.partition("?")[0]

    @property
    def address(self) -> str:
        """The link, with what a browser needs encoded."""
        name, _, parameters = self.link.partition("?")
        return f"{name}?{quote(parameters, safe='=&')}" if parameters else name


@cache
def terms() -> tuple[Term, ...]:
    """All terms, in the order of the alphabet."""
    given = yaml.safe_load(FILE.read_text("utf-8"))
    found = [
        Term(**entry | {key: tuple(entry.get(key, ())) for key in ("also", "examples")}) for entry in given
    ]
    return tuple(sorted(found, key=lambda term: term.term.casefold()))
