"""One word in many sentences: how its vector moves apart, layer by layer, as the encoder reads around it."""

import re
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.attention import read_text
from models.errors import ModelError, TextError
from models.glove import glove
from models.loading import LoadedModel, load
from models.traces import Array, Provenance
from models.traces_vectors import SensesTrace
from models.vectors import WORD, cosine, plane, unit

MAX_TOKENS = 512
MOST_SENTENCES = 200
MOST_STRANGERS = 400  # tokens, of which all pairs are taken
LEAST = 3  # sentences; two have one cosine and no map

# Ten sentences of money and ten of water; in each half the word stands early and late, the text is short
# and long, and some words of one half also stand in the other.
BANK = """money | She opened an account at the bank.
money | The bank raised its interest rates again.
money | He works for a bank in the city.
money | The bank lent the young couple money for a house.
money | I have to go to the bank to pay in a cheque.
money | My bank charges a fee for every transfer.
money | The robbers ran out of the bank with two bags.
money | After the crisis the state had to rescue the bank.
money | The bank closed early, so I could not get any cash.
money | A clerk at the bank counted the notes twice.
river | They sat on the bank and watched the boats.
river | The river overflowed its bank after the rain.
river | He pulled the canoe up onto the bank.
river | Willows grow along the bank of the stream.
river | A heron stood on the muddy bank, waiting for fish.
river | We walked along the bank until we found a bridge.
river | The bank was steep, and the water below ran fast.
river | She swam to the far bank and climbed out.
river | Reeds covered the bank on both sides of the river.
river | The angler slipped on the bank and lost his rod."""


