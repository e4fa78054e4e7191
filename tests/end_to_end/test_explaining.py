"""``crsight explain`` on a release that a run has made."""

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("nulisa")]
COUNTS = "('n', 'n_subjects', 'n_events', 'n_competing', 'n_censored')"


@pytest.fixture(scope="module")
def worst(nulisa) -> str:
    """The subject with the highest reported grade."""
    query = (
        "select usubjid from adcrs_subject where source = 'reported' order by grade desc nulls last, usubjid limit 1"
    )
    return nulisa.ask("NULISA-CART", query).item()


def test_the_story_of_a_subject_ends_with_the_grade_and_the_rows_that_set_it(nulisa, worst):
    story = nulisa.crsight("explain", worst).stdout
    assert story.startswith(f"Subject {worst} of NULISA-CART: ")
    assert "reported 4 on " in story
    assert "first study dose, time zero" in story
    assert "reported.grade (" in story
    assert " row " in story.split("What set the reported grade of episode 1:")[1]


def test_the_facts_of_a_subject_are_those_of_the_release(nulisa, worst):
    facts = nulisa.json("explain", worst, "--study", "NULISA-CART")
    episodes = nulisa.ask(
        "NULISA-CART", f"select grade from adcrs where usubjid = '{worst}' order by source, scale, episode"
    )
    assert [one["grade"] for one in facts["episodes"]] == episodes["grade"].to_list()


def test_a_subject_without_crs_is_said_to_have_none(nulisa):
    query = "select min(usubjid) from adcrs_subject group by usubjid having max(episodes) = 0 limit 1"
    assert "No CRS reported" in nulisa.crsight("explain", nulisa.ask("NULISA-CART", query).item()).stdout


def test_a_number_has_as_many_subjects_behind_it_as_it_says(nulisa):
    query = f"""
        select cell_id, stat from ard where subjects_sql is not null and stat_name in {COUNTS}
        qualify row_number() over (partition by analysis, stat_name order by stat desc, cell_id) = 1
    """
    for cell_id, stat in nulisa.ask("NULISA-CART", query).rows():
        found = nulisa.json("explain", cell_id)
        assert (cell_id, len({one["usubjid"] for one in found["subjects"]})) == (cell_id, int(stat))


def test_the_beginning_of_several_numbers_lists_them(nulisa):
    said = nulisa.crsight("explain", "a", expect=2)
    assert (said.stdout, said.stderr.count("\n  ") > 5) == ("", True)


def test_a_subject_that_is_not_there_is_answered_with_the_nearest(nulisa, worst):
    said = nulisa.crsight("explain", f"{worst}x", expect=2)
    assert f"the nearest are {worst}" in said.stderr
