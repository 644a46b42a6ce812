"""A real web server on this machine that plays the model hub and the package index, and can misbehave."""

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit


class FakeServer:
    """``pages`` maps a path to its bytes; ``requests`` lists (path, Range) of every request.

    ``break_after`` closes the connection after so many bytes of a page, ``breaks`` times; ``pause`` is the
    seconds between blocks of ``block`` bytes; ``status`` answers every request with that status.
    """

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}
        self.requests: list[tuple[str, str | None]] = []
        self.break_after: int | None = None
        self.breaks = 1
        self.pause = 0.0
        self.block = 1 << 16
        self.status: int | None = None
        self.knows_range = True
        self.url = ""

    def ranges(self, ending: str) -> list[str | None]:
        """The Range header of each request for a path with this ending."""
        return [asked for path, asked in self.requests if path.endswith(ending)]

    def add_repository(self, name: str, files: dict[str, bytes], sha: str, ref: str = "main") -> None:
        """Publish ``files`` as the repository ``name`` at the commit ``sha``, which ``ref`` names."""
        siblings = [
            {"rfilename": file, "size": len(content), **_checksum(file, content)}
            for file, content in files.items()
        ]
        info = json.dumps({"id": name, "sha": sha, "siblings": siblings}).encode()
        for known in (f"/revision/{ref.replace('/', '%2F')}", f"/revision/{sha}"):
            self.pages[f"/api/models/{name}{known}"] = info
        if ref == "main":
            self.pages[f"/api/models/{name}"] = info
        for file, content in files.items():
            self.pages[f"/{name}/resolve/{sha}/{file}"] = content

    def add_discussions(self, name: str, *authors: str) -> None:
        """Publish one pull request of each author, numbered from 1."""
        found = [
            {
                "num": number,
                "author": {"name": author},
                "title": "Adding `safetensors` variant of this model",
                "status": "open",
                "isPullRequest": True,
                "createdAt": "2023-03-01T00:00:00.000Z",
                "repo": {"name": name, "type": "model"},
            }
            for number, author in enumerate(authors, 1)
        ]
        page = {"discussions": found, "count": len(found), "start": 0}
        self.pages[f"/api/models/{name}/discussions"] = json.dumps(page).encode()

    def add_wheel(self, wheel: Path, fragment: str | None = None) -> None:
        """Publish ``wheel`` in a simple index under /simple."""
        content = wheel.read_bytes()
        fragment = fragment or f"sha256={hashlib.sha256(content).hexdigest()}"
        project = wheel.name.partition("-")[0].replace("_", "-")
        self.pages[f"/files/{wheel.name}"] = content
        self.pages[f"/simple/{project}/"] = (
            f'<!DOCTYPE html><a href="/files/other-9.whl#sha256=00">other-9.whl</a>\n'
            f'<a href="../../files/{wheel.name}#{fragment}" data-requires-python="&gt;=3.9">{wheel.name}</a>'
        ).encode()


def _checksum(file: str, content: bytes) -> dict[str, object]:
    git = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
    if not file.endswith(".safetensors"):
        return {"blobId": git}
    lfs = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "pointerSize": 130}
    return {"blobId": git, "lfs": lfs}


@contextmanager
def serve() -> Iterator[FakeServer]:
    """A running FakeServer on a free port."""
    fake = FakeServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, asked = urlsplit(self.path).path, self.headers.get("Range")
            fake.requests.append((path, asked))
            content = fake.pages.get(path)
            if fake.status or content is None:
                self.send_error(fake.status or 404)
                return
            start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and fake.knows_range else 0
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(content) - start))
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
            self.end_headers()
            self._send(content[start:])

        def _send(self, body: bytes) -> None:
            limit = len(body)
            if fake.break_after is not None and fake.breaks > 0 and limit > fake.break_after:
                fake.breaks -= 1
                limit = fake.break_after
            try:
                for place in range(0, limit, fake.block):
                    self.wfile.write(body[place : min(place + fake.block, limit)])
                    time.sleep(fake.pause)
            except ConnectionError:
                pass  # the client stopped, as some tests mean it to
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
