"""Commands that ask a release: SQL, why, what changed, and where its report is."""

import webbrowser
from typing import Annotated

import typer

from pipelines.commands.options import EXIT_USAGE, AsJson, Home, Studies, Verbose, show, site_of


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
    if not asking.ask(site_of(home, studies), study, asked, limits):
        raise typer.Exit(EXIT_USAGE)


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

    found = explaining.explain(site_of(home, studies), study, asked)
    show(as_json, found.as_dict(), found.lines(verbose))


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

    found = changes.difference(site_of(home, studies), study, cut1, cut2)
    show(as_json, found.as_dict(), found.lines(verbose))


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

    path = reporting.report_path(site_of(home, studies), study, audience)
    show(as_json, {"report": str(path)}, [str(path)])
    if open_it:
        webbrowser.open(path.as_uri())
