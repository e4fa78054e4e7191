"""The whole line for a study through Dagster's own execution, in this process."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from pipelines.assets import PARTITIONS
from pipelines.automation.lost import HOME_TAG
from pipelines.definitions import JOB, definitions
from pipelines.outcome import outcome
from pipelines.ran import Ran
from pipelines.site import Site


def execute(site: Site, study: str) -> Ran:
    """How the run of everything from the transfer to the release went.

    Args:
        site: Where the study and the results are.
        study: Its name, or POOLED.
    """
    with _instance(site) as instance, site.warehouse.keep_open(study):
        instance.add_dynamic_partitions(PARTITIONS, [study])
        result = (
            definitions(site)
            .resolve_job_def(JOB)
            .execute_in_process(
                partition_key=study,
                instance=instance,
                raise_on_error=False,
                tags={HOME_TAG: str(site.home)},
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            )
        )
    return outcome(site, study, result.run_id, result.all_events)


@contextmanager
def _instance(site: Site) -> Iterator[dg.DagsterInstance]:
    """The instance that DAGSTER_HOME names, so that the web UI shows the run; else one that is gone afterwards.

    A run that is only made again must not be shown as one that made something.
    """
    if site.stamp is None and os.environ.get("DAGSTER_HOME"):
        with dg.DagsterInstance.get() as instance:
            yield instance
    else:
        with dg.DagsterInstance.ephemeral() as instance:
            yield instance
