"""What the views of positional encodings share."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from app import frame
from app.catalogue import POSITIONAL_ENCODINGS
from models.traces import Provenance

PREFIX = POSITIONAL_ENCODINGS.prefix


@dataclass(frozen=True)
class Shown:
    """What a view has drawn: its title, sentences with its numbers, and the numbers as a table."""

    title: str
    sentences: list[str]
    numbers: Callable[[], pd.DataFrame]
    provenance: Provenance | None = None


def height(room: int = 490) -> int:
    """Pixels of a picture; a room has more of them."""
    return room if frame.presenting() else 400
