"""Everything a release knows of one subject that bears on its CRS."""

from dataclasses import dataclass
from datetime import datetime

from pipelines.explaining.doses import Dose


@dataclass(frozen=True, kw_only=True)
class Who:
    """The subject: who was treated with what, and until when followed; a row of ``adsl``."""

    studyid: str
    usubjid: str
    age: float | None
    sex: str | None
    indication: str | None
    therapy: str | None
    dose: float | None
    dose_unit: str | None
    dose_level: str | None
    tumour_burden: float | None
    tumour_burden_unit: str | None
    tumour_burden_level: str | None
    trtsdtm: datetime | None
    doses: int | None
    saffl: str | None
    dthfl: str | None
    dthdtm: datetime | None
    dthprec: str | None
    lstalvdtm: datetime | None
    cutdtm: datetime | None


@dataclass(frozen=True, kw_only=True)
class Sign:
    """A raw row that could speak of CRS, with whether it counted and why not; a row of ``signs``."""

    source: str
    sign: str
    level_min: int | None
    level_max: int | None
    finding: str
    start_dtm: datetime | None
    end_dtm: datetime | None
    end_imputed: bool | None
    counted: bool
    episode: int | None
    why_not: str | None
    domain: str
    seq: int | None
    file: str
    row: int


@dataclass(frozen=True, kw_only=True)
class Waiver:
    """A record of a treatment that waives fever, with whether it did and why not; a row of ``waivers``."""

    drug: str
    drug_class: str
    start_dtm: datetime | None
    waived: bool
    why_not: str | None
    domain: str
    seq: int | None
    file: str
    row: int


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A stretch of an episode with one grade; a row of ``grade_segments``."""

    source: str
    scale: str
    episode: int
    start_dtm: datetime
    end_dtm: datetime
    grade: int | None
    fever: int | None
    hypotension: int | None
    hypoxia: int | None


@dataclass(frozen=True, kw_only=True)
class Episode:
    """An episode on one scale; a row of ``adcrs``."""

    source: str
    scale: str
    episode: int
    astdtm: datetime
    astprec: str | None
    aendtm: datetime
    aenprec: str | None
    ongoing: bool
    grade: int | None
    grade_min: int | None
    grade_max: int | None
    why_no_grade: str | None
    outcome: str


@dataclass(frozen=True, kw_only=True)
class Highest:
    """The highest grade on one scale; a row of ``adcrs_subject``."""

    source: str
    scale: str
    grade: int | None
    grade_min: int | None
    grade_max: int | None
    episodes: int
    is_assessable: bool


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A raw row that sets a grade, with the rule; a row of ``grade_evidence``."""

    source: str
    scale: str
    episode: int
    rule_id: str
    meaning: str | None
    grade: int | None
    domain: str
    seq: int | None
    variable: str
    value: str | None
    start_dtm: datetime | None
    file: str
    row: int


@dataclass(frozen=True, kw_only=True)
class Adjudication:
    """A grade that people gave an episode; a row of ``adjudications``."""

    source: str
    scale: str
    episode: int
    adjudicated_grade: int
    reason: str
    adjudicator: str
    adjudicated_at: str


@dataclass(frozen=True, kw_only=True)
class Query:
    """A question about the subject's data; a row of ``queries``."""

    rule: str
    message: str
    domain: str | None
    seq: int | None


@dataclass(frozen=True, kw_only=True)
class SubjectFacts:
    """What bears on one subject's CRS; rows in time order, scales in that of study.yaml."""

    who: Who
    scales: tuple[str, ...]
    doses: tuple[Dose, ...]
    signs: tuple[Sign, ...]
    waivers: tuple[Waiver, ...]
    segments: tuple[Segment, ...]
    episodes: tuple[Episode, ...]
    highest: tuple[Highest, ...]
    evidence: tuple[Evidence, ...]
    queries: tuple[Query, ...]
    adjudications: tuple[Adjudication, ...]
