"""The limits of a visit, in one place; an operator changes one with PLAINSIGHT_<NAME>, all by a profile."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

ROOT = Path(__file__).parents[1]
STREAMLIT_CLOUD = Path("/mount/src")
# What differs from the defaults, which suit a machine of one's own. A free place in the cloud has two
# processors and 1 GB; python -m tests.bench.memory holds it.
PROFILES: dict[str, dict[str, int]] = {
    "own": {},
    "cloud": {
        "max_tokens": 384,
        "max_points": 5_000,
        "max_upload_mb": 2,
        "max_attention_weights": 12_000_000,
        "max_ablation_tokens": 64,
        "max_steps": 1_000,
        "models_kept": 1,
        "max_model_millions": 75,
        "idle_minutes": 10,
        "cache_mb": 64,
    },
}


class SettingError(ValueError):
    """An environment variable asks for a limit that cannot be."""


@dataclass(frozen=True)
class Settings:
    """Limits that the server checks whatever a browser sends: whole numbers from ``lowest``, or 1, up."""

    max_tokens: int = 512
    max_points: int = 20_000
    max_upload_mb: int = 5
    # SmolLM2's 30 × 9 heads at 512 tokens are 71 million weights, one byte each in the browser.
    max_attention_weights: int = 80_000_000
    # Texts whose heads are switched off are read once for each of many choices of heads.
    max_ablation_tokens: int = 128
    max_characters: int = 20_000
    # Steps of a recurrent model: 200 units with 7 bytes each are 3 MB a layer in the browser.
    max_steps: int = 2_000
    # Bytes of a text once encoded in a link. Common proxies refuse a request line over 8 KB.
    max_link_text: int = 6_000
    heavy_jobs: int = 1
    # A class of thirty may press the same button at once.
    queue_length: int = 40
    # Models in memory at once, the largest of them in millions of parameters (4 MB each), and after how many
    # minutes one that nobody uses is let go.
    models_kept: int = 2
    max_model_millions: int = 2_000
    idle_minutes: int = 60
    # Of results that are kept, megabytes for those that are large.
    cache_mb: int = 320
    # Rooms open at once, each with one question to a class (app/rooms.py); 0 turns them off.
    rooms: int = field(default=200, metadata={"lowest": 0})

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], root: Path = ROOT) -> "Settings":
        """Read PLAINSIGHT_PROFILE, PLAINSIGHT_MAX_TOKENS and their like; SettingError on what cannot be.

        Without a profile, a copy in the folder where Streamlit's Community Cloud puts them has "cloud".
        """
        guessed = "cloud" if root.is_relative_to(STREAMLIT_CLOUD) else "own"
        profile = environment.get("PLAINSIGHT_PROFILE", guessed)
        if profile not in PROFILES:
            raise SettingError(f"PLAINSIGHT_PROFILE must be one of {', '.join(PROFILES)}, not {profile!r}.")
        asked = dict(PROFILES[profile])
        for limit in fields(cls):
            name = f"PLAINSIGHT_{limit.name.upper()}"
            if name in environment:
                asked[limit.name] = _whole_number(name, environment[name], limit.metadata.get("lowest", 1))
        return cls(**asked)


def _whole_number(name: str, text: str, lowest: int) -> int:
    try:
        number = int(text)
    except ValueError:
        number = lowest - 1
    if number < lowest:
        raise SettingError(f"{name} must be a whole number from {lowest} up, not {text!r}.")
    return number


UPLOAD_ROOM = 8  # times the limit of a file may arrive, to be refused in words
SETTINGS = Settings.from_environment(os.environ)
