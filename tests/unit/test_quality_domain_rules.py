"""Each rule of sql/reference/domain_rules.csv, on a record that breaks it and on neighbours that do not."""

from pathlib import Path

import pytest
import yaml

from pipelines.quality import RuleError, read_domain_rules
from tests.lines import CONTRACT
from tests.unit.quality_material import DM, RULES, arrived, screened

CASES = (Path(__file__).parent / "quality_cases.txt").read_text().splitlines()
DRAWN = [[cell.strip() for cell in line.split("|")] for line in CASES if not line.startswith("#")]
# Those that refuse have tests of their own.
REFUSING = {"subject_missing_in_dm", "subject_twice_in_dm"}


def records(domain, broken, neighbours):
    """The broken record first, then each neighbour."""
    first = {"studyid": "S1", "usubjid": "P1", **parsed(broken)}
    others = [{**first, **parsed(change)} for change in neighbours.split(";")]
    numbered = [{**record, f"{domain}seq": i} for i, record in enumerate([first, *others], start=1)]
    names = sorted({name for record in numbered for name in record})
    lines = [" | ".join(f'"{record.get(name) or ""}"' for name in names) for record in numbered]
    return "\n".join([" | ".join(names), *(line.replace('""', "") for line in lines)])


def parsed(text):
    return yaml.load(f"{{{text}}}", Loader=yaml.BaseLoader)


@pytest.mark.parametrize(("name", "domain", "broken", "neighbours"), DRAWN, ids=lambda cell: cell)
def test_a_rule_is_broken_by_the_record_and_not_by_its_neighbours(name, domain, broken, neighbours):
    drawn = {"dm": DM, domain.lower(): records(domain.lower(), broken, neighbours)}
    outcome = screened(arrived(**drawn), name)[f"raw.{domain.lower()} {name}"]
    assert outcome.examples == ({"_file": f"{domain.lower()}.xpt", "_row": 1},)
    assert outcome.failing == 1


def test_every_rule_is_drawn():
    assert {rule.name for rule in RULES if not rule.name.startswith("unparsable_date")} - REFUSING == {
        name for name, *_ in DRAWN if not name.startswith("unparsable_date")
    }


def test_every_date_that_models_read_has_a_rule():
    dates = {(domain, name.lower()) for domain, name, kind in CONTRACT if kind == "datetime"}
    ruled = {(r.domain, r.arguments["column"]) for r in RULES if r.expectation == "column_values_to_be_dates"}
    assert ruled == dates


@pytest.mark.parametrize("name", ["subject_missing", "subject_not_in_dm"])
def test_every_domain_of_subjects_is_held_to_its_subjects(name):
    assert {rule.domain for rule in RULES if rule.name == name} == {domain for domain, *_ in CONTRACT} - {"DM"}


def test_an_unknown_action_is_an_error(tmp_path):
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference/sdtm_variables.csv").write_text("domain,variable,type,label\n")
    header = "rule,domain,expectation,arguments,when,action,message,source\n"
    (tmp_path / "reference/domain_rules.csv").write_text(
        f"{header}age,DM,column_values_to_not_be_null,column: age,,ignore,Nobody's,-\n"
    )
    with pytest.raises(RuleError, match=r"age: the action is ignore; write one of refuse, quarantine, warn\."):
        read_domain_rules(tmp_path)
