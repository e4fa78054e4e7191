import pytest

from pipelines.studies import missing_variables
from tests.unit.study_folders import SHORTEST, SPECIFIED, study

VARIABLES = {
    "DM": ["USUBJID", "ARM"],
    "EX": ["EXTRT", "EXDOSE"],
    "TR": ["TRTESTCD"],
    "PR": ["PRDOSE", "PRDOSU"],
    "SUPPDM": ["QNAM"],
}
CODES = {"TR": ["SUMPPD", "SUMDIAM"], "SUPPDM": ["STAGE"]}


def test_nothing_is_missing_when_the_data_have_what_the_study_names(tmp_path):
    assert missing_variables(study(tmp_path, SPECIFIED), VARIABLES, CODES) == []


def test_names_are_compared_whatever_their_case(tmp_path):
    variables = {name.lower(): [v.lower() for v in of] for name, of in VARIABLES.items()}
    codes = {"tr": [" sumppd "]}
    assert missing_variables(study(tmp_path, SPECIFIED), variables, codes) == []


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (
            "dose: {variable: EX.EXDOZE, by: dose_number}",
            "dose.variable: EX.EXDOZE is not in the data; EX has EXDOSE",
        ),
        (
            "tumour_burden: {variable: TR.SUMPD, unit: mm2}",
            "tumour_burden.variable: TR.SUMPD is not in the data; TR has SUMPPD",
        ),
        (
            "tumour_burden: {variable: TR.TRTESTCD, unit: mm2}",
            "tumour_burden.variable: TR.TRTESTCD is not in the data; TR has SUMDIAM, SUMPPD",
        ),
        (
            "tumour_burden: {variable: LB.LDH, unit: U/L}",
            "tumour_burden.variable: LB.LDH is not in the data; there is no LB dataset; the transfer has DM",
        ),
        (
            "tumour_burden: {variable: SUPPDM.STAG}",
            "tumour_burden.variable: SUPPDM.STAG is not in the data; SUPPDM has STAGE",
        ),
        (
            "mapping: {respiratory_support: {flow: PRDOS}}",
            "mapping.respiratory_support.flow: PR.PRDOS is not in the data; PR has PRDOSU",
        ),
    ],
)
def test_a_variable_that_the_data_lack_is_named_with_the_nearest_they_have(tmp_path, line, problem):
    [found] = missing_variables(study(tmp_path, SHORTEST + line), VARIABLES, CODES)
    assert found.startswith(f"study.yaml: {problem}")


def test_a_findings_dataset_without_codes_has_none(tmp_path):
    [problem] = missing_variables(study(tmp_path, SPECIFIED), VARIABLES, {})
    assert problem == "study.yaml: tumour_burden.variable: TR.SUMPPD is not in the data; TR has none"


def test_every_missing_variable_is_named(tmp_path):
    found = missing_variables(study(tmp_path, SPECIFIED), {"DM": ["ARM"]}, {})
    assert [problem.split(": ")[1] for problem in found] == [
        "therapy.variable",
        "dose.variable",
        "tumour_burden.variable",
        "mapping.respiratory_support.flow",
        "mapping.respiratory_support.flow_unit",
    ]
