"""What an address can hold: a picture's own state, any text, and what happens beyond a link's length."""

import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

# two spaces, signs, a family of emoji, right to left, a space
ANY = "  a&b#c%d+e  \"q\" 'z' <b>x</b> %20 ?=/\\ ~ 😀 👩‍👩‍👧 🇺🇳 שלום עולם مرحبا "
LINES = "one\ntwo\n\n three"
LONG = ("y" * 100_000, "😀" * 100_000)


@pytest.fixture(scope="session")
def address(serve):
    return serve(Path(__file__).with_name("state_app.py"))


def shown(page, **expected):
    """Wait until the server's words hold what is expected and it rests; give all of them."""
    for key, value in expected.items():
        expect(page.get_by_test_id("stCode")).to_contain_text(json.dumps({key: value})[1:-1])
    expect(page.locator('.stApp[data-test-script-state="notRunning"]')).to_be_visible()
    return json.loads(page.get_by_test_id("stCode").inner_text())


def set_layer(page, layer):
    """Do what a picture does once a visitor can touch it; the toolbar that listens is drawn before."""
    expect(page.get_by_role("button", name="Share")).to_be_visible()
    page.evaluate(f"""
        window.dispatchEvent(new CustomEvent("plainsight:view", {{detail: {{pic_layer: "{layer}"}}}}))
    """)
    expect(page).to_have_url(re.compile(rf"[?&]pic_layer={layer}\b"))


def type_text(page, text, label="Text"):
    page.get_by_label(label, exact=True).fill(text)
    page.get_by_label(label, exact=True).press("Control+Enter" if label == "Area" else "Enter")


def test_a_picture_changes_the_address_without_a_rerun_and_any_text_survives_the_round_trip(visit, address):
    page = visit(f"{address}/?pic_layer=2")
    shown(page, layer=2, run=1)
    set_layer(page, "3")
    assert shown(page)["run"] == 1
    page.get_by_role("button", name="Export").click()  # a rerun by an element that is not in the address
    expect(page.get_by_text("export of layer 3")).to_be_visible()
    set_layer(page, "5")
    page.keyboard.press("Escape")
    type_text(page, ANY)
    shown(page, layer=5, text=ANY)
    type_text(page, LINES, label="Area")
    shown(page, area=LINES)
    reopened = visit(page.url)
    shown(reopened, layer=5, text=ANY, area=LINES, run=1)


def test_the_state_comes_back_after_another_page_even_a_text_too_long_for_a_link(visit, address):
    page = visit(address, permissions=["clipboard-read", "clipboard-write"])

    def there_and_back():
        page.get_by_role("link", name="Elsewhere").click()
        expect(page.get_by_text("nothing here")).to_be_visible()
        assert "pic_layer" not in page.url
        page.get_by_role("link", name="Picture").click()

    shown(page, layer=0)
    set_layer(page, "4")
    type_text(page, "any rerun")
    shown(page, layer=4)
    there_and_back()
    shown(page, layer=4, text="any rerun")
    for layer, text in enumerate(LONG, 1):
        set_layer(page, layer)
        type_text(page, text)
        shown(page, layer=layer, text=text[:80], length=100_000)
        expect(page).to_have_url(re.compile("^.{0,200}$"))
        copied = page.get_by_text("Link copied, but the text is too long for a link")
        expect(copied).to_have_count(0)
        page.get_by_role("button", name="Share").click()
        expect(copied).to_be_visible()
        there_and_back()
        shown(page, text=text[:80], length=100_000, layer=layer)
        type_text(page, f"short {layer}")
        shown(page, text=f"short {layer}", layer=layer)
        expect(page).to_have_url(re.compile(rf"pic_text=short\+{layer}"))


def test_a_preset_sets_everything_and_is_marked(visit, address):
    page = visit(address)
    shown(page, layer=0)
    set_layer(page, "3")
    page.get_by_role("button", name="Other").click()
    shown(page, layer=4, text="café & #1")
    expect(page.locator(".st-key-preset_1 button[kind=primary]").first).to_be_visible()
    expect(page.locator(".st-key-preset_0 button[kind=secondary]").first).to_be_visible()
    preset = page.url
    shown(visit(preset), layer=4, text="café & #1")
    type_text(page, "my own")
    shown(page, layer=4, text="my own")
    page.go_back()
    expect(page).to_have_url(preset)
    shown(page, layer=4, text="café & #1")
    page.get_by_role("button", name="Opening").click()
    shown(page, layer=0, text="The animal")
    expect(page).to_have_url(f"{address}/")


def test_bad_values_fall_back_with_one_quiet_note_each(visit, address):
    page = visit(f"{address}/?pic_layer={quote('<b>x</b>' * 60)}&pic_head=")
    shown(page, layer=0, head=1)
    notes = page.get_by_text("The link asked for")
    expect(notes).to_have_text(
        [
            f"The link asked for layer {'<b>x</b>' * 5}; this model has layers 0–5, so layer 0 is shown.",
            "The link asked for head nothing; this model has heads 0–5, so head 1 is shown.",
        ]
    )
    type_text(page, "go on")
    shown(page, text="go on", layer=0, head=1)
    expect(notes).to_have_count(0)
    expect(page).to_have_url(f"{address}/?pic_text=go+on")
