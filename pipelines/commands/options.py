"""What all commands take, and how they end."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import typer

from pipelines.errors import WrongUsage
from pipelines.site import Site, site_from_environment

EXIT_REFUSED, EXIT_USAGE, EXIT_BROKEN = 1, 2, 3

Home = Annotated[Path | None, typer.Option(help="Where results are kept.", envvar="CRSIGHT_HOME", show_default="data")]
Studies = Annotated[
    Path | None, typer.Option(help="Where the studies lie.", envvar="CRSIGHT_STUDIES", show_default="studies")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for machines.")]
Verbose = Annotated[bool, typer.Option("-v", "--verbose", help="Say every step, and where a fault of the program is.")]
Engine = Annotated[
    Literal["duckdb", "spark"] | None,
    typer.Option(help="What makes the tables of models.", envvar="CRSIGHT_ENGINE", show_default="duckdb"),
]
Cut = Annotated[str | None, typer.Option(help="The data cut, YYYY-MM-DD; the newest complete one by default.")]


def site_of(home: Path | None, studies: Path | None, cut: str | None = None) -> Site:
    """The site of the environment, with what the command was told in its place."""
    default = site_from_environment()
    return replace(
        default,
        home=home.absolute() if home else default.home,
        studies=studies.absolute() if studies else default.studies,
        cut=cut,
    )


def known(site: Site, asked: list[str]) -> Site:
    """The same site.

    Raises:
        WrongUsage: If one of the studies asked for is not there.
    """
    from pipelines.studies import POOLED, study_names

    there = study_names(site.studies)
    for name in asked:
        if name not in there and name != POOLED:
            have = ", ".join(there) or "none"
            raise WrongUsage(f"there is no study {name} in {site.studies}; there are {have}.")
    return site


def finish(ran: list, as_json: bool) -> None:
    """Show how the runs went, and end with the exit code of the worst."""
    show(as_json, [vars(one) for one in ran], [one.line() for one in ran if one.released])
    for one in ran:
        if not one.released:
            print(one.line(), file=sys.stderr)
    if any(one.outcome == "broken" for one in ran):
        raise typer.Exit(EXIT_BROKEN)
    if any(one.outcome == "busy" for one in ran):
        raise typer.Exit(EXIT_USAGE)
    if not all(one.released for one in ran):
        raise typer.Exit(EXIT_REFUSED)


def show(as_json: bool, found: object, lines: list[str]) -> None:
    """Print what was found, for machines or for people."""
    print(json.dumps(found, indent=1, default=str) if as_json else "\n".join(lines))
