"""What may be told to those who must stay blinded: which results, and which counts are too small to be told."""

from pipelines.blinding.results import open_results

__all__ = ["open_results"]
