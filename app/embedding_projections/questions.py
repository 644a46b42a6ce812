"""Questions to answer before the picture shows it."""

from app.embedding_projections import cached_vectors
from app.embedding_projections.texts import ONE_WORD
from app.predict import InView, Question

TEACHER, PIZZA, NEITHER = "teacher", "pizza", "neither: both are as far"


def where_the_sum_leads() -> tuple[str, str]:
    """The word nearest to king − man + woman, with the three words themselves allowed."""
    found = cached_vectors.analogy("king", "man", "woman", False, 10)
    near = dict(zip(found.answers.labels, found.answers.cosine, strict=True))
    right, second = list(near)[:2]
    usual = cached_vectors.analogy("king", "man", "woman", True, 1).answers.labels[0]
    return right, (
        f"Nearest is *{right}* with cosine {near[right]:.2f}, then *{second}* with {near[second]:.2f}. "
        "The sum "
        f"hardly leaves where it began; *{usual}* wins where the three words themselves are forbidden."
    )


def which_word_is_nearer() -> tuple[str, str]:
    """The cosines of two words with a third in a space of counts, and in GloVe."""
    texts = tuple(ONE_WORD["texts"].split("\n"))
    found = cached_vectors.ranked(texts, ONE_WORD["query"], on_wait=lambda place: None)
    at = [found.texts.index(word) for word in (TEACHER, PIZZA)]
    counts, *others = found.spaces
    one, two = (float(counts.cosine[place]) for place in at)
    right = NEITHER if abs(one - two) < 1e-9 else TEACHER if one > two else PIZZA
    last = others[-1]
    return right, (
        f"By counts the cosines are {one:.2f} and {two:.2f}: no word in common, nothing to compare. In "
        f"“{last.name}” "
        f"they are {last.cosine[at[0]]:.2f} and {last.cosine[at[1]]:.2f}."
    )


QUESTIONS = (
    Question(
        "king",
        "Where does king − man + woman lead?",
        "Word vectors of GloVe: take *king*, subtract *man*, add *woman*. Which word of all 400,000 is "
        "nearest to "
        "the sum?",
        ("king", "queen", "woman", "princess"),
        where_the_sum_leads,
        preset="king − man + woman",
    ),
    Question(
        "counts",
        "Teacher or pizza?",
        "Texts are turned into vectors by counting their words. Which text is nearer to “college”: "
        "“teacher” or "
        "“pizza”?",
        (TEACHER, PIZZA, NEITHER),
        which_word_is_nearer,
        preset="College and teacher",
    ),
    InView("Which map is noise?", {"view": "claims", "claim": "noise"}),
    InView("How large is that cluster?", {"view": "claims", "claim": "size"}),
    InView("How far is it?", {"view": "claims", "claim": "distance"}),
)
