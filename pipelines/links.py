"""Which records speak of which: SUPP-- to their parents, and RELREC pairs."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from pipelines.ingest import RawCut

SUPP_COLUMNS = [
    "STUDYID",
    "RDOMAIN",
    "USUBJID",
    "IDVAR",
    "IDVARVAL",
    "QNAM",
    "QLABEL",
    "QVAL",
    "_file",
    "_row",
]
KEYS = {"USUBJID": pl.String(), "key": pl.String(), "seq": pl.Int64()}
RELREC_COLUMNS = ["STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "RELTYPE", "RELID"]


def supplemental(cut: RawCut) -> pl.DataFrame:
    """Every supplemental qualifier with the --SEQ of its parent record.

    Args:
        cut: A raw cut.

    Returns:
        The columns of ``raw.supp``: a row per qualifier and parent, and a row without parent_seq for a qualifier of
        the whole subject or one whose parent was not found (``matched`` false).
    """
    domains = sorted({file.domain for file in cut.files if file.domain.startswith("SUPP")})
    frames = [_padded(pl.read_parquet(path), SUPP_COLUMNS) for domain in domains for path in cut.of_domain(domain)]
    if not frames:
        return pl.DataFrame()
    given = pl.concat(frames).with_columns(pl.col("RDOMAIN", "IDVAR", "QNAM").str.strip_chars().str.to_uppercase())
    return _with_parents(cut, given).select(
        pl.lit(cut.study).alias("studyid"),
        pl.col("RDOMAIN").alias("rdomain"),
        pl.col("USUBJID").alias("usubjid"),
        pl.col("seq").alias("parent_seq"),
        pl.col("QNAM").alias("qnam"),
        pl.col("QLABEL").alias("qlabel"),
        pl.col("QVAL").alias("qval"),
        pl.col("matched"),
        "_file",
        "_row",
    )


def related(cut: RawCut) -> pl.DataFrame:
    """Every pair of related records, each pair once, from RELREC at record or dataset level.

    Args:
        cut: A raw cut.

    Returns:
        The columns of ``raw.relrec``.
    """
    frames = [_padded(pl.read_parquet(path), RELREC_COLUMNS) for path in cut.of_domain("RELREC")]
    if not frames:
        return pl.DataFrame()
    given = pl.concat(frames).with_row_index("entry")
    given = given.with_columns(pl.col("RDOMAIN", "IDVAR").str.strip_chars().str.to_uppercase())
    by_record = _with_parents(cut, given.filter(pl.col("USUBJID").is_not_null())).filter("matched")
    by_dataset = _of_datasets(cut, given.filter(pl.col("USUBJID").is_null()))
    columns = ["STUDYID", "USUBJID", "RDOMAIN", "seq", "RELID", "entry", "key"]
    both = pl.concat([by_record.with_columns(key=pl.lit("")).select(columns), by_dataset.select(columns)])
    pairs = both.join(both, on=["STUDYID", "USUBJID", "RELID", "key"], suffix="_2").filter(
        pl.col("entry") < pl.col("entry_2")
    )
    return pairs.select(
        pl.lit(cut.study).alias("studyid"),
        pl.col("USUBJID").alias("usubjid"),
        pl.col("RDOMAIN").alias("rdomain"),
        "seq",
        pl.col("RDOMAIN_2").alias("related_domain"),
        pl.col("seq_2").alias("related_seq"),
        pl.col("RELID").alias("relid"),
    ).unique()


def _with_parents(cut: RawCut, given: pl.DataFrame) -> pl.DataFrame:
    """The rows given, each with the --SEQ of the records that IDVAR and IDVARVAL name."""
    parts = []
    for (domain, variable), rows in given.group_by("RDOMAIN", "IDVAR", maintain_order=True):
        keys = _keys(cut, domain, variable)
        wanted = rows.with_columns(key=_as_key(pl.col("IDVARVAL")))
        found = wanted.join(keys, on=["USUBJID", "key"], how="left", maintain_order="left")
        parts.append(found.drop("key").with_columns(matched=_matched(variable)))
    return pl.concat(parts) if parts else given.with_columns(seq=_no_seq(), matched=pl.lit(False))


def _matched(variable: str | None) -> pl.Expr:
    # A blank IDVAR speaks of the subject, who is there or whose row is quarantined.
    return pl.lit(True) if not variable else pl.col("seq").is_not_null()


def _of_datasets(cut: RawCut, given: pl.DataFrame) -> pl.DataFrame:
    """Records of the datasets that a dataset-level RELREC relates by the value of one variable."""
    parts = [
        _keys(cut, row["RDOMAIN"], row["IDVAR"]).with_columns(
            RDOMAIN=pl.lit(row["RDOMAIN"]),
            RELID=pl.lit(row["RELID"]),
            entry=pl.lit(row["entry"], pl.UInt32),
            STUDYID=pl.lit(row["STUDYID"]),
        )
        for row in given.iter_rows(named=True)
    ]
    schema = {"STUDYID": pl.String(), "USUBJID": pl.String(), "RDOMAIN": pl.String(), "seq": pl.Int64()}
    schema |= {"RELID": pl.String(), "entry": pl.UInt32(), "key": pl.String()}
    return pl.concat(parts, how="diagonal") if parts else pl.DataFrame(schema=schema)


def _keys(cut: RawCut, domain: str | None, variable: str | None) -> pl.DataFrame:
    """USUBJID, key and seq of the records of a domain, by the value of one variable."""
    paths = cut.of_domain(domain) if domain and variable else []
    found = [_keys_of_file(path, domain or "", variable or "") for path in paths]
    return pl.concat([pl.DataFrame(schema=KEYS), *found])


def _keys_of_file(path: Path, domain: str, variable: str) -> pl.DataFrame:
    names = {name.upper(): name for name in pl.read_parquet_schema(path)}
    if not {variable, f"{domain}SEQ", "USUBJID"} <= names.keys():
        return pl.DataFrame(schema=KEYS)
    chosen = list({names[variable], names[f"{domain}SEQ"], names["USUBJID"]})
    keys = pl.read_parquet(path, columns=chosen).select(
        pl.col(names["USUBJID"]).alias("USUBJID"),
        _as_key(pl.col(names[variable])).alias("key"),
        pl.col(names[f"{domain}SEQ"]).cast(pl.Float64, strict=False).cast(pl.Int64, strict=False).alias("seq"),
    )
    # Two records under one --SEQ are one parent, so that a qualifier is not doubled.
    return keys.filter(pl.col("key").is_not_null()).unique()


def _as_key(value: pl.Expr) -> pl.Expr:
    """Text for joining: IDVARVAL is text such as '   2' where --SEQ is the number 2.0."""
    text = value.cast(pl.String).str.strip_chars()
    return text.str.replace(r"^(\d+)\.0*$", "$1").str.replace(r"^0+(\d)", "$1")


def _padded(frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    named = frame.rename({c: c.upper() for c in frame.columns if not c.startswith("_")})
    missing = [pl.lit(None, pl.String).alias(c) for c in columns if c not in named.columns]
    return named.with_columns(missing).select(columns)


def _no_seq() -> pl.Expr:
    return pl.lit(None, pl.Int64)
