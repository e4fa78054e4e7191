"""The further tables of the closed report: what each says where there is nothing, and where there is much."""

import re
from functools import cache

import polars as pl
import pytest

from reports.phrases import plain
from reports.results import MissingResult
from reports.section import Drawn, Fold, Section, Sentence
from reports.sections import (
    adverse_events,
    agreement,
    biomarkers,
    incidence,
    onset,
    prevention,
    risk_factors,
    stopping,
    summary,
    symptoms,
)
from reports.tables import Table
from tests.unit.paper_reading import planned
from tests.unit.report_ard import ard
from tests.unit.report_material import material
from tests.unit.report_more import FINDING, TERMS, whole, with_rows
from tests.unit.report_more import prevention as prevented
from tests.unit.report_people import people

BASE = ard(people(12))


@cache
def rows() -> pl.DataFrame:
    return whole(people(12))


def drawn(section: Section, found: pl.DataFrame) -> Drawn:
    return _whole(section) if found is rows() else _drawn(section, found)


@cache
def _whole(section: Section) -> Drawn:
    return _drawn(section, rows())


def _drawn(section: Section, found: pl.DataFrame) -> Drawn:
    given = material(ard=found)
    return section.draw(given.results, given)


def sentences(section: Section, found: pl.DataFrame) -> list[str]:
    return [plain(block.said) for block in drawn(section, found).blocks if isinstance(block, Sentence)]


def tables(section: Section, found: pl.DataFrame) -> dict[str, Table]:
    """Every table of the section by its caption, the folded ones too."""
    blocks = [inner for b in drawn(section, found).blocks for inner in (b.blocks if isinstance(b, Fold) else (b,))]
    return {block.caption: block for block in blocks if isinstance(block, Table)}


def row(found: Table, stub: str) -> list[str]:
    return next([plain(cell) for cell in r.cells] for body in found.bodies for r in body.rows if r.stub == stub)


def stubs(found: Table) -> list[str]:
    return [r.stub for body in found.bodies for r in body.rows]


def with_stat(found: pl.DataFrame, value: float, *which: pl.Expr) -> pl.DataFrame:
    chosen = pl.all_horizontal(which)
    return found.with_columns(stat=pl.when(chosen).then(pl.lit(value)).otherwise("stat"))


# --- nothing to show


@pytest.mark.parametrize(
    ("section", "said"),
    [
        (symptoms.SECTION, symptoms.NO_ANALYSIS),
        (risk_factors.SECTION, risk_factors.NO_ANALYSIS),
        (biomarkers.SECTION, biomarkers.NO_RESULTS),
        (prevention.SECTION, prevention.NO_ANALYSIS),
        (agreement.SECTION, agreement.NO_PAIRS),
        (adverse_events.SECTION, adverse_events.NO_ANALYSIS),
        (stopping.SECTION, stopping.NO_RULE),
    ],
)
def test_a_section_without_results_says_so_in_a_sentence(section, said):
    assert drawn(section, BASE).blocks == (Sentence(said=(said,)),)


def test_a_section_without_tables_has_a_page_that_says_why():
    [page] = planned(material(ard=BASE), (biomarkers.SECTION,))
    assert biomarkers.NO_RESULTS in " ".join(page.notes)


def test_nobody_with_crs_has_symptoms_of_it():
    found = with_stat(rows(), 0, pl.col("analysis") == "symptoms", pl.col("stat_name") == "N")
    assert sentences(symptoms.SECTION, found) == [symptoms.NOBODY]


def test_symptoms_that_nobody_recorded_are_printed_as_0_and_said_so():
    found = with_stat(rows(), 0, pl.col("analysis") == "symptoms", pl.col("stat_name") == "n")
    assert sentences(symptoms.SECTION, found) == [symptoms.NONE_RECORDED]
    [by_grade, *_] = tables(symptoms.SECTION, found).values()
    assert row(by_grade, "Fever")[0] == "0"


def test_no_adverse_event_is_said_in_a_sentence():
    found = with_stat(rows(), 0, pl.col("analysis") == "adverse_events", pl.col("stat_name") == "n")
    assert sentences(adverse_events.SECTION, found) == [adverse_events.NOTHING]


def test_gradings_that_never_differ_are_said_to_agree():
    found = with_stat(rows(), 0, pl.col("analysis") == "reconciliation")
    assert sentences(agreement.SECTION, found) == [agreement.NO_FINDINGS]


