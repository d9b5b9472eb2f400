"""Starts `python app.py` or `python -m service` many times over: imports once and forks.

Reads one JSON line for each start, `command` and `environment`; answers with `status` and `output`.
A start that succeeds is stopped as soon as it has said so, and its status is that of the signal.
"""

import json
import os
import runpy
import signal
import sys
import tempfile
import time
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

from service.__main__ import main

for name in ("streamlit", "components.registry", "components.unexpected", "web.transfers.relay"):
    import_module(name)  # so that a child need not load it

STARTED = ("Temp File Workbench: ", "Service at ")
SECONDS = 60


def started(command: str, environment: dict[str, str], output: int) -> int:
    """Fork; the child starts."""
    if child := os.fork():
        return child
    for number in (1, 2):
        os.dup2(output, number)
    os.environ.update(environment)
    sys.argv = [command]
    try:
        if command == "service":
            os._exit(main([]))
        runpy.run_path("app.py", run_name="__main__")
    except SystemExit as ended:
        if isinstance(ended.code, str):  # as Python itself does
            sys.stderr.write(f"{ended.code}\n")
            sys.stderr.flush()
        os._exit(ended.code if isinstance(ended.code, int) else 1)
    except BaseException:  # noqa: BLE001 - whatever it was, this process must not go on as its parent
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def outcome(command: str, environment: dict[str, str]) -> dict[str, Any]:
    """Start, wait until it is known how that went, and return that."""
    with tempfile.NamedTemporaryFile() as output:
        child = started(command, environment, output.fileno())
        deadline, asked = time.monotonic() + SECONDS, False
        while True:
            ended, status = os.waitpid(child, os.WNOHANG)
            text = Path(output.name).read_text()
            if ended:
                return {"status": os.waitstatus_to_exitcode(status), "output": text}
            if time.monotonic() > deadline:
                os.kill(child, signal.SIGKILL)
            elif not asked and "\n" in text and any(word in text for word in STARTED):
                os.kill(child, signal.SIGTERM)
                asked = True
            time.sleep(0.01)


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(f"{json.dumps(outcome(**json.loads(line)))}\n")
        sys.stdout.flush()
