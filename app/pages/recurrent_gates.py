"""Recurrent gates: what does an LSTM keep, write and show at each step, and why do plain RNNs forget?"""

from app.catalogue import RECURRENT_GATES
from app.frame import Preset
from app.recurrent_gates.cell import cell_with_numbers
from app.recurrent_gates.fading import FADING_OPENING, why_memory_fades
from app.recurrent_gates.find import find_a_cell
from app.recurrent_gates.gates import gates_over_text
from app.recurrent_gates.learning import LEARNING_OPENING, watch_it_learn
from app.recurrent_gates.questions import QUESTIONS
from app.recurrent_gates.reading import COUNTED, MIXED
from app.recurrent_gates.relatives import relatives
from app.recurrent_gates.shared import PREFIX
from app.recurrent_gates.surgery import gate_surgery
from app.recurrent_gates.wire import WIRE_OPENING, wire_your_own
from app.shown import page_of_views
from models.charcards import cards

# A view is one function of one module: it draws its controls and its picture and says what it has shown.
VIEWS = {
    "gates": ("Gates over text", gates_over_text),
    "cell": ("Inside the cell", cell_with_numbers),
    "find": ("Find a cell", find_a_cell),
    "surgery": ("Gate surgery", gate_surgery),
    "fading": ("Why memory fades", why_memory_fades),
    "wire": ("Wire your own cell", wire_your_own),
    "learning": ("Watch it learn", watch_it_learn),
    "relatives": ("Relatives", relatives),
}


def state(view: str, **given: str) -> dict[str, str]:
    """A preset's state of the named controls."""
    return {f"{PREFIX}_{key}": value for key, value in {"view": view, **given}.items()}


def reading(text: str, model: str, **given: str) -> dict[str, str]:
    """A preset of the first view: every control of it; "" is the opening view."""
    picture = dict.fromkeys(("part", "series", "unit", "order", "at", "from"), "")
    return state("gates", text=text, model=model, **(picture | given))


PRESETS = (
    Preset(
        "Inside quotes",
        "One cell of an LSTM knows whether it is inside quotes; nobody told it to.",
        reading(MIXED, "lstm"),
    ),
    Preset(
        "Find the bracket counter",
        "Which cell counts open brackets, and how much of it would chance find?",
        state("find", text=MIXED, model="lstm", rule="depth", stretch="", rank="1"),
    ),
    Preset(
        "Tell it six brackets are open",
        "Three are. Set one cell of the LSTM, and it closes six.",
        state(
            "surgery",
            text=COUNTED,
            model="lstm",
            part="",
            unit=str(cards()["lstm"].cells["depth"].unit),
            what="set",
            stretch=f"{COUNTED.rindex('(')}-{len(COUNTED) - 1}",
            value="-6",
            seed="1",
        ),
    ),
    Preset(
        "Why memory fades",
        "How little a loss can still change what was read long ago, in RNN, GRU and LSTM.",
        state("fading", **FADING_OPENING),
    ),
    Preset(
        "A counter that leaks",
        "One unit, eight numbers: mend its forget gate and it counts brackets.",
        state("wire", **WIRE_OPENING),
    ),
    Preset(
        "Learn to add",
        "An LSTM finds out, while you watch, which two of twenty numbers to keep.",
        state("learning", **LEARNING_OPENING),
    ),
)

page_of_views(RECURRENT_GATES, PRESETS, VIEWS, questions=QUESTIONS)
