"""The plan of a copy: a row for each link of the source."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from linkweave.models.changes import LinkPatch, NewLink


class CopyState(Enum):
    """Whether a link can be copied, or what stands in the way."""

    READY = "READY"
    READY_WITH_LOSS = "READY_WITH_LOSS"
    SLUG_TAKEN = "SLUG_TAKEN"
    DOMAIN_UNKNOWN = "DOMAIN_UNKNOWN"
    EXISTS = "EXISTS"
    OVER_QUOTA = "OVER_QUOTA"
    UNSUPPORTED = "UNSUPPORTED"


class SlugChoice(Enum):
    """Which slug a copy has."""

    KEEP = "KEEP"
    NEW = "NEW"


class OnConflict(Enum):
    """What becomes of a copy whose slug is taken."""

    SKIP = "SKIP"
    SUFFIX = "SUFFIX"


@dataclass(frozen=True, slots=True)
class LostField:
    """A field of the source that the copy will not have, in snake case, and why."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One link of the source. `target` is the link to create; None where something stands in the way.

    `patch` is an update that follows the create, for the fields that the vendor takes in no create.
    """

    source_handle: str
    source_short_url: str
    state: CopyState
    reason: str | None = None
    lost: tuple[LostField, ...] = ()
    target: NewLink | None = None
    patch: LinkPatch | None = None


@dataclass(frozen=True, slots=True)
class CopyOptions:
    """How links are copied. `domain` is that of the copies; for None the target's vendor chooses."""

    slug: SlugChoice = SlugChoice.KEEP
    on_conflict: OnConflict = OnConflict.SKIP
    domain: str | None = None


@dataclass(frozen=True, slots=True)
class CopyPlan:
    """A plan, without its rows. `client` made it, and no other client may see or start it.

    Copying makes `calls` calls to the target's vendor. They take at least `seconds`, as far as its limits are known.
    `notices` say what the plan could not find out.
    """

    id: str
    client: str
    source_account: str
    target_account: str
    options: CopyOptions
    calls: int
    seconds: int | None
    notices: tuple[str, ...]
    made_at: datetime
    expires_at: datetime
