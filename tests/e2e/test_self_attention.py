"""Self-attention in a real browser: steps, written sums, typed numbers, links, exports, narrow windows."""

import re
from pathlib import Path

from playwright.sync_api import expect

PATH = "/self-attention"


def opened(visit, server, query="", **options):
    """The page with its picture drawn."""
    page = visit(f"{server}{PATH}{query}", **options)
    expect(page.locator(".attention-steps[data-drawn]")).to_be_visible(timeout=30_000)
    # the ear for what the picture puts into the address is drawn with the toolbar
    expect(page.get_by_role("button", name="Share")).to_be_visible()
    return page


def cell(page, name):
    return page.locator(f'[data-cell="{name}"]')


def field(page, name):
    return cell(page, name).locator("input")


def test_steps_presets_and_written_sums(visit, server):
    page = opened(visit, server)
    stepping(page)
    page.get_by_role("button", name="The cat sat on the mat").click()
    expect(page.locator(".see")).to_contain_text("“mat” gives 88 % of its weight to “cat”")
    expect(cell(page, "A.1.5")).to_have_text("0.86")
    page.get_by_role("button", name="I love machine learning").click()
    expect(page).to_have_url(f"{server}{PATH}")
    tables(page)
    pointing(page)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"self_cell=Q\.1\.0"))
    again = visit(page.url)
    expect(again.locator(".sum")).to_have_text("0.22·1 + 0.43·0 + 0.64·1 = 0.86")
    expect(again.get_by_role("button", name="Share")).to_be_visible()  # it hears what the picture says
    again.keyboard.press("Escape")
    expect(again.locator(".sum")).to_have_text("0.11·1 + 0.32·0 + 0.53·1 = 0.64")
    expect(again).not_to_have_url(re.compile(r"self_cell"))


def stepping(page):
    """Keys, dots and buttons lead through the steps."""
    picture = page.locator(".attention-steps")
    expect(picture).to_have_attribute("data-step", "1")
    page.keyboard.press("ArrowRight")
    expect(picture).to_have_attribute("data-step", "2")
    page.get_by_role("button", name="Step on").click()
    expect(picture).to_have_attribute("data-step", "3")
    page.get_by_role("button", name="6 Softmax").click()
    expect(picture).to_have_attribute("data-step", "6")
    expect(page).to_have_url(re.compile(r"self_step=6"))
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name=re.compile("^5"))).to_have_attribute("aria-current", "step")
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name="Step back")).to_be_disabled()
    expect(page).not_to_have_url(re.compile(r"self_step"))


def tables(page):
    """They have names and headers."""
    page.locator(".dot").nth(3).click()
    scores = page.get_by_role("table", name="S 4 × 4")
    expect(scores.get_by_role("columnheader", name="machine")).to_be_visible()
    expect(scores.get_by_role("rowheader")).to_have_count(4)


def pointing(page):
    """A number under the mouse or the focus is written out."""
    page.locator(".dot").nth(2).click()
    cell(page, "Q.2.1").hover()
    expect(page.locator(".sum")).to_have_text("0.33·0 + 0.54·1 + 0.75·0 = 0.54")
    expect(page.locator("td.lit")).to_have_count(6)  # a row of X, a column of W_Q
    cell(page, "WQ.2.1").hover()
    expect(page.locator(".sum")).to_have_text("0 is used in every number of this column of Q")
    expect(page.locator("td.lit")).to_have_count(4)
    page.mouse.move(0, 0)
    expect(page.locator(".sum")).to_have_text("0.11·1 + 0.32·0 + 0.53·1 = 0.64")
    cell(page, "Q.0.0").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".sum")).to_have_text("0.22·1 + 0.43·0 + 0.64·1 = 0.86")


