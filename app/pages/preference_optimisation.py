"""Preference optimisation: why does SFT raise the bad answer too, and how does ORPO part them?"""

from app.catalogue import PREFERENCE_OPTIMISATION
from app.frame import Preset
from app.preference_optimisation.bring import OPENING as RUN
from app.preference_optimisation.bring import bring
from app.preference_optimisation.hand import hand
from app.preference_optimisation.paper import OPENING as PAPER
from app.preference_optimisation.paper import results
from app.preference_optimisation.plane import BOTH_FALL, OPENING
from app.preference_optimisation.ratios import RATIOS_OPENING
from app.preference_optimisation.shared import state
from app.shown import page_of_views

VIEWS = {
    "hand": ("The loss, by hand", hand),
    "bring": ("Bring your run", bring),
    "paper": ("The paper's results", results),
}
PRESETS = (
    Preset(
        "SFT raises both",
        "SFT never looks at the rejected answer and raises it all the same; ORPO parts the two.",
        state("hand", **OPENING),
    ),
    Preset(
        "Why the good one falls",
        "DPO looks at the difference alone: both answers may fall while the loss gets better.",
        state("hand", **BOTH_FALL),
    ),
    Preset(
        "Odds or probabilities",
        "50,000 pairs as in the paper, with the exact laws; then choose probabilities as models have them.",
        state("hand", **RATIOS_OPENING),
    ),
    Preset(
        "A broken run",
        "A published run whose log-probabilities were divided by the length twice, found from its numbers.",
        state("bring", **RUN),
    ),
    Preset(
        "Wins or draws?",
        "ORPO against SFT, DPO and PPO; assume a number of prompts and see which wins are left.",
        state("paper", **{**PAPER, "judged": "200"}),
    ),
)

page_of_views(PREFERENCE_OPTIMISATION, PRESETS, VIEWS)
