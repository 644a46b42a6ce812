"""The linter: silent on honest charts, finds what was done, repairs it; a specification is only data."""

import copy
import json

import pytest
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st

from models.distortion import ChartError, lint, repair
from models.lint import RULES
from models.repair import REPAIRS
from models.specs import MOST_CHARACTERS, MOST_ROWS, read
from tests.models.chart_specs import DISTORTED, GEO, HONEST, LETTERS, c, n, q


def test_there_are_enough_honest_charts():
    assert len(HONEST) >= 30


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_chart_has_no_finding(name):
    assert lint(HONEST[name]) == []
    assert repair(HONEST[name]) == HONEST[name]
    assert read(json.dumps(HONEST[name])) == HONEST[name]


@pytest.mark.parametrize("name", DISTORTED)
def test_what_was_done_is_found_alone_and_repaired(name):
    spec, rule = DISTORTED[name]
    before = copy.deepcopy(spec)
    (finding,) = lint(read(json.dumps(spec)))
    assert finding.rule == rule
    assert finding.reason.endswith(".")
    assert finding.all_right
    fixed = repair(spec)
    assert lint(fixed) == []
    assert spec == before
    read(json.dumps(fixed))


def test_every_chart_compiles_before_and_after():
    distorted = [spec for spec, _ in DISTORTED.values()]
    for spec in [*HONEST.values(), *distorted, *map(repair, distorted)]:
        assert vl_convert.vegalite_to_vega(spec)


def test_every_rule_has_an_example_and_a_repair():
    assert {rule for _, rule in DISTORTED.values()} == set(REPAIRS)
    assert len(RULES) >= 16


def test_the_numbers_are_those_of_the_data():
    numbers = {name: lint(spec)[0].number for name, (spec, _) in DISTORTED.items()}
    assert numbers["bars from 15"] == f"lie factor {19 / (19 - 15):.1f}"
    assert numbers["uneven years"] == "largest ÷ smallest interval 4.0"
    assert numbers["two bins"] == "1 of 2 peaks"
    assert numbers["pie over 100 %"] == "|sum − 100| = 93"
    assert numbers["late mean"] == "lag 3 steps"
    assert numbers["map of counts"].endswith("1.00")


def test_a_map_without_the_people_cannot_be_repaired():
    rows = [{k: v for k, v in row.items() if k != "population"} for row in GEO]
    spec = c(rows, "geoshape", color=q("cases"))
    assert [f.rule for f in lint(repair(spec))] == ["map"]


BAR = c(LETTERS, "bar", x=n("a"), y=q("b"))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"params": [{"name": "p", "expr": "1+1"}]}, "expression"),
        ({"transform": [{"calculate": "datum.b * 2", "as": "d"}]}, "expression"),
        ({"transform": [{"filter": "datum.b > 2"}]}, "expression"),
        ({"width": {"signal": "1"}}, "expression"),
        ({"data": {"url": "https://example.com/x.csv"}}, "elsewhere"),
        ({"data": {"values": "a,b\n1,2"}}, "list of rows"),
        ({"data": {"sequence": {"start": 0, "stop": 1e9}}}, "generated"),
        ({"mark": "image"}, "Images"),
        ({"mark": {"type": "image"}}, "Images"),
        ({"mark": {"type": "bar", "href": "https://example.com"}}, "elsewhere"),
        ({"encoding": {"href": {"field": "a"}}}, "elsewhere"),
        ({"encoding": {"url": {"field": "a"}}}, "elsewhere"),
        ({"width": 1e7}, "up to"),
        ({"params": [{"name": "p", "bind": {"input": "range"}}]}, "Inputs"),
        ({"data": {"values": [{"a": 1}] * (MOST_ROWS + 1)}}, "rows"),
        ({"$schema": "https://vega.github.io/schema/vega/v6.json"}, "not Vega-Lite"),
        ({"data": {"values": [{"a": 1, "b": 10**400}]}}, "too large"),
        ({"mark": None}, "No mark"),
    ],
)
def test_what_is_no_plain_data_is_refused_in_one_sentence(change, says):
    with pytest.raises(ChartError, match=says):
        read(json.dumps({**BAR, **change}))


@pytest.mark.parametrize("text", ["", "x", "[]", "3", '{"mark": NaN}', "{" * 50_000, "[" * 100_000])
def test_what_is_no_specification_is_refused(text):
    with pytest.raises(ChartError):
        read(text)


def test_size_and_hidden_options():
    with pytest.raises(ChartError, match="characters"):
        read(" " * (MOST_CHARACTERS + 1))
    assert "usermeta" not in read(json.dumps({**BAR, "usermeta": {"embedOptions": {"loader": {}}}}))["mark"]
    assert "usermeta" not in read(json.dumps({**BAR, "usermeta": {"embedOptions": {}}}))


WORDS = st.sampled_from(["bar", "x", "b", "quantitative", "independent"])
LEAVES = st.none() | st.booleans() | st.floats(-5, 5) | WORDS
NAMES = (
    "mark encoding x y scale domain type field layer resolve data values transform window frame axis bin "
    "theta size color filter range regression on as op width"
)
names = st.sampled_from(NAMES.split())
trees = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=5),
    max_leaves=25,
)


@settings(deadline=None, max_examples=150)
@given(st.dictionaries(names, trees, max_size=6))
def test_no_tree_breaks_the_linter(tree):
    try:
        spec = read(json.dumps(tree))
    except ChartError:
        return
    for finding in lint(spec):
        assert finding.rule in REPAIRS
