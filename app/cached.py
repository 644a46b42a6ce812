"""The only place where results are kept: bounded, and keyed by ids and text, never by arrays."""

import threading
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import streamlit as st
from cachetools import LRUCache
from numpy.typing import NDArray

from app.memory import Lent
from app.queue import heavy_work
from app.settings import SETTINGS
from components.attention_view import weights_body
from models.traces import (
    AttentionTrace,
    HeadNotes,
    MeasuredCost,
    Part,
    QKTrace,
    Saturation,
    Scoreboard,
    ShuffleTrace,
)
from models.traces_charts import Distortion
from models.traces_heads import AblationTrace, Head, Heads, HeadScores, InductionProbe, Pairs
from models.traces_memory import Fading, Saturated, Seen
from models.traces_preference import StepCost
from models.traces_recurrent import CharTrace
from models.traces_seq2seq import ByLength, Seq2SeqTrace, Times

if TYPE_CHECKING:
    from models.charmodels import CharModel
    from models.loading import LoadedModel

TRACE_BYTES = SETTINGS.cache_mb * 2**20  # 320 MiB: four texts of 512 tokens on the bundled encoder
QK_BYTES = TRACE_BYTES // 5  # ten heads of 512 tokens
SHUFFLED_BYTES = TRACE_BYTES // 5
BROWSER_BYTES = int(TRACE_BYTES / 2.5)
TABLE_BYTES = TRACE_BYTES // 5
MEASUREMENTS = 16
PROBES = 8
ABLATIONS = 64  # with the log-probabilities of a vocabulary of 49,152 half a megabyte each
RANKINGS = 64


@st.cache_resource(max_entries=1, show_spinner=False)
def _models() -> "Lent[LoadedModel]":
    from models.loading import load

    return Lent(load, SETTINGS.models_kept, 60 * SETTINGS.idle_minutes)


def model(model_id: str, device: str) -> "LoadedModel":
    """A loaded model, shared by all visitors and let go when nobody uses it."""
    return _models().get(model_id, device)


@st.cache_data(max_entries=32, show_spinner=False)
def distortion(which: str) -> Distortion:
    """One of the worked examples of the page Honest or distorted."""
    from models.distortions import EXAMPLES

    return EXAMPLES[which]()


@st.cache_data(max_entries=1, show_spinner=False)
def devices() -> tuple[str, ...]:
    """The devices of this machine, best first."""
    from models.loading import devices

    return devices()


class Shelf:
    """Finished work that all visitors share, up to ``most`` bytes (or pieces); the oldest unused goes first.

    Streamlit's own cache cannot hold work that draws its progress or its place in the line: it forbids
    drawing from inside.
    """

    def __init__(self, most: int, size: Callable[[Any], int] | None) -> None:
        self._kept: LRUCache[Hashable, Any] = LRUCache(most, size)
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Any:
        """What is kept under a key, or None."""
        with self._lock:
            return self._kept.get(key)

    def drop(self, key: Hashable) -> None:
        """Forget what is kept under a key."""
        with self._lock:
            self._kept.pop(key, None)

    def once(self, key: Hashable, make: Callable[[], Any], on_wait: Callable[[int], object]) -> Any:
        """What is kept under a key; else made, when this visitor's turn in the queue comes."""
        if (known := self.get(key)) is not None:
            return known
        with heavy_work(on_wait):
            # somebody before us in the line may have asked for the same
            if (known := self.get(key)) is not None:
                return known
            made = make()
            self.keep(key, made)
        return made

    def keep(self, key: Hashable, made: Any) -> None:
        """Keep something under a key."""
        with self._lock, suppress(ValueError):  # larger than the whole shelf
            self._kept[key] = made


@st.cache_resource(max_entries=32, show_spinner=False)
def shelf(name: str, most: int, _size: Callable[[Any], int] | None = None) -> Shelf:
    """A shelf by its name, made once."""
    return Shelf(most, _size)


def _arrays(trace: Any) -> int:
    """Bytes of the arrays in a trace."""
    return sum(value.nbytes for value in vars(trace).values() if isinstance(value, np.ndarray))


