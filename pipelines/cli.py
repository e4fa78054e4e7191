"""The ``crsight`` command.

Each command loads the rooms it needs when it is called: a question in SQL should not wait for Dagster.
"""

import json
import sys
import traceback
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from pipelines.errors import WrongUsage
from pipelines.machine import fault_of_machine
from pipelines.progress import Progress
from pipelines.site import Site, site_from_environment

EXIT_REFUSED, EXIT_USAGE, EXIT_BROKEN = 1, 2, 3
# What is said to people as it stands, by the name of its kind; anything else is a fault of the program.
SAID = {
    **dict.fromkeys(("Refused", "FormatError", "StudyError"), (EXIT_REFUSED, "Refused")),
    **dict.fromkeys(("WrongUsage", "SimulationError"), (EXIT_USAGE, "Usage")),
}

app = typer.Typer(
    help="Who got cytokine release syndrome, how bad, when, and how it ended: from trial datasets to reports.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Home = Annotated[Path | None, typer.Option(help="Where results are kept.", envvar="CRSIGHT_HOME", show_default="data")]
Studies = Annotated[
    Path | None, typer.Option(help="Where the studies lie.", envvar="CRSIGHT_STUDIES", show_default="studies")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]
Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="Say every step, and where a fault of the program is.")]
Cut = Annotated[str | None, typer.Option(help="The data cut, YYYY-MM-DD; the newest complete one by default.")]


@app.command()
def demo(home: Home = None, studies: Studies = None, as_json: AsJson = False, verbose: Verbose = False) -> None:
    """Simulate three trials, run everything, and print where the reports are."""
    from pipelines import demonstration

    site = _site(home, studies)
    with Progress(verbose=verbose, quiet=as_json) as progress:
        ran = demonstration.demonstrate(site, progress)
    _finish(ran, as_json)


@app.command()
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
    _print(as_json, {"studies": [str(path) for path in written]}, [str(path) for path in written])


@app.command()
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

    site = _known(_site(home, studies, cut), [study])
    with Progress(verbose=verbose, quiet=as_json) as progress:
        found = checking.check(site, study, progress)
    _print(as_json, found.as_dict(), found.lines())
    if found.problems:
        raise typer.Exit(EXIT_REFUSED)


