import json
from pathlib import Path

import pytest

from models import registry
from models.errors import ModelError, Refused, UnknownModel
from models.registry import MODELS, all_cards, get_card, refused


def test_the_ids_of_the_issue_are_listed() -> None:
    assert list(MODELS) == [
        "minilm",
        "smollm2",
        "gpt2",
        "distilgpt2",
        "bert-base-uncased",
        "distilbert-base-uncased",
        "roberta-base",
        "opt-125m",
        "pythia-70m",
        "t5-small",
        "opus-mt-en-de",
    ]
    assert all(card.id == model_id for model_id, card in MODELS.items())


def test_an_unknown_id_is_repeated_with_what_exists() -> None:
    with pytest.raises(UnknownModel) as caught:
        get_card("<b>x</b>")
    assert str(caught.value) == f"There is no model “<b>x</b>”; choose one of {', '.join(MODELS)}."
    assert isinstance(caught.value, ModelError)


def test_folders_of_the_operator_are_listed_with_their_facts(
    tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAINSIGHT_MODELS", str(tiny_folder))
    own = {card.id: card for card in all_cards() if card.origin == "folder"}
    facts = {name: (card.kind, card.layers, card.heads, card.max_tokens) for name, card in own.items()}
    assert facts == {
        "own-bert": ("encoder", 3, 4, 64),
        "own-gpt2": ("decoder", 2, 2, 128),
        "own-llama": ("decoder", 2, 4, 128),
        "own-marian": ("encoder-decoder", 2, 2, 64),
        "own-t5": ("encoder-decoder", 3, 2, 512),
    }
    assert own["own-llama"].key_value_heads == 2
    assert refused() == {}


CONFIG = {"num_hidden_layers": 1, "num_attention_heads": 1, "architectures": ["BertModel"]}


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"config.json": "{}", "pytorch_model.bin": "x"}, "only pickled weights, which can run any code"),
        ({"config.json": "{}"}, r"no \*.safetensors"),
        ({"model.safetensors": "x"}, "no usable config.json"),
        ({"model.safetensors": "x", "config.json": "{"}, "no usable config.json"),
        ({"model.safetensors": "x", "config.json": "{}"}, "does not name num_attention_heads"),
        (
            {"model.safetensors": "x", "config.json": json.dumps(CONFIG | {"auto_map": {}})},
            "brings its own code",
        ),
        ({"model.safetensors": "x" * 200, "config.json": json.dumps(CONFIG)}, "of weights; at most"),
    ],
)
def test_other_folders_are_refused_with_the_reason(
    files: dict[str, str], why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAINSIGHT_MODELS", str(tmp_path))
    monkeypatch.setattr(registry, "OWN_UP_TO", 100)
    (tmp_path / "mine").mkdir()
    for name, content in files.items():
        (tmp_path / "mine" / name).write_text(content)
    with pytest.raises(Refused, match=why):
        get_card("own-mine")
    assert list(refused()) == ["own-mine"]
    assert "own-mine" not in [card.id for card in all_cards()]


def test_roberta_counts_positions_from_the_padding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAINSIGHT_MODELS", str(tmp_path))
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "model.safetensors").write_text("x")
    positions = {"model_type": "roberta", "pad_token_id": 1, "max_position_embeddings": 514}
    (tmp_path / "r" / "config.json").write_text(json.dumps(CONFIG | positions))
    assert get_card("own-r").max_tokens == 512


def test_the_registry_does_not_import_torch() -> None:
    import subprocess
    import sys

    code = "import sys, models.registry, models.loading, models.attention; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("tasks", "wanted"),
    [
        (
            {"a": {"early_stopping": True}, "b": {"prefix": "summarize: "}, "c": {"prefix": "x: "}},
            "summarize: ",
        ),
        ({}, ""),
        ("x", ""),
        (None, ""),
        ({"a": 3}, ""),
    ],
)
def test_the_task_of_a_model_of_many_tasks_is_read_from_its_configuration(tasks: object, wanted: str) -> None:
    assert registry._task({"task_specific_params": tasks}) == wanted
