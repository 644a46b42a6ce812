"""Rules of the linter about data: what is left out, lumped together, pooled, late or only drifting."""

import re
from collections.abc import Iterator

import numpy as np

from models import measures as by
from models.channels import column, moment, quantitative, scale, slope, span, title
from models.specs import Spec, Unit, units
from models.traces_charts import Finding

FLAT, TALL = 6.0, 1 / 3  # width over height beyond which a line's slope is mostly the frame's


LENGTHS = {"bar", "area"}
PERCENT = re.compile(r"%|per ?cent|pct|share|anteil|prozent", re.I)
COUNTS = re.compile(r"count|cases|number|total|deaths|votes|anzahl|fälle|population|people", re.I)
PEOPLE = re.compile(r"population|inhabitants|people|einwohner", re.I)
TIMES = re.compile(r"year|date|time|month|day|quarter|week|jahr|monat|datum", re.I)
LEAST_SHARE = 0.6  # of the range on the time axis


def window(unit: Unit) -> Iterator[Finding]:
    channel = unit.encoding.get("x")
    if unit.mark not in {"line", "area", "bar", "point", "trail"} or not isinstance(channel, dict):
        return
    name = channel.get("field")
    for path, step in unit.transforms:
        test = step.get("filter")
        if isinstance(test, dict) and test.get("field") == name and isinstance(test.get("range"), list):
            kept, all_of_it = (
                span(test["range"]),
                span(column(unit.rows, name)),
            )
            if kept and all_of_it and (kept[1] - kept[0]) < LEAST_SHARE * (all_of_it[1] - all_of_it[0]):
                yield _picked(path, kept, all_of_it)
    domain = scale(channel).get("domain")
    if isinstance(domain, list) and channel.get("type") in ("quantitative", "temporal"):
        kept = span(domain)
        all_of_it = span(column(unit.raw, name))
        if kept and all_of_it and (kept[1] - kept[0]) < LEAST_SHARE * (all_of_it[1] - all_of_it[0]):
            yield _picked(unit.where["x"], kept, all_of_it)


def _picked(path: tuple[str | int, ...], kept: tuple[float, float], whole: tuple[float, float]) -> Finding:
    return Finding(
        "window",
        "Only a part of the time is shown",
        "The table holds more. The slope of a part can contradict the whole.",
        "where a reason outside the data fixes the window, and the whole is shown beside it",
        path,
        f"{100 * (kept[1] - kept[0]) / (whole[1] - whole[0]):.0f} % of the range",
    )


def binning(unit: Unit) -> Iterator[Finding]:
    for name in ("x", "y"):
        channel = unit.encoding.get(name)
        given = channel.get("bin") if isinstance(channel, dict) else None
        if channel is None or not isinstance(given, dict) or unit.mark not in LENGTHS:
            continue
        values = unit.numbers(channel.get("field"), unit.raw or [])
        step, most = given.get("step"), given.get("maxbins")
        spread = max(values) - min(values) if len(values) > 7 else 0.0
        many = spread / step if isinstance(step, int | float) and spread else most
        if not isinstance(many, int | float) or many > 5:
            continue
        number = ""
        if spread:
            width = spread / max(many, 1)
            iqr = float(np.subtract(*np.percentile(values, [75, 25]))) or spread / 2
            fine = max(2 * iqr / len(values) ** (1 / 3), spread / 60)
            origin = min(values)
            seen, there = (by.modes(by.bin_counts(values, w, origin)) for w in (width, fine))
            if seen >= there:
                continue
            number = f"{seen} of {there} peaks"
        yield Finding(
            "binning",
            "Bins too wide to show the shape",
            "So few bins hide gaps and peaks.",
            "where the edges mean something to the reader, such as school years",
            unit.where[name],
            number,
        )


def uneven(unit: Unit) -> Iterator[Finding]:
    channel = unit.encoding.get("x")
    if unit.mark not in {"line", "area", "trail"} or not isinstance(channel, dict):
        return
    if channel.get("type") not in ("ordinal", "nominal") or channel.get("timeUnit"):
        return
    places = [moment(value) for value in column(unit.raw, channel.get("field"))]
    times = sorted({m for m in places if m is not None})
    if len(times) < 3 or None in places:
        return
    gaps = np.diff(times)
    if gaps.max() / gaps.min() > 1.5:
        yield Finding(
            "uneven",
            "Uneven times at even distances",
            "A steady change gets bends where the steps between the times differ.",
            "where only the order matters and no slope is read",
            unit.where["x"],
            f"largest ÷ smallest interval {gaps.max() / gaps.min():.1f}",
        )


def pie(unit: Unit) -> Iterator[Finding]:
    channel = unit.encoding.get("theta")
    if unit.mark != "arc" or not quantitative(channel) or not PERCENT.search(title(channel)):
        return
    values = unit.numbers(channel.get("field"), unit.raw or [])
    whole = 1 if values and max(values) <= 1 else 100
    if len(values) > 1 and abs(sum(values) - whole) > 0.02 * whole:
        yield Finding(
            "pie",
            "Slices that do not add up to 100 %",
            "Every slice claims to be a part of one whole, and they are not.",
            "where the parts add up to 100 and are few",
            unit.where["theta"],
            f"|sum − {whole}| = {abs(sum(values) - whole):.3g}",
        )


