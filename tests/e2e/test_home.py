"""Home and the frame, as a visitor meets them."""

import pytest
from playwright.sync_api import expect

from app.catalogue import HOME, PAGES

SIZES = [(1366, 768), (390, 844)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_every_page_has_a_card_and_nothing_scrolls_sideways(visit, server, scheme, size):
    page = visit(server, color_scheme=scheme, viewport={"width": size[0], "height": size[1]})
    expect(page.get_by_role("heading", name="Plainsight")).to_be_visible()
    main = page.get_by_test_id("stMain")
    for entry in PAGES[1:]:
        expect(main.get_by_role("link", name=entry.title).last).to_be_visible()
        expect(main.get_by_text(entry.question)).to_be_visible()
    expect(main.get_by_text(HOME.question)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    background = page.locator(".stApp").evaluate("app => getComputedStyle(app).backgroundColor")
    assert background == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(18, 22, 28)")


def test_a_card_leads_to_its_page(visit, server):
    page = visit(server)
    expect(page.locator('.stApp[data-test-script-state="notRunning"]')).to_be_visible()
    on_the_picture = {"x": 30, "y": 30}
    page.locator(f".st-key-card_{PAGES[1].prefix}").click(position=on_the_picture)
    expect(page).to_have_url(f"{server}/{PAGES[1].url_path}")
    expect(page.get_by_role("heading", name=PAGES[1].title)).to_be_visible()


def test_share_copies_the_address(visit, server):
    page = visit(f"{server}/?present=", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_text("Link copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_share_without_a_clipboard_shows_the_link_selected(visit, server):
    page = visit(server)
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.get_by_role("button", name="Share").press("Enter")
    field = page.get_by_label("Link to this state")
    expect(field).to_be_focused()
    expect(field).to_have_value(page.url)
    field.press("Escape")
    expect(field).to_have_count(0)


def test_present_hides_the_navigation_and_enlarges_type(visit, server):
    page = visit(server)
    root_size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
    navigation = page.get_by_test_id("stSidebar")
    expect(navigation).to_be_visible()
    before = page.evaluate(root_size)
    page.get_by_role("button", name="Present").click()
    expect(navigation).to_have_count(0)
    expect(page).to_have_url(f"{server}/?present=1")
    assert page.evaluate(root_size) >= 1.3 * before
    page.wait_for_function("document.querySelector('[data-testid=stMain]').scrollHeight <= innerHeight + 1")

    reopened = visit(page.url)
    expect(reopened.get_by_role("button", name="Leave")).to_be_visible()
    expect(reopened.get_by_test_id("stSidebar")).to_have_count(0)

    page.keyboard.press("Escape")
    expect(navigation).to_be_visible()
    expect(page).to_have_url(f"{server}/")
