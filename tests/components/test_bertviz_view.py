"""bertviz's pictures carry every token as text, load nothing, and stop where a browser would."""

import hashlib
import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.bertviz_view import LIBRARIES, MOST_WEIGHTS, VENDOR, bertviz_html, too_long
from models.traces import AttentionTrace, ModelCard, Provenance, Token

VIEWS = ["head", "model"]
HARMLESS = ["html", "head", "meta", "title", "style", "body", "div", "span", "select", "option", "script"]


def trace_of(*texts: str, layers: int = 2, heads: int = 3, second: int | None = None) -> AttentionTrace:
    """Uniform attention over these tokens; ``second`` is where the second text starts."""
    tokens = tuple(
        Token(text, text, segment=int(second is not None and at >= second)) for at, text in enumerate(texts)
    )
    weights = np.full((layers, heads, len(texts), len(texts)), 1 / len(texts), np.float32)
    card = ModelCard("toy", "Toy", "encoder", "folder", layers, heads, "0 M", 0, "Apache-2.0", "tests")
    provenance = Provenance("toy", "0", "float32", "cpu", len(texts), 0.0, {})
    return AttentionTrace(tokens, weights, card, provenance, has_pair=second is not None)


def shown(html: str) -> dict:
    """The data inside bertviz's script."""
    return json.JSONDecoder().raw_decode(html.partition("const params = ")[2])[0]


class Elements(HTMLParser):
    """Every element of a page with its attributes, as a browser's parser would open them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def line_of_data(html: str) -> str:
    return html.partition("const params = ")[2].partition("\n")[0]


@pytest.mark.parametrize("view", VIEWS)
@settings(max_examples=50, deadline=None)
@given(texts=st.lists(st.text() | st.just("</script><script>alert(1)</script>"), min_size=1, max_size=4))
def test_any_token_comes_through_as_text(view, texts):
    html = bertviz_html(trace_of(*texts), view=view)
    assert not re.search("[<>&\u2028\u2029]", line_of_data(html))
    assert shown(html)["attention"][0]["left_text"] == texts
    names = [name for name, _ in Elements(html).found]
    assert names.count("script") == len(LIBRARIES) + 2
    assert set(names) <= set(HARMLESS)


@pytest.mark.parametrize(
    "token", ["const params = {}", "PYTHON_PARAMS", "// HACK: ", "root", "bertviz", "Ġa▁b</w>"]
)
def test_a_token_that_looks_like_the_template_stays_a_token(token):
    assert shown(bertviz_html(trace_of(token, "b"), view="head"))["attention"][0]["left_text"] == [token, "b"]


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_is_loaded_from_anywhere(view):
    html = bertviz_html(trace_of("a", "b", second=1), view=view)
    for _, attributes in Elements(html).found:
        assert not {"src", "href", "action", "data", "srcset", "background"} & set(attributes)
    assert "cdnjs" not in html
    assert "default-src 'none'" in html


def test_the_same_trace_gives_the_same_page():
    assert bertviz_html(trace_of("a", "b"), view="head") == bertviz_html(trace_of("a", "b"), view="head")


def test_weights_layer_and_heads_reach_bertviz():
    trace = trace_of("a", "b", "c")
    trace.weights.flags.writeable = False
    params = shown(bertviz_html(trace, view="head", layer=1, heads=[0, 2]))
    np.testing.assert_array_equal(np.float32(params["attention"][0]["attn"]), trace.weights)
    assert (params["layer"], params["heads"]) == (1, [0, 2])


@pytest.mark.parametrize("view", VIEWS)
def test_a_pair_can_be_filtered(view):
    html = bertviz_html(trace_of("[CLS]", "a", "[SEP]", "b", "[SEP]", second=3), view=view)
    a_to_b = next(part for part in shown(html)["attention"] if part["name"] == "Sentence A -> Sentence B")
    assert (a_to_b["left_text"], a_to_b["right_text"]) == (["[CLS]", "a", "[SEP]"], ["b", "[SEP]"])


@pytest.mark.parametrize("heads", [[], [3], [-1, 0]])
def test_heads_that_are_not_there_are_named(heads):
    with pytest.raises(ValueError, match=re.escape(f"heads={heads}: give one or more of 0 to 2")):
        bertviz_html(trace_of("a"), view="head", heads=heads)


def test_a_layer_that_is_not_there_is_named():
    with pytest.raises(ValueError, match="Layer 9 is not in"):
        bertviz_html(trace_of("a"), view="head", layer=9)


def test_the_limit_says_its_numbers():
    sentence = too_long(trace_of(*"a" * 128, layers=6, heads=12), view="head")
    assert sentence == (
        "BertViz's head view would send 53 MB for these 128 tokens, more than a browser draws in five "
        "seconds; of Toy, with 6 × 12 heads, it can show up to 96 tokens."
    )
    pair = too_long(trace_of(*"a" * 128, layers=6, heads=12, second=64), view="model")
    assert pair is not None
    assert "106 MB" in pair
    assert "up to 56 tokens" in pair


@pytest.mark.parametrize("view", VIEWS)
def test_the_longest_text_it_names_is_allowed_and_one_more_is_not(view):
    longest = int((MOST_WEIGHTS[view] / 72) ** 0.5)
    assert too_long(trace_of(*"a" * longest, layers=6, heads=12), view=view) is None
    assert too_long(trace_of(*"a" * (longest + 1), layers=6, heads=12), view=view)


@pytest.mark.parametrize("name", ["d3.min.js", "jquery.min.js"])
def test_the_libraries_are_those_of_the_card(name):
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() in (VENDOR / "README.md").read_text()
