"""Reported grades to episodes, drawn as tables. Times are hours from midnight of the day of the first dose."""

import polars as pl
import pytest

from tests.harness import database, table
from tests.lines import build_line, hours

PARAMETERS = """
    studyid | primary_source | reported_scale | episode_gap_s | onset_window_s | premedication_window_s | therapy_variable | dose_by
    S1      | reported       | ASTCT 2019     | 604800        | 2592000        | 86400                  | EX.EXTRT         | level
"""


def episodes(
    ae: str = "", fa: str = "", ex: str = "P1 | 0", dm: str = "P1 | ", gap_days: float = 7, **more
) -> pl.DataFrame:
    """The episodes of these records: AE as subject | start | end | grade | outcome; FA as subject | day | grade; hours."""
    parameters = table(PARAMETERS).with_columns(episode_gap_s=pl.lit(round(gap_days * 86400)))
    with database(study__parameters=parameters) as db:
        return build_line(db, ae=ae, fa=fa, ex=ex, dm=dm, **more)


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("one event", {"ae": "P1 | 10 | 34 | 2 | RECOVERED/RESOLVED"}, [(1, 10, 34, 2, "resolved")]),
        (
            "one row per grade change is one episode",
            {
                "ae": "P1|10|20|1|NOT RECOVERED/NOT RESOLVED ; P1|20|30|3|NOT RECOVERED/NOT RESOLVED ; P1|30|50|1|RECOVERED/RESOLVED"
            },
            [(1, 10, 50, 3, "resolved")],
        ),
        (
            "a gap of seven days is one episode",
            {"ae": "P1|10|20|1|RECOVERED/RESOLVED ; P1|188|200|2|RECOVERED/RESOLVED"},
            [(1, 10, 200, 2, "resolved")],
        ),
        (
            "a gap of more than seven days is two",
            {"ae": "P1|10|20|1|RECOVERED/RESOLVED ; P1|189|200|2|RECOVERED/RESOLVED"},
            [(1, 10, 20, 1, "resolved"), (2, 189, 200, 2, "resolved")],
        ),
        (
            "without a gap allowed, days side by side are still one",
            {
                "ae": "P1|10|20|1|RECOVERED/RESOLVED ; P1|20|30|2|RECOVERED/RESOLVED ; P1|31|40|1|RECOVERED/RESOLVED",
                "gap_days": 0,
            },
            [(1, 10, 30, 2, "resolved"), (2, 31, 40, 1, "resolved")],
        ),
        (
            "a dose in the gap parts two episodes",
            {"ae": "P1|10|20|1|RECOVERED/RESOLVED ; P1|80|90|2|RECOVERED/RESOLVED", "ex": "P1|0 ; P1|72"},
            [(1, 10, 20, 1, "resolved"), (2, 80, 90, 2, "resolved")],
        ),
        (
            "a dose during an episode does not part it",
            {"ae": "P1|10|80|2|RECOVERED/RESOLVED ; P1|82|90|1|RECOVERED/RESOLVED", "ex": "P1|0 ; P1|72"},
            [(1, 10, 90, 2, "resolved")],
        ),
        ("before the first dose is no CRS", {"ae": "P1 | 4 | 34 | 2 | RECOVERED/RESOLVED", "ex": "P1|5"}, []),
        ("after the onset window is no CRS", {"ae": "P1 | 720 | 730 | 2 | RECOVERED/RESOLVED"}, []),
        (
            "on the last hour of the window is",
            {"ae": "P1 | 719 | 730 | 2 | RECOVERED/RESOLVED"},
            [(1, 719, 730, 2, "resolved")],
        ),
        (
            "a later dose opens a new window",
            {"ae": "P1 | 800 | 810 | 2 | RECOVERED/RESOLVED", "ex": "P1|0 ; P1|790"},
            [(1, 800, 810, 2, "resolved")],
        ),
        (
            "no end runs to the last contact",
            {"ae": "P1 | 10 |  | 2 | NOT RECOVERED/NOT RESOLVED", "dm": "P1 | 100"},
            [(1, 10, 100, 2, "ongoing")],
        ),
        (
            "an end after death is cut at death",
            {"ae": "P1 | 10 | 90 | 2 | NOT RECOVERED/NOT RESOLVED", "dm": "P1 | 200 | 60"},
            [(1, 10, 60, 2, "ongoing")],
        ),
        (
            "fatal is grade 5 and ends at death",
            {"ae": "P1 | 10 | 40 | 4 | FATAL", "dm": "P1 | 60 | 60"},
            [(1, 10, 60, 5, "fatal")],
        ),
        (
            "a fatal record of an earlier episode does not make it fatal",
            {"ae": "P1|10|20|3|FATAL ; P1|300|340|4|NOT RECOVERED/NOT RESOLVED", "dm": "P1|350|350"},
            [(1, 10, 20, 3, "unknown"), (2, 300, 350, 5, "fatal")],
        ),
        (
            "what ended before onset does not set the grade",
            {"ae": "P1|900|970|4|RECOVERED/RESOLVED ; P1|975|990|1|RECOVERED/RESOLVED", "ex": "P1|0 ; P1|970"},
            [(1, 975, 990, 1, "resolved")],
        ),
        (
            "only the last episode before death is fatal",
            {"ae": "P1|10|20|1|RECOVERED/RESOLVED ; P1|300|340|4|FATAL", "dm": "P1|350|350"},
            [(1, 10, 20, 1, "resolved"), (2, 300, 350, 5, "fatal")],
        ),
        (
            "a grade that cannot be read is not guessed",
            {"ae": "P1 | 10 | 34 | SEVERE | RECOVERED/RESOLVED"},
            [(1, 10, 34, None, "resolved")],
        ),
        ("grade words", {"ae": "P1 | 10 | 34 | Grade 3 | RECOVERED/RESOLVED"}, [(1, 10, 34, 3, "resolved")]),
        (
            "daily grades run together",
            {"fa": "P1|24|1 ; P1|48|3 ; P1|72|2 ; P1|96|0", "dm": "P1|200"},
            [(1, 24, 96, 3, "resolved")],
        ),
        ("grade 0 is no CRS", {"fa": "P1|24|0 ; P1|48|0"}, []),
        ("CRS on the last day seen is ongoing", {"fa": "P1|24|1 ; P1|48|2"}, [(1, 24, 72, 2, "ongoing")]),
        (
            "two subjects do not meet",
            {
                "ae": "P1|10|20|1|RECOVERED/RESOLVED ; P2|12|30|4|RECOVERED/RESOLVED",
                "ex": "P1|0 ; P2|0",
                "dm": "P1| ; P2| ",
            },
            [(1, 10, 20, 1, "resolved"), (1, 12, 30, 4, "resolved")],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_episodes(name, given, expected):
    found = episodes(**given).sort("usubjid", "episode")
    rows = found.select("episode", hours("onset_s"), hours("end_s"), "grade", "outcome").rows()
    assert rows == expected


def test_an_episode_belongs_to_the_last_dose_at_or_before_its_onset():
    found = episodes(ae="P1|100|120|1|RECOVERED/RESOLVED", ex="P1|0 ; P1|72 ; P1|100 ; P1|168")
    assert found["dose_number"].to_list() == [3]


def test_crs_r_is_not_crs():
    assert episodes(ae="P1|10|20|1|RECOVERED/RESOLVED", term="CRS-R").height == 0


def test_severity_never_stands_in_for_the_grade():
    found = episodes(ae="P1|10|20||RECOVERED/RESOLVED", severity="SEVERE")
    assert found.select("grade", "grade_min", "grade_max").rows() == [(None, 1, 4)]
