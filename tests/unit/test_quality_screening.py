"""What becomes of raw rows that break a rule: kept out, refused, or only noted. Nothing is lost."""

import json

import pytest

from pipelines.errors import Refused
from pipelines.quality import ledger, screen
from tests.harness import insert, table
from tests.unit.quality_material import DM, RULES, arrived, as_received, kept_out, screened

VS = """
    studyid | usubjid | vsseq | vstestcd | vsorres | vsstresn | vsstresu
    S1      | P1      |     1 | TEMP     | "37.1"  |     37.1 | C
    S1      | P1      |     2 | TEMP     | "370"   |    370.0 | C
    S1      | P9      |     3 | TEMP     | "370"   |    370.0 | C
    S1      | P2      |     4 | SYSBP    | "120"   |    120.0 | mmHg
    S1      | P2      |     4 | SYSBP    | "120"   |    120.0 | mmHg
    S1      | P2      |     4 | SYSBP    | "121"   |    121.0 | mmHg
"""


def test_a_row_kept_out_is_kept_whole_with_its_place_rule_and_value():
    db = arrived(dm=DM, vs=VS)
    screened(db, "temperature_c")
    [row] = db.execute("select * from quality.quarantine where rule = 'temperature_c' and row = 2").fetchall()
    *place, record = row
    assert place == ["vs.xpt", 2, "VS", "temperature_c", "370.0"]
    received = {name: value for name, value in json.loads(record).items() if value is not None}
    assert received == {
        "studyid": "S1",
        "usubjid": "P1",
        "vsseq": 2.0,
        "vstestcd": "TEMP",
        "vsorres": "370",
        "vsstresn": 370.0,
        "vsstresu": "C",
    }


def test_a_row_is_kept_out_once_by_the_first_rule_it_breaks():
    db = arrived(dm=DM, vs=VS)
    screened(db)
    assert kept_out(db) == [
        ("vs.xpt", 2, "temperature_c"),
        ("vs.xpt", 3, "subject_not_in_dm"),
        ("vs.xpt", 5, "exact_duplicate"),
    ]


def test_no_row_is_lost_and_the_ledger_counts_those_kept_out():
    db = arrived(dm=DM, vs=VS)
    screened(db)
    kept = db.execute("select _row from raw.vs order by all").fetchall()
    assert [row for (row,) in kept] == [1, 4, 6]
    assert ledger(db) == {"vs.xpt": 3}


def test_the_value_of_a_broken_date_is_its_text():
    ae = """
        studyid | usubjid | aeseq | aestdtc    | aeendtc
        S1      | P1      |     1 | 2026-03-02 | 2026-03-01
        S1      | P1      |     2 | 31FEB2026  |
    """
    db = arrived(dm=DM, ae=ae)
    screened(db)
    found = db.execute("select row, rule, value from quality.quarantine order by all").fetchall()
    assert found == [
        (1, "end_before_start", "2026-03-01 / 2026-03-02"),
        (2, "unparsable_date_aestdtc", "31FEB2026"),
    ]


@pytest.mark.parametrize(
    ("dm", "rows", "says"),
    [
        (DM + "S1 | P1\n", "1, 3", "subject_twice_in_dm: USUBJID is in DM more than once; deliver one row"),
        (DM + "S1 |\n", "3", "subject_missing_in_dm: USUBJID is blank"),
        (DM + 'S1 | " "\n', "3", "subject_missing_in_dm: USUBJID is blank"),
        (DM + "S1 | P1\n" * 22, f"1, {', '.join(map(str, range(3, 22)))} and 3 more", "subject_twice_in_dm"),
    ],
    ids=["twice", "empty", "blank", "many"],
)
def test_a_transfer_is_refused_by_file_and_rows_but_not_by_subject(dm, rows, says):
    db = arrived(dm=dm)
    with pytest.raises(Refused) as refusal:
        screened(db)
    assert str(refusal.value).startswith(f"dm.xpt, rows {rows}: {says}")
    assert "P1" not in str(refusal.value)


