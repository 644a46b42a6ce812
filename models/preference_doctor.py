"""What the numbers of a preference run say of each other: identities that must hold, and what is off.

Every check uses the run's own numbers and says them. A check that lacks a number is silent.
"""

import math
from collections.abc import Callable, Mapping

import numpy as np

from models.preference_runs import common
from models.traces import Array
from models.traces_preference import Curve, Finding, Level, Run

LN2 = math.log(2)
NEAR = 0.10  # of a loss: what means over several devices, batches and rounding leave
ROUNDED = 6e-4  # of numbers printed with four digits
LEAST_MOVE = 0.02  # of a value: less is "about the same"


def diagnose(run: Run) -> list[Finding]:
    """Everything that can be said of a run, what is wrong first."""
    found = [finding for check in CHECKS for finding in check(run)]
    order = {"wrong": 0, "note": 1, "holds": 2}
    return sorted(found, key=lambda finding: order[finding.level])


def _text(value: float) -> str:
    """A number in a sentence: four figures or so, with a real minus sign."""
    return f"{value:.4g}".replace("-", "−")


def sides(run: Run) -> list[tuple[str, Mapping[str, Curve]]]:
    """Training's and the held-out curves, with what a sentence calls them."""
    return [(name, curves) for name, curves in (("training", run.train), ("held-out", run.eval)) if curves]


def log_odds(logp: Array) -> Array:
    """log(P/(1 − P)) of a mean log-probability, stable at both ends."""
    near = logp > -LN2
    log1mexp = np.where(
        near, np.log(-np.expm1(np.where(near, logp, -LN2))), np.log1p(-np.exp(np.where(near, -LN2, logp)))
    )
    return np.asarray(logp - log1mexp)


def rewards(run: Run) -> list[Finding]:
    """Are rewards β·logps (no reference), or relative to a reference?"""
    if "reward_chosen" not in run.best:
        return []
    if run.beta is not None and run.beta_from.startswith("rewards"):
        name = "λ" if run.method == "ORPO" else "β"
        return [
            Finding(
                "holds",
                f"Rewards are {_text(run.beta)} × log-probabilities",
                f"On every row rewards ÷ logps is {_text(run.beta)}, so that is {name} (TRL calls it beta). "
                "No reference is in them: a reward below 0 is no fault, it is a log-probability.",
            )
        ]
    if "logp_chosen" not in run.best:
        return []
    if run.method == "ORPO":
        return [
            Finding(
                "wrong", "Rewards are no multiple of logps", "ORPO's rewards are β·logps; here they are not."
            )
        ]
    known = f" Their slope gives β = {_text(run.beta)}." if run.beta is not None else ""
    return [
        Finding(
            "holds",
            "Rewards are relative to a reference",
            "Rewards ÷ logps is not one number, as it is in ORPO, CPO and SimPO. In DPO a reward is "
            "β × (log P now − log P of the reference): it starts at 0 and says how far the model has moved."
            + known,
        )
    ]


def margins(run: Run) -> list[Finding]:
    """Margin = chosen − rejected."""
    for name, curves in sides(run):
        both = common(curves, "margin", "reward_chosen", "reward_rejected")
        if both is None:
            continue
        margin, chosen, rejected = both
        off = np.abs(chosen - rejected - margin)
        if off.max() > np.maximum(ROUNDED, 0.02 * np.abs(margin)).max():
            at = int(off.argmax())
            return [
                Finding(
                    "wrong",
                    "The margin is not chosen − rejected",
                    f"In {name} rows the rewards are {_text(chosen[at])} and {_text(rejected[at])}, which "
                    f"differ by {_text(chosen[at] - rejected[at])}; the log says {_text(margin[at])}.",
                )
            ]
    return []


