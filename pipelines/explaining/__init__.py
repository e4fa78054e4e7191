"""Why a grade is what it is, and who is behind a number: found in a release, and told in words."""

from pipelines.explaining.asked import Explanation, explain

__all__ = ["Explanation", "explain"]
