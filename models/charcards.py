"""The cards of the character models that ship; read without torch, so that a page can name them at once."""

import json
from functools import cache
from pathlib import Path

from models.traces_recurrent import CharCard, Finding

CHECKPOINTS = Path(__file__).parent / "checkpoints"


@cache
def cards() -> dict[str, CharCard]:
    """By id, in the order in which the page offers them."""
    found = json.loads((CHECKPOINTS / "characters.json").read_text("utf-8"))
    return {
        each["id"]: CharCard(
            **{**each, "cells": {rule: Finding(**cell) for rule, cell in each["cells"].items()}}
        )
        for each in found
    }
