"""The view *Read it right* without a browser: nothing is told before the prediction, all of it after."""

import pytest

from app.embedding_projections.claims import CLAIMS
from tests.app.test_embedding_projections import alive, opened, texts

TRUTH = {
    "size": "In the space B is 10.0 times as wide as A; on the t-SNE map it is 0.99 times as wide.",
    "distance": "In the space C is 3.9 times as far from B as A is; on the t-SNE map 0.99 times.",
    "noise": "The left map is noise",
}


def answered(app, claim: str, answer: str):
    """The page after a click on an answer."""
    prediction = next(group for group in app.button_group if group.key == f"emb_guess_{claim}_choice")
    return alive(prediction.set_value(answer).run())


@pytest.mark.parametrize("claim", CLAIMS)
def test_predict_first_then_see(claim: str) -> None:
    app = opened(view="claims", claim=claim)
    assert "the truth will be drawn beside it" in texts(app)
    assert TRUTH[claim] not in texts(app)
    wrong = next(answer for answer in CLAIMS[claim].answers if answer != CLAIMS[claim].right)
    said = texts(answered(app, claim, wrong))
    assert TRUTH[claim] in said
    assert f"It is “{CLAIMS[claim].answers[CLAIMS[claim].right].lower()}”." in said
    assert "Right." in texts(answered(app, claim, CLAIMS[claim].right))
    assert f"t-SNE {'computed here' if claim == 'noise' else 'recorded beforehand'}" in texts(app)


def test_a_link_brings_the_prediction_and_a_bad_one_a_note() -> None:
    said = texts(opened(view="claims", claim="distance", guess_distance="four", p_distance="7"))
    assert "You said “four times as far”. Right." in said
    assert "The link asked for 7, which is not listed here; 30 is shown." in said


def test_the_claims_are_about_umap_too() -> None:
    said = texts(opened(view="claims", by_size="umap", guess_size="ten"))
    assert "on the UMAP map it is" in said
    assert "at neighbours 5, 15, 50, 100, 200" in said
