"""Rows that are wrong, as in any real transfer: the pipeline must put them aside, and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import yaml

from pipelines.simulate.block import Block
from pipelines.simulate.parameter_rows import PARAMETERS

# Sequence numbers of the changed rows, which are nobody's else.
_SEQUENCES_FROM = 90_000


@dataclass(frozen=True, kw_only=True)
class Dirt:
    """A kind of wrong row: for which subjects, from which of their rows it is copied, and what is changed."""

    kind: str
    domain: str
    every: int
    first: int
    where: Mapping[str, str]
    change: Mapping[str, Any]


@cache
def _kinds(domain: str) -> tuple[Dirt, ...]:
    kinds = yaml.safe_load((PARAMETERS / "dirty.yaml").read_text(encoding="utf-8"))
    return tuple(Dirt(**row) for row in kinds if row["domain"] == domain)


def can_be_dirty(domain: str) -> bool:
    """Whether any kind of wrong row is of this domain."""
    return bool(_kinds(domain))


def dirty_rows(block: Block, domain: str, clean: pa.Table) -> tuple[pa.Table, pl.DataFrame]:
    """The wrong rows of a domain, to be written after the clean ones, and a list of them.

    Args:
        block: The subjects.
        domain: A domain that can be dirty.
        clean: Its clean rows, in order of subject.

    Returns:
        Rows of the same columns, and one row per wrong row: studyid, usubjid, domain, seq, kind.
    """
    made = [_changed(block, number, row, clean) for number, row in enumerate(_kinds(domain))]
    wrong = pl.concat(made)
    named = {"studyid": "STUDYID", "usubjid": "USUBJID", "seq": f"{domain}SEQ", "kind": "kind"}
    return wrong.drop("kind").to_arrow(), wrong.select(domain=pl.lit(domain), **named)


def _changed(block: Block, number: int, row: Dirt, clean: pa.Table) -> pl.DataFrame:
    chosen = np.flatnonzero(block.people.index % row.every == row.first)
    wanted = pl.Series([block.usubjids[place] for place in chosen], dtype=pl.String)
    frame = _as_polars(clean.filter(_is_in(clean["USUBJID"], wanted)))
    for variable, value in row.where.items():
        frame = frame.filter(pl.col(variable) == value)
    first = frame.unique("USUBJID", keep="first", maintain_order=True)
    if not row.change:
        return first.with_columns(kind=pl.lit(row.kind))
    changes = {name: pl.lit(value, first.schema[name]) for name, value in row.change.items()}
    sequence = pl.lit(_SEQUENCES_FROM + number, pl.Int64).alias(f"{row.domain}SEQ")
    return first.with_columns(sequence, **changes).with_columns(kind=pl.lit(row.kind))


def _is_in(column: pa.ChunkedArray, wanted: pl.Series) -> pa.Array:
    texts = column.combine_chunks()
    codes = np.flatnonzero(np.isin(np.array(texts.dictionary), wanted.to_numpy()))
    return pa.array(np.isin(texts.indices.to_numpy(), codes))


def _as_polars(rows: pa.Table) -> pl.DataFrame:
    return pl.DataFrame(rows.cast(_plain(rows.schema)))


def _plain(schema: pa.Schema) -> pa.Schema:
    return pa.schema(
        [(field.name, pa.string() if pa.types.is_dictionary(field.type) else field.type) for field in schema]
    )
