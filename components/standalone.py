"""One HTML file that shows a component's picture without a server, light or dark like the reader's system."""

import re
from html import escape
from pathlib import Path

_PAGE = Path(__file__).with_name("standalone.html").read_text("utf-8")


def page(root: str, *, title: str, style: str, script: str) -> str:
    """The file; ``script`` fills the one element of the class ``root``, and the footer with the provenance.

    The script is taken as it is: no text of a visitor may stand in it unescaped.
    """
    fields = {
        "TITLE": escape(title),
        "ROOT": root,
        "STYLE": style,
        "SCRIPT": re.sub(r"^export default function", "function streamlitEntry", script, flags=re.M),
    }
    return re.sub(r"@@(\w+)@@", lambda match: fields[match[1]], _PAGE)
