"""Heads switched off, one choice of them a row of a batch, and what that changes."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.attention import MAX_TOKENS, layers_of, read_text
from models.errors import ModelError, NumberError, OutOfMemory
from models.loading import LoadedModel, load, out_of_memory
from models.traces import Array, ModelCard, Provenance, Token
from models.traces_heads import AblationTrace, Effect, Head, Heads, Ranking

CONTROL_DRAWS = 20
TOP = 10
# Tokens × layers of one pass: a small model needs many rows to keep two cores busy; a large one is no faster
# with more, and loses less when it is stopped
WORK_A_PASS = 14_400
# Where a layer's attention hands on its heads, side by side: BERT and its kin, Llama, GPT-2, OPT, DistilBERT,
# GPT-NeoX
OUTPUTS = (
    "attention.output.dense",
    "self_attn.o_proj",
    "attn.c_proj",
    "self_attn.out_proj",
    "attention.out_lin",
    "attention.dense",
)

Progress = Callable[[int, int], object] | None


def ablate(
    text: str,
    heads: Sequence[Head],
    *,
    model: str | LoadedModel = "minilm",
    position: int = -1,
    named: str = "",
    device: str = "auto",
    draws: int = CONTROL_DRAWS,
    seed: int = 0,
    max_tokens: int = MAX_TOKENS,
    progress: Progress = None,
) -> AblationTrace:
    """``text`` read with all heads, without ``heads``, and ``draws`` times without as many others.

    A head is switched off by setting its slice of the input of its layer's output projection to 0, so that a
    layer without any head still adds its projection's bias. Of a decoder the guess after token ``position``
    is compared (negative: counted from the end), of an encoder the vectors. ``named`` is a token to follow,
    the first one of a longer text; "" is the likeliest before. ``progress(done, layers)`` is
    called after each layer; what it raises stops the work. Raises TextError, NumberError, ModelError.
    """
    loaded = load(model, device) if isinstance(model, str) else model
    card = loaded.card
    chosen = _checked(heads, card)
    inputs, tokens, _ = read_text(text, None, loaded, max_tokens)
    position = _place(position, tokens)
    # no head off: one pass, and nothing to compare it with
    off = [chosen, *control(chosen, card, draws, seed)] if chosen else []
    started = time.perf_counter()
    before, *after = _read(loaded, inputs, off, position, progress)
    effect, *others = (
        _effect(heads, before, row) for heads, row in zip(off or [chosen], after or [before], strict=True)
    )
    if card.causal:
        with loaded.lock:  # a fast tokenizer refuses a second thread
            follow = _named(named, before, loaded.tokenizer)
            listed = {follow, *likeliest(before), *likeliest(effect.logprobs)}
            spellings = {each: loaded.tokenizer.decode([each]) for each in listed}
    else:
        follow, spellings = -1, {}
    return AblationTrace(
        tokens=tokens,
        position=position,
        before=before if card.causal else np.empty(0, np.float32),
        effect=effect,
        control=tuple(Effect(each.heads, each.kl, cosine=each.cosine) for each in others),
        named=follow,
        spellings=spellings,
        card=card,
        provenance=_provenance(loaded, tokens, started),
    )


def rank_heads(
    text: str,
    *,
    model: str | LoadedModel = "minilm",
    position: int = -1,
    device: str = "auto",
    max_tokens: int = MAX_TOKENS,
    progress: Progress = None,
    known: Array | None = None,
    keep: Callable[[Array], object] = lambda sizes: None,
) -> Ranking:
    """The effect of switching off each head alone.

    Many ablations share one pass, and a layer before the first head that is off is computed once for all of
    them. ``progress(done, heads)`` counts heads; what it raises stops the work. ``keep`` gets what is found
    after each pass, (layers, heads) with NaN for the rest, and ``known`` goes on from there. Raises as
    ``ablate`` does.
    """
    loaded = load(model, device) if isinstance(model, str) else model
    card = loaded.card
    _checked([], card)
    inputs, tokens, _ = read_text(text, None, loaded, max_tokens)
    position = _place(position, tokens)
    sizes = np.full((card.layers, card.heads), np.nan) if known is None else known.copy()
    every = [((int(layer), int(head)),) for layer, head in np.argwhere(np.isnan(sizes))]
    started = time.perf_counter()
    a_pass = max(1, WORK_A_PASS // (card.layers * len(tokens)))
    for start in range(0, len(every), a_pass):
        some = every[start : start + a_pass]
        report = _part_of(progress, sizes.size - len(every) + start, len(some), sizes.size)
        before, *rows = _read(loaded, inputs, some, position, report)
        for heads, row in zip(some, rows, strict=True):
            sizes[heads[0]] = effect_size(before, row)
        keep(sizes.copy())
    return Ranking(
        sizes=sizes,
        tokens=tokens,
        position=position,
        card=card,
        provenance=_provenance(loaded, tokens, started),
    )


def _part_of(progress: Progress, start: int, some: int, every: int) -> Progress:
    """``progress`` of one pass after ``start`` of ``every`` heads, told by layers."""
    if progress is None:
        return None
    return lambda done, layers: progress(start + some * done // layers, every)


def control(chosen: Heads, card: ModelCard, draws: int, seed: int) -> list[Heads]:
    """As many other heads in as many layers, drawn at random; of whole layers other whole layers.

    Layers are drawn first, then in each as many heads as the choice has in one of its layers. Every draw is
    another set and none is the choice itself; where fewer sets exist than asked for, all of them are given.
    """
    counts = sorted(sum(layer == each for each, _ in chosen) for layer in {layer for layer, _ in chosen})
    random = np.random.default_rng(seed)
    found: dict[frozenset[Head], None] = {}
    for _ in range(50 * draws):  # a set may come twice; there may be few
        layers = random.choice(card.layers, len(counts), replace=False)
        drawn = frozenset(
            (int(layer), int(head))
            for layer, count in zip(layers, random.permutation(counts), strict=True)
            for head in random.choice(card.heads, count, replace=False)
        )
        if drawn != frozenset(chosen):
            found[drawn] = None
        if len(found) == draws:
            break
    return [tuple(sorted(each)) for each in found]


def divergence(before: NDArray[np.float32], after: NDArray[np.float32]) -> float:
    """KL(before ‖ after) = Σ p (ln p − ln q) in nats, of two rows of log-probabilities."""
    ln_p, ln_q = before.astype(np.float64), after.astype(np.float64)
    return max(0.0, float((np.exp(ln_p) * (ln_p - ln_q)).sum()))


def likeliest(logprobs: NDArray[np.float32], most: int = TOP) -> list[int]:
    """The entries of a vocabulary with the largest probability, largest first."""
    return [int(entry) for entry in np.argsort(-logprobs, kind="stable")[:most]]


def _named(word: str, before: NDArray[np.float32], tokenizer: Any) -> int:
    """The entry of the vocabulary that a word starts with: inside a text (behind a blank) or not."""
    starts = (tokenizer(spelling, add_special_tokens=False)["input_ids"] for spelling in (f" {word}", word))
    found = [ids[0] for ids in starts if ids and word.strip()]
    return max(found, key=before.__getitem__, default=likeliest(before, 1)[0])


def _effect(heads: Heads, before: NDArray[np.float32], after: NDArray[np.float32]) -> Effect:
    """Compare a decoder's log-probabilities (vocabulary,), or the vectors (n, d) of an encoder's tokens."""
    if before.ndim == 1:
        return Effect(heads, kl=divergence(before, after), logprobs=after)
    return Effect(heads, cosine=1 - effect_size(before, after), token_cosines=_cosine(before, after))


def effect_size(before: NDArray[np.float32], after: NDArray[np.float32]) -> float:
    """``Effect.size`` alone: KL of a decoder's rows, or 1 − cosine of the texts (means over tokens)."""
    if before.ndim == 1:
        return divergence(before, after)
    return 1 - float(_cosine(before.mean(0, np.float64), after.mean(0, np.float64)))


