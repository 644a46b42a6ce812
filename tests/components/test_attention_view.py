"""The messages to the browser, and what can be saved: CSV and the page of its own."""

import csv
import io
import json
import re
import zlib
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.attention_view import (
    DEFLATE_FROM,
    Role,
    View,
    attention_csv,
    pack,
    script,
    spreadsheet_safe,
    standalone_html,
    weights_body,
)
from models.quantise import pack_weights, unpack_table
from models.traces import AttentionTrace, ModelCard, Provenance, Token

HOSTILE = [
    "</script><script>window.hit = 1</script>",
    "<img src=none onerror='window.hit = 1'>",
    "\ud83d",  # half of an emoji
    "\x00",
    "👩‍🚀",
    "\u202eabc",
    "\u2028",
    "@@MESSAGE@@",
    '"\\',
]


def trace_of(*texts: str, layers: int = 2, heads: int = 3, **options: Any) -> AttentionTrace:
    """Seeded attention over these tokens."""
    n = len(texts)
    weights = np.random.default_rng(n).random((layers, heads, n, n), np.float32) ** 4 + 1e-6
    weights /= weights.sum(-1, keepdims=True)
    card = ModelCard("toy", "Toy <b>", "encoder", "folder", layers, heads, "0 M", 0, "Apache-2.0", "tests")
    provenance = Provenance("Toy", "0123456789abcdef", "float32", "cpu", n, 0.0, {})
    return AttentionTrace(
        tuple(Token(text, f"raw {text}") for text in texts), weights, card, provenance, **options
    )


def message_of(trace: AttentionTrace, view: View | None = None, **options: Any) -> bytes:
    layers, heads = trace.weights.shape[:2]
    return pack(trace, view or View(), **{"sentences": ["A finding."] * (layers * heads), **options})


def parsed(message: bytes) -> tuple[dict[str, Any], bytes]:
    length = int.from_bytes(message[:4], "little")
    return json.loads(message[4 : 4 + length].decode("utf-8")), message[4 + length :]


def test_a_message_says_everything_the_browser_draws() -> None:
    trace = trace_of("[CLS]", "it", "animal", has_pair=True)
    view = View(
        layer=1,
        heads=(0, 2),
        pin="q2",
        show="matrix",
        hide=True,
        min=0.1,
        scale="row",
        filter="ab",
        zoom=2,
        focus=(75, 40.5),
    )
    header, body = parsed(
        message_of(
            trace,
            view,
            sentences=[f"Head {i}." for i in range(6)],
            overall="All.",
            roles=[Role("looks back", 1, 2, "68 %")],
            default=View(pin="k1"),
            prefix="attn",
        )
    )
    assert body == pack_weights(trace.weights).tobytes()
    assert (header["layers"], header["heads"], header["n"]) == (2, 3, 3)
    assert (header["deflate"], header["pair"], header["causal"], header["groups"]) == (False, True, False, 1)
    assert header["view"] == {
        "layer": 1,
        "heads": [0, 2],
        "pin": {"side": "q", "token": 2},
        "show": "matrix",
        "hide": True,
        "min": 0.1,
        "scale": "row",
        "filter": "ab",
        "zoom": 2,
        "focus": [75, 40.5],
    }
    assert header["defaults"]["pin"] == {"side": "k", "token": 1}
    assert parsed(message_of(trace))[0]["view"]["pin"] is None
    assert np.array_equal(np.float32(header["table"]), unpack_table())
    assert [token["raw"] for token in header["tokens"]] == ["raw [CLS]", "raw it", "raw animal"]
    assert header["sentences"][5] == "Head 5."
    assert header["roles"] == [{"name": "looks back", "layer": 1, "head": 2, "share": "68 %"}]
    assert (header["overall"], header["prefix"], header["model"]) == ("All.", "attn", "toy")
    assert header["provenance"] == "Toy (0123456789abcdef) · float32 · cpu · 3 tokens"


def test_many_weights_travel_packed_and_come_back_equal() -> None:
    n = 300
    trace = trace_of(*map(str, range(n)), layers=2, heads=2)
    header, body = parsed(message_of(trace))
    assert trace.weights.size >= DEFLATE_FROM
    assert header["deflate"]
    assert zlib.decompress(body) == pack_weights(trace.weights).tobytes()
    assert len(body) < trace.weights.size


