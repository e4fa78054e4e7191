"""Small valid files of every format, from which damaged ones are made."""

import tempfile
from datetime import date, datetime, time
from functools import cache
from pathlib import Path

import polars as pl

from pipelines.formats import EXTENSIONS, write_dataset
from tests.shared import SHARED
from tests.unit.formats.sas7bdat_writer import MACHINES, UTF_8, Column, missing, sas7bdat

# That of the published examples, so that their rows are looked at and not refused as another study's.
STUDY = "CDISCPILOT01"
_PUBLISHED = {
    ".xpt": ("cdisc-example/ae.xpt", "cdisc-example/suppdm.xpt", "xpt-v8/sample.xpt", "xpt-v8/dates_xpt_v8.xpt"),
    ".json": ("cdisc-example/ae.json", "cdisc-example/dd.json"),
    ".ndjson": ("cdisc-example/ae.ndjson", "cdisc-example/dd.ndjson"),
    ".dsjc": ("cdisc-example/ae.dsjc", "cdisc-example/dd.dsjc"),
}


@cache
def seeds() -> dict[str, tuple[bytes, ...]]:
    """The bytes of the valid files of each format, by extension; made from nothing but code and published examples."""
    return {
        extension: (*_written(extension), *((SHARED / "data" / name).read_bytes() for name in _published(extension)))
        for extension in EXTENSIONS
    }


def _published(extension: str) -> tuple[str, ...]:
    return _PUBLISHED.get(extension, ())


def _written(extension: str) -> list[bytes]:
    if extension == ".sas7bdat":
        return [_sas(machine=machine) for machine in MACHINES] + [_sas(encoding=UTF_8)]
    formats = {"AESTDT": "DATE9.", "AEDTM": "DATETIME19.", "AETM": "TIME8."}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"ae{extension}"
        made = []
        for frame in (_events(), _events().head(0), _events().select("STUDYID", "USUBJID")):
            write_dataset(frame, path, name="AE", label="Adverse Events", formats=formats)
            made.append(path.read_bytes())
        if extension == ".parquet":
            _typed().write_parquet(path)
            made.append(path.read_bytes())
    return made


def _events() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "STUDYID": [STUDY] * 6,
            "DOMAIN": ["AE"] * 6,
            "USUBJID": [f"{STUDY}-{number}" for number in range(6)],
            "AESEQ": [1.0, 2.0, 3.0, None, 1e15, -0.5],
            "AETERM": ["Fever", "naïve", 'a "quoted, word"', "two\nlines", None, "日本語"],
            "AESTDTC": ["2026-01-03T10:30", "2026-01", "2026", "2026-02-30", None, "2026-01-03"],
            "AESTDT": [date(2026, 1, day) for day in range(1, 7)],
            "AEDTM": [datetime(2026, 1, day, 10, 30) for day in range(1, 7)],
            "AETM": [time(day, 5) for day in range(1, 7)],
        }
    )


def _typed() -> pl.DataFrame:
    """Every type of Parquet column that is read."""
    return pl.DataFrame(
        {
            "STUDYID": pl.Series([STUDY, STUDY, None], dtype=pl.Categorical),
            "AESEQ": pl.Series([1, 2, None], dtype=pl.Int8),
            "AEDY": pl.Series([1, -2, None], dtype=pl.Int64),
            "AEPCT": pl.Series(["1.25", "2.50", None]).cast(pl.Decimal(10, 2)),
            "AESER": [True, False, None],
            "AEDTM": pl.Series([datetime(2026, 1, 1), None, None], dtype=pl.Datetime("us", "UTC")),
            "AENONE": pl.Series([None, None, None], dtype=pl.Null),
        }
    )


def _sas(**more) -> bytes:
    columns = (
        Column(name="STUDYID", values=[STUDY.encode()] * 5),
        Column(name="AESEQ", values=[1.0, missing("."), missing(".A"), 1e300, -2.5], label="Number"),
        Column(name="AETERM", values=[b"Fever", b"na\xefve", b"", b"   ", b"x" * 30], label="Term"),
        Column(name="AESTDT", values=[20121.0, -4124.0, 0.0, missing("._"), 1.0], format="DATE9."),
        Column(name="AETM", values=[52932.0, 90000.0, 0.0, missing("."), 1.0], format="TIME8."),
    )
    return sas7bdat(*columns, name="AE", **more)
