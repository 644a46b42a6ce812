"""Questions to answer before the picture shows it."""

import numpy as np

from app.attention_heads import cached
from app.attention_heads.shared import PRONOUN
from app.predict import Question
from models.quantise import percent

READ = (PRONOUN, None, "minilm", "auto")


def where_it_looks() -> tuple[str, str]:
    """The largest weight of *it* in head 3.1; [CLS] and [SEP] count together."""
    trace = cached.attention(BONE, *READ[1:], "self")
    words = [token.text for token in trace.tokens]
    row = trace.weights[3, 1, words.index("it")]
    special = float(sum(weight for weight, token in zip(row, trace.keys, strict=True) if token.special))
    weights = {word: float(row[words.index(word)]) for word in ("dog", "bone", "hungry")}
    weights[SPECIAL] = special
    first, second = sorted(weights, key=weights.__getitem__, reverse=True)[:2]
    return first, (
        f"{percent(weights[first])} of the weight lies on {first}, {percent(weights[second])} on {second}. "
        "A weight is no proof of who is meant."
    )


BONE = "The dog ate the bone because it was hungry."
SPECIAL = "[CLS] or [SEP]"
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
        f"“{BONE}” When reading *it*, where does head 3.1 of MiniLM put most of its weight?",
        ("dog", "bone", "hungry", SPECIAL),
        where_it_looks,
        preset="A pronoun",
        changes={
            "text": BONE,
            "layer": "3",
            "heads": "1",
            "pin": "q7",
        },
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
