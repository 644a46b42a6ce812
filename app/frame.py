"""The frame that every page stands in: title, question, toolbar, presets, notes, provenance.

A page reads from top to bottom:

    bar = frame.page(ATTENTION_HEADS)
    frame.presets("attn", PRESETS)
    …controls, trace, picture, what you see…
    bar.export(lambda: …)            # fills the Export popover while it is open
    frame.notes(read_it_right=…, how=…, sources=["vaswani2017"])
    frame.provenance(trace.provenance)
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import Any
from urllib.parse import quote, urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.lib.mutable_popover_container import PopoverContainer

from app import state
from app.catalogue import HOME, LESSONS, PAGES, Page
from app.lessons import playing
from app.lessons.lesson import LessonError
from app.lessons.playing import PRESENT
from components import toolbar
from components.lesson_bar import go
from components.presenter import presenter
from models.sources import SOURCES
from models.traces import Provenance

LOG = logging.getLogger("plainsight")
TRY = "try"  # opens a preset by its name
# A room's charts are drawn small and enlarged (present.css), at least twice: 12 pixels become 24.
ROOM_TYPE = {"labelFontSize": 12, "titleFontSize": 12, "labelLimit": 0, "labelPadding": 4, "titlePadding": 4}
CHARTS_IN_A_ROOM: Any = {
    "config": {
        "background": "transparent",  # a legend may reach over the edge
        "axis": ROOM_TYPE,
        "axisQuantitative": {"labelPadding": 3, "labelSeparation": 3},  # rather fewer ticks than smaller ones
        "header": ROOM_TYPE,
        "legend": ROOM_TYPE | {"padding": 0, "offset": 4, "columnPadding": 8, "rowPadding": 2},
        "title": {"fontSize": 12, "offset": 4},
        "text": {"fontSize": 12},
    }
}
ROOM_TITLE = 26  # letters in a line of a chart's title
STRIP = 150  # pixels: a lower chart is wide, and its title has room
ROOM_EDGE = {"left": 2, "top": 2, "right": 6, "bottom": 2}  # pixels round a chart, before it is enlarged
FAILED = "This part of the page failed. The rest still works; the server's log has the details."
OUR_PACKAGES = {"app", "components", "models"}
WAITING = "frame:presets"  # drawn with the controls when presenting
ASIDE = "frame:aside"  # as well
KEYS = "P: pointer · C: controls · B: black · Esc: leave"


@dataclass(frozen=True)
class Preset:
    """A state worth seeing: its name, one line why, and the value of every keyed control.

    The first preset of a page is its opening state: its values are the controls' defaults.
    """

    name: str
    why: str
    state: Mapping[str, Any]


@dataclass(frozen=True)
class Toolbar:
    """What a page may still fill after its picture is drawn; ``head`` is the place of its title."""

    head: DeltaGenerator
    _popover: PopoverContainer | None

    def export(self, fill: Callable[[], None]) -> None:
        """Draw the export choices, once the popover is open."""
        if self._popover is not None and self._popover.open:
            with self._popover, guard():
                fill()


def begin() -> bool:
    """Set the style of all pages; True where the address asks to present."""
    st.html(Path(__file__).with_name("frame.css"))
    with state.hidden("frame"):
        state.carrier(PRESENT, rerun=True)
        playing.carriers()
        playing.hear(present=presenting())
    if presenting():
        st.html(Path(__file__).with_name("present.css"))
        with state.hidden("present"):
            presenter()
    return presenting()


def page(
    entry: Page, *, title: str = "", export: bool = True, present: bool = True, asks: bool = True
) -> Toolbar:
    """Draw title and question at left, Share, Export and Present at right.

    ``asks`` is False where another question is open: the page's own, or what a lesson says, may answer it.
    """
    popover = None
    st.session_state.pop(ASIDE, None)
    lesson, fault = _lesson()
    if lesson and presenting():
        title = state.plain(lesson.step.title, limit=None)
    with st.container(horizontal=True, horizontal_alignment="distribute", key="frame_head"):
        head = st.container(gap="xxsmall", width="content", key="frame_title")
        with head:
            st.title(title or entry.title, anchor=False)
            if lesson and presenting() and lesson.step.ask:
                with st.container(key="frame_ask"):
                    st.markdown(state.plain(lesson.step.ask, limit=None))
            elif asks and not (lesson and presenting()):
                st.markdown(entry.question)
        with st.container(horizontal=True, width="content", key="frame_toolbar"):
            too_long = state.too_long(entry.prefix)
            if lesson and presenting():
                playing.bar(lesson, present=True)
            local, host = playing.for_others()
            toolbar.share(
                missing="the text is too long for a link" if too_long else "",
                local=local,
                host=host,
                collectable=bool(entry.thumbnail) and not too_long,
            )
            if presenting():
                st.button(
                    "Leave",
                    key="frame_leave",
                    type="tertiary",
                    icon=":material/close:",
                    help="Back to the page with its navigation",
                    shortcut="Esc",
                    on_click=_present,
                    args=("",),
                )
            else:
                if export:
                    popover = st.popover(
                        "Export", icon=":material/download:", key=f"{entry.prefix}_export", on_change="rerun"
                    )
                if present:
                    st.button(
                        "Present",
                        key="frame_present",
                        icon=":material/present_to_all:",
                        help="Larger type, no navigation; Esc leaves",
                        on_click=_present,
                        args=("1",),
                    )
    if lesson and not presenting():
        playing.bar(lesson, present=False, says=asks)
    if fault:
        st.caption(fault)
    return Toolbar(head, popover)


def _lesson() -> tuple[playing.Place | None, str]:
    """The place in a running lesson, or what is wrong with the one that the address asks for."""
    try:
        return playing.place(), ""
    except LessonError as error:
        return None, state.plain(str(error), limit=None)


def presenting() -> bool:
    """Say whether the page is shown to a room: larger type, no navigation, the picture first."""
    return bool(st.session_state.get(PRESENT) == "1")


def places() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Where the controls and the picture stand: controls above it, but beside it when presenting."""
    if not presenting():
        return st.container(), st.container()
    larger_charts()
    with st.container(key="present_places"):
        left, right = st.columns([4, 1])
    picture, controls = left.container(key="present_picture"), right.container(key="present_controls")
    with controls:
        options, beside = st.session_state.pop(WAITING, ((), None))
        if options:
            with st.popover("Try this", width="stretch", key="present_presets"):
                _buttons(options)
        if beside:
            beside()
        if more := st.session_state.pop(ASIDE, None):
            with st.container(horizontal=True, gap="xsmall", key="present_aside"):
                more()
        above = st.container()
        st.caption(KEYS)
    return above, picture


