"""The datasets of a release in ADaM naming, as files that regulators take, and the define.xml that tells of them."""

from pipelines.datasets.writing import write_datasets

__all__ = ["write_datasets"]
