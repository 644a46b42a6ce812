"""Colour maps: even in lightness, mirrored round 0, and nothing is the colour of the page."""

import numpy as np
import pytest

from components.colours import STEPS, STOPS, Kind, Scheme, oklab, palette

KINDS: list[Kind] = ["sequential", "diverging"]
SCHEMES: list[Scheme] = ["light", "dark"]


def lightness(kind: Kind, scheme: Scheme) -> np.ndarray:
    return np.array([oklab(colour)[0] for colour in palette(kind, scheme)])


def test_oklab_of_known_colours() -> None:
    assert np.allclose(oklab("#ffffff"), [1, 0, 0], atol=1e-4)
    assert np.allclose(oklab("#000000"), [0, 0, 0], atol=1e-4)
    assert np.allclose(oklab("#ff0000"), [0.62796, 0.22486, 0.12585], atol=1e-4)  # Ottosson's own example


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_map_is_even_in_lightness(kind: Kind, scheme: Scheme) -> None:
    light = lightness(kind, scheme)
    assert len(light) == STEPS
    parts = [light] if kind == "sequential" else [light[: STEPS // 2 + 1], light[STEPS // 2 :]]
    for part in parts:
        even = np.linspace(part[0], part[-1], len(part))
        assert np.abs(part - even).max() < 0.006  # a byte a channel


@pytest.mark.parametrize("scheme", SCHEMES)
def test_zero_stands_in_the_middle_and_both_ends_are_as_strong(scheme: Scheme) -> None:
    colours = palette("diverging", scheme)
    assert colours[STEPS // 2] == STOPS["diverging"][scheme][2]
    light = lightness("diverging", scheme)
    assert abs((light[0] - light[STEPS // 2]) - (light[-1] - light[STEPS // 2])) < 0.08
    hue = [oklab(colour)[2] for colour in (colours[20], colours[-20])]
    assert hue[0] < -0.02 < 0.02 < hue[1]  # blue below, yellow above: told apart by every kind of sight
