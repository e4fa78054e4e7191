import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pipelines.described import read_written
from pipelines.studies import study_tables
from pipelines.studies.names import known_terms
from tests.harness import database
from tests.shared import ROOT
from tests.unit.study_folders import SHORTEST, SPECIFIED, study

CUT = "2026-01-31"
WRITTEN = {table.name: table for table in read_written(ROOT / "sql") if table.name.startswith("study.")}
TYPES = {pl.String: "text", pl.Float64: "number", pl.Int64: "integer", pl.Boolean: "boolean"}


def tables(root, text=SPECIFIED, cut=CUT):
    return study_tables([(study(root, text), cut)])


def test_the_tables_are_those_that_written_yaml_describes(tmp_path):
    found = {name: [(c, TYPES[t]) for c, t in frame.schema.items()] for name, frame in tables(tmp_path).items()}
    described = {
        name: [(column.name, kind) for column, kind in zip(table.columns, table.types, strict=True)]
        for name, table in WRITTEN.items()
    }
    assert found == described


def test_the_tables_are_taken_by_the_warehouse(tmp_path):
    frames = {name.replace(".", "__"): frame for name, frame in tables(tmp_path).items()}
    with database(**frames) as db:
        counts = {name: db.execute(f"select count(*) from {name}").fetchall()[0][0] for name in WRITTEN}
    assert counts == {name.replace("__", "."): frame.height for name, frame in frames.items()}


def test_no_study_gives_tables_with_columns_and_types_only(tmp_path):
    for name, frame in study_tables([]).items():
        assert_frame_equal(frame, tables(tmp_path / name)[name].clear())


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        (
            "studies",
            [("S1", "Phase 1/2 study of ...", "B-cell lymphoma", 1, "2026-06-30", "2026-01-31", 1_782_863_999)],
        ),
        (
            "therapy_classes",
            [
                ("S1", "CAR-T (CD19)", "AXICABTAGENE CILOLEUCEL", 1),
                ("S1", "CAR-T (CD19)", "TISAGENLECLEUCEL", 1),
                ("S1", "Bispecific (CD20xCD3)", "GLOFITAMAB", 2),
            ],
        ),
        ("dose_levels", [("S1", "DL1", 0.0, 0.5, 1), ("S1", "DL2", 0.5, 1.5, 2), ("S1", "DL3", 1.5, 4.0, 3)]),
        ("burden_levels", [("S1", "Low", 1, 1), ("S1", "High", 2, 2)]),
        ("stopping_rules", [("S1", 3, 0.3, 0.6, 1.4, 0.9, 30 * 86400)]),
        ("stopping_looks", [("S1", looks) for looks in (3, 5, 6, 8, 10, 15, 20, 25, 30)]),
        ("scales", [("S1", "ASTCT 2019", 1), ("S1", "CTCAE 5.0", 2)]),
        (
            "terms",
            [
                ("S1", "crs", "CYTOKINE RELEASE SYNDROME"),
                *(("S1", concept, term) for concept in ("icans", "iec_hs") for term in known_terms(concept)),
            ],
        ),
        (
            "mappings",
            [
                ("S1", "respiratory_support", "domain", "PR"),
                ("S1", "respiratory_support", "flow", "PRDOSE"),
                ("S1", "respiratory_support", "flow_unit", "PRDOSU"),
            ],
        ),
    ],
)
def test_what_study_yaml_says_becomes_rows(tmp_path, table, rows):
    assert tables(tmp_path)[f"study.{table}"].rows() == rows


def test_each_code_of_an_item_of_icans_is_a_row(tmp_path):
    text = SHORTEST + "mapping: {icans: {ICE: [ICETX, ICE2], CAPD: [D1]}}"
    assert tables(tmp_path, text)["study.mappings"].rows() == [
        ("S1", "icans", "ICE", "ICETX"),
        ("S1", "icans", "ICE", "ICE2"),
        ("S1", "icans", "CAPD", "D1"),
    ]


