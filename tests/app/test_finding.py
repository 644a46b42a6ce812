"""What the search knows is what the pages have, and every link of the glossary leads to it."""

import runpy
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from app import frame, shown
from app.catalogue import DISTRIBUTIONS, PAGES, ROOT
from app.finding import everything, named
from app.frame import TRY
from app.glossary import terms
from app.lessons.lesson import inside
from models.sources import SOURCES

TITLES = {page.url_path: page for page in PAGES[1:]}


class CaughtError(Exception):
    """Ends a page where its presets are known."""


@cache
def real(url_path):
    """The presets and views that a page itself names, and all parameters that its presets set."""
    given = {}

    def catch(entry, presets, views, **_):
        given.update(presets=presets, views={name: view[0] for name, view in views.items()})
        raise CaughtError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shown, "page_of_views", catch)
        patch.setattr(frame, "presets", lambda presets, *_: catch(None, presets, {}))
        with pytest.raises(CaughtError):
            runpy.run_path(str(ROOT / TITLES[url_path].file))
    return given


@cache
def source(page):
    """All that is written about a page's widgets."""
    return "".join(file.read_text("utf-8") for file in (ROOT / "app" / Path(page.file).stem).glob("*.py"))


@pytest.mark.parametrize("page", PAGES[1:], ids=lambda page: page.title)
def test_names_read_from_the_source_are_the_pages_own(page):
    found, own = named(page), real(page.url_path)
    assert found.presets == {preset.name: preset.why for preset in own["presets"]}
    if own["views"]:
        assert found.views == own["views"]
    assert len(found.presets) >= 3
    assert len(found.views) >= 3


@pytest.mark.parametrize("term", terms(), ids=lambda term: term.term)
def test_a_term_is_one_sentence_and_its_link_is_known(term):
    assert term.means.endswith(".")
    assert term.means[0].isupper() or not term.means[0].isalpha()
    assert not term.source or term.source in SOURCES
    page = TITLES[term.page]
    assert set(term.examples) <= set(named(page).presets)
    for key, value in parse_qsl(urlsplit(term.address).query):
        if key == TRY:
            assert value in named(page).presets
        elif key == f"{page.prefix}_view":
            assert value in named(page).views
        else:
            in_presets = {name for preset in real(term.page)["presets"] for name in preset.state}
            assert key in in_presets or f'{{PREFIX}}_{key.partition("_")[2]}"' in source(page), key


def test_terms_have_different_names():
    names = [name.casefold() for term in terms() for name in (term.term, *term.also)]
    assert len(names) == len(set(names))
    assert len(terms()) >= 60


def test_a_term_says_what_it_opens_and_its_page_and_example_bear_its_name():
    found = {(each.kind.partition(":")[0], each.name): each for each in everything()}
    assert found["Term", "Softmax"].kind == "Term: Self-attention, step by step › Step by step, step 6"
    assert found["Term", "Truncated axis"].kind == "Term: Honest or distorted › Bars from 97"
    assert found["Term", "Token"].kind == "Term: Attention heads"
    for kind, name, word in (
        ("Page", "Positional encodings", "RoPE"),
        ("Page", "Attention heads", "transformer"),
        ("Page", "Honest or distorted", "misleading"),
        ("View", "Pairs turning", "RoPE"),
        ("Try this", "Words of 12 topics", "UMAP"),
        ("Try this", "Bars from 97", "Truncated axis"),
    ):
        assert word in found[kind, name].also, name
    assert "RoPE" not in found["View", "Curves of single dimensions"].also


def test_everything_found_is_inside_the_app():
    kinds = {found.kind.partition(":")[0] for found in everything()}
    assert kinds == {"Page", "Term", "Try this", "View", "Lesson"}
    for found in everything():
        page, _, query = found.link.partition("?")
        if page in TITLES and not query.startswith(TRY):
            inside(found.link)


def test_a_name_in_the_address_leads_to_the_presets_own_address():
    """``go`` is the only thing that the page draws."""
    app = AppTest.from_file(str(ROOT / DISTRIBUTIONS.file), default_timeout=30)
    app.query_params[TRY] = "Heavy tail, same peak"
    app.run()
    assert not app.exception
    assert not app.get("segmented_control")
    (link,) = [found.link for found in everything() if found.name == "Heavy tail, same peak"]
    assert unquote(link) == f"distributions?{TRY}=Heavy tail, same peak"


def test_a_name_that_no_preset_has_is_told_and_the_page_opens():
    app = AppTest.from_file(str(ROOT / DISTRIBUTIONS.file), default_timeout=30)
    app.query_params[TRY] = "<b>Nothing"
    app.run()
    assert not app.exception
    assert any("which is not here" in caption.value for caption in app.caption)
    assert TRY not in app.query_params
