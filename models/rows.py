"""Rows of prompt, chosen and rejected, from a JSONL file or from a data set on the hub."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.errors import ModelError

NAMES = ("prompt", "chosen", "rejected")


def read(source: str, split: str = "train") -> list[tuple[str, str, str]]:
    """All rows; raises ModelError. A side is a text, or a list of chat messages whose last is the answer."""
    return [_row(row, f"{source}, row {at}") for at, row in enumerate(_raw(source, split), 1)]


def _raw(source: str, split: str) -> Iterator[Any]:
    path = Path(source)
    if path.is_file():
        try:
            lines = path.read_text("utf-8").splitlines()
        except UnicodeDecodeError as error:
            raise ModelError(f"{source} is no UTF-8 text.") from error
        for at, line in enumerate(lines, 1):
            if line.strip():
                try:
                    yield json.loads(line)
                except json.JSONDecodeError as error:
                    raise ModelError(f"{source}, line {at}: no JSON ({error.msg}).") from error
        return
    try:
        from datasets import load_dataset
    except ImportError as error:
        raise ModelError(
            f"There is no file {source}; to read a data set of the hub: pip install datasets."
        ) from error
    try:
        yield from load_dataset(source, split=split)
    except Exception as error:  # whatever the hub and its library raise
        raise ModelError(f"{source} is neither a file here nor a data set that can be reached.") from error


def _row(row: Any, where: str) -> tuple[str, str, str]:
    if not isinstance(row, dict) or not {"chosen", "rejected"} <= row.keys():
        found = ", ".join(map(str, row)) if isinstance(row, dict) else type(row).__name__
        raise ModelError(f"{where}: expected {', '.join(NAMES)}; found {found or 'nothing'}.")
    prompt, chosen, rejected = (row.get(name) or "" for name in NAMES)
    if isinstance(chosen, list) and isinstance(rejected, list):
        # without a prompt of its own, a chat carries it: all messages but the last
        prompt, chosen, rejected = prompt or chosen[:-1], chosen[-1:], rejected[-1:]
    return _text(prompt, where), _text(chosen, where), _text(rejected, where)


def _text(part: Any, where: str) -> str:
    """A text; chat messages one below the other."""
    if isinstance(part, str):
        return part
    try:
        return "\n".join(str(message["content"]) for message in part)
    except (TypeError, KeyError) as error:
        raise ModelError(f"{where}: expected texts, or chat messages with a content.") from error
