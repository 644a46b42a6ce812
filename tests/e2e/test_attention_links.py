"""Attention heads: what a link keeps, what is saved, and texts that are hostile or long."""

import csv
import io
import re
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from components.attention_view import Role, View, pack, standalone_html
from tests.components.test_attention_view import HOSTILE as TOKENS
from tests.components.test_attention_view import trace_of
from tests.e2e.attention_page import (
    PRONOUN,
    SVG,
    canvas,
    head,
    listening,
    parameter,
    picture,
    pixels,
    query,
    saved,
    state,
    wait_for_change,
    wait_for_pixels,
)

LONG = "The quick brown fox jumps over the lazy dog. " * 51  # 512 tokens with [CLS] and [SEP]
HOSTILE = "</script><script>window.hit=1</script> <img src=x onerror=window.hit=1> ${window.hit=1}"
COUNT_SENT = """() => {
  window.sent = 0
  const send = WebSocket.prototype.send
  WebSocket.prototype.send = function (...message) { window.sent++; return send.apply(this, message) }
}"""


def opened_again(view: Locator, visit) -> Page:
    """Open the address in another browser, which then shows exactly the same."""
    view.page.mouse.move(5, 5)
    view.page.wait_for_function("() => location.search.length > 0")
    again = listening(visit(view.page.url))
    assert state(again) == state(view)
    for which, drawn in pixels(view).items():
        wait_for_pixels(canvas(again, which), drawn)
    return again.page


# --- state ---


def set_everything(view: Locator) -> None:
    """Touch every control of the picture."""
    page = view.page
    view.get_by_label("Next layer").click()
    view.get_by_label("Layer", exact=True).select_option("5")
    head(view, "5.11").click()
    head(view, "5.4").click()
    head(view, "5.1").click()  # off again
    view.get_by_label("Hide [CLS]").check()
    view.get_by_label("Smallest weight").fill("0.1")
    view.get_by_label("Scale", exact=True).select_option("row")
    view.get_by_label("Picture", exact=True).select_option("matrix")
    view.get_by_label("Picture", exact=True).select_option("words")
    canvas(view, "words").click(position={**query(view, 4, tokens=14), "x": 20})
    view.get_by_label("Picture", exact=True).select_option("all")
    parameter(
        page, layer="5", heads="4.11", pin="q5", show="", hide="1", min="0.1", scale="row", filter="", zoom=""
    )


def test_a_link_shows_what_was_done_without_the_server(see, visit) -> None:
    view = see()
    page = view.page
    page.evaluate(COUNT_SENT)
    set_everything(view)
    page.keyboard.press("Tab")  # leaves the field that would send late
    assert page.evaluate("sent") == 0
    before = state(view)
    assert before["heads"] == ["4", "11"]
    assert "rescaled to 100 %" in before["see"]
    opened_again(view, visit)
    page.get_by_role("button", name="Export").click()
    expect(page.get_by_role("button", name="CSV")).to_be_visible()
    assert page.evaluate("sent") == 1  # the first message is that of the popover
    assert state(view) == before


def test_a_hostile_pair_runs_nothing_and_its_link_opens_the_same(see, visit) -> None:
    view = see(f"?attn_text={quote(HOSTILE)}&attn_pair={quote(HOSTILE)}&attn_hide=1")
    for at in range(40, 100, 20):
        canvas(view, "words").click(position={"x": 30, "y": at})
        expect(view.locator(".lead")).to_contain_text("What you see. When reading")
    opening = state(view)
    view.get_by_label("Direction").select_option("ba")
    view.locator(".chip").nth(3).click()
    canvas(view, "matrix").click()
    assert state(view) != opening
    again = opened_again(view, visit)
    assert [each.evaluate("window.hit") for each in (view.page, again)] == [None, None]


def test_512_tokens_answer_and_a_link_opens_the_same(see, visit) -> None:
    view = see(f"?attn_text={quote(LONG)}&attn_layer=3&attn_heads=1&attn_pin=none")
    page = view.page
    expect(page.get_by_text(re.compile(r"· 512 tokens ·"))).to_be_visible()
    tip = view.locator(".tip")
    before = pixels(view)
    canvas(view, "matrix").hover()
    expect(tip).to_contain_text("%")
    wait_for_change(canvas(view, "matrix"), before["matrix"])
    canvas(view, "words").hover(position={"x": 30, "y": 250})
    wait_for_change(canvas(view, "words"), before["words"])
    count = int(view.get_attribute("data-drawn") or 0)
    head(view, "3.9").dblclick()
    page.wait_for_function(
        "([view, count]) => Number(view.dataset.drawn) > count", arg=[view.element_handle(), count]
    )
    for zoom in ("0", "2", "1"):
        before = pixels(view)
        view.get_by_label("Zoom").select_option(zoom)
        wait_for_change(canvas(view, "words"), before["words"])
        wait_for_change(canvas(view, "matrix"), before["matrix"])
    before = pixels(view)
    canvas(view, "words").hover(position={"x": 30, "y": 250})
    page.mouse.wheel(0, 300)
    wait_for_change(canvas(view, "words"), before["words"])
    canvas(view, "words").click(position={"x": 30, "y": 250})
    expect(view.locator(".lead")).to_contain_text("head 3.9 puts")
    change_long(view)
    opened_again(view, visit)


