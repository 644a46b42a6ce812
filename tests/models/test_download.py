import errno
import hashlib
import socket
from pathlib import Path
from typing import Any

import pytest

from models import download as module
from models.download import Progress, RemoteFile, digest, download
from models.errors import Cancelled, DiskFull, NotFound, Unreachable, WrongChecksum
from tests.models.servers import FakeServer

CONTENT = bytes(range(256)) * 4096  # 1 MiB
SHA256 = f"sha256:{hashlib.sha256(CONTENT).hexdigest()}"


def never() -> bool:
    return False


def ignore(_: Progress) -> None:
    pass


@pytest.fixture
def file(server: FakeServer) -> RemoteFile:
    server.pages["/weights"] = CONTENT
    return RemoteFile("weights", f"{server.url}/weights", len(CONTENT), SHA256)


def test_a_file_arrives_with_progress_and_is_not_fetched_twice(
    server: FakeServer, file: RemoteFile, tmp_path: Path
) -> None:
    seen: list[Progress] = []
    assert download(file, tmp_path, seen.append, never).read_bytes() == CONTENT
    assert [each.name for each in tmp_path.iterdir()] == ["weights"]
    assert seen[-1].done == seen[-1].total == len(CONTENT)
    assert seen[0].stage.startswith("weights from 127.0.0.1")
    download(file, tmp_path, ignore, never)
    assert len(server.requests) == 1


def test_a_broken_connection_is_taken_up_where_it_broke(
    server: FakeServer, file: RemoteFile, tmp_path: Path
) -> None:
    server.break_after, server.breaks = 300_000, 2
    assert download(file, tmp_path, ignore, never).read_bytes() == CONTENT
    assert server.ranges("/weights") == [None, "bytes=300000-", "bytes=600000-"]


def test_what_arrived_before_a_failure_stays_for_the_next_call(
    server: FakeServer, file: RemoteFile, tmp_path: Path
) -> None:
    server.break_after, server.breaks = 100_000, 3
    with pytest.raises(Unreachable, match=r"broke off after 0\.3 of 1\.0 MB; fetch again to go on"):
        download(file, tmp_path, ignore, never)
    assert (tmp_path / "weights.part").stat().st_size == 300_000
    assert download(file, tmp_path, ignore, never).read_bytes() == CONTENT
    assert server.ranges("/weights")[-1] == "bytes=300000-"


def test_a_server_without_ranges_sends_the_whole_file_again(
    server: FakeServer, file: RemoteFile, tmp_path: Path
) -> None:
    (tmp_path / "weights.part").write_bytes(b"x" * 1000)
    server.knows_range = False
    assert download(file, tmp_path, ignore, never).read_bytes() == CONTENT


def test_cancelling_keeps_what_arrived(server: FakeServer, file: RemoteFile, tmp_path: Path) -> None:
    seen: list[Progress] = []
    with pytest.raises(Cancelled, match="fetch again to go on"):
        download(file, tmp_path, seen.append, lambda: bool(seen))
    assert 0 < (tmp_path / "weights.part").stat().st_size < len(CONTENT)
    assert download(file, tmp_path, ignore, never).read_bytes() == CONTENT
    assert server.ranges("/weights")[-1] is not None


def test_a_wrong_checksum_deletes_the_file(server: FakeServer, file: RemoteFile, tmp_path: Path) -> None:
    server.pages["/weights"] = CONTENT[:-1] + b"?"
    with pytest.raises(WrongChecksum, match=r"weights from 127\.0\.0\.1:\d+ is not the published file"):
        download(file, tmp_path, ignore, never)
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_another_revision_is_replaced(file: RemoteFile, tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(b"old")
    assert download(file, tmp_path, ignore, never).read_bytes() == CONTENT


@pytest.mark.parametrize(("status", "error"), [(404, NotFound), (403, NotFound), (503, Unreachable)])
def test_a_refusing_server_is_named(
    server: FakeServer, file: RemoteFile, tmp_path: Path, status: int, error: type[Exception]
) -> None:
    server.status = status
    with pytest.raises(error, match=f"127.0.0.1.*status {status}"):
        download(file, tmp_path, ignore, never)
    assert len(server.requests) == 1


def test_nobody_there(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1:9 cannot be reached \(connection refused\)"):
        download(RemoteFile("x", "http://127.0.0.1:9/x"), tmp_path, ignore, never)


def test_a_silent_server_is_given_up_soon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/x"
        with pytest.raises(Unreachable, match="timed out"):
            download(RemoteFile("x", url), tmp_path, ignore, never)


def test_a_small_disk_is_seen_beforehand(
    server: FakeServer, file: RemoteFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 50_500_000}))
    with pytest.raises(DiskFull, match="50 MB free and 51 MB are needed; make room, or name another folder"):
        download(file, tmp_path, ignore, never)
    assert server.requests == []


def test_a_disk_that_becomes_full_is_told(
    file: RemoteFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        def __enter__(self) -> "Full":
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def write(self, _: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    def opened(path: Path, *arguments: Any, _open: Any = Path.open, **options: Any) -> Any:
        return Full() if path.suffix == ".part" else _open(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", opened)
    with pytest.raises(DiskFull, match="became full while weights arrived; make room and fetch again"):
        download(file, tmp_path, ignore, never)


def test_digests(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"hello\n")
    assert digest(path) == "sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
    # what `git hash-object` says
    assert digest(path, "git") == "git:ce013625030ba8dba906f756967f9e9ca394464a"
