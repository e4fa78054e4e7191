"""study.yaml as frozen settings: the protocol's facts, and every parameter of the grading."""

import re
from collections.abc import Mapping
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from pipelines.studies.kinds import (
    MOST_SUBJECTS,
    Code,
    Codes,
    Cut,
    Day,
    Device,
    Drug,
    Flag,
    Item,
    Levels,
    Looks,
    NotNegative,
    Positive,
    Probability,
    Scale,
    Scales,
    Settings,
    Text,
    Unit,
    all_scales,
    each_told_once,
    none_twice,
    some,
    variable_of,
)
from pipelines.studies.names import known_terms

POOLED = "POOLED"
# A fever threshold outside these was meant in degrees Fahrenheit, or is a slip.
LOWEST_FEVER_C, HIGHEST_FEVER_C = 35.0, 45.0

Given = TypeVar("Given")


def _study_name(name: str) -> str:
    # The name is a folder, a file and a partition, so it keeps to what all three can be called.
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise ValueError(f"found {name!r}, expected letters, digits, hyphens, dots and underscores only")
    if name == POOLED:
        raise ValueError(f"found {name}, which is the name of the study made of studies; choose another")
    return name


def _demanded(value: Given, needed: bool) -> Given:
    if needed and not value:
        raise ValueError("is missing; amounts cannot be compared without it")
    return value


class Therapy(Settings):
    """How a subject's therapy is told."""

    variable: Annotated[str, variable_of("EX", "DM", "SUPPDM")] = "EX.EXTRT"
    classes: Annotated[Mapping[Text, Codes], AfterValidator(some), AfterValidator(each_told_once)]


class Dose(Settings):
    """How the dose is told and divided into levels: by its amount, or by its place in the step-up."""

    variable: Annotated[str, variable_of("EX")] = "EX.EXDOSE"
    by: Literal["level", "dose_number"] = "level"
    unit: Unit | None = None
    levels: Levels = Field(default_factory=dict)

    @field_validator("unit", "levels")
    @classmethod
    def _amounts_need_a_unit_and_levels(cls, value: Given, others: ValidationInfo) -> Given:
        return _demanded(value, others.data.get("by") == "level")


class TumourBurden(Settings):
    """How the tumour burden is told and divided into levels."""

    variable: Annotated[str, variable_of("TR", "LB", "MI", "SUPPDM")]
    unit: Unit | None = None
    baseline: Literal["last_before_anchor"] = "last_before_anchor"
    cut: Cut = "median"

    @field_validator("unit")
    @classmethod
    def _results_need_a_unit(cls, value: Given, others: ValidationInfo) -> Given:
        # A supplemental qualifier has no unit of its own to convert from.
        return _demanded(value, not others.data.get("variable", "SUPP").startswith("SUPP"))


class Premedication(Settings):
    """What counts as given to prevent CRS."""

    window_hours: Positive = 24


class Hypotension(Settings):
    """What counts as low blood pressure; by age when nothing is given."""

    sbp_mmhg: Positive | None = None


class Grading(Settings):
    """Which grades the analyses use, and every parameter they hang on."""

    primary: Literal["reported", "derived"] = "reported"
    reported_scale: Scale | None = None
    scales: Scales = Field(default_factory=all_scales)
    reading_hold_hours: Positive = 12
    laboratory_hold_hours: Positive = 24
    episode_gap_days: NotNegative = 7
    onset_window_days: Positive = 30
    low_flow_max_lpm: Positive = 6
    low_flow_inclusive: Flag = True
    premedication_waives_fever: Flag = False
    temperature_c: Annotated[Positive, Field(ge=LOWEST_FEVER_C, le=HIGHEST_FEVER_C)] = 38.0
    hypotension: Hypotension = Hypotension()


class TreatmentEmergence(Settings):
    """Which adverse events are treatment-emergent."""

    end_window_days: NotNegative | None = None
    worsening: Literal["none", "initial", "group"] = "none"
    ignore_time: Flag = True


class RespiratorySupport(Settings):
    """Where the sponsor records oxygen and ventilation."""

    domain: Code | None = None
    flow: Code | None = None
    flow_unit: Code | None = None
    fio2: Code | None = None


class Covariates(Settings):
    """Where the sponsor records baseline covariates that have no domain of their own."""

    ecog: Annotated[str, variable_of("QS", "RS", "FT", "FA", "SUPPDM")] | None = None
    prior_lines: Annotated[str, variable_of("QS", "RS", "FT", "FA", "SUPPDM")] | None = None


class SponsorCodes(Settings):
    """Where the sponsor's codes differ from the defaults."""

    crs_terms: Codes = ("CYTOKINE RELEASE SYNDROME",)
    icans_terms: Codes = Field(default_factory=lambda: known_terms("icans"))
    iec_hs_terms: Codes = Field(default_factory=lambda: known_terms("iec_hs"))
    icans: Annotated[Mapping[Item, Codes], AfterValidator(each_told_once)] = Field(default_factory=dict)
    drugs: Annotated[Mapping[Drug, Codes], AfterValidator(each_told_once)] = Field(default_factory=dict)
    devices: Annotated[Mapping[Device, Codes], AfterValidator(each_told_once)] = Field(default_factory=dict)
    respiratory_support: RespiratorySupport | None = None
    covariates: Covariates = Covariates()


class Stopping(Settings):
    """The board's stopping rule: stop when the event is likelier than p0 with this confidence."""

    event: Literal["grade>=1", "grade>=2", "grade>=3", "grade>=4", "grade>=5"] = "grade>=3"
    p0: Probability = 0.30
    prior: tuple[Positive, Positive] = (0.6, 1.4)
    confidence: Probability = 0.90
    window_days: Positive | None = None
    looks: Looks = (3, 5, 6, 8, 10, 15, 20, 25, 30)


class Board(Settings):
    """What the safety board is shown."""

    arms: Literal["blinded", "unblinded"] = "blinded"
    stopping: Stopping = Stopping()
    minimum_cell: Annotated[int, Field(ge=0, le=MOST_SUBJECTS)] = 5


class Tables(Settings):
    """How tables.rtf and tables.pdf look."""

    font: Literal["courier", "times"] = "courier"
    paper: Literal["A4", "letter"] = "A4"


class Study(Settings):
    """A study as its study.yaml describes it, with the defaults filled in."""

    study: Annotated[Text, AfterValidator(_study_name)]
    title: Text = Field(default_factory=lambda given: given.get("study", "untitled"))
    indication: Text | None = None
    anchor: Literal["first_infusion"] = "first_infusion"
    data_cut: Day | None = None
    therapy: Therapy
    dose: Dose | None = None
    tumour_burden: TumourBurden | None = None
    premedication: Premedication = Premedication()
    grading: Grading = Grading()
    teae: TreatmentEmergence = TreatmentEmergence()
    mapping: SponsorCodes = SponsorCodes()
    board: Board | None = None
    tables: Tables = Tables()


class Pooled(Settings):
    """The study made of studies."""

    study: Literal["POOLED"] = POOLED
    title: Text = "All studies"
    studies: Annotated[tuple[Text, ...], AfterValidator(some), AfterValidator(none_twice)]
