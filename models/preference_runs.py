"""A visitor's training log as runs: trainer_state.json, JSON, JSONL, CSV of TensorBoard or Weights & Biases.

Trainers name the same number differently, and TRL names two numbers misleadingly: its ``log_odds_ratio`` is
log σ of the log odds ratio, and its ``log_odds_chosen`` is the log odds ratio. Here each has one name.
"""

import csv
import io
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

import numpy as np

from models.errors import FileError
from models.traces_preference import Curve, Run

MOST_MB, MOST_ROWS, MOST_COLUMNS = 5, 50_000, 600
FORMATS = ("json", "jsonl", "csv")
# What a trainer writes, in lower case with _ for every other sign → our name and the factor it stands for
NAMES = {
    "loss": ("loss", 1),
    "nll_loss": ("nll", 1),
    "sft_loss": ("nll", 1),
    "odds_ratio_loss": ("or_loss", 1),
    "log_odds_ratio": ("or_loss", -1),  # TRL and the authors: log σ of the log odds ratio
    "log_odds_chosen": ("log_odds_ratio", 1),  # TRL
    "log_odds": ("log_odds_ratio", 1),  # the authors
    "logps_chosen": ("logp_chosen", 1),
    "logps_rejected": ("logp_rejected", 1),
    "positive_geometric_mean": ("logp_chosen", 1),
    "negative_geometric_mean": ("logp_rejected", 1),
    "rewards_chosen": ("reward_chosen", 1),
    "rewards_rejected": ("reward_rejected", 1),
    "rewards_margins": ("margin", 1),
    "rewards_accuracies": ("accuracy", 1),
    "accuracy": ("accuracy", 1),
    "learning_rate": ("learning_rate", 1),
    "grad_norm": ("grad_norm", 1),
}
STEPS = ("step", "_step", "current_steps", "train_global_step", "global_step")
TOKENS = ("num_tokens", "num_input_tokens_seen", "tokens")
SUM_AT = 12.0  # nats: a mean of tokens lies nearer to 0 than this, the sum of an answer seldom does
ADDED = re.compile(r"__(MIN|MAX)$")
Row = dict[str, Any]


def read_run(file: Any) -> Run:
    """Read a path or an open file with a name; the first run where it holds several. Raises FileError."""
    if isinstance(file, str | Path):
        return read_runs(Path(file).name, Path(file).read_bytes())[0]
    data = file.getvalue() if hasattr(file, "getvalue") else file.read()
    return read_runs(getattr(file, "name", "run.json"), data)[0]


