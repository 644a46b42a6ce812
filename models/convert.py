"""GGUF to safetensors, once: read from GGUF a model takes half a minute to load, from safetensors a second.

Runs as a process of its own, ``python -m models.convert MODEL.gguf FOLDER``, so that it can be stopped
and gives its memory back.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from models.download import Progress, Report, Stop
from models.errors import Cancelled, DiskFull, ModelError, OutOfMemory

STEPS = ("starting", "reading the tokenizer", "unpacking the weights", "saving")


def convert(gguf: Path, folder: Path, report: Report, stop: Stop) -> None:
    """Write ``gguf`` to ``folder`` as bfloat16 safetensors with config and tokenizer; raises ModelError."""
    root = Path(__file__).parent.parent
    command = [sys.executable, "-m", "models.convert", str(gguf), str(folder)]
    log = folder.with_suffix(".log")
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=root, stdout=out, stderr=subprocess.STDOUT)
        try:
            while process.poll() is None:
                done = sum(line in STEPS for line in log.read_text(errors="replace").splitlines())
                step = STEPS[max(done - 1, 0)]
                report(Progress(f"Converting once: {step}", done, len(STEPS) + 1, steps=True))
                if stop():
                    raise Cancelled("Stopped while converting; fetch again, nothing is downloaded twice.")
                time.sleep(0.2)
        finally:
            process.kill()
            process.wait()
    if process.returncode:
        _explain(process.returncode, log.read_text(errors="replace"), folder)
    log.unlink()


def _explain(status: int, log: str, folder: Path) -> None:
    if "No space left on device" in log:
        raise DiskFull(f"The disk of {folder} became full while converting; make room and fetch again.")
    if status < 0 or "MemoryError" in log or "can't allocate memory" in log:
        raise OutOfMemory("Converting needs about 1 GB of memory; close something and fetch again.")
    last = (log.strip().splitlines() or [f"status {status}"])[-1]
    raise ModelError(f"The model could not be converted ({last}); fetch again, or use the bundled model.")


def _convert(gguf: Path, folder: Path) -> None:
    print(STEPS[0], flush=True)
    import torch
    from tokenizers.pre_tokenizers import ByteLevel, Digits, Sequence
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    print(STEPS[1], flush=True)
    tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
    if _pre_tokenizer(gguf) == "smollm":
        # transformers reads every byte-level GGUF as GPT-2; SmolLM splits numbers into digits first
        tokenizer.backend_tokenizer.pre_tokenizer = Sequence(
            [Digits(individual_digits=True), ByteLevel(add_prefix_space=False)]
        )
    print(STEPS[2], flush=True)
    model = AutoModelForCausalLM.from_pretrained(
        gguf.parent,
        gguf_file=gguf.name,
        quantization_config=GgufConfig(dequantize=True),
        dtype=torch.bfloat16,
    )
    print(STEPS[3], flush=True)
    tokenizer.save_pretrained(folder)
    model.save_pretrained(folder)


def _pre_tokenizer(gguf: Path) -> str:
    from gguf import GGUFReader

    field = GGUFReader(gguf).get_field("tokenizer.ggml.pre")
    return str(field.contents()) if field else ""


if __name__ == "__main__":
    os.environ["HF_HUB_OFFLINE"] = "1"
    _convert(Path(sys.argv[1]), Path(sys.argv[2]))
