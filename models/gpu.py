"""Whether a GPU helps, and work that runs there if it can."""

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

from models.loading import out_of_memory

DEVICE = "cuda"
DRIVER = Path("/proc/driver/nvidia")
LEAST_POINTS = 1_000  # of a map; fewer are faster without one

Made = TypeVar("Made")


@cache
def name() -> str:
    """The name of the CUDA device, "" without one; torch is not even imported where there is no driver."""
    if not (shutil.which("nvidia-smi") or DRIVER.exists()):
        return ""
    import torch

    return str(torch.cuda.get_device_name()) if torch.cuda.is_available() else ""


def on_gpu(points: int, work: Callable[[str], Made]) -> tuple[Made, str] | None:
    """What ``work(device)`` gives, and the name of the device.

    None where the processor has to do it: there is no GPU, too little room on it, or few points.
    """
    if points < LEAST_POINTS or not name():
        return None
    try:
        return work(DEVICE), name()
    except RuntimeError as error:
        if not out_of_memory(error):
            raise
        return None