def counts_map(unit: Unit) -> Iterator[Finding]:
    channel = unit.encoding.get("color") or unit.encoding.get("fill")
    if unit.mark != "geoshape" or not quantitative(channel):
        return
    name = str(channel.get("field", ""))
    if not COUNTS.search(name) or re.search(r"rate|per|density|share", title(channel), re.I):
        return
    rows = [row for row in unit.raw or [] if isinstance(row, dict)]
    people = next((key for row in rows[:1] for key in row if PEOPLE.search(key) and key != name), None)
    number = ""
    if people:
        a, b = unit.numbers(name), unit.numbers(people)
        if len(a) == len(b) > 2 and np.ptp(a) and np.ptp(b):
            number = f"r with population {by.correlation(a, b):.2f}"
    yield Finding(
        "map",
        "A map of counts",
        "More people, more cases: the map shows where people live.",
        "where the count itself is the question",
        unit.where.get("color") or unit.where["fill"],
        number,
    )


def smoothing(unit: Unit) -> Iterator[Finding]:
    channel = unit.encoding.get("y")
    if not isinstance(channel, dict):
        return
    for path, step in unit.transforms:
        frame = step.get("frame")
        for part in step.get("window", []) if isinstance(step.get("window"), list) else []:
            if (
                not isinstance(part, dict)
                or part.get("op") != "mean"
                or part.get("as") != channel.get("field")
            ):
                continue
            if not isinstance(frame, list) or len(frame) != 2 or not all(isinstance(f, int) for f in frame):
                continue
            lag = -(frame[0] + frame[1]) / 2
            raw = part.get("field")
            family = units(unit.parents[0]) if unit.parents else iter([unit])
            shown = any(u.encoding["y"].get("field") == raw for u in family if "y" in u.encoding)
            if abs(lag) >= 1 or (frame[1] - frame[0] >= 3 and not shown):
                yield Finding(
                    "smoothing",
                    "A mean that comes late or stands alone",
                    "A trailing mean is late by half its width; without raw points nobody sees what is gone.",
                    "where the raw points stay visible and the mean is centred",
                    path,
                    f"lag {lag:g} steps",
                )


def simpson(unit: Unit) -> Iterator[Finding]:
    for path, step in unit.transforms:
        y, x = step.get("regression"), step.get("on")
        if not isinstance(y, str) or not isinstance(x, str) or step.get("groupby"):
            continue
        rows = [row for row in unit.rows or [] if isinstance(row, dict)]
        rows = [row for row in rows if moment(row.get(x)) is not None and moment(row.get(y)) is not None]
        if len(rows) < 6:
            continue
        pooled = slope(rows, x, y)
        words = {key for row in rows for key, value in row.items() if isinstance(value, str)}
        for name in sorted(words - {x, y}):
            groups: dict[str, list[Spec]] = {}
            for row in rows:
                groups.setdefault(str(row.get(name)), []).append(row)
            if 1 < len(groups) <= 8 and all(len(group) > 2 for group in groups.values()):
                slopes = [slope(group, x, y) for group in groups.values()]
                if all(slope * pooled < 0 for slope in slopes):
                    yield Finding(
                        "simpson",
                        f"Every group of “{name}” goes the other way",
                        "One line through all groups has the opposite sign of the line in each.",
                        "where the groups are what the cause works through",
                        path,
                        f"slope {pooled:+.2g}, in the groups {np.mean(slopes):+.2g}".replace("-", "−"),
                    )
                    break


def spurious(unit: Unit) -> Iterator[Finding]:
    x, y = unit.encoding.get("x"), unit.encoding.get("y")
    if unit.mark not in {"point", "circle", "square"} or not isinstance(x, dict) or not isinstance(y, dict):
        return
    if not quantitative(x) or not quantitative(y) or x.get("aggregate") or y.get("aggregate"):
        return
    rows = [row for row in unit.raw or [] if isinstance(row, dict)]
    a_name, b_name = x.get("field"), y.get("field")
    when = next((k for row in rows[:1] for k in row if TIMES.search(k) and k not in (a_name, b_name)), None)
    if when is None or len(rows) < 8:
        return
    timed = [tuple(moment(row.get(str(name))) for name in (when, a_name, b_name)) for row in rows]
    if any(part is None for row in timed for part in row) or len({row[0] for row in timed}) < len(timed):
        return
    table = np.array(sorted(timed), dtype=float)
    a, b = table[:, 1], table[:, 2]
    da, db = np.diff(a), np.diff(b)
    if not (np.ptp(a) and np.ptp(b) and np.ptp(da) and np.ptp(db)):
        return
    r, d = by.correlation(a, b), by.correlation(da, db)
    if abs(r) > 0.7 and abs(d) < 2 / np.sqrt(len(da)):
        yield Finding(
            "spurious",
            "Two series that only drift",
            "Their levels go together, their changes do not: any two things that grow look related.",
            "where a cause was named before the data were searched, and the changes agree too",
            unit.where["x"],
            f"r {r:.2f}, of the changes {d:.2f}".replace("-", "−"),
        )
