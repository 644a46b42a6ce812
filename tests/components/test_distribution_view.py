"""What the linked picture is told, and its browser half under node."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from app.distributions import knobs
from app.distributions.knobs import FAMILIES, KNOBS
from app.distributions.shape import line_of
from components.distribution_view import Drawing, Slider, Tables, View, header, script
from models import families
from models.distributions import describe, shape
from models.quantise import percent

NODE = shutil.which("node")
X = np.array([1.0, 2, 2, 3, 12])


def told(x: np.ndarray = X, view: View | None = None, **options: object) -> dict:
    return json.loads(
        json.dumps(
            header(shape(x), describe(x), view or View(), prefix="dist", label="five", numbers=[], **options),
            allow_nan=False,
        )
    )


def test_every_printed_number_comes_along() -> None:
    sent = told(view=View(bins=4, near=True, moved="4:12"))
    assert sent["points"] == X.tolist()
    assert [mark["value"] for mark in sent["marks"][:2]] == [4, 2]
    assert sent["box"] == [1, 2, 2, 3, 3]
    assert sent["z"][4] == round(8 / X.std(ddof=1), 3)
    assert sent["share"][4] == "97 %"
    assert (sent["bins"], sent["range"], sent["moved"], sent["edit"]) == (4, "middle", "4:12", True)
    assert sent["line"] == [4, pytest.approx(X.std(ddof=1))]


def test_a_column_without_shape_is_plain_json_too() -> None:
    for x in ([5.0], [3.0, 3, 3], [1e299, -1e299]):
        sent = told(np.array(x))
        assert sent["points"] == x
    assert told(np.array([3.0, 3]))["share"] is None
    assert told(np.array([3.0]))["line"] is None


def test_a_mean_that_is_only_rounding_is_0() -> None:
    x = np.array([-0.1, -0.2, 0.3]) * 3
    assert x.mean() != 0
    assert told(x)["marks"][0] == {"name": "mean", "value": 0}


def test_many_values_are_not_dragged_and_a_drawing_says_so() -> None:
    assert not told(np.arange(301.0))["edit"]
    assert told(np.arange(2001.0))["share"] is None
    sent = told(drawing=Drawing([0, 50, 100], (0, 10)))
    assert sent["draw"] == {"heights": [0, 50, 100], "domain": [0, 10]}
    assert sent["hint"].startswith("Draw a curve")


@pytest.mark.skipif(NODE is None, reason="node is not on the PATH")
def test_the_browser_half() -> None:
    file = Path(__file__).with_name("distribution.test.mjs")
    done = subprocess.run([NODE, "--test", str(file)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(NODE is None, reason="node is not on the PATH")
@pytest.mark.parametrize("last", ["index", "knobs"])
def test_the_components_are_valid_modules(tmp_path: Path, last: str) -> None:
    whole = tmp_path / "whole.mjs"
    middle = "draw" if last == "index" else "sample"
    whole.write_text(script("layout", "column", middle, last), "utf-8")
    count = "const all = await import(process.argv[1]); console.log(Object.keys(all).join())"
    done = subprocess.run(
        [NODE, "--input-type=module", "--eval", count, str(whole)], capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == "default", done.stderr


# --- the browser's numbers against the server's -------------------------------------------------------


def in_the_browser(tmp_path: Path, code: str, given: object) -> list:
    """What a line of JavaScript makes of each of ``given`` (named ``x``), with column.js and sample.js."""
    if NODE is None:
        pytest.skip("node is not on the PATH")
    lines = f"""
