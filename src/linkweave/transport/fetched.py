"""What a vendor told, whether it was asked just now or is remembered."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from linkweave.errors import NotFoundError, VendorError

# Looks at the JSON of a good answer; what it gives is `Fetched.value`. What it raises, the vendor is held to have said.
Read: TypeAlias = Callable[[object], object]


@dataclass(frozen=True, slots=True)
class Fetched:
    """Decoded JSON (or NotJson) and when the vendor told it.

    `value` is what the asker's reading made of it, None where it is remembered. It is fresh until `fresh_until`, None
    for what must not be kept. `stale_because` says why there is nothing newer, where something should be.
    """

    data: object
    at: datetime
    value: object = field(default=None, compare=False, repr=False)
    fresh_until: datetime | None = None
    stale_because: VendorError | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """The vendor told at `at` that there is no such thing; so it is taken until `fresh_until`."""

    error: NotFoundError
    at: datetime
    fresh_until: datetime | None = None
    stale_because: None = None


Told: TypeAlias = Fetched | Missing
