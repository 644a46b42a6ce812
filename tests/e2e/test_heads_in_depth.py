"""The views of Attention heads beyond looking, in a browser: guide, switching off, comparing."""

from playwright.sync_api import expect

from tests.e2e.attention_page import FIRST, parameter, picture


def test_from_the_field_guide_to_a_head_to_switching_it_off_to_comparing(visit, server) -> None:
    page = visit(f"{server}/attention-heads?attn_view=guide")
    expect(page.get_by_role("button", name="Share", exact=True)).to_be_visible(timeout=FIRST)
    chart = page.locator("svg[aria-label^='previous token of every head']")
    expect(chart).to_be_visible(timeout=FIRST)
    box = chart.bounding_box()
    assert box
    assert box["y"] + box["height"] <= 768  # above the fold
    chart.focus()
    for key in ("ArrowUp", "ArrowUp", "ArrowUp", "ArrowRight", "Enter"):  # from 3.1 to 0.2
        page.keyboard.press(key)
    parameter(page, view="", layer="0", heads="2")
    expect(picture(page).locator(".lead")).to_contain_text("head 0.2")
    page.get_by_role("radio", name="Does it matter?").click()
    heads = page.locator("svg[aria-label^='Every head of MiniLM-L6']")
    expect(heads).to_be_visible(timeout=FIRST)
    expect(page.get_by_text("Without head 0.2")).to_be_visible(timeout=FIRST)
    heads.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")  # 1.2 joins the head in view
    parameter(page, view="matter", off="0.2, 1.2")
    expect(page.get_by_text("Without 2 heads (0.2, 1.2)")).to_be_visible(timeout=FIRST)
    again = visit(page.url)
    expect(again.get_by_text("Without 2 heads (0.2, 1.2)")).to_be_visible(timeout=FIRST)
    again.get_by_role("radio", name="Compare").click()
    maps = again.locator("svg[aria-label='Two maps of weights and their difference']")
    expect(maps).to_be_visible(timeout=FIRST)
    box = maps.bounding_box()
    assert box
    assert box["y"] + box["height"] <= 768
    maps.focus()
    again.keyboard.press("ArrowDown")  # from the first cell to the one below it, in all three maps
    tip = again.locator(".tip:not([hidden])")
    expect(tip).to_contain_text("query “The”, key “[CLS]”")
    expect(tip).to_contain_text("Other text, head 0.2")
    expect(tip).to_contain_text("Other minus first")
