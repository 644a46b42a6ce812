"""Models that are not on this machine yet: offer to fetch them, show progress, let the visitor stop."""

import logging
import threading
from dataclasses import dataclass, field

import streamlit as st

from app.settings import SETTINGS
from models.download import Progress
from models.errors import Cancelled, ModelError
from models.loading import fetch
from models.loading import is_here as _is_here
from models.registry import all_cards
from models.traces import ModelCard

LOG = logging.getLogger("plainsight")
POLL_SECONDS = 0.5


@dataclass
class Job:
    """One download, shared by all visitors who wait for the same model."""

    card: ModelCard
    progress: Progress | None = None
    error: str = ""
    stop: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    def start(self) -> None:
        """Fetch in the background; a second start while it runs does nothing."""
        if self.running:
            return
        self.error, self.progress = "", None
        self.stop.clear()
        self.thread = threading.Thread(target=self._run, name=f"fetch {self.card.id}", daemon=True)
        self.thread.start()

    @property
    def running(self) -> bool:
        """True while bytes arrive or the model is converted."""
        return self.thread is not None and self.thread.is_alive()

    def _run(self) -> None:
        try:
            fetch(self.card.id, progress=self._report, cancelled=self.stop.is_set)
        except Cancelled:
            pass
        except ModelError as error:
            self.error = str(error)
        except Exception:
            LOG.exception("%s could not be fetched", self.card.id)
            self.error = f"{self.card.name} could not be fetched; the server's log has the details."

    def _report(self, progress: Progress) -> None:
        self.progress = progress


@st.cache_resource(max_entries=32, show_spinner=False)
def _job(model_id: str, _card: ModelCard) -> Job:
    return Job(_card)


def is_here(card: ModelCard) -> bool:
    """Say whether the model can be loaded without a download."""
    return _is_here(card)


def cards() -> tuple[ModelCard, ...]:
    """The models that fit this server."""
    return tuple(card for card in all_cards() if fits(card))


def fits(card: ModelCard) -> bool:
    """Say whether a model is small enough for this server; one of an unknown size is the operator's own."""
    millions, _, unit = card.parameters.partition(" ")
    return unit != "M" or float(millions) <= SETTINGS.max_model_millions


def offer(card: ModelCard, *, meanwhile: str = "The bundled model works now.") -> bool:
    """True if the model is here; else draw the offer, the progress or the error in place of the picture."""
    if not fits(card):
        st.info(
            f"**{card.name}** has {card.parameters} parameters; this server loads models of up to "
            f"{SETTINGS.max_model_millions:,} M. On a machine of your own it can be fetched. {meanwhile}"
        )
        return False
    if is_here(card):
        return True
    job = _job(card.id, card)
    if job.running:
        _progress(job)
        return False
    if job.error:
        st.error(job.error)
    else:
        st.info(
            f"**{card.name}** ({card.kind}, {card.parameters} parameters, licence {card.licence}) is not on "
            f"this machine yet. Fetching it takes {card.megabytes} MB, once. {meanwhile}"
        )
    verb = "Try again to fetch" if job.error else "Fetch"
    st.button(f"{verb} {card.name}", type="primary", on_click=job.start, icon=":material/download:")
    return False


@st.fragment(run_every=POLL_SECONDS)
def _progress(job: Job) -> None:
    if not job.running:
        st.rerun()
    now = job.progress
    share = min(1.0, now.done / now.total) if now and now.total else 0.0
    st.progress(share, text=_caption(job.card, now))
    st.button(
        "Cancel", on_click=job.stop.set, help="What has arrived is kept; the next try goes on from there."
    )


def _caption(card: ModelCard, now: Progress | None) -> str:
    if now is None:
        return f"Looking for {card.name}…"
    size = "" if now.steps or not now.total else f" · {now.done / 1e6:.0f} of {now.total / 1e6:.0f} MB"
    return f"{card.name}: {now.stage}{size}"