def test_a_typed_number_changes_all_that_follows_and_the_link(visit, server):
    page = opened(visit, server, "?self_step=3")
    refusing(page, page.url)
    for value in ("3", "2"):
        field(page, "WQ.0.0").fill(value)
        page.keyboard.press("Enter")
        expect(cell(page, "Q.0.0")).to_have_text(f"{0.11 * int(value) + 0.53:.2f}")
    expect(page).to_have_url(re.compile(r"self_wq=2%2C0%3B0%2C1%3B1%2C0"))
    expect(page.get_by_text("made by hand, changed here")).to_be_visible()
    again = visit(page.url)
    expect(cell(again, "Q.0.0")).to_have_text("0.75")
    expect(field(again, "WQ.0.0")).to_have_value("2")
    page.get_by_role("button", name="Reset numbers").click()
    expect(page).to_have_url(f"{server}{PATH}?self_step=3")
    expect(cell(page, "Q.0.0")).to_have_text("0.64")
    expect(page.get_by_role("button", name="Reset numbers")).to_be_hidden()
    typing_quickly(page)


def refusing(page, address):
    """What is no number is refused in words."""
    for typed, said in (
        ("abc", "“abc” is not a number; W_Q keeps 1."),
        ("", "“” is not a number; W_Q keeps 1."),
        ("500", "500 is outside −100 to 100; W_Q keeps 1."),
    ):
        field(page, "WQ.0.0").fill(typed)
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert").filter(has_text=said)).to_be_visible()
        expect(field(page, "WQ.0.0")).to_have_value("1")
        expect(page).to_have_url(address)


def typing_quickly(page):
    """Numbers typed one after the other are all kept."""
    typed = {"WQ.0.0": "2", "WQ.1.1": "3", "WK.0.0": "-1", "WV.2.1": "0.25"}
    for name, value in typed.items():
        field(page, name).fill(value)
        page.keyboard.press("Tab")
    expect(cell(page, "V.0.1")).to_have_text("0.45")
    expect(cell(page, "K.0.0")).to_have_text("0.74")
    for name, value in typed.items():
        expect(field(page, name)).to_have_value(value.replace("-", "−"))
    expect(cell(page, "Q.0.1")).to_have_text("0.96")


def test_heads_are_chosen_in_the_picture_and_exports_save_what_is_seen(visit, server, offline, tmp_path):
    page = opened(visit, server, "?self_heads=2&self_step=6")
    group = page.get_by_role("group", name="Head")
    before = page.locator(".see").inner_text()
    group.get_by_role("button", name="2").click()
    expect(page).to_have_url(re.compile("self_head=1"))
    expect(page.locator(".see")).not_to_have_text(before)
    page.locator(".dot").nth(3).click()
    expect(page.locator(".attention-steps")).to_have_attribute("data-step", "4")
    expect(page).to_have_url(re.compile("self_step=4"))
    page.get_by_role("button", name="Export").click()
    saved = {}
    for name in ("SVG", "PNG", "CSV", "HTML"):
        with page.expect_download() as download:
            page.get_by_role("button", name=re.compile(f"^{name}")).click()
        file = name.lower()
        saved[file] = tmp_path / f"steps.{file}"
        download.value.save_as(saved[file])
    picture = saved["svg"].read_text("utf-8")
    title = "Step 4, head 2: Compare every query with every key"
    for text in (title, "learning", "made by hand", "Kᵀ", "textLength", 'fill="url(#negative)"'):
        assert text in picture
    assert picture.count(f">{page.locator('.sum b').inner_text()}<") > 1  # in its cell and in the written sum
    assert Path(saved["png"]).read_bytes().startswith(b"\x89PNG")
    assert "learning" in saved["csv"].read_text("utf-8")
    alone = offline(saved["html"])
    expect(alone.get_by_text("Compare every query with every key")).to_be_visible()
    assert alone.locator("input").count() == 0  # numbers to read, for there is no server to answer
    alone.get_by_role("button", name="Step on").click()
    expect(alone.locator(".attention-steps")).to_have_attribute("data-step", "5")
    expect(alone.locator("footer")).to_contain_text("made by hand")


