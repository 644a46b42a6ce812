"""A visitor's table: its columns, and every distortion that applies to two of them."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass

from app.distributions.own import number
from models import distortions as make
from models.channels import moment
from models.measures import ChartError
from models.specs import LARGEST
from models.traces_charts import Distortion

MOST_LETTERS = 300_000
MOST_ROWS = 500
MOST_BARS = 12
MOST_COLUMNS = 40
LONGEST = 40


@dataclass(frozen=True)
class Table:
    """Columns by name, cells as text; ``cut`` rows were more than are drawn; ``comma`` is decimal."""

    columns: dict[str, list[str]]
    cut: int = 0
    comma: bool = False

    @property
    def numeric(self) -> list[str]:
        """The columns in which at least two cells are numbers, and at least half of them."""
        good = {name: sum(value is not None for value in self.numbers(name)) for name in self.columns}
        return [name for name, many in good.items() if many >= max(2, len(self.columns[name]) / 2)]

    def numbers(self, name: str) -> list[float | None]:
        """A column's cells as numbers, None where there is none that can be drawn."""
        found = (number(cell, self.comma) for cell in self.columns[name])
        return [value if value is not None and abs(value) < LARGEST else None for value in found]


def parse(text: str) -> Table:
    """A table from CSV; ChartError says what is missing."""
    if len(text) > MOST_LETTERS:
        raise ChartError(f"The table has {len(text):,} characters; up to {MOST_LETTERS:,} are read here.")
    lines = [line for line in text.replace("\ufeff", "").replace("\x00", "").splitlines() if line.strip()]
    if len(lines) < 3:
        raise ChartError("A table needs a line of names and at least two rows, such as: year,visitors.")
    delimiter = next((mark for mark in "\t;," if mark in lines[0]), ",")
    try:
        rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter))
    except csv.Error:
        raise ChartError("A cell of this table is too long to be one.") from None
    names: list[str] = []
    for i, cell in enumerate(rows[0][:MOST_COLUMNS]):
        name = cell.strip()[:LONGEST] or f"column {i + 1}"
        names.append(f"{name} ({i + 1})" if name in names else name)
    body = rows[1 : MOST_ROWS + 1]
    columns = {name: [row[i].strip() if i < len(row) else "" for row in body] for i, name in enumerate(names)}
    comma = delimiter != "," and bool(re.search(r"\d,\d", text)) and not re.search(r"\d\.\d", text)
    return Table(columns, len(rows) - 1 - len(body), comma)


@dataclass(frozen=True)
class Applied:
    """The distortions that fit two columns, why the others do not, and how many rows had no number."""

    fits: dict[str, Distortion]
    refused: dict[str, str]
    missing: int


def apply(table: Table, label: str, value: str, second: str = "") -> Applied:
    """Try every maker on a column of names or times and one of numbers; ``second`` is for those of two."""
    cells, given = table.columns[label], table.numbers(value)
    other = table.numbers(second) if second else [None] * len(given)
    kept = [i for i, v in enumerate(given) if v is not None]
    times = [moment(cells[i]) for i in kept]
    if None not in times:  # the newest row often stands first
        kept.sort(key=lambda i: moment(cells[i]) or 0.0)
    values = [given[i] or 0.0 for i in kept]
    names = [cells[i][:LONGEST] for i in kept]
    times = [moment(cells[i]) for i in kept]
    x = [float(t) for t in times if t is not None]
    if len(x) < len(kept):
        x = [float(i + 1) for i in range(len(kept))]  # names: their order is the time
    elif x and max(map(abs, x)) > 1e7:  # seconds: days read better
        x = [seconds / 86_400 for seconds in x]
    both = [i for i in kept if other[i] is not None]
    a, b = [given[i] or 0.0 for i in both], [other[i] or 0.0 for i in both]
    bx = [x[kept.index(i)] for i in both]

    def few() -> None:
        if len(values) > MOST_BARS:
            raise ChartError(f"This chart is for up to {MOST_BARS} rows; the column has {len(values)}.")

    def pair() -> None:
        if not second:
            raise ChartError("This chart needs a second column of numbers.")

    def bars(maker: Callable[[list[str], list[float]], Distortion]) -> Callable[[], Distortion]:
        def made() -> Distortion:
            few()
            return maker(names, values)

        return made

    def pie() -> Distortion:
        few()
        if values and max(values) > 100:
            raise ChartError(f"A pie is for shares in percent; the largest value is {max(values):g}.")
        if sum(values) <= 100:
            raise ChartError(f"The values add up to {sum(values):g}, so a whole of 100 can hold them.")
        return make.pie(names, values)

    def two_axes() -> Distortion:
        pair()
        return make.two_axes(bx, a, b)

    def spurious() -> Distortion:
        pair()
        return make.spurious(a, b)

    makers: dict[str, Callable[[], Distortion]] = {
        "truncated": bars(make.truncated),
        "radius": bars(make.radius),
        "pictogram": bars(make.pictogram),
        "no_axis": bars(make.no_axis),
        "pie": pie,
        "inverted": lambda: make.inverted(x, values),
        "cumulative": lambda: make.cumulative(x, values),
        "aspect": lambda: make.aspect(x, values),
        "window": lambda: make.window(x, values),
        "uneven": lambda: make.uneven(x, values),
        "log_axis": lambda: make.log_axis(x, values),
        "smoothing": lambda: make.smoothing(x, values),
        "binning": lambda: make.binning(values),
        "two_axes": two_axes,
        "spurious": spurious,
    }
    fits: dict[str, Distortion] = {}
    refused: dict[str, str] = {}
    for name, maker in makers.items():
        try:
            fits[name] = maker()
        except ChartError as error:
            refused[name] = str(error)
    return Applied(fits, refused, len(given) - len(kept))
