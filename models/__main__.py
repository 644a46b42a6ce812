"""``list`` shows which models are here, ``fetch ID`` gets one, ``kit FOLDER`` all for an offline machine."""

import argparse
import shutil
import sys
from pathlib import Path

from models.download import Progress
from models.errors import ModelError
from models.kit import make
from models.loading import fetch, is_here, recorded
from models.registry import all_cards, refused

INTERRUPTED = 130  # what shells expect after Ctrl-C


def main(arguments: list[str] | None = None) -> int:
    """Run the command; the exit status is 0, 1 after an error, 130 after Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m models", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="show the models and which are here")
    commands.add_parser("fetch", help="fetch a model").add_argument("id")
    kit = commands.add_parser("kit", help="collect all that a machine without internet needs")
    kit.add_argument("target", type=Path, help="a new folder, or a file that ends with .zip")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "list":
            _list()
        elif chosen.command == "kit":
            made = make(chosen.target)
            print(f"The kit is in {made}. There: python3 start.py")
        else:
            folder = fetch(chosen.id, progress=_show)
            _clear_line()
            print(f"{chosen.id} is in {folder}")
    except ModelError as error:
        _clear_line()
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped; the same command goes on from there.", file=sys.stderr)
        return INTERRUPTED
    return 0


def _list() -> None:
    row = "{:<24} {:<16} {:>7} {:>10} {:>8}  {:<8} {}"
    print(row.format("id", "kind", "heads", "parameters", "MB", "here", "licence, revision"))
    for card in all_cards():
        here = is_here(card)
        heads = f"{card.layers}×{card.heads}"
        revision = recorded(card).revision if here else card.revision
        words = ", ".join(filter(None, (card.licence, revision)))
        print(
            row.format(
                card.id, card.kind, heads, card.parameters, card.megabytes, "yes" if here else "no", words
            )
        )
    for model_id, why in refused().items():
        print(f"{model_id}: refused. {why}")


def _show(progress: Progress) -> None:
    _clear_line()
    if sys.stdout.isatty():
        print(_line(progress)[: shutil.get_terminal_size().columns - 1], end="", flush=True)


def _line(progress: Progress) -> str:
    if progress.steps or not progress.total:
        return progress.stage
    return f"{progress.done / 1e6:.1f} of {progress.total / 1e6:.1f} MB, {progress.stage}"


def _clear_line() -> None:
    if sys.stdout.isatty():
        print("\r\x1b[K", end="", flush=True)


if __name__ == "__main__":
    sys.exit(main())
