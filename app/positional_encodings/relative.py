"""Schemes that add to the scores instead of the words: ALiBi, T5's buckets, T5 small's own bias."""

from fractions import Fraction

import numpy as np
import pandas as pd
import streamlit as st

from app import frame
from app.positional_encodings import cached
from app.positional_encodings.encodings import NAMES, Array, Setting, figure
from app.positional_encodings.shared import PREFIX, Shown, height
from components import charts, figures
from components.figures import Panel, Scale
from models import positions

FAR = 1024  # positions after which the last bucket has begun, whatever their number


def bias(setting: Setting, at: int) -> Shown:
    """What a scheme adds to the score of query and key, or the bucket it looks up."""
    n = setting.n
    if setting.scheme == "alibi":
        values = positions.alibi_bias(setting.heads, n)
        values[~np.isfinite(values)] = np.nan
        names = [f"Head {i + 1}: slope {fraction(s)}" for i, s in enumerate(slopes(setting))]
        panels = [Panel(name, np.exp(head)) for name, head in zip(names, values, strict=True)]
        scale = Scale("what is left of a weight, e^bias", 0, 1)
        sentences = alibi_sentences(setting, at)
    elif setting.scheme == "t5":
        place = np.arange(n)
        values = positions.t5_buckets(place - place[:, None], buckets=setting.buckets)[None].astype(float)
        panels = [Panel(f"{setting.buckets} buckets, both directions", values[0])]
        scale = Scale("bucket", 0, setting.buckets - 1, 0)
        sentences = bucket_sentences(setting, at)
    else:
        values = learned(setting)[:, n - 1 - np.arange(n)[:, None] + np.arange(n)]
        panels = [Panel(f"Head {i + 1}", head) for i, head in enumerate(values)]
        most = float(np.abs(values).max())
        scale = Scale("added to the score", -most, most, 1)
        sentences = learned_sentences(setting)
    left, right = st.columns([1, 1]) if setting.scheme == "t5" else (st.container(), None)
    with left:
        figures.matrix(
            panels,
            scale,
            axes=("query", "key"),
            label=f"{NAMES[setting.scheme]}: {n} queries down and keys across, {len(panels)} pictures.",
            key=f"{PREFIX}_matrix",
            height=height(),
            square=True,
        )
    if right:
        with right:
            draw_distance(setting)
    numbers = [pd.DataFrame(table) for table in values]
    return Shown(
        f"{NAMES[setting.scheme]}: query × key",
        sentences,
        lambda: (
            pd.concat(numbers, keys=range(1, len(numbers) + 1), names=["head", "query"])
            if len(numbers) > 1
            else numbers[0]
        ),
    )


def distance(setting: Setting) -> Shown:
    """What is added, or the bucket, against the distance from query to key."""
    series = draw_distance(setting)
    sentences = {
        "alibi": alibi_decay_sentences,
        "t5": bucket_steps_sentences,
        "t5-learned": learned_sentences,
    }[setting.scheme](setting)
    return Shown(f"{NAMES[setting.scheme]}: against distance", sentences, lambda: series)


def draw_distance(setting: Setting) -> pd.DataFrame:
    """Draw a line for each head or for the buckets; the numbers, one row a distance."""
    places = np.arange(setting.n) if setting.scheme == "alibi" else np.arange(1 - setting.n, setting.n)
    if setting.scheme == "alibi":
        x, y = "distance back, positions", "what is left of a weight, e^bias"
        series = {f"head {i + 1}": np.exp(-slope * places) for i, slope in enumerate(slopes(setting))}
    elif setting.scheme == "t5":
        x, y = "key − query, positions", "bucket"
        series = {"bucket": positions.t5_buckets(places, buckets=setting.buckets)}
    else:
        x, y = "key − query, positions", "added to the score"
        series = {f"head {i + 1}": line for i, line in enumerate(learned(setting))}
    both = setting.scheme != "alibi"
    frame.chart(
        charts.lines(
            series,
            x=x,
            y=y,
            start=int(places[0]),
            mark=0 if both else None,
            steps=both,
            height=height(),
        ),
        alt=f"{y} against {x} for {NAMES[setting.scheme]}.",
        key=f"{PREFIX}_distance",
    )
    return pd.DataFrame(series, places)


