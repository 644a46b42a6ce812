"""Real translation: OPUS-MT from English to German, once it has been fetched, with its cross attention."""

from dataclasses import replace

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import fetching, working
from app.seq2seq import cached
from app.seq2seq.notes import HOW_REAL, READ_REAL
from app.seq2seq.shared import FIGURE, PREFIX, safe, tell
from app.seq2seq.translate import BEAMS, align_rows, below, weight_rows
from app.shown import Shown, exports
from app.state import Param, choice, read_view, url_text
from components.alignment import alignment
from models.registry import MODELS
from models.traces_seq2seq import END_MARK, Seq2SeqTrace

CARD = MODELS["opus-mt-en-de"]
LAYERS = [str(layer + 1) for layer in range(CARD.layers)]
TEXT = "The animal did not cross the street because it was too tired."


def real_translation(controls: DeltaGenerator, picture: DeltaGenerator) -> Shown | None:
    """The view: a sentence, its translation, and where each head of a layer looked."""
    with picture:
        if not fetching.offer(CARD, meanwhile="The small models of the other views work now."):
            st.caption(
                "This view was built and tested with a tiny model of the same design; when it was made, the "
                "real one could not be fetched."
            )
            return None
    with controls, st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        layer = choice(
            "Layer of the decoder",
            LAYERS,
            default=LAYERS[-2],
            key=f"{PREFIX}_layer",
            field=st.select_slider,
            width=210,
        )
        wide = int(
            choice(
                "Beginnings kept at each step",
                BEAMS,
                default="4",
                key=f"{PREFIX}_width_of_beam",
                field=st.select_slider,
                width=210,
            )
        )
    with controls:
        text = url_text("English", TEXT, key=f"{PREFIX}_english", label_visibility="collapsed")
    with picture:
        with working.shown(f"{CARD.name} translates", key=f"{PREFIX}_real_{hash((text, wide))}") as work:
            whole = cached.real_translation(text, CARD.id, wide, on_wait=work.wait)
        trace = of_layer(whole, int(layer) - 1)
        asked = (text, wide)
        view = read_view(
            PREFIX,
            [
                Param("head", "", below(len(trace.heads)), "the most decided head is shown"),
                Param("at", "", below(len(trace.target)), "no row is held"),
            ],
            of=asked,
        )
        head = decided(trace) if view["head"] is None else view["head"]
        with st.container(key=FIGURE):
            alignment(
                trace,
                head=head,
                at=view["at"],
                truth=False,
                prefix=PREFIX,
                label=f"{CARD.name}: {text} → {trace.text}; weights of layer {layer}",
                key=f"{PREFIX}_alignment",
                height=400,
            )
        said = sentences(trace, head, wide)
        rows = align_rows(trace, head)
        tell(said, rows, trace.provenance, "translation", f"{CARD.name}: {text} → {trace.text}")
    return Shown(
        exports(weight_rows(trace), "translation"),
        READ_REAL,
        HOW_REAL,
        trace.provenance,
        sources=("tiedemann2020", "vaswani2017", "jain2019"),
    )


def of_layer(trace: Seq2SeqTrace, layer: int) -> Seq2SeqTrace:
    """The same with the heads of one layer alone."""
    own = [at for at, name in enumerate(trace.heads) if name.startswith(f"layer {layer + 1},")]
    return replace(trace, attention=trace.attention[own], heads=tuple(trace.heads[at] for at in own))


def decided(trace: Seq2SeqTrace) -> int:
    """The head that gives most of its weight to one place, leaving out the end of the source."""
    words = [at for at, token in enumerate(trace.source) if token != END_MARK]
    return int(trace.attention[:, :, words].max(-1).mean(-1).argmax())


def sentences(trace: Seq2SeqTrace, head: int, wide: int) -> str:
    """The translation, how sure it is, and how much of the head's weight rests on the end."""
    weights = trace.attention[head]
    ends = [at for at, token in enumerate(trace.source) if token == END_MARK]
    resting = float(weights[:, ends].sum(-1).mean()) if ends else 0.0
    least = int(np.argmin(trace.log_probs))
    back = int((np.diff(weights.argmax(-1)) < 0).sum())
    return (
        f"{CARD.name} reads {len(trace.source)} pieces of words and writes “{safe(trace.text)}” with a beam "
        f"of {wide}. It is least sure of “{safe(trace.target[least].strip())}”, "
        f"{100 * np.exp(trace.log_probs[least]):.0f} %. In head “{trace.heads[head]}” the place that is most "
        f"looked at moves **back {back} time{'s' * (back != 1)}** from one step to the next, and "
        f"{resting:.2f} of the weight rests on the end of the sentence."
    )
