"""One file on disk to one table as it arrived, and back: SAS, Dataset-JSON, CSV and Parquet."""

from pipelines.formats.dataset import Dataset, FormatError, Variable
from pipelines.formats.names import EXTENSIONS
from pipelines.formats.reading import open_dataset
from pipelines.formats.writing import write_dataset

__all__ = ["EXTENSIONS", "Dataset", "FormatError", "Variable", "open_dataset", "write_dataset"]
