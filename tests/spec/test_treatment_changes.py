"""When treatment changed, and what that does to times: drawn tables through single models."""

import polars as pl
import pytest

from tests.harness import run, table

DAY = 86400
ORIGIN = 100 * DAY + 36000
PARAMETERS = f"studyid | onset_window_s\nS1 | {30 * DAY}"
OBSERVATIONS = f"""
    studyid | usubjid | part   | origin_s            | until_s
    S1      | P1      | all    | {ORIGIN}            | {ORIGIN + 200 * DAY}
    S1      | P1      | Step 1 | {ORIGIN}            | {ORIGIN + 60 * DAY}
"""
CM = """
    studyid | usubjid | cmtrt   | cmdecod | cmcat                          | cmscat       | cmoccur | cmstat | _cmstdtc_first | _cmstdtc_last | _cmstdtc_precision | _file  | _row
    S1      | P1      | a       | DRUG A  | SUBSEQUENT ANTI-CANCER THERAPY |              |         |        | 100            | 186           | D                  | cm.csv | 1
    S1      | P1      | drug b  |         | concomitant                    | New anticancer therapy |  |       | 100            | 100           | s                  | cm.csv | 2
    S1      | P1      | c       | DRUG C  | On treatment                   | Chemotherapy |         |        | 100            | 186           | D                  | cm.csv | 3
    S1      | P1      | d       | DRUG D  | ON TREATMENT                   | ANTIEMETIC   |         |        | 100            | 186           | D                  | cm.csv | 4
    S1      | P1      | e       | DRUG E  | PRIOR TREATMENT                | CHEMOTHERAPY |         |        | 100            | 186           | D                  | cm.csv | 5
    S1      | P1      | f       | DRUG F  | SUBSEQUENT ANTI-CANCER THERAPY |              | N       |        | 100            | 186           | D                  | cm.csv | 6
    S1      | P1      | g       | DRUG G  | SUBSEQUENT ANTI-CANCER THERAPY |              |         |        | 100            | 900           | M                  | cm.csv | 7
    S1      | P1      | h       | DRUG H  | SUBSEQUENT ANTI-CANCER THERAPY |              |         |        |                |               |                    | cm.csv | 8
    S1      | P1      | i       | DRUG I  |                                |              |         |        | 100            | 186           | D                  | cm.csv | 9
"""
PR = """
    studyid | usubjid | prtrt   | prdecod | prcat          | prscat          | proccur | prstat | _prstdtc_first | _prstdtc_last | _prstdtc_precision | _file  | _row
    S1      | P1      | surgery |         | CANCER RELATED | ON TREATMENT    |         |        | 100            | 186           | D                  | pr.csv | 1
    S1      | P1      | biopsy  |         | CANCER RELATED | PRIOR TREATMENT |         |        | 100            | 186           | D                  | pr.csv | 2
"""


def text(drawn: str) -> pl.DataFrame:
    """The table, where a column without values is text and one of seconds is a number."""
    frame = table(drawn)
    numbers = [pl.col(name).cast(pl.Int64) for name in frame.columns if name.endswith(("_first", "_last", "_row"))]
    return frame.with_columns(numbers)


def test_the_category_says_what_is_new_anticancer_therapy():
    found = run("staged.new_anticancer_therapies", raw__cm=text(CM), raw__pr=text(PR))
    assert found.select("domain", "name").rows() == [
        ("CM", "DRUG A"),
        ("CM", "DRUG B"),
        ("CM", "DRUG C"),
        ("PR", "SURGERY"),
    ]


