"""What a closed report of made-up subjects is drawn from."""

from datetime import UTC, datetime
from functools import cache

import polars as pl

from reports.material import Material
from tests.harness import table
from tests.unit.report_ard import ard
from tests.unit.report_cases import tables_of
from tests.unit.report_people import BURDENS, DOSES, THERAPIES, Person, people

LISTED = {"listing": pl.String, "rows": pl.Int64}


def material(subjects: list[Person] | None = None, **changes: object) -> Material:
    """What the closed report of these subjects is drawn from."""
    given = people() if subjects is None else subjects
    return Material(
        **{
            "ard": ard(given),
            "tables": tables(),
            "listings": listings(),
            "cases": tables_of(),
            "behind": lambda cells: {cell: [0, 2] for cell in cells if cell in counted()},
            "study": "DEMO-1",
            "title": "A made-up study of T-cell-engaging treatment in B-cell lymphoma",
            "cut": "2026-06-30",
            "version": "0.1.0",
            "run_id": "0f3c9a52",
            "made_at": datetime(2026, 7, 1, 12, 30, tzinfo=UTC),
            **changes,
        }
    )


def tables() -> dict[str, pl.DataFrame]:
    """The tables beside the ARD."""
    settings = {
        "therapy.variable": "EX.EXTRT",
        "dose.variable": "EX.EXDOSE",
        "dose.by": "level",
        "dose.unit": "10^6/kg",
        "tumour_burden.variable": "TR.SUMPPD",
        "tumour_burden.unit": "mm2",
        "tumour_burden.cut": "5000",
        "premedication.window_hours": "24",
        "grading.primary": "reported",
        "grading.episode_gap_days": "7",
        "grading.onset_window_days": "30",
        "grading.hypotension.sbp_mmhg": None,
    }
    return {
        "listed": pl.DataFrame([(name, frame.height) for name, frame in listings().items()], LISTED, orient="row"),
        "settings": pl.DataFrame({"studyid": "DEMO-1", "key": [*settings], "value": [*settings.values()]}),
        "ingested": pl.DataFrame(
            {
                "file": ["ae.xpt", "dm.xpt", "vs.csv"],
                "domain": ["AE", "DM", "VS"],
                "format": ["xpt", "xpt", "csv"],
                "rows_in": [962, 120, 24311],
                "rows_kept": [955, 120, 24290],
                "rows_quarantined": [7, 0, 21],
                "notes": ["Read as windows-1252: 2 cells are not UTF-8", None, None],
            }
        ),
        "quarantine": pl.DataFrame(
            {
                "domain": ["AE", "VS", "VS"],
                "rule": ["exact_duplicate", "impossible_value", "end_before_start"],
                "rows": [7, 19, 2],
            }
        ),
        "findings": pl.DataFrame(
            {
                "table_name": ["staged.subjects", "graded.episodes"],
                "rule": ["usubjid__column_values_to_be_unique", "grade__column_values_to_be_between"],
                "severity": ["critical", "warning"],
                "passed": [True, False],
                "failing": [0, 3],
            }
        ),
        "levels": levels(),
        "dictionary": pl.DataFrame(
            {
                "table": ["adcrs", "adcrs", "queries"],
                "about": ["Episodes of CRS <all>.", "Episodes of CRS <all>.", "What is unclear."],
                "column": ["usubjid", "aval", "rule"],
                "type": ["VARCHAR", "DOUBLE", "VARCHAR"],
                "meaning": ["Unique subject identifier", "Value & more", None],
            }
        ),
        "biomarkers": pl.DataFrame({"testcd": ["CRP"], "unit": ["MG/L"]}),
        "assay_limits": pl.DataFrame({"marker": ["CRP"], "side": ["<"], "lowest": [4.0], "highest": [4.0]}),
        "compared": pl.DataFrame(
            {"release": ["2026-03-31"], "cut": ["2026-03-31"], "code_version": ["0.1.0"], "left_out": [""]}
        ),
        "changes": pl.DataFrame(
            {"what": ["episode", "grade", "subject"], "kind": ["new", "changed", "followed"], "n": [2, 1, 118]}
        ),
        "queries": pl.DataFrame(
            {
                "rule": ["crs_without_grade", "crs_end_though_ongoing"],
                "message": [
                    "CRS is recorded without a toxicity grade that can be read: it counts as CRS of unknown grade",
                    "CRS has an end date but is recorded as not recovered: its duration is censored at that date",
                ],
                "n": [1, 4],
            }
        ),
    }


