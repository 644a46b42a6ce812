"""The networks of the seq2seq page: three ways from a source to a target, and the parts they share.

Every network is called with source codes (batch, source steps) and the target codes so far (batch, target
steps, beginning with BEGIN), and gives a Reading: the logits of each next target token and every attention
weight on the way. Padding is PAD at the end and has weight 0 exactly.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

PAD, BEGIN, END, UNSEEN = range(4)  # in front of each alphabet
SPECIAL = 4
EMBEDDING = 32
ENCODER = 48  # units in each direction
STATE = 2 * ENCODER + EMBEDDING
DECODER = 96
WIDE, HEADS, LAYERS, INNER = 48, 4, 2, 128  # of the Transformer


@dataclass(frozen=True)
class Reading:
    """What a network made of a batch.

    ``logits`` (batch, target, tokens). ``cross`` (batch, heads, target, source) or None without attention;
    the Transformer's heads are layers · heads. ``source`` (batch, heads, source, source) and ``target``
    (batch, heads, target, target) are its self-attention. ``memory`` is what the decoder is given of the
    source: (batch, source, width), or (batch, width) where that is one context vector.
    """

    logits: Tensor
    memory: Tensor
    cross: Tensor | None = None
    source: Tensor | None = None
    target: Tensor | None = None


class Encoder(nn.Module):
    """An LSTM that reads the source both ways: (batch, source) codes → states and summary.

    Each state ends with the embedding of its own token. Without it the models learn as well, but often look
    one place beside the token that they copy, since its neighbours' states know it too.
    """

    def __init__(self, tokens: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(tokens, EMBEDDING)
        self.lstm = nn.LSTM(EMBEDDING, ENCODER, batch_first=True, bidirectional=True)

    def forward(self, source: Tensor) -> tuple[Tensor, Tensor]:
        """States (batch, source, STATE), and the LSTM's last one of each direction (batch, 2 · ENCODER)."""
        lengths = (source != PAD).sum(1).cpu()
        embedded = self.embed(source)
        packed = nn.utils.rnn.pack_padded_sequence(embedded, lengths, batch_first=True, enforce_sorted=False)
        output, (last, _) = self.lstm(packed)
        states, _ = nn.utils.rnn.pad_packed_sequence(output, batch_first=True, total_length=source.shape[1])
        return torch.cat((states, embedded), -1), torch.cat((last[0], last[1]), -1)


class Plain(nn.Module):
    """Encoder–decoder with one context vector of ``width`` numbers (Sutskever et al. 2014, Cho et al. 2014).

    All that the decoder learns of the source passes through that vector, which it sees at every step.
    """

    def __init__(self, source_tokens: int, target_tokens: int, width: int) -> None:
        super().__init__()
        self.encoder = Encoder(source_tokens)
        self.squeeze = nn.Linear(2 * ENCODER, width)
        self.begin = nn.Linear(width, DECODER)
        self.embed = nn.Embedding(target_tokens, EMBEDDING)
        self.lstm = nn.LSTM(EMBEDDING + width, DECODER, batch_first=True)
        self.head = nn.Linear(DECODER, target_tokens)

    def forward(self, source: Tensor, target: Tensor) -> Reading:
        context = self.squeeze(self.encoder(source)[1]).tanh()
        begin = self.begin(context).tanh()[None]
        given = context[:, None].expand(-1, target.shape[1], -1)
        output, _ = self.lstm(torch.cat((self.embed(target), given), -1), (begin, torch.zeros_like(begin)))
        return Reading(self.head(output), context)


def weigh(scores: Tensor, source: Tensor) -> Tensor:
    """Softmax of scores (batch, …, source) over the source, with padding at exactly 0."""
    padding = (source == PAD).view(len(source), *[1] * (scores.dim() - 2), -1)
    return scores.masked_fill(padding, -math.inf).softmax(-1)


class Bahdanau(nn.Module):
    """Attention before each decoder step: score = v · tanh(W s₋ + U h) (Bahdanau et al. 2014, appendix A).

    It asks before it reads its own last token, and without help it learns to look at that token's place as
    well as at the next: it takes away what it knows. ``hide`` makes that useless: in training the contexts of
    this share of the examples hold embeddings alone, and this share of the decoder's tokens is UNSEEN.
    """

    def __init__(self, source_tokens: int, target_tokens: int, hide: float = 0.0) -> None:
        super().__init__()
        self.hide = hide
        self.encoder = Encoder(source_tokens)
        self.begin = nn.Linear(2 * ENCODER, DECODER)
        self.embed = nn.Embedding(target_tokens, EMBEDDING)
        self.of_state = nn.Linear(DECODER, WIDE)
        self.of_source = nn.Linear(STATE, WIDE, bias=False)
        self.score = nn.Linear(WIDE, 1, bias=False)
        self.cell = nn.LSTMCell(EMBEDDING + STATE, DECODER)
        self.head = nn.Linear(DECODER + STATE, target_tokens)

    def forward(self, source: Tensor, target: Tensor) -> Reading:
        states, summary = self.encoder(source)
        keys = self.of_source(states)
        if self.training and self.hide:
            kept = torch.rand(len(states), 1, 1) >= self.hide
            states = torch.cat((states[..., : 2 * ENCODER] * kept, states[..., 2 * ENCODER :]), -1)
            target = target.masked_fill((torch.rand(target.shape) < self.hide) & (target > UNSEEN), UNSEEN)
        hidden = self.begin(summary).tanh()
        cell = torch.zeros_like(hidden)
        weights, outputs = [], []
        for token in self.embed(target).unbind(1):
            scores = self.score((self.of_state(hidden)[:, None] + keys).tanh())[..., 0]
            weight = weigh(scores, source)  # (batch, source)
            context = (weight[:, None] @ states)[:, 0]
            hidden, cell = self.cell(torch.cat((token, context), -1), (hidden, cell))
            weights.append(weight)
            outputs.append(torch.cat((hidden, context), -1))
        return Reading(self.head(torch.stack(outputs, 1)), states, torch.stack(weights, 1)[:, None])


