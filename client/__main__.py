"""The client on the command line: `python -m client upload FILE`."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

from tqdm import tqdm

from client.api.api import Api
from client.background_removal import remove_background
from client.connection.connection import connection_from_settings
from client.contract_check.command import add_check, check
from client.errors import ClientError
from client.pasted import as_meant
from client.sizes import parse_size
from client.storage.plan import UploadPlan
from client.transfers.download import Download, download_file, is_stream
from client.transfers.events import BytesSent, EtagDiffers, Event, PartDone, PartRetried, Planned
from client.transfers.upload import upload_file
from client.wire.retry import Retried, RetryPolicy
from settings import SettingError, read_settings

_STOPPED = 128
"""What a shell adds to a signal's number to make the exit status of a command it stopped."""
PATIENCE = 60
"""Seconds; a restart of the service takes up to half of it, and a part that is lost costs the file,
since the command line cannot go on with an upload later."""
_STDOUT = Path("/dev/stdout")
_OWN_OUTPUT = {_STDOUT, Path("/dev/fd/1"), Path("/proc/self/fd/1")}
"""Where the file itself goes, so that nothing may be printed into it."""

_EPILOG = """\
The connection comes from the environment or .streamlit/secrets.toml: the embedded service (start
the app first), or any endpoint named by AMPLIENCE_GRAPHQL_URL with AMPLIENCE_PAT, or with
AMPLIENCE_CLIENT_ID and AMPLIENCE_CLIENT_SECRET. Exit status: 0 done, 1 failed (one line on
standard error with a code to quote), 2 wrong usage, 130 interrupted by Ctrl-C, 143 by SIGTERM, 129
by SIGHUP. Unfinished files are removed in each of these cases.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by who started us; so nobody reads it
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115 - until we end
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure:  # as standard error has it: no text of others fails for its letters
        reconfigure(errors="backslashreplace")
    options = _parser().parse_args(arguments)
    with _stopping() as signals:
        try:
            policy = RetryPolicy(patience=options.patience, on_retry=_say_again)
            api = Api(connection_from_settings(read_settings()), policy=policy)
            command: Callable[[Api, argparse.Namespace], int] = options.command
            return command(api, options)
        except ClientError as error:
            seconds, tries = error.details.get("tried_for"), error.details.get("tries")
            tried = "" if seconds is None else f" Tried {tries} times within {seconds} s."
            print(f"{error.code}: {error}{tried}", file=sys.stderr)
        except SettingError as error:
            print(f"{error.code}: {error}", file=sys.stderr)
        except OSError as error:
            print(f"file-error: {error}", file=sys.stderr)
        except KeyboardInterrupt:
            return _STOPPED + (signals or [signal.SIGINT])[0]
    return 1


@contextmanager
def _stopping() -> Generator[list[int]]:
    """Let SIGTERM and SIGHUP stop as Ctrl-C does: by KeyboardInterrupt. Tell which one came.

    A signal that is ignored, as under nohup, stays ignored. After the first, others do not disturb
    the tidying up.
    """
    came: list[int] = []
    names = ("SIGTERM", "SIGHUP")  # Windows has no SIGHUP
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    former = {
        number: handler
        for number in numbers
        if (handler := signal.getsignal(number)) != signal.SIG_IGN
    }

    def stop(number: int, _frame: FrameType | None) -> None:
        came.append(number)
        for other in former:
            signal.signal(other, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in former:
        signal.signal(number, stop)
    try:
        yield came
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _say_again(retried: Retried) -> None:
    error = retried.error
    tqdm.write(f"{error.code}, again in {retried.delay:.1f} s: {error}", file=sys.stderr)


def _print_path(path: Path) -> None:
    """Print a path's own bytes, which no encoding of standard output can refuse or change."""
    sys.stdout.flush()
    sys.stdout.buffer.write(os.fsencode(path) + b"\n")
    sys.stdout.buffer.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m client", description="Temp files from the command line.", epilog=_EPILOG
    )
    parser.set_defaults(patience=0)
    commands = parser.add_subparsers(title="commands", required=True)
    _add_upload(commands.add_parser("upload", help="send a file and print its download URL"))
    _add_remove_background(
        commands.add_parser("remove-background", help="cut the foreground out of an image")
    )
    _add_download(commands.add_parser("download", help="fetch a URL into a file"))
    checking = commands.add_parser("check", help="try the endpoint against the wire contract")
    add_check(checking)
    checking.set_defaults(command=_check)
    token = commands.add_parser("token", help="print an access token")
    token.set_defaults(command=_token)
    return parser


