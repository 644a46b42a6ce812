"""Positional encodings as a visitor meets it: drawn, answering, saved, and nothing from elsewhere."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

FIRST = 60_000  # ms for the first picture of a cold server
SVG = "{http://www.w3.org/2000/svg}"
VIEWS = {
    "heat": "",
    "curves": "?pos_view=curves",
    "pairs": "?pos_view=pairs&pos_scheme=learned",
    "turning": "?pos_view=turning&pos_scheme=rope",
    "bias": "?pos_scheme=alibi",
    "buckets": "?pos_scheme=t5",
    "scoreboard": "?pos_view=scores",
    "order": "?pos_view=order",
}


@pytest.fixture
def see(visit: Callable[..., Page], server: str) -> Callable[..., Page]:
    """The page that this address opens, once it is drawn."""

    def open_page(address: str = "", **options: Any) -> Page:
        page = visit(f"{server}/positional-encodings{address}", **options)
        expect(page.get_by_role("button", name="Share")).to_be_visible(timeout=FIRST)
        expect(marks(page).first).to_be_visible(timeout=FIRST)
        return page

    return open_page


def marks(page: Page) -> Locator:
    return page.locator(".st-key-pos_picture svg.marks")


def matrix(page: Page) -> Locator:
    return page.locator(".st-key-pos_matrix svg.marks")


def held(page: Page) -> str:
    return page.get_by_label("Position p", exact=True).input_value()


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_drawn_and_nothing_scrolls_sideways(see, view):
    page = see(VIEWS[view])
    expect(page.locator("p", has_text="What you see.")).to_be_visible()
    assert marks(page).first.bounding_box()["y"] + 300 < 768  # above the fold
    for mark in marks(page).all():
        assert mark.get_attribute("aria-label") or mark.locator("xpath=ancestor::*[@aria-label]").count()
    for width, height in ((1366, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(
            """width => document.documentElement.scrollWidth <= width &&
              [...document.querySelectorAll(".st-key-pos_picture svg.marks")].every(mark => {
                const box = mark.getBoundingClientRect()
                return box.left >= 0 && box.right <= width + 1
              })""",
            arg=width,
        )


def test_labels_of_the_heat_map_stay_inside_it(see):
    page = see("?pos_n=1024&pos_d=512")
    outside = matrix(page).evaluate("""svg => {
      const box = svg.getBoundingClientRect()
      const inside = b =>
        b.left > box.left - 1 && b.right < box.right + 1 && b.top > box.top - 1 && b.bottom < box.bottom + 1
      const texts = [...svg.querySelectorAll("text")]
      return texts.filter(text => !inside(text.getBoundingClientRect())).map(text => text.textContent)
    }""")
    assert outside == []


def test_a_cell_is_read_by_mouse_and_keys_and_its_row_held_in_the_address(see):
    page = see()
    picture = matrix(page)
    tip = page.locator(".st-key-pos_matrix .tip")
    picture.focus()
    picture.press("ArrowDown")
    expect(tip).to_contain_text("position 51, dimension 0")
    picture.press("Enter")
    expect(page).to_have_url(re.compile("pos_at=51"))
    expect(page.get_by_label("Position p", exact=True)).to_have_value("51")
    picture.hover(position={"x": 60, "y": 60})
    expect(tip).to_contain_text(re.compile(r"^position \d+, dimension \d+: −?[\d.]+$"))
    picture.click(position={"x": picture.bounding_box()["width"] / 2, "y": 40})
    expect(page).to_have_url(re.compile(r"pos_at=1?\d\b"))
    at = re.search(r"pos_at=(\d+)", page.url)[1]
    expect(page.get_by_label("Position p", exact=True)).to_have_value(at)
    expect(page.locator("p", has_text="What you see.")).to_contain_text(
        f"Row {at} is the code of position {at}"
    )
    assert held(see(f"?pos_at={at}")) == at


def test_the_position_turns_the_pairs_without_the_server(see):
    page = see("?pos_view=turning")
    page.evaluate("""() => {
      window.sent = 0
      const send = WebSocket.prototype.send
      WebSocket.prototype.send = function (...message) { window.sent++; return send.apply(this, message) }
    }""")
    slider = page.get_by_label("Position m")
    before = marks(page).first.inner_html()
    slider.evaluate("s => { s.value = 90; s.oninput() }")
    assert marks(page).first.inner_html() != before
    assert page.evaluate("window.sent") == 0
    slider.focus()
    slider.press("ArrowRight")
    expect(page).to_have_url(re.compile("pos_m=91"))


def test_no_motion_where_the_visitor_asked_for_none(see):
    assert see("?pos_view=turning").get_by_role("button", name="Play").count() == 1
    still = see("?pos_view=turning", reduced_motion="reduce")
    assert still.get_by_role("button", name="Play").count() == 0


def test_a_verdict_leads_to_its_picture(see):
    page = see("?pos_view=scores")
    link = page.get_by_role("link", name=re.compile("^Learned .*Works beyond training: no 512 rows"))
    link.hover()
    expect(page.get_by_text("The table ends after 512 rows; a longer text has to be cut.")).to_be_visible()
    link.click()
    expect(page.locator("p", has_text="What you see.")).to_contain_text("have no row", timeout=FIRST)
    assert "pos_scheme=learned" in page.url
    assert "pos_n=640" in page.url
    assert "pos_view" not in page.url  # the opening view
    page.go_back()
    expect(link).to_be_visible(timeout=FIRST)


def test_another_shuffle_by_its_button(see):
    page = see("?pos_view=order")
    page.get_by_role("button", name="Shuffle again").click()
    expect(page).to_have_url(re.compile("pos_seed=250"))
    expect(page.get_by_test_id("stMetricValue").last).to_have_text("1.000")


def saved(page: Page, label: str, folder: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_test_id("stPopoverBody").get_by_role("button", name=label).click()
    target = folder / download.value.suggested_filename
    download.value.save_as(target)
    return target


@pytest.mark.parametrize("view", ["heat", "turning", "order"])
def test_what_is_shown_can_be_saved(see, new_context, tmp_path, view):
    page = see(VIEWS[view])
    page.get_by_role("button", name="Export", exact=True).click()
    svg = saved(page, "SVG", tmp_path)
    assert svg.suffix == ".svg"
    root = ElementTree.parse(svg).getroot()
    assert len(root.findall(f"{SVG}svg")) == marks(page).count()
    assert "Made with Plainsight" in "".join(root.itertext())
    links = [value for node in root.iter() for name, value in node.attrib.items() if name.endswith("href")]
    assert all(link.startswith(("data:", "?")) for link in links)
    png = saved(page, "PNG", tmp_path)
    assert Image.open(png).width > 2000
    html = saved(page, "HTML", tmp_path)
    reader = new_context(offline=True).new_page()
    reader.goto(html.as_uri())
    expect(reader.locator("svg").first).to_be_visible()
    assert reader.locator("p").inner_text() in page.locator("p", has_text="What you see.").inner_text()
    table = saved(page, "CSV", tmp_path)
    assert table.read_text("utf-8").count("\n") > 8


def test_presenting_puts_the_picture_first(see):
    page = see("?present=1")
    assert (
        marks(page).first.bounding_box()["y"]
        < page.get_by_label("Positions n", exact=True).bounding_box()["y"]
    )


def test_a_number_changes_picture_sentence_and_address(see):
    page = see()
    field = page.get_by_label("Base", exact=True)
    field.fill("100")
    field.press("Enter")
    expect(page.locator("p", has_text="What you see.")).to_contain_text("the right ones every 585")
    expect(page).to_have_url(re.compile("pos_base=100"))
