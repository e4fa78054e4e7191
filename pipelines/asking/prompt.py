"""Questions typed one after the other, with history and completion."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TextIO

from pipelines.asking.recipes import recipe, recipes
from pipelines.asking.session import FORMATS, Session
from pipelines.errors import WrongUsage

HELP = """\
A question is one SELECT, ended by a semicolon. Besides:
  .tables          the tables, and what each is      (describe TABLE; tells its columns)
  .recipes         questions that people ask         .recipe NAME   answers one
  .format FORMAT   table, csv or json                .help  .quit"""
TABLES = "select table_name, comment from duckdb_tables() order by table_name"
NAMES = """
    select table_name from duckdb_tables() union select column_name from duckdb_columns() where not internal order by 1
"""
WORDS = ("select", "from", "where", "group by", "order by", "count(*)", "count(distinct", "filter (where", "join")
Show = Callable[[str], object]


def converse(session: Session, questions: Iterator[str], show: Show, complain: Show) -> bool:
    """Answer each question, and say what is wrong with one that cannot be answered.

    Args:
        session: Who answers.
        questions: What is asked: SELECTs, and words that begin with a point.
        show: Called with each answer.
        complain: Called with what is wrong.

    Returns:
        Whether every question was answered.
    """
    format, all_answered = "table", True
    for question in questions:
        word, _, rest = question.strip().rstrip(";").partition(" ")
        if word == ".quit":
            break
        try:
            if word == ".format":
                format = _known_format(rest.strip())
            else:
                show(_said(session, word, rest.strip(), question, format))
        except WrongUsage as error:
            all_answered = False
            complain(f"{error}\n")
    return all_answered


def _said(session: Session, word: str, rest: str, question: str, format: str) -> str:
    if not word.startswith("."):
        return answered(session, question, format)
    told: Mapping[str, Callable[[], str]] = {
        ".help": lambda: f"{HELP}\n",
        ".tables": lambda: answered(session, TABLES, format),
        ".recipes": lambda: "".join(f"{one.name:<28} {one.question}\n" for one in recipes()),
        ".recipe": lambda: answered(session, recipe(rest).query, format),
    }
    if word not in told:
        raise WrongUsage(f"there is no {word}; .help tells what there is.")
    return told[word]()


def answered(session: Session, query: str, format: str) -> str:
    """The answer as text, and whether rows were left out of it."""
    answer = session.ask(query, format)
    more = f"Only the first {answer.rows:,} rows; --rows gives more.\n" if answer.cut else ""
    return f"{answer.body.decode()}{more}"


def typed(session: Session, history: Path) -> Iterator[str]:
    """What a person types at a terminal, completed by the names of tables and columns, until the end of input."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.history import FileHistory

    history.parent.mkdir(parents=True, exist_ok=True)
    history.touch(mode=0o600)
    names = session.ask(NAMES, "csv").body.decode().split()[1:]
    prompt = PromptSession(history=FileHistory(str(history)), completer=WordCompleter([*names, *WORDS]))
    while True:
        try:
            line = prompt.prompt("crsight> ")
            while line.strip() and not line.startswith(".") and not line.rstrip().endswith(";"):
                line += f"\n{prompt.prompt('    ...> ')}"
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if line.strip():
            yield line


def read(text: TextIO) -> Iterator[str]:
    """What comes from a file or a pipe: each question ended by a semicolon at the end of a line, or by the end."""
    question = ""
    for line in text:
        question += line
        if line.rstrip().endswith(";") or (line.startswith(".") and question == line):
            yield question
            question = ""
    if question.strip():
        yield question


def _known_format(name: str) -> str:
    if name not in FORMATS or name == "parquet":
        raise WrongUsage(f"the format is {name or 'not named'}; here it is table, csv or json.")
    return name
