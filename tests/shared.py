"""Where the numbers and datasets that the tests are held against lie."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def _shared() -> Path:
    folder = Path(os.environ.get("CRSIGHT_SHARED", ROOT.parent / "shared"))
    if not (folder / "oracles").is_dir():
        raise FileNotFoundError(
            f"{folder}: no oracles folder there, so the tests have nothing to be right against; "
            "set CRSIGHT_SHARED to the folder that holds oracles/ and data/."
        )
    return folder


SHARED = _shared()
