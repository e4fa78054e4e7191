"""Dates, their imputation and study days in the released tables, drawn: what is known on the left, what is released on the right."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.harness import database, run, table
from tests.lines import empty_raw
from tests.received import build_up_to, received

SUBJECT = {"studyid": "S1", "usubjid": "P1"}
EPISODE = {**SUBJECT, "source": "reported", "scale": "ASTCT 2019"}
STUDY = {"studyid": "S1", "indication": "Lymphoma", "cut": "2026-06-30", "cut_s": 1_782_863_999}
PARAMETERS = {"studyid": "S1", "therapy_variable": "DM.ACTARM", "dose_by": "level", "premedication_window_s": 86_400}


def seconds(name: str) -> pl.Expr:
    return pl.col(name).dt.epoch("s").alias(f"{name}_s")


def drawn(found: pl.DataFrame, expected: pl.DataFrame) -> None:
    shown = found.with_columns(pl.col(pl.Date).cast(pl.String)).select(expected.columns)
    assert_frame_equal(shown, expected, check_dtypes=False)


def test_an_episode_has_days_of_its_own_and_a_flag_for_what_is_imputed():
    given = table("""
        onset            | onset_precision | end              | end_precision | astdt      | astdtf | asttmf | astdy | aendt      | aendtf | aentmf | aendy
        2026-03-10T09:00 | m               | 2026-03-12T10:15 | m             | 2026-03-10 |        |        |     1 | 2026-03-12 |        |        |     3
        2026-03-11T00:00 | D               | 2026-03-14T00:00 | D             | 2026-03-11 |        | H      |     2 | 2026-03-13 |        | H      |     4
        2026-03-12T07:00 | h               | 2026-04-01T00:00 | M             | 2026-03-12 |        | M      |     3 | 2026-03-31 | D      | H      |    22
        2026-04-01T00:00 | M               | 2026-04-01T00:00 | Y             | 2026-04-01 | D      | H      |    23 | 2026-04-01 | M      | H      |    23
        2026-03-09T23:00 | m               | 2026-03-10T00:00 | m             | 2026-03-09 |        |        |    -1 | 2026-03-09 |        |        |    -1
    """)
    number = pl.int_range(1, given.height + 1)
    unknown = [pl.lit(None, pl.Int64).alias(name) for name in ("max_grade_s", "dose_number", "dose_s", "waived_s")]
    unknown += [pl.lit(None, pl.Int64).alias(name) for name in ("grade", "grade_min", "grade_max")]
    episodes = given.select(
        seconds("onset"), seconds("end"), "onset_precision", "end_precision", number.alias("episode"), *unknown
    ).with_columns(*(pl.lit(text).alias(name) for name, text in EPISODE.items()))
    found = run(
        "analysis.adcrs",
        graded__episodes=episodes.with_columns(
            why_no_grade=pl.lit(""), outcome=pl.lit(""), is_ongoing=pl.lit(value=False)
        ),
        graded__treatments=pl.DataFrame([{**EPISODE, "episode": 0, "treatment": "", "start_s": 0, "device_rank": 0}]),
        graded__primary_grades=pl.DataFrame([EPISODE]),
        staged__subjects=pl.DataFrame(
            [{**SUBJECT, "anchor_s": 1_773_129_600, "anchor_precision": "m", "arm": "A", "actarm": "B", "saffl": "Y"}]
        ),
    )
    drawn(found, given.drop("onset", "onset_precision", "end", "end_precision"))


def test_dates_of_treatment_and_death_have_a_flag_for_what_is_imputed():
    given = table("""
        usubjid | exstdtc          | exendtc          | dthdtc           | trtsdt     | trtsdtf | trtstmf | trtedt     | dthdt      | dthdtf | dthtmf | lstalvdt
        P1      | 2026-03-10T08:00 | 2026-03-10T09:00 | 2026-03-20T10:15 | 2026-03-10 |         |         | 2026-03-10 | 2026-03-20 |        |        | 2026-03-20
        P2      | 2026-03-10       | 2026-03-12       | 2026-03-20       | 2026-03-10 |         | H       | 2026-03-12 | 2026-03-20 |        | H      | 2026-03-20
        P3      | 2026-03-10T08    |                  | 2026-03-20T10    | 2026-03-10 |         | M       | 2026-03-10 | 2026-03-20 |        | M      | 2026-03-20
        P4      | 2026-03          |                  | 2026-05          | 2026-03-01 | D       | H       | 2026-03-01 | 2026-05-01 | D      | H      | 2026-04-30
        P5      |                  |                  |                  |            |         |         |            |            |        |        | 2026-06-30
    """)
    treated = given.drop_nulls("exstdtc").with_columns(studyid=pl.lit("S1"), extrt=pl.lit("DRUG"), exdose=pl.lit(1.0))
    subjects = given.with_columns(studyid=pl.lit("S1"), dthfl=pl.col("dthdtc").replace_strict({}, default="Y"))
    with database(study__parameters=pl.DataFrame([PARAMETERS]), study__studies=pl.DataFrame([STUDY])) as db:
        empty_raw(db)
        for domain, records in {"dm": subjects, "ex": treated}.items():
            db.register("given", received(domain.upper(), records).to_arrow())
            db.execute(f"insert into raw.{domain} by name select * from given")
        build_up_to(db, "analysis.adsl")
        found = db.sql("select * from analysis.adsl order by usubjid").pl()
    drawn(found, given.drop("exstdtc", "exendtc", "dthdtc"))


@pytest.mark.parametrize(
    ("paramcd", "cnsr", "adt"),
    [
        ("TTCRS", 0, "2026-03-12"),
        ("TTRES", 0, "2026-03-11"),
        ("TTRES", 1, "2026-03-11"),
        ("TTTOCI", 0, "2026-03-12"),
        ("TTTOCI", 2, "2026-03-11"),
    ],
    ids=["an onset", "a resolution", "not resolved", "tocilizumab", "resolved without tocilizumab"],
)
def test_only_an_end_of_crs_at_midnight_belongs_to_the_day_before(paramcd, cnsr, adt):
    midnight = table("at\n2026-03-12T00:00").select(seconds("at"))["at_s"][0]
    time = {**SUBJECT, "part": "all", "paramcd": paramcd, "cnsr": cnsr, "from_s": midnight - 86_400, "to_s": midnight}
    found = run(
        "analysis.adtte",
        analysis__time_to_event=pl.DataFrame([{**time, "aval": 1.0, "evntdesc": "", "is_imputed": False}]),
        staged__subjects=pl.DataFrame([{**SUBJECT, "arm": "A", "actarm": "B", "saffl": "Y"}]),
    )
    drawn(found, pl.DataFrame({"startdt": ["2026-03-11"], "adt": [adt], "paramcd": [paramcd], "trta": ["B"]}))
