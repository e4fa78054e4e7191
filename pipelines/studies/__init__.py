"""What the protocol says: study.yaml as frozen settings, the transfers delivered, and both as tables."""

from pipelines.studies.adjudication import Adjudicated, load_adjudicated
from pipelines.studies.loading import (
    POOLED,
    Pooled,
    StudyError,
    load_pooled,
    load_study,
    study_names,
)
from pipelines.studies.settings import Study
from pipelines.studies.tables import study_tables
from pipelines.studies.transfers import Transfer, transfers
from pipelines.studies.variables import missing_variables

__all__ = [
    "POOLED",
    "Adjudicated",
    "Pooled",
    "Study",
    "StudyError",
    "Transfer",
    "load_adjudicated",
    "load_pooled",
    "load_study",
    "missing_variables",
    "study_names",
    "study_tables",
    "transfers",
]