def change_long(view: Locator) -> None:
    expect(view.get_by_label("Zoom")).to_have_value("1")
    view.get_by_label("Zoom").select_option("2")
    canvas(view, "words").click(position={"x": 30, "y": 200})
    head(view, "3.4").click()
    canvas(view, "matrix").click(position={"x": 300, "y": 200})  # far from what this row looks at most
    view.page.wait_for_function("() => location.search.includes('attn_focus')")
    clicked = view.page.url
    canvas(view, "words").hover(position={"x": 30, "y": 200})
    view.page.mouse.wheel(0, 300)
    view.page.wait_for_function("before => location.href !== before", arg=clicked)


# --- what is saved ---


def test_what_is_saved_is_what_is_seen(see, offline, tmp_path: Path) -> None:
    view = see("?attn_heads=1.4&attn_hide=1&attn_min=0.1")
    page = view.page
    page.get_by_role("button", name="Export").click()

    svg = saved(page, "SVG", tmp_path)
    assert svg.name == "attention-minilm-3.1+4.svg"
    drawn = ElementTree.parse(svg).getroot()
    words = [node.text for node in drawn.iter(f"{SVG}text")]
    assert set(PRONOUN[1:-1]) <= set(words)
    assert "Attention of MiniLM-L6" in words
    assert any(word and word.startswith("MiniLM-L6 (") and word.endswith("rows rescaled") for word in words)
    assert drawn.find(f"{SVG}title").text == state(view)["see"]
    assert {node.tag for node in drawn.iter()} <= {
        SVG + tag for tag in ("svg", "title", "g", "rect", "path", "text", "image")
    }
    assert len(list(drawn.iter(f"{SVG}image"))) == 1 + 72  # the matrix and each small one

    png = saved(page, "PNG", tmp_path)
    with Image.open(png) as image:
        assert image.format == "PNG"
        assert image.width == 3 * round(float(drawn.get("width")))
        assert image.height == 3 * round(float(drawn.get("height")))
        assert len(image.convert("RGB").getcolors(2**24) or []) > 500

    rows = list(csv.DictReader(io.StringIO(saved(page, "CSV", tmp_path).read_text("utf-8"), newline="")))
    assert len(rows) == 2 * 16**2
    assert {row["head"] for row in rows} == {"1", "4"}
    link = next(
        row for row in rows if (row["head"], row["from_token"], row["to_token"]) == ("1", "it", "animal")
    )
    assert 0.675 < float(link["weight"]) < 0.685

    html = saved(page, "HTML", tmp_path)
    alone = offline(html)
    assert state(picture(alone)) == state(view)
    head(picture(alone), "3.0").dblclick()
    expect(picture(alone).locator(".lead")).to_contain_text("head 3.0 puts")
    expect(alone.get_by_text(re.compile(r"Made with Plainsight · MiniLM-L6 \("))).to_be_visible()

    page.get_by_role("tab", name="BertViz").click()  # the same trace, drawn by BertViz
    inside = page.frame_locator("iframe[title='BertViz head view']")
    expect(inside.locator("#attention line")).to_have_count(12 * 16 * 16)
    expect(inside.locator("#layer")).to_have_value("3")


def test_tokens_that_are_markup_stay_text_wherever_they_are_shown(offline, tmp_path: Path) -> None:
    message = pack(
        trace_of(*TOKENS),
        View(),
        sentences=[" ".join(TOKENS[:2])] * 6,
        overall=TOKENS[1],
        roles=[Role(TOKENS[0], 1, 1, TOKENS[1])],
    )
    file = tmp_path / "page.html"
    file.write_text(standalone_html(message, title=TOKENS[0]), "utf-8", errors="replace")
    page = offline(file)
    view = picture(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(TOKENS[0])
    markup = "view => view.querySelectorAll('script, img, svg').length"
    view.get_by_text("Strongest links as a table").click()
    for row in (0, 1):
        canvas(view, "words").click(position=query(view, row, tokens=len(TOKENS)))
        expect(view.locator(".lead")).to_contain_text(f"When reading {TOKENS[row]}, ")
        assert view.evaluate(markup) == 0
    canvas(view, "grid").hover(position={"x": 50, "y": 50})
    expect(view.locator(".tip")).to_contain_text(TOKENS[0])
    canvas(view, "matrix").hover()
    expect(view.locator(".tip")).to_contain_text("raw ")
    assert view.evaluate(markup) == 0

    with page.expect_download() as download:
        page.evaluate("dispatchEvent(new CustomEvent('plainsight:export', {detail: {format: 'svg'}}))")
    drawn = ElementTree.parse(download.value.path()).getroot()
    assert {SVG + "script", SVG + "img"} & {node.tag for node in drawn.iter()} == set()
    assert TOKENS[4] in [node.text for node in drawn.iter(f"{SVG}text")]
    assert page.evaluate("window.hit") is None
