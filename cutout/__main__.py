"""One job in a process of its own: `python -m cutout < job`.

Standard input has a job as JSON; standard output gets one line of JSON, and after a success the
PNG. The process is the bound: it may use so much memory and no more, and whoever started it ends it
when its time is over. Whatever a decoder does to it, the service goes on.
"""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from cutout.cutting import cut_out, encoded, matte_of
from cutout.reading import ImageRefusedError, read_picture
from cutout.simple import SimpleEngine

NICENESS = 5  # uploads come first
TOO_LARGE = "needs more memory than one image may use; make it smaller"


def main() -> int:
    """Do the job on standard input and return the exit status."""
    job: Mapping[str, Any] = json.load(sys.stdin)
    limit_process(job["memory"])
    run_job(job, sys.stdout.buffer)
    return 0


def limit_process(memory: int) -> None:
    """Let this process have so many bytes of memory, and give way to others, where that exists."""
    if os.name != "posix":
        return
    import resource  # Windows has none

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    os.nice(NICENESS)


def run_job(job: Mapping[str, Any], output: BinaryIO) -> None:
    """Cut out the image in the job's `files`, one after the other one image; write the answer."""
    try:
        picture = read_picture(_source(job["files"]), job.get("size_limit"))
        matte = matte_of(picture, SimpleEngine())
        content = encoded(cut_out(picture, matte), matte)
    except ImageRefusedError as error:
        _write_line(output, {"refused": str(error)})
    except MemoryError:
        _write_line(output, {"refused": TOO_LARGE})
    else:
        _write_line(output, {"size": len(content)})
        output.write(content)
    output.flush()


def _source(files: list[str]) -> Path | bytes:
    if len(files) == 1:
        return Path(files[0])
    return b"".join(Path(name).read_bytes() for name in files)


def _write_line(output: BinaryIO, answer: Mapping[str, Any]) -> None:
    output.write(json.dumps(answer).encode() + b"\n")


if __name__ == "__main__":
    sys.exit(main())
