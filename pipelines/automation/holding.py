"""What a run works in, and has to itself from its first step to its last."""

from collections.abc import Iterator

import dagster as dg
from dagster._check import not_none
from dagster._core.storage.tags import PARTITION_NAME_TAG

from pipelines.automation.lost import HOME_TAG
from pipelines.one_at_a_time import alone
from pipelines.site import Site

# Somebody's own run of the same study takes minutes; a queued one waits for it.
PATIENCE_SECONDS = 3600


def held(site: Site) -> dg.ResourceDefinition:
    """The site, with the study of the run locked and its warehouse kept open."""

    @dg.resource(description="Where studies and results lie; one run of a study at a time.")
    def hold(context: dg.InitResourceContext) -> Iterator[Site]:
        run, instance = not_none(context.run), not_none(context.instance)
        study = run.tags[PARTITION_NAME_TAG]
        instance.add_run_tags(run.run_id, {HOME_TAG: str(site.home)})
        with alone(site.lock(study), PATIENCE_SECONDS), site.warehouse.keep_open(study):
            yield site

    return hold
