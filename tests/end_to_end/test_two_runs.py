"""Two runs of one study, and what a run leaves for others to see."""

import pytest

from pipelines.one_at_a_time import alone
from pipelines.site import Site
from tests.end_to_end.test_refusals import deliver

pytestmark = pytest.mark.slow


def test_a_study_that_another_run_has_in_hand_is_not_run_and_keeps_its_state(line):
    deliver(line, "S1", dm=None)
    deliver(line, "S2", dm=None)
    line.crsight("run", "S1", expect=1)
    lock = Site(home=line.home, studies=line.studies).lock("S1")
    with alone(lock):
        assert "S1: busy: S1: another run is under way since" in line.crsight("run", "S1", expect=2).stderr
        assert "S2" in line.crsight("run", "S1", "S2", expect=2).stderr
        assert [one["state"] for one in line.json("status")] == ["running", "refused"]
    assert [one["state"] for one in line.json("status")] == ["refused", "refused"]
