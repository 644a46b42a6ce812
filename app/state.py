"""State that lives in the URL, checked again on the server."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True)
class Param:
    """One query parameter of a picture: its default, how to read it, and what a visitor is told.

    ``parse`` raises ValueError for a text outside the limits. ``expects`` finishes the sentence
    "The link asked for layer 99; …", for example "MiniLM has layers 0–5, so layer 0 is shown".
    """

    name: str
    default: str
    parse: Callable[[str], object]
    expects: str


def read_view(prefix: str, params: Mapping[str, Param]) -> dict[str, object]:
    """Read the picture's parameters from the URL; a bad one falls back with one quiet note."""
    view: dict[str, object] = {}
    for key, param in params.items():
        asked = st.query_params.get(f"{prefix}_{key}", param.default)
        try:
            view[key] = param.parse(asked)
        except ValueError:
            view[key] = param.parse(param.default)
            st.caption(f"The link asked for {param.name} {asked[:40]!r}; {param.expects}.")
    return view
