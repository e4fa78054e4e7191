"""What a closed report of made-up subjects is drawn from."""

from datetime import UTC, datetime

import polars as pl

from reports.material import Material
from tests.unit.report_ard import ard
from tests.unit.report_people import BURDENS, DOSES, THERAPIES, Person, people


def material(subjects: list[Person] | None = None, **changes: object) -> Material:
    """What the closed report of these subjects is drawn from."""
    given = people() if subjects is None else subjects
    return Material(
        **{
            "ard": ard(given),
            "tables": tables(),
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


def levels() -> pl.DataFrame:
    """The order of the levels, Missing last."""
    named = {"therapy": THERAPIES, "dose": DOSES, "tumour_burden": BURDENS}
    rows = [(group, level, i) for group, names in named.items() for i, level in enumerate((*names, "Missing"))]
    return pl.DataFrame(rows, schema=["group", "level", "position"], orient="row")
