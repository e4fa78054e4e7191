"""What a verification found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What was held against what, and what differs.

    Args:
        what: The release, or the log.
        checked: What was looked at, one sentence each.
        differs: What is not as it should be; nothing when it holds.
        remarks: What is worth knowing and is no difference.
    """

    what: str
    checked: Sequence[str]
    differs: Sequence[str]
    remarks: Sequence[str] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing differs."""
        return not self.differs

    def and_then(self, later: "Verified") -> "Verified":
        """Both, what was found later after what was found first."""
        return Verified(
            what=self.what,
            checked=(*self.checked, *later.checked),
            differs=(*self.differs, *later.differs),
            remarks=(*self.remarks, *later.remarks),
        )

    def lines(self) -> list[str]:
        """The verification for people: what differs first."""
        verdict = "holds" if self.holds else f"does not hold, {len(self.differs)} differences:"
        found = [f"  {line}" for line in self.differs]
        return [f"{self.what} {verdict}", *found, *(f"  {line}" for line in (*self.checked, *self.remarks))]

    def as_dict(self) -> dict[str, Any]:
        """The verification for machines."""
        return {
            "what": self.what,
            "holds": self.holds,
            "differs": list(self.differs),
            "checked": list(self.checked),
            "remarks": list(self.remarks),
        }