def test_a_message_takes_one_byte_a_weight_and_little_else() -> None:
    trace = trace_of(*map(str, range(60)), layers=6, heads=12)
    assert len(weights_body(trace)) == 6 * 12 * 60 * 60
    assert len(message_of(trace)) <= trace.weights.size + 20_000


def test_texts_that_give_the_same_weights_are_different_pictures() -> None:
    """An uncased model reads “Hello” and “hello” alike, and all unknown tokens too."""
    upper, lower = trace_of("Hello"), trace_of("hello")
    assert np.array_equal(upper.weights, lower.weights)
    assert parsed(message_of(upper))[0]["id"] != parsed(message_of(lower))[0]["id"]


def test_the_view_is_no_part_of_a_pictures_name() -> None:
    trace = trace_of("a", "b")
    names = {parsed(message_of(trace, view))[0]["id"] for view in (View(), View(layer=1, hide=True))}
    assert len(names) == 1


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(st.characters(), max_size=8) | st.sampled_from(HOSTILE), min_size=1, max_size=6))
def test_any_token_comes_through(texts: list[str]) -> None:
    header, _ = parsed(message_of(trace_of(*texts)))
    # what UTF-8 cannot say becomes a question mark
    spoken = [text.encode("utf-8", "replace").decode() for text in texts]
    assert [token["text"] for token in header["tokens"]] == spoken


@pytest.mark.parametrize("count", [0, 5, 7])
def test_a_finding_a_head_is_needed(count: int) -> None:
    with pytest.raises(ValueError, match=rf"^{count} sentences for 6 heads; give one a head\.$"):
        message_of(trace_of("a"), sentences=["x"] * count)


def test_a_csv_holds_every_weight_to_the_last_bit() -> None:
    trace = trace_of("[CLS]", 'it, "that"', "two\nlines", "=cmd|' /C calc'!A0", layers=3, heads=4)
    rows = list(csv.DictReader(io.StringIO(attention_csv(trace, 2, (0, 3)), newline="")))
    assert len(rows) == 2 * 4 * 4
    weights = np.float32([row["weight"] for row in rows]).reshape(2, 4, 4)
    assert np.array_equal(weights, trace.weights[2, [0, 3]])
    places = [(int(r["layer"]), int(r["head"]), int(r["from_index"]), int(r["to_index"])) for r in rows]
    assert places == [(2, head, q, k) for head in (0, 3) for q in range(4) for k in range(4)]
    assert rows[6]["from_token"] == 'it, "that"'
    assert rows[6]["to_token"] == "two\nlines"
    assert rows[-1]["from_token"] == "'=cmd|' /C calc'!A0"


@pytest.mark.parametrize("text", ["=1+1", "+49", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_formula_is_defused(text: str) -> None:
    assert spreadsheet_safe(text) == "'" + text


@pytest.mark.parametrize("text", ["", "-", "=", "it's", "a=b", "№1", "##ing"])
def test_a_word_stays_as_it_is(text: str) -> None:
    assert spreadsheet_safe(text) == text


class Page(HTMLParser):
    """The elements, attributes and title of a page, as a browser would read them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.title, self._open = "", ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._open = tag

    def handle_data(self, data: str) -> None:
        if self._open == "title":
            self.title += data

    def handle_endtag(self, tag: str) -> None:
        self._open = ""


def test_the_saved_page_needs_nothing_and_runs_no_token() -> None:
    title = "Toy </title><script>alert(1)</script> & @@SCRIPT@@"
    html = standalone_html(message_of(trace_of(*HOSTILE)), title=title)
    page = Page(html)
    assert page.title == title
    names = [name for name, _ in page.elements]
    assert names.count("script") == html.count("<script") == html.count("</script") == 1
    for name, attributes in page.elements:
        assert not {"src", "href", "srcset", "action"} & set(attributes), name
    assert "default-src 'none'" in html
    assert set(re.findall(r"https?://[^\s\"')]+", html)) <= {
        "http://www.w3.org/2000/svg",  # a name, not an address
        "https://bottosson.github.io/posts/oklab/",  # in a comment
    }
    assert "@@" not in html.replace("@@SCRIPT@@", "")


def test_the_script_exports_its_entry_alone() -> None:
    assert re.findall(r"^(?:import|export)\b.*", script(), re.M) == [
        "export default function ({ data, parentElement }) {"
    ]
