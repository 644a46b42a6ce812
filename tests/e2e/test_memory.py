"""Fading memory, hand-wired cells, relatives and live training in a real browser."""

import re

import pytest
from playwright.sync_api import expect

PATH = "/recurrent-gates"


def opened(visit, server, query, **options):
    """A view with its picture drawn."""
    page = visit(f"{server}{PATH}?{query}", **options)
    expect(page.locator(".figure svg.marks").first).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name="Share")).to_be_visible()
    return page


def at(picture, across, down=0.5):
    """Point at a part of a picture."""
    box = picture.bounding_box()
    picture.hover(position={"x": box["width"] * across, "y": box["height"] * down})


def test_a_character_under_the_pointer_is_read_and_a_click_moves_the_loss(visit, server):
    page = opened(visit, server, "gate_view=fading")
    picture = page.locator(".figure svg.marks").first
    at(picture, 0.5)
    expect(page.locator(".tip")).to_contain_text("LSTM, cell state")
    picture.click(position={"x": picture.bounding_box()["width"] * 0.5, "y": 100})
    expect(page).to_have_url(re.compile(r"gate_fade_at=\d+"))
    step = re.search(r"gate_fade_at=(\d+)", page.url)[1]
    expect(page.get_by_text(f"gradient at step {step},")).to_be_visible()
    again = visit(page.url)
    expect(again.get_by_text(f"gradient at step {step},")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="SVG").click()
    assert "Plainsight" in saved.value.path().read_text("utf-8")


def test_a_wired_cell_is_solved_by_a_slider_and_the_link_keeps_it(visit, server):
    page = opened(visit, server, "gate_view=wire&gate_wire_forget_b=19")
    expect(page.get_by_text("Solved.")).to_be_visible()
    slider = page.get_by_role("slider", name="Bias b of forget")
    slider.focus()
    page.keyboard.press("Home")
    expect(page.get_by_text("Not yet.")).to_be_visible()
    expect(page).to_have_url(re.compile("gate_wire_forget_b=-40"))
    page.get_by_role("button", name="Show a solution").click()
    expect(page.get_by_text("Solved.")).to_be_visible()
    page.get_by_text("GRU", exact=True).click()
    expect(page.get_by_text("It cannot be done:")).to_be_visible()


def test_hopfields_state_follows_the_slider_and_an_output_shows_its_roads(visit, server):
    page = opened(visit, server, "gate_view=relatives")
    said = page.locator(".figure .said")
    expect(said).to_contain_text(re.compile(r"^\d+ of \d+ units have turned"))
    page.get_by_label("Units that have turned").focus()
    page.keyboard.press("End")
    expect(said).to_contain_text("overlap 1.00, 0 of 315 wrong")
    page.keyboard.press("Home")
    expect(said).to_contain_text("0 of ")
    page.get_by_role("button", name="Play").click()
    expect(said).to_contain_text("overlap 1.00", timeout=15_000)

    page = opened(visit, server, "gate_view=relatives&gate_rel=seen")
    said, picture = page.locator(".figure .said"), page.locator(".figure svg.marks")
    expect(said).to_contain_text("step 8. One direction: from 8 of 14 inputs")
    at(picture, 0.07)
    expect(said).to_contain_text("step 1. One direction: from 1 of 14 inputs")
    picture.focus()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("gate_seen_at=9"))
    expect(page.get_by_text("Look at the output at step 9.")).to_be_visible()


def test_a_training_is_seen_paused_and_gone_through(visit, server):
    page = opened(visit, server, "gate_view=learning&gate_learn=depth&gate_learn_depth=16")
    page.get_by_test_id("stBaseButton-primary").filter(has_text="Start").click()
    expect(page.get_by_text(re.compile(r"Step ([2-9]\d|\d{3}|\d,\d{3}) of 4,000"))).to_be_visible(
        timeout=30_000
    )
    page.get_by_role("button", name="Stop", exact=True).click()
    slider = page.get_by_role("slider", name="Saved step")
    expect(slider).to_be_visible(timeout=30_000)
    slider.focus()
    page.keyboard.press("Home")
    expect(page.get_by_text("Untrained, the held-out loss is")).to_be_visible()
    expect(page).not_to_have_url(re.compile("gate_learn_at"))


@pytest.mark.parametrize("query", ["gate_view=wire", "gate_view=relatives&gate_rel=seen"])
def test_nothing_sticks_out_of_a_phone(visit, server, query):
    page = opened(visit, server, query, viewport={"width": 390, "height": 844})
    for picture in page.locator(".figure svg.marks").all():
        box = picture.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
