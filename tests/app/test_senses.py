"""The view *One word, many senses* without a browser."""

import numpy as np

from app.embedding_projections.senses import sentences, strip
from models.senses import BANK, parse_lines, trace_senses
from tests.app.test_embedding_projections import alive, opened, texts


def test_bank_in_twenty_sentences() -> None:
    app = opened(view="senses")
    said = texts(app)
    assert "the same in all 20 sentences: cosine 1, no senses" in said
    assert (
        "12 of 20 occurrences have one of their own sense as nearest before layer 1 and 20 after layer 6"
        in said
    )
    assert "0.87 and two of different senses 0.81" in said
    app.text_area(key="emb_sentences").set_value("A bat flew.\nThe bat broke.\nmy bat\nno animal")
    app.text_input(key="emb_sword").set_value("bat")
    said = texts(alive(app.run()))
    assert "left out: “no animal”" in said
    assert "MiniLM's vectors part as it reads the words around" in said
    app.text_input(key="emb_sword").set_value("zebra")
    assert "No sentence of 4 holds the word “zebra”" in texts(alive(app.run()))


def test_the_strip_has_one_map_a_layer_with_its_count() -> None:
    senses, lines = parse_lines(BANK)
    trace = trace_senses("bank", lines, senses, device="cpu")
    maps = strip(trace)
    assert [each.name for each in maps] == [f"Layer {layer}" for layer in range(7)]
    assert maps[6].note == "20 of 20"
    assert all(np.isfinite(each.xy).all() for each in maps)
    assert "TF-IDF, which only counts the other words, gives 0.07 and 0.06" in sentences(trace)