def parse_lines(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Sentences and their senses: one "sense | sentence" in a line, or a sentence alone with the sense ""."""
    senses, sentences = [], []
    for line in text.splitlines():
        sense, bar, sentence = line.partition("|")
        sense, sentence = (sense, sentence) if bar else ("", line)
        if sentence.strip():
            senses.append(sense.strip())
            sentences.append(sentence.strip())
    return tuple(senses), tuple(sentences)


def trace_senses(
    word: str,
    sentences: Sequence[str],
    senses: Sequence[str] = (),
    *,
    model: str | LoadedModel = "minilm",
    device: str = "auto",
    progress: Callable[[int, int], object] | None = None,
) -> SensesTrace:
    """The vectors of ``word`` where it first stands in each of ``sentences``, at every layer of an encoder.

    A sentence without the word is left out. ``progress(done, sentences)`` is called after each; what it
    raises stops the work. Raises TextError where fewer than three sentences hold the word.
    """
    loaded = load(model, device) if isinstance(model, str) else model
    if loaded.card.kind != "encoder":
        raise ModelError(f"{loaded.card.name} is no encoder; choose one such as MiniLM.")
    word = word.strip()
    senses = list(senses) or [""] * len(sentences)
    _check(word, sentences, senses)
    pattern = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
    spans = [match.span() if (match := pattern.search(sentence)) else None for sentence in sentences]
    kept = [i for i, span in enumerate(spans) if span]
    if len(kept) < LEAST:
        raise TextError(
            f"{len(kept) or 'No'} sentence{'s' * (len(kept) > 1)} of {len(sentences)} "
            f"hold{'s' * (len(kept) < 2)} the word “{word[:40]}”; a comparison needs {LEAST} or more. "
            "Write them under The sentences."
        )
    started = time.perf_counter()
    rows, others, owners, tokens = [], [], [], 0
    pieces: tuple[str, ...] = ()
    for done, i in enumerate(kept):
        states, mine, ids, names = _states(loaded, sentences[i], spans[i] or (0, 0))
        rows.append(states[:, mine].mean(1))
        pieces = tuple(names[at] for at in np.flatnonzero(mine)) or pieces
        rest = ~mine & (ids >= 0)
        others.append((states[:, rest], ids[rest]))
        owners += [done] * int(rest.sum())
        tokens += len(ids)
        if progress:
            progress(done + 1, len(kept))
    vectors = np.stack(rows, 1).astype(np.float32)  # (layers + 1, n, d)
    groups = [senses[i] for i in kept]
    alike, within, between = _pairs(vectors, groups)
    tfidf = _other_words([sentences[i] for i in kept], pattern)
    _, tf_within, tf_between = _pairs(tfidf[None], groups, zero=True)
    provenance = Provenance(
        model=loaded.card.name,
        revision=loaded.revision,
        precision=loaded.precision,
        device=loaded.device,
        tokens=tokens,
        milliseconds=1000 * (time.perf_counter() - started),
        versions={name: version(name) for name in ("torch", "transformers")},
        note=loaded.note,
    )
    return SensesTrace(
        word=word,
        sentences=tuple(sentences[i] for i in kept),
        senses=tuple(groups),
        spans=tuple(spans[i] or (0, 0) for i in kept),
        pieces=pieces,
        vectors=vectors,
        alike=alike,
        within=within,
        between=between,
        strangers=_strangers(others, np.array(owners)),
        matched=np.array([_matched(layer, groups) for layer in vectors]),
        tfidf=tfidf,
        tfidf_within=float(tf_within[0]),
        tfidf_between=float(tf_between[0]),
        in_glove=glove().place(word) is not None,
        left_out=tuple(sentence for sentence, span in zip(sentences, spans, strict=True) if not span),
        provenance=provenance,
    )


def _check(word: str, sentences: Sequence[str], senses: Sequence[str]) -> None:
    if not word:
        raise TextError("Type the word whose vectors are to be compared.")
    if len(senses) != len(sentences):
        raise TextError(f"There are {len(sentences)} sentences and {len(senses)} senses; expected as many.")
    if len(sentences) > MOST_SENTENCES:
        raise TextError(f"There are {len(sentences):,} sentences; at most {MOST_SENTENCES} are compared.")


def _states(
    loaded: LoadedModel, sentence: str, span: tuple[int, int]
) -> tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.int64], list[str]]:
    """Of one sentence: states (layers + 1, tokens, d), which tokens lie in ``span``, ids, spellings.

    The id of a token that the tokenizer added is −1.
    """
    import torch

    inputs, tokens, _ = read_text(sentence, None, loaded, MAX_TOKENS)
    encoded = sentence.encode("utf-8", "replace").decode()  # what read_text made of half a character
    with loaded.lock, torch.inference_mode():
        spans = loaded.tokenizer(encoded, return_offsets_mapping=True, verbose=False)["offset_mapping"]
        tensors = {name: torch.tensor([row], device=loaded.device) for name, row in inputs.items()}
        hidden = loaded.model(**tensors, output_hidden_states=True).hidden_states
        states = torch.stack(hidden)[:, 0].float().cpu().numpy()
    special = np.array([token.special for token in tokens])
    mine = np.array([start < span[1] and end > span[0] for start, end in spans]) & ~special
    if not mine.any():
        raise TextError(
            f"{loaded.card.name} finds no token for “{sentence[slice(*span)][:40]}”; try another word."
        )
    ids = np.where(special, -1, np.array(inputs["input_ids"]))
    return states, mine, ids, [token.raw for token in tokens]


def _pairs(rows: NDArray[Any], groups: Sequence[str], *, zero: bool = False) -> tuple[Array, Array, Array]:
    """Mean cosine of all pairs, of pairs within a group and between groups, by layer of ``rows`` (l, n, d).

    ``zero`` gives a row without direction the cosine 0 with every other.
    """
    upper = np.triu(np.ones((len(groups),) * 2, bool), 1)
    names = np.array(groups)
    named = names != ""
    same = (names[:, None] == names) & named[:, None]
    differ = (names[:, None] != names) & named[:, None] & named
    means = np.full((3, len(rows)), np.nan)
    for layer, vectors in enumerate(rows):
        if zero:
            lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
            scaled = vectors / np.where(lengths > 0, lengths, 1)
            scores = scaled @ scaled.T
        else:
            scores = cosine(vectors, vectors)
        for row, pairs in enumerate((upper, upper & same, upper & differ)):
            if pairs.any():
                means[row, layer] = scores[pairs].mean()
    return means[0], means[1], means[2]


def _matched(vectors: NDArray[Any], groups: Sequence[str]) -> int:
    """How many of ``vectors`` (n, d) have as their nearest other one of the same, named, group."""
    scores = np.round(cosine(vectors, vectors), 12)  # equal vectors must not be parted by rounding
    np.fill_diagonal(scores, -2)
    return sum(groups[i] == groups[j] != "" for i, j in enumerate(scores.argmax(1)))


def _strangers(others: Sequence[tuple[NDArray[Any], NDArray[np.int64]]], owners: NDArray[np.int64]) -> Array:
    """Mean cosine of two different words of two different sentences, by layer; NaN where there are none."""
    states = np.concatenate([rows for rows, _ in others], 1)
    ids = np.concatenate([names for _, names in others])
    if len(ids) > MOST_STRANGERS:
        chosen = np.sort(np.random.default_rng(0).choice(len(ids), MOST_STRANGERS, replace=False))
        states, ids, owners = states[:, chosen], ids[chosen], owners[chosen]
    pairs = (ids[:, None] != ids) & (owners[:, None] != owners)
    if not pairs.any():
        return np.full(len(states), np.nan)
    return np.array([float(cosine(rows, rows)[pairs].mean()) for rows in states])


def _other_words(sentences: Sequence[str], pattern: "re.Pattern[str]") -> Array:
    """TF-IDF of each sentence without the word itself, (n, terms); one empty column where no other is."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    try:
        rows = TfidfVectorizer(token_pattern=WORD).fit_transform(
            [pattern.sub(" ", line) for line in sentences]
        )
    except ValueError:  # scikit-learn's word for an empty vocabulary
        return np.zeros((len(sentences), 1))
    return np.asarray(rows.toarray())


def film(trace: SensesTrace) -> Array:
    """Every layer's word vectors on the plane where they differ most, (layers + 1, n, 2), in one frame.

    Vectors are brought to length 1 first; each map is turned, mirrored, shifted and scaled as a whole onto
    the one after it, from the last layer back (Procrustes).
    """
    from models.projection import align

    names = [""] * len(trace.sentences)
    maps = [plane(names, unit(layer)).xy for layer in trace.vectors]
    for at in range(len(maps) - 2, -1, -1):
        maps[at] = align(maps[at], maps[at + 1])
    return np.stack(maps)


def tfidf_map(trace: SensesTrace) -> Array:
    """The sentences by their other words alone, on the plane where TF-IDF vectors differ most, (n, 2)."""
    return plane([""] * len(trace.sentences), trace.tfidf).xy
