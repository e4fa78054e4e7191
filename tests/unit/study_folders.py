"""Study folders for the tests, from the study.yaml that the specification shows."""

from pathlib import Path

from pipelines.studies import Study, StudyError, load_study

SPECIFIED = """
study: S1
title: Phase 1/2 study of ...
indication: B-cell lymphoma                # shown, and a stratum when pooled
anchor: first_infusion                     # time zero
data_cut: 2026-06-30                       # default: the transfer's folder name
therapy:                                   # how a subject's therapy is told; first match wins
  variable: EX.EXTRT                       # or DM.ARM / DM.ACTARM / SUPPDM.<QNAM>
  classes:
    CAR-T (CD19): [AXICABTAGENE CILOLEUCEL, TISAGENLECLEUCEL]
    Bispecific (CD20xCD3): [GLOFITAMAB]
dose:
  variable: EX.EXDOSE                      # actual, never planned
  unit: 10^6/kg                            # others are converted or refused
  levels: {DL1: [0, 0.5], DL2: [0.5, 1.5], DL3: [1.5, 4]}    # left-closed; or `by: dose_number` for step-up
tumour_burden:
  variable: TR.SUMPPD                      # or LB.LDH, LB.BLASTLE, MI..., SUPPDM.<QNAM>
  unit: mm2
  baseline: last_before_anchor
  cut: 5000                                # or `median`, `tertiles`
premedication: {window_hours: 24}
grading:
  primary: reported                        # or derived
  reported_scale: ASTCT 2019
  scales: [ASTCT 2019, CTCAE 5.0]
mapping:                                   # only where the sponsor's codes differ from the defaults
  respiratory_support: {domain: PR, flow: PRDOSE, flow_unit: PRDOSU}
  crs_terms: [CYTOKINE RELEASE SYNDROME]
board: {arms: blinded, stopping: {event: grade>=3, p0: 0.30, prior: [0.6, 1.4], confidence: 0.90}}
"""
SHORTEST = """
study: S1
therapy: {classes: {CAR-T: [AXICABTAGENE CILOLEUCEL]}}
"""


def folder(root: Path, text: str, name: str = "S1") -> Path:
    """A study's folder with this study.yaml in it."""
    made = root / name
    made.mkdir(parents=True)
    (made / "study.yaml").write_text(text, encoding="utf-8")
    return made


def study(root: Path, text: str) -> Study:
    """The study that this study.yaml describes."""
    return load_study(folder(root, text))


def problems(root: Path, text: str) -> list[str]:
    """What is wrong with this study.yaml, a line a problem, without the file's name."""
    try:
        load_study(folder(root, text))
    except StudyError as error:
        return [line.removeprefix("study.yaml: ") for line in str(error).splitlines()]
    return []
