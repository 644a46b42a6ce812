"""What the eye gets: lengths, areas, slopes and orders read back from the rendered charts."""

import itertools
import math
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from components.charts import VERMILION
from components.lie_slider import SPECS, honest_range, number, script, vega_file
from models import measures as by
from models.distortions import EXAMPLES
from models.measures import lie_factor
from models.traces_charts import STEPS
from tests.components.rendered import SVG, extent, heights, marks, numbers, points, render

TS = [0.0, 0.35, 1.0]


def pair(which):
    made = EXAMPLES[which]()
    return made, *SPECS[which](made)


def at(made, t):
    return made.measure[round(t * STEPS)]


def test_every_example_has_its_picture():
    assert set(SPECS) == set(EXAMPLES)


@pytest.mark.parametrize("t", TS)
def test_the_lie_factor_of_bars_is_that_of_their_lengths(t):
    made, honest, moving = pair("truncated")
    values = [row["v"] for row in made.rows]
    assert lie_factor(heights(marks(render(moving, t), "rect")[0]), values) == pytest.approx(
        at(made, t), rel=1e-6
    )
    assert lie_factor(heights(marks(render(honest), "rect")[0]), values) == pytest.approx(1)


@pytest.mark.parametrize("t", TS)
@pytest.mark.parametrize(("which", "dimensions"), [("radius", 2), ("pictogram", 3)])
def test_the_lie_factor_of_symbols_is_that_of_their_area_or_volume(which, dimensions, t):
    made, honest, moving = pair(which)
    values = [row["v"] for row in made.rows]
    widths = [extent(symbol) for symbol in marks(render(moving, t), "symbol")[0]]
    assert lie_factor([w**dimensions for w in widths], values) == pytest.approx(at(made, t), rel=1e-3)
    assert lie_factor(heights(marks(render(honest), "rect")[0]), values) == pytest.approx(1)


@pytest.mark.parametrize("t", [0.0, 0.2, 1.0])
def test_the_slope_of_a_turned_axis(t):
    made, honest, moving = pair("inverted")
    true = [y for _, y in points(marks(render(honest), "line")[0][0])]
    seen = [y for _, y in points(marks(render(moving, t), "line")[0][0])]
    assert by.slope_ratio(seen, true) == pytest.approx(at(made, t), abs=1e-3)


@pytest.mark.parametrize("t", TS)
def test_lines_on_two_axes_stand_in_the_measured_order(t):
    made, _, moving = pair("two_axes")
    a, b = (group[0] for group in marks(render(moving, t), "line"))
    up = [np.array([-y for _, y in points(line)]) for line in (a, b)]
    data = [[row[key] for row in made.rows] for key in "ab"]
    assert by.wrong_order(*data, *(np.round(y, 1) for y in up)) == pytest.approx(at(made, t))


@pytest.mark.parametrize("t", TS)
def test_bars_without_an_axis_stand_in_the_measured_order(t):
    made, _, moving = pair("no_axis")
    seen = heights(marks(render(moving, t), "rect")[0])
    assert by.inversions(np.round(seen, 4), [row["v"] for row in made.rows]) == at(made, t)


@pytest.mark.parametrize("t", TS)
def test_steps_of_the_total_rise_as_measured(t):
    made, _, moving = pair("cumulative")
    assert by.rising([-y for _, y in points(marks(render(moving, t), "line")[0][0])]) == pytest.approx(
        at(made, t)
    )


@pytest.mark.parametrize("t", TS)
def test_the_angle_of_a_squeezed_line(t):
    made, _, moving = pair("aspect")
    x, y = zip(*points(marks(render(moving, t), "line")[0][0]), strict=True)
    assert by.mean_angle(x, y) == pytest.approx(at(made, t), abs=0.05)


def test_the_picked_window_holds_its_years_and_its_slope():
    made, _, moving = pair("window")
    drawn = points(marks(render(moving, 1), "line")[0][0])
    values = [row["v"] for row in made.rows if made.given["first"][-1] <= row["x"] <= made.given["last"][-1]]
    assert len(drawn) == len(values)
    slope = by.fit(*zip(*[(x, -y) for x, y in drawn], strict=True))[0]
    assert slope * made.given["slopes"][-1] > 0 > made.given["slopes"][0] * slope


@pytest.mark.parametrize("t", TS)
def test_the_histogram_has_the_measured_peaks(t):
    made, _, moving = pair("binning")
    bars = sorted(marks(render(moving, t), "rect")[0], key=lambda bar: numbers(bar.get("d"))[0])
    assert by.modes(np.round(heights(bars), 3)) == at(made, t)


@pytest.mark.parametrize("t", TS)
def test_years_a_pixel_of_uneven_steps(t):
    made, _, moving = pair("uneven")
    x = [x for x, _ in points(marks(render(moving, t), "line")[0][0])]
    assert by.interval_ratio(x, [row["x"] for row in made.rows]) == pytest.approx(at(made, t), rel=2e-3)


