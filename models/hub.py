"""What a model's repository on the hub holds, at one exact revision."""

import fnmatch
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.download import NOT_FOR_US, TIMEOUT, RemoteFile, reason
from models.errors import ModelError, NoSafetensors, NotFound, Unreachable
from models.traces import ModelCard

if TYPE_CHECKING:
    from huggingface_hub import HfApi
    from huggingface_hub.hf_api import ModelInfo

# Weights that cannot run code, and what a tokenizer reads. Nothing else is ever downloaded
ALLOWED = (
    "model*.safetensors",
    "model.safetensors.index.json",
    "config.json",
    "generation_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "vocab.txt",
    "merges.txt",
    "*.model",
    "*.spm",
)
# The hub's own account that adds safetensors to older repositories, as a pull request
CONVERTER = "SFconvertbot"


@dataclass(frozen=True)
class Snapshot:
    """The allowed files of a repository at the commit ``revision``, and a ``note`` for the visitor."""

    revision: str
    files: tuple[RemoteFile, ...]
    note: str = ""


def snapshot(card: ModelCard) -> Snapshot:
    """The files of ``card.source`` at its pinned revision, or at today's.

    Where the main branch has pickled weights only, the pull request of the hub's own converter is taken.
    Raises Unreachable, NotFound or NoSafetensors.
    """
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError
    from huggingface_hub.utils import httpx

    # read at every call, so that a mirror can be named without a restart
    api = HfApi(endpoint=os.environ.get("HF_ENDPOINT") or None)
    try:
        info = api.model_info(card.source, revision=card.revision, files_metadata=True, timeout=TIMEOUT)
        if _has_weights(info):
            return _snapshot(card, info, api)
        for number in _conversions(api, card):
            info = api.model_info(
                card.source, revision=f"refs/pr/{number}", files_metadata=True, timeout=TIMEOUT
            )
            if _has_weights(info):
                note = f"Safetensors from pull request {number} of {CONVERTER}."
                return _snapshot(card, info, api, note)
    except HfHubHTTPError as error:
        status = error.response.status_code
        if status in NOT_FOR_US:
            at = f" at revision {card.revision}" if card.revision else ""
            raise NotFound(f"The hub has no {card.source}{at} for us; it may have moved.") from error
        raise Unreachable(f"The hub answered with status {status}; try again later.") from error
    except (httpx.HTTPError, OSError, ValueError) as error:
        raise Unreachable(
            f"The hub ({api.endpoint}) cannot be reached ({reason(error)}); check the connection, "
            "or use the bundled model."
        ) from error
    raise NoSafetensors(
        f"{card.source} has only pickled weights, which can run any code and are never loaded; "
        "convert them to safetensors and name the folder in PLAINSIGHT_MODELS."
    )


def _conversions(api: "HfApi", card: ModelCard) -> list[int]:
    found = api.get_repo_discussions(card.source, author=CONVERTER, discussion_type="pull_request")
    # asked for by author, and looked at again: anyone can open a pull request
    return sorted((each.num for each in found if each.author == CONVERTER), reverse=True)


def _has_weights(info: "ModelInfo") -> bool:
    return any(fnmatch.fnmatch(each.rfilename, "model*.safetensors") for each in info.siblings or ())


def _snapshot(card: ModelCard, info: "ModelInfo", api: "HfApi", note: str = "") -> Snapshot:
    from huggingface_hub import hf_hub_url

    if not info.sha:
        raise ModelError(f"The hub names no revision of {card.source}; try again later.")
    files = tuple(
        RemoteFile(
            each.rfilename,
            hf_hub_url(card.source, each.rfilename, revision=info.sha, endpoint=api.endpoint),
            each.size or 0,
            f"sha256:{each.lfs.sha256}" if each.lfs else f"git:{each.blob_id}" if each.blob_id else "",
        )
        for each in info.siblings or ()
        if "/" not in each.rfilename and any(fnmatch.fnmatch(each.rfilename, name) for name in ALLOWED)
    )
    return Snapshot(info.sha, files, note)
