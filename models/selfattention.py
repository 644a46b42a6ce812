"""Self-attention with every intermediate, why it is scaled, why it has several heads, and what it costs."""

import math
import statistics
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.errors import NumberError
from models.traces import (
    Array,
    Cost,
    MeasuredCost,
    Saturation,
    SelfAttentionSteps,
    TwoRelations,
    WorkedExample,
)

LAYERS = ("self-attention", "recurrent", "convolution")
KERNEL = 3
REPEATS = 5
# One n × n matrix of float32 takes 64 MB at the longest
LONGEST, WIDEST = 4096, 1024

LOVE = WorkedExample(
    tokens=("I", "love", "machine", "learning"),
    embeddings=np.array([[0.1, 0.3, 0.5], [0.2, 0.4, 0.6], [0.3, 0.5, 0.7], [0.4, 0.6, 0.8]]),
    positions=np.array([[0.01, 0.02, 0.03], [0.02, 0.03, 0.04], [0.03, 0.04, 0.05], [0.04, 0.05, 0.06]]),
    wq=np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]),
    wk=np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]]),
    wv=np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]),
    wo=np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]]),
    heads=1,
)

# Dimensions: function word, animal, object, action. An animal asks for an object, an object for an animal,
# and an action for an animal, which does not ask back.
CAT_MAT = WorkedExample(
    tokens=("The", "cat", "sat", "on", "the", "mat"),
    embeddings=np.array(
        [
            [1.0, 0.0, 0.0, 0.0],
            [0.0, 1.0, 0.0, 0.1],
            [0.0, 0.1, 0.0, 1.0],
            [0.9, 0.0, 0.1, 0.0],
            [1.0, 0.0, 0.0, 0.0],
            [0.1, 0.0, 1.0, 0.0],
        ]
    ),
    positions=np.arange(1, 7)[:, None] * np.array([0.01, 0.0, 0.0, 0.01]),
    wq=np.array([[0.0, 0.0], [0.0, 5.0], [5.0, 0.0], [3.0, 0.0]]),
    wk=np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]),
    wv=np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]),
    wo=np.array([[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]]),
    heads=1,
)


def attend(
    x: ArrayLike,
    wq: ArrayLike,
    wk: ArrayLike,
    wv: ArrayLike,
    wo: ArrayLike | None = None,
    heads: int = 1,
    mask: Literal["causal"] | ArrayLike | None = None,
    *,
    temperature: float = 1.0,
    scaled: bool = True,
) -> SelfAttentionSteps:
    """Self-attention of ``x`` (n, d_model) with every intermediate (Vaswani et al. 2017, §3.2).

    ``wq``, ``wk`` (d_model, heads · d_k), ``wv`` (d_model, heads · d_v) and ``wo`` (heads · d_v, d_out;
    None: the heads are concatenated only) multiply from the right. ``mask`` is None, "causal", a boolean
    vector (n,) that is True for the tokens that are not padding, or a boolean array (n, n) that is True
    where the query of that row may see the key of that column. The scores are divided by √d_k, unless
    not ``scaled``, and by ``temperature``. Raises NumberError, which names the argument.
    """
    x = _matrix("x", x, "(tokens, width)")
    n, width = x.shape
    _check_heads(heads)
    wq, wk, wv = (_projection(name, w, width, heads) for name, w in (("wq", wq), ("wk", wk), ("wv", wv)))
    if wk.shape != wq.shape:
        raise NumberError(f"wk has shape {wk.shape}; expected {wq.shape} like wq, as q and k are multiplied.")
    if not (math.isfinite(temperature) and temperature > 0):
        raise NumberError(f"temperature is {temperature}; expected a number above 0.")
    visible = _visible(mask, n)
    if wo is not None:
        wo = _output(wo, wv.shape[1])
    with np.errstate(over="ignore", invalid="ignore"):  # checked below
        q, k, v = (_split(x @ w, heads) for w in (wq, wk, wv))  # (heads, n, d)
        scores = q @ k.transpose(0, 2, 1)  # (heads, n, n)
        scale = 1 / (temperature * (math.sqrt(q.shape[-1]) if scaled else 1))
        after = scores * scale
        masked = np.where(visible, after, -np.inf)
        weights = softmax(masked)
        mixed = weights @ v  # (heads, n, d_v)
        concatenated = mixed.transpose(1, 0, 2).reshape(n, -1)  # (n, heads * d_v)
        output = concatenated if wo is None else concatenated @ wo
    if not (np.isfinite(after).all() and np.isfinite(output).all()):
        raise NumberError("The products overflow; make the numbers of x and of the matrices smaller.")
    return SelfAttentionSteps(
        x=x,
        q=q,
        k=k,
        v=v,
        scores=scores,
        scale=scale,
        scaled=after,
        visible=visible,
        masked=masked,
        weights=weights,
        mixed=mixed,
        concatenated=concatenated,
        output=output,
    )


