"""What Dagster is asked to do on its own, without its daemon."""

import errno
import json

import dagster as dg
import duckdb
import pytest
from dagster._core.definitions.partitions.context import partition_loading_context
from dagster._core.test_utils import create_run_for_test

from pipelines.assets import PARTITIONS, STUDIES
from pipelines.automation import holding, lost, retrying
from pipelines.automation.holding import held
from pipelines.automation.lost import GONE, HOME_TAG, lost_sensor
from pipelines.automation.retrying import passes, trying_again, wait_seconds
from pipelines.automation.settings import Automation, SettingError, automation_from_environment
from pipelines.definitions import JOB, automated
from pipelines.errors import Refused
from pipelines.last_run import keep_last_run, last_run
from pipelines.one_at_a_time import alone, holder
from pipelines.outcome import outcome
from pipelines.ran import Ran
from pipelines.site import Site
from tests.unit.test_due import deliver, publish


@pytest.fixture
def site(tmp_path):
    site = Site(home=tmp_path / "home", studies=tmp_path / "studies")
    deliver(site, "S1", "2026-03-31")
    return site


@pytest.fixture
def instance():
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions(PARTITIONS, ["S1"])
        yield instance


@pytest.fixture
def lasting(tmp_path):
    """An instance on disk, which a schedule opens for itself."""
    (tmp_path / "dagster").mkdir()
    with dg.DagsterInstance.local_temp(str(tmp_path / "dagster")) as instance:
        yield instance


def ran(**changes):
    told = {"study": "S1", "outcome": "refused", "reason": "why", "release": "", "run_id": "r1", "at": "2026-04-01"}
    return Ran(**{**told, **changes})


def repository(site):
    return automated(site, Automation()).get_repository_def()


def looked(site, instance):
    """What the sensor asks for."""
    sensor = repository(site).get_sensor_def("new_transfers")
    with partition_loading_context(dynamic_partitions_store=instance):
        return sensor.evaluate_tick(dg.build_sensor_context(instance=instance, repository_def=repository(site)))


def nightly(site, instance):
    """What the schedule asks for."""
    schedule = repository(site).get_schedule_def("nightly_pooled")
    context = dg.build_schedule_context(instance=instance, repository_def=repository(site))
    return schedule.evaluate_tick(context)


def test_a_complete_transfer_is_queued_by_its_content(site, instance):
    [request] = looked(site, instance).run_requests
    assert (request.partition_key, request.tags["crsight/cut"]) == ("S1", "2026-03-31")
    assert request.run_key == f"S1-{request.tags['crsight/content']}"
    assert looked(site, instance).run_requests[0].run_key == request.run_key


def test_a_study_that_is_wrong_does_not_stop_the_others(site, instance):
    deliver(site, "S2", "2026-03-31")
    (site.studies / "S1/study.yaml").write_text("\0")
    assert {request.partition_key for request in looked(site, instance).run_requests} == {"S1", "S2"}


def test_nothing_due_is_said_study_by_study(site, instance):
    publish(site, "S1", "2026-03-31")
    deliver(site, "S2", "2026-03-31", is_complete=False)
    tick = looked(site, instance)
    assert tick.run_requests == []
    assert tick.skip_message.splitlines()[0] == "S1: 2026-03-31 stands."
    assert tick.skip_message.splitlines()[1].startswith("S2: there is no complete transfer")


def test_a_folder_that_is_not_there_is_said(site, instance, tmp_path):
    nowhere = Site(home=site.home, studies=tmp_path / "nowhere")
    assert "there is no such folder" in looked(nowhere, instance).skip_message


def test_a_refusal_whose_cause_was_undone_is_taken_back(site, instance):
    publish(site, "S1", "2026-03-31")
    keep_last_run(site, ran())
    looked(site, instance)
    assert last_run(site, "S1").outcome == "released"


def test_a_last_run_that_was_half_written_is_none(site):
    keep_last_run(site, ran())
    site.last_run("S1").write_text('{"study": "S')
    assert last_run(site, "S1") is None


def test_a_late_word_of_an_earlier_run_does_not_hide_a_later_one(site):
    keep_last_run(site, ran(at="2026-04-02", outcome="released"))
    keep_last_run(site, ran(at="2026-04-01"))
    assert last_run(site, "S1").outcome == "released"


