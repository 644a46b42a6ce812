"""Train the small GPT that ships: ``python -m models.train.tinygpt``, a few minutes on two cores.

It reads text made by models/manners.py from seeds, a token a word, so that nothing is downloaded and nobody's
text is copied. It is written as a folder that transformers reads like any other model.
"""

import hashlib
import json
import math
import platform
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import islice
from typing import Any

import torch
from tokenizers import Regex, Tokenizer, decoders, pre_tokenizers
from tokenizers.models import WordLevel
from torch import nn
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

from models import manners
from models.tinygpt import FOLDER

SEED, HELD_OUT_SEED = 1, 10_000
WIDTH, LAYERS, HEADS, POSITIONS = 96, 3, 4, 80
PASSAGES, STEPS, RATE = 32, 600, 4e-3
END, UNKNOWN = "<end>", "<unknown>"
HELD_OUT = 500  # passages


def tokenizer() -> PreTrainedTokenizerFast:
    """A token a word with the space before it, from everything that the pairs and 5,000 passages hold."""
    train, held_out = manners.pairs()
    texts = [prompt + answer for prompt, *answers in train + held_out for answer in answers]
    texts += islice(manners.text(SEED), 5000)
    parts = pre_tokenizers.Split(Regex(r" ?\w+| ?[^\w\s]|\s"), "isolated")
    words = sorted({word for text in texts for word, _ in parts.pre_tokenize_str(text)})
    vocabulary = {word: at for at, word in enumerate([END, UNKNOWN, *words])}
    made = Tokenizer(WordLevel(vocabulary, unk_token=UNKNOWN))
    made.pre_tokenizer, made.decoder = parts, decoders.Fuse()
    return PreTrainedTokenizerFast(
        tokenizer_object=made, eos_token=END, unk_token=UNKNOWN, clean_up_tokenization_spaces=False
    )


def config(words: int) -> GPT2Config:
    """The shape of the model: GPT-2's, small."""
    return GPT2Config(
        vocab_size=words,
        n_positions=POSITIONS,
        n_embd=WIDTH,
        n_layer=LAYERS,
        n_head=HEADS,
        activation_function="gelu_pytorch_tanh",
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        bos_token_id=0,
        eos_token_id=0,
    )


def batches(reader: Any, seed: int, passages: int) -> Iterator[torch.Tensor]:
    """Batches without end, (passages, longest); −100 where a passage has ended."""
    texts = manners.text(seed)
    while True:
        rows = [[0, *reader(each).input_ids, 0] for each in islice(texts, passages)]
        longest = max(map(len, rows))
        yield torch.tensor([row + [-100] * (longest - len(row)) for row in rows])


def loss_of(model: GPT2LMHeadModel, batch: torch.Tensor) -> torch.Tensor:
    """Mean nats a token."""
    logits = model(input_ids=batch.clamp(min=0)).logits
    return nn.functional.cross_entropy(logits[:, :-1].flatten(0, 1), batch[:, 1:].flatten())


def train(reader: Any, steps: int) -> GPT2LMHeadModel:
    """Train the model from nothing."""
    torch.manual_seed(SEED)
    model = GPT2LMHeadModel(config(len(reader)))
    optimiser = torch.optim.AdamW(model.parameters(), RATE, weight_decay=0.01)
    plan = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, steps, pct_start=0.1)
    began = time.monotonic()
    for step, batch in enumerate(islice(batches(reader, SEED + 1, PASSAGES), steps), 1):
        loss = loss_of(model, batch)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        plan.step()
        if step % 100 == 0:
            print(f"{step}/{steps}  {loss.item():.3f} nats  {time.monotonic() - began:.0f} s", flush=True)
    return model.eval()


def save(model: GPT2LMHeadModel, reader: Any, seconds: float) -> None:
    """Write weights, tokenizer and card."""
    model.save_pretrained(FOLDER)
    reader.save_pretrained(FOLDER)
    held_out = next(batches(reader, HELD_OUT_SEED, HELD_OUT))
    with torch.no_grad():
        nats = loss_of(model, held_out).item()
    card = {
        "what": f"GPT-2's architecture, {LAYERS} layers of width {WIDTH}, {HEADS} heads, {len(reader)} words",
        "parameters": model.num_parameters(),
        "held_out_bits_a_token": round(nats / math.log(2), 4),
        "text": f"models/manners.py, {STEPS * PASSAGES:,} passages of seed {SEED + 1}; held out: "
        f"{HELD_OUT} passages of seed {HELD_OUT_SEED}",
        "licence": "Apache-2.0",
        "command": "python -m models.train.tinygpt",
        "seed": SEED,
        "hardware": f"CPU, {torch.get_num_threads()} thread(s), {platform.machine()}, {seconds / 60:.0f} min",
        "made": datetime.now(UTC).date().isoformat(),
        "sha256": hashlib.sha256((FOLDER / "model.safetensors").read_bytes()).hexdigest(),
        "versions": {name: version(name) for name in ("torch", "transformers", "tokenizers")},
    }
    (FOLDER / "card.json").write_text(json.dumps(card, indent=1) + "\n", "utf-8")
    print(
        f"{card['held_out_bits_a_token']} bits a held-out token, {card['parameters']:,} weights", flush=True
    )


def main() -> None:
    """Train and save."""
    began, reader = time.monotonic(), tokenizer()
    save(train(reader, STEPS), reader, time.monotonic() - began)


if __name__ == "__main__":
    main()
