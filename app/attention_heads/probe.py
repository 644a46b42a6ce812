"""The probe for induction, made in the background once for each model and shared by all visitors."""

import logging
import threading
from dataclasses import dataclass

import streamlit as st

from app.attention_heads import cached
from models.errors import ModelError
from models.traces_heads import InductionProbe

LOG = logging.getLogger("plainsight")
POLL_SECONDS = 0.5


@dataclass
class _Job:
    """One probe on its way."""

    model_id: str
    device: str
    done: float = 0.0  # share
    error: str = ""
    thread: threading.Thread | None = None

    def start(self) -> None:
        """Probe in the background; a second start while it runs does nothing."""
        if self.running:
            return
        self.error = ""
        self.thread = threading.Thread(target=self._run, name=f"probe {self.model_id}", daemon=True)
        self.thread.start()

    @property
    def running(self) -> bool:
        """True while the probe waits for its turn or is made."""
        return self.thread is not None and self.thread.is_alive()

    def _run(self) -> None:
        try:
            cached.induction(self.model_id, self.device, progress=self._report)
        except (ModelError, RuntimeError) as error:
            self.error = str(error)
        except Exception:
            LOG.exception("%s could not be probed", self.model_id)
            self.error = "The probe failed; the server's log has the details."

    def _report(self, done: int, total: int) -> None:
        self.done = done / total


@st.cache_resource(max_entries=16, show_spinner=False)
def _job(model_id: str, device: str) -> _Job:
    return _Job(model_id, device)


def probe(model_id: str, device: str) -> InductionProbe | None:
    """The finished probe; else it is started, and its progress is drawn here until it is there."""
    known = cached.induction_known(model_id, device)
    if known is not None:
        return known
    job = _job(model_id, device)
    if job.error:
        st.caption(job.error)
        st.button("Probe again", on_click=job.start)
        return None
    job.start()
    _progress(job)
    return None


@st.fragment(run_every=POLL_SECONDS)
def _progress(job: _Job) -> None:
    if not job.running:
        st.rerun()
    st.progress(job.done, text="Induction: reading random tokens twice")
