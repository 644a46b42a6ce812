"""The view *Read it right* without a browser: nothing is told before the prediction, all of it after."""

import pytest

from app.embedding_projections.claims import CLAIMS
from tests.app.test_embedding_projections import alive, opened, texts

TRUTH = {
    "size": "In the space B is 10.0 times as wide as A; on the t-SNE map it is 0.99 times as wide.",
    "distance": "In the space C is 3.9 times as far from B as A is; on the t-SNE map 0.99 times.",
    "noise": "The left map is noise",
}


@pytest.mark.parametrize("claim", CLAIMS)
def test_predict_first_then_see(claim: str) -> None:
    app = opened(view="claims", claim=claim)
    assert "the truth will be drawn beside it" in texts(app)
    assert TRUTH[claim] not in texts(app)
    wrong = next(answer for answer in CLAIMS[claim].answers if answer != CLAIMS[claim].right)
    app.selectbox(key=f"emb_guess_{claim}_choice").select(wrong)
    said = texts(alive(app.run()))
    assert TRUTH[claim] in said
    assert f"It is “{CLAIMS[claim].answers[CLAIMS[claim].right].lower()}”." in said
    app.selectbox(key=f"emb_guess_{claim}_choice").select(CLAIMS[claim].right)
    assert "Right." in texts(alive(app.run()))
    assert ("computed here" if claim == "noise" else "t-SNE recorded beforehand") in texts(app)


def test_a_link_brings_the_prediction_and_a_bad_one_a_note() -> None:
    said = texts(opened(view="claims", claim="distance", guess_distance="four", p_distance="7"))
    assert "You said “four times as far”. Right." in said
    assert "The link asked for 7, which is not listed here; 30 is shown." in said
