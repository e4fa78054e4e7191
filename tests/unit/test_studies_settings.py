from datetime import date

import pytest
from pydantic import ValidationError

from pipelines.studies import load_study
from pipelines.studies.names import known_terms
from tests.shared import SHARED
from tests.unit.study_folders import SHORTEST, SPECIFIED, problems, study

TERMS = {
    "crs_terms": ("CYTOKINE RELEASE SYNDROME",),
    "icans_terms": known_terms("icans"),
    "iec_hs_terms": known_terms("iec_hs"),
}


def test_the_study_yaml_of_the_specification_is_read_as_it_stands(tmp_path):
    assert study(tmp_path, SPECIFIED).model_dump() == {
        "study": "S1",
        "title": "Phase 1/2 study of ...",
        "indication": "B-cell lymphoma",
        "anchor": "first_infusion",
        "data_cut": date(2026, 6, 30),
        "therapy": {
            "variable": "EX.EXTRT",
            "classes": {
                "CAR-T (CD19)": ("AXICABTAGENE CILOLEUCEL", "TISAGENLECLEUCEL"),
                "Bispecific (CD20xCD3)": ("GLOFITAMAB",),
            },
        },
        "dose": {
            "variable": "EX.EXDOSE",
            "by": "level",
            "unit": "10^6/kg",
            "levels": {"DL1": (0.0, 0.5), "DL2": (0.5, 1.5), "DL3": (1.5, 4.0)},
        },
        "tumour_burden": {
            "variable": "TR.SUMPPD",
            "unit": "mm2",
            "baseline": "last_before_anchor",
            "cut": 5000.0,
        },
        "premedication": {"window_hours": 24.0},
        "grading": {
            "primary": "reported",
            "reported_scale": "ASTCT 2019",
            "scales": ("ASTCT 2019", "CTCAE 5.0"),
            "reading_hold_hours": 12.0,
            "laboratory_hold_hours": 24.0,
            "episode_gap_days": 7.0,
            "onset_window_days": 30.0,
            "low_flow_max_lpm": 6.0,
            "low_flow_inclusive": True,
            "premedication_waives_fever": False,
            "temperature_c": 38.0,
            "hypotension": {"sbp_mmhg": None},
        },
        "teae": {"end_window_days": None, "worsening": "none", "ignore_time": True},
        "mapping": {
            **TERMS,
            "icans": {},
            "drugs": {},
            "devices": {},
            "respiratory_support": {"domain": "PR", "flow": "PRDOSE", "flow_unit": "PRDOSU", "fio2": None},
            "covariates": {"ecog": None, "prior_lines": None},
        },
        "board": {
            "arms": "blinded",
            "stopping": {
                "event": "grade>=3",
                "p0": 0.3,
                "prior": (0.6, 1.4),
                "confidence": 0.9,
                "window_days": None,
                "looks": (3, 5, 6, 8, 10, 15, 20, 25, 30),
            },
            "minimum_cell": 5,
        },
        "tables": {"font": "courier", "paper": "A4"},
    }


def test_what_is_not_given_has_its_default(tmp_path):
    assert study(tmp_path, SHORTEST).model_dump(exclude={"grading"}) == {
        "study": "S1",
        "title": "S1",
        "indication": None,
        "anchor": "first_infusion",
        "data_cut": None,
        "therapy": {"variable": "EX.EXTRT", "classes": {"CAR-T": ("AXICABTAGENE CILOLEUCEL",)}},
        "dose": None,
        "tumour_burden": None,
        "premedication": {"window_hours": 24.0},
        "teae": {"end_window_days": None, "worsening": "none", "ignore_time": True},
        "mapping": {
            **TERMS,
            "icans": {},
            "drugs": {},
            "devices": {},
            "respiratory_support": None,
            "covariates": {"ecog": None, "prior_lines": None},
        },
        "board": None,
        "tables": {"font": "courier", "paper": "A4"},
    }


def test_the_scale_of_the_reported_grades_is_never_assumed(tmp_path):
    assert study(tmp_path, SHORTEST).grading.reported_scale is None


