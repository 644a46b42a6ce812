"""One downloader for every server: resumable, verified, cancellable."""

import errno
import hashlib
import http.client
import os
import re
import shutil
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import certifi

from models.errors import Cancelled, DiskFull, NotFound, Unreachable, WrongChecksum

TIMEOUT = 10  # seconds without a byte
ATTEMPTS = 3  # a connection that breaks off is taken up again this often
SPARE = 50_000_000  # bytes left free for everyone else on the disk
NOT_FOR_US = (401, 403, 404, 410)  # status of what is missing, private or withdrawn
_BLOCK = 1 << 18


@dataclass(frozen=True)
class Progress:
    """What is going on, and how far: bytes, or ``steps``; ``total`` 0 means unknown."""

    stage: str
    done: int
    total: int
    steps: bool = False


@dataclass(frozen=True)
class RemoteFile:
    """A file on a server. ``size`` in bytes, ``digest`` as of digest(); 0 or "" where nobody says."""

    name: str
    url: str
    size: int = 0
    digest: str = ""


Report = Callable[[Progress], None]
Stop = Callable[[], bool]


def download(file: RemoteFile, folder: Path, report: Report, stop: Stop) -> Path:
    """``file`` in ``folder``, complete and verified.

    What arrived before an interruption stays in ``NAME.part`` and is taken up again. Raises Unreachable,
    NotFound, DiskFull, WrongChecksum (which deletes the file) or Cancelled.
    """
    target = folder / file.name
    part = target.with_name(target.name + ".part")
    if target.exists():
        if _matches(target, file):
            return target
        target.unlink()
    for attempt in range(ATTEMPTS):
        before = _size(part)
        try:
            _receive(file, part, report, stop)
            break
        except NotFound:
            raise
        except Unreachable:
            # without a byte of progress the server is gone, and trying again only makes the visitor wait
            if attempt == ATTEMPTS - 1 or _size(part) <= before:
                raise
    if not _matches(part, file):
        part.unlink()
        raise WrongChecksum(
            f"{file.name} from {host_of(file.url)} is not the published file (its checksum differs) "
            "and was deleted; try again, and if it happens again, do not use this server."
        )
    os.replace(part, target)
    return target


def need_space(folder: Path, size: int) -> None:
    """Raise DiskFull unless ``size`` bytes fit into the disk of ``folder``, and some to spare."""
    free = shutil.disk_usage(folder).free
    if free < size + SPARE:
        raise DiskFull(
            f"{folder} has {free // 10**6:,} MB free and {(size + SPARE) // 10**6:,} MB are needed; "
            "make room, or name another folder in PLAINSIGHT_CACHE."
        )


def open_url(url: str, headers: dict[str, str] | None = None) -> http.client.HTTPResponse:
    """The answer of a server; raises NotFound or Unreachable with a sentence."""
    host = host_of(url)
    request = urllib.request.Request(url, headers={"User-Agent": "plainsight", **(headers or {})})
    try:
        return urllib.request.urlopen(request, timeout=TIMEOUT, context=_certificates())
    except urllib.error.HTTPError as error:
        if error.code in NOT_FOR_US:
            raise NotFound(f"{host} has no {urlsplit(url).path} for us (status {error.code}).") from error
        raise Unreachable(f"{host} answered with status {error.code}; try again later.") from error
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(
            f"{host} cannot be reached ({reason(error)}); check the connection and try again."
        ) from error


def host_of(url: str) -> str:
    """The server of ``url`` as it may be shown: without a user's name and password."""
    return urlsplit(url).netloc.rpartition("@")[2]


def reason(error: BaseException) -> str:
    """The few words of an exception that a person can use."""
    cause = getattr(error, "reason", None) or error
    words = str(getattr(cause, "strerror", None) or cause) or type(error).__name__
    return re.sub(r"^\[.*?\] ", "", words).lower()  # without "[Errno 111]"


@cache
def _certificates() -> ssl.SSLContext:
    """The system's certificates and certifi's, since some Pythons on macOS come with none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _receive(file: RemoteFile, part: Path, report: Report, stop: Stop) -> None:
    have = _size(part)
    if file.size and have >= file.size:
        return
    need_space(part.parent, file.size - have)
    host = host_of(file.url)
    response = open_url(file.url, {"Range": f"bytes={have}-"} if have else {})
    with response:
        if have and response.status != http.client.PARTIAL_CONTENT:
            have = 0  # this server sends only whole files
        total = file.size or have + int(response.headers.get("Content-Length") or 0)
        need_space(part.parent, total - have)
        try:
            with part.open("ab" if have else "wb") as out:
                while block := response.read1(_BLOCK):
                    if stop():
                        raise Cancelled(f"Stopped after {have // 10**6:,} MB; fetch again to go on.")
                    out.write(block)
                    have += len(block)
                    report(Progress(f"{file.name} from {host}", have, total))
        except OSError as error:
            _explain(error, file, host, part)
        except http.client.HTTPException as error:
            raise _broken_off(host, have, total) from error
    if have < total:
        raise _broken_off(host, have, total)


def _explain(error: OSError, file: RemoteFile, host: str, part: Path) -> NoReturn:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        raise DiskFull(
            f"The disk of {part.parent} became full while {file.name} arrived; make room and fetch again, "
            "or name another folder in PLAINSIGHT_CACHE."
        ) from error
    raise _broken_off(host, _size(part), file.size) from error


def _broken_off(host: str, have: int, total: int) -> Unreachable:
    return Unreachable(
        f"{host} broke off after {have / 1e6:,.1f} of {total / 1e6:,.1f} MB; fetch again to go on from there."
    )


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _matches(path: Path, file: RemoteFile) -> bool:
    if file.size and _size(path) != file.size:
        return False
    return not file.digest or digest(path, file.digest.partition(":")[0]) == file.digest


def digest(path: Path, kind: str = "sha256") -> str:
    """The checksum of a file as "sha256:…", or as "git:…", the id that git gives its content."""
    hasher: Any = hashlib.sha256() if kind == "sha256" else hashlib.sha1(b"blob %d\0" % _size(path))
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            hasher.update(block)
    return f"{kind}:{hasher.hexdigest()}"
