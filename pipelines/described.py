"""What the tables are that no model makes: reference rows, and what Python writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipelines.models import Column, ModelError

TYPES = {
    "text": "varchar",
    "number": "double",
    "integer": "bigint",
    "boolean": "boolean",
    "time": "timestamp",
}


@dataclass(frozen=True, kw_only=True)
class Described:
    """A table that no SQL file makes, its columns and their types."""

    name: str
    description: str
    columns: tuple[Column, ...]
    types: tuple[str, ...]
    path: Path

    @property
    def ddl(self) -> str:
        """The columns with their DuckDB types, as ``create table`` wants them."""
        return ", ".join(f'"{c.name}" {TYPES[t]}' for c, t in zip(self.columns, self.types, strict=True))


def read_references(root: Path) -> tuple[Described, ...]:
    """The reference tables: each CSV under ``root/reference`` and the YAML header in its ``# `` lines.

    Raises:
        ModelError: If a header is missing, or does not say what each column of the CSV is.
    """
    return tuple(_reference(path) for path in sorted((root / "reference").glob("*.csv")))


def read_written(root: Path) -> tuple[Described, ...]:
    """The tables that Python writes, as ``root/written.yaml`` describes them."""
    path = root / "written.yaml"
    return tuple(_described(path, name, entry) for name, entry in yaml.safe_load(path.read_text()).items())


def _reference(path: Path) -> Described:
    lines = path.read_text().splitlines()
    comment = "\n".join(line[2:] for line in lines if line.startswith("#"))
    header = yaml.safe_load(comment) or {}
    found = next(line for line in lines if not line.startswith("#")).split(",")
    if found != list(header.get("columns", {})):
        raise ModelError(f"sql/reference/{path.name}: the # header must say what each column is; the file has {found}.")
    return _described(path, f"reference.{path.stem}", header)


def _described(path: Path, name: str, entry: Mapping[str, Any]) -> Described:
    columns = {column: _typed(about) for column, about in entry["columns"].items()}
    for column, (kind, about) in columns.items():
        if kind not in TYPES or not about:
            raise ModelError(f"{name}.{column}: write its type ({', '.join(TYPES)}) and what it is.")
    return Described(
        name=name,
        description=str(entry["description"]).strip(),
        columns=tuple(Column(name=column, comment=about) for column, (_, about) in columns.items()),
        types=tuple(kind for kind, _ in columns.values()),
        path=path,
    )


def _typed(about: str) -> tuple[str, str]:
    """Split ``integer, rows in the file`` into the type and the meaning; text is the default."""
    kind, _, rest = str(about).partition(",")
    return (kind.strip(), rest.strip()) if kind.strip() in TYPES and rest else ("text", str(about).strip())
