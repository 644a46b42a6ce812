"""The second view: the iPhone chart of 2013 and the Planned Parenthood chart of 2015, from their numbers."""

import time
from collections.abc import Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import frame
from app.honest_or_distorted.shared import FIGURE, PREFIX, exports, hear_export, made, table
from app.shown import Shown
from app.state import choice
from components import cases as draw
from models.measures import inversions, rising, trailing_mean
from models.tables import iphone, planned_parenthood, planned_parenthood_services

CASES = {"iphone": "iPhone, 2013", "parenthood": "Planned Parenthood, 2015"}
IPHONE = {
    "total": "Cumulative, as shown",
    "quarter": "Per quarter",
    "year": "Year on year",
    "four": "Trailing four quarters",
}
PARENTHOOD = {
    "shown": "As shown",
    "axis": "On one honest axis",
    "index": "Indexed, first year = 100",
    "left": "What is left out",
}
APPLE = "Apple's Forms 10-Q and 10-K and data summaries, [investor.apple.com](https://investor.apple.com)"
REPORTS = "Planned Parenthood's annual reports, by way of secondary tables"
SERVICES = (
    "all kinds of 2006 and 2013 from the table of "
    "[sinmantyx, 2015](https://sinmantyx.wordpress.com/2015/09/30/"
    "the-dishonesty-of-the-anti-choice-movement-part-4104/), whose sum for 2013 is the report's"
)
READ_IPHONE = (
    "- The cumulative chart is **true**. It answers how many had been sold so far, a question of which the "
    "answer "
    "can only grow.\n"
    "- The quarterly chart is true too, and can be used to mislead as well: Q1 is the holiday quarter, so "
    "the two "
    "quarters after it look like a collapse every year. Compare with the year before, or add four quarters.\n"
    "- What the honest charts leave open: sales are to shops and carriers, not to users; price, profit and "
    "share of "
    "the market are not in the table; the models that were about to appear are not either."
)
READ_PARENTHOOD = (
    "- The printed numbers are those of the reports. The lines had no axis, and the smaller number ended "
    "above the "
    "larger one.\n"
    "- Fair in both directions: the honest axis also shows that screening and prevention fell by more than "
    "half, and "
    "indexed, that abortions rose while it did.\n"
    "- **Why** they fell is not in these numbers. Guidelines of those years asked for cervical screening "
    "less often. "
    "Other services were left out of the chart; *What is left out* has them for its first and last year.\n"
    "- A service is counted, not a person, and services differ in what they mean to a patient."
)
HOW_IPHONE = """
```python
total = np.cumsum(units)
year_on_year = 100 * (units[4:] / units[:-4] - 1)
four_quarters = np.convolve(units, np.ones(4), "valid")
```

The table ends with fiscal 2013 Q3, the last quarter that was known when the chart was shown on 10 September
2013.
"""
HOW_PARENTHOOD = """
```python
index = 100 * services / services[0]
pairs_in_the_wrong_order = sum(sign(height_i - height_j) * sign(value_i - value_j) < 0 for i < j)
```

*As shown* is redrawn: the numbers and their order on the page are those of the chart, the exact heights are
ours. The number of screenings in 2008 was not found; the line is broken there, and nothing is filled in.
"""


