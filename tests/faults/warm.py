"""A process that has loaded everything ``crsight run`` needs: runs the command in copies of itself, and ends them.

Run as ``python -m tests.faults.warm``. A question is a line of JSON, an answer too; loading takes seconds, a copy none.
"""

import json
import os
import select
import signal
import sys
import time
from typing import Any

import great_expectations.expectations  # noqa: F401
import pandas  # noqa: F401

import pipelines.execution
import pipelines.several  # noqa: F401
from pipelines.cli import main as crsight


def main() -> None:
    """Answer until there are no more questions."""
    for line in sys.stdin:
        print(json.dumps(_run(**json.loads(line))), flush=True)


def _run(arguments: list[str], at: str | None, after: float) -> dict[str, Any]:
    """How a run of the command went.

    Args:
        arguments: Of the command, which must tell its steps (``-v``).
        at: The step at which it is killed; None to let it end.
        after: Seconds to wait at that step before.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _become(arguments, writing)
    os.close(writing)
    told, moments = _watched(reading, child, at, after)
    _, status = os.waitpid(child, 0)
    os.close(reading)
    return {"killed": os.WIFSIGNALED(status), "code": os.waitstatus_to_exitcode(status), "told": told, "steps": moments}


def _become(arguments: list[str], writing: int) -> None:
    os.dup2(writing, 1)
    os.dup2(writing, 2)
    sys.argv = ["crsight", *arguments]
    code: Any = 0
    try:
        crsight()
    except SystemExit as exit:
        code = exit.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        # Without what this process would do at its own end.
        os._exit(code if isinstance(code, int) else 3)


def _watched(reading: int, child: int, at: str | None, after: float) -> tuple[str, dict[str, float]]:
    """What the command said, and the seconds at which it told each step."""
    began, kill_at, said, moments = time.monotonic(), float("inf"), b"", {}
    while True:
        left = max(0.0, kill_at - time.monotonic())
        ready, _, _ = select.select([reading], [], [], None if left == float("inf") else left)
        if not ready:
            os.kill(child, signal.SIGKILL)
            kill_at = float("inf")
            continue
        block = os.read(reading, 65536)
        if not block:
            return said.decode(errors="replace"), moments
        said += block
        for line in said.decode(errors="replace").splitlines():
            step = line.partition(": ")[2]
            if step not in moments:
                moments[step] = time.monotonic() - began
                if step == at:
                    kill_at = time.monotonic() + after


if __name__ == "__main__":
    main()
