"""The answers of a class as bars, one an option, and the right one named."""

from collections.abc import Sequence
from html import escape

import streamlit as st

STYLE = """<style>
.poll { display: grid; gap: 0.4rem 1.5rem; line-height: 1.35; }
.poll.flat { grid-template-columns: repeat(auto-fit, minmax(min(10rem, 100%), 1fr)); align-items: end; }
.poll > div { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: 0.1rem 0.6rem; }
.poll .bar { grid-column: 1 / -1; height: 0.45rem; border-radius: 0.25rem;
  background: color-mix(in srgb, currentColor 14%, transparent); }
.poll .bar i { display: block; height: 100%; width: var(--share); border-radius: inherit; background: #56b4e9;
  transition: width 0.3s; }
.poll .right .bar i { background: #009e73; }
.poll .right { font-weight: 600; }
/* Side by side: the bar stands behind its words. */
.poll.flat > div { container-type: inline-size; position: relative; isolation: isolate; overflow: hidden;
  padding: 0.1rem 0.5rem; border-radius: 0.3rem; }
.poll.flat .bar { grid-column: auto; position: absolute; inset: 0; z-index: -1; height: auto;
  border-radius: 0; }
.poll.flat .bar i { border-radius: 0; opacity: 0.45; }
@container (width < 9em) { .poll.flat .count span { display: none; } }
.poll .count { font-variant-numeric: tabular-nums; align-self: end; }
@media (prefers-reduced-motion: reduce) { .poll .bar i { transition: none; } }
</style>"""


def letter(place: int) -> str:
    """The letter by which an option is called."""
    return "ABCDEF"[place]


def poll(
    options: Sequence[str], counts: Sequence[int], *, truth: int | None = None, flat: bool = False
) -> None:
    """Draw how many chose each option; ``truth`` is the place of the right one once it may be told.

    ``flat`` sets them side by side.
    """
    whole = max(sum(counts), 1)
    rows = []
    for place, (option, count) in enumerate(zip(options, counts, strict=True)):
        right = place == truth
        rows.append(
            f'<div role="listitem"{" class=right" * right}><b>{letter(place)}</b>'
            f"<span>{escape(option)}{' ✓' * right}{' right' * (right and not flat)}</span>"
            f'<span class="count"><span>{count} · </span>{count / whole:.0%}</span>'
            f'<span class="bar"><i style="--share: {count / whole:.1%}"></i></span></div>'
        )
    st.html(f'{STYLE}<div class="poll{" flat" * flat}" role="list">{"".join(rows)}</div>')
