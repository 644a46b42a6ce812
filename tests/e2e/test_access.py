"""Every page with a keyboard, a screen reader, less motion, large type: axe-core's rules and our own."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from app.catalogue import GLOSSARY, HOME, LESSONS, PAGES, Page
from tests.e2e.test_lessons import COLD_MS

# By prefix: views drawn by other parts than the opening one, by their names
OTHER_VIEWS = {
    "gate": ["Why memory fades"],
    "seq": ["Masks"],
    "self": ["Cost"],
    "attn": ["Does it matter?"],
    "emb": ["Words"],
    "dist": ["What goes wrong"],
    "pref": ["The loss, by hand"],
    "honest": ["Predict, then reveal"],
}
# What Streamlit draws and we cannot change: its list of pages puts a section's items into a <div> in a <ul>.
STREAMLITS = {"list": '[data-testid="stSidebarNavItems"]', "listitem": '[data-testid="stSidebarNavItems"] li'}
RUN = """async ({ rules, streamlits }) => {
  const options = { resultTypes: ["violations"], ...(rules ? { runOnly: rules } : {}) }
  const { violations } = await axe.run(document, options)
  const theirs = (rule, [target, ...inner]) =>
    !inner.length && streamlits[rule] && document.querySelector(target)?.matches(streamlits[rule])
  return violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .flatMap(({ id, nodes }) => nodes.filter(node => !theirs(id, node.target))
      .map(node => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary}`))
}"""
# The element that has the focus, in whatever shadow root, and whether anything shows it: an outline, a
# shadow, or the border's colour, by which Streamlit marks its fields
FOCUS = """() => {
  let at = document.activeElement
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
  if (!at || at === document.body) return null
  const around = [at]
  for (let up = at; around.length < 5 && up; up = up.parentElement ?? up.getRootNode().host) around.push(up)
  const field = at.matches(":is(.stTextInput, .stTextArea, .stNumberInput, .stSelectbox) *")
  const visible = field || around.some(node => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(node)
    return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 1) || boxShadow !== "none"
  })
  return { what: at.outerHTML.slice(0, 120), visible }
}"""
CUT = """() => [document.documentElement, document.querySelector("[data-testid=stMain]")]
  .map(part => part.scrollWidth - part.clientWidth)"""
TABS = 12
# To another page within the session, as a lesson turns its steps
FOLLOW = """to => {
  history.pushState({ turned: true }, "", to)
  dispatchEvent(new PopStateEvent("popstate"))
}"""


@cache
def axe() -> str:
    """The rules, as a script."""
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


def settled(tab: Tab) -> None:
    """Wait until Streamlit has nothing more to draw; what waits to be drawn anew is pale on purpose."""
    expect(tab.locator('.stApp[data-test-script-state="notRunning"]')).to_be_visible(timeout=COLD_MS)
    expect(tab.locator(".st-key-frame_carriers")).to_be_hidden()  # our style sheet comes last
    expect(tab.locator('[data-stale="true"], [data-testid="stSpinner"]')).to_have_count(0, timeout=COLD_MS)


def faults(tab: Tab, *rules: str) -> list[Any]:
    """Serious and critical findings of axe-core in what the tab shows."""
    found: list[Any] = tab.evaluate(RUN, {"rules": list(rules) or None, "streamlits": STREAMLITS})
    return found


SECTIONS = {
    name: [page for page in (*PAGES, LESSONS, GLOSSARY) if page.section == name]
    for name in dict.fromkeys(page.section for page in (*PAGES, LESSONS, GLOSSARY))
}


@pytest.mark.parametrize("section", SECTIONS, ids=lambda name: name or "first")
def test_its_pages_are_open_to_everybody(visit, server, section: str) -> None:
    first, *others = SECTIONS[section]
    tab: Tab = visit(f"{server}/{first.url_path}", reduced_motion="reduce", color_scheme="light")
    open_to_everybody(tab, first)
    for entry in others:
        tab.set_viewport_size({"width": 1366, "height": 768})
        tab.evaluate(FOLLOW, f"/{entry.url_path}")
        open_to_everybody(tab, entry)


def open_to_everybody(tab: Tab, entry: Page) -> None:
    """No serious finding of axe-core in light and dark, a focus that can be seen, nothing cut at 200 %."""
    title = "Plainsight" if entry is HOME else entry.title
    expect(tab.get_by_role("heading", name=title, exact=True)).to_be_visible(timeout=COLD_MS)
    settled(tab)
    if tab.evaluate("typeof axe") == "undefined":
        tab.evaluate(axe())
    for view in ["", *OTHER_VIEWS.get(entry.prefix, [])]:
        if view:
            tab.locator(f".st-key-{entry.prefix}_view_choice").get_by_text(view, exact=True).click()
            expect(tab).to_have_url(re.compile(f"{entry.prefix}_view="))
            settled(tab)
        assert faults(tab) == [], view
        tab.emulate_media(color_scheme="dark")
        expect(tab.locator(".stApp")).to_have_css("background-color", "rgb(18, 22, 28)")
        settled(tab)
        assert faults(tab, "color-contrast") == [], view
        tab.emulate_media(color_scheme="light")
        expect(tab.locator(".stApp")).to_have_css("background-color", "rgb(255, 255, 255)")

    for _ in range(TABS):  # the focus goes on and can be seen
        tab.keyboard.press("Tab")
        focus = tab.evaluate(FOCUS)
        assert focus is None or focus["visible"], json.dumps(focus)

    tab.set_viewport_size({"width": 683, "height": 384})  # a browser of 1366 × 768 at 200 %
    tab.wait_for_function(f"({CUT})().every(over => over <= 1)")
