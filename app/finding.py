"""What the search knows: pages, their views and presets, and the terms of the glossary, each with its link.

Names of views and presets are read from the pages' source and not by running it, so that Home stays without
models. A preset is opened by its name, ``page?try=NAME``; the frame turns that into the preset's own address.
"""

import ast
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qs, quote

from app.catalogue import ATTENTION_HEADS, LESSONS, PAGES, ROOM, ROOT, Page
from app.frame import TRY
from app.glossary import Term, terms
from app.lessons.lesson import shipped
from app.settings import SETTINGS
from components.search_box import Reader, search_box

LABEL = "Find a page, an example or a word"
READER = Reader(
    page=ATTENTION_HEADS.title,
    about="Which words a real transformer looks at while it reads this text.",
    link=ATTENTION_HEADS.url_path,
    parameter=f"{ATTENTION_HEADS.prefix}_text",
    most=SETTINGS.max_link_text,
)


@dataclass(frozen=True)
class Found:
    """One thing that can be found: its name, one line about it, its relative link, what kind it is.

    ``also`` are other names, between commas, which are searched and not shown.
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


def opens(term: Term) -> str:
    """What a term's link opens: its page, and there its example, or its view and step."""
    (page,) = [page for page in PAGES[1:] if page.url_path == term.page]
    asked = {key: values[0] for key, values in parse_qs(term.link.partition("?")[2]).items()}
    view = named(page).views.get(asked.get(f"{page.prefix}_view", ""), "")
    step = asked.get(f"{page.prefix}_step", "")
    inside = asked.get(TRY) or ", step ".join(filter(None, (view, step)))
    return f"{page.title} › {inside}" if inside else page.title


def _shown_by(page: Page, *, example: str = "", view: str = "") -> str:
    """The names of the terms that a page shows, or one of its examples or views alone."""
    here = f"{page.prefix}_view={view}"
    found = [
        term
        for term in terms()
        if term.page == page.url_path
        and (not example or example in term.examples or term.link.endswith(f"?{TRY}={example}"))
        and (not view or here in term.link.partition("?")[2].split("&"))
    ]
    return ", ".join(name for term in found for name in (term.term, *term.also))


@cache
def everything() -> tuple[Found, ...]:
    """All that can be found: pages first, then terms, presets, views and lessons."""
    pages = PAGES[1:]
    return (
        *(
            Found(page.title, page.question, page.url_path, "Page", f"{page.also}, {_shown_by(page)}")
            for page in pages
        ),
        Found(LESSONS.title, LESSONS.question, LESSONS.url_path, "Page"),
        *([Found(ROOM.title, ROOM.question, ROOM.url_path, "Page", ROOM.also)] if SETTINGS.rooms else []),
        *(
            Found(term.term, term.means, term.address, f"Term: {opens(term)}", ", ".join(term.also))
            for term in terms()
        ),
        *(
            Found(
                name,
                why,
                f"{page.url_path}?{TRY}={quote(name)}",
                f"Try this: {page.title}",
                _shown_by(page, example=name),
            )
            for page in pages
            for name, why in named(page).presets.items()
        ),
        *(
            Found(
                name,
                page.question,
                f"{page.url_path}?{page.prefix}_view={view}",
                f"View: {page.title}",
                _shown_by(page, view=view),
            )
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


def search(label: str = LABEL) -> None:
    """Draw the field that finds all of it, and that takes a sentence to the page that reads one."""
    search_box(
        [
            (found.name, found.about.replace("*", ""), found.link, found.kind, found.also)
            for found in everything()
        ],
        label,
        READER,
    )
