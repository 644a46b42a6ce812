"""Questions to answer before the picture shows it."""

import numpy as np

from app.attention_heads import cached
from app.attention_heads.shared import PRONOUN
from app.predict import Question
from models.quantise import percent

READ = (PRONOUN, None, "minilm", "auto")


def where_it_looks() -> tuple[str, str]:
    """The largest weight of *it* in head 3.1; [CLS] and [SEP] count together."""
    trace = cached.attention(*READ, "self")
    words = [token.text for token in trace.tokens]
    row = trace.weights[3, 1, words.index("it")]
    special = float(sum(weight for weight, token in zip(row, trace.keys, strict=True) if token.special))
    weights = {word: float(row[words.index(word)]) for word in ("animal", "street", "tired")}
    weights[SPECIAL] = special
    first, second = sorted(weights, key=weights.__getitem__, reverse=True)[:2]
    return first, (
        f"{percent(weights[first])} of *it* goes to {first}, {percent(weights[second])} to {second}. That "
        "is this one head; most others do something else."
    )


SPECIAL = "the special tokens [CLS] and [SEP]"
MORE, LIKE, LESS = "more than for most random heads", "about as for a random head", "less than for most"


def does_it_need_the_head() -> tuple[str, str]:
    """How far the text's vector moves without head 3.1, among the same for random heads."""
    ablation = cached.ablated(*READ[:1], *READ[2:], ((3, 1),), -1, "")
    below = float(np.mean([each.size < ablation.effect.size for each in ablation.control]))
    right = MORE if below > 0.75 else LESS if below < 0.25 else LIKE
    return right, (
        f"The cosine of the two vectors falls by {ablation.effect.size:.4f}; of {len(ablation.control)} "
        f"random heads, {percent(below)} move it less. To look at the animal is not yet to matter."
    )


QUESTIONS = (
    Question(
        "it",
        "Where does “it” look?",
        f"“{PRONOUN}” In head 3.1 of MiniLM, where does most of the weight of *it* go?",
        ("animal", "street", "tired", SPECIAL),
        where_it_looks,
        preset="A pronoun",
    ),
    Question(
        "off",
        "Does the text need that head?",
        "Head 3.1 links *it* to *animal*. Switch it off. How far does the vector of the whole sentence move?",
        (MORE, LIKE, LESS),
        does_it_need_the_head,
        preset="Switch it off",
    ),
)
