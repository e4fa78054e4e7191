"""Commands that make something: simulated studies, a check, runs, and how they stand."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.options import (
    EXIT_REFUSED,
    AsJson,
    Cut,
    Engine,
    Home,
    Studies,
    Verbose,
    finish,
    known,
    show,
    site_of,
)
from pipelines.progress import Progress


def demo(home: Home = None, studies: Studies = None, as_json: AsJson = False, verbose: Verbose = False) -> None:
    """Simulate three trials, run everything, and print where the reports are."""
    from pipelines import demonstration

    site = site_of(home, studies)
    with Progress(verbose=verbose, quiet=as_json) as progress:
        ran = demonstration.demonstrate(site, progress)
    finish(ran, as_json)


def simulate(
    out: Annotated[Path, typer.Argument(help="The folder to write the studies into.")],
    subjects: Annotated[int, typer.Option(min=1, help="Subjects per trial.")] = 300,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same bytes.")] = 1,
    therapy: Annotated[
        list[str] | None,
        typer.Option(help="car-t, bispecific or antibody; repeat it for several; all by default."),
    ] = None,
    formats: Annotated[
        str, typer.Option(help="File formats, by comma: parquet, xpt, json, ndjson, dsjc, csv.")
    ] = "parquet",
    home: Home = None,
    studies: Studies = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Write SDTM transfers with a known truth."""
    from pipelines import demonstration

    with Progress(verbose=verbose, quiet=as_json) as progress:
        written = demonstration.simulate_trials(out, subjects, seed, therapy, formats.split(","), progress)
    show(as_json, {"studies": [str(path) for path in written]}, [str(path) for path in written])


def check(
    study: Annotated[str, typer.Argument(help="The study.")],
    cut: Cut = None,
    home: Home = None,
    studies: Studies = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Say what would be refused and why: study.yaml and the transfer's files. Nothing is written."""
    from pipelines import checking

    site = known(site_of(home, studies, cut), [study])
    with Progress(verbose=verbose, quiet=as_json) as progress:
        found = checking.check(site, study, progress)
    show(as_json, found.as_dict(), found.lines())
    if found.problems:
        raise typer.Exit(EXIT_REFUSED)


def run(
    study: Annotated[list[str], typer.Argument(help="The studies, or POOLED for the study made of studies.")],
    cut: Cut = None,
    engine: Engine = None,
    home: Home = None,
    studies: Studies = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Run the whole line for these studies; exit 0 only when every one is released."""
    from pipelines import several

    site = known(site_of(home, studies, cut), study)
    site = replace(site, engine=engine or site.engine)
    with Progress(verbose=verbose, quiet=as_json) as progress:
        ran = several.run_studies(site, study, progress)
    finish(ran, as_json)


def show_status(home: Home = None, studies: Studies = None, as_json: AsJson = False, verbose: Verbose = False) -> None:
    """Show studies, cuts and releases, and what is waiting or refused and why."""
    from pipelines import status

    found = status.status(site_of(home, studies))
    show(as_json, [vars(one) for one in found], [one.line() for one in found] or ["No studies."])
