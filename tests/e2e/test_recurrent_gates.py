"""Recurrent gates in a real browser: hover, click, keys, links, marking by dragging, narrow windows."""

import re

from playwright.sync_api import expect

PATH = "/recurrent-gates"
PATIENCE = 60_000


def opened(visit, server, query="", picture=".gates-view", **options):
    """The page with its picture drawn."""
    page = visit(f"{server}{PATH}{query}", **options)
    expect(page.locator(f"{picture}[data-drawn]").first).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("button", name="Share")).to_be_visible()
    return page


def test_gates_over_text_answer_to_mouse_keys_and_links(visit, server, tmp_path):
    page = opened(visit, server)
    picture, readout = page.locator(".gates-view svg.marks"), page.locator(".gates-view .readout")
    box = picture.bounding_box()
    picture.hover(position={"x": box["width"] / 2, "y": box["height"] / 3})
    expect(readout).to_contain_text(re.compile(r"unit \d+: f 0\.\d\d"))
    picture.click(position={"x": box["width"] / 2, "y": box["height"] / 3})
    expect(page).to_have_url(re.compile(r"gate_unit=\d+"))
    expect(page).to_have_url(re.compile(r"gate_at=\d+"))
    unit = int(page.locator(".gates-view").get_attribute("data-unit"))
    page.keyboard.press("ArrowDown")  # the click has given the picture the keys
    expect(page.locator(".gates-view")).to_have_attribute("data-unit", str(unit + 1))
    page.get_by_role("button", name="forget f").click()
    expect(page).to_have_url(re.compile(r"gate_series=forget"))
    expect(page.locator(".gates-view .see")).to_contain_text(f"Unit {unit + 1}: its forget gate keeps")
    again = visit(page.url)
    expect(again.locator(".gates-view")).to_have_attribute("data-unit", str(unit + 1), timeout=PATIENCE)
    expect(again.get_by_role("button", name="forget f")).to_have_attribute("aria-pressed", "true")
    again.get_by_role("button", name="Export").click()
    with again.expect_download() as download:
        again.get_by_role("button", name="SVG").click()
    download.value.save_as(tmp_path / "svg")
    saved = (tmp_path / "svg").read_text("utf-8")
    assert "<image" in saved
    assert f"Forget gate of all units; below, the curves of unit {unit + 1}" in saved
    assert "1: forget gate" in saved  # the key of its colours


def test_the_cell_is_stepped_by_keys(visit, server):
    page = opened(visit, server, "?gate_view=cell&gate_at=4", ".cell-diagram")
    diagram = page.locator(".cell-diagram")
    expect(diagram).to_have_attribute("data-step", "5")
    diagram.locator("svg").focus()
    page.keyboard.press("ArrowRight")
    expect(diagram).to_have_attribute("data-step", "6")
    expect(page).to_have_url(re.compile(r"gate_at=5"))
    expect(diagram.locator(".see")).to_contain_text("the unit keeps")


def test_a_set_counter_closes_six_brackets_and_dragging_marks_a_stretch(visit, server):
    page = opened(visit, server)
    page.get_by_role("button", name="Tell it six brackets are open").click()
    texts = page.locator(".painted-text[data-drawn]")
    expect(texts).to_have_count(5, timeout=PATIENCE)
    written = "".join(texts.nth(3).locator("svg text").all_text_contents())
    assert "))))))" in written
    assert ")))))))" not in written
    first = texts.nth(0).locator("svg")
    box = first.bounding_box()
    page.mouse.move(box["x"] + 12, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 30, steps=4)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"gate_stretch=\d-1\d"))


def test_a_narrow_window_scrolls_no_page_sideways(visit, server):
    page = opened(visit, server, viewport={"width": 390, "height": 844}, color_scheme="dark")
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
    page.get_by_role("button", name="Find the bracket counter").click()
    expect(page.locator(".painted-text[data-drawn]")).to_be_visible(timeout=PATIENCE)
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
