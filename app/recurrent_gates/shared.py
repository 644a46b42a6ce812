"""What the views of the page share."""

from functools import partial

from app import shown
from app.catalogue import RECURRENT_GATES
from app.shown import Rows, Shown, csv_button, exports

PREFIX = RECURRENT_GATES.prefix
FIGURE = f"{PREFIX}_figure"  # the container that the export buttons save
tell = partial(shown.tell, prefix=PREFIX)

__all__ = ["FIGURE", "PREFIX", "Rows", "Shown", "csv_button", "exports", "tell"]
