"""What the search knows: pages, their views and presets, and the terms of the glossary, each with its link.

Names of views and presets are read from the pages' source and not by running it, so that Home stays without
models. A preset is opened by its name, ``page?try=NAME``; the frame turns that into the preset's own address.
"""

import ast
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

from app.catalogue import LESSONS, PAGES, ROOT, Page
from app.frame import TRY
from app.glossary import terms
from app.lessons.lesson import shipped
from components.search_box import search_box


@dataclass(frozen=True)
class Found:
    """One thing that can be found: its name, one line about it, its relative link, what kind it is.

    ``also`` is searched and not shown.
    """

    name: str
    about: str
    link: str
    kind: str
    also: str = ""


@dataclass(frozen=True)
class Named:
    """What a page's source names: views by id, and presets with one line why."""

    views: dict[str, str]
    presets: dict[str, str]


@cache
def named(page: Page) -> Named:
    """The names of a page's views and presets."""
    file = ROOT / page.file
    sources = [file, *sorted((ROOT / "app" / file.stem).glob("*.py"))]
    views: dict[str, str] = {}
    presets: dict[str, str] = {}
    for source in sources:
        for node in ast.parse(source.read_text("utf-8")).body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                name, value = node.targets[0].id, node.value
                if name == "VIEWS" and isinstance(value, ast.Dict):
                    views |= {
                        _text(key): _text(value) for key, value in zip(value.keys, value.values, strict=True)
                    }
                elif name == "PRESETS" and source == file and isinstance(value, ast.Tuple):
                    presets = {
                        _text(call.args[0]): _text(call.args[1])
                        for call in value.elts
                        if isinstance(call, ast.Call)
                    }
    return Named(views, presets)


def _text(node: ast.expr | None) -> str:
    """A text that stands in the source as it is, alone or first in a tuple."""
    if isinstance(node, ast.Tuple):
        node = node.elts[0]
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        raise TypeError(f"A name of a view or a preset is no plain text: {node and ast.unparse(node)}")
    return node.value


@cache
def everything() -> tuple[Found, ...]:
    """All that can be found: pages first, then terms, presets, views and lessons."""
    pages = PAGES[1:]
    return (
        *(Found(page.title, page.question, page.url_path, "Page") for page in pages),
        Found(LESSONS.title, LESSONS.question, LESSONS.url_path, "Page"),
        *(Found(term.term, term.means, term.address, "Term", " ".join(term.also)) for term in terms()),
        *(
            Found(name, why, f"{page.url_path}?{TRY}={quote(name)}", f"Try this: {page.title}")
            for page in pages
            for name, why in named(page).presets.items()
        ),
        *(
            Found(name, page.title, f"{page.url_path}?{page.prefix}_view={view}", f"View: {page.title}")
            for page in pages
            for view, name in named(page).views.items()
        ),
        *(
            Found(
                lesson.title,
                f"{len(lesson.steps)} steps",
                f"{LESSONS.url_path}?lessons_which={name}",
                "Lesson",
            )
            for name, lesson in shipped().items()
        ),
    )


def search() -> None:
    """Draw the field that finds all of it."""
    search_box(
        [
            (found.name, found.about.replace("*", ""), found.link, found.kind, found.also)
            for found in everything()
        ],
        "Find a page, an example or a word",
    )
