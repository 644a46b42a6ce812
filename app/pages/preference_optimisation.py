"""Preference optimisation: why does SFT raise the bad answer too, and how does ORPO part them?"""

from app.catalogue import PREFERENCE_OPTIMISATION
from app.frame import Preset
from app.preference_optimisation.bring import OPENING as RUN
from app.preference_optimisation.bring import bring
from app.preference_optimisation.hand import hand
from app.preference_optimisation.live import LIVE_OPENING, live
from app.preference_optimisation.paper import OPENING as PAPER
from app.preference_optimisation.paper import results
from app.preference_optimisation.plane import BOTH_FALL, OPENING
from app.preference_optimisation.questions import QUESTIONS
from app.preference_optimisation.recorded import RECORDED_OPENING, recorded
from app.preference_optimisation.shared import state
from app.shown import page_of_views

VIEWS = {
    "recorded": ("Recorded runs", recorded),
    "hand": ("The loss, by hand", hand),
    "live": ("Train live", live),
    "bring": ("Bring your run", bring),
    "paper": ("The paper's results", results),
}
PRESETS = (
    Preset(
        "Token by token",
        "ORPO trains a real model: watch the tokens of both answers part.",
        state("recorded", **RECORDED_OPENING),
    ),
    Preset(
        "SFT beside ORPO",
        "SFT never looks at the rejected answer: where does a step move it, and where does ORPO?",
        state("hand", **OPENING),
    ),
    Preset(
        "A step of DPO",
        "DPO looks at the difference of the two answers alone: where does a step move each?",
        state("hand", **BOTH_FALL),
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
    Preset(
        "Race four methods",
        "SFT and ORPO with three weights fine-tune a small GPT while you watch.",
        state("live", **LIVE_OPENING),
    ),
)

page_of_views(PREFERENCE_OPTIMISATION, PRESETS, VIEWS, questions=QUESTIONS)
