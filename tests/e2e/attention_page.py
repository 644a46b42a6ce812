"""What the tests of the page Attention heads share: its picture, what stands in it, and the address."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from components.attention_view import HERE

FIRST = 60_000  # ms for the first picture of a cold server
SVG = "{http://www.w3.org/2000/svg}"
SENTENCE = "The animal didn ' t cross the street because it was too tired ."
PRONOUN = ("[CLS]", *re.findall(r"\S+", SENTENCE), "[SEP]")
# the largest height of a word's row, in font sizes
MOST = float(re.search(r"most: theme\.size \* ([\d.]+)", (HERE / "draw.js").read_text("utf-8"))[1])


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
        see: [".lead", ".see"].map(name => view.querySelector(name).textContent.trim()).join(" "),
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


def saved(page: Page, button: str, folder: Path) -> Path:
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file