def test_a_measure_that_everybody_had_is_compared_with_nothing():
    found = with_rows(BASE, prevented(exposed=120))
    assert sentences(prevention.SECTION, found) == [prevention.CAUTION, prevention.NOTHING_COMPARED]


def test_a_study_of_one_level_has_nothing_to_compare():
    found = rows().filter(~((pl.col("analysis") == "comparison") & pl.col("group1").is_not_null()))
    said = "Levels are not compared: no variable has two levels that are separate groups of subjects."
    assert sentences(incidence.SECTION, found) == [said]


@pytest.mark.parametrize("section", [agreement.SECTION, prevention.SECTION, biomarkers.SECTION])
def test_a_number_that_the_ard_lacks_is_named(section):
    analysis = {"t8": "agreement", "t7": "prevention_results", "t6": "biomarker_results"}[section.id]
    lacking = {"t8": "weighted kappa", "t7": ">=3", "t6": "Kruskal-Wallis"}[section.id]
    found = rows().filter(~((pl.col("analysis") == analysis) & (pl.col("variable_level") == lacking)))
    with pytest.raises(MissingResult, match=f"ARD: no row for .*{lacking}"):
        drawn(section, found)


# --- what is there


def test_symptoms_stand_under_their_organ_by_grade_and_by_stratum():
    found = tables(symptoms.SECTION, rows())
    assert [body.label for body in next(iter(found.values())).bodies] == ["", "Constitutional"]
    assert [*found] == [
        "T4. Symptoms and organ dysfunction during CRS, by highest grade",
        "T4. Symptoms and organ dysfunction during CRS of any grade, by stratum, n (%)",
        "T4. Symptoms and organ dysfunction during CRS of grade ≥ 3, by stratum, n (%)",
    ]


def test_a_covariate_is_printed_alone_and_together_with_what_it_rests_on():
    [first, *_] = tables(risk_factors.SECTION, rows()).values()
    fit = ["60 / 120", "6.3", "1.50\n(0.10–0.40)", "0.007"]
    assert row(first, "Age, per 10 years") == [*fit, *fit, ""]


def test_a_covariate_that_is_left_out_says_why():
    [first, *_] = tables(risk_factors.SECTION, rows()).values()
    said = "together: missing in 35 % of subjects"
    assert row(first, "ECOG performance status, per 1") == ["", "", "", "", "", "", "NE", "NE", said]
    assert row(first, "EASIX, per 10 years")[-1] == "alone only"


def test_where_nothing_can_be_fitted_that_is_said():
    found = rows().with_columns(
        stat=pl.when(pl.col("stat_name").is_in(["odds_ratio", "hazard_ratio"])).then(None).otherwise("stat")
    )
    assert sentences(risk_factors.SECTION, found) == [risk_factors.NOTHING_FITTED]


def test_a_biomarker_has_its_unit_in_the_heading_and_a_row_for_each_day_with_results():
    found = tables(biomarkers.SECTION, rows())["T6. C-reactive protein (mg/L) by day and highest grade"]
    assert stubs(found) == ["Baseline", "Day 3", "Peak"]
    assert row(found, "Day 3") == ["12.3\n(<4–1,235)\n[9]"] * 8 + ["1", "0"]


def test_interleukin_6_after_tocilizumab_is_in_no_test():
    found = rows().with_columns(pl.col("variable").replace({"CRP": "IL6 after tocilizumab"}))
    units = pl.DataFrame({"testcd": ["IL6"], "unit": ["PG/ML"]})
    given = material(ard=found)
    given = material(ard=found, tables={**given.tables, "biomarkers": units})
    blocks = biomarkers.SECTION.draw(given.results, given).blocks
    assert [stubs(block) for block in blocks if isinstance(block, Table)] == [[], []]


def test_the_caution_about_prevention_is_read_with_it_on_the_page_and_on_paper():
    [caution] = [block for block in drawn(prevention.SECTION, rows()).blocks if isinstance(block, Sentence)]
    assert caution == Sentence(said=(prevention.CAUTION,), is_caution=True)
    pages = planned(material(ard=rows()), (prevention.SECTION,))
    assert all(prevention.CAUTION in " ".join(page.notes) for page in pages)


