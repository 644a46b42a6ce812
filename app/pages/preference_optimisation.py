"""Preference optimisation: why does SFT raise the bad answer too, and how does ORPO part them?"""

from app.catalogue import PREFERENCE_OPTIMISATION
from app.frame import Preset
from app.preference_optimisation.bring import OPENING as RUN
from app.preference_optimisation.bring import bring
from app.preference_optimisation.hand import hand
from app.preference_optimisation.plane import BOTH_FALL, OPENING
from app.preference_optimisation.shared import state
from app.shown import page_of_views

VIEWS = {
    "hand": ("The loss, by hand", hand),
    "bring": ("Bring your run", bring),
}
PRESETS = (
    Preset(
        "SFT raises both",
        "SFT never looks at the rejected answer and raises it all the same; ORPO parts the two.",
        state("hand", **OPENING),
    ),
    Preset(
        "λ = 0.1 is not enough",
        "With a small weight on the odds ratio the rejected answer still rises.",
        state("hand", **{**OPENING, "lam": "0.1"}),
    ),
    Preset(
        "Why the chosen one falls",
        "DPO looks at the difference alone: both answers may fall while the loss gets better.",
        state("hand", **BOTH_FALL),
    ),
    Preset(
        "Doctor, a broken run",
        "A published run whose log-probabilities were divided by the length twice, found from its numbers.",
        state("bring", **RUN),
    ),
)

page_of_views(PREFERENCE_OPTIMISATION, PRESETS, VIEWS)