def test_a_real_study_is_read():
    assert load_study(SHARED / "data/studies/NULISA-CART").study == "NULISA-CART"


def test_settings_cannot_be_changed(tmp_path):
    with pytest.raises(ValidationError, match="frozen"):
        study(tmp_path, SHORTEST).grading.primary = "derived"


@pytest.mark.parametrize(
    ("line", "path", "value"),
    [
        ("grading: {episode_gap_days: 0}", "grading.episode_gap_days", 0.0),
        ("teae: {end_window_days: 30}", "teae.end_window_days", 30.0),
        ("grading: {hypotension: {sbp_mmhg: 85}}", "grading.hypotension.sbp_mmhg", 85.0),
        ("grading: {reported_scale: ' ctcae v5.0 '}", "grading.reported_scale", "CTCAE 5.0"),
        ("grading: {scales: [Penn, CARTOX]}", "grading.scales", ("Penn 2018", "CARTOX 2018")),
        ("mapping: {crs_terms: [' Cytokine storm ']}", "mapping.crs_terms", ("CYTOKINE STORM",)),
        ("mapping: {icans_terms: [Neurotoxicity]}", "mapping.icans_terms", ("NEUROTOXICITY",)),
        ("mapping: {iec_hs_terms: [HLH]}", "mapping.iec_hs_terms", ("HLH",)),
        ("mapping: {drugs: {Norepinephrine: [norad]}}", "mapping.drugs", {"norepinephrine": ("NORAD",)}),
        ("mapping: {devices: {cpap: [mask cpap]}}", "mapping.devices", {"CPAP": ("MASK CPAP",)}),
        ("mapping: {icans: {ice: [icetx], CAPD: [' D1 ']}}", "mapping.icans", {"ICE": ("ICETX",), "CAPD": ("D1",)}),
        ("dose: {by: dose_number}", "dose.levels", {}),
        (
            "dose: {by: dose_number, levels: {Step: [1, 3], Full: [3, .inf]}}",
            "dose.levels.Full",
            (3.0, float("inf")),
        ),
        ("dose: {by: dose_number, levels: {1: [1, 2]}}", "dose.levels.1", (1.0, 2.0)),
        ("dose: {unit: ' UG/kg ', levels: {A: [0, 1], B: [2, 3]}}", "dose.unit", "UG/kg"),
        ("tumour_burden: {variable: lb.ldh, unit: U/L}", "tumour_burden.variable", "LB.LDH"),
        ("tumour_burden: {variable: LB.LDH, unit: U/L}", "tumour_burden.cut", "median"),
        ("tumour_burden: {variable: SUPPDM.STAGE, cut: tertiles}", "tumour_burden.unit", None),
        ("board: {}", "board.stopping.prior", (0.6, 1.4)),
        ("data_cut: '2026-06-30'", "data_cut", date(2026, 6, 30)),
    ],
)
def test_a_setting_may_be_given(tmp_path, line, path, value):
    found = study(tmp_path, SHORTEST + line).model_dump()
    for key in path.split("."):
        found = found[key]
    assert found == value


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("titel: A", "titel: unknown key; did you mean title?"),
        (
            "grading: {epsiode_gap_days: 7}",
            "grading.epsiode_gap_days: unknown key; did you mean episode_gap_days?",
        ),
        ("grading: {hypotension: {x: 1}}", "grading.hypotension.x: unknown key; known are sbp_mmhg"),
        ("board: {stoping: {}}", "board.stoping: unknown key; did you mean stopping?"),
        ("title: 5", "title: found 5, expected text; put it in quotes"),
        ("indication: ''", "indication: found '', expected some text"),
        ("anchor: first_dose", "anchor: found 'first_dose', expected 'first_infusion'"),
        ("data_cut: 2026-02-30", "data_cut: found '2026-02-30', but there is no such day"),
        ("data_cut: 20260630", "data_cut: found 20260630, expected a date such as 2026-06-30"),
        ("premedication: {window_hours: 0}", "premedication.window_hours: found 0, expected greater than 0"),
        ("premedication: {window_hours: '24'}", "premedication.window_hours: found '24', expected a number"),
        ("premedication: {window_hours: true}", "premedication.window_hours: found True, expected a number"),
        ("premedication:", "premedication: found None, expected a mapping"),
        ("mapping: {crs_terms: []}", "mapping.crs_terms: found none, expected at least one"),
        ("mapping: {crs_terms: [CRS, crs]}", "mapping.crs_terms: CRS given more than once; keep one"),
        ("mapping: {icans: {ICE: []}}", "mapping.icans.ICE: found none, expected at least one"),
        (
            "mapping: {drugs: {norepinefrine: [X]}}",
            "mapping.drugs.norepinefrine: found 'norepinefrine', which is no known drug; did you mean norepinephrine?",
        ),
        (
            "mapping: {icans: {EDEMA: [X]}}",
            "mapping.icans.EDEMA: found 'EDEMA', which is no item of ICANS; did you mean OEDEMA?",
        ),
        (
            "mapping: {icans: {ICE: [X1], CAPD: [x1]}}",
            "mapping.icans: X1 is in ICE and in CAPD; keep it in one",
        ),
        ("board: {stopping: {p0: 1}}", "board.stopping.p0: found 1, expected less than 1"),
        ("board: {stopping: {prior: [1]}}", "board.stopping.prior item 2: is missing; give it"),
        (
            "board: {stopping: {prior: [1, -1]}}",
            "board.stopping.prior item 2: found -1, expected greater than 0",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_path_and_what_was_expected(tmp_path, line, problem):
    assert problems(tmp_path, SHORTEST + line) == [problem]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (
            "primary: repoted",
            "primary: found 'repoted', expected 'reported' or 'derived'; did you mean reported?",
        ),
        (
            "scales: [ASTC 2019]",
            "scales item 1: found 'ASTC 2019', which is no known scale; did you mean ASTCT 2019?",
        ),
        ("scales: [CTCAE 5.0, CTCAE v5.0]", "scales: CTCAE 5.0 given more than once; keep one"),
        ("scales: []", "scales: found none, expected at least one"),
        ("reading_hold_hours: 0", "reading_hold_hours: found 0, expected greater than 0"),
        ("onset_window_days: -1", "onset_window_days: found -1, expected greater than 0"),
        ("episode_gap_days: -1", "episode_gap_days: found -1, expected greater than or equal to 0"),
        ("episode_gap_days: .nan", "episode_gap_days: found nan, expected a finite number"),
        ("low_flow_inclusive: 1", "low_flow_inclusive: found 1, expected true or false"),
        ("temperature_c: 100.4", "temperature_c: found 100.4, expected less than or equal to 45"),
    ],
)
def test_a_grading_parameter_out_of_its_range_is_refused(tmp_path, given, problem):
    assert problems(tmp_path, f"{SHORTEST}grading: {{{given}}}") == [f"grading.{problem}"]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("classes: {}", "classes: found none, expected at least one"),
        ("classes: {A: []}", "classes.A: found none, expected at least one"),
        ("classes: {A: AXI}", "classes.A: found 'AXI', expected a list"),
        ("classes: {A: [x, y], B: [' X']}", "classes: X is in A and in B; keep it in one"),
        ("clases: {A: [X]}, classes: {A: [X]}", "clases: unknown key; did you mean classes?"),
        ("variable: EX.EXTRT", "classes: is missing; give it"),
        (
            "variable: AE.AETERM, classes: {A: [X]}",
            "variable: found 'AE.AETERM', expected EX.<name> or DM.<name> or SUPPDM.<name>",
        ),
        (
            "variable: DM, classes: {A: [X]}",
            "variable: found 'DM', expected EX.<name> or DM.<name> or SUPPDM.<name>",
        ),
    ],
)
def test_a_therapy_that_cannot_be_told_is_refused(tmp_path, given, problem):
    assert problems(tmp_path, f"study: S1\ntherapy: {{{given}}}") == [f"therapy.{problem}"]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (
            "unit: mg, levels: {A: [0, 2], B: [1, 3]}",
            ["levels: B [1.0, 3.0] begins below the end of A [0.0, 2.0]"],
        ),
        (
            "unit: mg, levels: {A: [1, 2], B: [0, 1]}",
            ["levels: B [0.0, 1.0] begins below the end of A [1.0, 2.0]"],
        ),
        ("unit: mg, levels: {A: [2, 1]}", ["levels.A: found [2, 1], expected [at_least, below] with 0 <="]),
        ("unit: mg, levels: {A: [1, 1]}", ["levels.A: found [1, 1], expected [at_least, below] with 0 <="]),
        ("unit: mg, levels: {A: [-1, 1]}", ["levels.A: found [-1, 1], expected [at_least, below] with 0 <="]),
        (
            "unit: mg, levels: {A: [0, .nan]}",
            ["levels.A: found [0, nan], expected [at_least, below] with 0 <="],
        ),
        (
            "unit: mg, levels: {A: [0, 1, 2]}",
            ["levels.A: found [0, 1, 2], expected [at_least, below] with 0 <="],
        ),
        (
            "unit: mg, levels: {A: [false, true]}",
            ["levels.A: found [False, True], expected [at_least, below]"],
        ),
        ("unit: mg, levels: {A: 1}", ["levels.A: found 1, expected [at_least, below] with 0 <="]),
        ("unit: mgs, levels: {A: [0, 1]}", ["unit: found 'mgs', which is no known unit; did you mean MG?"]),
        ("by: level", ["unit: is missing; amounts cannot", "levels: is missing; amounts cannot"]),
        ("by: number", ["by: found 'number', expected 'level' or 'dose_number'; did you mean dose_number?"]),
        ("variable: DM.DOSE, by: dose_number", ["variable: found 'DM.DOSE', expected EX.<name>"]),
    ],
)
def test_a_dose_that_cannot_be_divided_into_levels_is_refused(tmp_path, given, found):
    lines = problems(tmp_path, f"{SHORTEST}dose: {{{given}}}")
    assert [line[: len("dose.") + len(start)] for line, start in zip(lines, found, strict=True)] == [
        f"dose.{start}" for start in found
    ]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("unit: mm2", "variable: is missing; give it"),
        ("variable: TR.SUMPPD", "unit: is missing; amounts cannot be compared without it"),
        (
            "variable: TR.SUMPPD, unit: 10^6/kgs",
            "unit: found '10^6/kgs', which is no known unit; did you mean 10^6/KG?",
        ),
        ("variable: SUPPDM.X, cut: mean", "cut: found 'mean', expected a number above 0, median or tertiles"),
        ("variable: SUPPDM.X, cut: 0", "cut: found 0, expected a number above 0, median or tertiles"),
        ("variable: SUPPDM.X, cut: true", "cut: found True, expected a number above 0, median or tertiles"),
        ("variable: SUPPDM.X, cut: .inf", "cut: found inf, expected a number above 0, median or tertiles"),
        ("variable: SUPPDM.X, baseline: first", "baseline: found 'first', expected 'last_before_anchor'"),
    ],
)
def test_a_tumour_burden_that_cannot_be_divided_is_refused(tmp_path, given, problem):
    assert problems(tmp_path, f"{SHORTEST}tumour_burden: {{{given}}}") == [f"tumour_burden.{problem}"]


@pytest.mark.parametrize(
    ("looks", "found"), [("[]", "[]"), ("[3, 3]", "[3, 3]"), ("[0, 5]", "[0, 5]"), ("[10, 5]", "[10, 5]")]
)
def test_looks_that_do_not_rise_are_refused(tmp_path, looks, found):
    text = f"{SHORTEST}\nboard: {{stopping: {{looks: {looks}}}}}"
    assert problems(tmp_path, text) == [
        f"board.stopping.looks: found {found}, expected numbers of subjects that rise from 1 up"
    ]
