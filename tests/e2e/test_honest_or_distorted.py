"""Honest or distorted in a real browser: the slider answers at once, a link reopens it, nothing is loaded."""

import re

from playwright.sync_api import expect

PATH = "/honest-or-distorted"
WITHIN_MS = 100


def opened(visit, server, query="", **options):
    """The page with both charts drawn."""
    page = visit(f"{server}{PATH}{query}", **options)
    expect(page.locator(".lie[data-drawn]")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name="Share")).to_be_visible()
    return page


def bar_heights(page):
    return page.evaluate(
        """() => {
            const roots = [...document.querySelectorAll('*')].map(n => n.shadowRoot).filter(Boolean)
            const lie = roots.map(r => r.querySelector('.lie')).find(Boolean)
            const bars = lie.querySelectorAll('.moving .mark-rect.role-mark path')
            return [...bars].map(bar => bar.getBBox().height)
        }"""
    )


def test_the_slider_moves_the_chart_the_number_and_the_link(visit, server):
    page = opened(visit, server)
    lie = page.locator(".lie")
    slider = page.get_by_role("slider", name="From honest to distorted")
    expect(lie.locator("output")).to_have_text("33.33")
    low, high = bar_heights(page)
    assert abs(high / low - 8 / 3) < 0.01
    slider.fill("0")
    expect(lie.locator("output")).to_have_text("1.00")
    expect(lie).to_have_attribute("data-honest", "true")
    expect(lie).to_have_attribute("data-step", "0")
    low, high = bar_heights(page)
    assert abs(high / low - 1.05) < 0.001
    slider.fill("50")
    expect(lie.locator("output")).to_have_text("1.94")
    expect(lie.locator("pre")).to_contain_text("48.5")
    expect(page).to_have_url(re.compile("honest_t=50"))
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="HTML", exact=True).click()
    saved = download.value.path().read_text(encoding="utf-8")
    for words in (
        "The honest twin",
        "Bars that do not start at 0: lie factor 1.94",
        "The bars show 1.94 times",
    ):
        assert words in saved
    page.keyboard.press("Escape")
    again = opened(visit, page.url.removeprefix(server + PATH) and server, page.url.partition(PATH)[2])
    expect(again.locator(".lie output")).to_have_text("1.94")


def test_every_slider_answers_within_a_tenth_of_a_second(visit, server):
    page = opened(visit, server, "?honest_which=rainbow")
    for name in ("Rainbow colours", "Smoothing", "Map of counts", "Simpson's paradox"):
        page.get_by_role("button", name=name).or_(page.get_by_role("radio", name=name)).first.click()
        which = {"Rainbow colours": "rainbow", "Smoothing": "smoothing", "Map of counts": "counts_map"}
        drawn = which.get(name, "simpson")
        expect(page.locator(f'.lie[data-drawn="{drawn}"]')).to_be_visible()
        spent = page.evaluate(
            """async () => {
                const roots = [...document.querySelectorAll('*')].map(n => n.shadowRoot).filter(Boolean)
                const lie = roots.map(r => r.querySelector('.lie')).find(Boolean)
                const slider = lie.querySelector('input')
                const times = []
                for (const step of [10, 40, 70, 30, 90]) {
                    const start = performance.now()
                    slider.value = step
                    slider.dispatchEvent(new Event('input'))
                    while (lie.dataset.step !== String(step)) await new Promise(requestAnimationFrame)
                    times.push(performance.now() - start)
                }
                return Math.min(...times) // the machine may be busy with others
            }"""
        )
        assert spent < WITHIN_MS, (name, spent)


def test_a_finding_is_marked_on_the_chart_and_the_repair_is_drawn(visit, server):
    page = opened(visit, server, "?honest_view=own&honest_own=spec")
    expect(page.locator(".badge")).to_have_text("1")
    axis = page.locator('.given [aria-label^="Y-axis"]').bounding_box()
    badge = page.locator(".badge").bounding_box()
    assert abs(badge["x"] - axis["x"]) < 30
    assert page.locator(".repaired svg.marks").count() == 1


def test_a_phone_shows_both_charts_and_the_case_keeps_its_gap(visit, server):
    page = opened(visit, server, "?honest_which=two_axes", viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for name in ("honest", "moving"):
        box = page.locator(f".lie .{name} svg.marks").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    page = visit(f"{server}{PATH}?honest_view=cases&honest_case=parenthood&honest_parenthood=axis")
    lines = page.locator(".mark-line.role-mark path")
    expect(lines.first).to_be_visible(timeout=30_000)
    paths = [line.get_attribute("d") for line in lines.all()]
    assert sorted(path.count("M") for path in paths) == [1, 2]