def test_the_parameters_are_one_row_with_windows_in_seconds(tmp_path):
    assert tables(tmp_path)["study.parameters"].row(0, named=True) == {
        "studyid": "S1",
        "primary_source": "reported",
        "reported_scale": "ASTCT 2019",
        "episode_gap_s": 604_800,
        "onset_window_s": 2_592_000,
        "reading_hold_s": 43_200,
        "laboratory_hold_s": 86_400,
        "premedication_window_s": 86_400,
        "fever_c": 38.0,
        "sbp_mmhg": None,
        "low_flow_max_lpm": 6.0,
        "low_flow_inclusive": True,
        "premedication_waives_fever": False,
        "teae_end_window_s": None,
        "teae_worsening": "none",
        "teae_ignore_time": True,
        "minimum_cell": 5,
        "therapy_variable": "EX.EXTRT",
        "dose_variable": "EX.EXDOSE",
        "dose_unit": "10^6/kg",
        "dose_by": "level",
        "burden_variable": "TR.SUMPPD",
        "burden_unit": "mm2",
        "burden_baseline": "last_before_anchor",
        "burden_cut_kind": "value",
        "burden_cut": 5000.0,
    }


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", {"dose_variable": None, "dose_unit": None, "dose_by": "level"}),
        (
            "",
            {
                "burden_variable": None,
                "burden_unit": None,
                "burden_baseline": "last_before_anchor",
                "burden_cut_kind": None,
                "burden_cut": None,
            },
        ),
        (
            "dose: {by: dose_number}",
            {"dose_variable": "EX.EXDOSE", "dose_unit": None, "dose_by": "dose_number"},
        ),
        (
            "tumour_burden: {variable: LB.LDH, unit: U/L, cut: tertiles}",
            {"burden_cut_kind": "tertiles", "burden_cut": None},
        ),
        ("teae: {end_window_days: 30}", {"teae_end_window_s": 2_592_000}),
        ("grading: {episode_gap_days: 0}", {"episode_gap_s": 0}),
        ("grading: {reading_hold_hours: 0.5}", {"reading_hold_s": 1800}),
        ("grading: {hypotension: {sbp_mmhg: 85}}", {"sbp_mmhg": 85.0}),
    ],
)
def test_a_parameter_follows_its_setting(tmp_path, line, expected):
    row = tables(tmp_path, SHORTEST + line)["study.parameters"].row(0, named=True)
    assert {key: row[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("cut", "levels"),
    [
        ("5000", [("Low", 1), ("High", 2)]),
        ("median", [("Low", 1), ("High", 2)]),
        ("tertiles", [("Low", 1), ("Medium", 2), ("High", 3)]),
    ],
)
def test_tumour_burden_has_a_level_for_each_part(tmp_path, cut, levels):
    text = f"{SHORTEST}tumour_burden: {{variable: TR.SUMPPD, unit: mm2, cut: {cut}}}"
    frame = tables(tmp_path, text)["study.burden_levels"]
    assert frame.select("tumour_burden_level", "part").rows() == levels


def test_the_cut_is_the_transfers_when_the_study_has_none(tmp_path):
    assert tables(tmp_path, SHORTEST)["study.studies"].rows() == [("S1", "S1", None, 1, CUT, CUT, 1_769_903_999)]


def test_every_setting_in_force_is_listed_defaults_included(tmp_path):
    found = dict(
        tables(tmp_path, SHORTEST + "dose: {by: dose_number, levels: {All: [1, .inf]}}")["study.settings"]
        .select("key", "value")
        .rows()
    )
    assert found == {
        "study": "S1",
        "title": "S1",
        "indication": None,
        "anchor": "first_infusion",
        "data_cut": None,
        "therapy.variable": "EX.EXTRT",
        "therapy.classes.CAR-T": "AXICABTAGENE CILOLEUCEL",
        "dose.variable": "EX.EXDOSE",
        "dose.by": "dose_number",
        "dose.unit": None,
        "dose.levels.All": "1, inf",
        "tumour_burden": None,
        "premedication.window_hours": "24",
        "grading.primary": "reported",
        "grading.reported_scale": None,
        "grading.scales": "ASTCT 2019, Lee 2014, Penn 2018, MSKCC, CARTOX 2018, CTCAE 4.03, CTCAE 5.0, CTCAE 6.0",
        "grading.reading_hold_hours": "12",
        "grading.laboratory_hold_hours": "24",
        "grading.episode_gap_days": "7",
        "grading.onset_window_days": "30",
        "grading.low_flow_max_lpm": "6",
        "grading.low_flow_inclusive": "true",
        "grading.premedication_waives_fever": "false",
        "grading.temperature_c": "38",
        "grading.hypotension.sbp_mmhg": None,
        "teae.end_window_days": None,
        "teae.worsening": "none",
        "teae.ignore_time": "true",
        "mapping.crs_terms": "CYTOKINE RELEASE SYNDROME",
        "mapping.icans_terms": ", ".join(known_terms("icans")),
        "mapping.iec_hs_terms": ", ".join(known_terms("iec_hs")),
        "mapping.covariates.ecog": None,
        "mapping.covariates.prior_lines": None,
        "mapping.respiratory_support": None,
        "board": None,
        "tables.font": "courier",
        "tables.paper": "A4",
    }


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("data_cut", "2026-06-30"),
        ("dose.levels.DL2", "0.5, 1.5"),
        ("tumour_burden.cut", "5000"),
        ("board.stopping.prior", "0.6, 1.4"),
        ("board.stopping.event", "grade>=3"),
    ],
)
def test_a_setting_is_written_as_study_yaml_would(tmp_path, key, value):
    assert (key, value) in tables(tmp_path)["study.settings"].select("key", "value").rows()


def test_several_studies_are_stacked_in_their_order(tmp_path):
    first, second = study(tmp_path / "a", SHORTEST), study(tmp_path / "b", SPECIFIED)
    pooled = study_tables([(second, CUT), (first, CUT)])
    assert pooled["study.studies"].select("title", "position").rows() == [
        ("Phase 1/2 study of ...", 1),
        ("S1", 2),
    ]
    for name in WRITTEN.keys() - {"study.studies"}:
        alone = [study_tables([(s, CUT)])[name] for s in (second, first)]
        assert_frame_equal(pooled[name], pl.concat(alone))
