"""What is refused, how it is said, and that the last release and other studies are left alone."""

import shutil
from dataclasses import replace

import pytest

from pipelines import definitions, standing
from pipelines.models import Rule
from tests.shared import SHARED

pytestmark = pytest.mark.slow

STUDY_YAML = """
study: {study}
therapy:
  classes: {{A: [DRUG]}}
"""
DM = "STUDYID,DOMAIN,USUBJID,SUBJID,AGE,RFPENDTC\n{study},DM,{study}-1,1,50,2026-03-01\n{study},DM,{study}-2,2,60,2026-03-01\n"
EX = "STUDYID,DOMAIN,USUBJID,EXSEQ,EXTRT,EXSTDTC\n{study},EX,{study}-1,1,Drug,2026-01-01\n{study},EX,{study}-2,1,Drug,2026-01-01\n"
AE = (
    "STUDYID,DOMAIN,USUBJID,AESEQ,AETERM,AEDECOD,AETOXGR,AEOUT,AESTDTC,AEENDTC\n"
    "{study},AE,{study}-1,1,CRS,Cytokine release syndrome,2,RECOVERED/RESOLVED,2026-01-03,2026-01-05\n"
)


def deliver(line, study, cut="2026-03-31", **files):
    folder = line.studies / study / "transfers" / cut
    folder.mkdir(parents=True)
    (line.studies / study / "study.yaml").write_text(files.pop("settings", STUDY_YAML).format(study=study))
    for name, text in {"dm": DM, "ex": EX, "ae": AE, **files}.items():
        if text is not None:
            (folder / f"{name}.csv").write_text(text.format(study=study))
    (folder / "_COMPLETE").touch()
    return folder


def test_a_refused_study_leaves_its_last_release_and_other_studies_alone(line):
    deliver(line, "GOOD")
    deliver(line, "BAD")
    line.crsight("run", "BAD")
    before = line.release("BAD")
    deliver_again = deliver_second_cut(line, "BAD", DM + "{study},DM,{study}-1,1,50,2026-03-01\n")
    assert deliver_again.exists()
    done = line.crsight("run", "BAD", "GOOD", expect=1)
    assert "dm.csv" in done.stderr
    assert line.release("BAD") == before
    assert line.ask("GOOD", "select count(*) from adcrs").item() == 1
    states = {one["study"]: one["state"] for one in line.json("status")}
    assert states == {"BAD": "refused", "GOOD": "released"}


def deliver_second_cut(line, study, dm):
    folder = line.studies / study / "transfers/2026-04-30"
    folder.mkdir()
    for name, text in {"dm": dm, "ex": EX, "ae": AE}.items():
        (folder / f"{name}.csv").write_text(text.format(study=study))
    (folder / "_COMPLETE").touch()
    return folder


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"dm": None}, "there is no DM dataset"),
        ({"ex": None}, "there is no EX dataset"),
        ({"ae": AE.replace("{study},AE", "OTHER,AE")}, "STUDYID is OTHER"),
        ({"settings": "study: {study}\ntherapy:\n  clases: {{A: [DRUG]}}\n"}, "classes"),
        ({"settings": STUDY_YAML + "dose: {{variable: EX.EXDOZE, unit: mg, levels: {{L: [0, 1]}}}}\n"}, "EX.EXDOZE"),
        ({"settings": STUDY_YAML + "grading: {{primary: derived}}\n"}, "derived"),
        ({"settings": STUDY_YAML.replace("DRUG", "DRUGG")}, "none of the values is in EX.EXTRT; it has DRUG"),
    ],
    ids=[
        "no DM",
        "no EX",
        "another study",
        "unknown key",
        "a variable the data lack",
        "derived grades",
        "a class of nothing",
    ],
)
def test_check_and_run_refuse_alike_and_check_writes_nothing(line, files, says):
    deliver(line, "S1", **files)
    assert says in line.crsight("check", "S1", expect=1).stdout
    assert not line.home.exists()
    assert says in line.crsight("run", "S1", expect=1).stderr


@pytest.mark.parametrize("name", ["empty.xpt", "not_a_transport_file.xpt", "truncated_dm.xpt", "invalid_dm.json"])
def test_a_bad_file_is_refused_by_its_name(line, name):
    folder = deliver(line, "S1", dm=None)
    target = "dm.json" if name.endswith(".json") else "dm.xpt"
    shutil.copy(SHARED / "data/bad-files" / name, folder / target)
    assert target in line.crsight("check", "S1", expect=1).stdout