def test_prevention_is_printed_unadjusted_and_adjusted_side_by_side():
    found = tables(prevention.SECTION, rows())["T7. CRS with and without preventive measures"]
    with_and_without = ["10 / 40 (25.0)", "20 / 80 (25.0)"]
    crude = ["-1.6\n(-25.0 to 11.8)", "1.000"]
    adjusted = ["110", "25.0 / 50.0", "-25.0\n(10.0 to 40.0)", "0.50\n(0.10–0.40)", ""]
    assert row(found, "Any grade") == [*with_and_without, *crude, *adjusted]


def test_what_a_measure_is_stands_once_and_not_behind_every_estimator():
    notes = drawn(prevention.SECTION, rows()).notes
    assert [note for note in notes if "remedication" in note and "=" not in note] == [
        "Premedication: any drug before a dose."
    ]


def test_findings_are_counted_with_those_that_the_records_explain():
    found = tables(agreement.SECTION, rows())["T8. Subjects whose reported and derived CRS differ, by finding"]
    assert row(found, FINDING) == ["7 [3]"]


def test_every_pair_of_gradings_has_its_agreement_and_its_cross_table():
    captions = [*tables(agreement.SECTION, rows())]
    assert captions == [
        "T8. Agreement of gradings of the same subjects",
        "T8. Subjects by reported (ASTCT 2019) grade in rows and derived (ASTCT 2019) grade in columns",
        "T8. Subjects whose reported and derived CRS differ, by finding",
        "T8. Subjects by derived (ASTCT 2019) grade in rows and derived (Lee 2014) grade in columns",
        "T8. Agreement of reported (ASTCT 2019) and derived (ASTCT 2019), by stratum",
    ]


def test_adverse_events_are_counted_by_arm_and_held_against_the_first():
    found = tables(adverse_events.SECTION, rows())["Treatment-emergent adverse events: any"]
    assert [heading.label for heading in found.headings] == [
        "All treated subjects",
        *["Arm 1", "Arm 2", "Arm 2", "Arm 2"],
    ]
    assert row(found, "Headache") == ["4 (33.3) [12]"] * 3 + ["-1.6 (-25.0 to 11.8)", "0.041"]
    assert [body.label for body in found.bodies] == ["", "Nervous system disorders"]


def test_without_arms_adverse_events_are_counted_by_therapy():
    found = rows().filter(~((pl.col("analysis") == "adverse_events") & pl.col("by_variable").is_not_null()))
    [glance, *_] = tables(adverse_events.SECTION, found).values()
    labels = [heading.label for heading in glance.headings]
    assert labels == ["All treated subjects", "CAR-T (CD19)", "Bispecific (CD20xCD3)"]


def test_a_study_of_many_terms_prints_those_that_most_have_and_says_so():
    found = with_rows(rows(), _headaches(rows(), 150))
    assert sentences(adverse_events.SECTION, found)[0].startswith(
        "Any: the 100 preferred terms that most subjects have, of 151"
    )
    printed = stubs(tables(adverse_events.SECTION, found)["Treatment-emergent adverse events: any"])
    assert len(printed) == 2 + 100
    assert tuple(stub for stub in ("Headache", "Any of the class") if stub in printed) == (
        "Headache",
        "Any of the class",
    )


def _headaches(found: pl.DataFrame, n: int) -> list[dict]:
    """So many terms of which fewer subjects have any than have headache."""
    of = found.filter(pl.col("analysis") == "adverse_events", pl.col("variable_level") == TERMS[2]).with_columns(
        stat=pl.when(pl.col("stat_name") == "n").then(pl.col("stat") - 1).otherwise("stat")
    )
    given = of.drop("cell_id", "position").to_dicts()
    return [{**one, "variable_level": f"{TERMS[1]} / Term {i:03}"} for i in range(n) for one in given]


def test_the_stopping_rule_is_said_in_words_above_where_each_cohort_stands():
    [rule] = sentences(stopping.SECTION, rows())
    assert rule.startswith("The rule in force: Beta-binomial, prior Beta(0.6, 1.4): stop when P(")
    standing = tables(stopping.SECTION, rows())["B1. Where each cohort stands"]
    assert row(standing, "DL2")[:6] == ["3 / 3 (100.0)", "29.2–100.0", "3", "97.6", "yes", "2"]


def test_the_first_screen_names_the_cohort_whose_boundary_is_crossed():
    [answers, *_] = drawn(summary.SECTION, rows()).blocks
    [answer] = [answer for answer in answers.answers if "boundary" in answer.question]
    assert plain(answer.headline) == "yes"
    assert plain(answer.lines[0]) == "Dose level: DL2: 3 of 3 evaluated had the event, boundary 3"