def slopes(setting: Setting) -> Array:
    """ALiBi's slope of each head."""
    return positions.alibi_slopes(setting.heads)


def fraction(number: float) -> str:
    """A slope as the paper writes it, 1/256, or as a decimal where it is none of these."""
    exact = Fraction(float(number))
    return f"1/{exact.denominator}" if exact.numerator == 1 else figure(number)


def learned(setting: Setting) -> Array:
    """What T5 small's heads add at key − query from 1 − n to n − 1, (heads, 2n − 1)."""
    weights, _ = cached.bias_table("t5-small")  # (buckets, heads)
    bucket = positions.t5_buckets(np.arange(1 - setting.n, setting.n), buckets=len(weights))
    return weights[bucket].T.astype(float)


def alibi_sentences(setting: Setting, at: int) -> list[str]:
    """What the matrices of ALiBi show."""
    slope = slopes(setting)
    return [
        f"Head 1 takes {fraction(slope[0])} off the score for every step back, "
        f"head {slope.argmin() + 1} only {fraction(slope.min())}.",
        f"{at} steps back, that leaves {figure(np.exp(-slope[0] * at))} of a weight in head 1 "
        f"and {figure(np.exp(-slope.min() * at))} in head {slope.argmin() + 1}.",
        "The upper half is empty: a decoder never looks ahead.",
    ]


def alibi_decay_sentences(setting: Setting) -> list[str]:
    """What the lines of ALiBi show."""
    slope = slopes(setting)
    return [
        f"A step back takes {fraction(slope.max())} off the score in the steepest head, "
        f"{fraction(slope.min())} in the flattest.",
        f"Half of a weight is lost after {figure(np.log(2) / slope.max())} steps in the steepest "
        f"and {figure(np.log(2) / slope.min())} in the flattest.",
        "It goes on for any length: nothing has to be learnt for distances never seen.",
    ]


def bucket_sentences(setting: Setting, at: int) -> list[str]:
    """What the matrix of T5's buckets shows."""
    bucket = positions.t5_buckets(-np.arange(max(FAR, setting.n)), buckets=setting.buckets)
    near = int((np.bincount(bucket)[bucket] > 1).argmax())
    same = np.flatnonzero(bucket[: setting.n] == bucket[at])
    last = int((bucket == bucket.max()).argmax())
    return [
        f"Keys up to {near - 1} steps back have a bucket of their own.",
        f"{at} steps back is bucket {bucket[at]}, "
        + (f"shared by the distances {same[0]} to {same[-1]}." if len(same) > 1 else "alone in it."),
        f"All from {last} steps on share one; each head learns one number a bucket.",
    ]


def bucket_steps_sentences(setting: Setting) -> list[str]:
    """What the staircase of T5's buckets shows."""
    n = setting.n
    bucket = positions.t5_buckets(-np.arange(n), buckets=setting.buckets)
    return [
        f"{len(set(bucket))} buckets serve {n} distances back.",
        f"The steps grow longer: distance 1 is bucket {bucket[1]}, distance {n - 1} bucket {bucket[-1]}.",
        "Keys behind and keys ahead have buckets of their own.",
    ]


def learned_sentences(setting: Setting) -> list[str]:
    """What T5 small has learnt about distance."""
    table = learned(setting)
    spread = np.ptp(table, axis=1)
    most, least = int(spread.argmax()), int(spread.argmin())
    high, low = (int(place) - setting.n + 1 for place in (table[most].argmax(), table[most].argmin()))
    return [
        f"Head {most + 1} leans most on distance: it adds {figure(table[most].max())} to {_where(high)} "
        f"and {figure(table[most].min())} to {_where(low)}.",
        f"Head {least + 1} leans least: its numbers differ by {figure(spread[least])}.",
        f"No formula made them: each head learnt {len(cached.bias_table('t5-small')[0])} numbers, "
        "and all layers share them.",
    ]


def _where(place: int) -> str:
    if place == 0:
        return "the token itself"
    steps = f"{abs(place)} step{'s' * (abs(place) > 1)}"
    return f"the token {steps} {'ahead' if place > 0 else 'back'}"
