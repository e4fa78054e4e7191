from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.simulate.draws import Draws
from pipelines.simulate.tables import days_between, iso

places = st.integers(min_value=0, max_value=10_000)
sizes = st.integers(min_value=1, max_value=50)


@given(first=places, size=sizes, width=st.integers(1, 9), at=st.data())
def test_a_subjects_numbers_do_not_depend_on_the_block(first, size, width, at):
    whole = Draws(trial="t", seed=3, first=first, subjects=size).uniform("x", width)
    one = at.draw(st.integers(0, size - 1))
    alone = Draws(trial="t", seed=3, first=first + one, subjects=1).uniform("x", width)
    np.testing.assert_array_equal(alone[0], whole[one])


@pytest.mark.parametrize(("trial", "seed", "name"), [("other", 3, "x"), ("t", 4, "x"), ("t", 3, "y")])
def test_another_trial_seed_or_name_gives_other_numbers(trial, seed, name):
    usual = Draws(trial="t", seed=3, first=0, subjects=5).uniform("x")
    assert not np.isin(Draws(trial=trial, seed=seed, first=0, subjects=5).uniform(name), usual).any()


def test_normal_numbers_are_standard_normal():
    z = Draws(trial="t", seed=1, first=0, subjects=40_000).normal("z")
    assert abs(z.mean()) < 0.02
    assert abs(z.std() - 1) < 0.02


def test_picks_follow_their_weights():
    picked = Draws(trial="t", seed=1, first=0, subjects=40_000).pick("p", (1, 0, 3))[:, 0]
    np.testing.assert_allclose(np.bincount(picked) / len(picked), [0.25, 0, 0.75], atol=0.01)


@given(st.lists(st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2099, 12, 31))))
def test_times_are_written_as_iso_8601_to_the_minute(moments):
    minutes = np.array([np.datetime64(moment, "m").astype(np.int64) for moment in moments], np.int64)
    assert iso(minutes).to_pylist() == [f"{moment:%Y-%m-%dT%H:%M}" for moment in moments]


def test_a_time_that_never_comes_is_blank():
    never = np.iinfo(np.int64).max // 4
    assert iso(np.array([0, never, 60])).to_pylist() == ["1970-01-01T00:00", None, "1970-01-01T01:00"]


@pytest.mark.parametrize(("minute", "day"), [(-1441, -2), (-1, -1), (0, 1), (1439, 1), (1440, 2)])
def test_study_days_have_no_day_0(minute, day):
    assert days_between(np.array([0]), np.array([minute])).tolist() == [day]
