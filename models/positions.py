"""How a model that reads a set is told the order: every scheme in use, and what each is good for."""

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.errors import ModelError, NumberError
from models.loading import LoadedModel, load
from models.traces import Array

Layout = Literal["interleaved", "concatenated"]
RopeLayout = Literal["half", "interleaved"]
Scaling = tuple[str, float] | tuple[str, float, int] | None

BASE = 10_000.0
T5_BUCKETS, T5_MAX_DISTANCE = 32, 128
# YaRN (Peng et al. 2023): pairs that turn more often than this within the trained length keep their
# frequency, pairs that turn less often than once are slowed down in full
YARN_FAST, YARN_SLOW = 32, 1


def sinusoidal(n: int, d: int, layout: Layout = "interleaved", base: float = BASE) -> Array:
    """The table of Vaswani et al. 2017, §3.5, (n, d): sin and cos of p / base^(2i/d), d even.

    "interleaved" is the paper's: columns 2i and 2i + 1 are a pair. "concatenated" has all sines first.
    """
    _check_size(n, d, even=True)
    _check("layout", layout, ("interleaved", "concatenated"))
    angles = np.arange(n)[:, None] * _frequencies(d, base)  # (n, d/2)
    pairs = np.stack([np.sin(angles), np.cos(angles)], -1)  # (n, d/2, 2)
    return (pairs if layout == "interleaved" else pairs.transpose(0, 2, 1)).reshape(n, d)


