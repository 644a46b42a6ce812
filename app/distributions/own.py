"""A visitor's own numbers: a list, or a table with names in its first line."""

import csv
import io
import re

import numpy as np

from app.settings import SETTINGS
from models.traces import Array

MISSING = {"", "na", "n/a", "nan", "null", "none", "-", "–", "?"}
SIGNS = re.compile(r"[*`$\[\]<>\\|~]")  # that would be read as formatting where a name is printed
# a cell that can only be English, one that may have a decimal comma, and thousands parted by commas
POINT = re.compile(r"[-+−]?\d*\.(\d{1,2}|\d{4,})(e[-+]?\d+)?|[-+−]?\d{1,3}(,\d{3})+\.\d+", re.I)
COMMA = re.compile(r"[-+−]?\d+(,\d+)?")
THOUSANDS = re.compile(r"[-+−]?[1-9]\d{0,2}(,\d{3})?")
ENGLISH = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?")  # a comma stands before three digits, or it is none
GERMAN = re.compile(r"[-+]?\d{1,3}(\.\d{3})*(,\d*)?(e[-+]?\d+)?|[-+]?\d*(,\d*)?(e[-+]?\d+)?", re.I)
DATE = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")  # 20240131
LONGEST_NAME = 40
MOST_COLUMNS = 40
MOST_LETTERS = 300_000  # of a text that a field can still hold


def number(text: str, comma: bool = False) -> float | None:
    """A number, NaN for a missing one, None for a word."""
    plain = text.strip().replace("−", "-").replace(" ", "").replace(" ", "").rstrip("%")
    if plain.lower() in MISSING:
        return float("nan")
    if comma:
        if not GERMAN.fullmatch(plain):
            return None  # 31.01.2024 is a date
        plain = plain.replace(".", "").replace(",", ".")
    elif "," in plain:
        if not ENGLISH.fullmatch(plain):
            return None
        plain = plain.replace(",", "")
    try:
        return float(plain)
    except ValueError:
        return None


def columns(text: str) -> dict[str, Array]:
    """The columns of numbers in a text by name, in their order; empty where there is none.

    Numbers without a header are one column. Cells are parted by tabs, semicolons, commas or spaces; with
    semicolons or tabs, or in a list like "1,5 2,5 4" over one line or several, a comma is a decimal comma and
    a point parts thousands, unless a cell like 0.5 or 1,000.5 says otherwise. A column counts where half of
    its filled cells are numbers and they are no dates; its other cells are missing values.
    """
    lines, delimiter, comma = _cut(text)
    if not lines:
        return {}
    rows = [line.split() for line in lines] if delimiter == " " else _cells(lines, delimiter)
    first = [number(cell, comma) for cell in rows[0]]
    words = [cell for cell, value in zip(rows[0], first, strict=True) if value is None]
    if not words or len(rows) == 1:
        cells = [cell for row in rows for part in row for cell in part.split() or [""]]
        values = [number(cell, comma) for cell in cells]
        found = [float("nan") if value is None else value for value in values]  # words are counted as missing
        known = [value for value in found if value == value]
        return {"values": np.array(found[: SETTINGS.max_points])} if known else {}
    out: dict[str, Array] = {}
    if delimiter == " " and all(len(row) == 1 for row in rows[1:]):
        rows = [[line] for line in lines]  # one name over one column: a space is no border
    for at, name in enumerate(rows[0][:MOST_COLUMNS]):
        cells = [row[at] if at < len(row) else "" for row in rows[1 : SETTINGS.max_points + 1]]
        values = [number(cell, comma) for cell in cells]
        filled = [value for value in values if value is None or value == value]
        numbers = [value for value in filled if value is not None]
        dates = [DATE.fullmatch(cell.strip()) for cell in cells if cell.strip()]
        if numbers and 2 * len(numbers) >= len(filled) and not all(dates):
            title = " ".join(SIGNS.sub(" ", name).split())[:LONGEST_NAME] or f"column {at + 1}"
            while title in out:
                title += "′"
            out[title] = np.array([float("nan") if value is None else value for value in values])
    return out


def commas(text: str) -> str:
    """How the commas of a bare list were read, where they could be read otherwise; else empty."""
    lines, delimiter, comma = _cut(text)
    found = re.search(r"[-+−]?\d+,\d+", text)
    if not found or delimiter not in (" ", ",") or any(c.isalpha() for c in "".join(lines[:1])):
        return ""
    cell = found[0]
    if comma:
        return f"Commas are read as decimal commas: {cell} is one number. For two, write a space after it."
    if delimiter == " ":
        return f"Commas are read as thousands: {cell} is {cell.replace(',', '')}."
    return f"Commas part numbers: {cell} is two of them. For decimal commas part numbers by spaces or lines."


def _cut(text: str) -> tuple[list[str], str, bool]:
    """The filled lines of a text, what parts their cells, and whether a comma is a decimal comma."""
    lines = [line for line in text.replace("\ufeff", "").splitlines() if line.strip()]
    if not lines:
        return [], " ", False
    delimiter = next((mark for mark in "\t;," if mark in lines[0]), " ")
    if delimiter in " ," and (parts := _list_with_commas(lines)):
        return lines, " ", not all(map(THOUSANDS.fullmatch, parts))
    comma = delimiter in "\t;" and bool(re.search(r"\d,\d", text))
    cells = re.split(r"[\t;\n]", text) if comma else []
    return lines, delimiter, comma and not any(POINT.fullmatch(cell.strip()) for cell in cells)


def _list_with_commas(lines: list[str]) -> list[str]:
    """The numbers of a list that spaces or lines part, with commas only within; empty where it is none."""
    parts = [part for line in lines for part in line.split()]
    if len(parts) < 2 or not any("," in part for part in parts):
        return []
    return parts if all(map(COMMA.fullmatch, parts)) else []


def _cells(lines: list[str], delimiter: str) -> list[list[str]]:
    """Lines cut at the delimiter; quotes hold a cell together unless they hold more than a cell can be."""
    try:
        return [list(row) for row in csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter)]
    except csv.Error:
        return [[cell.strip('"') for cell in line.split(delimiter)] for line in lines]


def as_text(found: dict[str, Array]) -> tuple[str, bool]:
    """Columns as a text for the field, and whether all of them fit."""
    names: list[str] = []
    letters = 0
    for name, values in found.items():
        letters += sum(len(f"{value:.6g}") + 1 for value in values) + len(name)
        if letters > MOST_LETTERS and names:
            break
        names.append(name)
    table = [names, *zip(*([f"{value:.12g}" for value in found[name]] for name in names), strict=True)]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(table)
    return out.getvalue(), len(names) == len(found)
