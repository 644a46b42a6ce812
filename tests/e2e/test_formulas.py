"""The formulas under the pictures of all pages."""

from pathlib import Path

from playwright.sync_api import expect


def test_no_formula_of_the_app_is_left_as_its_source(visit, serve):
    page = visit(serve(Path(__file__).with_name("formula_app.py")))
    expect(page.get_by_text("All formulas are drawn.")).to_be_visible(timeout=30_000)
    expect(page.locator(".katex").nth(20)).to_be_visible()
    # a display formula over several lines needs its $$ on lines of their own
    assert page.locator(".katex-error").all_inner_texts() == []
