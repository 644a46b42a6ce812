"""The frame that every page stands in: title, question, toolbar, presets, notes, provenance."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st

from app.catalogue import Page
from models.traces import Provenance

LOG = logging.getLogger("plainsight")


@dataclass(frozen=True)
class Preset:
    """A state worth seeing: its name, one line why, and the complete state as query parameters."""

    name: str
    why: str
    state: Mapping[str, str]


def page(entry: Page, *, export: Callable[[], None] | None = None) -> None:
    """Draw title and question at left, Share, Export and Present at right.

    ``export`` fills the Export popover; it is called only while the popover is open.
    """
    st.title(entry.title, anchor=False)
    st.markdown(entry.question)
    if export:
        with st.popover("Export", on_change="rerun") as popover:
            if popover.open:
                export()


def presets(options: Sequence[Preset]) -> None:
    """Draw the row *Try this*; the preset that equals the present state is highlighted."""
    with st.container(horizontal=True):
        for preset in options:
            st.button(preset.name, help=preset.why, on_click=_apply, args=(preset,))


def _apply(preset: Preset) -> None:
    for key, value in preset.state.items():
        if key in st.session_state:
            st.session_state[key] = value
        else:
            st.query_params[key] = value


def notes(*, read_it_right: str, how: Callable[[], None] | str, sources: Sequence[str]) -> None:
    """Draw the three tabs under a picture; ``sources`` are ids of models/sources.py."""
    right, computed, cited = st.tabs(["Read it right", "How it is computed", "Sources"])
    right.markdown(read_it_right)
    with computed:
        if callable(how):
            how()
        else:
            st.markdown(how)
    cited.markdown("\n".join(f"- {source}" for source in sources))


def provenance(made: Provenance) -> None:
    """Say in one small line how the numbers came to be."""
    versions = " ".join(f"{name} {version}" for name, version in made.versions.items())
    parts = (
        f"{made.model} ({made.revision[:12]})",
        made.precision,
        made.device,
        f"{made.tokens} tokens",
        f"{made.milliseconds:.0f} ms",
        versions,
        made.note,
    )
    st.caption(" · ".join(part for part in parts if part))


@contextmanager
def guard() -> Iterator[None]:
    """Keep the rest of the page alive: a ValueError becomes its sentence, anything else one sentence.

    Streamlit's own control flow (rerun, stop) does not derive from Exception and passes through.
    """
    try:
        yield
    except ValueError as error:
        st.warning(str(error))
    except Exception:
        LOG.exception("A part of the page failed")
        st.error("This part of the page failed. The rest still works; the server's log has the details.")
