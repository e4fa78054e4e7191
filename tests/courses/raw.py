"""Courses as raw SDTM tables of an empty database, and what the models make of them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import Any

import duckdb
import polars as pl

from pipelines.studies import Study, study_tables
from pipelines.warehouse import build, insert
from tests.courses.course import CUT_H, Course
from tests.harness import MODELS, database
from tests.lines import ORIGIN, ORIGIN_S, empty_raw
from tests.received import received

Row = dict[str, Any]
STUDY = {"study": "S1", "therapy": {"classes": {"Cells": ["DRUG"]}}}
EPISODES, SEGMENTS = "graded.episodes", "graded.grade_segments"
CRS = "Cytokine release syndrome"


def graded(courses: Sequence[Course], *, shuffled: int | None = None) -> pl.DataFrame:
    """The derived episodes the models make of the courses, in one build.

    Args:
        courses: Each becomes one subject, ``C0001`` and on.
        shuffled: Seed of the order of the raw rows; in order of the courses when none is given.

    Returns:
        One row per subject, scale and episode, in that order, with the columns of graded.episodes.
    """
    return graded_with_segments(courses, shuffled=shuffled)[0]


def graded_with_segments(
    courses: Sequence[Course], *, shuffled: int | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The derived episodes as ``graded`` gives them, and the stretches of one grade that they are made of."""
    with database() as db:
        load(db, courses, shuffled=shuffled)
        _build_up_to(db, {EPISODES, SEGMENTS})
        episodes = db.sql(f"select * from {EPISODES} where source = 'derived' order by usubjid, scale, episode").pl()
        segments = db.sql(
            f"select * from {SEGMENTS} where source = 'derived' order by usubjid, scale, episode, start_s"
        )
        return episodes, segments.pl()


def load(db: duckdb.DuckDBPyConnection, courses: Sequence[Course], *, shuffled: int | None = None) -> None:
    """Put the courses into the raw tables of an empty database, and default settings with every scale beside them."""
    tables = study_tables([(Study.model_validate(STUDY), _text(CUT_H)[:10])])
    for name, frame in tables.items():
        insert(db, name, frame)
    empty_raw(db)
    subjects = {usubjid(number): course for number, course in enumerate(courses)}
    for domain, make in _DOMAINS.items():
        rows = [
            {"studyid": "S1", "usubjid": name, f"{domain}seq": seq, **row}
            for name, course in subjects.items()
            for seq, row in enumerate(make(course), start=1)
        ]
        if shuffled is not None:
            Random(shuffled).shuffle(rows)
        if rows:
            frame = pl.DataFrame(rows, infer_schema_length=None)
            insert(db, f"raw.{domain}", received(domain.upper(), frame))
            insert(db, "raw.supp", _qualifiers(domain.upper(), rows))


def usubjid(number: int) -> str:
    """The identifier of the course in this place, 0 for the first."""
    return f"C{number + 1:04}"


def hour(second: int | None) -> float | None:
    """A second of the models as an hour of the course."""
    return None if second is None else (second - ORIGIN_S) / 3600


def _text(hour: float | None) -> str | None:
    return None if hour is None else (ORIGIN + timedelta(hours=hour)).strftime("%Y-%m-%dT%H:%M")


def _dm(course: Course) -> Iterator[Row]:
    died = {"dthdtc": _text(course.death), "dthfl": None if course.death is None else "Y"}
    yield {"age": course.age, "ageu": "YEARS", "rfpendtc": _text(course.follow), **died}


def _ex(course: Course) -> Iterator[Row]:
    for start in course.doses:
        yield {"extrt": "Drug", "exstdtc": _text(start)}


def _vs(course: Course) -> Iterator[Row]:
    if course.weight_kg is not None:
        yield _reading("WEIGHT", course.first_dose - 1, course.weight_kg, "kg")
    for hour, value, unit in course.temps:
        yield _reading("TEMP", hour, value, unit)
    for hour, value in course.sbps:
        yield _reading("SYSBP", hour, value, "mmHg")


def _reading(test: str, hour: float, value: float, unit: str) -> Row:
    return {"vstestcd": test, "vsstresn": value, "vsstresc": str(value), "vsstresu": unit, "vsdtc": _text(hour)}


def _cm(course: Course) -> Iterator[Row]:
    for agent, start, end, dose, unit in course.drugs:
        given = {"cmdose": dose, "cmdosu": unit, "cmindc": None, "cmroute": None}
        yield {"cmtrt": agent, "cmdecod": agent, **given, "cmstdtc": _text(start), "cmendtc": _text(end)}
    for start, end in course.boluses:
        fluid = {"cmtrt": "Saline", "cmdecod": "SODIUM CHLORIDE", "cmindc": "HYPOTENSION", "cmroute": "INTRAVENOUS"}
        yield {**fluid, "cmstdtc": _text(start), "cmendtc": _text(end)}


def _pr(course: Course) -> Iterator[Row]:
    for device, flow, start, end, indication, fio2 in course.support:
        yield {
            "prtrt": device.capitalize(),
            "prdecod": device,
            "prindc": indication,
            "prdose": flow,
            "prdosu": None if flow is None else "L/min",
            "prstdtc": _text(start),
            "prendtc": _text(end),
            "fio2": None if fio2 is None else f"{fio2:g}",
        }


def _lb(course: Course) -> Iterator[Row]:
    units = {"BILI": "umol/L", "CREAT": "umol/L"}
    for test, hour, value, limit in course.labs:
        result = {"lbstresn": value, "lbstresc": str(value), "lbstresu": units.get(test, "U/L"), "lbstnrhi": limit}
        yield {"lbtestcd": test, **result, "lbdtc": _text(hour)}


def _ae(course: Course) -> Iterator[Row]:
    if course.crs_fatal:
        yield {
            "aeterm": CRS,
            "aedecod": CRS,
            "aetoxgr": "5",
            "aeout": "FATAL",
            "aestdtc": _text(course.first_dose),
            "aeendtc": _text(course.death),
        }


def _ds(course: Course) -> Iterator[Row]:
    if course.death is not None:
        yield {"dscat": "DISPOSITION EVENT", "dsdecod": "DEATH", "dsstdtc": _text(course.death)}


_DOMAINS = {"dm": _dm, "ex": _ex, "vs": _vs, "cm": _cm, "pr": _pr, "lb": _lb, "ae": _ae, "ds": _ds}


def _qualifiers(domain: str, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """SUPPPR as ingest joins it to its parent: oxygen in percent."""
    given = [(row["usubjid"], row["prseq"], row["fio2"]) for row in rows if row.get("fio2") is not None]
    columns = ["usubjid", "parent_seq", "qval"]
    schema = {"usubjid": pl.String, "parent_seq": pl.Int64, "qval": pl.String}
    return pl.DataFrame(given, schema=schema, orient="row").select(
        *columns,
        studyid=pl.lit("S1"),
        rdomain=pl.lit(domain),
        qnam=pl.lit("FIO2"),
        qlabel=pl.lit("Fraction of inspired oxygen, %"),
        matched=pl.lit(True),
        _file=pl.lit("supppr.xpt"),
        _row=pl.int_range(1, pl.len() + 1, dtype=pl.Int64),
    )


def _build_up_to(db: duckdb.DuckDBPyConnection, wanted: set[str]) -> None:
    needed = set(wanted)
    for model in reversed(MODELS.values()):
        if model.name in needed:
            needed |= set(model.depends_on)
    for model in MODELS.values():
        if model.name in needed:
            build(db, model)
