"""The ``crsight`` command: what it can be told, and how it says what went wrong."""

import sys
import traceback

import typer

from pipelines.commands import asking, making, trusting
from pipelines.commands.options import EXIT_BROKEN, EXIT_REFUSED, EXIT_USAGE
from pipelines.machine import fault_of_machine

# What is said to people as it stands, by the name of its kind; anything else is a fault of the program.
SAID = {
    **dict.fromkeys(("Refused", "FormatError", "StudyError"), (EXIT_REFUSED, "Refused")),
    **dict.fromkeys(("WrongUsage", "SettingError", "SimulationError"), (EXIT_USAGE, "Usage")),
}

COMMANDS = {
    "demo": making.demo,
    "simulate": making.simulate,
    "check": making.check,
    "run": making.run,
    "status": making.show_status,
    "sql": asking.sql,
    "explain": asking.explain,
    "diff": asking.diff,
    "report": asking.report,
    "verify": trusting.verify,
    "seal": trusting.seal,
}

app = typer.Typer(
    help="Who got cytokine release syndrome, how bad, when, and how it ended: from trial datasets to reports.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for name, command in COMMANDS.items():
    app.command(name)(command)


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
