"""State that lives in the URL, checked again on the server.

Every control is a keyed widget with ``bind="query-params"``; a picture that changes its state in the
browser alone does so through *carriers*, hidden bound text inputs with ``on_change="ignore"``. It says

    window.dispatchEvent(new CustomEvent("plainsight:view", {detail: {attn_layer: "3"}}))

and the toolbar types the values into the carriers: the URL changes at once, nothing reruns, and the
next rerun brings them along. What Streamlit 1.67 does in Chromium, found by experiment, and why:

- Its page keeps a copy of the query string and sends the copy with every rerun. A bare
  ``history.replaceState`` stays in the address bar but is not in the copy: ``st.query_params`` then
  shows the old value, unless the page was opened without any parameter or a bound widget changes
  next (which reads the address bar). Buttons and popovers send the stale copy.
- ``st.query_params[…] = …`` on the server replaces the whole address by that copy and so undoes such a
  change. A carrier has neither fault: its value is the widget's own state, and its change renews the copy.
- A callback may set ``st.session_state`` of a bound widget: the widget and the URL follow in one rerun.
  It must not touch a bound name in ``st.query_params`` (an exception).
- A page switch drops unbound parameters for good. Bound ones leave the URL and come back with the page;
  a carrier's change that no rerun has followed yet is lost (the second step of Back still has it,
  since Streamlit enters the emptied address into the history before the new page's).
- On a first load the URL wins over a value assigned before the widget, so a bad value is corrected on
  the run after it was seen.
- Emoji, right-to-left text, line breaks (in a text area), & # % + and quotes survive the round trip.
- A bound text of 100,000 letters makes a URL of 100 kB: this server reloads it, common proxies refuse
  over 8 kB. 100,000 emoji make 1.2 MB: the reload fails (400), and the server ignores a query string
  over 512 Ki characters as a whole. Unbinding the widget takes it out of the URL and keeps its value.
"""

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.settings import SETTINGS

# Where the hidden inputs stand; frame.css keeps them off the page, the toolbar finds them by key.
CARRIERS = "carriers"
SHOWN_CHARACTERS = 40


@dataclass(frozen=True)
class Param:
    """One parameter of a picture.

    ``name`` is the parameter without the page's prefix and what the note calls it. ``default`` is the
    text that stands for no parameter at all. ``parse`` turns a text into a value and raises ValueError
    outside the limits. ``expects`` ends the note: "MiniLM has layers 0–5, so layer 0 is shown".
    ``rerun`` is for what the server must answer when the picture changes it.
    """

    name: str
    default: str
    parse: Callable[[str], Any]
    expects: str
    rerun: bool = False


def read_view(prefix: str, params: Sequence[Param], *, of: Hashable = None) -> dict[str, Any]:
    """Read the state that a picture keeps in the URL; a bad value falls back with one quiet note.

    Call it once a page and run, where the note may stand. The values are keyed by ``Param.name``.
    ``of`` is what the picture shows: where the visitor has changed that, a value that does not fit any
    more (the pin on a word of the text before) falls back without a note.
    """
    if st.session_state.get(f"{prefix}:of", of) != of:
        for param in params:
            key = f"{prefix}_{param.name}"
            if key in st.session_state and not _fits(param, st.session_state[key]):
                st.session_state[key] = param.default
    st.session_state[f"{prefix}:of"] = of
    with hidden(prefix):
        asked = {
            param.name: carrier(f"{prefix}_{param.name}", param.default, rerun=param.rerun)
            for param in params
        }
    view: dict[str, Any] = {}
    for param in params:
        try:
            view[param.name] = param.parse(asked[param.name])
        except ValueError:
            view[param.name] = param.parse(param.default)
            _correct_next_time(f"{prefix}_{param.name}", asked[param.name])
            st.caption(f"The link asked for {param.name} {plain(asked[param.name])}; {param.expects}.")
    return view


def _fits(param: Param, text: str) -> bool:
    try:
        param.parse(text)
    except ValueError:
        return False
    return True