def test_a_changed_transfer_is_refused_with_both_hashes(line):
    folder = deliver(line, "S1")
    line.crsight("run", "S1")
    (folder / "ae.csv").write_text((folder / "ae.csv").read_text().replace(",2,", ",3,").format(study="S1"))
    assert "ae.csv changed after it was ingested (SHA-256 was" in line.crsight("run", "S1", expect=1).stderr
    assert "ae.csv changed after it was ingested" in line.crsight("check", "S1", expect=1).stdout


def test_an_incomplete_transfer_is_not_touched(line):
    folder = deliver(line, "S1")
    (folder / "_COMPLETE").unlink()
    assert "no _COMPLETE" in line.crsight("run", "S1", expect=1).stderr
    assert "waiting for _COMPLETE" in line.crsight("status").stdout


def test_an_unknown_study_is_wrong_usage(line):
    assert "there is no study NOPE" in line.crsight("run", "NOPE", expect=2).stderr


def test_a_study_without_crs_gets_a_report_that_says_so(line):
    deliver(line, "S1", ae=None)
    line.crsight("run", "S1")
    assert line.ask("S1", "select count(*) from adcrs").item() == 0
    assert "no CRS" in (line.release("S1") / "report-closed.html").read_text()


def test_rows_kept_out_are_named_and_nothing_is_lost(line):
    bad = AE + "{study},AE,{study}-9,2,CRS,Cytokine release syndrome,2,,2026-01-03,\n" + AE.splitlines()[1] + "\n"
    deliver(line, "S1", ae=bad)
    line.crsight("run", "S1")
    rows = line.ask("S1", "select file, row, domain from quarantine order by row").rows()
    assert rows == [("ae.csv", 2, "AE"), ("ae.csv", 3, "AE")]
    assert line.ask("S1", "select rows_in, rows_kept, rows_quarantined from ingested where domain = 'AE'").rows() == [
        (3, 1, 2)
    ]


def test_pooled_is_the_same_sql_on_the_union(line):
    deliver(line, "S1")
    deliver(line, "S2", ae=None)
    line.crsight("run", "POOLED")
    query = """
        select group1_level, stat::int from ard
        where analysis = 'incidence' and group1 = 'study' and variable_level = 'any' and stat_name = 'n' order by all
    """
    assert line.ask("POOLED", query).rows() == [("S1", 1), ("S2", 0)]
    assert line.ask("POOLED", "select count(*) from raw_dm").item() == 4


def test_a_rule_of_a_model_that_fails_stops_the_study_and_names_the_rows(line, monkeypatch):
    deliver(line, "S1")
    line.crsight("run", "S1")
    before = line.release("S1")
    strict = Rule(
        table="graded.episodes",
        expectation="column_values_to_be_between",
        arguments={"column": "grade", "min_value": 3, "max_value": 5},
    )
    models = [replace(m, rules=(*m.rules[:1], strict)) if m.name == strict.table else m for m in definitions.MODELS]
    monkeypatch.setattr(definitions, "MODELS", tuple(models))
    # A rule is written in a model's file, and so changes the version of the code.
    monkeypatch.setattr(standing, "code_version", lambda: "another")
    said = line.crsight("run", "S1", expect=1)
    assert "graded.episodes: grade__column_values_to_be_between is broken by 1 rows" in said.stderr
    assert '"episode": 1' in said.stderr
    assert "S1-1" not in said.stderr
    assert line.release("S1") == before


def test_a_crs_record_and_a_dose_that_are_kept_out_are_asked_about(line):
    deliver(
        line,
        "S1",
        ae=AE.replace("2026-01-03", "2026-02-30"),
        ex=EX + EX.splitlines()[1].replace("1,Drug,2026-01-01", "2,Drug,2026-02-30") + "\n",
    )
    line.crsight("run", "S1")
    assert line.ask("S1", "select usubjid, rule from queries order by rule").rows() == [
        ("S1-1", "quarantined_crs"),
        ("S1-1", "quarantined_dose"),
    ]


def test_the_same_rows_in_two_files_of_a_domain_count_once(line):
    deliver(line, "S1", ae2=AE)
    line.crsight("run", "S1")
    assert line.ask("S1", "select count(*) from adae").item() == 1
    assert line.ask("S1", "select file, rule from quarantine").rows() == [("ae2.csv", "exact_duplicate")]
