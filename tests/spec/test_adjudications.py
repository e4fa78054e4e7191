"""Adjudicated grades stand beside those that are reported and derived, and replace none."""

import pytest

from tests.harness import run

EPISODES = """
    studyid | usubjid | subject | source   | scale      | episode | onset_s | end_s | grade
    S1      | P1      | 1       | reported | ASTCT 2019 | 1       | 100     | 200   | 3
    S1      | P1      | 1       | reported | ASTCT 2019 | 2       | 900     | 990   | 1
    S1      | P1      | 1       | derived  | ASTCT 2019 | 1       | 110     | 150   | 2
    S1      | P1      | 1       | derived  | ASTCT 2019 | 2       | 160     | 190   | 4
    S1      | P1      | 1       | derived  | Lee 2014   | 1       | 110     | 150   | 1
    S1      | P1      | 1       | derived  | Lee 2014   | 2       | 160     | 190   |
"""
SCALE = """
    studyid | scale
    S1      | ASTCT 2019
"""


def adjudicated(line):
    given = f"""
        studyid | usubjid | source | scale | episode | grade | reason | adjudicator | adjudicated_at | line
        S1 | P1 | {line} | 2 | because | Committee | 2026-02-15 | 2
    """
    matched = run("graded.adjudications", study__adjudications=given, graded__episodes=EPISODES)
    return run(
        "analysis.adjudications",
        study__adjudications=given,
        graded__adjudications=matched,
        graded__episodes=EPISODES,
        staged__reported_scale=SCALE,
    )


@pytest.mark.parametrize(
    ("line", "reported", "derived"),
    [
        ("reported | ASTCT 2019 | 1", 3, 4),
        ("reported | ASTCT 2019 | 2", 1, None),
        ("derived | ASTCT 2019 | 1", 3, 2),
        ("reported | Lee 2014 | 1", 3, 1),
        ("reported | MSKCC | 1", 3, None),
    ],
    ids=[
        "the highest derived grade that overlaps",
        "no derived episode overlaps",
        "an episode of the signs",
        "another scale that is derived",
        "a scale that nobody graded on",
    ],
)
def test_an_adjudicated_grade_stands_beside_the_others(line, reported, derived):
    [row] = adjudicated(line).to_dicts()
    assert (row["adjudicated_grade"], row["reported_grade"], row["derived_grade"]) == (2, reported, derived)
    assert (row["reason"], row["adjudicator"], row["reported_scale"]) == ("because", "Committee", "ASTCT 2019")


def test_an_episode_that_is_not_there_has_no_onset():
    given = """
        studyid | usubjid | source   | scale      | episode | grade | line
        S1      | P1      | reported | ASTCT 2019 | 3       | 2     | 2
        S1      | P1      | reported | ASTCT 2019 | 2       | 2     | 3
    """
    matched = run("graded.adjudications", study__adjudications=given, graded__episodes=EPISODES)
    assert dict(matched.select("line", "onset_s").iter_rows()) == {2: None, 3: 900}


def test_a_discordance_names_the_grade_that_people_gave_on_its_scale():
    grades = """
        studyid | usubjid | source   | scale      | grade | grade_min | grade_max | episodes | onset_days | is_assessable
        S1      | P1      | reported | ASTCT 2019 | 3     | 3         | 3         | 1        | 1.5        | true
        S1      | P1      | derived  | ASTCT 2019 | 4     | 4         | 4         | 1        | 1.5        | true
        S1      | P1      | derived  | Lee 2014   | 1     | 1         | 1         | 1        | 1.5        | true
    """
    scales = """
        studyid | scale      | position
        S1      | ASTCT 2019 | 1
        S1      | Lee 2014   | 2
    """
    given = """
        studyid | usubjid | source   | scale      | episode | grade
        S1      | P1      | reported | ASTCT 2019 | 1       | 2
        S1      | P1      | reported | ASTCT 2019 | 2       | 3
    """
    pairs = run("analysis.grade_pairs", analysis__adcrs_subject=grades, study__scales=scales)
    found = run(
        "analysis.discordances",
        analysis__grade_pairs=pairs,
        analysis__adcrs_subject=grades,
        study__adjudications=given,
    )
    assert dict(found.select("scale", "adjudicated_grade").iter_rows()) == {"ASTCT 2019": 3, "Lee 2014": None}
    assert dict(found.select("scale", "reported_grade").iter_rows()) == {"ASTCT 2019": 3, "Lee 2014": 3}
