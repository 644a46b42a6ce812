"""Seq2seq in a real browser: the alignment answers to pointer and link, the tree draws, a phone has room."""

import re

from playwright.sync_api import expect

PATH = "/seq2seq"


def opened(visit, server, query="", **options):
    """A view with its picture drawn."""
    page = visit(f"{server}{PATH}?{query}", **options)
    expect(page.locator(".figure[data-drawn] svg.marks").last).to_be_visible(timeout=40_000)
    expect(page.get_by_role("button", name="Share")).to_be_visible(timeout=40_000)
    return page


def test_a_row_paints_the_source_a_link_holds_it_and_a_click_chooses_the_model(visit, server):
    page = opened(visit, server)
    picture, said = (
        page.locator(".st-key-seq_alignment svg.marks"),
        page.locator(".st-key-seq_alignment .said"),
    )
    expect(said).to_contain_text("Point at a row")
    box = picture.bounding_box()
    picture.click(position={"x": 30, "y": box["height"] * 0.5})
    expect(said).to_contain_text(re.compile(r"^Step \d+: “\w” with .* Looks most at “\w”, place \d+"))
    expect(picture.locator(".paint")).to_have_count(23)
    expect(page).to_have_url(re.compile(r"seq_at=\d+"))
    again = opened(visit, server, page.url.partition("?")[2])
    expect(again.locator(".st-key-seq_alignment .said")).to_contain_text(re.compile(r"^Step \d+:"))
    assert again.locator(".st-key-seq_answers .wrong").count() > 0
    again.locator('.answer[data-id="plain"]').click()
    expect(again.locator(".st-key-seq_alignment .vector")).to_contain_text(
        "one context vector: 32 numbers", timeout=20_000
    )
    expect(again).to_have_url(re.compile("seq_model=plain"))
    expect(again.locator(".unwritten")).to_have_count(0)  # another answer is written token by token
    again.get_by_role("button", name="Export").click()
    with again.expect_download() as saved:
        again.get_by_role("button", name="SVG").click()
    assert "one context vector" in saved.value.path().read_text("utf-8")


def test_heads_of_the_transformer_and_the_tree_of_a_beam(visit, server):
    page = opened(visit, server, "seq_task=phrases&seq_model=transformer&seq_truth=on")
    expect(page.locator(".thumb")).to_have_count(8)
    assert page.locator(".st-key-seq_alignment .true").count() > 10
    page.locator(".thumb").first.click()
    expect(page).to_have_url(re.compile("seq_head=0"))
    page = opened(visit, server, "seq_view=beam&seq_model=plain&seq_beam=4")
    assert page.locator(".won").count() > 15
    page.locator(".st-key-seq_tree rect[data-at]").nth(6).hover()
    expect(page.locator(".st-key-seq_tree .said")).to_contain_text("together")
