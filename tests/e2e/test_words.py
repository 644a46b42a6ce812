"""Words, senses, own files and claims in a real browser: pictures draw, links reopen, a file is drawn."""

import re

from playwright.sync_api import expect

from app.embedding_projections.own_data import example

PATH = "/embedding-projections"


def test_an_analogy_its_honest_switch_and_its_link(visit, server):
    page = visit(f"{server}{PATH}?emb_view=words&emb_ask=analogy")
    expect(page.locator(".scatter-view[data-drawn]")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("“queen” (0.852) comes first only because")).to_be_visible()
    expect(page.locator(".stVegaLiteChart svg.marks")).to_be_visible()
    page.get_by_label("The three words themselves").click()
    page.get_by_role("option", name=re.compile("honest")).click()
    expect(page.get_by_text("Without the query words “queen” (0.852) would be first")).to_be_visible()
    expect(page).to_have_url(re.compile("emb_inputs=in"))
    again = visit(page.url)
    expect(again.get_by_text("Without the query words “queen”")).to_be_visible(timeout=60_000)


def test_a_file_becomes_a_map_and_a_bad_one_a_sentence(visit, server):
    page = visit(f"{server}{PATH}?emb_data=own&emb_show=pca")
    expect(page.get_by_text("No file yet.")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Your file").click()
    field = page.locator("input[type=file]")
    field.set_input_files({"name": "words.tsv", "mimeType": "text/plain", "buffer": example().encode()})
    expect(page.get_by_text("16 points in 50 dimensions are squeezed")).to_be_visible(timeout=60_000)
    expect(page.locator(".scatter-view[data-drawn]")).to_be_visible()
    page.locator("input[type=file]").set_input_files(
        {"name": "trap.npy", "mimeType": "text/plain", "buffer": b"\x80\x04N."}
    )
    expect(page.get_by_text("holds pickled Python objects, which are never opened")).to_be_visible()


def test_layers_play_as_a_film_and_a_prediction_is_answered(visit, server):
    page = visit(f"{server}{PATH}?emb_view=senses")
    expect(page.locator(".panel")).to_have_count(7, timeout=60_000)
    page.get_by_role("button", name="Film").click()
    expect(page.locator(".panel")).to_have_count(1)
    expect(page).to_have_url(re.compile("emb_frame=0"))
    claim = visit(f"{server}{PATH}?emb_view=claims")
    expect(claim.locator(".panel")).to_have_count(1, timeout=60_000)
    claim.get_by_role("button", name="A About as wide").click()
    expect(claim.locator(".panel")).to_have_count(2)
    expect(claim.get_by_text("In the space B is 10.0 times as wide as A")).to_be_visible()
    expect(claim).to_have_url(re.compile("emb_guess_size=0"))