def attention(
    text: str,
    pair: str | None,
    model_id: str,
    device: str,
    part: Part = "self",
    *,
    progress: Callable[[int, int], object] | None = None,
    on_wait: Callable[[int], object] = lambda place: None,
) -> AttentionTrace:
    """The attention trace of a text; of an encoder-decoder of the ``part`` that is asked for."""

    def trace() -> AttentionTrace:
        if part != "self":
            from models.encdec import trace_translation

            return trace_translation(
                text, pair, part=part, model=model(model_id, device), max_tokens=SETTINGS.max_tokens
            )
        from models.attention import trace_attention

        return trace_attention(
            text,
            pair,
            model=model(model_id, device),
            max_tokens=SETTINGS.max_tokens,
            max_weights=SETTINGS.max_attention_weights,
            progress=progress,
        )

    kept = shelf("attention", TRACE_BYTES, _arrays)
    return cast(AttentionTrace, kept.once((text, pair, model_id, device, part), trace, on_wait))


@st.cache_data(max_size=BROWSER_BYTES, ttl="1h", show_spinner=False)
def attention_bytes(text: str, pair: str | None, model_id: str, device: str, part: Part = "self") -> bytes:
    """The same trace as the browser gets it, one byte a weight."""
    return weights_body(attention(text, pair, model_id, device, part))


@st.cache_data(max_entries=64, ttl="1h", show_spinner=False)
def attention_findings(
    text: str, pair: str | None, model_id: str, device: str, part: Part = "self"
) -> tuple[HeadNotes, tuple[int, int, int, int]]:
    """What each head mostly looks at, and the strongest link between two words."""
    from models.attention import summarise
    from models.findings import strongest_link

    trace = attention(text, pair, model_id, device, part)
    return summarise(trace), strongest_link(trace)


@st.cache_data(max_entries=64, ttl="1h", show_spinner=False)
def head_scores(text: str, pair: str | None, model_id: str, device: str, part: Part) -> HeadScores:
    """Every score of every head on a text."""
    from models.heads import score_heads

    return score_heads(attention(text, pair, model_id, device, part))


