"""What differs between two releases of a study: records, grades, settings and reported numbers."""

from pipelines.changes.comparing import Compared, compare
from pipelines.changes.difference import Difference, difference
from pipelines.changes.releases import name_of_earlier
from pipelines.changes.writing import READS, write_changes

__all__ = ["READS", "Compared", "Difference", "compare", "difference", "name_of_earlier", "write_changes"]