def changes(doses=(), therapies=()):
    """Part, kind and day of each change; doses as days from time zero, therapies as (day, is dated by its day)."""
    dosed = [
        {
            "studyid": "S1",
            "usubjid": "P1",
            "dose_number": i,
            "start_s": ORIGIN + round(day * DAY),
            "start_precision": "s",
        }
        for i, day in enumerate((0, *doses), start=1)
    ]
    new = [
        {
            "studyid": "S1",
            "usubjid": "P1",
            "start_s": (ORIGIN // DAY + day) * DAY if by_day else ORIGIN + round(day * DAY),
            "start_last_s": (ORIGIN // DAY + day) * DAY + DAY - 1 if by_day else ORIGIN + round(day * DAY),
            "start_precision": "D" if by_day else "s",
        }
        for day, by_day in therapies
    ]
    columns = dict.fromkeys(("studyid", "usubjid", "start_precision"), pl.String) | dict.fromkeys(
        ("start_s", "start_last_s"), pl.Int64
    )
    found = run(
        "analysis.treatment_changes",
        study__parameters=PARAMETERS,
        analysis__observations=OBSERVATIONS,
        staged__doses=pl.DataFrame(dosed),
        staged__new_anticancer_therapies=pl.DataFrame(new, schema=columns),
    )
    days = (pl.col("change_s") - ORIGIN) / DAY
    return found.select("part", "change", days.floor().cast(pl.Int64)).rows()


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("one dose", {}, []),
        ("doses within the window of the last one", {"doses": (30, 60, 90)}, []),
        ("a dose after a longer pause", {"doses": (30, 61)}, [("all", "Re-treatment", 61)]),
        (
            "the first of two changes, in each observation that it falls in",
            {"doses": (40,), "therapies": [(50, False)]},
            [("Step 1", "Re-treatment", 40), ("all", "Re-treatment", 40)],
        ),
        (
            "new therapy before re-treatment",
            {"doses": (100,), "therapies": [(90, False)]},
            [("all", "New anticancer therapy", 90)],
        ),
        ("therapy before time zero", {"therapies": [(-3, False)]}, []),
        ("therapy dated by the day of time zero", {"therapies": [(0, True)]}, []),
        ("therapy past the end of observation", {"therapies": [(201, False)]}, []),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_the_first_change_of_treatment_is_found(name, given, expected):
    assert changes(**given) == expected


@pytest.mark.parametrize(
    ("name", "time", "change", "expected"),
    [
        ("no change", (5 * DAY, "s", 0), None, (5 * DAY, 0)),
        ("CRS the day before", (5 * DAY, "s", 0), (6 * DAY, 6 * DAY, "s"), (5 * DAY, 0)),
        ("CRS the second after", (5 * DAY, "s", 0), (5 * DAY - 1, 5 * DAY - 1, "s"), (5 * DAY - 1, 3)),
        (
            "CRS on the day of a change dated by it",
            (5 * DAY + 9, "s", 0),
            (5 * DAY, 6 * DAY - 1, "D"),
            (5 * DAY + 9, 0),
        ),
        ("CRS dated by the day of a change", (5 * DAY, "D", 0), (5 * DAY + 9, 5 * DAY + 9, "s"), (5 * DAY, 0)),
        ("death after it", (5 * DAY, "D", 2), (4 * DAY, 5 * DAY - 1, "D"), (4 * DAY, 3)),
        ("last contact on its day", (5 * DAY + 9, "s", 1), (5 * DAY, 6 * DAY - 1, "D"), (5 * DAY, 3)),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_change_competes_where_it_came_first(name, time, change, expected):
    to_s, precision, cnsr = time
    keys = "studyid | usubjid | part"
    onset = f"{keys} | paramcd | from_s | from_precision | to_s | to_precision | cnsr | evntdesc\n"
    onset += f"S1 | P1 | all | TTCRS2 | 0 | s | {to_s} | {precision} | {cnsr} | What"
    changed = f"{keys} | change | change_s | change_last_s | change_precision\n"
    changed += "S1 | P9 | all | Re-treatment | 1 | 1 | s" if change is None else (
        f"S1 | P1 | all | Re-treatment | {change[0]} | {change[1]} | {change[2]}"
    )  # fmt: skip
    found = run("analysis.unchanged_times", analysis__onset_times=onset, analysis__treatment_changes=changed)
    assert found.select("paramcd", "to_s", "cnsr").rows() == [("TTCRSX2", *expected)]


def test_what_was_given_is_told_of_the_worst_episode():
    keys = "S1 | P1 | all"
    found = run(
        "analysis.episode_treatments",
        analysis__observed_episodes=f"""
            studyid | usubjid | part | episode | severity_place
            {keys}  | 1 | 2
            {keys}  | 2 | 1
        """,
        graded__primary_grades="studyid | source | scale\nS1 | reported | ASTCT 2019",
        graded__treatments="""
            studyid | usubjid | source   | scale      | episode | treatment
            S1      | P1      | reported | ASTCT 2019 | 1       | tocilizumab
            S1      | P1      | reported | ASTCT 2019 | 2       | corticosteroids
            S1      | P1      | derived  | ASTCT 2019 | 2       | icu
        """,
    )
    assert dict(found.select("treatment", "answer").rows()) == {
        "corticosteroids": "given",
        "icu": "not given",
        "other_anticytokine": "not given",
        "respiratory_support": "not given",
        "tocilizumab": "not given",
        "tocilizumab_and_corticosteroids": "corticosteroids only",
        "vasopressors": "not given",
    }


def test_a_subject_on_step_up_dosing_has_no_one_dose():
    found = run(
        "analysis.level_times",
        analysis__time_to_event="""
            studyid | usubjid | part   | paramcd   | aval | cnsr
            S1      | P1      | all    | TTCRS     | 1.0  | 0
            S1      | P1      | Step 1 | TTCRS     | 1.0  | 0
            S1      | P1      | all    | DOSETOCRS | 1.0  | 0
            S2      | P1      | all    | TTCRS     | 1.0  | 0
            S2      | P2      | all    | TTCRS     | 1.0  | 0
        """,
        analysis__subject_levels="""
            studyid | usubjid | variable      | level  | part
            S1      | P1      | therapy       | A      | all
            S1      | P1      | tumour_burden | Low    | all
            S1      | P1      | dose          | Step 1 | Step 1
            S2      | P1      | therapy       | A      | all
            S2      | P1      | tumour_burden | Low    | all
            S2      | P1      | dose          | DL1    | all
            S2      | P2      | therapy       | A      | all
            S2      | P2      | tumour_burden | Low    | all
            S2      | P2      | dose          | DL1    | all
        """,
    )
    columns = ("study", "therapy", "dose", "tumour_burden", "paramcd", "n")
    assert sorted(found.select(columns).rows()) == [
        ("S1", "A", None, "Low", "TTCRS", 1),
        ("S2", "A", "DL1", "Low", "TTCRS", 2),
    ]
