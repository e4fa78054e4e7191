"""Tell people how a run went, through a command or an address that they name."""

import json
import os
import shlex
import subprocess
from dataclasses import dataclass

from pipelines.ran import Ran

SECONDS = 30
TROUBLE = ("refused", "broken")
KINDS = (*TROUBLE, "released")


@dataclass(frozen=True, kw_only=True)
class Telling:
    """Whom to tell of which outcomes: ``where`` is a command or an http(s) address, or empty for nobody."""

    where: str = ""
    of: tuple[str, ...] = TROUBLE


def telling_from_environment() -> Telling:
    """What CRSIGHT_TELL (a command or an address) and CRSIGHT_TELL_OF (refused,broken) say."""
    of = os.environ.get("CRSIGHT_TELL_OF", ",".join(TROUBLE))
    return Telling(where=os.environ.get("CRSIGHT_TELL", "").strip(), of=tuple(word.strip() for word in of.split(",")))


def tell(telling: Telling, ran: Ran) -> str:
    """Tell of the run, if it is one to tell of, and say what went wrong in that; empty when nothing did.

    Whoever is told gets no row of the data and no subject: reports are where those are. A run never fails because
    nobody could be told of it.
    """
    unknown = [kind for kind in telling.of if kind not in KINDS]
    if unknown:
        return f"CRSIGHT_TELL_OF: found {unknown[0]!r}, expected some of {', '.join(KINDS)}; nobody was told."
    if not telling.where or ran.outcome not in telling.of or ran.reason == "unchanged":
        return ""
    try:
        _send(telling.where, json.dumps(message(ran)).encode())
    except Exception as error:  # whatever it is, the run is not to blame
        # An address holds its own password, so it is not said.
        return f"CRSIGHT_TELL: nobody was told that {ran.study} was {ran.outcome}: {_said(error)}."
    return ""


def message(ran: Ran) -> dict[str, str]:
    """What is told; ``text`` is what chat programs show."""
    told = {"study": ran.study, "cut": ran.cut, "outcome": ran.outcome, "reason": ran.brief, "run": ran.run_id}
    of_cut = f", cut {ran.cut}" if ran.cut else ""
    because = f": {ran.brief}" if ran.brief else ""
    return {**told, "at": ran.at, "text": f"{ran.study}{of_cut}: {ran.outcome}{because}"}


def _send(where: str, body: bytes) -> None:
    if where.startswith(("http://", "https://")):
        # Loaded only where it is needed: the command starts without it.
        from urllib.request import Request, urlopen

        with urlopen(Request(where, body, {"Content-Type": "application/json"}), timeout=SECONDS):
            return
    subprocess.run(shlex.split(where), input=body, capture_output=True, check=True, timeout=SECONDS)


def _said(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        last = error.stderr.decode(errors="replace").strip().splitlines()[-1:]
        return f"the command ended with {error.returncode}" + "".join(f": {line}" for line in last)
    if isinstance(error, subprocess.TimeoutExpired):
        return f"the command was not done after {SECONDS} seconds"
    return f"{type(error).__name__}: {error}"
