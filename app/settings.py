"""The limits of a visit, in one place; an operator changes one with PLAINSIGHT_<NAME>."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields


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
    queue_length: int = 16
    # Rooms open at once, each with one question to a class (app/rooms.py); 0 turns them off.
    rooms: int = field(default=200, metadata={"lowest": 0})

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Read PLAINSIGHT_MAX_TOKENS and its like; raise SettingError on what is no limit."""
        asked: dict[str, int] = {}
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


SETTINGS = Settings.from_environment(os.environ)
