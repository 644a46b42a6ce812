"""Find a model's files and load them on the best device."""

import importlib.util
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.errors import NotHere
from models.registry import get_card
from models.traces import ModelCard

# from_pretrained switches torch's default dtype, which all threads share
_LOADING = threading.Lock()


@dataclass(frozen=True)
class LoadedModel:
    """A model in eval mode with its tokenizer. Take ``lock`` around every forward pass and every hook."""

    model: Any
    tokenizer: Any
    card: ModelCard
    device: str
    precision: str
    revision: str
    note: str = ""
    lock: threading.RLock = field(default_factory=threading.RLock, repr=False, compare=False)


def devices() -> tuple[str, ...]:
    """The devices of this machine, best first: "cuda", "mps", "cpu"."""
    import torch

    return (
        *(["cuda"] if torch.cuda.is_available() else []),
        *(["mps"] if torch.backends.mps.is_available() else []),
        "cpu",
    )


def package_folder(card: ModelCard) -> Path:
    """The folder model/ of an installed package, found without importing it (it would import too much)."""
    name = (card.package or "").partition("==")[0]
    spec = importlib.util.find_spec(name.replace("-", "_"))
    if spec is None or not spec.submodule_search_locations:
        raise NotHere(
            f"{card.name} comes with the package {name}, which is not installed: pip install {name}."
        )
    return Path(spec.submodule_search_locations[0]) / "model"


def load(model_id: str, device: str = "auto") -> LoadedModel:
    """The model ``model_id`` in eval mode on ``device`` ("auto": the best), from local safetensors only."""

    card = get_card(model_id)
    if device == "auto":
        device = devices()[0]
    with _LOADING:
        model, tokenizer = _read(card, package_folder(card))
    return LoadedModel(
        model.to(device), tokenizer, card, device, "float32", card.revision or card.package or ""
    )


def _read(card: ModelCard, folder: Path) -> tuple[Any, Any]:
    import torch
    import transformers

    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    kind = {
        "encoder": transformers.AutoModel,
        "decoder": transformers.AutoModelForCausalLM,
        "encoder-decoder": transformers.AutoModelForSeq2SeqLM,
    }[card.kind]
    local = {"local_files_only": True, "trust_remote_code": False}
    model = kind.from_pretrained(
        folder, attn_implementation="eager", dtype=torch.float32, use_safetensors=True, **local
    )
    return model.eval(), transformers.AutoTokenizer.from_pretrained(folder, **local)
