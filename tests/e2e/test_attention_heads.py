"""Attention heads as a visitor meets it: what is drawn, what answers the mouse, the keys, the ear."""

import re

import pytest
from playwright.sync_api import Locator, expect

from models.loading import is_here
from models.registry import get_card
from tests.e2e.attention_page import (
    PRONOUN,
    canvas,
    head,
    parameter,
    picture,
    pixels,
    query,
    spoken,
    wait_for_change,
    wait_for_pixels,
)

# --- one page, from the first picture to the projector ---


def test_it_opens_at_the_animal_and_answers_the_mouse(see) -> None:
    view = see()
    opening(view)
    lightness(view, ground=255)
    pointing(view)
    overview(view)
    presenting(view)


def opening(view: Locator) -> None:
    """The picture is there, above the fold, and says what the model does."""
    expect(view.locator(".lead")).to_contain_text(
        "When reading it, head 3.1 puts 68 % of its weight on animal."
    )
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


def lightness(view: Locator, *, ground: int) -> None:
    """The page has this ground, and most of the matrix, being near 0, is near it."""
    background = view.evaluate("view => getComputedStyle(view).backgroundColor")
    assert background.startswith(f"rgb({ground},")
    usual = canvas(view, "matrix").evaluate("""node => {
      const {data} = node.getContext("2d").getImageData(0, 0, node.width, node.height)
      const reds = data.filter((_, at) => at % 4 === 0 && data[at + 3] === 255)
      return reds.sort((a, b) => a - b)[reds.length >> 1]
    }""")
    assert (usual > 200) == (ground > 128)
    assert abs(usual - ground) < 60


def pointing(view: Locator) -> None:
    """The mouse over a word or a cell is answered in all pictures, and leaves no trace."""
    canvas(view, "words").focus()
    view.page.keyboard.press("Escape")
    parameter(view.page, pin="none")
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
    canvas(view, "words").click(position=query(view, 10))
    parameter(view.page, pin="")


def overview(view: Locator) -> None:
    """A small map names its head and opens it; so does the list of the clearest ones."""
    tip = view.locator(".tip")
    grid = canvas(view, "grid")
    box = grid.bounding_box()
    assert box
    grid.hover(position={"x": box["width"] / 2, "y": box["height"] / 2})
    expect(tip).to_contain_text(re.compile(r"^Head \d+\.\d+ (puts|rests|spreads|follows) "))
    layer, number = re.match(r"Head (\d+)\.(\d+)", tip.inner_text()).groups()
    grid.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    expect(view.locator(".lead")).to_contain_text(f"head {layer}.{number} puts")
    parameter(view.page, layer=layer, heads=number)
    view.get_by_role("list", name="Clearest heads in this text").get_by_role("button").first.click()
    expect(view.locator(".lead")).not_to_contain_text(f"head {layer}.{number} puts")


def presenting(view: Locator) -> None:
    """On a small projector the picture fills the screen."""
    page = view.page
    page.set_viewport_size({"width": 1280, "height": 720})
    page.get_by_role("button", name="Present").click()
    expect(page.get_by_test_id("stSidebar")).to_have_count(0)
    expect(view).to_have_css("font-size", re.compile(r"^(1[6-9]|[2-9]\d)"))
    panels = view.locator(".panels")
    expect(panels).to_be_in_viewport(ratio=1)
    box = panels.bounding_box()
    assert box
    assert box["y"] < 0.3 * 720
    assert box["height"] > 0.5 * 720


# --- one page, by hand, by keys, by ear ---


def test_clicks_and_keys_hold_tokens_and_open_heads(see) -> None:
    view = see()
    going_back(view)
    reading(view)
    holding(view)
    at_the_animal(view)
    moving(view)
    at_the_animal(view)
    keeping_the_focus(view)
    choosing_heads(view)
    typing(view)


def at_the_animal(view: Locator) -> None:
    """Back to head 3.1 and the token "it"."""
    view.get_by_label("Layer", exact=True).select_option("3")
    head(view, "3.1").dblclick()
    canvas(view, "words").focus()
    view.page.keyboard.press("Escape")
    parameter(view.page, pin="none")
    canvas(view, "words").click(position=query(view, 10))
    parameter(view.page, layer="", heads="", pin="")


