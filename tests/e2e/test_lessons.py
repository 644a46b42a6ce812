"""A lesson in front of a class: every step of those that ship draws; keys, notes, code, the way out."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect

from app.lessons.lesson import address, shipped
from tests.e2e.conftest import FITS, READABLE
from tests.load.visitor import Visitor

PICTURE = ":is([data-drawn], svg.marks):visible"
COLD_MS = 60_000  # a model that loads, on a busy machine


@pytest.mark.parametrize("name", shipped())
def test_every_step_opens_and_draws(visit, server, name):
    lesson = shipped()[name]
    page = visit(f"{server}/lessons?lessons_which={name}")
    page.evaluate("window.loaded = 'once'")
    page.locator("a.play").click()

    def stands(place):
        step = lesson.steps[place - 1]
        expect(page).to_have_url(re.compile(rf"/{step.page.url_path}\?.*step={place}&present=1"))
        expect(page.get_by_role("heading", name=step.title, exact=True)).to_be_visible(timeout=COLD_MS)
        expect(page.get_by_text(f"{place} / {len(lesson.steps)}")).to_be_visible(timeout=COLD_MS)

    for place, step in enumerate(lesson.steps, 1):
        stands(place)
        picture = page.locator(PICTURE).first
        picture.wait_for(timeout=COLD_MS)
        page.wait_for_function(FITS)  # nothing scrolls
        page.wait_for_function(READABLE, arg=23.5)  # from the last row
        expect(page.get_by_text("The link asked for")).to_have_count(0)
        expect(page.get_by_test_id("stAlert")).to_have_count(0)
        expect(page.get_by_text(step.say)).to_have_count(0)  # not on the projector
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.keyboard.press("PageDown" if place % 2 else "ArrowRight")  # nowhere, after the last
    page.keyboard.press("Home")
    stands(1)
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")  # before the second step is drawn
    stands(3)
    page.keyboard.press("End")
    stands(len(lesson.steps))
    # what the server still says of this step would undo a step back
    expect(page.locator(".stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=COLD_MS)
    page.go_back()
    stands(3)
    assert page.evaluate("window.loaded") == "once"


MEASURED = re.compile(r"\d+ ms")  # differs from run to run


def test_a_turned_step_is_what_its_link_opens(server):
    """What the server draws is compared message by message; before each turn all fields are filled anew."""
    name, lesson = next(iter(shipped().items()))  # its steps stand on eight pages, or on one page twice
    last = len(lesson.steps) - 1
    links = [
        address(name, at, lesson, present=True).partition("?")[::2]
        for at in (*range(last + 1), 0, 2, 1, last)  # then to the first, past one, back, to the last
    ]

    async def drawn(path, query):
        async with Visitor(server) as fresh:
            answer = await fresh.open(path, query)
        return {place: MEASURED.sub("", element) for place, element in answer.drawn.items()}

    async def turns():
        opened = {}
        async with Visitor(server) as visitor:
            await visitor.open(*links[0])
            for path, query in links[1:]:
                page = {key for key in visitor.texts if not key.startswith(("present", "lesson", "step"))}
                await visitor.change(**dict.fromkeys(page, "1"))
                if query not in opened:
                    opened[query] = await drawn(path, query)
                    if any("progress {" in element for element in opened[query].values()):
                        opened[query] = await drawn(path, query)  # computed by now
                answer = await visitor.follow(path, query)
                now = {place: MEASURED.sub("", element) for place, element in answer.drawn.items()}
                assert now == opened[query], query
                assert not answer.faults

    # in a thread of its own: the browser that other tests opened keeps this one's event loop
    with ThreadPoolExecutor() as pool:
        pool.submit(lambda: asyncio.run(turns())).result()


def test_notes_code_phone_and_the_way_out(visit, server):
    name, lesson = next(iter(shipped().items()))
    # the short address that a phone scans leads to the step, with words beside it
    page = visit(f"{server}/lessons?lesson={name}&step=5")
    expect(page.get_by_text(lesson.steps[4].say)).to_be_visible(timeout=COLD_MS)
    page.evaluate("window.loaded = 'once'")
    page.get_by_role("link", name="Play", exact=True).click()
    expect(page).to_have_url(re.compile("present=1"))
    expect(page.get_by_role("heading", name=lesson.steps[4].title)).to_be_visible(timeout=COLD_MS)
    page.evaluate("void (document.querySelector('h1').dataset.before = '')")
    page.get_by_text("5 / 8").click()  # the step once more, as it was prepared
    expect(page).to_have_url(re.compile(r"step=5&present=1"))
    expect(page.locator("h1:not([data-before])")).to_have_text(lesson.steps[4].title, timeout=COLD_MS)
    expect(page.get_by_role("button", name="Ask")).to_be_visible()
    assert page.evaluate("window.loaded") == "once"

    page.keyboard.press("a")
    expect(page.get_by_text(lesson.steps[4].ask)).to_be_visible()
    page.keyboard.press("a")
    expect(page.get_by_text(lesson.steps[4].ask)).to_be_hidden()

    page.evaluate("void (window.allowed = window.open, window.open = () => null)")  # windows are blocked
    page.keyboard.press("n")
    expect(page.get_by_role("dialog").get_by_text("The browser blocked the window")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.evaluate("void (window.open = window.allowed)")
    with page.context.expect_page() as opened:
        page.keyboard.press("n")
    notes = opened.value
    expect(notes.get_by_text(lesson.steps[4].say)).to_be_visible()
    expect(notes.get_by_text(lesson.steps[4].ask)).to_be_visible()
    notes.keyboard.press("PageUp")  # turns the lesson, and the notes follow
    expect(page.get_by_role("heading", name=lesson.steps[3].title)).to_be_visible(timeout=COLD_MS)
    expect(notes.get_by_text(lesson.steps[3].say)).to_be_visible(timeout=COLD_MS)

    page.bring_to_front()
    expect(page.get_by_text("4 / 8")).to_be_visible(timeout=COLD_MS)
    page.keyboard.press("q")
    expect(page.get_by_role("dialog").get_by_text(lesson.steps[3].ask)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    page.get_by_role("button", name="Leave the lesson").click()
    expect(page.get_by_text("Try this")).to_be_visible(timeout=COLD_MS)
    expect(page.get_by_role("navigation", name="Lesson")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("step="))


def test_a_view_is_collected_by_share_and_played(visit, server):
    page = visit(
        f"{server}/distributions?dist_view=standard", permissions=["clipboard-read", "clipboard-write"]
    )
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_text("Link copied")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Link copied")).to_be_hidden()
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Add to my lesson").click()
    expect(page.get_by_text("1 view waits on the page Lessons")).to_be_visible()
    page.goto(f"{server}/lessons")
    page.get_by_role("button", name="Add the view you collected").click()
    page.locator("a.play").click()
    expect(page).to_have_url(re.compile(r"/distributions\?dist_view=standard&lesson=~.*step=1&present=1"))
    expect(page.get_by_text("1 / 1")).to_be_visible(timeout=COLD_MS)