@app.command()
def run(
    study: Annotated[list[str], typer.Argument(help="The studies, or POOLED for the study made of studies.")],
    cut: Cut = None,
    home: Home = None,
    studies: Studies = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Run the whole line for these studies; exit 0 only when every one is released."""
    from pipelines import several

    site = _known(_site(home, studies, cut), study)
    with Progress(verbose=verbose, quiet=as_json) as progress:
        ran = several.run_studies(site, study, progress)
    _finish(ran, as_json)


@app.command(name="status")
def show_status(home: Home = None, studies: Studies = None, as_json: AsJson = False, verbose: Verbose = False) -> None:
    """Show studies, cuts and releases, and what is waiting or refused and why."""
    from pipelines import status

    found = status.status(_site(home, studies))
    _print(as_json, [vars(one) for one in found], [one.line() for one in found] or ["No studies."])


@app.command()
def sql(
    query: Annotated[str | None, typer.Argument(help="One SELECT; without it, a prompt, or what is piped in.")] = None,
    study: Annotated[str | None, typer.Option(help="The study; needed when there are several releases.")] = None,
    format: Annotated[str, typer.Option(help="table, csv, json or parquet.")] = "table",
    recipe: Annotated[str | None, typer.Option(help="A tested question by its name, in place of a SELECT.")] = None,
    rows: Annotated[int, typer.Option(help="Most rows of an answer.", min=1)] = 100_000,
    seconds: Annotated[float, typer.Option(help="Most time an answer may take.", min=0.1)] = 60,
    home: Home = None,
    studies: Studies = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Ask a release read-only SELECTs: one, a recipe, or many at a prompt."""
    from pipelines.asking import asking
    from pipelines.asking.session import Limits

    limits = Limits(rows=rows, seconds=seconds)
    asked = asking.Asked(query=query, recipe=recipe, format="json" if as_json else format)
    if not asking.ask(_site(home, studies), study, asked, limits):
        raise typer.Exit(EXIT_USAGE)


@app.command()
def explain(
    asked: Annotated[
        str,
        typer.Argument(metavar="CELL_ID|USUBJID", help="A number of the ARD, or its beginning; or a subject."),
    ],
    study: Annotated[str | None, typer.Option(help="The study; all releases are searched without one.")] = None,
    home: Home = None,
    studies: Studies = None,
    as_json: AsJson = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Tell each reading on a line of its own.")] = False,
) -> None:
    """Tell the subjects behind a number, or the evidence behind a subject's grade."""
    from pipelines import explaining

    found = explaining.explain(_site(home, studies), study, asked)
    _print(as_json, found.as_dict(), found.lines(verbose))


@app.command()
def diff(
    study: Annotated[str, typer.Argument(help="The study.")],
    cut1: Annotated[str, typer.Argument(help="The earlier release, such as 2026-03-31.")],
    cut2: Annotated[str, typer.Argument(help="The later one; of several of one cut, such as 2026-06-30-r2.")],
    home: Home = None,
    studies: Studies = None,
    as_json: AsJson = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Name what was only followed longer, too.")] = False,
) -> None:
    """Tell what changed between two releases: subjects, grades, episodes, adverse events and numbers."""
    from pipelines import changes

    found = changes.difference(_site(home, studies), study, cut1, cut2)
    _print(as_json, found.as_dict(), found.lines(verbose))


@app.command()
def verify(
    release: Annotated[str, typer.Argument(help="A study, STUDY/RELEASE such as MY-STUDY/2026-06-30, or a folder.")],
    home: Home = None,
    studies: Studies = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Hold a release against the hashes of its manifest, and the audit log against itself."""
    from pipelines import verifying

    site = _site(home, studies)
    folder = verifying.release_of(site, release)
    found = verifying.problems(site, folder)
    _print(as_json, {"release": str(folder), "problems": found}, found or [f"{folder}: as it was published."])
    if found:
        raise typer.Exit(EXIT_REFUSED)


@app.command()
def report(
    study: Annotated[str, typer.Argument(help="The study.")],
    audience: Annotated[
        str, typer.Option(help="closed: for those who may know the arm; open: for those who must not.")
    ] = "closed",
    open_it: Annotated[bool, typer.Option("--open", help="Open it in a browser.")] = False,
    home: Home = None,
    studies: Studies = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Print where a study's report is."""
    from pipelines import reporting

    path = reporting.report_path(_site(home, studies), study, audience)
    _print(as_json, {"report": str(path)}, [str(path)])
    if open_it:
        webbrowser.open(path.as_uri())


def main() -> None:
    """Run the command, and turn what went wrong into a sentence and an exit code."""
    verbose = "-v" in sys.argv or "--verbose" in sys.argv
    try:
        app()
    except Exception as error:
        told = next((SAID[kind.__name__] for kind in type(error).__mro__ if kind.__name__ in SAID), None)
        if told:
            code, kind = told
            _fail(code, kind, error)
        # A fault of the program: a sentence for people, the traceback on request.
        if verbose:
            traceback.print_exc()
        fault = fault_of_machine(f"{type(error).__name__}: {error}")
        if fault:
            _fail(EXIT_BROKEN, "Not done", fault)
        hint = "" if verbose else " Run it again with -v to see where."
        _fail(EXIT_BROKEN, "Something broke in the program", f"{type(error).__name__}: {error}.{hint}")


def _fail(code: int, kind: str, error: object) -> None:
    print(f"{kind}: {error}", file=sys.stderr)
    sys.exit(code)


def _site(home: Path | None, studies: Path | None, cut: str | None = None) -> Site:
    default = site_from_environment()
    return Site(
        home=home.absolute() if home else default.home,
        studies=studies.absolute() if studies else default.studies,
        cut=cut,
        memory_limit=default.memory_limit,
    )


def _known(site: Site, asked: list[str]) -> Site:
    from pipelines.studies import POOLED, study_names

    known = study_names(site.studies)
    for name in asked:
        if name not in known and name != POOLED:
            have = ", ".join(known) or "none"
            raise WrongUsage(f"there is no study {name} in {site.studies}; there are {have}.")
    return site


def _finish(ran: list, as_json: bool) -> None:
    _print(as_json, [vars(one) for one in ran], [one.line() for one in ran if one.released])
    for one in ran:
        if not one.released:
            print(one.line(), file=sys.stderr)
    if any(one.outcome == "broken" for one in ran):
        raise typer.Exit(EXIT_BROKEN)
    if not all(one.released for one in ran):
        raise typer.Exit(EXIT_REFUSED)


def _print(as_json: bool, found: object, lines: list[str]) -> None:
    print(json.dumps(found, indent=1, default=str) if as_json else "\n".join(lines))
