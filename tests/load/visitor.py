"""One visitor without a browser: speaks Streamlit's own protocol over a WebSocket of this machine."""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from google.protobuf.message import Message
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.state.common import user_key_from_element_id
from websockets.asyncio.client import ClientConnection, connect

LOCAL = ("127.0.0.1", "localhost")  # nobody else's server is ever loaded
PATIENCE = 60  # seconds; an answer that takes longer counts as none
RERUN = ForwardMsg.FINISHED_EARLY_FOR_RERUN
BROKEN = ForwardMsg.FINISHED_WITH_COMPILE_ERROR


@dataclass
class Answer:
    """What came back on one action, up to the end of the script's run."""

    seconds: float = 0.0
    messages: list[bytes] = field(default_factory=list)  # as they came, so that nothing in them is missed
    faults: list[str] = field(default_factory=list)

    @property
    def drawn(self) -> dict[tuple[int, ...], str]:
        """What the last run drew, by its place on the page."""
        found: dict[tuple[int, ...], str] = {}
        for message in map(ForwardMsg.FromString, self.messages):
            if message.WhichOneof("type") == "new_session":
                found = {}
            elif message.WhichOneof("type") == "delta":
                found[tuple(message.metadata.delta_path)] = str(message.delta)
        return found

    @property
    def size(self) -> int:
        """Bytes that were sent."""
        return sum(map(len, self.messages))


class Visitor:
    """A session of its own: ``async with Visitor(address) as visitor: await visitor.open("seq2seq")``."""

    def __init__(self, address: str) -> None:
        if urlsplit(address).hostname not in LOCAL:
            raise ValueError(f"{address} is not on this machine; only 127.0.0.1 is visited.")
        self._stream = f"ws{address.removeprefix('http')}/_stcore/stream"
        self._socket: ClientConnection | None = None
        self._pages: dict[str, str] = {}  # path: the hash that Streamlit gives a page
        self._page = ""
        self._ids: dict[str, str] = {}  # a control's key: its id on the present page
        self._fragments: dict[str, str] = {}  # its key: the part of the page that it reruns
        self._states: dict[str, str] = {}  # what own components keep, by id
        self._texts: set[str] = set()  # the keys of the text fields on it
        self._typed: dict[str, str] = {}  # what this page's texts hold, by id

    async def __aenter__(self) -> "Visitor":
        self._socket = await connect(self._stream, subprotocols=["streamlit"], max_size=None)  # type: ignore[list-item]
        await self._ask()
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self._socket:
            await self._socket.close()

    @property
    def pages(self) -> tuple[str, ...]:
        """The paths of the app's pages; "" is Home."""
        return tuple(self._pages)

    @property
    def controls(self) -> tuple[str, ...]:
        """The keys of what can be changed or pressed on the present page."""
        return tuple(self._ids)

    @property
    def texts(self) -> frozenset[str]:
        """The keys of the text fields of the present page, those that keep a picture's state among them."""
        return frozenset(self._texts)

    async def open(self, path: str, query: str = "") -> Answer:
        """Go to a page, as a click in the navigation does; ``query`` is what stands after the "?"."""
        self._page, self._typed, self._states = self._pages[path], {}, {}
        return await self._ask(query)

    async def follow(self, path: str, query: str) -> Answer:
        """Go to an address within the session, as the browser's Back does and a lesson that turns a step."""
        self._page = self._pages[path]
        answer = await self._ask(query, history=True)
        self._typed, self._states = {}, {}  # the browser has let go of what it does not show any more
        if "lesson_emptied" in self._ids:  # and tells the address again
            answer = await self._ask(query, history=True)
        return answer

    async def press(self, key: str) -> Answer:
        """Press a button."""
        message = BackMsg()
        message.rerun_script.fragment_id = self._fragments[key]
        message.rerun_script.widget_states.widgets.add(id=self._ids[key], trigger_value=True)
        return await self._ask(message=message)

    async def look(self, key: str) -> Answer:
        """Let the part of the page in which a control stands run again, as its timer does."""
        message = BackMsg()
        message.rerun_script.fragment_id = self._fragments[key]
        message.rerun_script.is_auto_rerun = True
        return await self._ask(message=message)

    async def tell(self, key: str, state: dict[str, Any]) -> Answer:
        """Give an own component its state."""
        self._states[self._ids[key]] = json.dumps(state)
        return await self._ask()

    async def change(self, **texts: str) -> Answer:
        """Type into text fields, or into the hidden ones that keep a picture's state."""
        self._typed |= {self._ids[key]: text for key, text in texts.items()}
        return await self._ask()

    async def _ask(self, query: str = "", message: BackMsg | None = None, *, history: bool = False) -> Answer:
        message = message or BackMsg()
        message.rerun_script.is_history_navigation = history
        message.rerun_script.page_script_hash = self._page
        message.rerun_script.query_string = query
        for widget, text in self._typed.items():
            message.rerun_script.widget_states.widgets.add(id=widget, string_value=text)
        for widget, state in self._states.items():
            message.rerun_script.widget_states.widgets.add(id=widget, json_value=state)
        answer, start = Answer(), time.perf_counter()
        assert self._socket
        await self._socket.send(message.SerializeToString())
        try:
            async with asyncio.timeout(PATIENCE):
                await self._receive(answer)
        except TimeoutError:
            answer.faults.append(f"no answer in {PATIENCE} s")
        answer.seconds = time.perf_counter() - start
        return answer

    async def _receive(self, answer: Answer) -> None:
        assert self._socket
        async for raw in self._socket:
            assert isinstance(raw, bytes)
            answer.messages.append(raw)
            message = ForwardMsg.FromString(raw)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                if not message.metadata.run.fragment_ids:
                    self._ids, self._texts = {}, set()
            elif kind == "navigation":
                self._pages = {
                    "" if page.is_default else page.url_pathname: page.page_script_hash
                    for page in message.navigation.app_pages
                }
                self._page = message.navigation.page_script_hash
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                self._meet(message.delta.new_element, message.delta.fragment_id, answer)
            elif kind == "script_finished" and message.script_finished != RERUN:
                if message.script_finished == BROKEN:
                    answer.faults.append("the script does not compile")
                return
        raise ConnectionError("the server hung up")

    def _meet(self, element: Message, fragment: str, answer: Answer) -> None:
        kind = element.WhichOneof("type")  # type: ignore[arg-type]
        shown: Any = getattr(element, kind) if kind else None
        if kind == "exception" or (kind == "alert" and shown.format in (Alert.ERROR, Alert.WARNING)):
            answer.faults.append(getattr(shown, "message", "") or shown.body)
        key = user_key_from_element_id(getattr(shown, "id", None) or "None")
        if key:
            self._ids[key], self._fragments[key] = shown.id, fragment
            if kind not in ("text_input", "text_area"):
                return
            self._texts.add(key)
            if shown.set_value:
                self._typed.pop(shown.id, None)  # the server has another text now


def presets(visitor: Visitor) -> Iterator[str]:
    """The keys of the presets of the present page."""
    return (key for key in visitor.controls if key.startswith("preset_"))
