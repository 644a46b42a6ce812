"""One vector a text, by an encoder that was trained for it: the mean of its token vectors, at length 1."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError, OutOfMemory
from models.loading import LoadedModel, load, out_of_memory

MAX_TOKENS = 256  # of a text; what sentence-transformers reads of one with all-MiniLM-L6-v2
BATCH = 64


def embed(
    texts: Sequence[str],
    *,
    model: str | LoadedModel = "minilm",
    device: str = "auto",
    progress: Callable[[int, int], object] | None = None,
) -> NDArray[np.float32]:
    """The vectors of ``texts``, (n, d) of length 1; a text is cut after 256 tokens.

    Texts of like length are read together. ``progress(done, total)`` is called after each batch; what it
    raises stops the work. Raises ModelError, OutOfMemory.
    """
    import torch

    loaded = load(model, device) if isinstance(model, str) else model
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    rows: list[NDArray[np.float32]] = []
    for start in range(0, len(order), BATCH):
        # a text of nothing still has its special tokens; half a character is not UTF-8
        batch = [texts[i].encode("utf-8", "replace").decode() for i in order[start : start + BATCH]]
        try:
            with loaded.lock, torch.inference_mode():
                inputs = loaded.tokenizer(
                    batch, padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt"
                ).to(loaded.device)
                states = loaded.model(**inputs).last_hidden_state  # (batch, tokens, d)
                mask = inputs["attention_mask"].unsqueeze(-1)
                mean = (states * mask).sum(1) / mask.sum(1)
                rows.append(torch.nn.functional.normalize(mean, dim=1).cpu().numpy())
        except (RuntimeError, MemoryError) as error:
            if out_of_memory(error):
                raise OutOfMemory(f"{loaded.card.name} ran out of memory; give it fewer texts.") from error
            raise ModelError(f"{loaded.card.name} could not read the texts: {error}") from error
        if progress:
            progress(min(start + BATCH, len(order)), len(order))
    vectors = np.empty((len(texts), loaded.model.config.hidden_size), np.float32)
    if rows:
        vectors[order] = np.concatenate(rows)
    return vectors
