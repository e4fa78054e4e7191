"""One question, a recipe, or a conversation: what ``crsight sql`` does."""

import sys
from dataclasses import dataclass

from pipelines.asking import prompt
from pipelines.asking.recipes import recipe
from pipelines.asking.releases import database
from pipelines.asking.session import Limits, Session
from pipelines.errors import WrongUsage
from pipelines.site import Site

HISTORY = "sql_history"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked: a SELECT, or the name of a recipe, or neither for a conversation; and how to write the answer."""

    query: str | None
    recipe: str | None
    format: str


def ask(site: Site, study: str | None, asked: Asked, limits: Limits) -> bool:
    """Whether all that was asked could be answered, the answers being on standard output.

    Args:
        site: Where the releases are.
        study: The study; may be left out when only one has a release.
        asked: What is asked.
        limits: How far each question may go.

    Raises:
        WrongUsage: If there is no such release or recipe, or a single question cannot be answered.
    """
    if asked.query is not None and asked.recipe is not None:
        raise WrongUsage("give a SELECT or --recipe, not both.")
    query = recipe(asked.recipe).query if asked.recipe is not None else asked.query
    with Session(database(site, study), limits) as session:
        if query is None:
            return _converse(site, session)
        answer = session.ask(query, asked.format)
    sys.stdout.buffer.write(answer.body)
    sys.stdout.buffer.flush()
    if answer.cut:
        print(f"Only the first {answer.rows:,} rows; --rows gives more.", file=sys.stderr)
    return True


def _converse(site: Site, session: Session) -> bool:
    if not sys.stdin.isatty():
        return prompt.converse(session, prompt.read(sys.stdin), sys.stdout.write, sys.stderr.write)
    print(prompt.HELP)
    # A person has read what was wrong, and has asked again.
    prompt.converse(session, prompt.typed(session, site.home / HISTORY), sys.stdout.write, sys.stdout.write)
    return True
