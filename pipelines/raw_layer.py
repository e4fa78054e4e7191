"""The raw layer as DuckDB sees it: a view per domain, of one study or of several."""

from collections.abc import Collection, Mapping, Sequence

import duckdb
import polars as pl

from pipelines.described import Described
from pipelines.ingest import RawCut, received
from pipelines.links import related, supplemental
from pipelines.models import Column
from pipelines.warehouse import describe, quoted, quoted_name, rows, write_described

TYPES = {"text": "varchar", "number": "double", "datetime": "varchar"}
BOUNDS = {"first": "bigint", "last": "bigint", "precision": "varchar"}


def attach(db: duckdb.DuckDBPyConnection, cuts: Sequence[RawCut], written: Sequence[Described]) -> None:
    """Make raw.<domain> for every domain that models read, raw.supp and raw.relrec.

    A view has every contracted variable, empty where the transfer lacks it, and leaves out quarantined rows.

    Args:
        db: The study's connection, with reference.sdtm_variables loaded.
        cuts: The raw cuts to stack; more than one when pooled.
        written: What the tables are that Python writes.
    """
    contract = contracted(db)
    for domain, variables in contract.items():
        _view(db, domain, variables, cuts)
    frames = {
        "raw.supp": pl.concat([_pooled_file(supplemental(c), c, cuts) for c in cuts], how="diagonal"),
        "raw.relrec": pl.concat([related(c) for c in cuts], how="diagonal"),
    }
    write_described(db, [table for table in written if table.name in frames], frames)


def contracted(db: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[str, str, str]]]:
    """By domain, the variables that models read: name, type, label."""
    contract: dict[str, list[tuple[str, str, str]]] = {}
    query = "select domain, variable, type, label from reference.sdtm_variables order by rowid"
    for domain, variable, kind, label in rows(db, query):
        contract.setdefault(domain, []).append((variable, kind, label))
    return contract


def as_received(cuts: Sequence[RawCut]) -> dict[str, str]:
    """By domain, a select that gives its raw rows as received, with _file and _row, quarantined rows included."""
    domains = sorted({file.domain for cut in cuts for file in cut.files})
    return {domain: " union all by name ".join(_received(domain, cuts)) for domain in domains}


def file_name(cut: RawCut, cuts: Sequence[RawCut], file: str) -> str:
    """The file as tables name it: with the study before it when several are pooled."""
    return f"{cut.study}/{file}" if len(cuts) > 1 else file


def _view(
    db: duckdb.DuckDBPyConnection, domain: str, variables: list[tuple[str, str, str]], cuts: Sequence[RawCut]
) -> None:
    selects = [select for cut in cuts for select in _contract_select(domain, variables, cut, cuts)]
    selects = selects or [_no_rows(variables)]
    kept = (
        f"anti join (select file as _file, row as _row from quality.quarantine where domain = '{domain}') "
        "using (_file, _row)"
    )
    db.execute(f"create or replace view raw.{domain.lower()} as select * from ({' union all '.join(selects)}) {kept}")
    columns = [Column(name=name.lower(), comment=label) for name, _, label in variables]
    describe(db, f"raw.{domain.lower()}", f"SDTM {domain}, one row per record kept.", columns)


def _contract_select(
    domain: str, variables: list[tuple[str, str, str]], cut: RawCut, cuts: Sequence[RawCut]
) -> list[str]:
    prefix = quoted(file_name(cut, cuts, ""))
    selects = []
    for path in cut.of_domain(domain):
        received_as = pl.read_parquet_schema(path)
        names = {name.upper(): name for name in received_as}
        typed = {name.upper() for name, kind in received_as.items() if kind == pl.Float64}
        columns = [part for name, kind, _ in variables for part in _columns(names, typed, cut.study, name, kind)]
        place = f"{prefix} || _file as _file, _row"
        selects.append(f"select {', '.join(columns)}, {place} from read_parquet({quoted(str(path))})")
    return selects


def _no_rows(variables: list[tuple[str, str, str]]) -> str:
    columns = [part for name, kind, _ in variables for part in _columns({}, (), "", name, kind)]
    return f"select {', '.join(columns)}, null::varchar as _file, null::bigint as _row where false"


def _columns(names: Mapping[str, str], typed: Collection[str], study: str, name: str, kind: str) -> list[str]:
    if name == "STUDYID":
        return [f"{quoted(study)} as studyid"]
    alias, received_as = name.lower(), names.get(name)
    # Every column that was received is text or a number.
    cast = "{}" if (name in typed) == (kind == "number") else f"try_cast({{}} as {TYPES[kind]})"
    value = cast.format(f'"{received_as}"') if received_as else f"null::{TYPES[kind]}"
    columns = [f"{value} as {alias}"]
    if kind == "datetime":
        columns += [
            f'"_{alias}_{part}"' if f"_{alias}_{part}".upper() in names else f"null::{sql} as _{alias}_{part}"
            for part, sql in BOUNDS.items()
        ]
    return columns


def _received(domain: str, cuts: Sequence[RawCut]) -> list[str]:
    selects = []
    for cut in cuts:
        file = f"{quoted(file_name(cut, cuts, ''))} || _file as _file"
        for path in cut.of_domain(domain):
            names = [quoted_name(name) for name in received(list(pl.read_parquet_schema(path))) if name != "_file"]
            selects.append(f"select {', '.join([*names, file])} from read_parquet({quoted(str(path))})")
    return selects


def _pooled_file(frame: pl.DataFrame, cut: RawCut, cuts: Sequence[RawCut]) -> pl.DataFrame:
    if frame.is_empty():
        return frame
    return frame.with_columns(_file=pl.lit(file_name(cut, cuts, "")) + pl.col("_file"))
