"""The view *Read it right* without a browser: nothing is told before the prediction, all of it after."""

import pytest

from app.embedding_projections.claims import CLAIMS
from tests.app.test_embedding_projections import alive, opened, texts

TRUTH = {
    "size": "In the space B is 10.0 times as wide as A; on the t-SNE map it is 0.99 times as wide.",
    "distance": "In the space C is 3.9 times as far from B as A is; on the t-SNE map 0.99 times.",
    "noise": "The left map is noise",
}


RIGHT = {"size": "Ten times as wide", "distance": "Four times as far", "noise": "The left map"}


def answered(app, claim: str, answer: str):
    """The page after a click on an answer."""
    place = CLAIMS[claim].answers.index(answer)
    return alive(app.button(key=f"predict_view_option_{place}").click().run())


@pytest.mark.parametrize("claim", CLAIMS)
def test_predict_first_then_see(claim: str) -> None:
    app = opened(view="claims", claim=claim)
    assert "the truth will be drawn beside it" in texts(app)
    assert TRUTH[claim] not in texts(app)
    wrong = next(answer for answer in CLAIMS[claim].answers if answer != RIGHT[claim])
    said = texts(answered(app, claim, wrong))
    assert TRUTH[claim] in said
    assert f"You said {wrong}. **It is: {RIGHT[claim]}.**" in said
    assert f"t-SNE {'computed here' if claim == 'noise' else 'recorded beforehand'}" in said
    app.button(key="predict_view_again").click().run()
    assert f"**Right: {RIGHT[claim]}.**" in texts(answered(app, claim, RIGHT[claim]))


def test_a_link_brings_the_prediction_and_a_bad_one_a_note() -> None:
    said = texts(opened(view="claims", claim="distance", guess_distance="2", p_distance="7"))
    assert "**Right: Four times as far.**" in said
    assert "The link asked for 7, which is not listed here; 30 is shown." in said
    assert "the truth will be drawn beside it" in texts(opened(view="claims", guess_size="9"))


def test_a_question_of_the_page_stands_beside_one_of_the_view() -> None:
    app = opened(view="claims", predict="king", said="0")
    assert {"predict_close", "predict_view_option_0"} <= {button.key for button in app.button}


def test_the_claims_are_about_umap_too() -> None:
    said = texts(opened(view="claims", by_size="umap", guess_size="2"))
    assert "on the UMAP map it is" in said
    assert "at neighbours 5, 15, 50, 100, 200" in said