def cases(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown:
    """One case, in one of four ways to show it."""
    with controls:
        options: dict[str, Any] = {
            "field": st.segmented_control,
            "label_visibility": "collapsed",
            "required": True,
        }
        case = choice("Case", list(CASES), key=f"{PREFIX}_case", name=CASES.__getitem__, **options)
        ways = IPHONE if case == "iphone" else PARENTHOOD
        way = choice("Shown as", list(ways), key=f"{PREFIX}_{case}", name=ways.__getitem__, **options)
    with picture:
        return _iphone(way) if case == "iphone" else _parenthood(way)


def _finish(chart: Any, said: str, rows: list[dict[str, Any]], source: str, stem: str, since: float) -> Any:
    provenance = made(
        "Published numbers", source.split(",")[0], len(rows), (time.perf_counter() - since) * 1000
    )
    with st.container(key=FIGURE):
        frame.chart(chart)
    st.markdown(f"**What you see.** {said}")
    if not frame.presenting():
        st.caption(f"Numbers: {source}.")
    table(rows)
    hear_export(stem, stem.replace("-", " "), said, provenance)
    return provenance


def _iphone(way: str) -> Shown:
    since = time.perf_counter()
    data = iphone()
    units = data.units
    n = len(units)
    total = [sum(units[: i + 1]) for i in range(n)]
    year = [100 * (units[i] / units[i - 4] - 1) for i in range(4, n)]  # from the fifth quarter on
    four = [4 * float(value) for value in trailing_mean(units, 4)[3:]]  # from the fourth on
    fell = [100 * (1 - units[i] / units[i - 1]) for i in (n - 2, n - 1)]
    last = data.quarters[-1]
    drawn: dict[str, tuple[Sequence[float | None], str, str]] = {
        "total": (
            [value / 1000 for value in total],
            "iPhones so far (million)",
            f"By {last} Apple had sold {total[-1] / 1000:,.1f} million iPhones. "
            f"{rising(total):.0f} % of the steps rise, as they must. "
            f"In the same table {100 - rising(units):.0f} % of the quarters are below the one before.",
        ),
        "quarter": (
            [value / 1000 for value in units],
            "iPhones in the quarter (million)",
            f"The last two quarters fell by {fell[0]:.1f} % and {fell[1]:.1f} %, which the total cannot "
            "show. "
            f"Both follow the holiday quarter, which sold {max(units) / 1000:.1f} million. "
            f"Against the same quarter a year before, {last} rose by {year[-1]:.0f} %.",
        ),
        "year": (
            [None, None, None, None, *year],
            "change on the year before (%)",
            f"{last} sold {year[-1]:.0f} % more than a year before: sales still grew. "
            f"The growth itself fell, from {year[-7]:.0f} % in {data.quarters[-7]} to {year[-2]:.0f} % "
            f"in {data.quarters[-2]}. The first four quarters have no year before.",
        ),
        "four": (
            [None, None, None, *(value / 1000 for value in four)],
            "iPhones in the last four quarters (million)",
            f"Four quarters hold one holiday each, so the season is gone. They sum to "
            f"{four[-1] / 1000:,.1f} million "
            f"by {last}, {100 * (four[-1] / four[-5] - 1):.0f} % more than a year before. "
            f"{rising(four):.0f} % of the steps rise: the honest chart is nearly as proud as the "
            "cumulative one.",
        ),
    }
    values, y, said = drawn[way]
    rows = [
        {
            "quarter": quarter,
            "value": value,
            "holiday": "holiday quarter (Q1)" if quarter.endswith("Q1") else "other quarters",
        }
        for quarter, value in zip(data.quarters, values, strict=True)
    ]
    chart = draw.quarters(
        rows,
        y,
        bars=way in ("quarter", "year"),
        honest=way != "total",
        holiday=way == "quarter",
        format=".0f" if way == "year" else ",.3~f",
    )
    stem = f"iphone-{way}"
    provenance = _finish(chart, said, rows, APPLE, stem, since)
    return Shown(exports(rows, stem), READ_IPHONE, HOW_IPHONE, provenance)


def _parenthood(way: str) -> Shown:
    since = time.perf_counter()
    data = planned_parenthood()
    first, last = data.years[0], data.years[-1]
    a, b = data.abortions, data.screenings
    a0, a1, b0, b1 = (float(value or 0) for value in (a[0], a[-1], b[0], b[-1]))
    names = ("cancer screening and prevention", "abortions")
    rows: list[dict[str, Any]] = [
        {"year": year, "name": name, "value": value}
        for name, column in zip(names, (b, a), strict=True)
        for year, value in zip(data.years, column, strict=True)
    ]
    if way == "shown":
        chart = draw.arrows((b0, a0), (b1, a1), (first, last))
        wrong = inversions((0.24, 0.74), (b1, a1))
        said = (
            f"In {last} the line at {a1:,.0f} ends above the line at {b1:,.0f}, with no axis to say why. "
            f"The larger number is {b1 / a1:.2f} times the smaller, and the picture "
            f"{'turns the order round' if wrong else 'keeps the order'}. "
            "The lines cross, while the numbers never do."
        )
    elif way == "axis":
        chart = draw.services(rows, "services a year")
        said = (
            f"On one axis from 0 the lines never cross: {b1:,.0f} against {a1:,.0f} in {last}. Screening and "
            f"prevention fell by {100 * (1 - b1 / b0):.0f} % since {first}; abortions rose by "
            f"{100 * (a1 / a0 - 1):.0f} %. Screenings of 2008 were not found, so the line has a gap."
        )
    elif way == "index":
        start = {names[0]: b0, names[1]: a0}
        rows = [
            row | {"value": None if row["value"] is None else 100 * row["value"] / start[row["name"]]}
            for row in rows
        ]
        chart = draw.services(rows, f"{first} = 100", format=".1f")
        said = (
            f"Each line starts at 100. By {last} abortions stand at {100 * a1 / a0:.1f} and screenings at "
            f"{100 * b1 / b0:.1f}: the directions of the chart of 2015 were true. An index shows change "
            "and hides "
            "size, so it cannot say which is larger."
        )
    else:
        services = planned_parenthood_services()
        before, after = (sum(values) for values in zip(*services.values(), strict=True))
        rows = [
            {
                "name": name,
                str(first): old,
                str(last): new,
                "change": new - old,
                "label": f"{name}: {new - old:+,.0f} to {new:,.0f}".replace("-", "−"),
                "drawn": "in the chart of 2015" if name in names else "left out of it",
            }
            for name, (old, new) in services.items()
        ]
        chart = draw.changes(rows)
        infections, contraception = (
            services[name] for name in ("tests and treatment of infections", "contraception")
        )
        said = (
            f"The chart named two services of six kinds. All together were {before:,} in {first} and "
            f"{after:,} in {last}: nearly as many. Screenings fell by {b0 - b1:,.0f}, but tests and "
            f"treatment of infections, left out, rose by {infections[1] - infections[0]:,}, and "
            "contraception, left out "
            f"too, fell by {contraception[0] - contraception[1]:,}. In {last} abortions were "
            f"{100 * a1 / after:.1f} % of the services and screenings {100 * b1 / after:.1f} %; a share of "
            "services is no share of patients, of cost or of weight."
        )
    stem = f"planned-parenthood-{way}"
    source = f"{REPORTS}; {SERVICES}" if way == "left" else REPORTS
    provenance = _finish(chart, said, rows, source, stem, since)
    return Shown(exports(rows, stem), READ_PARENTHOOD, HOW_PARENTHOOD, provenance)
