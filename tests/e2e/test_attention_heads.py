"""Attention heads as a visitor meets it: what is drawn, what answers, what a link keeps, what is saved."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from components.attention_view import HERE
from models.loading import is_here
from models.registry import get_card
from tests.components.test_attention_view import HOSTILE as TOKENS

FIRST = 60_000  # ms for the first picture of a cold server
SVG = "{http://www.w3.org/2000/svg}"
SENTENCE = "The animal didn ' t cross the street because it was too tired ."
PRONOUN = ("[CLS]", *re.findall(r"\S+", SENTENCE), "[SEP]")
LONG = "The quick brown fox jumps over the lazy dog. " * 51  # 512 tokens with [CLS] and [SEP]
HOSTILE = "</script><script>window.hit=1</script> <img src=x onerror=window.hit=1> ${window.hit=1}"
# the largest height of a word's row, in font sizes
MOST = float(re.search(r"most: scene\.theme\.size \* ([\d.]+)", (HERE / "draw.js").read_text("utf-8"))[1])
COUNT_SENT = """() => {
  window.sent = 0
  const send = WebSocket.prototype.send
  WebSocket.prototype.send = function (...message) { window.sent++; return send.apply(this, message) }
}"""

Visit = Callable[..., Page]


@pytest.fixture
def see(visit: Visit, server: str) -> Callable[..., Locator]:
    """The picture of the page that this address opens."""

    def open_page(address: str = "", **options: Any) -> Locator:
        return listening(visit(f"{server}/attention-heads{address}", **options))

    return open_page


def picture(page: Page) -> Locator:
    view = page.locator(".attention-view[data-drawn]")
    expect(view).to_be_visible(timeout=FIRST)
    return view


def listening(page: Page) -> Locator:
    """The picture, once the toolbar carries what is done to it into the address."""
    expect(page.get_by_role("button", name="Share")).to_be_visible()
    return picture(page)


def canvas(view: Locator, name: str) -> Locator:
    return view.locator(f"canvas.{name}")


def pixels(view: Locator) -> dict[str, str]:
    return view.locator("canvas").evaluate_all(
        "all => Object.fromEntries(all.map(one => [one.className, one.toDataURL()]))"
    )


def state(view: Locator) -> dict[str, Any]:
    """What the picture says in words and what its controls show."""
    return view.evaluate("""view => {
      const all = selector => [...view.querySelectorAll(selector)]
      return {
        see: view.querySelector(".see").textContent,
        table: view.querySelector("tbody").textContent,
        headings: all(".panel:not([hidden]) h4").map(each => each.firstChild.textContent),
        heads: all("[aria-pressed=true]").map(each => each.textContent),
        controls: all(".controls :is(select, input)").map(each => each.checked || each.value),
      }
    }""")


def wait_for_change(node: Locator, before: str) -> None:
    """Wait until a canvas shows something else."""
    node.page.wait_for_function(
        "([node, before]) => node.toDataURL() !== before", arg=[node.element_handle(), before]
    )


def wait_for_pixels(node: Locator, wanted: str) -> None:
    node.page.wait_for_function(
        "([node, wanted]) => node.toDataURL() === wanted", arg=[node.element_handle(), wanted]
    )


def query(view: Locator, token: int, side: str = "q", tokens: int = len(PRONOUN)) -> dict[str, float]:
    """Where a token stands in the words picture of a text that fits."""
    box = canvas(view, "words").bounding_box()
    assert box
    size = view.evaluate("view => parseFloat(getComputedStyle(view).fontSize)") * 0.9
    step = min(size * MOST, box["height"] / tokens)
    return {"x": box["width"] * (0.2 if side == "q" else 0.75), "y": (token + 0.5) * step}


def head(view: Locator, name: str) -> Locator:
    return view.get_by_role("button", name=f"Head {name}", exact=True)


def spoken(view: Locator) -> Locator:
    """What a screen reader is told."""
    return view.get_by_role("status").and_(view.locator("p"))


def parameter(page: Page, **wanted: str) -> None:
    """Wait until the address holds these parameters of the picture; "" means that it does not."""
    page.wait_for_function(
        """wanted => Object.entries(wanted).every(([name, value]) =>
          (new URLSearchParams(location.search).get("attn_" + name) ?? "") === value)""",
        arg=wanted,
    )


# --- the picture ------------------------------------------------------------------------------------


def test_it_opens_at_the_animal(see) -> None:
    view = see()
    expect(view.locator(".see")).to_contain_text("Head 3.1 sends 68 % of it to animal")
    expect(view.locator(".see")).to_contain_text("Head 5.11 does the same (67 %)")
    assert view.evaluate("view => view.getRootNode() instanceof ShadowRoot")
    assert view.page.locator("iframe").count() == 0
    for name in ("words", "matrix", "grid"):
        colours = canvas(view, name).evaluate("""node => {
          const { data } = node.getContext("2d").getImageData(0, 0, node.width, node.height)
          return new Set(new Uint32Array(data.buffer)).size
        }""")
        assert colours > 30, f"{name} is empty"
        box = canvas(view, name).bounding_box()
        assert box
        assert box["y"] + box["height"] <= 768  # above the fold
    assert head(view, "3.1").get_attribute("aria-pressed") == "true"


def test_words_and_matrix_answer_the_mouse(see) -> None:
    view = see("?attn_pin=none")
    tip = view.locator(".tip")
    resting = pixels(view)
    canvas(view, "words").hover(position=query(view, 10))
    wait_for_change(canvas(view, "words"), resting["words"])
    wait_for_change(canvas(view, "matrix"), resting["matrix"])  # one selection in all pictures
    canvas(view, "words").hover(position=query(view, 2, "k"))
    expect(tip).to_be_hidden()  # a readable word needs no explanation
    matrix = canvas(view, "matrix")
    box = matrix.bounding_box()
    assert box
    for y in range(20, int(box["height"]), 8):  # the row of "it", then the column of "animal"
        matrix.hover(position={"x": box["width"] / 2, "y": y})
        if tip.is_visible() and tip.inner_text().startswith("it →"):
            break
    for x in range(20, int(box["width"]), 8):
        matrix.hover(position={"x": x, "y": y})
        if tip.is_visible() and "→ animal" in tip.inner_text():
            break
    expect(tip).to_have_text("it → animal 68 %")
    view.page.mouse.move(5, 5)
    expect(tip).to_be_hidden()
    for name, before in resting.items():
        wait_for_pixels(canvas(view, name), before)


def test_the_overview_names_a_head_and_opens_it(see) -> None:
    view = see()
    tip = view.locator(".tip")
    grid = canvas(view, "grid")
    box = grid.bounding_box()
    assert box
    grid.hover(position={"x": box["width"] / 2, "y": box["height"] / 2})
    expect(tip).to_contain_text(re.compile(r"^Head \d+\.\d+ (puts|rests|spreads|follows) "))
    layer, number = re.match(r"Head (\d+)\.(\d+)", tip.inner_text()).groups()
    grid.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    expect(view.locator(".see")).to_contain_text(f"Head {layer}.{number} sends")
    parameter(view.page, layer=layer, heads=number)
    view.get_by_role("list", name="Clearest heads in this text").get_by_role("button").first.click()
    expect(view.locator(".see")).not_to_contain_text(f"Head {layer}.{number} sends")


def test_a_click_holds_a_token_and_a_second_lets_it_go(see) -> None:
    view = see()
    words = canvas(view, "words")
    words.click(position=query(view, 12))
    parameter(view.page, pin="q12")
    expect(view.locator(".see")).to_contain_text("of too to")
    words.click(position=query(view, 2, "k"))
    parameter(view.page, pin="k2")
    expect(view.locator(".see")).to_contain_text(
        re.compile(r"In head 3\.1, animal gets most from it \(68 %\)")
    )
    words.click(position=query(view, 2, "k"))
    parameter(view.page, pin="none")
    canvas(view, "matrix").click()
    row = view.locator(".tip em").first.inner_text()
    expect(view.locator(".see")).to_contain_text(f"of {row} to")
    parameter(view.page, pin=f"q{PRONOUN.index(row)}")


def test_a_head_of_the_field_guide_opens_and_a_click_in_the_map_switches_one_off(visit, server) -> None:
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
    expect(picture(page).locator(".see")).to_contain_text("Head 0.2")
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


# --- state ------------------------------------------------------------------------------------------


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


def test_the_picture_changes_without_the_server_and_the_server_hears_it_later(see) -> None:
    view = see()
    page = view.page
    page.evaluate(COUNT_SENT)
    set_everything(view)
    page.keyboard.press("Tab")  # leaves the field that would send late
    assert page.evaluate("sent") == 0
    before = state(view)
    assert before["heads"] == ["4", "11"]
    assert "rescaled to 100 %" in before["see"]
    page.get_by_role("button", name="Export").click()
    expect(page.get_by_role("button", name="CSV")).to_be_visible()
    assert page.evaluate("sent") == 1  # the first message is that of the popover
    assert state(view) == before


def test_a_double_click_shows_a_head_alone(see) -> None:
    view = see("?attn_heads=1.2.3")
    head(view, "3.7").dblclick()
    parameter(view.page, layer="3", heads="7")
    expect(view.locator(".see")).to_contain_text("Head 3.7 sends")
    view.get_by_role("button", name="all", exact=True).click()
    parameter(view.page, heads=".".join(map(str, range(12))))
    expect(view.locator(".see")).to_contain_text("The mean of 12 heads of layer 3 sends")


def change_pair(view: Locator) -> None:
    view.get_by_label("Direction").select_option("ba")
    view.locator(".chip").nth(3).click()
    canvas(view, "matrix").click()


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


STATES = {
    "everything": ("", set_everything),
    "a pair": (
        f"?attn_text={quote('The cat sat on the mat.')}&attn_pair={quote('The cat lay on the rug.')}",
        change_pair,
    ),
    "a long text": (f"?attn_text={quote(LONG[:2000])}&attn_layer=3&attn_heads=1", change_long),
}


@pytest.mark.parametrize("name", STATES)
def test_a_link_opened_in_another_browser_shows_exactly_the_same(see, visit, name: str) -> None:
    address, change = STATES[name]
    view = see(address)
    opening = state(view)
    change(view)
    view.page.mouse.move(5, 5)
    assert state(view) != opening
    view.page.wait_for_function("() => location.search.length > 0")
    again = listening(visit(view.page.url))
    assert state(again) == state(view)
    for which, drawn in pixels(view).items():
        wait_for_pixels(canvas(again, which), drawn)


def test_a_new_text_keeps_the_head_and_shows_its_own_words(see) -> None:
    view = see()
    page = view.page
    head(view, "3.4").dblclick()
    parameter(page, layer="3", heads="4")
    for text, tokens in (
        ("HELLO world", "HELLO"),
        ("hello world", "hello"),
    ):  # one and the same to this model
        page.get_by_label("Text", exact=True).fill(text)
        page.get_by_label("Text", exact=True).press("Enter")
        expect(view.locator(".see")).to_contain_text("Head 3.4 sends")
        expect(view.locator("tbody, .see").filter(has_text=tokens).first).to_be_attached()
    parameter(page, layer="3", heads="4", text="hello world", pin="")


def test_back_undoes_one_action(see) -> None:
    view = see()
    page = view.page
    page.get_by_role("button", name="Two sentences").click()
    expect(view.locator(".see")).to_contain_text("of mat to rug")
    parameter(page, text="The cat sat on the mat.")
    page.go_back()
    expect(view.locator(".see")).to_contain_text("68 % of it to animal")
    parameter(page, text="", pair="")


@pytest.mark.skipif(
    not is_here(get_card("smollm2")), reason="SmolLM2 is not here: python -m models fetch smollm2"
)
def test_two_visitors_at_once_on_different_models(visit, server) -> None:
    pages = {
        model: visit(f"{server}/attention-heads?attn_model={model}&attn_text=The+cat+sat.")
        for model in ("minilm", "smollm2")
    }
    for model, page in pages.items():
        view = picture(page)
        layers = get_card(model).layers
        expect(view.get_by_label("Layer", exact=True).locator("option")).to_have_count(layers)
        expect(view.locator(".panel.grid h4")).to_contain_text(f"All {layers * get_card(model).heads} heads")
        expect(page.get_by_text(re.compile(rf"^{get_card(model).name} \("))).to_be_visible()


# --- keyboard, screen reader ------------------------------------------------------------------------


def test_the_keyboard_moves_tokens_heads_and_layers(see) -> None:
    view = see()
    page = view.page
    canvas(view, "words").focus()
    page.keyboard.press("ArrowDown")
    parameter(page, pin="q11")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    parameter(page, pin="q9")
    page.keyboard.press("ArrowRight")
    parameter(page, layer="3", heads="2")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("PageDown")
    parameter(page, layer="4", heads="1")
    page.keyboard.press("Escape")
    parameter(page, pin="none")
    expect(canvas(view, "words")).to_be_focused()
    canvas(view, "matrix").focus()
    page.keyboard.press("ArrowRight")
    expect(spoken(view)).to_have_text(re.compile(r"^\[CLS\] → \[CLS\] \d+ %$"))
    canvas(view, "grid").focus()
    page.keyboard.press("PageUp")
    parameter(page, layer="", heads="")
    for key in ("ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"):
        before = page.url
        page.keyboard.press(key)
        page.wait_for_function("before => location.href !== before", arg=before)
    parameter(page, layer="", heads="")  # there and back again


def test_a_control_keeps_the_focus_when_it_is_used(see) -> None:
    view = see()
    chip = head(view, "3.5")
    chip.press("Space")
    expect(chip).to_have_attribute("aria-pressed", "true")
    expect(chip).to_be_focused()
    for name, key in (("Layer", "ArrowDown"), ("Scale", "ArrowDown"), ("Smallest weight", "ArrowRight")):
        control = view.get_by_label(name, exact=name != "Smallest weight")
        before = control.input_value()
        control.press(key)
        expect(control).not_to_have_value(before)
        expect(control).to_be_focused()


def test_a_screen_reader_gets_the_picture_in_words_and_as_a_table(see) -> None:
    view = see()
    for name in ("Words, a line", "Matrix, queries", "All heads, a small"):
        expect(view.get_by_role("application", name=name)).to_be_visible()
    expect(spoken(view)).to_contain_text("sends 68 % of it to animal")
    view.get_by_text("Strongest links as a table").click()
    rows = view.get_by_role("table").get_by_role("row")
    expect(rows.nth(0)).to_have_text("FromToWeight")
    expect(rows.nth(1)).to_have_text("itanimal68 %")
    canvas(view, "words").click(position=query(view, 2, "k"))
    expect(rows.nth(2)).to_have_text(re.compile("^.+animal\\d+ %$"))  # now by whom animal is looked at


# --- export -----------------------------------------------------------------------------------------


def saved(page: Page, button: str, folder: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


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
    expect(picture(alone).locator(".see")).to_contain_text("Head 3.0 sends")
    expect(alone.get_by_text(re.compile(r"Made with Plainsight · MiniLM-L6 \("))).to_be_visible()


def test_bertviz_draws_the_same_trace(see) -> None:
    view = see()
    view.page.get_by_role("tab", name="BertViz").click()
    inside = view.page.frame_locator("iframe[title='BertViz head view']")
    expect(inside.locator("#attention line")).to_have_count(12 * 16 * 16)
    expect(inside.locator("#layer")).to_have_value("3")


# --- any text, any screen ---------------------------------------------------------------------------


def test_a_hostile_text_is_shown_and_runs_nothing(see) -> None:
    view = see(f"?attn_text={quote(HOSTILE)}&attn_pair={quote(HOSTILE)}&attn_hide=1")
    for at in range(40, 100, 20):
        canvas(view, "words").click(position={"x": 30, "y": at})
        expect(view.locator(".see")).to_contain_text("What you see. Head")
    assert view.page.evaluate("window.hit") is None


def test_tokens_that_are_markup_stay_text_wherever_they_are_shown(
    visit, serve, offline, tmp_path: Path
) -> None:
    page = visit(serve(Path(__file__).with_name("attention_app.py")))
    view = listening(page)
    markup = "view => view.querySelectorAll('script, img, svg').length"
    view.get_by_text("Strongest links as a table").click()
    for row in (0, 1):
        canvas(view, "words").click(position=query(view, row, tokens=len(TOKENS)))
        expect(view.locator(".see")).to_contain_text(f" of {TOKENS[row]} to ")
        assert view.evaluate(markup) == 0
    canvas(view, "grid").hover(position={"x": 50, "y": 50})
    expect(view.locator(".tip")).to_contain_text(TOKENS[0])
    canvas(view, "matrix").hover()
    expect(view.locator(".tip")).to_contain_text("raw ")
    assert view.evaluate(markup) == 0

    drawn = ElementTree.parse(saved(page, "SVG", tmp_path)).getroot()
    assert {SVG + "script", SVG + "img"} & {node.tag for node in drawn.iter()} == set()
    assert TOKENS[4] in [node.text for node in drawn.iter(f"{SVG}text")]
    alone = offline(saved(page, "HTML", tmp_path))
    expect(alone.get_by_role("heading", level=1)).to_have_text(TOKENS[0])
    assert picture(alone).evaluate(markup) == 0
    assert [page.evaluate("window.hit"), alone.evaluate("window.hit")] == [None, None]


def test_512_tokens_answer(see) -> None:
    view = see(f"?attn_text={quote(LONG)}&attn_layer=3&attn_heads=1&attn_pin=none")
    page = view.page
    expect(page.get_by_text(re.compile(r"· 512 tokens ·"))).to_be_visible()
    tip = view.locator(".tip")
    before = pixels(view)
    canvas(view, "matrix").hover()
    expect(tip).to_contain_text("%")
    wait_for_change(canvas(view, "matrix"), before["matrix"])
    canvas(view, "words").hover(position={"x": 30, "y": 300})
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
    canvas(view, "words").hover(position={"x": 30, "y": 300})
    page.mouse.wheel(0, 300)
    wait_for_change(canvas(view, "words"), before["words"])
    canvas(view, "words").click(position={"x": 30, "y": 300})
    expect(view.locator(".see")).to_contain_text("Head 3.9 sends")


def test_presenting_fills_the_screen_with_the_picture(see) -> None:
    view = see("?present=1", viewport={"width": 1280, "height": 720})  # a small projector
    page = view.page
    expect(page.get_by_test_id("stSidebar")).to_have_count(0)
    box = view.locator(".panels").bounding_box()
    assert box
    assert box["y"] < 0.3 * 720
    assert box["height"] > 0.5 * 720
    assert box["y"] + box["height"] <= 720
    assert view.evaluate("view => parseFloat(getComputedStyle(view).fontSize)") >= 16


def test_on_a_phone_nothing_scrolls_sideways_and_a_tap_pins(see) -> None:
    size = {"width": 390, "height": 844}
    view = see(viewport=size, has_touch=True, is_mobile=True, device_scale_factor=2)
    page = view.page
    for scroller in ("document.documentElement", "document.querySelector('[data-testid=stMain]')"):
        assert page.evaluate(f"{scroller}.scrollWidth <= {scroller}.clientWidth")
    boxes = [canvas(view, name).bounding_box() for name in ("words", "matrix", "grid")]
    for box in boxes:
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    tops = [box["y"] for box in boxes if box]
    assert tops == sorted(tops)  # one under the other
    canvas(view, "words").tap(position=query(view, 12))
    parameter(page, pin="q12")


@pytest.mark.parametrize(("scheme", "ground", "faint"), [("light", 255, True), ("dark", 18, False)])
def test_light_and_dark(see, scheme: str, ground: int, faint: bool) -> None:
    view = see(color_scheme=scheme)
    background = view.evaluate("view => getComputedStyle(view).backgroundColor")
    assert background.startswith(f"rgb({ground},")
    # most of the matrix is near 0, and 0 is near the ground
    usual = canvas(view, "matrix").evaluate("""node => {
      const {data} = node.getContext("2d").getImageData(0, 0, node.width, node.height)
      const reds = data.filter((_, at) => at % 4 === 0 && data[at + 3] === 255)
      return reds.sort((a, b) => a - b)[reds.length >> 1]
    }""")
    assert (usual > 200) == faint
    assert abs(usual - ground) < 60