def test_pooled_is_run_in_the_night_when_something_is_new(site, lasting):
    [request] = nightly(site, lasting).run_requests
    assert request.partition_key == "POOLED"
    assert lasting.has_dynamic_partition(PARTITIONS, "POOLED")


def test_a_night_without_news_says_so(site, lasting):
    publish(site, "POOLED", "2026-03-31")
    assert nightly(site, lasting).skip_message == "POOLED: 2026-03-31 stands."


@pytest.mark.parametrize(("ended", "is_run"), [("refused", False), ("broken", True)])
def test_what_was_refused_is_not_run_every_night_but_what_broke_is(site, lasting, ended, is_run):
    [request] = nightly(site, lasting).run_requests
    run = create_run_for_test(lasting, job_name=JOB, tags=dict(request.tags))
    keep_last_run(site, ran(study="POOLED", outcome=ended, run_id=run.run_id))
    assert bool(nightly(site, lasting).run_requests) == is_run


def failing(times, error):
    """An asset that fails so often, and how often it was tried."""
    tries = []

    @dg.asset(partitions_def=STUDIES)
    def step(context: dg.AssetExecutionContext) -> None:
        tries.append(context.retry_number)
        with trying_again(context):
            if len(tries) <= times:
                raise error

    return step, tries


@pytest.mark.parametrize(
    ("times", "error", "tried", "ends"),
    [
        (2, OSError(errno.ENOSPC, "No space left on device"), 3, None),
        (9, OSError(errno.ENOSPC, "No space left on device"), 4, ("broken", "OSError in step")),
        (9, duckdb.IOException('Could not set lock on file "S1.duckdb"'), 4, ("broken", "IOException in step")),
        (9, duckdb.IOException("not a valid DuckDB file"), 1, ("broken", "IOException in step")),
        (9, FileNotFoundError(errno.ENOENT, "No such file"), 1, ("broken", "FileNotFoundError in step")),
        (9, Refused("S1: there is no DM dataset."), 1, ("refused", "S1: there is no DM dataset.")),
    ],
    ids=["passes", "does not pass", "locked", "damaged", "not there", "refused data"],
)
def test_a_step_is_tried_again_only_where_that_can_help(site, instance, monkeypatch, times, error, tried, ends):
    monkeypatch.setattr(retrying, "FIRST_WAIT_SECONDS", 0)
    step, tries = failing(times, error)
    done = dg.materialize([step], partition_key="S1", instance=instance, raise_on_error=False)
    assert tries == list(range(tried))
    assert done.success == (ends is None)
    if ends:
        told = outcome(site, "S1", done.run_id, done.all_events)
        assert (told.outcome, told.brief) == ends
        assert str(error) in told.reason


def test_waits_grow():
    assert [wait_seconds(tried) for tried in range(3)] == [5, 15, 45]


def test_a_fault_of_the_program_does_not_pass():
    assert not passes(ValueError("could not set lock"))