def _add_upload(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Send a file to a temp file, in one PUT or in parts, and print its download URL."
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the file to send")
    parser.add_argument(
        "--part-size",
        type=_size,
        metavar="SIZE",
        help="bytes, 16MiB or 16MB; default 16MiB, within what the service takes",
    )
    parser.add_argument(
        "--parallel",
        type=_count,
        metavar="N",
        help="parts sent at the same time; default 3 to the embedded service, else 1",
    )
    parser.add_argument(
        "--content-type",
        metavar="TYPE",
        help="stored type of a single PUT; default: told from the file's bytes and name",
    )
    parser.add_argument(
        "--as",
        dest="kind",
        choices=("single", "multipart"),
        help="one PUT or parts; default: one PUT while the file is small enough",
    )
    _add_patience(parser)
    parser.set_defaults(command=_upload)


def _add_patience(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--patience",
        type=_seconds,
        default=PATIENCE,
        metavar="SECONDS",
        help="how long to try again while the service does not answer, as during its restart; "
        "default %(default)s, at most 3600; 0: five tries, as for anything else that can pass",
    )


def _add_download(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Fetch a URL into a file, going on where a broken connection left off. A file appears "
        "whole or not at all. In a folder the server names the file, made safe: no path, no "
        "leading dot or dash, nothing invisible, at most 255 bytes; a file that is there stays, "
        'and the new one is numbered, "film (2).mp4". What -o names is replaced: of a symbolic '
        "link, the file it leads to. A device, a pipe and standard output are written into."
    )
    parser.add_argument("url", metavar="URL", help="a download URL")
    parser.add_argument(
        "-o",
        "--output",
        type=_target,
        default=Path(),
        metavar="OUT",
        help="file or folder; - for standard output; default: this folder",
    )
    _add_patience(parser)
    parser.set_defaults(command=_download)


def _add_remove_background(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Send an image, have its background removed for one credit, and fetch the result. Who made "
        "it, how sure that is, and the credits left go to standard error."
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the image")
    parser.add_argument(
        "-o",
        "--output",
        type=_file_target,
        required=True,
        metavar="OUT",
        help="file or folder for the PNG, as for download; it is read again, so no device or pipe",
    )
    _add_patience(parser)
    parser.set_defaults(command=_remove_background)


def _size(text: str) -> int:
    try:
        return parse_size(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _seconds(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 3600):
        raise argparse.ArgumentTypeError(f'"{text}" is not a number from 0 to 3600.')
    return int(text)


def _target(text: str) -> Path:
    return _STDOUT if text == "-" else Path(text)


def _file_target(text: str) -> Path:
    path = _target(text)
    try:
        refused = is_stream(path)
    except OSError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    if refused:
        raise argparse.ArgumentTypeError(f'"{text}" is no file: what was written is read again.')
    return path


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 32):
        raise argparse.ArgumentTypeError(f'"{text}" is not a number from 1 to 32.')
    return int(text)


class _Progress:
    """A transfer's bar, which never runs backwards: a repeated part counts once."""

    def __init__(self) -> None:
        self._plan: UploadPlan | None = None
        self._bar: tqdm[Any] | None = None
        self._sent: dict[int, int] = {}
        self._done = 0

    def __call__(self, event: Event) -> None:
        """Show what an event changes."""
        match event:
            case Planned(plan):
                self._plan = plan
                self._bar = _bar(plan.name, plan.size)
            case BytesSent(number, sent, _):
                self._reach(number, sent)
            case PartDone(number, size):
                self._reach(number, size)
                self._done += 1
            case PartRetried(number, tries, delay, error):
                tqdm.write(
                    f"part {number}, try {tries}: {error.code}, again in {delay:.1f} s: {error}",
                    file=sys.stderr,
                )
            case EtagDiffers(number, etag, md5):
                tqdm.write(f"part {number}: ETag {etag} is not the MD5 {md5}", file=sys.stderr)
            case _:
                pass

    def close(self) -> None:
        """Leave the bar as it is."""
        if self._bar is not None:
            self._bar.close()

    def kept(self) -> str:
        """Say what the store has of a transfer that was interrupted."""
        if self._plan is None:
            return "Nothing was sent."
        until = datetime.fromtimestamp(self._plan.deadline, UTC)
        return (
            f"{self._done} of {len(self._plan.parts)} parts had arrived; nothing was completed, "
            f"and the store drops them after {until:%H:%M:%S} UTC."
        )

    def _reach(self, number: int, sent: int) -> None:
        gained = sent - self._sent.get(number, 0)
        if self._bar is not None and gained > 0:
            self._sent[number] = sent
            self._bar.update(gained)


def _bar(name: str, size: int | None) -> "tqdm[Any]":
    return tqdm(total=size, desc=name, unit="B", unit_scale=True, file=sys.stderr, disable=None)


def _upload(api: Api, options: argparse.Namespace) -> int:
    progress = _Progress()
    cancel = threading.Event()
    try:
        receipt = upload_file(
            api,
            options.file,
            part_size=options.part_size,
            parallel=options.parallel,
            content_type=options.content_type,
            kind=options.kind,
            on_event=progress,
            cancel=cancel,
        )
    except KeyboardInterrupt:
        cancel.set()
        progress.close()
        print(f"interrupted: {progress.kept()}", file=sys.stderr)
        raise
    finally:
        progress.close()
    print(receipt.download_url)
    return 0


def _download(api: Api, options: argparse.Namespace) -> int:
    bar = _bar("download", None)

    def show(done: int, size: int | None) -> None:
        bar.total = size
        bar.update(done - bar.n)

    try:
        url = as_meant(options.url, "address", "URL")
        found = download_file(api, url, options.output, on_progress=show)
    except KeyboardInterrupt:
        bar.close()
        print("interrupted: nothing was kept.", file=sys.stderr)
        raise
    finally:
        bar.close()
    print(_described(found), file=sys.stderr)
    if found.path not in _OWN_OUTPUT:
        _print_path(found.path)
    return 0


def _remove_background(api: Api, options: argparse.Namespace) -> int:
    try:
        result = remove_background(api, options.file, options.output)
    except KeyboardInterrupt:
        print("interrupted: nothing was kept.", file=sys.stderr)
        raise
    report, left = result.report, result.credits_left
    made_by = f"made by {report.engine}" if report.engine else "the engine is not told"
    sure = f"{report.confidence}: {report.reason}" if report.confidence else "nor how sure it is"
    credits = "unknown" if left is None else f"{left:,}"
    print(_described(result.download), file=sys.stderr)
    print(f"{made_by}; {sure.rstrip('.')}. Credits left: {credits}.", file=sys.stderr)
    _print_path(result.download.path)
    return 0


def _described(found: Download) -> str:
    proof = {True: "its ETag is the MD5", False: "its ETag is NOT the MD5", None: "multipart ETag"}
    return (
        f"{found.size:,} bytes, {found.content_type or 'no content type'}, "
        f"{proof[found.md5_matches]}, sha256 {found.sha256}"
    )


def _check(api: Api, options: argparse.Namespace) -> int:
    try:
        return check(api, options, partial(print, flush=True), input)
    except KeyboardInterrupt:
        print("interrupted: what the check made was put away.", file=sys.stderr)
        raise


def _token(api: Api, _options: argparse.Namespace) -> int:
    print(api.tokens.token())
    return 0


if __name__ == "__main__":
    sys.exit(main())
