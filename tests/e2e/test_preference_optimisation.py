"""Preference optimisation in a real browser: the point is dragged, links reopen it, pictures are saved."""

import json
import re

from playwright.sync_api import expect

PATH = "/preference-optimisation"


def test_the_point_is_dragged_and_the_link_keeps_it(visit, server):
    page = visit(f"{server}{PATH}?pref_view=hand")
    view = page.locator(".loss-plane[data-drawn]")
    expect(view).to_contain_text("SFT raises the chosen answer by 1.00", timeout=30_000)
    expect(page.get_by_role("button", name="Share")).to_be_visible()
    plane = page.locator(".loss-plane svg[data-method]").nth(1)
    expect(plane).to_be_visible()
    box = plane.bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 150)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 60, steps=4)
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"pref_l=-0\.\d+.*pref_w=-3"))
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


def test_own_logs_are_laid_over_each_other_and_diagnosed(visit, server, tmp_path):
    page = visit(f"{server}{PATH}?pref_view=bring")
    expect(page.get_by_text("does not belong to these log-probabilities").first).to_be_visible(timeout=30_000)
    for name, swapped in (("one", 1), ("<b>two</b>", -1)):
        rows = [
            {"step": step, "rewards/chosen": -0.1 * step, "rewards/rejected": -0.3 * step, "loss": 0.6,
             "rewards/margins": 0.2 * step * swapped, "rewards/accuracies": 0.8}
            for step in range(30)
        ]  # fmt: skip
        (tmp_path / f"{name.replace('/', '_')}.json").write_text(json.dumps({"log_history": rows}))
    (tmp_path / "no.csv").write_text("a,b\n1,2\n")
    page.get_by_role("button", name="Your logs").click()
    page.locator("input[type=file]").set_input_files(sorted(tmp_path.iterdir()))
    expect(page.get_by_text("no.csv names no number of a preference run")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("pref_log=your-logs"))
    expect(page.get_by_text("The margin is not chosen − rejected").first).to_be_visible()
    expect(page.get_by_text("Why does the chosen reward fall?").first).to_be_visible()
    expect(page.locator(".st-key-pref_figure svg.marks").first).to_contain_text("<b>two<_b>")
