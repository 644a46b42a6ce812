"""Questions to answer before the picture shows it."""

import numpy as np

from app.predict import Question
from app.recurrent_gates import cached
from app.recurrent_gates.fading import FAR, STEP, TEXT, exponent, share
from app.recurrent_gates.reading import MIXED
from models.charcards import cards
from models.quantise import percent

GATES = {"input": "the input gate", "forget": "the forget gate", "output": "the output gate"}
MODELS = ("RNN", "GRU", "LSTM")


def the_gate_of_quotes() -> tuple[str, str]:
    """The gate of the quote cell that differs most between inside quotes and outside."""
    inside = cached.rule_labels("quotes", MIXED) > 0
    unit = cards()["lstm"].cells["quotes"].unit
    gates = {name: cached.char_trace(MIXED, "lstm").gates.gates[name][0, 0, :, unit] for name in GATES}
    means = {name: (float(gate[inside].mean()), float(gate[~inside].mean())) for name, gate in gates.items()}
    right = max(means, key=lambda name: abs(np.subtract(*means[name])))
    others = ", ".join(
        f"{name} {percent(a)} and {percent(b)}" for name, (a, b) in means.items() if name != right
    )
    within, without = means[right]
    return GATES[right], (
        f"On the mean it is open by {percent(within)} inside quotes and by {percent(without)} outside. "
        "The others "
        f"hardly change: {others}. Outside it keeps what the cell holds; inside it lets it go."
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
        "quotes",
        "Which gate knows the quotes?",
        "One cell of an LSTM knows whether the text is inside quotes. Which of its gates differs most "
        "between "
        "inside and outside?",
        tuple(GATES.values()),
        the_gate_of_quotes,
        preset="Inside quotes",
        changes={"unit": str(cards()["lstm"].cells["quotes"].unit)},
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
