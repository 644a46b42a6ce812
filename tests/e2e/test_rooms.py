"""A lecturer and two phones, from the question to the answer: a wrong code, a reload, a change of mind."""

import re

from playwright.sync_api import expect

COLD_MS = 60_000  # a model that loads, on a busy machine
PHONE = {"viewport": {"width": 390, "height": 844}}


def test_a_room_from_the_question_to_the_answer(visit, server):
    lecturer = visit(f"{server}/seq2seq?seq_predict=reverse&present=1")
    lecturer.get_by_role("button", name="Ask the room").click()
    code = lecturer.locator("p.join b").inner_text()
    expect(lecturer.get_by_text("0 answers")).to_be_visible()
    expect(lecturer.locator("svg.marks")).to_have_count(0)  # the picture waits
    expect(lecturer).not_to_have_url(re.compile(code))  # what is shared holds no room
    page = "document.documentElement"
    size = f"[{page}.scrollWidth <= innerWidth, {page}.scrollHeight <= innerHeight]"
    assert lecturer.evaluate(size) == [True, True]  # nothing scrolls

    first = visit(f"{server}/room", **PHONE)
    first.get_by_label("Code of the room").fill("QQQQQ")
    first.get_by_role("button", name="Join").click()
    expect(first.get_by_text("There is no room QQQQQ")).to_be_visible()
    first.get_by_label("Code of the room").fill(f" {code[:2]}-{code[2:].lower()}")
    first.get_by_label("Code of the room").press("Enter")
    first.get_by_role("button", name="B more than half").click()
    expect(first.get_by_text("Sent: B")).to_be_visible()
    second = visit(f"{server}/room?room={code}", **PHONE)
    second.get_by_role("button", name="C half or fewer").click()
    expect(second.get_by_text("Sent: C")).to_be_visible()
    expect(lecturer.get_by_text("2 answers")).to_be_visible()

    first.reload()
    expect(first.get_by_text("Sent: B")).to_be_visible()
    first.get_by_role("button", name="A all of them").click()
    expect(first.get_by_text("Sent: A")).to_be_visible()
    lecturer.reload()
    expect(lecturer.locator(".poll > div").filter(has_text="all of them")).to_contain_text("1 · 50%")
    expect(lecturer.get_by_text("2 answers")).to_be_visible()
    assert first.evaluate("document.documentElement.scrollWidth <= innerWidth")

    lecturer.get_by_role("button", name="Reveal").click()
    expect(lecturer.get_by_text("all of them ✓")).to_be_visible(timeout=COLD_MS)
    expect(lecturer.locator("svg.marks").first).to_be_visible(timeout=COLD_MS)
    expect(first.get_by_text("Right.", exact=True)).to_be_visible()
    expect(second.get_by_text("Not so.", exact=True)).to_be_visible()
    expect(second.get_by_text("all of them ✓ right")).to_be_visible()
    lecturer.get_by_role("button", name=f"End room {code}").click()
    expect(second.get_by_text(f"Room {code} is closed")).to_be_visible()
    expect(lecturer.get_by_role("button", name="Ask the room")).to_be_visible()
