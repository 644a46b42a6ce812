"""What an address can hold: a picture's own state, any text, and what happens beyond a link's length."""

import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

TEXTS = {
    "signs": "a&b#c%d+e \"q\" 'z' <b>x</b> %20 ?=/\\ ~",
    "emoji": "😀 👩‍👩‍👧 🇺🇳",
    "right to left": "שלום עולם مرحبا",
    "spaces": "  two  spaces ",
}


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


def test_a_picture_changes_the_address_without_a_rerun_and_the_next_rerun_knows(visit, address):
    page = visit(f"{address}/?pic_layer=2")
    shown(page, layer=2, run=1)
    set_layer(page, "3")
    assert shown(page)["run"] == 1
    page.get_by_role("button", name="Export").click()  # a rerun by an element that is not in the address
    expect(page.get_by_text("export of layer 3")).to_be_visible()
    set_layer(page, "5")
    page.keyboard.press("Escape")
    type_text(page, "new")
    shown(page, layer=5, text="new")
    reopened = visit(page.url)
    shown(reopened, layer=5, text="new", run=1)


def test_the_state_comes_back_after_another_page(visit, address):
    page = visit(address)
    shown(page, layer=0)
    set_layer(page, "4")
    type_text(page, "any rerun")
    shown(page, layer=4)
    page.get_by_role("link", name="Elsewhere").click()
    expect(page.get_by_text("nothing here")).to_be_visible()
    assert "pic_layer" not in page.url
    page.get_by_role("link", name="Picture").click()
    shown(page, layer=4, text="any rerun")


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


@pytest.mark.parametrize("bad", ["99", "", "<b>x</b>" * 60])
def test_a_bad_value_falls_back_with_one_quiet_note(visit, address, bad):
    page = visit(f"{address}/?pic_layer={quote(bad)}")
    shown(page, layer=0)
    note = page.get_by_text("The link asked for layer")
    expect(note).to_have_text(
        f"The link asked for layer {bad[:40] or 'nothing'}; this model has layers 0–5, so layer 0 is shown."
    )
    type_text(page, "go on")
    shown(page, text="go on", layer=0)
    expect(note).to_have_count(0)
    expect(page).to_have_url(f"{address}/?pic_text=go+on")


def test_any_text_survives_the_round_trip(visit, address):
    page = visit(address)
    for text in TEXTS.values():
        type_text(page, text)
        shown(page, text=text)
        shown(visit(page.url), text=text, run=1)
    lines = "one\ntwo\n\n three"
    type_text(page, lines, label="Area")
    shown(page, area=lines)
    shown(visit(page.url), area=lines)


@pytest.mark.parametrize("text", ["y" * 100_000, "😀" * 100_000], ids=["letters", "emoji"])
def test_a_text_too_long_for_a_link_stays_in_the_session(visit, address, text):
    page = visit(address, permissions=["clipboard-read", "clipboard-write"])
    set_layer(page, "2")
    type_text(page, text)
    shown(page, length=100_000)
    expect(page).to_have_url(re.compile("^.{0,200}$"))
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_text("Link copied, but the text is too long for a link")).to_be_visible()
    page.get_by_role("link", name="Elsewhere").click()
    expect(page.get_by_text("nothing here")).to_be_visible()
    page.get_by_role("link", name="Picture").click()
    shown(page, length=100_000, layer=2)
    type_text(page, "short again")
    shown(page, text="short again", layer=2)
    expect(page).to_have_url(re.compile(r"pic_text=short\+again"))