def softmax(scores: Array) -> Array:
    """exp(scores) over its sum, along the last axis."""
    # the largest is taken off first, lest exp overflow; the quotient stays
    e = np.exp(scores - scores.max(-1, keepdims=True))
    return np.asarray(e / e.sum(-1, keepdims=True))


def shapes(n: int, d_model: int = 512, heads: int = 8) -> dict[str, tuple[int, ...]]:
    """The shape of every array of ``attend`` for the usual d_k = d_v = d_model / heads."""
    _check_heads(heads)
    if d_model % heads:
        raise NumberError(f"d_model is {d_model}; expected a multiple of the {heads} heads.")
    d_k, square = d_model // heads, (d_model, d_model)
    return {
        "x": (n, d_model),
        **dict.fromkeys(("wq", "wk", "wv", "wo"), square),
        **dict.fromkeys(("q", "k", "v"), (heads, n, d_k)),
        **dict.fromkeys(("scores", "scaled", "masked", "weights"), (heads, n, n)),
        "mixed": (heads, n, d_k),
        "concatenated": (n, d_model),
        "output": (n, d_model),
    }


def _matrix(name: str, given: ArrayLike, expected: str) -> Array:
    try:
        array = np.asarray(given, np.float64)
    except (TypeError, ValueError) as error:
        raise NumberError(f"{name} is no table of numbers; expected {expected}.") from error
    if array.ndim != 2 or not array.size:
        raise NumberError(f"{name} has shape {array.shape}; expected {expected}, none of them 0.")
    if not np.isfinite(array).all():
        raise NumberError(f"{name} holds a value that is not a finite number.")
    return array


def _check_heads(heads: int) -> None:
    if heads < 1:
        raise NumberError(f"heads is {heads}; expected 1 or more.")


def _projection(name: str, given: ArrayLike, width: int, heads: int) -> Array:
    w = _matrix(name, given, f"({width}, columns)")
    if len(w) != width:
        raise NumberError(f"{name} has shape {w.shape}; expected ({width}, columns): x is {width} wide.")
    if w.shape[1] % heads:
        raise NumberError(
            f"{name} has shape {w.shape}; expected its columns to be a multiple of the {heads} heads."
        )
    return w


def _output(given: ArrayLike, width: int) -> Array:
    wo = _matrix("wo", given, f"({width}, columns)")
    if len(wo) != width:
        raise NumberError(
            f"wo has shape {wo.shape}; expected ({width}, columns): the heads together are {width} wide."
        )
    return wo


def _visible(mask: Any, n: int) -> NDArray[np.bool_]:
    if mask is None:
        return np.ones((n, n), bool)
    if isinstance(mask, str):
        if mask != "causal":
            raise NumberError(
                f"mask is “{mask}”; expected None, “causal”, or a boolean array of what to keep."
            )
        return np.tril(np.ones((n, n), bool))
    keep = np.asarray(mask)
    if keep.shape not in ((n,), (n, n)) or keep.dtype != bool:
        raise NumberError(
            f"mask has shape {keep.shape} and type {keep.dtype}; expected ({n},) or ({n}, {n}) booleans, "
            "True for what is kept."
        )
    visible = np.broadcast_to(keep, (n, n)).copy()
    if not visible.any(-1).all():
        raise NumberError(
            f"mask keeps nothing for token {visible.any(-1).argmin()}; every token needs one it may see."
        )
    return visible


