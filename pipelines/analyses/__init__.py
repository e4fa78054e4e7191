"""One file per analysis: a table in, rows of analysis results (ARD) out."""

from pipelines.analyses import (
    adverse_events,
    agreement,
    biomarkers,
    comparison,
    curves,
    duration,
    incidence,
    interventions,
    monitoring,
    onset,
    outcome,
    population,
    prevention,
    rates,
    reconciliation,
    risk_factors,
    sensitivity,
    symptoms,
    time_tests,
    tocilizumab,
)
from pipelines.analyses.ard import Context, ard_rows
from pipelines.analyses.cells import Analysis

ANALYSES: tuple[Analysis, ...] = (
    population.ANALYSIS,
    incidence.ANALYSIS,
    comparison.ANALYSIS,
    rates.ANALYSIS,
    onset.ANALYSIS,
    curves.ONSET,
    sensitivity.ANALYSIS,
    time_tests.ANALYSIS,
    outcome.ANALYSIS,
    duration.ANALYSIS,
    curves.DURATION,
    interventions.ANALYSIS,
    tocilizumab.ANALYSIS,
    symptoms.ANALYSIS,
    agreement.ANALYSIS,
    reconciliation.ANALYSIS,
    monitoring.ANALYSIS,
    adverse_events.ANALYSIS,
    risk_factors.ANALYSIS,
    biomarkers.ANALYSIS,
    prevention.ANALYSIS,
)

__all__ = ["ANALYSES", "Analysis", "Context", "ard_rows"]