def loss_identity(run: Run) -> list[Finding]:
    """loss ≈ nll + β·L_OR."""
    out = []
    for name, curves in sides(run):
        parts = common(curves, "loss", "nll", "or_loss")
        if parts is None or run.method != "ORPO":
            continue
        loss, nll, odds = parts
        beta = run.beta
        if beta is None:
            with np.errstate(divide="ignore", invalid="ignore"):
                beta = float(np.nanmedian((loss - nll) / odds))
        off = loss - nll - beta * odds
        worst = float(np.median(np.abs(off) / np.maximum(np.abs(loss), 1e-9)))
        at = int(np.abs(off).argmax())
        said = (
            f"In {name} rows nll + {_text(beta)} × L_OR is {_text(nll[at] + beta * odds[at])} where the loss "
            f"is {_text(loss[at])}"
        )
        if worst <= NEAR:
            why = (
                "."
                if worst < 0.005
                else (
                    f", {worst:.0%} apart: a trainer averages the loss over all devices and steps, the "
                    f"parts often "
                    "over one device or the last step alone."
                )
            )
            out.append(Finding("holds", "The loss is the sum of its parts", said + why))
        else:
            out.append(
                Finding(
                    "wrong",
                    "The loss is not the sum of its parts",
                    f"{said}: {worst:.0%} apart. Another weight, a third part, or numbers of different "
                    f"steps.",
                )
            )
    return out


def double_length(run: Run) -> list[Finding]:
    """Odds that the logged means cannot give: a mean divided by the length a second time."""
    for name, curves in sides(run):
        given = common(curves, "or_loss", "logp_chosen", "logp_rejected")
        if given is None or run.summed:
            continue
        logged, chosen, rejected = (float(values[-1]) for values in given)
        if not (chosen < 0 and rejected < 0):
            continue
        again = float(np.logaddexp(0, -(log_odds(np.array(chosen)) - log_odds(np.array(rejected)))))
        said = (
            f"In {name} rows the log says L_OR = {_text(logged)}. Mean log-probabilities of "
            f"{_text(chosen)} and "
            f"{_text(rejected)} give {_text(again)}; a mean over pairs lies somewhat above that."
        )
        if logged > 3 * again + LN2:
            return [
                Finding("wrong", "L_OR does not belong to these log-probabilities", said + _twice(curves))
            ]
        return [Finding("holds", "L_OR fits the log-probabilities", said)]
    return _sft_twice(run)


def _twice(curves: Mapping[str, Curve]) -> str:
    """What a mean that was divided twice leaves: an nll far below −logps/chosen."""
    parts = common(curves, "nll", "logp_chosen")
    text = (
        " A mean divided by the answer's length a second time lies so near 0 that P is nearly 1, and its "
        "odds "
        "explode: compute the odds from the mean, once."
    )
    if parts is not None and parts[0][-1] < -0.5 * parts[1][-1]:
        nll, chosen = float(parts[0][-1]), float(parts[1][-1])
        text += (
            f" The SFT part says so too: {_text(nll)}, where −logps/chosen is {_text(-chosen)}, "
            f"{-chosen / nll:.1f} times as much."
        )
    return text


def _sft_twice(run: Run) -> list[Finding]:
    """The same fault where the rejected log-probability is missing: the L_OR alone is impossible."""
    for name, curves in sides(run):
        given = common(curves, "or_loss", "logp_chosen")
        if given is None or run.summed:
            continue
        logged, chosen = float(given[0][-1]), float(given[1][-1])
        if logged > 6 and chosen < -0.1:
            # log odds_l = log odds_w + about L_OR, so 1 − P_l is about its exponential
            rest = math.exp(-(float(log_odds(np.array(chosen))) + logged))
            return [
                Finding(
                    "wrong",
                    "L_OR does not belong to these log-probabilities",
                    f"In {name} rows L_OR is {_text(logged)} while the chosen mean is {_text(chosen)}. For "
                    f"that a "
                    f"rejected token would need a probability of 1 − {_text(rest)}." + _twice(curves),
                )
            ]
    return []


