"""What one operation has seen of each account, so that it does not send all its calls to a broken vendor.

Until the first usable answer of an account has come in this operation, `MAX_UNPROVEN` calls to it may be under way or
have failed. A list of a hundred links with statistics is then not a hundred calls to a vendor that is down.
"""

from dataclasses import dataclass
from typing import Final

MAX_UNPROVEN: Final = 6


@dataclass(slots=True)
class AccountTrial:
    """Counts the calls of one operation to one account."""

    under_way: int = 0
    failed: int = 0
    succeeded: bool = False

    @property
    def may_call(self) -> bool:
        """Whether one more call may be sent now."""
        return self.succeeded or self.under_way + self.failed < MAX_UNPROVEN

    @property
    def exhausted(self) -> bool:
        """Whether no further call may be sent."""
        return not self.succeeded and self.failed >= MAX_UNPROVEN