import {{ readFileSync }} from "node:fs"
const plain = (_, v) => typeof v === "number" && !Number.isFinite(v) ? String(v) : v
console.log(JSON.stringify(JSON.parse(readFileSync(0)).map(x => {code}), plain))
"""
    file = tmp_path / "run.mjs"
    file.write_text(script("column", "sample") + lines, "utf-8")
    done = subprocess.run(
        [NODE, str(file)], input=json.dumps(given), capture_output=True, text=True, timeout=60, check=True
    )
    return json.loads(done.stdout)


def columns() -> list[list[float]]:
    random = np.random.default_rng(4)
    made = [random.lognormal(size=n) for n in (3, 8, 60, 500)]
    made += [random.normal(1e6, 3, 40), random.integers(0, 5, 90), random.integers(0, 5, 7), -made[2]]
    made += [np.array(one) for one in ([5.0], [1.0, 2], [3.0, 3, 3], [0.0, 0], [1e200, -1e200, 3e199, 5])]
    made += [np.round(random.standard_t(2, 80), 1), np.array([0, 0, 0, 0.5, 0.5, 1.05, 1.25])]
    return [np.asarray(one, float).tolist() for one in made]


def close(mine: object, theirs: object) -> bool:
    return np.asarray(mine, float) == pytest.approx(
        np.asarray(theirs, float), rel=1e-6, abs=1e-7, nan_ok=True
    )


def test_the_browser_describes_a_column_as_the_server_does(tmp_path: Path) -> None:
    found = in_the_browser(tmp_path, "[describe(x), numbers(describe(x)), live({}, x)]", columns())
    for x, (mine, line, sent) in zip(columns(), found, strict=True):
        d, s = describe(x), shape(x)
        their = [d.mean, d.median, d.sd, d.g1, d.g2, d.l_skewness, d.medcouple]
        names = ("mean", "median", "sd", "g1", "g2", "l", "medcouple")
        assert close([mine[name] for name in names], their), x[:9]
        spread = max(x) - min(x) or 1
        assert (mine["mode"] - d.mode) / spread == pytest.approx(0, abs=1e-4), x[:9]
        assert close(mine["box"], [s.whiskers[0], d.quartiles[0], d.median, d.quartiles[1], s.whiskers[1]])
        assert close(mine["edges"], s.edges), x[:9]
        assert close(mine["normal"], s.normal)
        assert close(mine["grid"], s.grid)
        assert close(mine["density"] or [], s.density)
        assert [tuple(one) for one in line] == line_of(d), x[:9]
        if np.isfinite(s.share).all():
            assert sent["share"] == [percent(float(one)) for one in s.share]


def test_the_sliders_make_the_values_that_the_server_makes(tmp_path: Path) -> None:
    n = 200
    scores = families.scores(knobs.MOST, 7)
    asked = [
        (source, name, place, stop)
        for source, family in FAMILIES.items()
        if family.make
        for name in family.knobs
        for place, stop in list(enumerate(KNOBS[name].stops))[:: max(1, len(KNOBS[name].stops) // 4)]
    ]
    given, theirs = [], []
    for source, name, place, stop in asked:
        at = [float(KNOBS[one].default) for one in FAMILIES[source].knobs]
        row = knobs.quantile_rows(source, at)[name][place]
        at[FAMILIES[source].knobs.index(name)] = float(stop)
        kind = "steps" if source == "binomial" else "table"
        given.append([kind, [min(float(one), 1e9) for one in row], scores[:n].tolist()])
        theirs.append(FAMILIES[source].make(*at).at_scores(scores[:n]))
    code = "sample(x[0], { table: x[1], scores: Float64Array.from(x[2]), n: 200 }).values"
    for mine, its, what in zip(in_the_browser(tmp_path, code, given), theirs, asked, strict=True):
        apart = np.abs(np.asarray(mine) - its) / np.ptp(its)
        assert apart.mean() < 1e-3, what  # half a pixel of the picture
        assert apart.max() < 0.03, what  # in the gap between two hills


def test_johnsons_system_in_the_browser(tmp_path: Path) -> None:
    asked = [(1, 2, 200), (-2, 5, 50), (0, -1.5, 200), (0.5, 0, 20), (0, 8, 1000), (2, 0, 200)]
    for mine, (skew, kurt, n) in zip(in_the_browser(tmp_path, "johnson(...x)", asked), asked, strict=True):
        if kurt < skew**2 - 2:
            assert mine is None
        else:
            assert mine == pytest.approx(families.johnson(skew, kurt, n), abs=1e-4)


def test_every_slider_is_told_its_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    import components.distribution_view as view

    sent = {}
    monkeypatch.setattr(view, "_KNOBS", lambda **told: sent.update(told))
    slider = Slider("k", "Shape k", ("1", "2"), 1)
    rows = {"k": np.array([[0.0, 1], [0, 2]])}
    view.knobs(
        [slider],
        Tables("table", rows, np.array([0.5]), 9),
        prefix="p",
        sketch=True,
        moved="",
        width=9,
        key="k",
    )
    length = int.from_bytes(sent["data"][:4], "little")
    told = json.loads(sent["data"][4 : 4 + length])
    assert told["tables"] == {"k": {"start": 1, "width": 2}}
    assert told["sliders"][0] == {
        "name": "k",
        "label": "Shape k",
        "stops": ["1", "2"],
        "at": 1,
        "texts": None,
    }
    assert np.frombuffer(sent["data"][4 + length :], "<f4").tolist() == [0.5, 0, 1, 0, 2]
