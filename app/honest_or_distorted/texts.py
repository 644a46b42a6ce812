"""What the page says about every distortion: what it does, the lines of Altair, when it is all right."""

from collections.abc import Callable
from dataclasses import dataclass

from components.lie_slider import Words, number
from models.traces_charts import STEPS, Distortion


@dataclass(frozen=True)
class Text:
    """``says`` may hold {n}, the number at the slider; ``code`` gives the lines at t."""

    name: str
    title: str
    says: Callable[[Distortion], str]
    code: Callable[[Distortion, float], str]
    all_right: str
    example: str


def _plain(text: str) -> Callable[[Distortion], str]:
    return lambda d: text


def _share(t: float) -> str:
    return f"{t:.2f}"


def _ends(d: Distortion) -> tuple[float, float]:
    values = [row["v"] for row in d.rows]
    return min(values), max(values)


def _truncated_says(d: Distortion) -> str:
    low, high = _ends(d)
    return (
        f"The data rise by {100 * (high / low - 1):.3g} %, from {low:g} to {high:g}. The bars show {{n}} "
        "times as "
        "much, because the eye compares their lengths and they do not start at 0."
    )


def _sized(what: str, by: str) -> Callable[[Distortion], str]:
    def says(d: Distortion) -> str:
        low, high = _ends(d)
        return (
            f"The larger value is {high / low:.3g} times the smaller. The eye compares {what}, and the lie "
            "factor "
            f"reaches {number(float(d.measure[-1]), d)} where the value is drawn as {by}; here it is {{n}}."
        )

    return says


def _cumulative_says(d: Distortion) -> str:
    return (
        f"In the honest chart {number(float(d.measure[0]), d)} of the steps rise; here {{n}} do. "
        "A total of amounts can never fall, so its rise says nothing about the present."
    )


def _window_says(d: Distortion) -> str:
    whole, part = d.given["slopes"][0], d.given["slopes"][-1]
    return (
        f"Over the whole range the slope is {whole:+.3g} a step; in the shaded window it is {part:+.3g}. "
        "The slope of what is shown stands at percentile {n} of all windows of its length. 50 would be usual."
    ).replace("-", "−")


def _binning_says(d: Distortion) -> str:
    peaks = number(float(d.measure[0]), d)
    return (
        f"At bins {d.given['narrow']:.3g} wide there are {peaks} peaks; the slider widens them to "
        f"{d.given['wide']:.3g}, and {{n}} can be seen. Nothing was removed but the detail."
    )


def _log_says(d: Distortion) -> str:
    low, high = d.given["low"], d.given["high"]
    half = (low * high) ** 0.5
    return (
        f"Who expects even steps reads half the height as {(low + high) / 2:.4g}. Fully logarithmic it is "
        f"{half:.3g}. The error here is {{n}} of the range, and no label gives it away."
    )


def _map_says(d: Distortion) -> str:
    return (
        "The colour follows the number of people with r = {n}. "
        f"Cases a head follow them with r = {number(float(d.measure[0]), d)}. A map of counts shows where "
        "people live."
    )


def _smoothing_says(d: Distortion) -> str:
    return (
        f"The curve comes {{n}} late, and a mean over {d.given['widest']} values removes "
        f"{100 * d.given['gone'][-1]:.0f} % of the variance. The peak is lower and later than it was."
    )


def _simpson_says(d: Distortion) -> str:
    return (
        f"Within the groups the mean slope is {d.given['within']:+.2f}; one line through all has "
        f"{d.given['pooled']:+.2f}. The lines drawn have {{n}} times the slope within the groups."
    ).replace("-", "−")


def _spurious_says(d: Distortion) -> str:
    many = d.given["searched"]
    found = f" This pair is the best of {many:,} that were searched." if many > 1 else ""
    return (
        f"Two series that only drift: their changes have r = {number(float(d.measure[0]), d)}, their levels "
        f"{number(float(d.measure[-1]), d)}, and what is shown {{n}}.{found}"
    )


def _scale(d: Distortion, t: float) -> str:
    a, b = (m + t * (n - m) for m, n in zip(d.given["one"], d.given["own"], strict=True))
    return (
        f'alt.Y("b", scale=alt.Scale(domain=[{a:.1f}, {b:.1f}]))\n'
        'alt.layer(a, b).resolve_scale(y="independent")'
    )