def test_the_middle_of_a_log_axis():
    made, _, moving = pair("log_axis")
    y = np.array([y for _, y in points(marks(render(moving, 1), "line")[0][0])])
    logs = np.log([row["v"] for row in made.rows])
    half = math.exp(np.interp(130, y[::-1], logs[::-1]))
    assert by.midpoint_error(half, made.given["low"], made.given["high"]) == pytest.approx(
        at(made, 1), abs=0.05
    )


@pytest.mark.parametrize("t", TS)
def test_the_lightness_of_the_colour_bar(t):
    from models.distortions import lightness

    made, _, moving = pair("rainbow")
    key = next(group for group in marks(render(moving, t), "rect") if len(group) == 65)
    rgb = np.array([numbers(cell.get("fill")) for cell in key])
    turns = by.reversals(np.round(lightness(rgb), 0))
    assert turns == at(made, t)


@pytest.mark.parametrize("t", TS)
def test_the_labels_of_the_pie_add_up_as_measured(t):
    made, _, moving = pair("pie")
    texts = [node.text for group in marks(render(moving, t), "text") for node in group]
    total = sum(int(re.search(r"(\d+) %", text)[1]) for text in texts)
    assert abs(total - 100) == pytest.approx(at(made, t), abs=1.5)  # each label is rounded


@pytest.mark.parametrize("t", [0.0, 1.0])
def test_the_colour_of_the_map_follows_what_is_measured(t):
    from models.distortions import lightness

    made, _, moving = pair("counts_map")
    tiles = marks(render(moving, t), "rect")[0]
    rgb = np.array([numbers(tile.get("fill")) for tile in tiles])
    shown = [(1 - t) * row["p"] + t * row["q"] for row in made.rows]
    assert by.correlation(-lightness(rgb), shown) > 0.97


def test_the_smoothed_peak_comes_late():
    made, honest, moving = pair("smoothing")
    first, last = (
        min(points(marks(svg, "line")[0][0]), key=lambda point: point[1])
        for svg in (render(honest), render(moving, 1))
    )
    step = 420 / (len(made.rows) - 1)
    assert (last[0] - first[0]) / step == pytest.approx(at(made, 1), abs=1)
    assert last[1] > first[1]


@pytest.mark.parametrize("t", TS)
def test_the_lines_through_the_groups(t):
    made, honest, moving = pair("simpson")

    def slopes(svg):
        ends = [points(line) for group in marks(svg, "line") for line in group]
        return [(b[1] - a[1]) / (b[0] - a[0]) for a, b in ends]

    assert np.mean(slopes(render(moving, t))) / np.mean(slopes(render(honest))) == pytest.approx(
        at(made, t), abs=0.01
    )
    if t == 1:  # one line without a gap
        ends = sorted(points(line) for group in marks(render(moving, t), "line") for line in group)
        assert all(one[1][0] >= following[0][0] - 0.01 for one, following in itertools.pairwise(ends))


@pytest.mark.parametrize("t", TS)
def test_the_correlation_of_the_cloud(t):
    made, _, moving = pair("spurious")
    places = [numbers(mark.get("transform")) for mark in marks(render(moving, t), "symbol")[0]]
    x, y = zip(*places, strict=True)
    assert by.correlation(x, [-v for v in y]) == pytest.approx(at(made, t), abs=1e-3)


@pytest.mark.parametrize("which", SPECS)
def test_the_colour_changes_where_the_honest_range_ends(which):
    made, _, moving = pair(which)
    assert moving["params"][1]["name"] == "c"
    before, after = (
        {p.get("fill") or p.get("stroke") for p in render(moving, step / STEPS).iter(f"{SVG}path")}
        for step in (made.leaves - 1, made.leaves)
    )
    if which not in ("two_axes", "rainbow", "pie", "counts_map"):  # their colours stand for something else
        assert VERMILION not in before
        assert VERMILION in after


def test_numbers_are_printed_with_their_unit():
    made = EXAMPLES["inverted"]()
    assert number(-1.0, made) == "−1.00"
    assert honest_range(made) == "0.95 to 1.05"
    assert honest_range(EXAMPLES["no_axis"]()) == "0"


def test_the_javascript_that_only_computes():
    node = shutil.which("node")
    if node is None:
        pytest.skip("the tests of JavaScript need node")
    done = subprocess.run(
        [node, "--test", Path(__file__).with_name("lie_slider.test.mjs")], capture_output=True
    )
    assert done.returncode == 0, done.stdout.decode()


def test_a_component_is_one_module():
    for name in ("index", "checked"):
        text = script(name)
        assert "import {" not in text
        assert text.count("export ") == 1


def test_streamlit_ships_vega():
    import streamlit

    file = Path(streamlit.__file__).parent / "static/static/js" / vega_file()
    assert "vega-interpreter" in file.read_text("utf-8")


def test_every_chart_has_a_drawing():
    for which in SPECS:
        _, honest, moving = pair(which)
        for spec, t in ((honest, None), (moving, 0.5)):
            assert len(list(render(spec, t).iter(f"{SVG}path"))) > 2, which
