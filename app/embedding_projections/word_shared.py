"""What the views of words share: the table under a picture, and how pictures are saved."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence

from app.embedding_projections.shared import file_stem, save_whole, tell
from app.shown import csv_button
from components import toolbar
from components.attention_view import spreadsheet_safe
from models.traces import Provenance

told = tell


def save(
    sentences: str, table: Mapping[str, Sequence[object]], made: Provenance, stem: str, title: str
) -> Callable[[], None]:
    """Hear the export buttons for the pictures in FIGURE; what the Export menu shows."""
    save_whole(sentences, made, stem, title)

    def fill() -> None:
        toolbar.export_buttons(["svg", "png", "html"])
        csv_button(lambda: table_csv(table), file_stem(stem))

    return fill


def table_csv(table: Mapping[str, Sequence[object]]) -> str:
    """A table as CSV that a spreadsheet may open."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([spreadsheet_safe(name) for name in table])
    for row in zip(*table.values(), strict=True):
        # a minus starts a number here, not a formula
        writer.writerow([value if _is_number(value) else spreadsheet_safe(str(value)) for value in row])
    return out.getvalue()


def _is_number(value: object) -> bool:
    try:
        float(str(value))
    except ValueError:
        return False
    return True