@dg.asset(partitions_def=STUDIES, required_resource_keys={"site"})
def at_work(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    site: Site = context.resources.site
    with site.warehouse.open("S1") as first:
        first.execute("create temp table kept (a int)")
    with site.warehouse.open("S1") as second:
        second.execute("from kept")
    return dg.MaterializeResult(metadata={"holder": holder(site.lock("S1")).process})


def test_a_run_of_the_daemon_has_its_study_to_itself(site, instance):
    done = dg.materialize([at_work], partition_key="S1", instance=instance, resources={"site": held(site)})
    assert done.success
    assert instance.get_run_by_id(done.run_id).tags[HOME_TAG] == str(site.home)
    assert holder(site.lock("S1")) is None


def test_a_run_of_the_daemon_that_waits_in_vain_says_for_whom(site, instance, monkeypatch):
    monkeypatch.setattr(holding, "PATIENCE_SECONDS", 0)
    with alone(site.lock("S1")):
        done = dg.materialize(
            [at_work], partition_key="S1", instance=instance, resources={"site": held(site)}, raise_on_error=False
        )
    told = outcome(site, "S1", done.run_id, done.all_events)
    assert told.outcome == "broken"
    assert "S1: another run is under way since" in told.reason


def under_way(site, instance, home=None):
    """A run that began and has not ended, started by the command on this home or another."""
    tags = {"dagster/partition": "S1", HOME_TAG: str(home or site.home)}
    return create_run_for_test(instance, job_name=JOB, status=dg.DagsterRunStatus.STARTED, tags=tags)


def look_twice(site, instance, between=lambda: None):
    sensor = lost_sensor(site)
    first = sensor.evaluate_tick(dg.build_sensor_context(instance=instance))
    between()
    sensor.evaluate_tick(dg.build_sensor_context(instance=instance, cursor=first.cursor))
    return json.loads(first.cursor)


def test_a_run_whose_process_is_gone_is_ended_when_seen_twice(site, instance, monkeypatch):
    monkeypatch.setattr(lost, "YOUNG_SECONDS", -1)
    run = under_way(site, instance)

    def status():
        return instance.get_run_by_id(run.run_id).status

    between = []
    assert look_twice(site, instance, lambda: between.append(status())) == [run.run_id]
    assert (between, status()) == ([dg.DagsterRunStatus.STARTED], dg.DagsterRunStatus.FAILURE)
    events = [entry.get_dagster_event() for entry in instance.all_logs(run.run_id)]
    assert outcome(site, "S1", run.run_id, events).reason == GONE


@pytest.mark.parametrize("why", ["young", "at work", "of another home"])
def test_a_run_that_may_be_alive_is_left_alone(site, instance, monkeypatch, tmp_path, why):
    monkeypatch.setattr(lost, "YOUNG_SECONDS", 60 if why == "young" else -1)
    run = under_way(site, instance, home=tmp_path / "other" if why == "of another home" else None)
    with alone(site.lock("S1" if why == "at work" else "S2")):
        assert look_twice(site, instance) == []
    assert instance.get_run_by_id(run.run_id).status == dg.DagsterRunStatus.STARTED


def told(site, instance, run_id, name):
    """What the sensor of such runs makes of a run."""
    sensor = repository(site).get_sensor_def(name)
    [event] = [
        e.dagster_event for e in instance.all_logs(run_id) if e.is_dagster_event and e.dagster_event.is_job_event
    ][-1:]
    run = instance.get_run_by_id(run_id)
    sensor(dg.build_run_status_sensor_context(name, event, instance, run))
    return last_run(site, "S1")


def test_a_part_of_the_line_made_by_hand_is_no_run_of_the_study(site, instance):
    done = dg.materialize([at_work], partition_key="S1", instance=instance, resources={"site": held(site)})
    assert told(site, instance, done.run_id, "tell_of_releases") is None


def test_a_cancelled_run_is_kept_as_broken(site, instance):
    run = under_way(site, instance)
    instance.report_run_canceled(run, "Ann ended this run.")
    kept = told(site, instance, run.run_id, "tell_of_cancelled_runs")
    assert (kept.outcome, kept.reason, kept.cut) == ("broken", "Ann ended this run.", "2026-03-31")


def test_a_run_that_will_be_begun_again_is_not_told_of(site, instance):
    run = under_way(site, instance)
    instance.report_run_failed(run, GONE)
    instance.add_run_tags(run.run_id, {"dagster/will_retry": "true"})
    assert told(site, instance, run.run_id, "tell_of_failures") is None


@pytest.mark.parametrize("seconds", ["", "0", "-1", "1.5", "soon"])
def test_seconds_that_are_none_are_refused_by_name(monkeypatch, seconds):
    monkeypatch.setenv("CRSIGHT_SECONDS", seconds)
    with pytest.raises(SettingError, match=f"^CRSIGHT_SECONDS: found '{seconds}', expected a whole number from 1"):
        automation_from_environment()


def test_settings_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("CRSIGHT_SECONDS", "5")
    monkeypatch.setenv("CRSIGHT_NIGHTLY", "30 3 * * 1-5")
    monkeypatch.setenv("CRSIGHT_TIMEZONE", "Europe/Berlin")
    assert automation_from_environment() == Automation(seconds=5, nightly="30 3 * * 1-5", timezone="Europe/Berlin")