class Luong(nn.Module):
    """Attention after each decoder step: score = s · W h, called "general" (Luong et al. 2015, §3.1)."""

    def __init__(self, source_tokens: int, target_tokens: int) -> None:
        super().__init__()
        self.encoder = Encoder(source_tokens)
        self.begin = nn.Linear(2 * ENCODER, DECODER)
        self.embed = nn.Embedding(target_tokens, EMBEDDING)
        self.lstm = nn.LSTM(EMBEDDING, DECODER, batch_first=True)
        self.key = nn.Linear(STATE, DECODER, bias=False)
        self.combine = nn.Linear(DECODER + STATE, DECODER)
        self.head = nn.Linear(DECODER, target_tokens)

    def forward(self, source: Tensor, target: Tensor) -> Reading:
        states, summary = self.encoder(source)
        begin = self.begin(summary).tanh()[None]
        output, _ = self.lstm(self.embed(target), (begin, torch.zeros_like(begin)))
        weights = weigh(output @ self.key(states).transpose(1, 2), source)  # (batch, target, source)
        combined = self.combine(torch.cat((output, weights @ states), -1)).tanh()
        return Reading(self.head(combined), states, weights[:, None])


class Attention(nn.Module):
    """Heads of scaled dot-product attention that also hand out their weights (Vaswani et al. 2017)."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(WIDE, WIDE) for _ in range(4))

    def forward(self, asking: Tensor, asked: Tensor, hidden: Tensor) -> tuple[Tensor, Tensor]:
        """Output (batch, n, WIDE) and weights (batch, HEADS, n, m); ``hidden`` (…, n, m) must not be seen."""
        q, k, v = (
            part(x).unflatten(-1, (HEADS, -1)).transpose(1, 2)
            for part, x in ((self.query, asking), (self.key, asked), (self.value, asked))
        )
        scores = q @ k.transpose(2, 3) / math.sqrt(WIDE // HEADS)
        weights = scores.masked_fill(hidden, -math.inf).softmax(-1)
        return self.out((weights @ v).transpose(1, 2).flatten(2)), weights


class Block(nn.Module):
    """One layer of encoder or decoder, normalised before each part."""

    def __init__(self, crosses: bool) -> None:
        super().__init__()
        self.own = Attention()
        self.cross = Attention() if crosses else None
        self.inner = nn.Sequential(nn.Linear(WIDE, INNER), nn.ReLU(), nn.Linear(INNER, WIDE))
        self.norms = nn.ModuleList(nn.LayerNorm(WIDE) for _ in range(2 + crosses))

    def forward(
        self, x: Tensor, hidden: Tensor, memory: Tensor | None = None, padding: Tensor | None = None
    ) -> tuple[Tensor, Tensor, Tensor | None]:
        normed = self.norms[0](x)
        added, own = self.own(normed, normed, hidden)
        x, across = x + added, None
        if self.cross is not None:
            added, across = self.cross(self.norms[2](x), memory, padding)
            x = x + added
        return x + self.inner(self.norms[1](x)), own, across


def positions(steps: int) -> Tensor:
    """(steps, WIDE) sines and cosines (Vaswani et al. 2017, §3.5)."""
    angles = torch.arange(steps)[:, None] / 10000 ** (torch.arange(0, WIDE, 2) / WIDE)
    return torch.stack((angles.sin(), angles.cos()), -1).flatten(1)


class Transformer(nn.Module):
    """A small Transformer encoder–decoder with sinusoidal positions (Vaswani et al. 2017)."""

    def __init__(self, source_tokens: int, target_tokens: int) -> None:
        super().__init__()
        self.embed_source = nn.Embedding(source_tokens, WIDE)
        self.embed_target = nn.Embedding(target_tokens, WIDE)
        self.encoder = nn.ModuleList(Block(crosses=False) for _ in range(LAYERS))
        self.decoder = nn.ModuleList(Block(crosses=True) for _ in range(LAYERS))
        self.norm_source, self.norm_target = nn.LayerNorm(WIDE), nn.LayerNorm(WIDE)
        self.head = nn.Linear(WIDE, target_tokens)

    def forward(self, source: Tensor, target: Tensor) -> Reading:
        padding = (source == PAD)[:, None, None]
        memory = self.embed_source(source) + positions(source.shape[1])
        of_source, of_target, cross = [], [], []
        for block in self.encoder:
            memory, own, _ = block(memory, padding)
            of_source.append(own)
        memory = self.norm_source(memory)
        x = self.embed_target(target) + positions(target.shape[1])
        later = torch.ones(target.shape[1], target.shape[1], dtype=torch.bool).triu(1)
        for block in self.decoder:
            x, own, across = block(x, later, memory, padding)
            of_target.append(own)
            cross.append(across)
        return Reading(
            self.head(self.norm_target(x)),
            memory,
            *(torch.cat(each, 1) for each in (cross, of_source, of_target)),
        )


NETWORKS: dict[str, type[nn.Module]] = {
    "plain": Plain, "bahdanau": Bahdanau, "luong": Luong, "transformer": Transformer
}  # fmt: skip