@st.cache_data(max_size=TABLE_BYTES, ttl="1h", show_spinner=False)
def traced(
    text: str, pair: str | None, model_id: str, device: str, part: Part, query: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """The mean of the heads and its rollout, (layers, n, n) each, and a token's widest paths, (layers, n)."""
    from models.attention import rollout, widest_path

    weights = attention(text, pair, model_id, device, part).weights
    return weights.mean(1, dtype=np.float64), rollout(weights), widest_path(weights, query)


@st.cache_data(max_entries=64, ttl="1h", show_spinner=False)
def aligned(one: tuple[Any, ...], other: tuple[Any, ...]) -> Pairs:
    """The tokens of two traces that stand for each other; the traces by what they are kept under."""
    from models.compare import align

    return align(attention(*one).tokens, attention(*other).tokens)


def difference(one: NDArray[np.float32], other: NDArray[np.float32], pairs: Pairs) -> NDArray[np.float64]:
    """The difference of two heads on tokens that stand for each other; cheap, so not kept."""
    from models.compare import difference

    return difference(one, other, pairs)


@st.cache_data(max_entries=64, ttl="1h", show_spinner=False)
def moved(one: tuple[Any, ...], other: tuple[Any, ...]) -> NDArray[np.float64]:
    """How much weight each head moves between two texts; the traces by what they are kept under."""
    from models.compare import moved

    return moved(attention(*one), attention(*other), aligned(one, other))


@st.cache_data(max_entries=64, ttl="1h", show_spinner=False)
def apart(one: tuple[Any, ...], head: Head, other: tuple[Any, ...]) -> NDArray[np.float64]:
    """How much weight a head of one trace must move to look like each head of another."""
    from models.compare import apart

    return apart(attention(*one).weights[head], attention(*other), aligned(one, other))


def induction_known(model_id: str, device: str) -> InductionProbe | None:
    """The probe of a model, once it has been made."""
    return cast(InductionProbe | None, shelf("induction", PROBES).get((model_id, device)))


def induction(
    model_id: str, device: str, *, progress: Callable[[int, int], object] | None = None
) -> InductionProbe:
    """The probe of a model for induction, made once for all visitors; it waits for its turn."""

    def probe() -> InductionProbe:
        from models.heads import induction_probe

        return induction_probe(model(model_id, device), progress=progress)

    return cast(InductionProbe, shelf("induction", PROBES).once((model_id, device), probe, lambda _: None))


def ablated(
    text: str,
    model_id: str,
    device: str,
    heads: Heads,
    position: int,
    named: str,
    *,
    progress: Callable[[int, int], object] | None = None,
    on_wait: Callable[[int], object] = lambda place: None,
) -> AblationTrace:
    """A text with some heads switched off, beside a control."""

    def ablate() -> AblationTrace:
        from models.heads import ablate

        return ablate(
            text,
            heads,
            model=model(model_id, device),
            position=position,
            named=named,
            max_tokens=SETTINGS.max_ablation_tokens,
            progress=progress,
        )

    key = (text, model_id, device, heads, position, named)
    return cast(AblationTrace, shelf("ablated", ABLATIONS).once(key, ablate, on_wait))


def ranked(text: str, model_id: str, device: str, position: int) -> NDArray[np.float64] | None:
    """The effect of each single head as far as it is known, NaN for the rest; None before the first."""
    found = shelf("ranking", RANKINGS).get((text, model_id, device, position))
    return cast("NDArray[np.float64] | None", found)


def rank(
    text: str,
    model_id: str,
    device: str,
    position: int,
    *,
    progress: Callable[[int, int], object] | None = None,
    on_wait: Callable[[int], object] = lambda place: None,
) -> None:
    """Switch off each head of a model alone, going on where somebody stopped; ``ranked`` has the numbers."""
    from models.heads import rank_heads

    key = (text, model_id, device, position)
    kept = shelf("ranking", RANKINGS)
    with heavy_work(on_wait):
        rank_heads(
            text,
            model=model(model_id, device),
            position=position,
            max_tokens=SETTINGS.max_ablation_tokens,
            progress=progress,
            known=kept.get(key),
            keep=lambda sizes: kept.keep(key, sizes),
        )


Scaling = tuple[str, float] | tuple[str, float, int] | None
LEARNED = {"learned": "minilm", "learned-gpt2": "gpt2"}  # scheme: the model whose table it is


@st.cache_data(max_size=TABLE_BYTES, ttl="1h", show_spinner=False)
def position_table(scheme: str, n: int, d: int, base: float, scaling: Scaling) -> NDArray[np.float64]:
    """The vectors of positions 0 to n − 1, (n, d); NaN where a learned table has no row.

    RoPE has no table: its rows are a vector of ones, turned.
    """
    from models import positions

    if scheme in LEARNED:
        table, _ = learned_table(LEARNED[scheme])
        rows = np.full((n, table.shape[1]), np.nan)
        rows[: len(table)] = table[:n]
        return rows
    if scheme in ("rope", "rope-interleaved"):
        layout: positions.RopeLayout = "half" if scheme == "rope" else "interleaved"
        return positions.rope(np.ones((n, d)), np.arange(n), layout, base, scaling)
    if scheme in ("sinusoidal", "sinusoidal-concatenated"):
        return positions.sinusoidal(n, d, "interleaved" if scheme == "sinusoidal" else "concatenated", base)
    return {"integers": positions.integers, "fractions": positions.fractions, "squashed": positions.squashed}[
        scheme
    ](n, d)


@st.cache_resource(max_entries=len(LEARNED), show_spinner=False)
def learned_table(model_id: str) -> tuple[NDArray[np.float32], str]:
    """The trained position table of a model, (positions, width), and the model's revision."""
    from models.positions import learned

    loaded = model(model_id, "auto")
    return learned(loaded), loaded.revision


@st.cache_resource(max_entries=2, show_spinner=False)
def bias_table(model_id: str) -> tuple[NDArray[np.float32], str]:
    """What a trained T5 adds to the scores, (buckets, heads), and the model's revision."""
    from models.positions import t5_table

    loaded = model(model_id, "auto")
    return t5_table(loaded), loaded.revision


@st.cache_data(max_entries=256, ttl="1h", show_spinner=False)
def scoreboard(scheme: str, n: int, d: int, base: float) -> Scoreboard:
    """How a scheme does on every criterion."""
    from models import scoreboard as board

    if scheme not in LEARNED:
        return board.scoreboard(scheme, n, d, base=base)
    scored = board.scoreboard("learned", n, d, model=model(LEARNED[scheme], "auto"))
    return replace(scored, scheme=scheme)


@st.cache_data(max_entries=16, show_spinner=False)
def saturation(d_k: tuple[int, ...], n_keys: int) -> Saturation:
    """What ÷ √d_k does to the softmax over ``n_keys`` random keys."""
    from models.selfattention import saturation

    return saturation(d_k, n_keys=n_keys)


def measured_cost_known(lengths: tuple[int, ...], d: int) -> bool:
    """Say whether this machine has been measured for this width."""
    return shelf("cost", MEASUREMENTS).get((lengths, d)) is not None


def forget_measured_cost(lengths: tuple[int, ...], d: int) -> None:
    """Let the next call measure this width anew."""
    shelf("cost", MEASUREMENTS).drop((lengths, d))


def measured_cost(
    lengths: tuple[int, ...],
    d: int,
    *,
    progress: Callable[[int, int], object] | None = None,
    on_wait: Callable[[int], object] = lambda place: None,
) -> MeasuredCost:
    """Seconds of the three layers on this machine, measured once for all visitors."""

    def measure() -> MeasuredCost:
        from models.selfattention import measure_cost

        return measure_cost(lengths, d, progress=progress)

    return cast(MeasuredCost, shelf("cost", MEASUREMENTS).once((lengths, d), measure, on_wait))


def step_cost_known() -> bool:
    """Say whether this machine's training steps have been measured."""
    return shelf("steps", MEASUREMENTS).get("cpu") is not None


def forget_step_cost() -> None:
    """Let the next call measure the steps anew."""
    shelf("steps", MEASUREMENTS).drop("cpu")


def step_cost(
    *,
    progress: Callable[[int, int], object] | None = None,
    on_wait: Callable[[int], object] = lambda place: None,
) -> list[StepCost]:
    """A training step by several preference losses on this machine, measured once for all visitors."""

    def measure() -> list[StepCost]:
        from models.preference_cost import measure

        return measure(progress)

    return cast(list[StepCost], shelf("steps", MEASUREMENTS).once("cpu", measure, on_wait))


def shuffled(text: str, seed: int, *, on_wait: Callable[[int], object] = lambda place: None) -> ShuffleTrace:
    """A text and its shuffled tokens, read by the bundled encoder with positions and without."""

    def shuffle() -> ShuffleTrace:
        from models.shuffle import shuffle_test

        return shuffle_test(text, seed=seed, model=model("minilm", "auto"))

    kept = shelf("shuffled", SHUFFLED_BYTES, _arrays)
    return cast(ShuffleTrace, kept.once((text, seed), shuffle, on_wait))


def qk(
    text: str,
    model_id: str,
    device: str,
    layer: int,
    head: int,
    *,
    progress: Callable[[int, int], object] | None = None,
    on_wait: Callable[[int], object] = lambda place: None,
) -> QKTrace:
    """Queries, keys and values of one head on a text, shared by all visitors."""

    def trace() -> QKTrace:
        from models.qk import trace_qk

        return trace_qk(
            text,
            model=model(model_id, device),
            layer=layer,
            head=head,
            max_tokens=SETTINGS.max_tokens,
            progress=progress,
        )

    kept = shelf("qk", QK_BYTES, _arrays)
    return cast(QKTrace, kept.once((text, model_id, device, layer, head), trace, on_wait))


@st.cache_resource(max_entries=5, show_spinner=False)
def char_model(model_id: str) -> "CharModel":
    """A character model that ships, shared by all visitors."""
    from models.charmodels import load

    return load(model_id)


@st.cache_resource(max_entries=24, ttl="1h", show_spinner=False)
def char_trace(text: str, model_id: str) -> CharTrace:
    """A character model reading a text; read-only, so that all visitors share it."""
    from models.charcards import cards
    from models.charmodels import read

    return read(text, char_model(model_id), cards()[model_id])


@st.cache_data(max_size="16MiB", ttl="1h", show_spinner=False)
def fading(text: str, at: int, trained: bool, forget_bias: float, scale: float) -> dict[str, Fading]:
    """The gradient of one loss with respect to every earlier state, for RNN, GRU and LSTM."""
    from models.fading import of_text

    return of_text(text, at, trained=trained, forget_bias=forget_bias, scale=scale)


@st.cache_data(max_size="8MiB", ttl="1h", show_spinner=False)
def saturated(text: str, trained: bool, forget_bias: float, scale: float) -> dict[str, Saturated]:
    """How often the gates of GRU and LSTM are shut or open over a text."""
    from models.fading import saturation_of_text

    return saturation_of_text(text, trained=trained, forget_bias=forget_bias, scale=scale)


@st.cache_data(max_entries=32, show_spinner=False)
def seen(steps: int, layers: int, both: bool) -> Seen:
    """What each output of an unrolled network depends on."""
    from models.unrolled import seen

    return seen(steps, layers, both)


def hopfield_overlap(load: float, share: float, *, on_wait: Callable[[int], object]) -> float:
    """The mean overlap at rest of twelve networks of 300 units."""

    def overlap() -> float:
        from models.hopfield import overlaps_found

        return float(overlaps_found(load, share, trials=12).mean())

    return cast(float, shelf("hopfield", 128).once((load, share), overlap, on_wait))


@st.cache_resource(max_entries=256, ttl="1h", show_spinner=False)
def translation(
    source: tuple[str, ...],
    model: str,
    task: str,
    *,
    beam: int = 1,
    width: int | None = None,
    target: tuple[str, ...] | None = None,
) -> Seq2SeqTrace:
    """A small model turning a source into its target, or forced along one; read-only, shared by all."""
    from models.seq2seq import translate

    return translate(source, model=model, task=task, beam=beam, target=target, width=width)


def right_by_length(
    task: str,
    names: tuple[str, ...],
    count: int,
    seed: int,
    *,
    progress: Callable[[int, int], object] | None = None,
    on_wait: Callable[[int], object] = lambda place: None,
) -> ByLength:
    """How often each model is right on fresh examples, by their length."""

    def study() -> ByLength:
        from models.seq2seqstudy import by_length

        return by_length(task, names, count=count, seed=seed, progress=progress)

    kept = shelf("right by length", MEASUREMENTS)
    return cast(ByLength, kept.once((task, names, count, seed), study, on_wait))


def still_known(width: int, length: int, *, on_wait: Callable[[int], object]) -> NDArray[np.float64]:
    """What a linear probe reads of each letter out of the one context vector."""

    def probe() -> NDArray[np.float64]:
        from models.seq2seq import still_known

        return still_known(width, length)

    return cast(NDArray[np.float64], shelf("still known", 128).once((width, length), probe, on_wait))


def seq2seq_times_known() -> bool:
    """Say whether this machine has been measured."""
    return shelf("seq2seq times", MEASUREMENTS).get("all") is not None


def forget_seq2seq_times() -> None:
    """Let the next call measure anew."""
    shelf("seq2seq times", MEASUREMENTS).drop("all")


def seq2seq_times(
    *,
    progress: Callable[[int, int], object] | None = None,
    on_wait: Callable[[int], object] = lambda place: None,
) -> Times:
    """Milliseconds of the networks by length on this machine, measured once for all visitors."""

    def measure() -> Times:
        from models.seq2seqstudy import times

        return times(progress=progress)

    return cast(Times, shelf("seq2seq times", MEASUREMENTS).once("all", measure, on_wait))


def real_translation(
    text: str, model_id: str, beam: int, *, on_wait: Callable[[int], object] = lambda place: None
) -> Seq2SeqTrace:
    """A text translated by a large model, with its cross attention."""

    def translate() -> Seq2SeqTrace:
        from models.translation import translate_text

        return translate_text(text, model(model_id, "auto"), beam=beam)

    kept = shelf("translation", QK_BYTES, _arrays)
    return cast(Seq2SeqTrace, kept.once((text, model_id, beam), translate, on_wait))