def rotation(k: float, d: int, layout: Layout = "interleaved", base: float = BASE) -> Array:
    """The one matrix R_k (d, d) with PE(p + k) = R_k · PE(p) for every p of ``sinusoidal``."""
    _check_size(1, d, even=True)
    _check("layout", layout, ("interleaved", "concatenated"))
    angles = k * _frequencies(d, base)
    sine = np.arange(0, d, 2) if layout == "interleaved" else np.arange(d // 2)
    cosine = sine + (1 if layout == "interleaved" else d // 2)
    matrix = np.zeros((d, d))
    # sin(a + b) = sin a cos b + cos a sin b; cos(a + b) = cos a cos b − sin a sin b
    matrix[sine, sine] = matrix[cosine, cosine] = np.cos(angles)
    matrix[sine, cosine] = np.sin(angles)
    matrix[cosine, sine] = -np.sin(angles)
    return matrix


def integers(n: int, d: int) -> Array:
    """The position itself in every column, (n, d)."""
    _check_size(n, d)
    return np.repeat(np.arange(n, dtype=float)[:, None], d, 1)


def fractions(n: int, d: int) -> Array:
    """The position over the length, p / n, in every column, (n, d)."""
    return integers(n, d) / n


def squashed(n: int, d: int) -> Array:
    """The sigmoid of the position, 1 / (1 + e^−p), in every column, (n, d)."""
    return 1 / (1 + np.exp(-integers(n, d)))


def learned(model: str | LoadedModel = "minilm") -> NDArray[np.float32]:
    """The model's own trained table, (positions, width); of MiniLM (512, 384). Raises ModelError for none."""
    table, first = table_of(load(model, "cpu") if isinstance(model, str) else model)
    return np.asarray(table.weight[first:].detach().float().cpu().numpy())


def table_of(loaded: LoadedModel) -> tuple[Any, int]:
    """The trained embedding of positions, and the row of position 0; raises ModelError for none."""
    for name, part in loaded.model.named_modules():
        if name.rpartition(".")[2] in ("position_embeddings", "wpe", "embed_positions"):
            if "Sinusoidal" in type(part).__name__:
                raise ModelError(f"{loaded.card.name} computes its positions by the sinusoidal formula.")
            # RoBERTa and OPT keep rows in front that belong to no position
            padding = getattr(part, "padding_idx", None)
            return part, getattr(part, "offset", 0 if padding is None else padding + 1)
    raise ModelError(f"{loaded.card.name} has no table of positions; its positions enter in every layer.")


def rope_frequencies(d: int, base: float = BASE, scaling: Scaling = None) -> tuple[Array, float]:
    """The angles per position θ_i (d/2,) of RoPE, and the factor by which YaRN enlarges the vectors.

    θ_i = base^(−2i/d) (Su et al. 2021). ``scaling`` stretches a trained length: ("linear", f) divides every
    θ by f (Chen et al. 2023). ("ntk", f) takes the base f^(d/(d−2)) times, so that the slowest pair turns f
    times slower and the fastest as before; transformers' "dynamic" is f = factor · length / trained −
    (factor − 1). ("yarn", f, original_length) divides the slow pairs by f, leaves the fast ones, and
    enlarges q and k by 0.1 ln f + 1 each (Peng et al. 2023).
    """
    _check_size(1, d, even=True)
    theta = _frequencies(d, base)
    if scaling is None:
        return theta, 1.0
    kind, factor, *rest = scaling
    _check("scaling", kind, ("linear", "ntk", "yarn"))
    if not (math.isfinite(factor) and factor >= 1) or len(rest) != (kind == "yarn"):
        raise NumberError(
            f"scaling is {scaling}; expected (“linear”, f), (“ntk”, f) or (“yarn”, f, original_length) "
            "with f ≥ 1."
        )
    if kind == "linear":
        return theta / factor, 1.0
    if kind == "ntk":
        if d < 4:
            raise NumberError(f"d is {d}; expected 4 or more for NTK scaling.")
        return _frequencies(d, base * factor ** (d / (d - 2))), 1.0
    original = rest[0]
    if original < 1:
        raise NumberError(f"original_length is {original}; expected 1 or more.")

    def pair_that_turns(times: float) -> float:
        """The index of the pair that turns so often within the original length."""
        return d * math.log(original / (times * 2 * math.pi)) / (2 * math.log(base))

    low = max(math.floor(pair_that_turns(YARN_FAST)), 0)
    high = min(math.ceil(pair_that_turns(YARN_SLOW)), d - 1)
    slowed = np.clip((np.arange(d // 2) - low) / (high - low or 0.001), 0, 1)
    return theta / factor * slowed + theta * (1 - slowed), 0.1 * math.log(factor) + 1


def rope(
    x: ArrayLike,
    positions: ArrayLike,
    layout: RopeLayout = "half",
    base: float = BASE,
    scaling: Scaling = None,
) -> Array:
    """Every vector of ``x`` (…, n, d) turned by its position (n,), pair i by the angle position · θ_i.

    The original (Su et al. 2021) turns columns 2i and 2i + 1 ("interleaved"); transformers turns columns i
    and i + d/2 ("half"): the same up to the order of the columns, of which q and k take the same.
    """
    x, positions = np.asarray(x, float), np.asarray(positions, float)
    _check("layout", layout, ("half", "interleaved"))
    if x.ndim < 2 or positions.shape != x.shape[-2:-1]:
        raise NumberError(
            f"x has shape {x.shape} and positions {positions.shape}; expected (…, n, d) and (n,)."
        )
    d = x.shape[-1]
    theta, enlarge = rope_frequencies(d, base, scaling)
    angles = positions[:, None] * theta  # (n, d/2)
    cos, sin = np.cos(angles) * enlarge, np.sin(angles) * enlarge
    interleaved = layout == "interleaved"
    first: Any = np.s_[..., ::2] if interleaved else np.s_[..., : d // 2]
    second: Any = np.s_[..., 1::2] if interleaved else np.s_[..., d // 2 :]
    turned = np.empty_like(x)
    turned[first] = x[first] * cos - x[second] * sin
    turned[second] = x[second] * cos + x[first] * sin
    return turned


def alibi_slopes(heads: int) -> Array:
    """The slope of every head, (heads,) (Press et al. 2022, §3; other counts as in the authors' code).

    For a power of two 2^(−8/heads), its square, its cube …; else those of the next smaller power of two,
    then every other slope of the next larger.
    """
    if heads < 1:
        raise NumberError(f"heads is {heads}; expected 1 or more.")
    power = 2 ** int(math.log2(heads))
    slopes = 2.0 ** (-8 / power * np.arange(1, power + 1))
    between = 2.0 ** (-4 / power * np.arange(1, 2 * power + 1, 2))
    return np.concatenate([slopes, between[: heads - power]])


def alibi_bias(heads: int, n: int) -> Array:
    """What ALiBi adds to the scores, (heads, n, n): −slope · (query − key), and −inf for later keys."""
    _check_size(n, 1)
    distance = np.arange(n)[:, None] - np.arange(n)  # (n, n), queries down
    return np.where(distance >= 0, -alibi_slopes(heads)[:, None, None] * distance, -np.inf)


def t5_buckets(
    distance: ArrayLike,
    bidirectional: bool = True,
    buckets: int = T5_BUCKETS,
    max_distance: int = T5_MAX_DISTANCE,
) -> NDArray[np.int64]:
    """T5's bucket of every ``distance`` = key − query, in its shape (Raffel et al. 2020, §2.1).

    Half of the buckets (of each direction) hold one distance each, the other half ranges that grow
    logarithmically up to ``max_distance``; all that is farther shares the last. A decoder is not
    ``bidirectional``: every later key has bucket 0.
    """
    distance = np.asarray(distance)
    each = buckets // 2 if bidirectional else buckets
    exact = each // 2
    if distance.dtype.kind not in "iu" or exact < 1 or max_distance <= exact:
        raise NumberError(
            f"distance has type {distance.dtype}, buckets is {buckets} and max_distance {max_distance}; "
            f"expected integers, {4 if bidirectional else 2} or more, and above the {exact} exact buckets."
        )
    distance = distance.astype(np.int64)
    away = np.abs(distance) if bidirectional else np.maximum(-distance, 0)
    # in float32, as the model was trained: at some borders float64 falls on the other side
    ratio = np.log(np.maximum(away, 1).astype(np.float32) / np.float32(exact))
    far = (ratio / np.float32(math.log(max_distance / exact)) * np.float32(each - exact)).astype(np.int64)
    bucket = np.where(away < exact, away, np.minimum(exact + far, each - 1))
    return np.asarray(bucket + (distance > 0) * each if bidirectional else bucket)


def t5_bias(n: int, model: str | LoadedModel = "t5-small") -> NDArray[np.float32]:
    """What a trained T5's encoder adds to the scores of every layer, (heads, n, n)."""
    loaded = load(model, "cpu") if isinstance(model, str) else model
    weights = t5_table(loaded)
    place = np.arange(n)
    config = loaded.model.config
    bucket = t5_buckets(
        place - place[:, None],
        buckets=config.relative_attention_num_buckets,
        max_distance=config.relative_attention_max_distance,
    )
    return np.ascontiguousarray(weights[bucket].transpose(2, 0, 1))


def t5_table(loaded: LoadedModel) -> NDArray[np.float32]:
    """The numbers that a trained T5's encoder adds to the scores, (buckets, heads); ModelError for none."""
    parts = loaded.model.named_modules()
    table = next((part for name, part in parts if name.endswith("relative_attention_bias")), None)
    if table is None:
        raise ModelError(f"{loaded.card.name} has no table of distances; choose a T5.")
    return np.asarray(table.weight.detach().float().cpu().numpy())


def similarity(pe: ArrayLike, kind: Literal["dot", "cosine"] = "dot") -> Array:
    """Every position with every other, (n, n): the inner product that attention sees, or the cosine.

    A vector of zeros has the cosine 0 with everything.
    """
    table = np.asarray(pe, float)
    _check("kind", kind, ("dot", "cosine"))
    if table.ndim != 2:
        raise NumberError(f"pe has shape {table.shape}; expected (positions, width).")
    if kind == "cosine":
        norms = np.linalg.norm(table, axis=1, keepdims=True)
        table = table / np.where(norms == 0, 1, norms)
    return np.asarray(table @ table.T)


def _frequencies(d: int, base: float) -> Array:
    if not (math.isfinite(base) and base > 1):
        raise NumberError(f"base is {base}; expected a number above 1.")
    return np.asarray(base ** (-np.arange(0, d, 2) / d))


def _check_size(n: int, d: int, even: bool = False) -> None:
    if n < 1 or d < 1 or (even and d % 2):
        raise NumberError(f"n is {n} and d {d}; expected 1 or more, and d {'even' if even else '1 or more'}.")


def _check(name: str, given: str, known: tuple[str, ...]) -> None:
    if given not in known:
        raise NumberError(f"{name} is “{given}”; expected one of {', '.join(known)}.")
