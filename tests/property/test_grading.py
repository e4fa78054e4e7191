"""What must hold of the models' grades for any courses; originals and changed courses stand in one build."""

from collections.abc import Sequence
from random import Random

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tests.courses.changes import Change, changes, shifted, split, worsened
from tests.courses.compare import KEY, TIMES, assert_same, in_hours, one_grade_each, read_plainly
from tests.courses.course import Course
from tests.courses.raw import graded, graded_with_segments, usubjid
from tests.courses.strategies import courses, seeded

COURSES = 300


def assert_graded_as_read(given_courses: Sequence[Course]) -> None:
    """The models' episodes and segments are those of the plain reading."""
    episodes, segments = graded_with_segments(given_courses)
    plain_episodes, plain_segments = read_plainly(given_courses)
    assert_same(given_courses, in_hours(episodes), plain_episodes)
    assert_same(given_courses, one_grade_each(segments), plain_segments)


# Shrinking would build for minutes; the shortest course that differs is told in any case.
@settings(max_examples=5, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.lists(courses(), min_size=30, max_size=60))
def test_the_models_grade_as_the_contract_reads(several: list[Course]):
    assert_graded_as_read(several)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_models_grade_a_thousand_courses_as_the_contract_reads(seed: int):
    assert_graded_as_read(seeded(1000, seed))


def before_and_after(changes: Sequence[Change]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Episodes of the courses and of the changed courses, under the same identifiers, in hours."""
    episodes = in_hours(graded([course for change in changes for course in change]))
    names = {
        usubjid(2 * number + after): (usubjid(number), after) for number in range(len(changes)) for after in (0, 1)
    }
    who = pl.DataFrame(
        [(name, *meaning) for name, meaning in names.items()], schema=["usubjid", "who", "after"], orient="row"
    )
    named = episodes.join(who, on="usubjid", maintain_order="left").with_columns(usubjid="who").drop("who")
    return tuple(named.filter(pl.col("after") == after).drop("after") for after in (0, 1))


def test_a_worse_sign_never_lowers_a_grade():
    before, after = before_and_after(changes(worsened, COURSES, 10))
    highest = [frame.group_by("usubjid", "scale").agg(pl.max("grade_min", "grade_max")) for frame in (before, after)]
    pairs = highest[0].join(highest[1], on=["usubjid", "scale"], how="left", suffix="_after")
    lowered = pl.any_horizontal(
        pl.col(f"{grade}_after").fill_null(0) < pl.col(grade) for grade in ("grade_min", "grade_max")
    )
    assert pairs.filter(lowered).is_empty()
    assert pairs.filter(pl.col("grade_max_after") > pl.col("grade_max")).height > 50


def test_a_course_some_time_later_changes_nothing_but_times():
    hours = [(1.0, 24.0, 250.25, 3000.0)[number % 4] for number in range(COURSES)]
    pairs = zip(seeded(COURSES, 11), hours, strict=True)
    before, after = before_and_after([Change(course, shifted(course, later)) for course, later in pairs])
    later = pl.col("usubjid").replace_strict({usubjid(number): later for number, later in enumerate(hours)})
    assert_frame_equal(before.with_columns(pl.col(TIMES) + later), after)


def test_a_drug_record_split_in_two_changes_nothing():
    before, after = before_and_after(changes(split, COURSES, 12))
    assert_frame_equal(before, after)


def test_the_order_of_rows_changes_nothing():
    several = seeded(COURSES, 13)
    episodes, segments = graded_with_segments(several)
    shuffled_episodes, shuffled_segments = graded_with_segments(several, shuffled=1)
    assert_frame_equal(shuffled_episodes, episodes)
    assert_frame_equal(shuffled_segments, segments)


def test_two_subjects_never_influence_each_other():
    several = seeded(COURSES, 14)
    together = graded(several)
    for number in Random(14).sample(range(COURSES), 5):
        alone = graded([several[number]]).with_columns(usubjid=pl.lit(usubjid(number)))
        expected = together.filter(pl.col("usubjid") == usubjid(number))
        assert_frame_equal(in_hours(alone), in_hours(expected))


def test_the_grade_lies_between_the_lowest_and_the_highest():
    episodes = graded(seeded(COURSES, 15))
    grade, lowest, highest = (pl.col(name) for name in ("grade", "grade_min", "grade_max"))
    assert episodes.filter(~(grade.fill_null(lowest).is_between(lowest, highest))).is_empty()
    assert episodes.filter(lowest < highest).height > 50


def test_segments_tile_each_episode():
    episodes, segments = graded_with_segments(seeded(COURSES, 16))
    ordered = segments.sort(*KEY, "start_s")
    follows = pl.col("start_s") == pl.col("end_s").shift(1).over(KEY)
    assert ordered.filter(~follows).is_empty()
    ends = ordered.group_by(KEY, maintain_order=True).agg(onset_s=pl.min("start_s"), end_s=pl.max("end_s"))
    assert_frame_equal(ends, episodes.select(*KEY, "onset_s", "end_s"))
