"""Releases made by hand, with just what ``crsight explain`` reads: three subjects and two numbers."""

from dataclasses import fields
from pathlib import Path

import duckdb

from pipelines.explaining.cell import Number
from pipelines.explaining.facts import Adjudication, Episode, Evidence, Highest, Query, Segment, Sign, Waiver, Who
from tests.harness import table

KINDS = {
    "adsl": Who,
    "signs": Sign,
    "waivers": Waiver,
    "grade_segments": Segment,
    "adcrs": Episode,
    "adcrs_subject": Highest,
    "grade_evidence": Evidence,
    "queries": Query,
    "adjudications": Adjudication,
    "ard": Number,
}

# P1 has CRS of grade 2, P2 signs that do not count, P3 was not treated.
TABLES = {
    "adsl": """
        usubjid | age | sex | indication | therapy | dose | dose_unit | dose_level | doses | trtsdtm          | dthfl | dthdtm           | dthprec | lstalvdtm        | cutdtm           | saffl
        P1      |  61 | F   | Lymphoma   | Cells   |  2.5 | 10^6/kg   | DL1        |     2 | 2026-03-01 10:00 | Y     | 2026-03-20 00:00 | D       | 2026-03-20 23:59 | 2026-06-30 23:59 | Y
        P2      |     | M   | Lymphoma   | Cells   |      |           | Missing    |     1 | 2026-03-01 00:00 |       |                  |         | 2026-04-30 23:59 | 2026-06-30 23:59 | Y
        P3      |  47 | F   | Lymphoma   | Missing |      |           | Missing    |     0 |                  |       |                  |         | 2026-03-05 23:59 | 2026-06-30 23:59 | N
    """,
    "raw_ex": """
        USUBJID | EXSEQ | EXTRT       | EXDOSE | EXDOSU  | EXSTDTC          | _file | _row
        P1      |     2 | CELLS       |    2.5 | 10^6/kg | 2026-03-01T10:00 | ex.xpt |   2
        P1      |     1 | FLUDARABINE |   30.0 | mg/m2   | 2026-02-26       | ex.xpt |   1
        P1      |     3 | CELLS       |   -1.0 | 10^6/kg | 2026-03-02T10:00 | ex.xpt |   3
        P1      |     4 | CELLS       |  500000000.0 | cells | 2026-03-15T09:00 | ex.xpt |   4
        P2      |     1 | CELLS       |        |         | 2026-03-01       | ex.xpt |   5
    """,
    "quarantine": """
        domain | file   | row | rule
        EX     | ex.xpt |   3 | dose_not_negative
        VS     | ex.xpt |   4 | implausible
    """,
    "settings": """
        key             | value
        grading.scales  | Lee 2014, ASTCT 2019, CTCAE 4.03
        grading.primary | reported
    """,
    "adjudications": """
        usubjid | source   | scale      | episode | adjudicated_grade | reason                   | adjudicator | adjudicated_at
        P1      | reported | ASTCT 2019 |       1 |                 3 | Oxygen was for pneumonia | Committee   | 2026-07-15
    """,
    "signs": """
        usubjid | source   | sign        | level_min | level_max | finding                          | start_dtm        | end_dtm          | end_imputed | counted | episode | why_not               | domain | seq | file   | row
        P1      | derived  | fever       |         1 |         1 | TEMP 38.3 C                      | 2026-03-01 09:00 | 2026-03-01 10:00 | false       | false   |         | before the first dose | VS     |   1 | vs.xpt |  11
        P1      | derived  | fever       |         1 |         1 | TEMP 38.6 C                      | 2026-03-02 06:00 | 2026-03-02 10:00 | false       | true    |       1 |                       | VS     |   2 | vs.xpt |  12
        P1      | derived  | fever       |         1 |         1 | TEMP 39.4 C                      | 2026-03-02 10:00 | 2026-03-02 14:00 | false       | true    |       1 |                       | VS     |   3 | vs.xpt |  13
        P1      | derived  | fever       |         1 |         1 | TEMP 38.1 C                      | 2026-03-02 14:00 | 2026-03-02 18:00 | false       | true    |       1 |                       | VS     |   4 | vs.xpt |  14
        P1      | derived  | fever       |         1 |         1 | TEMP 38 C                        | 2026-03-02 22:00 | 2026-03-03 02:00 | false       | true    |       1 |                       | VS     |   6 | vs.xpt |  16
        P1      | derived  | hypoxia     |         2 |         3 | NASAL CANNULA for hypoxia        | 2026-03-02 12:00 | 2026-03-03 00:00 | true        | true    |       1 |                       | PR     |   1 | pr.xpt |  21
        P1      | reported | reported    |         2 |         2 | CRS grade 2                      | 2026-03-02 00:00 | 2026-03-05 00:00 | false       | true    |       1 |                       | AE     |   5 | ae.xpt |  31
        P2      | derived  | hypotension |         2 |         2 | SYSBP 84 mmHg                    | 2026-03-04 06:00 | 2026-03-04 10:00 | false       | false   |         | no fever then         | VS     |  51 | vs.xpt |  51
        P2      | derived  | hypotension |         2 |         2 | SYSBP 84 mmHg                    | 2026-03-04 18:00 | 2026-03-04 22:00 | false       | false   |         | no fever then         | VS     |  52 | vs.xpt |  52
        P2      | derived  | hypoxia     |         4 |         4 | CPAP for sleep apnoea            | 2026-03-04 20:00 | 2026-03-05 04:00 | false       | false   |         | not for hypoxia       | PR     |   2 | pr.xpt |  53
    """,
    "waivers": """
        usubjid | drug        | drug_class   | start_dtm        | waived | why_not               | domain | seq | file   | row
        P1      | paracetamol | antipyretic  | 2026-03-01 09:00 | false  | before the first dose | CM     |   1 | cm.xpt |  41
        P1      | tocilizumab | anticytokine | 2026-03-02 13:00 | true   |                       | CM     |   2 | cm.xpt |  42
    """,
    "grade_segments": """
        usubjid | source   | scale      | episode | start_dtm        | end_dtm          | grade | fever | hypotension | hypoxia
        P1      | derived  | ASTCT 2019 |       1 | 2026-03-02 06:00 | 2026-03-02 12:00 |     1 |     1 |           0 |       0
        P1      | derived  | ASTCT 2019 |       1 | 2026-03-02 12:00 | 2026-03-02 18:00 |     3 |     1 |           0 |       3
        P1      | derived  | ASTCT 2019 |       1 | 2026-03-02 18:00 | 2026-03-03 00:00 |     3 |     0 |           0 |       3
        P1      | derived  | ASTCT 2019 |       1 | 2026-03-03 00:00 | 2026-03-03 02:00 |     1 |     1 |           0 |       0
        P1      | derived  | CTCAE 4.03 |       1 | 2026-03-02 06:00 | 2026-03-03 02:00 |       |     1 |           0 |       3
        P1      | reported | ASTCT 2019 |       1 | 2026-03-02 00:00 | 2026-03-05 00:00 |     2 |       |             |
    """,
    "adcrs": """
        usubjid | source   | scale      | episode | astdtm           | astprec | aendtm           | aenprec | ongoing | grade | grade_min | grade_max | why_no_grade                          | outcome  | onset_days
        P1      | derived  | ASTCT 2019 |       1 | 2026-03-02 06:00 | m       | 2026-03-03 02:00 | m       | false   |     3 |         2 |         3 |                                       | resolved | 0.83
        P1      | derived  | CTCAE 4.03 |       1 | 2026-03-02 06:00 | m       | 2026-03-03 02:00 | m       | false   |       |         1 |         4 | the scale has no rule for oxygen      | resolved | 0.83
        P1      | reported | ASTCT 2019 |       1 | 2026-03-02 00:00 | D       | 2026-03-05 00:00 | D       | true    |     2 |         2 |         2 |                                       | ongoing  | 1
    """,
    "adcrs_subject": """
        usubjid | source   | scale      | grade | grade_min | grade_max | episodes | is_assessable
        P1      | derived  | ASTCT 2019 |     3 |         2 |         3 |        1 | true
        P1      | derived  | CTCAE 4.03 |       |         1 |         4 |        1 | true
        P1      | reported | ASTCT 2019 |     2 |         2 |         2 |        1 | true
        P2      | derived  | ASTCT 2019 |     0 |         0 |         0 |        0 | true
        P2      | reported | ASTCT 2019 |     0 |         0 |         0 |        0 | true
    """,
    "grade_evidence": """
        usubjid | source   | scale      | episode | rule_id                | meaning              | grade | domain | seq | variable | value         | start_dtm        | file   | row
        P1      | derived  | ASTCT 2019 |       1 | astct-2019.3.hypoxia   | High-flow oxygen     |     3 | PR     |   1 | PRDECOD  | NASAL CANNULA | 2026-03-02 12:00 | pr.xpt |  21
        P1      | derived  | ASTCT 2019 |       1 | onset                  | The first fever      |     3 | VS     |   2 | VSSTRESC | 38.6 C        | 2026-03-02 06:00 | vs.xpt |  12
        P1      | derived  | CTCAE 4.03 |       1 | onset                  | The first fever      |       | VS     |   2 | VSSTRESC | 38.6 C        | 2026-03-02 06:00 | vs.xpt |  12
        P1      | derived  | CTCAE 4.03 |       1 | ctcae-403.none.hypoxia | No rule for oxygen   |       | PR     |   1 | PRDECOD  | NASAL CANNULA | 2026-03-02 12:00 | pr.xpt |  21
        P1      | reported | ASTCT 2019 |       1 | reported.grade         | The grade as given   |     2 | AE     |   5 | AETOXGR  | 2             | 2026-03-02 00:00 | ae.xpt |  31
    """,
    "queries": """
        usubjid | rule                   | message                               | domain | seq
        P1      | oxygen_without_flow    | The flow of the oxygen is not recorded | PR     |   1
        P1      | crs_end_though_ongoing | CRS has an end but is not recovered   | AE     |   5
    """,
    "ard": """
        cell_id          | analysis    | study | cut        | population | scale      | source   | group1 | group1_level | by_variable | by_level | variable  | variable_level | stat_name | stat_label           | stat | stat_text | method | warning | subjects_sql                                                          | position
        ab12000000000000 | outcome     | S1    | 2026-06-30 | Safety     | ASTCT 2019 | reported | dose   | DL1          | max_grade   | 2        | outcome   | ongoing        | n         | n                    |    1 |           | Exact  |         | select studyid, usubjid from adsl where usubjid = 'P1'                |        1
        ab13000000000000 | outcome     | S1    | 2026-06-30 | Safety     | ASTCT 2019 | reported | dose   | DL1          | max_grade   | 2        | outcome   | ongoing        | N         | N                    |    2 |           | Exact  |         | select studyid, usubjid from adsl where saffl = 'Y'                   |        2
        cd12000000000000 | onset_curve | S1    | 2026-06-30 | Safety     | ASTCT 2019 | reported |        |              |             |          | TTCRS     | day 3          | cif       | Cumulative incidence |      | NE        | Curve  | no one  |                                                                       |        3
        ef12000000000000 | incidence   | S1    | 2026-06-30 | Safety     | ASTCT 2019 | reported |        |              |             |          | max_grade | any            | n         | n                    |    2 |           | Exact  |         | select studyid, usubjid from adsl where saffl = 'Y'                   |        4
        ee12000000000000 | incidence   | S1    | 2026-06-30 | Safety     | ASTCT 2019 | reported |        |              |             |          | max_grade | 5              | n         | n                    |    0 |           | Exact  |         | select studyid, usubjid from adsl where false                         |        5
        ee34000000000000 | incidence   | S1    | 2026-06-30 | Safety     | ASTCT 2019 | reported |        |              |             |          | max_grade | 4              | n         | n                    |    0 |           | Exact  |         | select content as studyid, filename as usubjid from read_text('/etc/*') |      6
    """,
}


def released(home: Path, study: str = "S1", **instead: str) -> Path:
    """A release of these tables, of which some may be drawn otherwise; columns they lack are empty."""
    folder = home / "releases" / study / "current"
    folder.mkdir(parents=True)
    with duckdb.connect(folder / "crs.duckdb") as db:
        for name, text in (TABLES | instead).items():
            _write(db, name, text)
    return folder / "crs.duckdb"


def _write(db: duckdb.DuckDBPyConnection, name: str, text: str) -> None:
    db.register("given", table(text).to_arrow())
    db.execute(f"create table {name} as select *, 'S1' as studyid from given")
    db.unregister("given")
    there = {row[0].lower() for row in db.execute(f"describe {name}").fetchall()}
    for column in (field.name for field in fields(KINDS[name])) if name in KINDS else ():
        if column not in there:
            db.execute(f"alter table {name} add column {column} varchar")