def test_the_first_screen_says_where_all_stand_when_nothing_is_crossed():
    found = rows().filter(~((pl.col("analysis") == "monitoring") & pl.col("group1").is_not_null()))
    [answers, *_] = drawn(summary.SECTION, found).blocks
    [answer] = [answer for answer in answers.answers if "boundary" in answer.question]
    assert plain(answer.headline) == "no"
    assert plain(answer.lines[0]).startswith("All treated subjects: 2 of 5 evaluated had the event, boundary ")


def test_a_boundary_that_was_crossed_before_is_not_forgotten():
    cohort = (pl.col("analysis") == "monitoring") & (pl.col("group1_level") == "DL2")
    found = with_stat(rows(), 0, cohort, pl.col("stat_name") == "crossed")
    [answers, *_] = drawn(summary.SECTION, found).blocks
    [answer] = [answer for answer in answers.answers if "boundary" in answer.question]
    assert plain(answer.headline) == "not now, but it was"
    assert "Dose level: DL2: was crossed after 2 subjects" in [plain(line) for line in answer.lines]


def test_the_first_screen_says_plainly_that_no_rule_is_set():
    [answers, *_] = drawn(summary.SECTION, BASE).blocks
    assert "no rule is set" in [plain(answer.headline) for answer in answers.answers]


def test_levels_are_held_against_the_first_with_difference_ratio_and_test():
    found = tables(incidence.SECTION, rows())["T1. Differences between levels: CRS of any grade"]
    assert row(found, "DL2 against DL1") == ["-1.6\n(-25.0 to 11.8)", "2.35\n(<0.01–12.3)", "<0.001"]


def test_levels_that_are_no_separate_groups_have_no_p_value_and_a_note_that_says_why():
    stepped = "with step-up dosing a subject is in every dose level it reached"
    dose = (pl.col("analysis") == "comparison") & (pl.col("group1") == "dose") & (pl.col("by_variable") == "against")
    found = rows().filter(~(dose & (pl.col("stat_name") == "p_value")))
    found = found.with_columns(
        stat=pl.when(dose).then(None).otherwise("stat"),
        stat_text=pl.when(dose).then(pl.lit("NE")).otherwise("stat_text"),
        warning=pl.when(dose).then(pl.lit(stepped)).otherwise("warning"),
    )
    printed = tables(incidence.SECTION, found)["T1. Differences between levels: CRS of any grade"]
    assert row(printed, "DL2 against DL1") == ["NE", "NE", "NE"]
    assert f"Dose levels are not compared: {stepped}." in drawn(incidence.SECTION, found).notes


def test_a_variable_of_one_level_is_tested_nowhere():
    found = tables(incidence.SECTION, rows())["T1. Tests across all levels"]
    assert stubs(found) == ["Therapy", "Dose level"] * 4


def test_levels_are_tested_over_time_crude_and_within_another_variable():
    found = tables(onset.SECTION, rows())
    assert row(found["T2. Tests between levels of the time to CRS"], "Dose level") == [
        *("120", "60"),
        *("4.75 (1)", "0.029") * 2,
    ]
    assert "Dose level, within therapy" in stubs(
        found["T2. Tests between levels of the time to CRS, within levels of another variable"]
    )


def test_kaplan_meier_is_printed_only_beside_the_cumulative_incidence():
    caption = "T2. Sensitivity: Aalen-Johansen and 1 − Kaplan-Meier beside it, CRS of any grade"
    [first, *_] = row(tables(onset.SECTION, rows())[caption], "All treated subjects")
    assert re.fullmatch(r"[\d.]+ / 26\.0", first)


def test_a_footnote_of_an_estimator_stands_only_under_tables_with_its_numbers():
    pages = planned(material(ard=rows()), (incidence.SECTION,))
    told = {" ".join(page.title): "Estimator of rates." in " ".join(page.notes) for page in pages}
    assert {title for title, is_told in told.items() if is_told} == {title for title in told if "Rates" in title}


def test_captions_are_each_used_once():
    sections = (symptoms, risk_factors, biomarkers, prevention, agreement, adverse_events, stopping, incidence, onset)
    captions = [caption for one in sections for caption in tables(one.SECTION, rows())]
    assert len(captions) == len({*captions}) > 40
