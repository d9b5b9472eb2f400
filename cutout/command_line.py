"""Models on the command line: `python -m cutout models` and `python -m cutout fetch NAME`."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TextIO

from cutout.engines.models import MODELS, ModelFetchError, NamedModel, fetch_model

INTERRUPTED = 130
_MB = 1_000_000
_EPILOG = """\
Nothing is fetched unless you ask for it here. Afterwards set TFW_BACKGROUND_MODEL to the file.
"""


def main(arguments: Sequence[str], models: Mapping[str, NamedModel] = MODELS) -> int:
    """Run one command and return its exit status: 0 done, 1 failed, 130 interrupted."""
    options = _parser(models).parse_args(arguments)
    if options.command == "models":
        _write(sys.stdout, "\n\n".join(map(_described, models.values())))
        return 0
    return _fetch(models[options.name], options.to)


def _parser(models: Mapping[str, NamedModel]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m cutout", description="Models for background removal.", epilog=_EPILOG
    )
    commands = parser.add_subparsers(title="commands", dest="command", required=True)
    commands.add_parser("models", help="list the models that can be fetched by name")
    fetch = commands.add_parser("fetch", help="fetch a model, check it, and put it in a folder")
    fetch.add_argument("name", choices=sorted(models), metavar="NAME", help=", ".join(models))
    fetch.add_argument(
        "--to", type=Path, default=Path(), metavar="FOLDER", help="default: this folder"
    )
    return parser


def _described(model: NamedModel) -> str:
    return (
        f"{model.name}\n"
        f"  size     {model.size / _MB:.0f} MB ({model.size:,} bytes)\n"
        f"  licence  {model.licence}\n"
        f"  sha256   {model.sha256}\n"
        f"  from     {model.url}\n"
        f"  made by  {model.source}"
    )


def _fetch(model: NamedModel, folder: Path) -> int:
    _write(sys.stderr, _described(model))
    try:
        path = fetch_model(model, folder, on_progress=partial(_show, sys.stderr))
    except KeyboardInterrupt:
        _write(sys.stderr, "interrupted: what arrived is kept; the same command goes on from it.")
        return INTERRUPTED
    except (ModelFetchError, OSError) as error:
        code = getattr(error, "code", "file-error")
        _write(sys.stderr, f"{code}: {error}")
        return 1
    _write(sys.stdout, str(path))
    return 0


def _show(terminal: TextIO, here: int, size: int) -> None:
    if not terminal.isatty():
        return
    end = "\n" if here >= size else ""
    terminal.write(f"\r{here / _MB:,.0f} of {size / _MB:,.0f} MB{end}")
    terminal.flush()


def _write(stream: TextIO, text: str) -> None:
    stream.write(f"{text}\n")