def read_runs(name: str, data: bytes, *, most_mb: int = MOST_MB) -> list[Run]:
    """Every run that a file holds, told apart by its ending. Raises FileError, one sentence."""
    shown = PurePath(name.replace("\\", "/")).name[:80] or "The file"
    kind = PurePath(shown).suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise FileError(f"{shown} is none of the logs that are read here: {', '.join(FORMATS)}.")
    if len(data) > most_mb * 2**20:
        raise FileError(f"{shown} has {len(data) / 2**20:.1f} MB; at most {most_mb} MB are read.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileError(f"{shown} is no text in UTF-8; a log of JSON or CSV is expected.") from None
    if not text.strip():
        raise FileError(f"{shown} is empty.")
    stem = PurePath(shown).stem
    if kind == "csv":
        return _csv(shown, stem, text)
    rows, form = _json(shown, text) if kind == "json" else (_lines(shown, text), "JSONL")
    return [run_of(stem, form, rows, shown)]


def _json(shown: str, text: str) -> tuple[list[Row], str]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise FileError(f"{shown} is no JSON that can be read.") from None
    for key, form in (("log_history", "trainer_state.json"), ("history", "recorded run")):
        if isinstance(content, dict) and isinstance(content.get(key), list):
            return content[key], form
    if isinstance(content, dict):
        return [content], "JSON"
    if isinstance(content, list):
        return content, "JSON"
    raise FileError(f"{shown} holds no log; a log_history or a list of rows is expected.")


def _lines(shown: str, text: str) -> list[Row]:
    rows: list[Row] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            rows.append(json.loads(line))
        except (ValueError, RecursionError):
            raise FileError(f"{shown} has no JSON in line {number}; one object a line is expected.") from None
    return rows


def plain(name: str) -> str:
    """A metric's name as all trackers' names compare: "train/rewards/chosen" → "train_rewards_chosen"."""
    return re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_")


def side(name: str) -> tuple[str, bool]:
    """A plain name without its prefix, and whether it is of held-out pairs."""
    held_out = re.match(r"(eval|val|valid|validation|test)_", name)
    if held_out:
        return name[held_out.end() :], True
    return name.removeprefix("train_"), False


def run_of(name: str, form: str, rows: Sequence[Any], shown: str) -> Run:
    """A run from rows of metric → number, in the log's own names. Raises FileError where none is known."""
    if len(rows) > MOST_ROWS:
        raise FileError(f"{shown} has {len(rows):,} rows; at most {MOST_ROWS:,} are read.")
    found: dict[tuple[str, bool], dict[float, tuple[float, float, float]]] = {}
    seen: set[str] = set()
    again = bad = 0
    last = 0.0
    for row in rows:
        if not isinstance(row, dict) or len(row) > MOST_COLUMNS:
            raise FileError(f"{shown} has a row that is no set of names and numbers.")
        given = {plain(str(key)): value for key, value in row.items()}
        if "train_runtime" in given and "log_history" not in given and form == "trainer_state.json":
            continue  # the summary at a run's end, of means over all of it
        step = next((value for key in STEPS if (value := _number(given.get(plain(key)))) is not None), None)
        step = last if step is None else step
        last = step
        epoch = _number(given.get("epoch", given.get("train_epoch")))
        tokens = next((v for key in TOKENS if (v := _number(given.get(plain(key)))) is not None), None)
        for key, value in given.items():
            base, held_out = side(key)
            if base not in NAMES or value is None or value == "":
                continue
            number = _number(value)
            if number is None:
                bad += 1
                continue
            seen.add(base)
            ours, factor = NAMES[base]
            if base.endswith("geometric_mean") and 0 < number <= 1:
                number = math.log(number)  # the mean itself, not its logarithm
            places = found.setdefault((ours, held_out), {})
            again += step in places
            places[step] = (
                math.nan if epoch is None else epoch,
                math.nan if tokens is None else tokens,
                factor * number,
            )
    if not found:
        raise FileError(
            f"{shown} names no number of a preference run; loss, logps/chosen, rewards/chosen and their like "
            "are expected."
        )
    notes = []
    if again:
        notes.append(
            f"{_count(again, 'value')} came twice for a step, as after a resumption; the last is kept."
        )
    if bad:
        notes.append(f"{_count(bad, 'value')} {'is' if bad == 1 else 'are'} no finite number and left out.")
    return judged(
        Run(
            name,
            form,
            {key: _curve(places) for (key, held_out), places in found.items() if not held_out},
            {key: _curve(places) for (key, held_out), places in found.items() if held_out},
            notes=tuple(notes),
        ),
        seen,
    )


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _number(value: Any) -> float | None:
    """A finite number, also one that stands in a text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _curve(places: Mapping[float, tuple[float, float, float]]) -> Curve:
    steps = np.array(sorted(places), float)
    epoch, tokens, values = np.array([places[step] for step in steps], float).T
    return Curve(steps, epoch, tokens, values)


def judged(run: Run, seen: Iterable[str]) -> Run:
    """The run with what its names and numbers say of its trainer, its method, β, and sums or means."""
    names = set(seen)
    curves = run.best
    trainer, method = "", ""
    if "odds_ratio_loss" in names:
        trainer, method = "LlamaFactory", "ORPO"
    elif {"positive_geometric_mean", "log_odds"} & names:
        trainer, method = "the ORPO authors' code", "ORPO"
    elif "log_odds_chosen" in names or "log_odds_ratio" in names:
        trainer, method = "TRL", "ORPO"
    summed = None
    if "logp_chosen" in curves:
        summed = bool(np.median(np.abs(curves["logp_chosen"].values)) > SUM_AT)
    ratio = _ratio(run)
    if method and ratio is None and (other := _no_orpo(run)):
        trainer, method = "a trainer that logs the odds of every method", other
    elif not method and "reward_chosen" in curves:
        trainer = "TRL or a trainer of its names"
        alone = "CPO" if summed else "SimPO"  # without a reference
        method = "DPO or one of its kind" if ratio is None else alone
    if not method:
        method = "SFT" if "logp_chosen" not in curves else ""
    beta, where = ratio, "rewards ÷ logps" if ratio is not None else ""
    if beta is None and "reward_chosen" in run.eval and "logp_chosen" in run.eval:
        beta = _slope(run.eval["logp_chosen"], run.eval["reward_chosen"])
        where = "the slope of held-out rewards against logps" if beta is not None else ""
    return Run(run.name, run.format, run.train, run.eval, trainer, method, beta, where, summed, run.notes)


def _no_orpo(run: Run) -> str:
    """What a run is that logs odds although its loss is not ORPO's, never below its SFT part; else ""."""
    for curves in (run.eval, run.train):
        both = common(curves, "loss", "nll")
        if both is None:
            continue
        loss, nll = both
        if np.allclose(loss, nll, rtol=1e-3):
            return "SFT"
        if "reward_chosen" in curves and np.mean(loss < 0.98 * nll) > 0.5:
            return "DPO or one of its kind"
    return ""


def _ratio(run: Run) -> float | None:
    """β where rewards are β·logps on every row, within rounding; else None."""
    ratios = []
    for curves in (run.train, run.eval):
        for answer in ("chosen", "rejected"):
            pair = common(curves, f"reward_{answer}", f"logp_{answer}")
            if pair is not None and np.all(pair[1] != 0):
                ratios.append(pair[0] / pair[1])
    if not ratios:
        return None
    every = np.concatenate(ratios)
    middle = float(np.median(every))
    return middle if middle > 0 and np.all(np.abs(every / middle - 1) < 0.02) else None


def _slope(logp: Curve, reward: Curve) -> float | None:
    """β of rewards that are relative to a fixed reference, from two or more looks at the same pairs."""
    if len(logp.values) < 2 or len(logp.values) != len(reward.values):
        return None
    dx, dy = np.diff(logp.values), np.diff(reward.values)
    size = float(dx @ dx)
    if size < 1e-8:
        return None
    beta = float(dx @ dy) / size
    return beta if beta > 0 and np.allclose(dy, beta * dx, rtol=0.05, atol=2e-3 * np.abs(dy).max()) else None


def common(curves: Mapping[str, Curve], *names: str) -> list[np.ndarray] | None:
    """The values of several curves at the steps that all of them have, or None where there is none."""
    if not all(name in curves for name in names):
        return None
    steps = set.intersection(*(set(curves[name].step) for name in names))
    if not steps:
        return None
    return [curves[name].values[np.isin(curves[name].step, list(steps))] for name in names]


def _csv(shown: str, stem: str, text: str) -> list[Run]:
    rows = list(csv.reader(io.StringIO(text)))
    heads = [head.strip() for head in rows[0]]
    if len(heads) > MOST_COLUMNS:
        raise FileError(f"{shown} has {len(heads):,} columns; at most {MOST_COLUMNS} are read.")
    body = [row for row in rows[1:] if any(cell.strip() for cell in row)]
    if [plain(head) for head in heads] == ["wall_time", "step", "value"]:
        run, metric = _tensorboard(stem)
        return [
            run_of(run, "TensorBoard CSV", [{"step": r[1], metric: r[2]} for r in body if len(r) > 2], shown)
        ]
    runs: dict[str, list[Row]] = {}
    for row in body:
        shared: Row = {}
        own: dict[str, Row] = {}
        for head, cell in zip(heads, row, strict=False):
            if ADDED.search(head) or not cell.strip():
                continue
            run, between, metric = head.rpartition(" - ")
            (own.setdefault(run, {}) if between else shared)[metric] = cell
        for run, numbers in (own or {stem: {}}).items():
            runs.setdefault(run, []).append(shared | numbers)
    if not runs:
        raise FileError(f"{shown} has a line of names and no line of numbers.")
    return [run_of(run, "W&B CSV", given, shown) for run, given in runs.items()]


def _tensorboard(stem: str) -> tuple[str, str]:
    """Run and metric of a file that TensorBoard saved: "run-NAME-tag-train_loss", or NAME_train_loss."""
    named = re.fullmatch(r"(?:run[-_])?(.*?)[-_]?tag[-_](.+)", stem)
    if named:
        return named[1] or "run", named[2]
    for name in sorted(NAMES, key=len, reverse=True):
        ends = re.fullmatch(rf"(?:(.*?)_)??((?:(?:train|eval)_)?{re.escape(name)})", plain(stem))
        if ends:
            return ends[1] or "run", ends[2]
    raise FileError(
        f"{stem[:80]}.csv has TensorBoard's columns, but its name does not say which number it holds; "
        "TensorBoard calls such a file run-NAME-tag-rewards_chosen.csv."
    )


def together(runs: Iterable[Run]) -> list[Run]:
    """Runs of one name and format as one: TensorBoard and W&B save a file a chart."""
    out: dict[tuple[str, str], Run] = {}
    names: dict[tuple[str, str], set[str]] = {}
    for run in runs:
        key = (run.name, run.format if "CSV" in run.format else f"{run.format}{len(out)}")
        before = out.get(key)
        names.setdefault(key, set()).update(_own_names(run))
        if before is not None:
            run = Run(
                run.name,
                run.format,
                {**before.train, **run.train},
                {**before.eval, **run.eval},
                trainer=before.trainer or run.trainer,
                notes=tuple(dict.fromkeys((*before.notes, *run.notes))),
            )
            run = judged(run, names[key])
        out[key] = run
    return list(out.values())


def _own_names(run: Run) -> set[str]:
    """Names that tell a trainer, as far as a part of a run shows them."""
    told = {"LlamaFactory": "odds_ratio_loss", "TRL": "log_odds_chosen", "the ORPO authors' code": "log_odds"}
    return {told[run.trainer]} if run.trainer in told else set()
