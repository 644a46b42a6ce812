"""The small GPT that ships (models/train/tinygpt.py made it), as a folder that transformers reads."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "checkpoints" / "tinygpt"


@cache
def load() -> tuple[Any, Any]:
    """Model and tokenizer, shared: train a copy."""
    from transformers import GPT2LMHeadModel, PreTrainedTokenizerFast

    model = GPT2LMHeadModel.from_pretrained(FOLDER, local_files_only=True, use_safetensors=True)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(FOLDER, local_files_only=True)
    return model.eval(), tokenizer


@cache
def card() -> dict[str, Any]:
    """How it was made."""
    return dict(json.loads((FOLDER / "card.json").read_text("utf-8")))
