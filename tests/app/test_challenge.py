"""Make it lie: points follow from the rendered chart, and an honest chart gets none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.honest_or_distorted.challenge import TOOLS, chart
from models import measures as by
from models.challenge import GOALS, MOST_TOOLS, NEUTRAL, play, sales
from models.distortion import lint
from tests.components.rendered import marks, numbers, render

tools = st.fixed_dictionaries({name: st.sampled_from(list(options)) for name, options in TOOLS.items()})


def test_the_plain_chart_has_hardly_a_point_and_no_finding():
    plain = play("boom", NEUTRAL)
    assert {name for name, value in plain.points.items() if value} <= {"exaggeration"}
    assert lint(chart(plain, "#009e73", NEUTRAL)) == []
    best = max(
        play("boom", NEUTRAL | {"base": "99"}).total, play("boom", NEUTRAL | {"series": "total"}).total
    )
    assert plain.total < best


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(list(GOALS)), tools)
def test_any_tools_make_a_chart_with_finite_points(goal, chosen):
    made = play(goal, chosen)
    assert all(0 <= value < 1000 for value in made.points.values())
    used = [name for name in NEUTRAL if chosen[name] != NEUTRAL[name]]
    assert len(used) - len(made.ignored) <= MOST_TOOLS
    assert made.values
    if (made.shown > 0) != (goal == "boom"):
        assert made.points["exaggeration"] == 0


@pytest.mark.parametrize("base", ["0", "80", "99"])
def test_what_is_shown_is_what_the_bars_show(base):
    chosen = NEUTRAL | {"base": base, "window": "last"}
    made = play("boom", chosen)
    drawn = marks(render(chart(made, "#d55e00", chosen)), "rect")[0]
    bars = [
        made.frame[1] - numbers(bar.get("d"))[1] for bar in drawn
    ]  # above the axis, where the clip ends them
    assert bars[-1] / bars[0] - 1 == pytest.approx(made.shown, rel=1e-3)


def test_the_true_change_is_small_and_both_goals_can_be_reached():
    raw = sales()
    slope, level = by.fit(range(len(raw)), raw)
    assert 0 < slope * 35 / level < 0.2
    for goal in GOALS:
        assert max(play(goal, NEUTRAL | {"base": "99", "window": w}).total for w in TOOLS["window"]) > 60


def test_a_cut_axis_is_caught():
    chosen = NEUTRAL | {"base": "95"}
    assert [f.rule for f in lint(chart(play("boom", chosen), "#d55e00", chosen))] == ["truncated"]