def aside(draw: Callable[[], None]) -> None:
    """Draw something with the controls of this run, when presenting."""
    st.session_state[ASIDE] = draw


def chart(drawn: Any, **options: Any) -> None:
    """Draw a chart of Altair; in a room it takes the height that there is."""
    import altair as alt  # half a second that Home does not pay

    if not presenting():
        st.altair_chart(drawn, **options)
        return
    drawn = drawn.properties(padding=ROOM_EDGE)
    if isinstance(drawn.title, alt.TitleParams):
        drawn.title.limit = 0
        if drawn.height > STRIP:
            drawn.title.text = wrap(drawn.title.text, ROOM_TITLE)
    st.altair_chart(drawn, **{"height": "stretch", **options})


def larger_charts() -> None:
    """Give charts of Altair the type of the room; their theme asks at every chart who is looking."""
    import altair as alt  # half a second that Home does not pay

    def theme() -> alt.theme.ThemeConfig:
        return CHARTS_IN_A_ROOM if presenting() else {}

    if alt.theme.active != "plainsight":
        alt.theme.register("plainsight", enable=True)(theme)


def _present(value: str) -> None:
    st.session_state[PRESENT] = value


def presets(options: Sequence[Preset], beside: Callable[[], None] | None = None) -> None:
    """Draw the row *Try this*; the preset that equals the present state is highlighted.

    ``beside`` draws what stands at the end of the row.
    """
    if _lesson()[0]:
        return  # the lesson has chosen
    _open_by_name(options)
    opening = options[0].state
    for key, value in opening.items():
        # a control of another view that comes into being with a preset's value tells it to the address only
        # where the session knew it before
        if key not in st.session_state and key not in st.query_params:
            st.session_state[key] = value
    if presenting():
        st.session_state[WAITING] = (options, beside)
    else:
        _buttons(options, beside)


