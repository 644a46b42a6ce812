"""Every head of a model as one cell, coloured by one number; drawn by figures/heads.js."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray

from components.colours import needs_light_ink, palette
from components.figures import HEIGHT, Scale, figure, message

_HEADS = figure("heads")


def head_map(
    values: NDArray[np.floating],
    scale: Scale,
    *,
    groups: int | None = None,
    chosen: Sequence[tuple[int, int]] = (),
    opens: Mapping[str, str] | None = None,
    toggles: str = "",
    unit: str = "",
    gone: str = "",
    hint: str = "",
    label: str,
    key: str,
    height: int = HEIGHT,
) -> None:
    """Draw ``values`` (layers, heads), NaN where there is none; ``chosen`` heads (layer, head) are marked.

    ``groups`` is the number of key/value heads that the heads of a layer share. A click on a cell puts
    ``opens`` into the address, with @layer and @head filled in; or, where ``toggles`` names a parameter,
    takes the head into that list of heads or out of it, and a click on a layer's number the whole layer.
    ``unit`` follows a head's number where it is pointed at. ``gone`` is written over a map without values,
    ``hint`` where its scale would stand.
    """
    layers, heads = values.shape
    colours = {scheme: palette(scale.kind, scheme) for scheme in ("light", "dark")}
    header = {
        "layers": layers,
        "heads": heads,
        "groups": groups or 1,
        "chosen": [list(each) for each in chosen],
        "opens": dict(opens or {}),
        "toggles": toggles,
        "click": "a click switches it off or on" if toggles else "a click opens it",
        "palette": colours,
        "inks": {scheme: needs_light_ink(each) for scheme, each in colours.items()},
        "scale": asdict(scale),
        "unit": unit,
        "gone": gone,
        "hint": hint,
        "label": label,
        "key": key,
        "height": height,
    }
    _HEADS(data=message(header, values), key=key)