def _split(rows: Array, heads: int) -> Array:
    """(n, heads · d) to (heads, n, d)."""
    return np.asarray(rows.reshape(len(rows), heads, -1).transpose(1, 0, 2))


def saturation(d_k: Sequence[int], *, seed: int = 0, n_keys: int = 16, draws: int = 2000) -> Saturation:
    """How even softmax(q·k) is, and how steep, against ``d_k``, with and without ÷ √d_k.

    q and k are standard normal, so q·k has variance d_k (Vaswani et al. 2017, footnote 4). Given q, the
    scores are normal with variance |q|²: drawn as such, which is exact and needs no keys.
    """
    if not len(d_k) or min(d_k) < 1:
        raise NumberError(f"d_k is {tuple(d_k)}; expected widths of 1 or more.")
    if n_keys < 2 or draws < 1:
        raise NumberError(f"n_keys is {n_keys} and draws {draws}; expected at least 2 and 1.")
    rng = np.random.default_rng(seed)
    z = rng.standard_normal((draws, n_keys))
    entropy, gradient = np.empty((2, len(d_k))), np.empty((2, len(d_k)))
    for i, d in enumerate(d_k):
        scores = np.sqrt(rng.chisquare(d, (draws, 1))) * z  # |q| · z
        for row, scale in enumerate((1 / math.sqrt(d), 1)):
            p = softmax(scores * scale)
            entropy[row, i] = -np.vecdot(p, np.log(np.maximum(p, np.finfo(float).tiny))).mean()
            squares = np.vecdot(p, p)
            # ‖diag(p) − p pᵀ‖² = Σp² − 2Σp³ + (Σp²)²; rounding can push a 0 below 0
            norm = squares - 2 * np.vecdot(p * p, p) + squares**2
            gradient[row, i] = np.sqrt(np.maximum(norm, 0)).mean()
    return Saturation(np.array(d_k), n_keys, draws, entropy / math.log(n_keys), gradient)


def two_relations() -> TwoRelations:
    """Why several heads: *chased* needs to know who chases and who is chased.

    A row of weights sums to 1, so one head gives both nouns at most 1/2 each and hands on their mean, the
    same whoever chases. A lopsided head tells the two sentences apart, but every bit that one noun gains
    the other loses. Two heads give each noun nearly 1. All three are equally wide: d_k 2, d_v 4 in all.
    """
    # dimensions: subject, object, verb, cat, mouse
    cat_chases = np.array([[1.0, 0, 0, 1, 0], [0, 0, 1, 0, 0], [0, 1, 0, 0, 1]])
    mouse_chases = np.array([[1.0, 0, 0, 0, 1], [0, 0, 1, 0, 0], [0, 1, 0, 1, 0]])
    wk = np.zeros((5, 2))
    wk[0, 0] = wk[1, 1] = 1  # column 0: I am the subject; column 1: I am the object
    wv = np.zeros((5, 4))
    wv[3, [0, 2]] = wv[4, [1, 3]] = 1  # each half carries (cat, mouse)
    variants = {"one head": ((12, 12), 1), "one lopsided head": ((12, 11), 1), "two heads": ((8, 8), 2)}
    steps = []
    for asks, heads in variants.values():
        wq = np.zeros((5, 2))
        wq[2] = asks
        steps.append(
            (attend(cat_chases, wq, wk, wv, heads=heads), attend(mouse_chases, wq, wk, wv, heads=heads))
        )
    return TwoRelations(
        sentences=(("cat", "chased", "mouse"), ("mouse", "chased", "cat")),
        asking=1,
        variants=tuple(variants),
        steps=tuple(steps),
        apart=tuple(float(np.abs(a.output[1] - b.output[1]).max()) for a, b in steps),
    )


