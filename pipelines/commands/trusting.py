"""Commands about whether a release can be trusted, and who can open it."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.options import EXIT_REFUSED, AsJson, Home, Studies, Verbose, show, site_of
from pipelines.errors import WrongUsage
from pipelines.progress import Progress


def verify(
    release: Annotated[
        str | None, typer.Argument(help="A study, for its current release; STUDY/CUT; or the path of a release.")
    ] = None,
    reproduce: Annotated[
        bool, typer.Option("--reproduce", help="Run it again from the same transfers, elsewhere, and compare.")
    ] = False,
    audit: Annotated[bool, typer.Option("--audit", help="Verify the whole audit log, and all releases in it.")] = False,
    home: Home = None,
    studies: Studies = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Tell whether a release is what it was when it was made, and whether it comes out again; exit 1 if not."""
    from pipelines import verifying

    if (release is None) is not audit or (audit and reproduce):
        raise WrongUsage("name a release, such as crsight verify SIM-CART, or ask for --audit alone.")
    site = site_of(home, studies)
    with Progress(verbose=verbose, quiet=as_json) as progress:
        found = (
            verifying.verify(site, release, progress, reproduce=reproduce) if release else verifying.verify_log(site)
        )
    show(as_json, found.as_dict(), found.lines())
    if not found.holds:
        raise typer.Exit(EXIT_REFUSED)


def seal(
    release: Annotated[
        str, typer.Argument(help="A study, for its current release; STUDY/CUT; or the path of a release.")
    ],
    to: Annotated[
        Path, typer.Option(help="A file of public keys of age or ssh, one a line.", envvar="CRSIGHT_SEAL_TO")
    ],
    home: Home = None,
    studies: Studies = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Write a closed release as one file that only the holders of these keys can open."""
    from pipelines import sealing
    from pipelines.verifying.naming import release_named

    site = site_of(home, studies)
    named = release_named(site, release)
    path = sealing.seal(named.folder, site.sealed_folder(named.study), to)
    show(as_json, {"sealed": str(path)}, [str(path)])
