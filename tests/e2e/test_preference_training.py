"""Recorded runs and live training in a real browser."""

import re

from playwright.sync_api import expect

PATH = "/preference-optimisation"


def test_a_recorded_run_is_replayed_and_the_link_keeps_it(visit, server):
    page = visit(f"{server}{PATH}?pref_view=recorded")
    view = page.locator(".token-replay[data-drawn]")
    expect(view).to_contain_text("ORPO, λ = 1, after 60 steps", timeout=30_000)
    expect(view).to_contain_text("What the model itself answered after 50 steps")
    expect(page.get_by_role("button", name="Share")).to_be_visible()
    view.get_by_role("button", name="SFT").click()
    view.get_by_role("slider", name="Training step").fill("0")
    view.get_by_role("button", name="Play").click()
    expect(view).to_contain_text("SFT, after 100 steps", timeout=15_000)
    view.get_by_label("Pair").select_option("2")
    expect(view).to_contain_text("Training pair.")
    view.locator("svg.answers rect").nth(3).hover()
    expect(view.locator(".tip")).to_contain_text("before")
    expect(page).to_have_url(re.compile(r"pref_pair=3&pref_run=sft&pref_step=100"))
    said = view.get_by_text("What you see.").inner_text()
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="HTML").click()
    text = saved.value.path().read_text("utf-8")
    assert "SFT, step 100 of 100" in text
    assert "seed 0" in text
    assert said.removeprefix("What you see. ") in text
    again = visit(page.url)
    expect(again.get_by_text("What you see.")).to_have_text(said, timeout=30_000)


def test_a_race_trains_pauses_survives_a_reload_and_is_stopped(visit, server):
    page = visit(f"{server}{PATH}?pref_view=live&pref_live_runs=sft+orpo-1&pref_live_rate=0.001")
    page.get_by_role("button", name="Start", exact=True).click(timeout=60_000)
    expect(page.get_by_text(re.compile(r"Step [1-9]\d* of 200 · about"))).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Go on")).to_be_visible(timeout=30_000)
    expect(page).to_have_url(re.compile(r"pref_live_at=[1-9]"))
    step = page.get_by_text(re.compile(r"^Step \d+ of 200$")).inner_text()
    page.reload()
    expect(page.get_by_text(step, exact=True)).to_be_visible(timeout=60_000)
    expect(page.locator("svg.marks").first).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Stop", exact=True).click(timeout=30_000)
    expect(page.get_by_role("button", name="Start again")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name="Go on")).to_have_count(0)