def plain(text: str, limit: int | None = SHOWN_CHARACTERS) -> str:
    """Quote what a link asked for: short, and as text whatever Markdown or HTML it holds."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text[:limit]) or "nothing"


def hidden(key: str) -> DeltaGenerator:
    """A place for carriers: one pixel high until frame.css has arrived, then not there at all."""
    return st.container(key=f"{key}_{CARRIERS}", height=1, border=False, gap=None)


def carrier(key: str, default: str = "", *, rerun: bool = False) -> str:
    """Keep one text in the URL by a hidden input that the browser's side may set."""
    bad = st.session_state.pop(f"{key}:bad", None)
    if bad is not None and st.session_state.get(key) == bad:
        st.session_state[key] = default
    return st.text_input(key, default, key=key, bind="query-params", on_change="rerun" if rerun else "ignore")


def _correct_next_time(key: str, bad: str) -> None:
    st.session_state[f"{key}:bad"] = bad


def url_text(
    label: str,
    default: str,
    *,
    key: str,
    area: bool = False,
    **options: Any,
) -> str:
    """Draw a text field whose text is in the URL while a link can hold it, else in the session only.

    Nothing typed is lost on a rerun or a page switch. ``too_long`` tells Share about it.
    """
    text = st.session_state.get(key, st.query_params.get(key, default))
    short = fits_link(text)
    if short and st.session_state.pop(f"{key}:long", False):
        # the browser typed this text into a field that had no place in the URL; say it again
        st.session_state[key] = text
    if not short:
        st.session_state[f"{key}:long"] = True
    if not short and key not in st.query_params:
        # The server ignored an oversized query string; sending what it kept clears the address bar.
        st.query_params.update({})
    field = st.text_area if area else st.text_input
    return (
        field(
            label,
            default,
            key=key,
            bind="query-params" if short else None,
            persist_state="session",
            **options,
        )
        or ""
    )


def fits_link(text: str) -> bool:
    """Say whether a link with this text survives a reload behind a common proxy."""
    return len(quote_plus(text, errors="replace")) <= SETTINGS.max_link_text


def too_long(prefix: str) -> bool:
    """Say whether a text of this page is kept out of the URL for its length."""
    return any(
        isinstance(value, str) and not fits_link(value)
        for key, value in st.session_state.items()
        if str(key).startswith(f"{prefix}_")
    )


def choice(
    label: str,
    options: Sequence[str],
    *,
    key: str,
    name: Callable[[str], str] = str,
    default: str = "",
    field: Callable[..., Any] = st.selectbox,
    note: Callable[[str], object] = st.caption,
    **arguments: Any,
) -> str:
    """Draw a select box whose id, not its label, stands in the URL; an unknown id falls back with a note.

    ``default`` is the first option unless given; ``field`` may be another widget of one choice.

    Streamlit binds a select box by what it shows, and that may change (a model that has been fetched).
    """
    default = default or options[0]
    with hidden(key):
        asked = carrier(key, default, rerun=True)
    known = asked if asked in options else default
    if known != asked:
        _correct_next_time(key, asked)
    box = f"{key}_choice"
    st.session_state[box] = known

    def chosen() -> None:
        st.session_state[key] = st.session_state[box]

    field(label, options, format_func=name, key=box, on_change=chosen, **arguments)
    if known != asked:
        note(f"The link asked for {plain(asked)}, which is not listed here; {name(known)} is shown.")
    return known


def whole(
    label: str,
    default: int,
    low: int,
    high: int,
    *,
    key: str,
    show: bool = True,
    note: Callable[[str], object] = st.caption,
    **arguments: Any,
) -> int:
    """Draw a field for a whole number that stands in the URL; one outside the limits falls back with a note.

    Streamlit's own binding falls back without a word. Where ``show`` is False the URL keeps the number.
    """
    with hidden(key):
        asked = carrier(key, str(default), rerun=True)
    fits = asked.isascii() and asked.isdigit() and len(asked) < 10 and low <= int(asked) <= high
    known = int(asked) if fits else default
    if not fits:
        _correct_next_time(key, asked)
        note(
            f"The link asked for {label} {plain(asked)}; it lies between {low:,} and {high:,}, "
            f"so {default:,} is shown."
        )
    if show:
        box = f"{key}_number"
        st.session_state[box] = known

        def chosen() -> None:
            # an emptied field has no number; what was there comes back
            if st.session_state[box] is not None:
                st.session_state[key] = str(st.session_state[box])

        st.number_input(label, low, high, key=box, on_change=chosen, **arguments)
    return known
