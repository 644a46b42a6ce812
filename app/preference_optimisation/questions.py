"""Questions to answer before the picture shows it."""

from app.predict import Question
from app.preference_optimisation.plane import BOTH_FALL
from models.replays import RUNS, replays
from models.traces_replay import Replay

RISES, FALLS = "it becomes more likely", "it becomes less likely"
SHARES = {"as much": 1.0, "about a half of it": 0.5, "about a fifth of it": 0.2, "nothing": 0.0}
WEAK = ("tinygpt", "orpo-0.1")  # not what the page opens with, whose picture would tell
UP, DOWN, ALIKE = "the chosen rises more", "the rejected falls more", "both by about the same"


def held_out(model: str, run: str) -> tuple[Replay, tuple[float, float], tuple[float, float]]:
    """A recorded run, and the mean log-probabilities of chosen and rejected answers, first and last."""
    found = replays(model)[RUNS[model].index(run)]
    chosen, rejected = (found.held_out(f"mean_logps/{side}") for side in ("chosen", "rejected"))
    return found, (chosen[0], chosen[-1]), (rejected[0], rejected[-1])


def number(value: float) -> str:
    """A log-probability with a true minus."""
    return f"{value:.2f}".replace("-", "−")


def how_far_the_rejected_rises() -> tuple[str, str]:
    """What the rejected answers gain over a run of SFT, as a share of what the chosen gain."""
    run, chosen, rejected = held_out("smollm2", "sft")
    share = (rejected[1] - rejected[0]) / (chosen[1] - chosen[0])
    right = min(SHARES, key=lambda option: abs(SHARES[option] - share))
    return right, (
        f"In {run.steps[-1]} steps its mean log P goes from {number(rejected[0])} to "
        f"{number(rejected[1])}, the "
        f"chosen one’s from {number(chosen[0])} to {number(chosen[1])}. What both share was learned as well."
    )


def which_moves_more() -> tuple[str, str]:
    """Chosen and rejected over a run of ORPO."""
    _, chosen, rejected = held_out(*WEAK)
    up, down = chosen[1] - chosen[0], rejected[0] - rejected[1]
    right = UP if up > down + 0.3 else DOWN if down > up + 0.3 else ALIKE
    return right, (
        f"The chosen one’s mean log P goes from {number(chosen[0])} to {number(chosen[1])}, the rejected "
        "one’s from "
        f"{number(rejected[0])} to {number(rejected[1])}."
    )


def where_dpo_leads() -> tuple[str, str]:
    """Where a small step of DPO moves the chosen answer at the preset's point, to first order."""
    from models.preference_point import at_point

    given = {name: float(value) for name, value in BOTH_FALL.items() if name not in ("what", "left", "right")}
    _, _, _, up, down = next(point for point in at_point(**given) if point[0] == "DPO")
    up, down, both = given["nw"] * up, given["nl"] * down, given["c"] * given["r"]
    chosen, rejected = -(up + both * down), -(both * up + given["r"] ** 2 * down)
    right = RISES if chosen > 0 else FALLS
    way = {True: "up", False: "down"}
    return right, (
        f"The step moves the chosen answer {way[chosen > 0]} and the rejected one {way[rejected > 0]}, "
        f"{abs(rejected / chosen):.1f} times as far. The loss counts the difference alone; the "
        "gradients have the "
        f"cosine {given['c']:g}."
    )


QUESTIONS = (
    Question(
        "sft",
        "How far does the bad answer rise?",
        "A language model is trained on chosen answers alone (SFT), and their log-probability grows. "
        "How much of "
        "that do the rejected answers gain, which it never sees?",
        tuple(SHARES),
        how_far_the_rejected_rises,
        preset="Token by token",
        changes={"run": "sft", "step": "100"},
    ),
    Question(
        "orpo",
        "Which answer moves more?",
        "A small GPT is trained with ORPO: SFT with a penalty on the odds of the rejected answer, "
        "here with the "
        "small weight λ = 0.1. Which log-probability changes more?",
        (UP, ALIKE, DOWN),
        which_moves_more,
        preset="Token by token",
        changes={"model": WEAK[0], "run": WEAK[1], "step": "200"},
    ),
    Question(
        "dpo",
        "What does DPO do to the good one?",
        f"A step of DPO. The chosen answer has {BOTH_FALL['nw']} tokens, the rejected one "
        f"{BOTH_FALL['nl']}, and "
        "their gradients point largely the same way. What happens to the chosen answer?",
        (RISES, FALLS),
        where_dpo_leads,
        preset="A step of DPO",
    ),
)
