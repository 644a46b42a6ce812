"""The view *The loss, by hand*: the plane, the odds ratio against the probability ratio, and lost digits."""

from streamlit.delta_generator import DeltaGenerator

from app.preference_optimisation.plane import plane
from app.preference_optimisation.shared import Shown


def hand(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """Draw what the visitor chose."""
    with picture:
        return plane()
