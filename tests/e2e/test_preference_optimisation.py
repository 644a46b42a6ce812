"""Preference optimisation in a real browser: the point is dragged, links reopen it, pictures are saved."""

import re

from playwright.sync_api import expect

PATH = "/preference-optimisation"


def test_the_point_is_dragged_and_the_link_keeps_it(visit, server):
    page = visit(f"{server}{PATH}")
    view = page.locator(".loss-plane[data-drawn]")
    expect(view).to_contain_text("SFT raises the chosen answer by 1.00", timeout=30_000)
    expect(page.get_by_role("button", name="Share")).to_be_visible()
    box = page.locator(".loss-plane svg[data-method]").nth(1).bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 150)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=4)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"pref_l=-0\.\d+&pref_w=-3"))
    expect(view).to_contain_text("they part")
    page.locator(".loss-plane svg[data-method]").first.focus()
    page.keyboard.press("ArrowUp")
    page.get_by_label("Method of the left plane").select_option("dpo")
    expect(view).to_contain_text("DPO (β = 0.10)")
    page.get_by_role("slider", name="tokens, rejected").fill("60")
    page.get_by_role("slider", name="shared direction of gradients").fill("0.8")
    expect(view).to_contain_text("lowers the chosen answer")
    expect(page).to_have_url(re.compile("pref_c=0.8"))
    said = view.get_by_text("What you see.").inner_text()
    again = visit(page.url)
    expect(again.get_by_text("What you see.")).to_have_text(said, timeout=30_000)
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="SVG").click()
    assert "takes sums" in saved.value.path().read_text("utf-8")
