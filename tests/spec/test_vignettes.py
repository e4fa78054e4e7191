"""Courses with the ASTCT 2019 answer beside them, by the models and by the plain reading."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.courses.compare import in_hours
from tests.courses.course import Vignette, vignettes
from tests.courses.plain import grade
from tests.courses.raw import graded, usubjid

SCALE = "ASTCT 2019"
VIGNETTES = vignettes()


@pytest.mark.parametrize("vignette", VIGNETTES, ids=lambda vignette: vignette.name)
def test_the_plain_reading_gives_the_answer(vignette: Vignette):
    found = [(e.onset, e.end, e.grade_min, e.grade_max) for e in grade(vignette.course, SCALE)]
    assert found == vignette.expect


def test_the_models_give_every_answer():
    episodes = in_hours(graded([vignette.course for vignette in VIGNETTES])).filter(pl.col("scale") == SCALE)
    expected = [
        (usubjid(number), place, *answer)
        for number, vignette in enumerate(VIGNETTES)
        for place, answer in enumerate(vignette.expect, start=1)
    ]
    columns = ["usubjid", "episode", "onset", "end", "grade_min", "grade_max"]
    assert_frame_equal(
        episodes.select(columns), pl.DataFrame(expected, schema=columns, orient="row"), check_dtypes=False
    )
