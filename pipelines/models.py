"""What each table is and what it reads, told by its SQL file. No Dagster, no DuckDB.

A model is one file, ``sql/<layer>/<table>.sql``: a comment header (grain, key, description, rules), one
``select``, and a comment beside each column of that select.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import sqlglot
import yaml
from sqlglot import exp

LAYERS = ("raw", "staged", "graded", "analysis")
# Read from any layer: what the field knows, what the protocol says, and what was kept out.
SIDE_SCHEMAS = ("reference", "study", "quality")
SEVERITIES = ("critical", "warning")

_HEADER = re.compile(r"\s*/\*(.*?)\*/", re.DOTALL)
_HEADER_KEYS = {"grain", "key", "description", "source", "rules"}


class ModelError(Exception):
    """A file in ``sql/`` does not say what it must."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column and what it means."""

    name: str
    comment: str


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What must hold of a table, in the words of Great Expectations, and what is said to people when it does not."""

    table: str
    expectation: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    when: Mapping[str, Any] = field(default_factory=dict)
    severity: str = "critical"
    message: str = ""

    @property
    def name(self) -> str:
        """The rule's name, unique within its table."""
        pair = [self.arguments[name] for name in ("column_A", "column_B") if name in self.arguments]
        about = self.arguments.get("column") or "_".join(self.arguments.get("column_list", pair)) or "table"
        condition = "".join(f"_{value}" for value in self.when.values())
        return re.sub(r"\W+", "_", f"{about}{condition}__{self.expectation}").lower()


@dataclass(frozen=True, kw_only=True)
class Model:
    """One table: its SQL, its grain, its columns, its rules, and the tables it reads."""

    name: str
    path: Path
    sql: str
    grain: str
    key: tuple[str, ...]
    description: str
    source: str
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...]
    depends_on: tuple[str, ...]

    @property
    def layer(self) -> str:
        """The layer, which is the folder, the schema and the asset group."""
        return self.name.split(".")[0]

    @property
    def about(self) -> str:
        """What the table is, what a row of it stands for, and what tells one row from another."""
        return f"{self.description} {self.row}"

    @property
    def row(self) -> str:
        """What a row stands for, and what tells one from another."""
        return f"Grain: {self.grain}. Key: {', '.join(self.key)}."

    @property
    def table(self) -> str:
        """The table's name within its layer."""
        return self.name.split(".")[1]


def read_models(root: Path, layers: Iterable[str] = LAYERS[1:]) -> tuple[Model, ...]:
    """Every model under ``root``, each after the models it reads.

    Args:
        root: The folder that holds ``staged/``, ``graded/`` and ``analysis/``.
        layers: The layers to read, in the order data flow.

    Raises:
        ModelError: If a file does not describe its table, or the data would flow in a circle.
    """
    found = [read_model(path) for layer in layers for path in sorted((root / layer).glob("*.sql"))]
    by_name = {model.name: model for model in found}
    graph = {model.name: [name for name in model.depends_on if name in by_name] for model in found}
    try:
        return tuple(by_name[name] for name in TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise ModelError(f"{' reads '.join(error.args[1])}: data must not flow in a circle.") from error


def read_model(path: Path) -> Model:
    """The model in one SQL file.

    Args:
        path: ``.../<layer>/<table>.sql``.

    Raises:
        ModelError: If the header, a column comment or a schema name is missing, or the layer rule is broken.
    """
    name, sql = f"{path.parent.name}.{path.stem}", path.read_text()
    header, query = _header(path, sql), _query(path, sql)
    model = Model(
        name=name,
        path=path,
        sql=sql,
        grain=header["grain"],
        key=tuple(header["key"]),
        description=header["description"].strip(),
        source=str(header.get("source", "")).strip(),
        columns=_columns(path, query),
        rules=_rules(path, name, header),
        depends_on=_depends_on(path, query),
    )
    _refuse_reading_leftwards(model)
    return model


def _header(path: Path, sql: str) -> dict[str, Any]:
    match = _HEADER.match(sql)
    if not match:
        raise ModelError(f"{_short(path)}: begin with a /* */ header that gives grain, key and description.")
    try:
        header = yaml.safe_load(match[1]) or {}
    except yaml.YAMLError as error:
        raise ModelError(f"{_short(path)}: the header is not YAML: {error}") from error
    for key in ("grain", "key", "description"):
        if not header.get(key):
            raise ModelError(f"{_short(path)}: the header does not say the {key}.")
    for key in header.keys() - _HEADER_KEYS:
        raise ModelError(f"{_short(path)}: unknown header entry {key}; known are {sorted(_HEADER_KEYS)}.")
    return header


def _query(path: Path, sql: str) -> exp.Query:
    statements = [s for s in sqlglot.parse(sql, read="duckdb") if s is not None]
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise ModelError(f"{_short(path)}: write exactly one select.")
    return statements[0]


def _columns(path: Path, query: exp.Query) -> tuple[Column, ...]:
    columns = []
    for projection in query.selects:
        comment = " ".join(text.strip() for text in projection.comments or [])
        if projection.is_star or not comment:
            raise ModelError(f"{_short(path)}: say what each column is: no comment beside {projection.alias_or_name}.")
        columns.append(Column(name=projection.alias_or_name.lower(), comment=comment))
    return tuple(columns)


def _rules(path: Path, table: str, header: Mapping[str, Any]) -> tuple[Rule, ...]:
    key = Rule(
        table=table,
        expectation="compound_columns_to_be_unique",
        arguments={"column_list": list(header["key"])},
    )
    return (key, *(_rule(path, table, dict(entry)) for entry in header.get("rules", [])))


def _rule(path: Path, table: str, entry: dict[str, Any]) -> Rule:
    expectation, severity = entry.pop("expect", None), entry.pop("severity", "critical")
    if not expectation or severity not in SEVERITIES:
        raise ModelError(f"{_short(path)}: a rule needs expect, and severity {' or '.join(SEVERITIES)}.")
    when, message = entry.pop("when", {}), entry.pop("message", "")
    return Rule(table=table, expectation=expectation, arguments=entry, when=when, severity=severity, message=message)


def _depends_on(path: Path, query: exp.Query) -> tuple[str, ...]:
    ctes = {cte.alias for cte in query.find_all(exp.CTE)}
    tables = [table for table in query.find_all(exp.Table) if table.db or table.name not in ctes]
    for table in tables:
        if not table.db:
            raise ModelError(f"{_short(path)}: {table.name} is no CTE; write its schema, as in staged.{table.name}.")
    return tuple(sorted({f"{table.db}.{table.name}".lower() for table in tables}))


def _refuse_reading_leftwards(model: Model) -> None:
    allowed = LAYERS[: LAYERS.index(model.layer) + 1] + SIDE_SCHEMAS
    for table in model.depends_on:
        if table.split(".")[0] not in allowed:
            raise ModelError(f"{_short(model.path)}: {model.name} reads {table}, but data flows {' -> '.join(LAYERS)}.")


def _short(path: Path) -> str:
    return "/".join(path.parts[-3:])
