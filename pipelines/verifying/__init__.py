"""Whether a release is what it was when it was made, whether it comes out again, and whether the audit log holds."""

from pipelines.verifying.asked import verify, verify_log
from pipelines.verifying.verified import Verified

__all__ = ["Verified", "verify", "verify_log"]