def listings() -> dict[str, pl.DataFrame]:
    """The subjects, and a row or two of each listing."""
    return {
        "people": table("""
            studyid | usubjid | therapy | dose_level | tumour_burden_level | grade   | onset_days | outcome
            DEMO-1  | P1      | CAR-T   | DL1        | Low                 | 3       | 1.25       | resolved
            DEMO-1  | P2      | CAR-T   | DL2        | High                | none    |            |
            DEMO-1  | P3      | CAR-T   | DL2        | Low                 | unknown | 4.0        | ongoing
        """),
        "episodes": table("""
            usubjid | therapy | dose_level | tumour_burden_level | episode | onset            | onset_days | ended      | duration_days | grade | grade_min | grade_max | outcome  | ongoing | tocilizumab | corticosteroid | vasopressor | respiratory_support | icu
            P1      | CAR-T   | DL1        | Low                 | 1       | 2026-03-02 06:00 | 1.25       | 2026-03-05 | 3.0           | 3     | 3         | 3         | resolved | false   | 2026-03-02  |                | true        | NASAL CANNULA       | false
            P3      | CAR-T   | DL2        | Low                 | 1       | 2026-03-06       | 4.0        | 2026-03-09 | 3.0           |       | 1         | 4         | ongoing  | true    |             | 2026-03-06     | false       |                     | true
        """),
        "deaths": table("""
            usubjid | therapy | dose_level | tumour_burden_level | died       | death_day | cause               | grade | outcome
            P2      | CAR-T   | DL2        | High                | 2026-05-01 | 60        | DISEASE PROGRESSION | 0     |
        """),
        "treatments": table("""
            usubjid | grade | treatment           | name        | started          | start_day | ended            | occasion   | episode
            P1      | 3     | tocilizumab         | TOCILIZUMAB | 2026-03-02 09:00 | 1.0       | 2026-03-02 10:00 | during CRS | 1
            P1      | 3     | respiratory_support | O2          | 2026-03-02 09:00 | 1.0       |                  | during CRS | 1
        """),
        "changes": table("""
            usubjid | what    | kind    | item                  | variable             | old_value | new_value
            P1      | grade   | changed |                       | Highest grade of CRS | 2         | "3"
            P3      | episode | new     | CRS from 2026-03-06   |                      |           | grade unknown, ongoing
            P1      | episode | new     | CRS from 2026-03-02   |                      |           | grade 3, resolved
        """),
        "discordances": table("""
            usubjid | reported_scale | scale      | reported_grade | derived_grade | derived_min | derived_max | adjudicated_grade | finding                 | reported_onset_days | derived_onset_days | is_explained_by_uncertainty
            P1      | ASTCT 2019     | ASTCT 2019 | 3              | 2             | 2           | 3           | 2                 | Reported above derived  | 1.25                | 1.25               | true
        """),
        "adjudications": table("""
            usubjid | source   | episode | scale      | adjudicated_grade | reported_grade | reported_scale | derived_grade | reason                          | adjudicator | adjudicated_at
            P1      | reported | 1       | ASTCT 2019 | 2                 | 3              | ASTCT 2019     | 2             | Vasopressor was for anaesthesia | Committee   | 2026-07-15
        """),
    }


@cache
def counted() -> frozenset[str]:
    """The numbers that count subjects."""
    return frozenset(ard(people()).filter(pl.col("stat_name").is_in(["n", "N"]))["cell_id"])


def levels() -> pl.DataFrame:
    """The order of the levels, Missing last."""
    named = {"therapy": THERAPIES, "dose": DOSES, "tumour_burden": BURDENS}
    rows = [(group, level, i) for group, names in named.items() for i, level in enumerate((*names, "Missing"))]
    return pl.DataFrame(rows, schema=["group", "level", "position"], orient="row")