def test_a_narrow_window_scrolls_no_page_sideways(visit, server):
    page = opened(visit, server, viewport={"width": 390, "height": 844})
    main = page.get_by_test_id("stMain")

    def fits():
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert main.evaluate("main => main.scrollWidth <= main.clientWidth")

    fits()
    page.locator(".dot").nth(2).click()
    expect(page.locator(".attention-steps")).to_have_attribute("data-step", "3")
    fits()
    # a finger finds its place
    for each in (
        field(page, "WQ.0.0"),
        page.get_by_role("button", name="Step on"),
        page.locator(".dot").first,
    ):
        assert each.bounding_box()["height"] >= 35
    page.get_by_role("button", name="d_model 512, 8 heads").click()
    expect(page).to_have_url(re.compile("self_example=shapes"))
    expect(page.get_by_text("is 512 ÷ 8 = 64.")).to_be_visible()
    fits()
    page.get_by_role("button", name="Why several heads").click()
    expect(page.locator(".attention-steps table.weight")).to_have_count(4)
    fits()


def test_every_step_stands_above_the_fold_and_words_are_text_whatever_they_hold(visit, server):
    words = "self_example=cat&self_words=The+cat+sat+on+the+mat&self_heads=2&self_temp=0"
    page = opened(visit, server, f"?{words}")
    expect(page.get_by_text("The link asked for 0")).to_be_visible()
    for step in range(1, 9):
        expect(page.locator(".attention-steps")).to_have_attribute("data-step", str(step))
        step_fits(page, step)
        page.keyboard.press("ArrowRight")
    words = page.get_by_label("Words", exact=True)
    words.fill("<b>x</b> <script>alert(1)</script>")
    words.press("Enter")
    expect(page.locator(".attention-steps th").filter(has_text="<b>x</b>").first).to_be_visible()
    assert page.locator(".attention-steps b b, .attention-steps script").count() == 0


def step_fits(page, step):
    see, stage = page.locator(".see"), page.locator(".stage")
    assert see.evaluate("see => see.getBoundingClientRect().bottom <= innerHeight")
    assert stage.evaluate("stage => stage.scrollWidth <= stage.clientWidth")
    # rows of tables that stand side by side line up
    if step in (2, 5, 6, 7) or (step == 8 and stage.locator(".row").count()):
        places = stage.locator(".row tbody").evaluate_all(
            "all => all.map(body => body.getBoundingClientRect().top)"
        )
        assert len(places) > 1
        assert max(places) - min(places) < 1, places


def test_the_other_views_draw(visit, server):
    page = visit(f"{server}{PATH}?self_view=model&self_layer=99")
    expect(page.get_by_text("itself returned within")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("The link asked for 99")).to_be_visible()
    expect(page.locator("svg.marks")).to_have_count(5)
    # one dimension stands at one place in all four rows of bars
    bars = page.locator("svg.marks").evaluate_all(
        "all => all.slice(0, 4).map(svg => svg.querySelectorAll('path[aria-roledescription=bar]')[5])"
        ".map(bar => { const box = bar.getBoundingClientRect(); return box.x + box.width / 2 })"
    )
    assert max(bars) - min(bars) < 1, bars
    page.get_by_text("Cost", exact=True).click()
    expect(page.locator("svg.marks")).to_have_count(1)
    page.get_by_role("button", name="Why several heads").click()
    expect(page.locator(".attention-steps table.weight")).to_have_count(4)


def test_this_machine_is_measured_on_request_and_the_work_can_be_stopped(visit, server):
    page = visit(f"{server}{PATH}?self_view=cost&self_d=256")
    page.get_by_role("button", name="Measure on this machine").click(timeout=60_000)
    expect(page.get_by_text("Measurement", exact=False).first).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped: Measuring three layers.")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Measured at n =")).to_be_visible(timeout=60_000)
    expect(page.locator("svg.marks")).to_have_count(2)
    expect(page.get_by_role("button", name="Measure again")).to_be_visible()
