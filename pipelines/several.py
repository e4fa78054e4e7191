"""Runs of several studies: as many at once as there are cores, POOLED after those it is made of."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from threading import Thread
from typing import Any

from pipelines.progress import Progress
from pipelines.ran import Ran
from pipelines.running import run_study
from pipelines.site import Site, silent
from pipelines.studies import POOLED

# DuckDB takes this much of the memory by default; studies that run at once share it.
_MEMORY_PERCENT = 80
# Other threads of a process are lost when it is copied, with whatever they held.
_CONTEXT = get_context("spawn")
_told: Any = None


def run_studies(site: Site, studies: Sequence[str], progress: Progress) -> list[Ran]:
    """How each study went, in the order asked for; one that is refused does not stop the others.

    Args:
        site: Where the studies and the results are.
        studies: Their names; POOLED comes last whatever its place.
        progress: Whom to tell.
    """
    single = [study for study in dict.fromkeys(studies) if study != POOLED]
    many = len(single) > 1 and (os.cpu_count() or 1) > 1
    ran = _at_once(site, single, progress) if many else {study: _one(site, study, progress) for study in single}
    if POOLED in studies:
        ran[POOLED] = _one(site, POOLED, progress)
    return [ran[study] for study in dict.fromkeys(studies)]


def _one(site: Site, study: str, progress: Progress) -> Ran:
    with progress.task(study) as say:
        return run_study(replace(site, say=say), study)


def _at_once(site: Site, studies: Sequence[str], progress: Progress) -> dict[str, Ran]:
    workers = min(os.cpu_count() or 1, len(studies))
    quiet = replace(site, say=silent, memory_limit=site.memory_limit or f"{_MEMORY_PERCENT // workers}%")
    steps = _CONTEXT.SimpleQueue()
    with ProcessPoolExecutor(workers, mp_context=_CONTEXT, initializer=_listen, initargs=(steps,)) as pool:
        teller = Thread(target=_tell, args=(steps, progress))
        teller.start()
        try:
            return dict(zip(studies, pool.map(partial(_run, quiet), studies), strict=True))
        finally:
            steps.put(None)
            teller.join()


def _tell(steps: Any, progress: Progress) -> None:
    """Pass on what the processes say: a study and its step, or the study alone when it is done."""
    tasks: dict[str, ExitStack] = {}
    says: dict[str, Callable[[str], None]] = {}
    while (told := steps.get()) is not None:
        study, step = told
        if study not in tasks:
            tasks[study] = ExitStack()
            says[study] = tasks[study].enter_context(progress.task(study))
        if step is None:
            tasks[study].close()
        else:
            says[study](step)


def _listen(steps: Any) -> None:
    global _told
    _told = steps


def _run(site: Site, study: str) -> Ran:
    try:
        return run_study(replace(site, say=lambda step: _told.put((study, step))), study)
    finally:
        _told.put((study, None))