def _stop(d: Distortion, key: str, t: float) -> float:
    return float(d.given[key][round(t * STEPS)])


_GROUPS = (', groupby=["group"]', "")
TEXTS: dict[str, Text] = {
    "truncated": Text(
        "Truncated bars",
        "Bars that do not start at 0",
        _truncated_says,
        lambda d, t: (
            f'alt.Y("value", scale=alt.Scale(domain=[{t * d.given["base"]:.1f}, {d.given["top"]:g}], '
            "zero=False))"
        ),
        "where position is read, not length: dots and lines may start anywhere that the axis says",
        "Body temperature from 36 to 41 °C as a line. From 0 °C a fever would be a flat line.",
    ),
    "radius": Text(
        "Value as radius",
        "Circles whose radius is the value",
        _sized("areas", "a radius"),
        lambda d, t: (
            f'alt.Size("d:Q", scale=None)  # d = (value ** {0.5 + t / 2:.2f}) ** 2, area is value ** 1'
        ),
        "where the area, not the radius, is the value, and the numbers stand beside it",
        "A bubble map of cities: Vega-Lite's own size scale gives each circle an area true to its value.",
    ),
    "pictogram": Text(
        "3-D pictogram",
        "A thing that grows in three dimensions",
        _sized("volumes", "an edge"),
        lambda d, t: f'alt.Size("d:Q", scale=None)  # edge = value ** {1 / 3 + t * 2 / 3:.2f}, true is 1/3',
        "where small things of one size are counted: two boxes for twice as much",
        "Isotype: ten equal figures stand for ten million people, and twenty for twenty.",
    ),
    "inverted": Text(
        "Inverted axis",
        "An axis that runs downwards",
        _plain("The slope shown is {n} times that of the data. Below 0 a rise looks like a fall."),
        lambda d, t: f'alt.Y("value", scale=alt.Scale(reverse={t > 0.5}))',
        "for ranks and depths, where down is what the reader expects",
        "Places in a league: first stands on top. Depth of the sea: down is down.",
    ),
    "two_axes": Text(
        "Two y axes",
        "A second axis that may stand anywhere",
        _plain(
            "With an axis of its own, B stands on the wrong side of A at {n} of the points, and the lines "
            "cross where the axis says."
        ),
        _scale,
        "where the two axes are one quantity in two units",
        "Degrees Celsius at left and Fahrenheit at right: one line, two labels.",
    ),
    "no_axis": Text(
        "Marks against numbers",
        "Marks that do not match their numbers",
        _plain("The numbers are right and the heights are not: {n} pairs stand in the wrong order."),
        lambda d, t: f'alt.Y("drawn", axis=None)  # drawn = {1 - t:.2f} * value + {t:.2f} * another height',
        "where the marks match the numbers: a label on each bar can replace the axis",
        "Four bars from 0, each with its number above it and no axis.",
    ),
    "cumulative": Text(
        "Cumulative total",
        "The total so far instead of each period",
        _cumulative_says,
        lambda d, t: (
            '.transform_window(total="sum(units)", sort=[{"field": "quarter"}])\n'
            f'alt.Y("shown")  # shown = {1 - t:.2f} * units + {t:.2f} * total'
        ),
        "where the total is the question, and the axis says so",
        "Money raised towards a goal: how far it is from the goal is the question.",
    ),
    "aspect": Text(
        "Aspect ratio",
        "The same line in a narrow frame",
        _plain(
            "The segments of the line stand at {n} on the mean. At 45° slopes are compared best, says "
            "Cleveland; "
            "later work finds flatter ones better, so the range is a habit and not a law."
        ),
        lambda d, t: (
            f".properties(width={420 * d.given['wide'] * (1 - d.given['less'] * t):.0f}, "
            f"height={260 * d.given['tall']:.0f})"
        ),
        "where many small charts share one ratio, so that they are compared with each other",
        "Sparklines in a table: each is flat, and all are flat alike, over one scale.",
    ),
    "window": Text(
        "Cherry-picked window",
        "Only the years that fit",
        _window_says,
        lambda d, t: (
            f'alt.X("year", scale=alt.Scale(domain=[{_stop(d, "first", t):g}, {_stop(d, "last", t):g}]))'
        ),
        "where a reason outside the data fixes the window, and the whole is shown beside it",
        "The weeks since a new law, with the years before it in grey.",
    ),
    "binning": Text(
        "Wide bins",
        "Bins so wide that the shape is gone",
        _binning_says,
        lambda d, t: (
            'alt.X("value", bin=alt.Bin(step='
            f"{d.given['narrow'] * (d.given['wide'] / d.given['narrow']) ** t:.3g}))"
        ),
        "where the edges mean something to the reader",
        "Ages by the schools that children go to.",
    ),
    "uneven": Text(
        "Uneven time steps",
        "Uneven years at even distances",
        _plain(
            "A centimetre stands for {n} times as much time in one place as in another. "
            "A steady rise gets a bend that is not in the data."
        ),
        lambda d, t: f'alt.X("{"year:O" if t > 0.5 else "year:Q"}")  # {t:.0%} of the way from Q to O',
        "where the order alone matters and no slope is read",
        "Hosts of the Olympic games, listed one after the other: nobody reads a slope between them.",
    ),
    "log_axis": Text(
        "Unlabelled log axis",
        "A logarithmic axis without its labels",
        _log_says,
        lambda d, t: (
            f'alt.Y("value", scale=alt.Scale(type="{"log" if t > 0.5 else "linear"}"), '
            f"axis=alt.Axis(labels={t <= 0.5}))"
        ),
        "for growth and for factors, with labels that say 1, 10, 100",
        "Cases of an epidemic: on a labelled log axis a steady doubling is a straight line.",
    ),
    "rainbow": Text(
        "Rainbow colours",
        "Colours whose lightness turns back and forth",
        _plain(
            "Turns of lightness along the colour bar: {n}. Bands appear where the data are smooth, "
            "and a grey "
            "print mixes low with high."
        ),
        lambda d, t: (
            f'alt.Color("value", scale=alt.Scale(scheme="{"rainbow" if t > 0.5 else "viridis"}"))'
            f"  # {t:.0%} of the way"
        ),
        "for a circle of values, such as angles, with a map that is even in lightness",
        "The direction of the wind, where 359° lies beside 0°.",
    ),
    "pie": Text(
        "Pie over 100 %",
        "Slices of a whole that is none",
        _plain(
            "The labels miss 100 by {n}. The shares are no parts of one whole, yet every slice claims it."
        ),
        lambda d, t: (
            'mark_arc().encode(theta="shown")  '
            f"# the labels add up to {100 + float(d.measure[round(t * STEPS)]):.0f}"
        ),
        "where the parts add up to 100 and are few",
        "How one budget is spent: three slices, the largest a half.",
    ),
    "counts_map": Text(
        "Map of counts",
        "A map of where people live",
        _map_says,
        lambda d, t: (
            f'alt.Color("{"cases" if t > 0.5 else "rate"}")  # {t:.0%} of the way from rate to cases'
        ),
        "where the count itself is the question",
        "Where to put the vaccination centres: there the number of people is what matters.",
    ),
    "smoothing": Text(
        "Smoothing",
        "A mean that comes late",
        _smoothing_says,
        lambda d, t: (
            f'.transform_window(smooth="mean(value)", frame=[-{round((d.given["widest"] - 1) * t)}, 0])'
        ),
        "where the raw points stay visible and the mean is centred",
        "Seven-day means of cases reported daily, with the days behind them in grey.",
    ),
    "simpson": Text(
        "Simpson's paradox",
        "One line through all groups",
        _simpson_says,
        lambda d, t: f'.transform_regression("hours", "score"{_GROUPS[t > 0.5]})  # {t:.0%} of the way',
        "where the groups are what the cause works through, so that the pooled line is the answer",
        "A dose works by lowering the pressure. Split by the pressure that was reached, its effect is gone; "
        "over all patients it shows. Which to draw is a question about causes that no chart can settle.",
    ),
    "spurious": Text(
        "Spurious correlation",
        "Two series that only drift",
        _spurious_says,
        lambda d, t: f'alt.X("a"), alt.Y("b")  # {1 - t:.2f} * change + {t:.2f} * level',
        "where a cause was named before the data were searched, and the changes agree too",
        "Daily heat and daily sales of ice cream: their changes go together as well.",
    ),
}


def words(d: Distortion) -> Words:
    """All that the picture says about this distortion, a line of code a stop."""
    text = TEXTS[d.id]
    return Words(text.title, text.says(d), [text.code(d, step / STEPS) for step in range(STEPS + 1)])
