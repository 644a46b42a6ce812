"""Sources: every cited id is known, every known id is cited."""

import ast
from pathlib import Path

from models.sources import SOURCES

ROOT = Path(__file__).parents[2]


def cited():
    """The texts given as ``sources=[…]`` or ``sources=(…)`` in the pages and their views."""
    calls = (
        keyword.value
        for file in (ROOT / "app").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "sources" and isinstance(keyword.value, ast.List | ast.Tuple)
    )
    return {text for call in calls for text in ast.literal_eval(call)}


def test_pages_cite_known_sources_and_none_is_left_over():
    assert cited() == set(SOURCES)


def test_a_source_is_complete():
    for source in SOURCES.values():
        assert source.title
        assert source.authors
        assert 1900 < source.year < 2100
        assert source.link.startswith("https://")