def sums_or_means(run: Run) -> list[Finding]:
    """ORPO and SimPO take means, DPO and CPO sums."""
    if run.summed is None or "logp_chosen" not in run.best:
        return []
    value = _text(float(np.median(run.best["logp_chosen"].values)))
    if run.method == "ORPO" and run.summed:
        return [
            Finding(
                "wrong",
                "The log-probabilities look like sums",
                f"logps/chosen is about {value}. ORPO takes the mean over the answer's tokens; with sums P "
                f"is so "
                "small that odds and probability are one and long answers are punished.",
            )
        ]
    if run.method.startswith("DPO") and not run.summed:
        return [
            Finding(
                "note",
                "The log-probabilities look like means",
                f"logps/chosen is about {value}. DPO's own loss takes sums over the answer; with means β "
                f"must be "
                "larger, about by the length of an answer. Very short answers look the same.",
            )
        ]
    kind = "sums over answers" if run.summed else "means over tokens"
    return [Finding("holds", f"Log-probabilities are {kind}", f"logps/chosen is about {value}.")]


def jensen(run: Run) -> list[Finding]:
    """The mean of log σ never exceeds log σ of the mean."""
    for name, curves in sides(run):
        given = common(curves, "or_loss", "log_odds_ratio")
        if given is None:
            continue
        odds, ratio = given
        least = np.logaddexp(0, -ratio)
        if np.any(odds < least - 0.01 * np.maximum(1, least)):
            at = int((odds - least).argmin())
            return [
                Finding(
                    "wrong",
                    "Two numbers on the odds contradict each other",
                    f"In {name} rows the mean log odds ratio is {_text(ratio[at])}, so L_OR cannot be below "
                    f"{_text(float(least[at]))}; the log says {_text(odds[at])}.",
                )
            ]
        return [
            Finding(
                "holds",
                "The two log odds numbers agree",
                f"TRL's “log_odds_chosen” is the log odds ratio itself, at last {_text(ratio[-1])}; its "
                f"“log_odds_ratio” is log σ of it, at last {_text(-odds[-1])}. The second is −0.693 where "
                f"the "
                "model has no preference, and the mean over pairs lies a little below log σ of the mean.",
            )
        ]
    return []


