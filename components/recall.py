"""A Hopfield network finding a pattern; the browser's half is figures/recall.js."""

from components.figures import figure, message
from models.traces_memory import Recall

_RECALL = figure("recall")


def recall_picture(
    trace: Recall, shape: tuple[int, int], *, name: str, label: str, key: str, height: int = 330
) -> None:
    """Draw the sought pattern, the state as it changes, and the energy; ``shape`` are rows and columns.

    ``name`` names this recall: where it changes, the picture starts in the middle again.
    """
    header = {
        "id": name,
        "units": len(trace.cue),
        "turns": len(trace.flips),
        "rows": shape[0],
        "columns": shape[1],
        "stored": trace.stored_energy,
        "names": ["Stored pattern", "Noisy cue", "State of the network"],
        "label": label,
        "height": height,
    }
    arrays = (
        trace.patterns[trace.target],
        trace.cue,
        trace.flips,
        trace.asked,
        trace.energy,
        trace.overlaps[:, trace.target],
    )
    _RECALL(data=message(header, *arrays), key=key)