def _cosine(a: NDArray[Any], b: NDArray[Any]) -> Array:
    a, b = a.astype(np.float64), b.astype(np.float64)
    return np.asarray(np.vecdot(a, b) / (np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)))


def _read(
    loaded: LoadedModel,
    inputs: dict[str, list[int]],
    off: Sequence[Heads],
    position: int,
    progress: Progress,
) -> NDArray[np.float32]:
    """One forward pass: a row with all heads, then one for each choice of heads that are off.

    Gives a decoder's log-probabilities after ``position``, (1 + choices, vocabulary), or the vectors of an
    encoder's tokens, (1 + choices, n, d).
    """
    import torch

    causal = loaded.card.causal
    tensors = {
        name: torch.tensor([row], device=loaded.device)
        for name, row in inputs.items()
        if name != "attention_mask"  # all ones
    }
    try:
        with loaded.lock, torch.inference_mode(), _switched_off(loaded, off, progress) as order:
            if causal:
                wanted = torch.tensor([position], device=loaded.device)
                made = loaded.model(**tensors, use_cache=False, logits_to_keep=wanted).logits[:, 0]
                made = torch.log_softmax(made.float(), -1)
            else:
                made = loaded.model.base_model(**tensors).last_hidden_state.float()
            out = np.empty(made.shape, np.float32)
            out[order] = made.cpu().numpy()
    except (RuntimeError, MemoryError) as error:
        if out_of_memory(error):
            raise OutOfMemory(
                f"{loaded.card.name} ran out of memory on {loaded.device}; shorten the text."
            ) from error
        raise ModelError(f"{loaded.card.name} could not read the text: {error}") from error
    return out


