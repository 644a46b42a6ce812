"""The published tables that ship with the app; models/datasets/README.md says where they are from."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "datasets"


@dataclass(frozen=True)
class Iphone:
    """iPhones sold, thousands a fiscal quarter; ``years`` are quarters as decimals (2013 Q3 is 2013.5)."""

    quarters: tuple[str, ...]
    years: tuple[float, ...]
    units: tuple[float, ...]


@dataclass(frozen=True)
class PlannedParenthood:
    """Services a year; None where the number was not found."""

    years: tuple[int, ...]
    abortions: tuple[int | None, ...]
    screenings: tuple[int | None, ...]


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def iphone() -> Iphone:
    """The quarters known on 10 September 2013."""
    rows = _rows("iphone.csv")
    quarters = tuple(row["quarter"] for row in rows)
    years = tuple(int(q[:4]) + (int(q[-1]) - 1) / 4 for q in quarters)
    return Iphone(quarters, years, tuple(float(row["thousand"]) for row in rows))


@cache
def planned_parenthood() -> PlannedParenthood:
    """The years 2006 to 2013."""
    rows = _rows("planned_parenthood.csv")

    def column(name: str) -> tuple[int | None, ...]:
        return tuple(int(row[name]) if row[name] else None for row in rows)

    return PlannedParenthood(
        tuple(int(row["year"]) for row in rows), column("abortions"), column("screenings")
    )


@cache
def planned_parenthood_services() -> dict[str, tuple[int, int]]:
    """Every kind of service in 2006 and in 2013, the most frequent of 2013 first."""
    return {
        row["service"]: (int(row["2006"]), int(row["2013"]))
        for row in _rows("planned_parenthood_services.csv")
    }