def change(curve: Curve) -> tuple[float, float, float]:
    """Start, end and how far a curve went: means of its first and last fifth."""
    part = max(1, len(curve.values) // 5)
    first, last = float(curve.values[:part].mean()), float(curve.values[-part:].mean())
    return first, last, last - first


def moved(curve: Curve) -> float:
    """−1, 0 or 1: a curve fell, stayed within what it varies by, or rose."""
    first, last, by = change(curve)
    least = max(LEAST_MOVE * max(abs(first), abs(last)), 1e-4)
    return 0.0 if abs(by) < least or len(curve.values) < 2 else math.copysign(1, by)


def chosen_falls(run: Run) -> list[Finding]:
    """The question that everybody asks."""
    curves = run.best
    name = "reward_chosen" if "reward_chosen" in curves else "logp_chosen"
    if name not in curves or len(curves[name].values) < 2:
        return []
    first, last, by = change(curves[name])
    what = "reward" if name == "reward_chosen" else "log-probability"
    if moved(curves[name]) >= 0:
        return [
            Finding(
                "holds", f"The chosen {what} does not fall", f"It goes from {_text(first)} to {_text(last)}."
            )
        ]
    text = f"The chosen {what} goes from {_text(first)} to {_text(last)}"
    other = curves.get(name.replace("chosen", "rejected"))
    apart = 0.0
    if other is not None:
        start, end, fell = change(other)
        apart = by - fell
        text += (
            f", the rejected one from {_text(start)} to {_text(end)}: the distance "
            f"{'grows' if apart > 0 else 'shrinks'} by {_text(abs(apart))}"
        )
    text += ". "
    if run.method == "ORPO":
        text += (
            "ORPO holds the chosen answer up by its SFT part alone. Both fall where the odds ratio "
            "outweighs it: λ "
            "is large (the paper's λ = 1 does this), or the learning rate is. Look whether nll rises as well."
        )
    elif run.method in ("SimPO", "CPO"):
        text += "The loss sees the difference of the two; CPO adds an SFT part against this fall, SimPO none."
    else:
        text += (
            "The loss sees only the difference of the two, never their level. The two answers share most "
            "of their "
            "words, so that pushing the rejected one down takes the chosen one along. That is how DPO "
            "works, not "
            "a bug, as long as accuracy and samples stay good. Against it: a smaller learning rate, a "
            "larger β, "
            "an SFT part beside the loss, or a method that has one (CPO, ORPO)."
        )
    level: Level = "note" if apart > 0 or other is None else "wrong"
    return [Finding(level, f"Why does the chosen {what} fall?", text)]


def preference(run: Run) -> list[Finding]:
    """Is there any preference at all?"""
    curves = run.best
    if "accuracy" in curves:
        first, last, _ = change(curves["accuracy"])
        if not 0 <= last <= 1:
            return [
                Finding("wrong", "The accuracy is no share", f"It ends at {_text(last)}; 0 to 1 is expected.")
            ]
        if abs(last - 0.5) < 0.03:
            return [
                Finding(
                    "note",
                    "The pairs are told apart by chance alone",
                    f"At the end the chosen answer has the larger reward in {last:.0%} of pairs.",
                )
            ]
        if last < 0.5:
            return [
                Finding(
                    "wrong",
                    "The rejected answer wins",
                    f"At the end the chosen answer has the larger reward in {last:.0%} of pairs only. Are "
                    f"the two "
                    "columns swapped?",
                )
            ]
        return [
            Finding(
                "holds",
                "The chosen answer wins more often",
                f"It has the larger reward in {last:.0%} of pairs at the end"
                + (f", {first:.0%} at the start." if len(curves["accuracy"].values) > 1 else "."),
            )
        ]
    return []


def overfit(run: Run) -> list[Finding]:
    """Held-out loss that rises while training's falls."""
    if "loss" not in run.train or "loss" not in run.eval or len(run.eval["loss"].values) < 2:
        return []
    (start, end, by), held = change(run.train["loss"]), run.eval["loss"].values
    best = float(held.min())
    if by < 0 and held[-1] > best * (1 + LEAST_MOVE) and held.argmin() < len(held) - 1:
        at = run.eval["loss"].step[int(held.argmin())]
        return [
            Finding(
                "note",
                "The held-out loss rises again",
                f"It was lowest, {_text(best)}, at step {at:g} and ends at {_text(float(held[-1]))}, while "
                f"training's goes from {_text(start)} to {_text(end)}: the last steps learn these pairs by "
                f"heart.",
            )
        ]
    return []


def impossible(run: Run) -> list[Finding]:
    """Log-probabilities above 0."""
    for name, curves in sides(run):
        for answer in ("chosen", "rejected"):
            curve = curves.get(f"logp_{answer}")
            if curve is not None and np.any(curve.values > 0):
                return [
                    Finding(
                        "wrong",
                        "A log-probability above 0",
                        f"In {name} rows logps/{answer} reaches {_text(float(curve.values.max()))}; a "
                        f"probability "
                        "above 1 does not exist. Are these logits?",
                    )
                ]
    return []


def recognised(run: Run) -> list[Finding]:
    """What the log was taken for."""
    steps = [float(curve.step[-1]) for _, curves in sides(run) for curve in curves.values()]
    what = f"{run.method} by {run.trainer}" if run.method and run.trainer else run.method or "unknown"
    level = f", {'λ' if run.method == 'ORPO' else 'β'} = {_text(run.beta)}" if run.beta is not None else ""
    return [
        Finding(
            "holds" if run.method else "note",
            f"Read as {what}{level}",
            f"{run.format}, up to step {max(steps):g}, {len(run.train)} numbers of training and "
            f"{len(run.eval)} of "
            "held-out pairs. " + " ".join(run.notes),
        )
    ]


CHECKS: tuple[Callable[[Run], list[Finding]], ...] = (
    impossible,
    double_length,
    jensen,
    loss_identity,
    margins,
    sums_or_means,
    chosen_falls,
    preference,
    overfit,
    rewards,
    recognised,
)
