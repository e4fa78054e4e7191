"""How often to look, and when the night is."""

import os
from dataclasses import dataclass


class SettingError(Exception):
    """A setting in the environment is not as it must be; the message says which."""


@dataclass(frozen=True, kw_only=True)
class Automation:
    """How often transfers are looked for, and when POOLED is run."""

    seconds: int = 30
    nightly: str = "0 2 * * *"
    timezone: str = "UTC"


def automation_from_environment() -> Automation:
    """What CRSIGHT_SECONDS (30), CRSIGHT_NIGHTLY (cron: 0 2 * * *) and CRSIGHT_TIMEZONE (UTC) say.

    Raises:
        SettingError: If the seconds are no whole number from 1.
    """
    seconds = os.environ.get("CRSIGHT_SECONDS", str(Automation.seconds))
    if not seconds.isdecimal() or int(seconds) < 1:
        raise SettingError(f"CRSIGHT_SECONDS: found {seconds!r}, expected a whole number from 1, such as 30.")
    return Automation(
        seconds=int(seconds),
        nightly=os.environ.get("CRSIGHT_NIGHTLY", Automation.nightly),
        timezone=os.environ.get("CRSIGHT_TIMEZONE", Automation.timezone),
    )
