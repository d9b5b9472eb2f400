"""One job in a process of its own: `python -m cutout < job`; with arguments, the command line.

Standard input has a job as JSON; standard output gets one line of JSON, and after a success the
files it tells of. The process is the bound: it may use so much memory and processor time and no
more, and whoever started it ends it when its time is over. Whatever a decoder does to it, the
service goes on.
"""

import json
import os
import sys

from PIL import Image

from cutout.jobs.tasks import run

NICENESS = 5  # uploads come first


def main() -> int:
    """Do the job on standard input and return the exit status."""
    if len(sys.argv) > 1:
        from cutout import command_line  # which a job has no use for

        return command_line.main(sys.argv[1:])
    Image.init()  # loads all decoders, so that the job need not
    text = sys.stdin.buffer.read()
    if not text:
        return 0  # there was no job: whoever started this has ended
    job = json.loads(text)
    limit_process(job["memory"], job["processor_seconds"])
    run(job, sys.stdout.buffer)
    return 0


def limit_process(memory: int, seconds: int) -> None:
    """Bound this process where that exists, and let it give way to others.

    Args:
        memory: bytes of address space.
        seconds: processor time, after which it is ended even if nobody is left to do so.
    """
    if os.name != "posix":
        return
    import resource  # Windows has none

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    os.nice(NICENESS)


if __name__ == "__main__":
    sys.exit(main())