def cost(n: ArrayLike, d: int, kernel: int = KERNEL) -> Cost:
    """What self-attention, an RNN and a convolution need for ``n`` vectors (a number or many) of width ``d``.

    Mixing the tokens: n²d (half of 2n²d: the weighted sum of V counts as much as the scores), nd² and
    kernel · nd² (Vaswani et al. 2017, table 1); so attention crosses the RNN at n = d. The whole layer:
    4nd² + 2n²d with W_Q, W_K, W_V, W_O; 2nd² with the RNN's input matrix; the convolution has no more.
    One head; more heads keep more weights in memory and multiply as much.
    """
    lengths = np.asarray(n, np.float64)
    if not lengths.size or not np.isfinite(lengths).all() or lengths.min() < 1 or d < 1 or kernel < 2:
        raise NumberError(f"n is {n!r}, d {d} and kernel {kernel}; expected at least 1, 1 and 2.")
    one = np.ones_like(lengths)
    inputs = lengths * d
    return Cost(
        n=lengths,
        d=d,
        kernel=kernel,
        layers=LAYERS,
        mixing=np.stack([lengths**2 * d, inputs * d, kernel * inputs * d]),
        multiplications=np.stack([4 * inputs * d + 2 * lengths**2 * d, 2 * inputs * d, kernel * inputs * d]),
        # q, k, v, the weights and the output; the states; the output
        memory=np.stack([4 * inputs + lengths**2, inputs, inputs]),
        sequential=np.stack([one, lengths, one]),
        path=np.stack([one, lengths, np.maximum(1, np.ceil(np.log(lengths) / math.log(kernel) - 1e-12))]),
    )


def measure_cost(
    ns: Sequence[int],
    d: int,
    *,
    progress: Callable[[int, int], object] | None = None,
    kernel: int = KERNEL,
    repeats: int = REPEATS,
) -> MeasuredCost:
    """Seconds that the three layers of ``cost`` take here for each length of ``ns``, whole layers, one head.

    Self-attention is the formula, with the n × n weights in memory; the others are nn.RNN and nn.Conv1d.
    ``progress(done, total)`` is called after each median; what it raises stops the measurement.
    """
    import torch

    if not len(ns) or min(ns) < 1 or max(ns) > LONGEST or not 1 <= d <= WIDEST:
        raise NumberError(
            f"ns is {tuple(ns)} and d {d}; expected lengths from 1 to {LONGEST:,} and a width from 1 to "
            f"{WIDEST:,}."
        )
    w = torch.full((4, d, d), 1 / d)  # the time does not depend on the values
    rnn = torch.nn.RNN(d, d, batch_first=True).eval()
    convolution = torch.nn.Conv1d(d, d, kernel, padding="same").eval()

    def attention(x: Any) -> Any:
        q, k, v = x @ w[0], x @ w[1], x @ w[2]
        return torch.softmax(q @ k.mT / math.sqrt(d), -1) @ v @ w[3]

    layers: tuple[Callable[[Any], Any], ...] = (attention, rnn, lambda x: convolution(x.mT))
    seconds = np.empty((len(layers), len(ns)))
    with torch.inference_mode():
        for i, n in enumerate(ns):
            x = torch.ones(1, n, d)
            for row, layer in enumerate(layers):
                layer(x)  # the first pass also sets up memory and threads
                seconds[row, i] = statistics.median(_seconds(layer, x) for _ in range(repeats))
                if progress:
                    progress(i * len(layers) + row + 1, len(ns) * len(layers))
    versions = {"torch": version("torch")}
    return MeasuredCost(np.array(ns), d, kernel, LAYERS, seconds, repeats, torch.get_num_threads(), versions)


def _seconds(layer: Callable[[Any], Any], x: Any) -> float:
    started = time.perf_counter()
    layer(x)
    return time.perf_counter() - started
