"""The attention of every head as words, matrix and overview, drawn on canvases in the browser.

A message to the browser is raw bytes, since Streamlit carries bytes only as the whole of a component's
data: the header's length (u32, little-endian), a JSON header, then one byte a weight in the order
(layer, head, query, key), packed by zlib where that pays. ``models.quantise`` says what a byte means.
"""

import csv
import hashlib
import io
import json
import zlib
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from components import standalone
from components.scripts import beside, one_module
from models.quantise import pack_weights, unpack_table
from models.traces import AttentionTrace

HERE = Path(__file__).parent
DEFLATE_FROM = 300_000  # bytes; below it packing costs more time than it saves
SCRIPTS = ("layout", "draw", "svg", "elements", "words", "controls", "focus", "pointer", "export", "index")
Picture = Literal["all", "words", "matrix", "grid"]


@dataclass(frozen=True)
class View:
    """What the visitor looks at; everything in it changes in the browser and stands in the address.

    ``pin`` is a held token: "q11" the query at position 11, "k3" the key at position 3, "" none.
    ``min`` is the smallest weight drawn as a line; ``scale`` "fixed" (0 to 1) or "row" (each row's
    largest is 1); ``filter`` the direction between two texts: "all", "aa", "ab", "ba", "bb";
    ``zoom`` for texts too long to read at once: 0 the whole text, 1 a focus window, 2 a larger one;
    ``focus`` the row and column in the middle of the window, None where it follows the pin.
    """

    layer: int = 0
    heads: tuple[int, ...] = (0,)
    pin: str = ""
    show: Picture = "all"
    hide: bool = False
    min: float = 0.03
    scale: Literal["fixed", "row"] = "fixed"
    filter: Literal["all", "aa", "ab", "ba", "bb"] = "all"
    zoom: int = 1
    focus: tuple[float, float] | None = None

    def browser(self) -> dict[str, Any]:
        """The view as index.js keeps it."""
        pin = {"side": self.pin[0], "token": int(self.pin[1:])} if self.pin else None
        return {**asdict(self), "heads": list(self.heads), "pin": pin}


@dataclass(frozen=True)
class Role:
    """The head that does one thing most clearly: ``share`` is its printed number."""

    name: str
    layer: int
    head: int
    share: str


def pack(
    trace: AttentionTrace,
    view: View,
    *,
    sentences: Sequence[str],
    overall: str = "",
    roles: Sequence[Role] = (),
    notice: str = "",
    why: str = "",
    terms: str = "",
    default: View | None = None,
    prefix: str = "",
) -> bytes:
    """A message for the browser.

    ``sentences`` holds one finding a head, in the order (layer, head); ``overall`` one about the whole
    trace; ``roles`` the clearest head of each role. ``notice`` is said before all else, ``why`` tells why the
    default head was chosen, ``terms`` what the words on the page mean. ``default`` is the view that an
    address without parameters means; ``prefix`` starts the names of the address parameters, "" leaves it
    alone.
    """
    body = weights_body(trace)
    return assemble(
        trace,
        body,
        view,
        sentences=sentences,
        overall=overall,
        roles=roles,
        notice=notice,
        why=why,
        terms=terms,
        default=default or view,
        prefix=prefix,
    )


def weights_body(trace: AttentionTrace) -> bytes:
    """One byte a weight, packed by zlib if there are many; the costly half of a message."""
    levels = pack_weights(trace.weights).tobytes()
    return zlib.compress(levels, 1) if len(levels) >= DEFLATE_FROM else levels


def assemble(
    trace: AttentionTrace,
    body: bytes,
    view: View,
    *,
    sentences: Sequence[str],
    overall: str,
    roles: Sequence[Role],
    default: View,
    prefix: str,
    notice: str = "",
    why: str = "",
    terms: str = "",
) -> bytes:
    """The header of a message in front of a body from ``weights_body``."""
    layers, heads, queries, n = trace.weights.shape
    if len(sentences) != layers * heads:
        raise ValueError(f"{len(sentences)} sentences for {layers * heads} heads; give one a head.")
    made = trace.provenance
    # texts that a model reads alike ("Hello", "hello") have equal weights and other tokens
    words = repr((trace.tokens, made.model, made.device)).encode("utf-8", "replace")
    header = {
        "id": hashlib.blake2b(body, digest_size=8, key=hashlib.blake2b(words).digest()).hexdigest(),
        "layers": layers,
        "heads": heads,
        "groups": trace.card.key_value_heads or 1,
        "n": n,
        "queries": queries,
        "first": len(trace.tokens) - queries,
        "causal": trace.causal,
        "pair": trace.has_pair,
        "deflate": len(body) != layers * heads * queries * n,
        "model": trace.card.id,
        "name": trace.card.name,
        "tokens": [asdict(token) for token in trace.tokens],
        "table": unpack_table().tolist(),
        "view": view.browser(),
        "defaults": default.browser(),
        "prefix": prefix,
        "sentences": list(sentences),
        "overall": overall,
        "notice": notice,
        "why": why,
        "terms": terms,
        "roles": [asdict(role) for role in roles],
        "provenance": " · ".join(
            (f"{made.model} ({made.short_revision})", made.precision, made.device, f"{made.tokens} tokens")
        ),
    }
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return len(text).to_bytes(4, "little") + text + body


def script() -> str:
    """The scripts as one module."""
    return one_module(*beside(HERE, *SCRIPTS))


def style() -> str:
    """The component's style sheet."""
    return (HERE / "view.css").read_text("utf-8")


_VIEW = st.components.v2.component(
    "attention_view", html='<div class="attention-view"></div>', css=style(), js=script()
)


def attention_view(message: bytes, *, key: str) -> None:
    """Draw a message of ``pack`` on the page."""
    _VIEW(data=message, key=key)


def attention_csv(trace: AttentionTrace, layer: int, heads: Sequence[int]) -> str:
    """The weights of some heads of a layer as CSV at full float32 precision, one row a link."""
    asking, asked = (
        [f"{at},{_field(spreadsheet_safe(token.text))}" for at, token in enumerate(side)]
        for side in (trace.queries, trace.keys)
    )
    out = io.StringIO()
    out.write("layer,head,from_index,from_token,to_index,to_token,weight\r\n")
    for head in heads:
        for query, row in zip(asking, trace.weights[layer, head].tolist(), strict=True):
            start = f"{layer},{head},{query},"
            # three million lines at 512 tokens and 12 heads: through csv.writer they take five times as long
            out.writelines(f"{start}{key},{weight:.9g}\r\n" for key, weight in zip(asked, row, strict=True))
    return out.getvalue()


def _field(text: str) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([text])
    return out.getvalue().removesuffix("\r\n")


def spreadsheet_safe(text: str) -> str:
    """A token that a spreadsheet would run as a formula gets an apostrophe in front."""
    return "'" + text if text[:1] in "=+-@\t\r" and len(text) > 1 else text


_UNPACK = """
const encoded = atob("@@")
const message = new Uint8Array(encoded.length)
for (let i = 0; i < encoded.length; i++) message[i] = encoded.charCodeAt(i)
document.querySelector("footer").textContent = `Made with Plainsight · ${parse(message).header.provenance}`
mount(document.querySelector(".attention-view"), message)
"""


def standalone_html(message: bytes, *, title: str) -> str:
    """One HTML file that shows the message without a server; light or dark like the reader's system."""
    tail = _UNPACK.replace("@@", b64encode(message).decode("ascii"))
    return standalone.page("attention-view", title=title, style=style(), script=script() + tail)