def _buttons(options: Sequence[Preset], beside: Callable[[], None] | None = None) -> None:
    """One button a preset, and what stands beside them."""
    if not options:
        return
    opening = options[0].state
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="presets"):
        if not presenting():
            st.caption("Try this", width="content")
        for place, preset in enumerate(options):
            st.button(
                preset.name,
                key=f"preset_{place}",
                help=preset.why,
                type="primary" if _is_present(preset, opening) else "secondary",
                on_click=_apply,
                args=(preset,),
            )
        if beside:
            beside()


def _open_by_name(options: Sequence[Preset]) -> None:
    """Lead an address that names a preset (``?try=…``) on to the preset's own address."""
    asked = st.query_params.get(TRY)
    if asked is None:
        return
    for preset in options:
        if preset.name == asked:
            opening = options[0].state
            told = {key: value for key, value in preset.state.items() if value != "" or opening.get(key)}
            go(f"?{urlencode(told, quote_via=quote)}")
            st.stop()
    del st.query_params[TRY]
    st.caption(
        f"The link asked for the example {state.plain(asked)}, which is not here; the page is as it opens."
    )


def path(url_path: str) -> None:
    """Lead on along the learning path: what comes before and after a page."""
    order = (*PAGES, LESSONS)
    places = [page.url_path for page in order]
    if presenting() or not url_path or url_path not in places or _lesson()[0]:
        return
    at = places.index(url_path)

    def label(place: int) -> str:
        return order[place].title if order[place] in (HOME, LESSONS) else f"{place}. {order[place].title}"

    with st.container(horizontal=True, horizontal_alignment="distribute", key="path"):
        st.page_link(order[at - 1].file, label=f"Before: {label(at - 1)}", icon=":material/arrow_back:")
        if at + 1 < len(order):
            st.page_link(
                order[at + 1].file,
                label=f"Next: {label(at + 1)}",
                icon=":material/arrow_forward:",
                icon_position="right",
            )


def _is_present(preset: Preset, opening: Mapping[str, Any]) -> bool:
    def now(key: str) -> Any:
        return st.session_state.get(key, st.query_params.get(key, opening.get(key)))

    return all(now(key) == value for key, value in preset.state.items())


def _apply(preset: Preset) -> None:
    for key, value in preset.state.items():
        st.session_state[key] = value


def notes(
    *,
    read_it_right: str,
    how: Callable[[], None] | str,
    sources: Sequence[str],
    more: Mapping[str, Callable[[], None]] | None = None,
) -> None:
    """Draw the tabs under a picture; only the open one is drawn, and the address keeps which it is.

    ``sources`` are ids of models/sources.py; ``more`` adds tabs by name. A room reads none of them.
    """
    if presenting():
        return
    tabs = {
        "Read it right": lambda: st.markdown(read_it_right),
        "How it is computed": how if callable(how) else lambda: st.markdown(how),
        "Sources": lambda: st.markdown("\n".join(f"- {SOURCES[source].markdown}" for source in sources)),
        **(more or {}),
    }
    _notes(tabs)


@st.fragment
def _notes(tabs: Mapping[str, Callable[[], Any]]) -> None:
    drawn = st.tabs(list(tabs), key="tab", bind="query-params")
    for tab, draw in zip(drawn, tabs.values(), strict=True):
        if tab.open:
            with tab, guard():
                draw()


def provenance(made: Provenance) -> None:
    """Say in one small line how the numbers came to be; not to a room."""
    if presenting():
        return
    parts = (
        f"{made.model} ({made.short_revision})",
        made.precision,
        made.device,
        f"{made.tokens} tokens" if made.tokens else "",
        f"{made.milliseconds:.0f} ms" if made.milliseconds else "",
        ", ".join(f"{name} {version}" for name, version in made.versions.items()),
        made.note,
    )
    st.caption(" · ".join(part for part in parts if part))


@contextmanager
def guard() -> Iterator[None]:
    """Keep the rest of the page alive when a part of it fails.

    An exception class of our own carries one sentence for the visitor; any other is logged and
    becomes a general sentence. Streamlit's rerun and stop are no ``Exception`` and pass through.
    """
    try:
        yield
    except Exception as error:
        if type(error).__module__.partition(".")[0] in OUR_PACKAGES:
            st.warning(str(error))
        else:
            LOG.exception("A part of the page failed")
            st.error(FAILED)
