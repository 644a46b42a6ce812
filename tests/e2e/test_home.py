"""Home and the frame, as a visitor meets them."""

import re

from playwright.sync_api import expect

from app.catalogue import HOME, PAGES
from tests.e2e.conftest import FITS, READABLE

GROUND = {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 22, 28)"}


def test_every_page_has_a_card_that_leads_there(visit, server):
    page = visit(server, color_scheme="light")
    cards(page)
    expect(page.locator("p.lead a")).to_have_count(5)
    assert page.locator("p.lead a[target=_blank]").count() == 0
    expect(page.locator('.stApp[data-test-script-state="notRunning"]')).to_be_visible()
    expect(page.locator(".st-key-frame_carriers")).to_be_hidden()  # the style sheet is there
    expect(page.get_by_role("combobox")).to_be_visible()  # nothing moves any more
    on_the_picture = {"x": 30, "y": 30}
    page.locator(f".st-key-card_{PAGES[1].prefix}").click(position=on_the_picture)
    expect(page).to_have_url(f"{server}/{PAGES[1].url_path}")
    expect(page.get_by_role("heading", name=PAGES[1].title)).to_be_visible()


def test_the_cards_on_a_phone(visit, server):
    cards(visit(server, color_scheme="light", viewport={"width": 390, "height": 844}))


def cards(page):
    """Each page has one, and nothing scrolls sideways, in the light and in the dark."""
    expect(page.get_by_role("heading", name="Plainsight")).to_be_visible()
    main = page.get_by_test_id("stMain")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        expect(page.locator(".stApp")).to_have_css("background-color", GROUND[scheme])
        for entry in PAGES[1:]:
            expect(main.get_by_role("link", name=entry.title).last).to_be_visible()
            expect(main.get_by_text(entry.question)).to_be_visible()
        expect(main.get_by_text(HOME.question)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_key_finds_an_example_and_its_page_leads_on(visit, server):
    page = visit(f"{server}/lessons")
    expect(page.get_by_role("button", name="Share")).to_be_visible()
    page.keyboard.press("/")
    field = page.get_by_role("combobox", name="Find a page, an example or a word")
    expect(field).to_be_focused()
    page.keyboard.type("heavy tail, same")
    expect(page.get_by_role("option", selected=True)).to_contain_text("Heavy tail, same peak")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/distributions\?dist_view=wrong&.*dist_wrong=peak"))
    chosen = page.get_by_role("button", name="Heavy tail, same peak")
    expect(chosen).to_have_attribute("kind", "primary")
    expect(page.get_by_role("link", name="Next: Lessons")).to_be_visible()
    page.get_by_role("link", name="Before: 8. Honest or distorted").click()
    expect(page.get_by_role("heading", name="Honest or distorted")).to_be_visible()


def test_share_without_a_clipboard_shows_the_link_selected_on_the_screen_of_a_phone(visit, server):
    page = visit(f"{server}/distributions", viewport={"width": 390, "height": 844})
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.get_by_role("button", name="Share").press("Enter")
    field = page.get_by_label("Link to this state")
    expect(field).to_be_focused()
    expect(field).to_have_value(page.url)
    for part in (field, page.get_by_role("button", name="Add to my lesson")):
        expect(part).to_be_in_viewport(ratio=1)
    field.press("Escape")
    expect(field).to_have_count(0)


def test_home_is_shared_presented_and_reads_an_own_sentence(visit, server):
    page = visit(f"{server}/?present=", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_text("Link copied")).to_be_visible()
    expect(page.get_by_text("It opens on this computer only.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    presenting(page, visit, server)
    text = "Time flies & <b>fruit</b> flies like a banana, 100 % of them."
    page.get_by_role("combobox", name="Type a sentence").fill(text)
    expect(page.get_by_role("option", selected=True)).to_contain_text("Read “Time flies & <b>fruit</b>")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/attention-heads\?attn_text=Time\+flies"))
    expect(page.get_by_label("Text", exact=True)).to_have_value(text)


def presenting(page, visit, server):
    """Present hides the navigation and enlarges type."""
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


def test_a_room_sees_the_picture_beside_its_controls_and_the_pointer(visit, server):
    page = visit(f"{server}/distributions?present=1")
    expect(page.locator(".distribution-view svg[data-drawn]")).to_be_visible()
    expect(page.get_by_text("What you see.")).to_be_visible()
    expect(page.locator(".st-key-frame_carriers")).to_be_hidden()  # the style sheet is there
    controls = page.locator(".st-key-present_controls")
    picture = page.locator(".distribution-view svg[data-drawn]")
    for size in ((1366, 768), (1920, 1080)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.wait_for_function(
            "([[mark], width]) => mark.getBoundingClientRect().width > 0.6 * width",
            arg=[[picture.element_handle()], size[0]],
        )
        box, beside = picture.bounding_box(), controls.bounding_box()
        assert box["x"] + box["width"] <= beside["x"]
        assert max(box["y"] + box["height"], beside["y"] + beside["height"]) <= size[1]
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth <= innerWidth")
        page.wait_for_function(READABLE, arg=23.5)  # from the last row
        for large in (page.get_by_role("heading"), page.get_by_text("What you see.")):
            assert float(large.first.evaluate("at => getComputedStyle(at).fontSize")[:-2]) >= 24
        page.wait_for_function(FITS)  # nothing scrolls

    # charts take the height that there is, in type that the last row reads
    page.get_by_role("radio", name="The numbers").click()
    for size in ((1920, 1080), (1366, 768)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.wait_for_function(
            """() => {
              const marks = [...document.querySelectorAll("svg.marks")].map(at => at.getBoundingClientRect())
              const type = [...document.querySelectorAll(".mark-text.role-mark text")]
                .map(at => parseFloat(getComputedStyle(at).fontSize) * at.getScreenCTM().a)
              const tall = marks.every(at => at.height > innerHeight / 2)
              return marks.length === 3 && tall && Math.min(...type) >= 24
            }"""
        )
        page.wait_for_function(FITS)

    ring = page.locator("#plainsight-pointer")
    page.mouse.move(300, 300)
    expect(ring).to_be_visible()
    assert ring.bounding_box()["x"] < 300 < ring.bounding_box()["x"] + ring.bounding_box()["width"]
    page.keyboard.press("p")
    expect(ring).to_be_hidden()
    page.keyboard.press("c")
    expect(controls).to_be_hidden()
    page.keyboard.press("b")
    expect(page.locator("#plainsight-dark")).to_be_visible()
    page.keyboard.press("Escape")  # ends the black screen alone
    expect(page.locator("#plainsight-dark")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    expect(ring).to_have_count(0)
