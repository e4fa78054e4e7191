"""SUPPAE and RELREC: what is said of adverse events beside their own rows."""

import numpy as np
import polars as pl
import pyarrow as pa

from pipelines.simulate.block import Block
from pipelines.simulate.tables import table, variables

_SCALE = "ASTCT 2019"
# Numbers as text come with leading blanks from some systems.
_PADDED_EVERY, _PADDED_WIDTH = 4, 4


def supplements(block: Block, ae: pl.DataFrame) -> pa.Table:
    """SUPPAE: the scale of each CRS record's grade, and which events are symptoms of CRS.

    Args:
        block: The subjects.
        ae: Their numbered adverse events.
    """
    scale = _qualifier(ae.filter(pl.col("AEGRPID").is_not_null()), "AETOXSC", "Toxicity Grading Scale", _SCALE)
    symptom = _qualifier(ae.filter("is_symptom"), "AESYMP", "Symptom of CRS", "Y")
    frame = pl.concat([scale, symptom]).sort("subject", "AESEQ")
    key = {"RDOMAIN": pl.lit("AE"), "IDVAR": pl.lit("AESEQ"), "IDVARVAL": _key("AESEQ")}
    return relation("SUPPAE", block, frame.with_columns(**key, QORIG=pl.lit("CRF")))


def relations(block: Block, ae: pl.DataFrame, cm: pl.DataFrame) -> pa.Table:
    """RELREC: each reported episode's first record and the tocilizumab given for it.

    Args:
        block: The subjects.
        ae: Their numbered adverse events.
        cm: Their numbered medications.
    """
    given = cm.filter((pl.col("CMDECOD") == "TOCILIZUMAB") & pl.col("episode").is_not_null())
    events = ae.filter(pl.col("episode").is_not_null()).unique(
        ["subject", "episode"], keep="first", maintain_order=True
    )
    keys = ["subject", "episode"]
    pairs = given.select(*keys, "CMSEQ").join(events.select(*keys, "AESEQ"), on=keys, maintain_order="left")
    both = pl.concat([_side(pairs, domain) for domain in ("AE", "CM")]).sort("subject", "RELID", "RDOMAIN")
    return relation("RELREC", block, both)


def _qualifier(ae: pl.DataFrame, name: str, label: str, value: str) -> pl.DataFrame:
    said = {"QNAM": pl.lit(name), "QLABEL": pl.lit(label), "QVAL": pl.lit(value)}
    return ae.select("subject", "AESEQ", **said)


def _side(pairs: pl.DataFrame, domain: str) -> pl.DataFrame:
    key = {"RDOMAIN": pl.lit(domain), "IDVAR": pl.lit(f"{domain}SEQ"), "IDVARVAL": _key(f"{domain}SEQ")}
    empty = pl.lit(None, pl.String)
    return pairs.select("subject", RELID=pl.format("CRS-{}", "episode"), RELTYPE=empty, **key)


def _key(sequence: str) -> pl.Expr:
    text = pl.col(sequence).cast(pl.String)
    padded = pl.col("subject") % _PADDED_EVERY == 0
    return pl.when(padded).then(text.str.pad_start(_PADDED_WIDTH)).otherwise(text)


def relation(domain: str, block: Block, frame: pl.DataFrame) -> pa.Table:
    """A relationship dataset, such as SUPPAE, of these rows by subject."""
    own = {
        "STUDYID": np.full(len(frame), block.study),
        "USUBJID": block.usubjid_of(frame["subject"].to_numpy()),
    }
    rest = {row.variable: frame[row.variable].to_arrow() for row in variables(domain) if row.variable not in own}
    return table(domain, {**own, **rest})
