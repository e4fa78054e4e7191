"""The data dictionary, written from what the tables say of themselves.

``python -m pipelines.dictionary`` writes docs/dictionary.md; with ``--check`` it says whether that file is current.
"""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from pipelines.described import Described, read_references, read_written
from pipelines.models import LAYERS, Column, Model, Rule, read_models
from pipelines.site import SQL

PATH = SQL.parent / "docs" / "dictionary.md"
INTRODUCTION = """# Data dictionary

Written from the headers and column comments in `sql/`; do not edit. Data flow raw -> staged -> graded -> analysis.
A release holds the tables of the layer `analysis` under their own names, and the raw tables as `raw_<domain>`.
"""


def dictionary(models: Sequence[Model], tables: Sequence[Described]) -> str:
    """The dictionary as Markdown: a part per layer, a chapter per table."""
    parts = [INTRODUCTION]
    for schema in (*LAYERS, "reference", "study", "quality"):
        chapters = [*_models_of(schema, models), *_tables_of(schema, tables)]
        if chapters:
            parts += [f"## {schema}\n", *(text for _, text in sorted(chapters))]
    return "\n".join(parts)


def _models_of(schema: str, models: Iterable[Model]) -> list[tuple[str, str]]:
    return [(model.name, _model(model)) for model in models if model.layer == schema]


def _tables_of(schema: str, tables: Iterable[Described]) -> list[tuple[str, str]]:
    return [
        (table.name, _chapter(table.name, [table.description], table.columns))
        for table in tables
        if table.name.startswith(f"{schema}.")
    ]


def _model(model: Model) -> str:
    about = [model.description, model.row]
    about += [f"Source: {model.source}."] if model.source else []
    about += [f"Reads: {', '.join(model.depends_on)}."]
    about += [f"Rule: {_rule(rule)}." for rule in model.rules[1:]]
    return _chapter(model.name, about, model.columns)


def _rule(rule: Rule) -> str:
    arguments = ", ".join(f"{key} {value}" for key, value in rule.arguments.items())
    return f"{rule.expectation.replace('_', ' ')} ({arguments}; {rule.severity})"


def _chapter(name: str, about: Iterable[str], columns: Iterable[Column]) -> str:
    rows = [f"| {column.name} | {column.comment.replace('|', '/')} |" for column in columns]
    table = ["| column | what it is |", "|---|---|", *rows]
    return "\n".join([f"### {name}\n", "\n\n".join(" ".join(text.split()) for text in about), "", *table, ""])


def main(arguments: Sequence[str]) -> int:
    """Write the dictionary, or with ``--check`` return 1 if the file is not current."""
    text = dictionary(read_models(SQL), [*read_references(SQL), *read_written(SQL)])
    if "--check" not in arguments:
        PATH.write_text(text)
        return 0
    if PATH.read_text() != text:
        print(f"{Path('docs') / PATH.name} is not current; run: make dictionary", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
