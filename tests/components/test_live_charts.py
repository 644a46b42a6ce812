"""The pictures under sliders, rendered at a slider's place and read back."""

import re
from typing import Any

import numpy as np
import vl_convert

from app.distributions.standard import mean_bars, sample_bars
from components.live_charts import Chart, pictures
from models import families
from models.means import throw_nested


def svg(chart: Chart, **at: int) -> str:
    """A chart as the browser draws it with its sliders at these places."""
    spec: dict[str, Any] = {**chart.spec, "width": 500, "height": 300}
    spec["params"] = [{"name": name, "value": place} for name, place in at.items()]
    return vl_convert.vegalite_to_svg(spec)


def bars(drawn: str) -> list[float]:
    """Heights of the bars from left to right, pixels."""
    part = drawn[drawn.index("mark-rect role-mark") :]
    found = re.findall(r"M([-\d.e]+),[-\d.e]+h[-\d.e]+v([-\d.e]+)h-", part[: part.index("</g>")])
    return [float(tall) for _, tall in sorted(found, key=lambda one: float(one[0]))]


def test_bars_follow_their_sliders() -> None:
    values = np.random.default_rng(0).normal(size=60)
    left, right = pictures.bins(values, np.array([1, 2, 1, 3, 2, 1]), "x", [("mean 0", 0.0, "red", False)])
    for many, shift in ((4, 0), (5, 3)):
        drawn = svg(left, many=many - 1, shift=shift)
        width = np.ptp(values) / many
        edges = values.min() - width * shift / 10 + width * np.arange(many + (shift > 0) + 1)
        counts = np.histogram(values, edges if shift else many)[0]
        heights = np.array(bars(drawn))
        assert np.allclose(heights / heights.max(), counts[counts > 0] / counts.max(), atol=0.01)
    assert ">4 bins<" in svg(left, many=3, shift=0)
    assert ">5 bins, moved by 30 % of a bin<" in svg(left, many=4, shift=3)
    assert ">No shift: 3 peaks with 4 bins<" in svg(right, many=3, shift=0)


def test_areas_and_densities_say_the_number_of_their_stop() -> None:
    grid = np.linspace(-4, 4, 41)
    of = (grid, np.exp(-(grid**2) / 2), np.array([0.5, 0.6827]))
    first, _ = pictures.areas([0.5, 1.0], of, of, "a 'name'")
    assert ">A normal: 68.27 % within 1 sd<" in svg(first, k=1)
    one = np.ones((2, 41))
    kurtosis = np.array([[0.0, 1], [0, 8]])
    charts = pictures.two_densities(grid, of[1], one, (one[0, 20:], one[:, 20:]), kurtosis, one[:, 0])
    assert ">Excess kurtosis 0.00 and +8.00: as one sees it<" in svg(charts[0], s=1)
    assert all("mark-line" in svg(chart, s=0) for chart in charts)


def test_the_means_of_every_size() -> None:
    lots, throws = (1, 5), (1, 200)
    for population, name in ((families.gamma(2), "gamma"), (families.student(1), "O'Neil\\")):
        found = throw_nested(population, lots, throws, seed=3)
        lasts = [(*sample_bars(one.last), float(one.last.mean())) for one in found]
        piles = [mean_bars(one.means) for one in found]
        charts = pictures.means(
            lots, throws, lasts, piles, population.mean, population.sd, np.array([2.0, 1.0]), name
        )
        drawn = [svg(chart, lot=1, thrown=1) for chart in charts]
        assert "The last sample: 5 from " in drawn[0]
        assert "Means of 200 samples" in drawn[1]
        assert ("with the normal" in drawn[1]) == (name == "gamma")
        heights = np.array(bars(drawn[1]))
        counts = piles[3][1]
        assert np.allclose(heights / heights.max(), counts / counts.max(), atol=0.01)
        assert "n = 5" in drawn[2]
