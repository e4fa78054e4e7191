"""Times to events from drawn records: who had the event, who died first, who was only seen so long."""

import polars as pl
import pytest

from pipelines.models import read_models
from pipelines.warehouse import build
from tests.harness import database, table
from tests.lines import build_line
from tests.shared import ROOT
from tests.spec.test_reported_episodes import PARAMETERS

CHAIN = [m for m in read_models(ROOT / "sql") if m.layer == "analysis"]
NEEDED = (
    "analysis.observations",
    "analysis.observed_episodes",
    "analysis.onset_times",
    "analysis.treatment_changes",
    "analysis.unchanged_times",
    "analysis.episode_times",
    "analysis.time_to_event",
    "analysis.subject_results",
)


def times(paramcd: str, **given) -> list[tuple]:
    with database(study__parameters=table(PARAMETERS)) as db:
        build_line(db, **{"ex": "P1 | 0", "dm": "P1 | ", **given})
        for model in CHAIN:
            if model.name in NEEDED:
                build(db, model)
        found = db.sql("select * from analysis.time_to_event where part = 'all' order by usubjid").pl()
        return found.filter(pl.col("paramcd") == paramcd).select("aval", "cnsr").rows()


RESOLVED, ONGOING = "RECOVERED/RESOLVED", "NOT RECOVERED/NOT RESOLVED"


@pytest.mark.parametrize(
    ("name", "paramcd", "given", "expected"),
    [
        ("onset", "TTCRS", {"ae": f"P1|36|60|1|{RESOLVED}"}, (1.5, 0)),
        ("no CRS is censored at the last contact", "TTCRS", {"dm": "P1|252"}, (10.5, 1)),
        ("death without CRS competes", "TTCRS", {"dm": "P1|240|120"}, (5.0, 2)),
        ("a death later than all other records is followed up to", "TTCRS", {"dm": "P1|120|240"}, (10.0, 2)),
        ("CRS before death is the event", "TTCRS", {"ae": f"P1|36|60|1|{RESOLVED}", "dm": "P1|240|120"}, (1.5, 0)),
        ("grade 3 is reached later", "TTCRS3", {"ae": f"P1|24|48|1|{ONGOING} ; P1|48|72|3|{RESOLVED}"}, (2.0, 0)),
        ("grade 3 is never reached", "TTCRS3", {"ae": f"P1|24|48|2|{RESOLVED}", "dm": "P1|252"}, (10.5, 1)),
        ("an end that is the last record is an end", "TTRES", {"ae": f"P1|24|96|2|{RESOLVED}"}, (3.0, 0)),
        ("ongoing is censored", "TTRES", {"ae": f"P1|24||2|{ONGOING}", "dm": "P1|240"}, (9.0, 1)),
        (
            "ongoing and alive is censored for tocilizumab",
            "TTTOCI",
            {"ae": f"P1|24||2|{ONGOING}", "dm": "P1|240"},
            (9.0, 1),
        ),
        ("death in CRS competes with resolution", "TTRES", {"ae": f"P1|24||2|{ONGOING}", "dm": "P1|240|120"}, (4.0, 2)),
        (
            "over at an unknown time is censored on its first day",
            "TTRES",
            {"ae": f"P1|24||2|{RESOLVED}", "dm": "P1|240"},
            (1.0, 1),
        ),
        (
            "the worst episode is the one that lasts",
            "TTRES",
            {"ae": f"P1|24|48|1|{RESOLVED} ; P1|800|872|3|{RESOLVED}", "ex": "P1|0 ; P1|780"},
            (3.0, 0),
        ),
        (
            "re-treatment within the time in which CRS may begin is treatment as planned",
            "TTCRSX",
            {"ex": "P1|0 ; P1|600", "dm": "P1|2412"},
            (100.5, 1),
        ),
        ("re-treatment after it competes", "TTCRSX", {"ex": "P1|0 ; P1|960", "dm": "P1|2412"}, (40.0, 3)),
        (
            "re-treatment is no event of the main analysis",
            "TTCRS",
            {"ex": "P1|0 ; P1|960", "dm": "P1|2412"},
            (100.5, 1),
        ),
        (
            "CRS before re-treatment is the event",
            "TTCRSX",
            {"ex": "P1|0 ; P1|960", "ae": f"P1|36|60|1|{RESOLVED}"},
            (1.5, 0),
        ),
        (
            "CRS after re-treatment comes too late",
            "TTCRSX3",
            {"ex": "P1|0 ; P1|960", "ae": f"P1|36|60|1|{RESOLVED} ; P1|980|1000|3|{RESOLVED}"},
            (40.0, 3),
        ),
        ("time to the highest grade", "TTMAX", {"ae": f"P1|24|48|1|{ONGOING} ; P1|60|72|3|{RESOLVED}"}, (1.5, 0)),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_times(name, paramcd, given, expected):
    assert times(paramcd, **given) == [expected]


def test_a_death_without_a_date_competes_at_the_last_contact():
    with database(study__parameters=table(PARAMETERS)) as db:
        build_line(db, ex="P1 | 0 ; P1 | 72", dm="P1 | 252")
        db.execute("update raw.dm set dthfl = 'Y'")
        for model in read_models(ROOT / "sql"):
            if model.name in ("staged.deaths", "staged.contacts", "staged.subjects", *NEEDED):
                build(db, model)
        query = "select aval, cnsr from analysis.time_to_event where paramcd = 'TTCRS'"
        assert db.sql(query).fetchall() == [(10.0, 2)]
        assert db.sql("select death_s from staged.subjects").fetchall() == [(None,)]
