"""The linked maps in a real browser: hover, hold, lasso, search, keys, links, themes, a narrow window."""

import re

from playwright.sync_api import expect

PATH = "/embedding-projections"


def opened(visit, server, query="", **options):
    """The page with its maps drawn."""
    page = visit(f"{server}{PATH}{query}", **options)
    expect(page.locator(".scatter-view[data-drawn]")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="Share")).to_be_visible()
    return page


def said(page):
    return page.locator(".scatter-view .said")


def test_one_point_is_held_in_all_maps_and_reopens(visit, server):
    page = opened(visit, server)
    expect(page.locator(".panel")).to_have_count(3)
    page.get_by_label("Find points by name").fill("guitar")
    expect(said(page)).to_contain_text("1 of 240 selected: guitar")
    page.keyboard.press("Enter")
    expect(said(page)).to_contain_text("Nearest in the space by cosine: bass 0.87")
    expect(said(page)).to_contain_text("UMAP: of its 15 nearest")
    expect(page).to_have_url(re.compile(r"emb_pick=\d+"))
    again = opened(visit, server, page.url.partition(PATH)[2])
    expect(said(again)).to_contain_text("guitar, topic music")
    again.locator(".panel").nth(1).focus()
    again.keyboard.press("ArrowRight")
    expect(said(again)).not_to_contain_text("guitar, topic")
    again.keyboard.press("Escape")
    expect(said(again)).to_contain_text("Click a point")
    expect(again).not_to_have_url(re.compile("emb_(pick|sel)"))


def test_a_lasso_a_group_and_a_zoom_stand_in_the_link(visit, server):
    page = opened(visit, server)
    page.get_by_role("button", name="animals").click()
    expect(said(page)).to_contain_text("20 of 240 selected")
    page.get_by_role("button", name="Lasso").click()
    box = page.locator(".panel").nth(2).bounding_box()
    left, top, width, height = (box[side] for side in ("x", "y", "width", "height"))
    page.mouse.move(left + 2, top + 2)
    page.mouse.down()
    for x, y in ((width - 2, 2), (width - 2, height - 2), (2, height - 2)):
        page.mouse.move(left + x, top + y, steps=3)
    page.mouse.up()
    expect(said(page)).to_contain_text("240 of 240 selected")
    expect(page).to_have_url(re.compile("emb_sel=lasso"))
    page.get_by_role("button", name="+", exact=True).click()
    expect(page).to_have_url(re.compile("emb_zoom=0"))
    page.get_by_role("button", name="Clear").click()
    expect(page).not_to_have_url(re.compile("emb_"))


def test_hover_names_a_point_and_colour_changes_in_the_browser(visit, server):
    page = opened(visit, server, "?emb_show=pca&emb_pick=0", color_scheme="dark")
    panel = page.locator(".panel")
    box = panel.bounding_box()
    tip = page.locator(".scatter-view .tip")
    for x in range(10, int(box["width"]), 16):
        page.mouse.move(box["x"] + x, box["y"] + box["height"] / 2)
        if tip.is_visible():
            break
    expect(tip).to_contain_text("of its 15 true neighbours are near it here")
    page.get_by_label("Colour", exact=True).select_option("local trust")
    expect(page.locator(".scatter-view .legend")).to_contain_text("local trust: 0")
    expect(page).to_have_url(re.compile("emb_colour=local"))


def test_a_phone_stacks_the_maps_and_saves_a_page(visit, offline, server, tmp_path):
    page = opened(visit, server, viewport={"width": 390, "height": 844})
    boxes = [page.locator(".panel").nth(i).bounding_box() for i in range(3)]
    assert boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"]
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes)
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as svg:
        page.get_by_role("button", name="SVG").click()
    text = svg.value.path().read_text()
    assert text.count("<use ") == 720
    with page.expect_download() as html:
        page.get_by_role("button", name="HTML").click()
    file = tmp_path / "maps.html"
    html.value.save_as(file)
    saved = offline(file)
    expect(saved.locator(".scatter-view[data-drawn]")).to_be_visible()
    expect(saved.locator(".panel")).to_have_count(3)


def test_a_film_plays_and_noise_has_no_names(visit, server):
    page = opened(visit, server, "?emb_view=multiples&emb_data=containing")
    expect(page.locator(".panel")).to_have_count(18)
    page.get_by_role("button", name="Film").click()
    expect(page.locator(".panel")).to_have_count(1)
    expect(page).to_have_url(re.compile("emb_frame=0"))
    page.get_by_label("Place in the film").fill("5")
    expect(page.locator(".film output")).to_have_text("perplexity 100")
    expect(page).to_have_url(re.compile("emb_frame=5"))
    page.get_by_role("button", name="Would noise look like this?").click()
    expect(page.locator("figcaption").nth(1)).to_contain_text("Noise twin", timeout=60_000)
    box = page.locator(".panel").nth(1).bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page).not_to_have_url(re.compile("emb_pick"))
    expect(page.locator(".stVegaLiteChart svg.marks")).to_be_visible()
