"""bertviz's own head view and model view of a trace: offline, sealed off, as long as a browser bears."""

import base64
import hashlib
import json
import math
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal

import streamlit as st

from models.traces import AttentionTrace

View = Literal["head", "model"]

VENDOR = Path(__file__).parent / "vendor"
CDN = "https://cdnjs.cloudflare.com/ajax/libs/"
LIBRARIES = ("jquery.min.js", "d3.min.js", "require_shim.js")

# Measured in Chromium on two cores, through Streamlit: so many weights make a finished picture in some 5 s.
# The head view draws one layer but carries all of them; the model view draws a line for every weight.
MOST_WEIGHTS: dict[View, int] = {"head": 72 * 96**2, "model": 72 * 56**2}
# bertviz writes a weight as some 22 characters of JSON, and all of them once more into a comment.
BYTES_A_WEIGHT = 45

STYLE = """
:root { color-scheme: light; background: #fff; overflow: hidden }
body { margin: 0; padding: 8px; overflow-x: auto; background: #fff; color: #000 }
"""

# The frame cannot be looked into from outside, so it tells its height through the port it is handed.
TELL_HEIGHT = """
onmessage = ({ ports: [port] }) =>
  new ResizeObserver(() => port.postMessage(document.body.offsetHeight)).observe(document.body);
"""

# allow-scripts without allow-same-origin: the frame has an origin of its own and cannot touch the page.
FRAME = """
<iframe sandbox="allow-scripts"></iframe>
"""

FRAME_STYLE = """
iframe { display: block; width: 100%; height: 12rem; border: 0; background: #fff; color-scheme: light }
"""

MOUNT = """
export default function ({ data, parentElement }) {
  const frame = parentElement.querySelector("iframe");
  frame.title = data.title;
  if (frame.srcdoc === data.html) return;
  frame.onload = () => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data: height }) => { frame.style.height = `${Number(height)}px`; };
    frame.contentWindow.postMessage("height", "*", [port2]);
  };
  frame.srcdoc = data.html;
}
"""

_frame = st.components.v2.component("bertviz_view", html=FRAME, css=FRAME_STYLE, js=MOUNT)


def bertviz_view(
    trace: AttentionTrace,
    *,
    view: View,
    layer: int = 0,
    heads: Sequence[int] | None = None,
    key: str,
) -> None:
    """Show bertviz's picture of the trace; ask `too_long` first."""
    html = bertviz_html(trace, view=view, layer=layer, heads=heads)
    _frame(data={"html": html, "title": f"BertViz {view} view"}, key=key)


def too_long(trace: AttentionTrace, *, view: View = "head") -> str | None:
    """One sentence for the visitor if bertviz cannot show so many tokens in a browser, else None."""
    layers, heads, tokens, _ = trace.weights.shape
    if layers * heads * tokens**2 <= MOST_WEIGHTS[view]:
        return None
    megabytes = layers * heads * tokens**2 * BYTES_A_WEIGHT * (1 + trace.has_pair) / 1e6
    longest = math.isqrt(MOST_WEIGHTS[view] // (layers * heads))
    return (
        f"BertViz's {view} view would send {megabytes:,.0f} MB for these {tokens} tokens, more than a "
        f"browser draws in five seconds; of {trace.card.name}, with {layers} × {heads} heads, it can show up "
        f"to {longest} tokens."
    )


def bertviz_html(
    trace: AttentionTrace, *, view: View, layer: int = 0, heads: Sequence[int] | None = None
) -> str:
    """bertviz's picture as one HTML document that loads nothing and runs no script but its own.

    ``layer`` and ``heads`` choose what the head view shows first; the model view shows them all.
    """
    page = _bertviz(trace, view, layer, heads)
    before, _, rest = page.partition("const params = ")
    params, end = json.JSONDecoder().raw_decode(rest)
    after = rest[end:].partition("\n")[2]  # the line ends in a comment that holds the data once more
    _, markup, start = re.split(r"<script[^>]*>(?:</script>)?", before)
    # bertviz names its root anew at each call; a page that is the same must stay the same
    markup, data = (text.replace(params["root_div_id"], "bertviz") for text in (markup, rest[:end]))
    drawing = (
        f"{start.replace(CDN, '')}const params = {_inside_script(data)};\n{after.partition('</script>')[0]}"
    )

    scripts = [*libraries(), drawing, TELL_HEIGHT]
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_policy(scripts)}">
<title>BertViz {view} view</title>
<style>{STYLE}</style>
</head>
<body>
{markup}
{"".join(f"<script>{script}</script>" for script in scripts)}
</body>
</html>
"""


def _bertviz(trace: AttentionTrace, view: View, layer: int, heads: Sequence[int] | None) -> str:
    """What bertviz makes of the trace: libraries from a CDN, tokens unescaped."""
    # bertviz takes torch tensors only, and torch must not load before a visitor asks for it
    import torch
    from bertviz import head_view, model_view

    count = trace.weights.shape[1]
    if heads is not None and not (heads and set(heads) <= set(range(count))):
        raise ValueError(f"heads={list(heads)}: give one or more of 0 to {count - 1}, or None for all")
    starts = (i for i, token in enumerate(trace.tokens) if token.segment == 1)
    shown = {
        "attention": [torch.tensor(weights[None]) for weights in trace.weights],  # each (1, heads, T, T)
        "tokens": [token.text for token in trace.tokens],
        "sentence_b_start": next(starts) if trace.has_pair else None,
        "prettify_tokens": False,
        "html_action": "return",
    }
    if view == "model":
        return model_view(**shown, display_mode="light").data
    return head_view(**shown, layer=layer, heads=None if heads is None else list(heads)).data


def _inside_script(data: str) -> str:
    """JSON in which no parser of HTML finds a tag, and none of JavaScript the end of a line."""
    for character in "<>&\u2028\u2029":
        data = data.replace(character, f"\\u{ord(character):04x}")
    return data


def _policy(scripts: Sequence[str]) -> str:
    """Nothing may be fetched, sent or framed, and only these scripts may run."""
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'"
    )


@cache
def libraries() -> tuple[str, ...]:
    """The scripts that bertviz expects to find, in their order."""
    return tuple((VENDOR / name).read_text("utf-8") for name in LIBRARIES)
