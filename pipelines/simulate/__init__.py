"""Trials with a known truth: SDTM transfers consistent from the grade of CRS down to the readings."""

from pipelines.simulate.presets import PRESETS
from pipelines.simulate.trial import FORMATS, SimulationError, Trial, simulate

__all__ = ["FORMATS", "PRESETS", "SimulationError", "Trial", "simulate"]
