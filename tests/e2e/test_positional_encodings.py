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
# What is chosen, scheme before view, and what the picture is then called
VIEWS = {
    "heat": ({}, "Heat map of "),
    "curves": ({"view": "Curves of single dimensions"}, "Values of 4 dimensions of Sinusoidal"),
    "pairs": (
        {"scheme": "Learned (MiniLM's table)", "view": "Similarity of every pair"},
        "Similarity of every pair",
    ),
    "turning": ({"scheme": "RoPE, half-split", "view": "Pairs turning"}, "pairs of dimensions as hands"),
    "bias": ({"scheme": "ALiBi"}, "ALiBi: 128 queries down"),
    "buckets": ({"scheme": "T5 buckets"}, "T5 buckets: 128 queries down"),
    "scoreboard": ({"view": "Scoreboard of all schemes"}, "schemes, six questions"),
    "order": ({"view": "Order is lost without it"}, "tokens before and after the shuffle"),
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


def saved(page: Page, label: str, folder: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_test_id("stPopoverBody").get_by_role("button", name=label).click()
    target = folder / download.value.suggested_filename
    download.value.save_as(target)
    return target


def choose(page: Page, name: str, option: str) -> None:
    page.locator(f".st-key-pos_{name}_choice").get_by_role("combobox").click()
    page.get_by_role("option", name=option, exact=True).click()


def resting(page: Page) -> None:
    """Wait until the server has said all that it has to say."""
    expect(page.locator('.stApp[data-test-script-state="notRunning"]')).to_be_visible(timeout=FIRST)
    expect(page.locator('.stMain [data-stale="true"]')).to_have_count(0)


def test_every_view_is_drawn_and_saved_and_nothing_scrolls_sideways(see, new_context, tmp_path):
    page = see()
    for view, (chosen, label) in VIEWS.items():
        for name, option in chosen.items():
            choose(page, name, option)
            expect(page).to_have_url(re.compile(f"pos_{name}="))
            resting(page)
        expect(page.locator(f".st-key-pos_picture [aria-label*='{label}']").first).to_be_visible(
            timeout=FIRST
        )
        resting(page)
        drawn(page)
        if view in ("heat", "turning", "order"):
            saves(page, new_context, tmp_path)
        if view == "turning":
            turning(page)
        if view == "scoreboard":
            leading(page)
        if view == "order":
            page.get_by_role("button", name="Shuffle again").click()
            expect(page).to_have_url(re.compile("pos_seed=250"))
            expect(page.get_by_test_id("stMetricValue").last).to_have_text("1.000")


def drawn(page: Page) -> None:
    """Above the fold, with names, and inside a laptop's and a phone's window."""
    expect(page.locator("p", has_text="What you see.")).to_be_visible()
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")
    assert marks(page).first.bounding_box()["y"] + 300 < 768  # above the fold
    for mark in marks(page).all():
        assert mark.get_attribute("aria-label") or mark.locator("xpath=ancestor::*[@aria-label]").count()
    for width, height in ((390, 844), (1366, 768)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(
            """width => document.documentElement.scrollWidth <= width &&
              [...document.querySelectorAll(".st-key-pos_picture svg.marks")].every(mark => {
                const box = mark.getBoundingClientRect()
                return box.left >= 0 && box.right <= width + 1
              })""",
            arg=width,
        )


def saves(page: Page, new_context: Callable[..., Any], folder: Path) -> None:
    """What is shown can be saved."""
    page.get_by_role("button", name="Export", exact=True).click()
    svg = saved(page, "SVG", folder)
    assert svg.suffix == ".svg"
    root = ElementTree.parse(svg).getroot()
    assert len(root.findall(f"{SVG}svg")) == marks(page).count()
    assert "Made with Plainsight" in "".join(root.itertext())
    links = [value for node in root.iter() for name, value in node.attrib.items() if name.endswith("href")]
    assert all(link.startswith(("data:", "?")) for link in links)
    png = saved(page, "PNG", folder)
    assert Image.open(png).width > 2000
    html = saved(page, "HTML", folder)
    reader = new_context(offline=True).new_page()
    reader.goto(html.as_uri())
    expect(reader.locator("svg").first).to_be_visible()
    assert reader.locator("p").inner_text() in page.locator("p", has_text="What you see.").inner_text()
    reader.close()
    table = saved(page, "CSV", folder)
    assert table.read_text("utf-8").count("\n") > 8
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0)


def turning(page: Page) -> None:
    """The position turns the pairs without the server."""
    assert page.get_by_role("button", name="Play").count() == 1
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


def leading(page: Page) -> None:
    """A verdict leads to its picture, and Back to the board."""
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
    resting(page)


def test_cells_and_numbers_change_picture_sentence_and_address(see):
    page = see(reduced_motion="reduce")
    reading(page, see)
    field = page.get_by_label("Base", exact=True)
    field.fill("100")
    field.press("Enter")
    expect(page.locator("p", has_text="What you see.")).to_contain_text("the right ones every 585")
    expect(page).to_have_url(re.compile("pos_base=100"))
    page.get_by_role("button", name="Present").click()  # puts the picture first
    expect(page.get_by_test_id("stSidebar")).to_have_count(0)
    expect(page.locator(".st-key-present_controls")).to_be_visible()
    resting(page)
    assert marks(page).first.bounding_box()["y"] < field.bounding_box()["y"]
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    labels_of_a_large_map(page)
    choose(page, "view", "Pairs turning")
    expect(page.get_by_label("Position m")).to_be_visible()
    resting(page)
    assert page.get_by_role("button", name="Play").count() == 0  # the visitor asked for no motion


def reading(page: Page, see: Callable[..., Page]) -> None:
    """A cell is read by mouse and keys and its row held in the address."""
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


def labels_of_a_large_map(page: Page) -> None:
    """They stay inside it."""
    for name, value in (("Positions n", "1024"), ("Dimensions d", "512")):
        page.get_by_label(name, exact=True).fill(value)
        page.get_by_label(name, exact=True).press("Enter")
        expect(page).to_have_url(re.compile(f"pos_{name[-1]}={value}"))
    expect(page.get_by_text("1024 positions × 512 dimensions")).to_be_visible(timeout=FIRST)
    resting(page)
    outside = matrix(page).evaluate("""svg => {
      const box = svg.getBoundingClientRect()
      const inside = b =>
        b.left > box.left - 1 && b.right < box.right + 1 && b.top > box.top - 1 && b.bottom < box.bottom + 1
      const texts = [...svg.querySelectorAll("text")]
      return texts.filter(text => !inside(text.getBoundingClientRect())).map(text => text.textContent)
    }""")
    assert outside == []
