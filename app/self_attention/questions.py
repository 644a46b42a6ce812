"""Questions to answer before the picture shows it."""

from app.predict import Question
from app.self_attention import cached
from app.self_attention.example import toy
from app.self_attention.steps import CAT, LOVE, split_words
from app.self_attention.why import POWERS
from models.quantise import percent

WIDTH, KEYS = 64, 16
EVEN, ONE, BETWEEN = "spread nearly evenly", "nearly all on one key", "somewhere between"


def causal_zeros() -> tuple[str, str]:
    """How many weights a causal mask makes 0."""
    words = split_words(LOVE)
    weights = toy("love", words, {}, heads=1, d_k=2, mask="causal", temperature=1.0).compute().weights[0]
    zeros = int((weights == 0).sum())
    return str(zeros), (
        f"Word 1 sees only itself, word 2 sees two words, and so on: {zeros} of {weights.size} weights "
        "are 0. The "
        f"last word, “{words[-1]}”, sees all {len(words)}."
    )


def what_cat_looks_at() -> tuple[str, str]:
    """The word with the largest weight in the row of *cat*."""
    words = split_words(CAT)
    row = toy("cat", words, {}, heads=1, d_k=2, mask="none", temperature=1.0).compute().weights[0][1]
    right = words[int(row.argmax())]
    return right, (
        f"{percent(float(row.max()))} of the weight of *{words[1]}* goes to *{right}*, "
        f"{percent(float(row[1]))} to "
        "itself: the query of the one points the same way as the key of the other."
    )


def without_scaling() -> tuple[str, str]:
    """How even the softmax is at the preset's width, with and without the scaling."""
    widths = tuple(map(int, POWERS))
    curve = cached.saturation(widths, KEYS)
    scaled, plain = (float(row[widths.index(WIDTH)]) for row in curve.entropy)
    right = EVEN if plain > 0.8 else ONE if plain < 0.3 else BETWEEN
    return right, (
        f"On a scale from 0, one key, to 1, all alike, the weights stand at {plain:.2f}; with ÷ √d_k at "
        f"{scaled:.2f}. "
        "Sums of more products are larger, and a softmax of large scores picks one."
    )


QUESTIONS = (
    Question(
        "cat",
        "What does “cat” look at?",
        f"“{CAT}”, with small numbers made by hand. Which word gets most of the weight of *cat*?",
        ("cat", "sat", "on", "mat"),
        what_cat_looks_at,
        preset="The cat sat on the mat",
    ),
    Question(
        "causal",
        "How many weights are 0?",
        f"“{LOVE}” has four words, so 16 weights. With a causal mask no word sees a later one. How many "
        "weights "
        "are exactly 0?",
        ("4", "6", "8", "12"),
        causal_zeros,
        preset="I love machine learning",
        changes={"mask": "causal", "step": "6"},
    ),
    Question(
        "scale",
        "What if ÷ √d_k is left out?",
        f"Random queries and keys, {WIDTH} numbers wide, {KEYS} keys. Leave out ÷ √d_k. How are the "
        "weights of "
        "the softmax spread?",
        (EVEN, BETWEEN, ONE),
        without_scaling,
        preset="Why ÷ √d_k",
    ),
)
