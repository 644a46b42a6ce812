"""The proof that attention alone does not know the order: shuffle the tokens and see what changes."""

import inspect
import time
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.attention import MAX_TOKENS, read_text
from models.errors import ModelError, TextError
from models.loading import LoadedModel, load
from models.positions import table_of
from models.traces import Array, Provenance, ShuffleTrace

# A position for all tokens under which they stay apart; 0 belonged to [CLS] alone, and makes all alike
ELSEWHERE = 50


def shuffle_test(
    text: str, *, seed: int = 0, model: str | LoadedModel = "minilm", device: str = "auto"
) -> ShuffleTrace:
    """``text`` and the same tokens shuffled, read by an encoder with its positions and with none.

    "None" gives every token one and the same position: 0, and then ELSEWHERE. Only tokens of the text are
    shuffled, never what the tokenizer added, and at least one moves. The sentence vector is the mean over
    all tokens, normalised, as MiniLM was trained. Raises TextError, and ModelError for a model that is no
    encoder with a table of positions.
    """
    loaded = load(model, device) if isinstance(model, str) else model
    card = loaded.card
    if card.causal:
        raise ModelError(
            f"{card.name} hides the later tokens, which tells it the order even without positions; "
            "choose an encoder."
        )
    if card.kind != "encoder":
        raise ModelError(f"{card.name} is more than an encoder; choose one such as MiniLM or BERT.")
    _, first = table_of(loaded)
    if "position_ids" not in inspect.signature(loaded.model.forward).parameters:
        raise ModelError(f"{card.name} cannot be run without its positions.")
    inputs, tokens, _ = read_text(text, None, loaded, MAX_TOKENS)
    ids = np.array(inputs["input_ids"])
    order = _order(ids, np.array([token.special for token in tokens]), seed)
    started = time.perf_counter()
    vectors = _last_layer(loaded, np.stack([ids, ids[order]]), inputs, first)  # (3, 2, n, d)
    means = vectors.mean(2)
    means /= np.linalg.norm(means, axis=-1, keepdims=True)  # (3, 2, d)
    unit = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    provenance = Provenance(
        model=card.name,
        revision=loaded.revision,
        precision=loaded.precision,
        device=loaded.device,
        tokens=len(tokens),
        milliseconds=1000 * (time.perf_counter() - started),
        versions={name: version(name) for name in ("torch", "transformers")},
        note=loaded.note,
    )
    return ShuffleTrace(
        tokens=tokens,
        shuffled=tuple(tokens[i] for i in order),
        order=order,
        vectors=means.astype(np.float32),
        cosine=np.vecdot(means[:, 0], means[:, 1]),
        similarity=unit[:, 0] @ unit[:, 1].mT,
        elsewhere=ELSEWHERE,
        card=card,
        provenance=provenance,
    )


def _order(ids: NDArray[np.int64], special: NDArray[np.bool_], seed: int) -> NDArray[np.int64]:
    """A permutation of the places that changes the text and leaves special tokens."""
    places = np.flatnonzero(~special)
    if len(set(ids[places].tolist())) < 2:
        raise TextError("Your text has no two different tokens to exchange; type some more words.")
    rng, order = np.random.default_rng(seed), np.arange(len(ids))
    while (ids[order] == ids).all():
        order[places] = rng.permutation(places)
    return order


def _last_layer(
    loaded: LoadedModel, ids: NDArray[np.int64], inputs: dict[str, list[int]], first: int
) -> Array:
    """Token vectors, float64 (with positions, all at 0, all at ELSEWHERE; texts, n, d)."""
    import torch

    rest = {name: torch.tensor([row] * 2, device=loaded.device) for name, row in inputs.items()}
    rest["input_ids"] = torch.tensor(ids, device=loaded.device)
    places = torch.arange(ids.shape[1], device=loaded.device).repeat(2, 1) + first

    def read(position_ids: Any) -> Array:
        states = loaded.model(**rest, position_ids=position_ids).last_hidden_state
        return np.asarray(states.double().cpu().numpy())

    with loaded.lock, torch.inference_mode():
        alike = (torch.full_like(places, first + one) for one in (0, ELSEWHERE))
        return np.stack([read(places), *map(read, alike)])