@contextmanager
def _switched_off(loaded: LoadedModel, off: Sequence[Heads], progress: Progress) -> Iterator[list[int]]:
    """While it lasts, a forward pass of one text has a row more for each choice; gives the rows' order.

    A row starts as a copy of the first, which keeps all heads, in front of the first layer in which it
    misses one: what lies before is computed once. Without a choice the pass is the model's own, to the last
    bit. The lock of ``loaded`` keeps other passes out meanwhile.
    """
    import torch

    layers = layers_of(loaded)
    heads = loaded.card.heads
    starts = [min((layer for layer, _ in choice), default=0) for choice in off]
    order = sorted(range(len(off)), key=starts.__getitem__)
    joining = [starts.count(at) for at in range(len(layers))]
    masks: dict[int, Any] = {}  # by layer: (1 + choices, heads), 0 where a head is off
    for row, choice in enumerate(order, 1):
        for layer, head in off[choice]:
            mask = masks.setdefault(layer, torch.ones(1 + len(off), heads, device=loaded.device))
            mask[row, head] = 0

    def join(at: int) -> Callable[..., Any]:
        def hook(module: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
            states = args[0] if args else kwargs["hidden_states"]
            grown = torch.cat([states, states[:1].expand(joining[at], -1, -1)])  # (rows, n, d)
            return ((grown, *args[1:]), kwargs) if args else (args, {**kwargs, "hidden_states": grown})

        return hook

    def switch(at: int) -> Callable[..., Any]:
        def hook(module: Any, args: tuple[Any, ...]) -> Any:
            side_by_side = args[0]  # (rows, n, heads · d)
            rows, n, _ = side_by_side.shape
            mask = masks[at][:rows, None, :, None]
            return ((side_by_side.view(rows, n, heads, -1) * mask).view(rows, n, -1), *args[1:])

        return hook

    def report(done: int) -> Callable[..., None]:
        def hook(*_: Any) -> None:  # what a hook returns would replace the layer's output
            if progress:
                progress(done, len(layers))

        return hook

    hooks = []
    try:
        for at, layer in enumerate(layers):
            if joining[at]:
                hooks.append(layer.register_forward_pre_hook(join(at), with_kwargs=True))
            if at in masks:
                hooks.append(_output_of(layer, loaded.card).register_forward_pre_hook(switch(at)))
            if progress:
                hooks.append(layer.register_forward_hook(report(at + 1)))
        yield [0, *(1 + choice for choice in order)]
    finally:
        for each in hooks:
            each.remove()


def _output_of(layer: Any, card: ModelCard) -> Any:
    """The output projection of a layer's self-attention."""
    for name, module in layer.named_modules():
        if name in OUTPUTS:
            return module
    raise ModelError(
        f"{card.name} hides where its heads are handed on; choose a model built like BERT or GPT-2."
    )


def _checked(heads: Sequence[Head], card: ModelCard) -> Heads:
    """The heads in order, each once."""
    if card.kind == "encoder-decoder":
        raise ModelError(f"Heads of {card.name} are not switched off here; take an encoder or a decoder.")
    for layer, head in heads:
        for name, given, count in (("layer", layer, card.layers), ("head", head, card.heads)):
            if not 0 <= given < count:
                raise NumberError(f"{name} is {given}; {card.name} has {name}s 0 to {count - 1}.")
    return tuple(sorted(set(heads)))


def _place(position: int, tokens: tuple[Token, ...]) -> int:
    """A position counted from the start."""
    if not -len(tokens) <= position < len(tokens):
        raise NumberError(f"position is {position}; the text has positions 0 to {len(tokens) - 1}.")
    return position % len(tokens)


def _provenance(loaded: LoadedModel, tokens: tuple[Token, ...], started: float) -> Provenance:
    return Provenance(
        model=loaded.card.name,
        revision=loaded.revision,
        precision=loaded.precision,
        device=loaded.device,
        tokens=len(tokens),
        milliseconds=1000 * (time.perf_counter() - started),
        versions={name: version(name) for name in ("torch", "transformers")},
        note=loaded.note,
    )