def going_back(view: Locator) -> None:
    """Back undoes one action."""
    page = view.page
    page.get_by_role("button", name="Two sentences").click()
    expect(view.locator(".lead")).to_contain_text(re.compile("When reading mat, .* on rug"))
    parameter(page, text="The cat sat on the mat.")
    page.go_back()
    expect(view.locator(".lead")).to_contain_text("68 % of its weight on animal")
    parameter(page, text="", pair="")


def reading(view: Locator) -> None:
    """A screen reader gets the picture in words and as a table."""
    for name in ("Words, a line", "Matrix, queries", "All heads, a small"):
        expect(view.get_by_role("application", name=name)).to_be_visible()
    expect(spoken(view)).to_contain_text("When reading it, head 3.1 puts 68 %")
    view.get_by_text("Strongest links as a table").click()
    rows = view.get_by_role("table").get_by_role("row")
    expect(rows.nth(0)).to_have_text("FromToWeight")
    expect(rows.nth(1)).to_have_text("itanimal68 %")
    canvas(view, "words").click(position=query(view, 2, "k"))
    expect(rows.nth(2)).to_have_text(re.compile("^.+animal\\d+ %$"))  # now by whom animal is looked at
    canvas(view, "words").click(position=query(view, 2, "k"))
    parameter(view.page, pin="none")


def holding(view: Locator) -> None:
    """A click holds a token, a second one lets it go."""
    words = canvas(view, "words")
    words.click(position=query(view, 12))
    parameter(view.page, pin="q12")
    expect(view.locator(".lead")).to_contain_text("When reading too, head 3.1")
    words.click(position=query(view, 2, "k"))
    parameter(view.page, pin="k2")
    expect(view.locator(".lead")).to_contain_text(
        "In head 3.1, animal gets most weight when reading it (68 %)"
    )
    words.click(position=query(view, 2, "k"))
    parameter(view.page, pin="none")
    canvas(view, "matrix").click()
    row = view.locator(".tip em").first.inner_text()
    expect(view.locator(".lead")).to_contain_text(f"When reading {row}, ")
    parameter(view.page, pin=f"q{PRONOUN.index(row)}")


def moving(view: Locator) -> None:
    """Arrow keys move over tokens, heads and layers."""
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


def keeping_the_focus(view: Locator) -> None:
    """A control that is used keeps the focus."""
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


def choosing_heads(view: Locator) -> None:
    """A double click shows a head alone; all heads have a mean."""
    view.get_by_label("Layer", exact=True).select_option("3")
    head(view, "3.2").click()
    head(view, "3.7").dblclick()
    parameter(view.page, layer="3", heads="7")
    expect(view.locator(".lead")).to_contain_text("head 3.7 puts")
    view.get_by_role("button", name="all", exact=True).click()
    parameter(view.page, heads=".".join(map(str, range(12))))
    expect(view.locator(".lead")).to_contain_text("the mean of 12 heads of layer 3 puts about")


def typing(view: Locator) -> None:
    """A new text keeps the head and lets go of what was held in the one before."""
    page = view.page
    head(view, "3.4").dblclick()
    view.get_by_label("Smallest weight").fill("0.5")
    parameter(page, layer="3", heads="4", min="0.5")
    for text, tokens in (
        ("HELLO world", "HELLO"),
        ("hello world", "hello"),
    ):  # one and the same to this model
        page.get_by_label("Text", exact=True).fill(text)
        page.get_by_label("Text", exact=True).press("Enter")
        expect(view.locator(".lead")).to_contain_text("head 3.4 puts")
        expect(view.locator("tbody, .lead").filter(has_text=tokens).first).to_be_attached()
    parameter(page, layer="3", heads="4", text="hello world", min="")


# --- other views, other models, another screen ---


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


def test_on_a_dark_phone_nothing_scrolls_sideways_and_a_tap_pins(see) -> None:
    size = {"width": 390, "height": 844}
    view = see(viewport=size, has_touch=True, is_mobile=True, device_scale_factor=2, color_scheme="dark")
    lightness(view, ground=18)
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
    expect(view.locator(".lead")).to_be_in_viewport(ratio=1)  # the answer, without a swipe
    expect(canvas(view, "words")).to_be_in_viewport(ratio=0.3)
    for control in view.locator(".controls").locator("button, select, input[type=range]").all():
        target = control.bounding_box()
        assert target
        assert min(target["width"], target["height"]) >= 40
    assert (
        page.get_by_label("Text", exact=True).evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 16
    )
    canvas(view, "words").tap(position=query(view, 12))
    parameter(page, pin="q12")