def test_what_was_found_before_a_refusal_is_kept():
    db = arrived(dm=DM + "S1 | P1\n")
    with pytest.raises(Refused):
        screened(db)
    found = db.execute("select rule, passed, failing from quality.findings order by all").fetchall()
    assert found == [("subject_missing_in_dm", True, 0), ("subject_twice_in_dm", False, 2)]


def test_one_subject_of_two_pooled_studies_is_no_subject_twice():
    outcomes = screened(arrived(dm=DM + "S2 | P1\n"))
    assert outcomes["raw.dm subject_twice_in_dm"].passed


def test_a_subject_in_another_pooled_study_is_not_in_dm():
    db = arrived(dm=DM + "S2 | P3\n", ex="studyid | usubjid | exseq\nS1 | P1 | 1\nS1 | P3 | 1\n")
    screened(db)
    assert kept_out(db) == [("ex.xpt", 2, "subject_not_in_dm")]


def test_a_warning_keeps_the_row():
    db = arrived(dm="studyid | usubjid | age\nS1 | P1 | 130\n")
    screened(db)
    assert kept_out(db) == []
    query = "select table_name, severity, failing, examples from quality.findings where not passed"
    assert db.execute(query).fetchall() == [("raw.dm", "warning", 1, '[{"_file": "dm.xpt", "_row": 1}]')]


def test_the_rows_kept_out_are_counted_exactly_and_twenty_of_them_named():
    vs = "studyid | usubjid | vsseq | vstestcd | vsstresn\n" + "".join(
        f"S1 | P1 | {seq} | SYSBP | {-(seq % 3)}\n" for seq in range(1, 46)
    )
    db = arrived(dm=DM, vs=vs)
    outcome = screened(db)["raw.vs systolic_pressure"]
    assert (outcome.failing, len(kept_out(db))) == (45, 45)
    assert [example["_row"] for example in outcome.examples] == list(range(1, 21))


def test_copies_are_alike_in_every_column_received_and_not_only_in_those_that_models_read():
    db = arrived(dm=DM, vs=VS)
    received = {
        domain: f"select *, 'lot ' || _row as EXLOT from ({select})" for domain, select in as_received(db).items()
    }
    assert screen(db, [], received)[0].passed


def test_copies_without_sequence_numbers_are_found():
    db = arrived(dm=DM, vs=VS.replace("|     4 |", "|       |"))
    screened(db, "none of the rules")
    assert kept_out(db) == [("vs.xpt", 5, "exact_duplicate")]


def test_copies_in_files_of_two_pooled_studies_are_none():
    db = arrived(dm=DM, vs=VS)
    received = {"VS": "select 'a' as x, 'S1/vs.xpt' as _file, 1 as _row union all select 'a', 'S2/vs.xpt', 1"}
    assert screen(db, [], received)[0].passed


def test_copies_in_datasets_that_no_model_reads_are_kept_out():
    db = arrived(dm=DM)
    db.execute("create table arrived.zz as select 'P1' as usubjid, 'zz.xpt' as _file, unnest([7, 3, 5]) as _row")
    screened(db)
    assert kept_out(db) == [("zz.xpt", 5, "exact_duplicate"), ("zz.xpt", 7, "exact_duplicate")]


def test_a_qualifier_kept_out_is_no_longer_read():
    db = arrived(dm=DM)
    db.execute("create table arrived.suppae as select 'A' as qnam, 'suppae.xpt' as _file, unnest([1, 2]) as _row")
    insert(db, "raw.supp", table("qnam | _file | _row\nA | suppae.xpt | 1\nA | suppae.xpt | 2\n"))
    screened(db)
    assert db.execute("select _row from raw.supp").fetchall() == [(1,)]


def test_rules_of_domains_that_did_not_arrive_are_not_tried():
    outcomes = screened(arrived(dm=DM))
    assert {name.split()[0] for name in outcomes} == {"raw.dm"}
    assert len(outcomes) == len([rule for rule in RULES if rule.domain == "DM"])


def test_screening_again_finds_nothing_more():
    db = arrived(dm=DM, vs=VS)
    screened(db)
    again = screen(db, RULES, {"DM": as_received(db)["DM"], "VS": "select * exclude (vspos) from raw.vs"})
    assert [outcome for outcome in again if not outcome.passed] == []
