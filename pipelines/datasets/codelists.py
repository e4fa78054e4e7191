"""The codelists of the released datasets: what a variable may hold, and what it does hold beyond that."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from pipelines.datasets.content import Content
from pipelines.datasets.markup import clean
from pipelines.formats.iso import plain
from pipelines.warehouse import rows

LISTS = "select codelist, name, standard, version, code from reference.released_codelists order by codelist"
TERMS = """
    select codelist, position, value, decode, code from reference.released_terms
    union all
    select 'PARAMCD', paramn, paramcd, param, null from reference.time_parameters
    union all
    select 'SCALE', 0, scale, null, null from reference.scales group by scale
    union all
    select 'DEVICE', min(rank), device, null, null from reference.devices group by device
    order by all
"""


@dataclass(frozen=True, kw_only=True)
class Term:
    """A value, what it means, and its NCI code; an extension is a value that CDISC's list does not have."""

    value: str
    decode: str | None = None
    code: str | None = None
    is_extension: bool = False


@dataclass(frozen=True, kw_only=True)
class Codelist:
    """A closed set of values, ``text`` or ``integer``; of CDISC when it has a standard."""

    name: str
    label: str
    type: str
    standard: str | None
    version: str | None
    code: str | None
    terms: tuple[Term, ...]


@dataclass(kw_only=True)
class _Held:
    type: str = "text"
    values: set[str]


def read_codelists(db: duckdb.DuckDBPyConnection, contents: Iterable[Content]) -> dict[str, Codelist]:
    """The codelists that variables have, by name, each with the values of the data beyond those it foresees.

    A list without any value, because its variables are empty, is left out.
    """
    foreseen: dict[str, list[Term]] = {}
    for name, _, value, decode, code in rows(db, TERMS):
        foreseen.setdefault(name, []).append(Term(value=value, decode=decode, code=code))
    held, found = _held(contents), {}
    for name, label, standard, version, code in rows(db, LISTS):
        terms = foreseen.get(name, [])
        more = sorted(held[name].values - {term.value for term in terms}) if name in held else []
        terms = (*terms, *(Term(value=value, is_extension=standard is not None) for value in more))
        if name in held and terms:
            found[name] = Codelist(
                name=name,
                label=label,
                type=held[name].type,
                standard=standard,
                version=version,
                code=code,
                terms=terms,
            )
    return found


def _held(contents: Iterable[Content]) -> dict[str, _Held]:
    held: dict[str, _Held] = {}
    for content in contents:
        for variable in content.variables:
            if variable.codelist:
                column = content.rows[variable.name]
                into = held.setdefault(variable.codelist, _Held(values=set()))
                into.type = "integer" if column.dtype.is_numeric() else "text"
                into.values |= _values(column)
    return held


def _values(column: pl.Series) -> set[str]:
    written = plain(Path(column.name), column.drop_nulls().unique())
    text = written if written.dtype == pl.String else written.cast(pl.Int64).cast(pl.String)
    # A transport file knows no blank at the end of a value, and no value of blanks; define.xml names a value once.
    return {clean(value) for value in text.str.strip_chars_end(" ") if value}
