"""SUPP-- joined to its parents, and RELREC at both levels."""

import polars as pl
import pytest

from pipelines.ingest import Ingested, RawCut
from pipelines.links import related, supplemental
from tests.harness import table

AE = """
    STUDYID | USUBJID | AESEQ | AESPID | AELNKID
    S1      | P1      | 1.0   | A01    | L1
    S1      | P1      | 2.0   | A02    | L2
    S1      | P2      | 1.0   | A01    | L1
"""
FA = """
    STUDYID | USUBJID | FASEQ | FALNKGRP
    S1      | P1      | 1.0   | L1
    S1      | P1      | 2.0   | L1
    S1      | P2      | 7.0   | L1
"""


def ingested(name):
    return Ingested(
        file=f"{name}.csv", dataset=name.upper(), domain=name.upper(), sha256="", format="CSV", rows=0, notes=()
    )


@pytest.fixture
def folder(tmp_path):
    def write(**tables: str | pl.DataFrame):
        for name, text in {"ae": AE, "fa": FA, **tables}.items():
            frame = table(text) if isinstance(text, str) else text
            frame.with_columns(_file=pl.lit(f"{name}.csv"), _row=pl.int_range(1, pl.len() + 1)).write_parquet(
                tmp_path / f"{name}.parquet"
            )
        files = tuple(ingested(name) for name in {"ae", "fa", *tables})
        return RawCut(study="S1", cut="2026-06-30", folder=tmp_path, files=files)

    return write


def supp(*rows):
    names = ("RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QVAL")
    frame = pl.DataFrame([dict(zip(names, row, strict=True)) for row in rows], schema=dict.fromkeys(names, pl.String))
    return frame.with_columns(STUDYID=pl.lit("S1"), QLABEL=pl.lit("Label"))


@pytest.mark.parametrize(
    ("variable", "value", "parents"),
    [
        ("AESEQ", "2", [2]),
        ("AESEQ", "   2", [2]),
        ("AESEQ", "2.0", [2]),
        ("AESEQ", "02", [2]),
        ("aeseq", "2", [2]),
        ("AESPID", "A01", [1]),
        ("AESEQ", "9", [None]),
        ("AENONE", "9", [None]),
    ],
)
def test_a_qualifier_finds_its_parent_however_its_key_is_written(folder, variable, value, parents):
    found = supplemental(folder(suppae=supp(("AE", "P1", variable, value, "AETOXSC", "ASTCT 2019"))))
    assert found.select("rdomain", "usubjid", "parent_seq", "qval", "matched", "_row").rows() == [
        ("AE", "P1", parent, "ASTCT 2019", parent is not None, 1) for parent in parents
    ]


def test_a_qualifier_of_the_whole_subject_has_no_parent_and_is_matched(folder):
    found = supplemental(folder(suppdm=supp(("DM", "P1", None, None, "PRODUCT", "X"))))
    assert found.select("parent_seq", "matched").rows() == [(None, True)]


def test_no_supplemental_dataset_is_no_rows(folder):
    assert supplemental(folder()).height == 0


def test_record_level_relations_pair_two_records_once(folder):
    rows = """
        STUDYID | RDOMAIN | USUBJID | IDVAR | IDVARVAL | RELTYPE | RELID
        S1      | AE      | P1      | AESEQ |    "  2" |         | R1
        S1      | FA      | P1      | FASEQ |        1 |         | R1
    """
    found = related(folder(relrec=rows))
    assert found.rows() == [("S1", "P1", "AE", 2, "FA", 1, "R1")]


def test_dataset_level_relations_pair_by_value_within_the_subject(folder):
    rows = """
        STUDYID | RDOMAIN | USUBJID | IDVAR    | IDVARVAL | RELTYPE | RELID
        S1      | AE      |         | AELNKID  |          | ONE     | R1
        S1      | FA      |         | FALNKGRP |          | MANY    | R1
    """
    found = related(folder(relrec=rows)).select("usubjid", "seq", "related_seq").sort(pl.all())
    assert found.rows() == [("P1", 1, 1), ("P1", 1, 2), ("P2", 1, 7)]
