"""Every text of the app that holds a formula, on one page: what KaTeX cannot read stands out there."""

import ast
from pathlib import Path

import streamlit as st

APP = Path(__file__).parents[2] / "app"

for file in sorted(APP.rglob("*.py")):
    tree = ast.parse(file.read_text("utf-8"))
    # a piece of an f-string is no text of its own
    pieces = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in pieces else None
        if isinstance(text, str) and text.count("$") > 1:
            st.caption(f"{file.relative_to(APP)} {node.lineno}")
            st.markdown(text)
st.caption("All formulas are drawn.")
