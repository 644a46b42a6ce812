"""Questions to answer before the picture shows it."""

import numpy as np

from app.predict import Question
from app.recurrent_gates import cached
from app.recurrent_gates.fading import FAR, STEP, TEXT, exponent, share
from app.recurrent_gates.reading import MIXED
from models.charcards import cards
from models.quantise import percent

GATES = {"update": "the update gate", "reset": "the reset gate"}
NEITHER = "neither: both hardly change"
MODELS = ("RNN", "GRU", "LSTM")
VOWELS = cards()["gru"].cells["vowel"]  # not the unit that the page opens with, whose picture would tell


def the_gate_of_vowels() -> tuple[str, str]:
    """The gate of the GRU's vowel unit that differs most between vowels and other characters."""
    vowel = cached.rule_labels("vowel", MIXED) > 0
    trace = cached.char_trace(MIXED, "gru")
    gates = {name: trace.gates.gates[name][0, 0, :, VOWELS.unit] for name in GATES}
    means = {name: (float(gate[vowel].mean()), float(gate[~vowel].mean())) for name, gate in gates.items()}
    most = max(means, key=lambda name: abs(np.subtract(*means[name])))
    (within, without), (other,) = means[most], [name for name in means if name != most]
    return GATES[most] if abs(within - without) > 0.1 else NEITHER, (
        f"On the mean the {most} gate is open by {percent(within)} at vowels and by "
        f"{percent(without)} elsewhere, "
        f"the {other} gate by {' and '.join(map(percent, means[other]))}."
    )


def what_is_left() -> tuple[str, str]:
    """The model with the largest share of the gradient ``FAR`` characters back."""
    found = cached.fading(TEXT, STEP - 1, True, 0.0, 1.0)
    left = {kind: float(share(found[kind].state)[STEP - 1 - FAR]) for kind in MODELS}
    right = max(left, key=lambda kind: left[kind])
    said = ", ".join(f"{kind} {exponent(value)}" for kind, value in left.items())
    return right, f"{FAR} characters back there are left, with 1 where the loss stands: {said}."


QUESTIONS = (
    Question(
        "vowels",
        "Which gate hears the vowels?",
        f"Unit {VOWELS.unit} of a GRU follows whether the character just read is a vowel. Which of its gates "
        "differs most between vowels and the rest?",
        (*GATES.values(), NEITHER),
        the_gate_of_vowels,
        preset="Inside quotes",
        changes={"model": "gru", "unit": str(VOWELS.unit), "series": VOWELS.series},
    ),
    Question(
        "fading",
        "Who remembers longest?",
        f"A loss stands behind character {STEP}. Its gradient runs back through the text. In which model "
        "is most "
        f"of it left {FAR} characters earlier?",
        MODELS,
        what_is_left,
        preset="Why memory fades",
    ),
)
