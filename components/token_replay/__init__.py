"""Recorded training runs: both answers' tokens coloured by log-probability, over a slider, beside the curves.

Everything happens in the browser: layout.js (pure), draw.js, index.js.
"""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from components import figures
from components.colours import needs_light_ink, palette
from components.scripts import SVG, beside, one_module
from models.traces_replay import Replay

HERE = Path(__file__).parent
LOW = -8.0  # nats; a token below has the colour of this


def message(runs: Sequence[Replay], *, run: str, pair: int, step: int, count: int, prefix: str) -> bytes:
    """What the browser gets. ``pair`` counts from 1; ``count`` is the number of held-out pairs of the curves.

    ``step`` is shown at the last look that is not after it.
    """
    at = [each.id for each in runs].index(run)
    look = max(index for index, known in enumerate(runs[at].steps) if known <= max(step, 0))
    schemes = ("light", "dark")
    return figures.message(
        {
            "made": "/".join(str(each.card["model"]) + each.id for each in runs),
            "runs": [
                {
                    "id": each.id,
                    "name": each.name,
                    "short": each.name.replace("ORPO, ", "").replace(", β = ", " "),
                    "steps": each.steps,
                    "tokens": each.tokens,
                    "samples": each.samples,
                    "curves": {
                        "chosen": each.held_out("mean_logps/chosen"),
                        "rejected": each.held_out("mean_logps/rejected"),
                        "odds": each.held_out("log_odds_chosen"),
                    },
                }
                for each in runs
            ],
            "watched": [
                {
                    "prompt": each.prompt,
                    "held_out": each.held_out,
                    "chosen": each.chosen,
                    "rejected": each.rejected,
                }
                for each in runs[0].watched
            ],
            "palette": {scheme: palette("sequential", scheme) for scheme in schemes},
            "ink": {scheme: needs_light_ink(palette("sequential", scheme)) for scheme in schemes},
            "low": LOW,
            "count": count,
            "view": {"run": at, "pair": pair - 1, "look": look},
            "prefix": prefix,
        }
    )


def script() -> str:
    """The scripts as one module."""
    return one_module(SVG, *beside(HERE, "layout", "draw", "index"))


_VIEW = st.components.v2.component(
    "token_replay",
    html='<div class="token-replay"></div>',
    css=(HERE / "view.css").read_text("utf-8"),
    js=script(),
)


def token_replay(data: bytes, *, key: str) -> None:
    """Draw a message on the page."""
    _VIEW(data=data, key=key)
