"""What a provider can change, as types. Every call made here has `Call.writes` set and is sent at most once."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from linkweave.errors import VendorError
from linkweave.models import Capability, Tracker, Upload, Webhook
from linkweave.models.changes import (
    AbuseReport,
    InputProblem,
    LinkPatch,
    NewLink,
    NewTrackers,
    NewUpload,
    NewWebhook,
    WebhookPatch,
    WrittenLink,
)


@dataclass(frozen=True, slots=True)
class UpdateStep:
    """One call of an update: the fields of the patch that it carries, and the call.

    `run` takes the link's handle and gives the handle that it has afterwards: a new slug may change it.
    """

    fields: frozenset[str]
    run: Callable[[str], Awaitable[str]]


class CanCreateLinks(ABC):
    """CREATE_LINK."""

    capability: ClassVar[Capability] = Capability.CREATE_LINK
    creatable: ClassVar[frozenset[str]]
    """The fields of NewLink that the vendor can be told, less `reuse`."""
    finds_existing: ClassVar[bool] = False
    """Whether the vendor itself gives back an existing link to the same destination, when asked by `reuse`."""

    def check_new_link(self, new: NewLink) -> Sequence[InputProblem]:  # noqa: ARG002 - most vendors take any value of a field they take
        """The parts of creatable fields that the vendor has no words for, such as a platform. Asks nobody."""
        return ()

    @abstractmethod
    async def create_link(self, new: NewLink) -> WrittenLink:
        """Make one link.

        Raises:
            ConflictError: the slug is taken (`field` is "slug").
            AmbiguousError: it may have been made.
            VendorError: it was not made.
        """


class CanCreateLinksTogether(CanCreateLinks):
    """BATCH_CREATE."""

    capability: ClassVar[Capability] = Capability.BATCH_CREATE
    create_batch_size: ClassVar[int]

    @abstractmethod
    async def create_links(self, new: Sequence[NewLink]) -> Sequence[WrittenLink | VendorError]:
        """Make at most `create_batch_size` links; one result each, in order.

        Raises:
            VendorError: the whole batch failed.
        """


class CanUpdateLinks(ABC):
    """UPDATE_LINK."""

    capability: ClassVar[Capability] = Capability.UPDATE_LINK
    updatable: ClassVar[frozenset[str]]
    """The fields of LinkPatch that the vendor can be told."""
    clearable: ClassVar[frozenset[str]]
    """Those of them that it can be told to clear."""

    def check_patch(self, patch: LinkPatch) -> Sequence[InputProblem]:  # noqa: ARG002 - as object_to
        """The parts of updatable fields that the vendor has no words for. Asks nobody."""
        return ()

    @abstractmethod
    def plan_update(self, patch: LinkPatch) -> tuple[UpdateStep, ...]:
        """The calls that make the changes, in the fixed order in which they are made; each field in exactly one."""


class CanUpdateLinksTogether(CanUpdateLinks):
    """BATCH_UPDATE."""

    capability: ClassVar[Capability] = Capability.BATCH_UPDATE
    update_batch_size: ClassVar[int]

    @abstractmethod
    async def update_links(self, patches: Sequence[tuple[str, LinkPatch]]) -> Sequence[WrittenLink | VendorError]:
        """Change at most `update_batch_size` links by handle; one result each, in order.

        Raises:
            VendorError: the whole batch failed.
        """


class CanDeleteLinks(ABC):
    """DELETE_LINK."""

    capability: ClassVar[Capability] = Capability.DELETE_LINK

    @abstractmethod
    async def delete_link(self, handle: str) -> None:
        """Delete a link.

        Raises:
            VendorError: it was not deleted, or (AmbiguousError) it may have been.
        """


class CanDeleteLinksTogether(CanDeleteLinks):
    """BATCH_DELETE."""

    capability: ClassVar[Capability] = Capability.BATCH_DELETE

    @abstractmethod
    async def delete_links(self, handles: Sequence[str]) -> Mapping[str, VendorError | None]:
        """Delete links in as few calls as the vendor allows; None where it happened, for every handle.

        Raises:
            VendorError: all of it failed.
        """


class CanRestoreLinks(ABC):
    """RESTORE_LINK."""

    capability: ClassVar[Capability] = Capability.RESTORE_LINK

    @abstractmethod
    async def restore_link(self, handle: str) -> None:
        """Bring back a deleted link."""


class CanResetStats(ABC):
    """RESET_STATS."""

    capability: ClassVar[Capability] = Capability.RESET_STATS

    @abstractmethod
    async def reset_stats(self, handles: Sequence[str]) -> Mapping[str, VendorError | None]:
        """Forget the clicks of links, in as few calls as the vendor allows; None where it happened."""


class CanWriteTags(ABC):
    """WRITE_TAGS."""

    capability: ClassVar[Capability] = Capability.WRITE_TAGS

    @abstractmethod
    async def create_tag(self, name: str) -> str:
        """Make a tag; gives its name as the vendor spells it. A tag that is there already is no error."""

    @abstractmethod
    async def rename_tag(self, name: str, new_name: str) -> str:
        """Rename a tag; gives its name as the vendor spells it."""

    @abstractmethod
    async def delete_tag(self, name: str) -> None:
        """Delete a tag."""


class CanWriteWebhooks(ABC):
    """WRITE_WEBHOOKS."""

    capability: ClassVar[Capability] = Capability.WRITE_WEBHOOKS

    @abstractmethod
    async def create_webhook(self, new: NewWebhook) -> Webhook:
        """Make a webhook."""

    @abstractmethod
    async def update_webhook(self, webhook_id: str, patch: WebhookPatch) -> Webhook:
        """Change a webhook; gives it as it is afterwards."""

    @abstractmethod
    async def delete_webhooks(self, ids: Sequence[str]) -> Mapping[str, VendorError | None]:
        """Delete webhooks, in as few calls as the vendor allows; None where it happened."""


class CanWriteTrackers(ABC):
    """WRITE_TRACKERS."""

    capability: ClassVar[Capability] = Capability.WRITE_TRACKERS

    @abstractmethod
    async def add_trackers(self, new: NewTrackers) -> tuple[Tracker, ...]:
        """Put trackers on a link; gives the link's trackers afterwards."""

    @abstractmethod
    async def remove_tracker(self, tracker_id: str) -> None:
        """Take a tracker off its link."""


class CanReportAbuse(ABC):
    """REPORT_ABUSE."""

    capability: ClassVar[Capability] = Capability.REPORT_ABUSE

    @abstractmethod
    async def report_abuse(self, report: AbuseReport) -> None:
        """Report a short link.

        Raises:
            UnsupportedError: the account's settings do not turn this on.
        """


class CanUploadFiles(ABC):
    """UPLOAD_FILE."""

    capability: ClassVar[Capability] = Capability.UPLOAD_FILE

    def check_upload(self, new: NewUpload) -> Sequence[InputProblem]:  # noqa: ARG002 - as object_to
        """The parts of the input that the vendor cannot be told, or would refuse for certain. Asks nobody."""
        return ()

    @abstractmethod
    async def upload(self, new: NewUpload) -> Upload:
        """Send a file, in pieces as they are read.

        Raises:
            ConflictError: the vendor has this file already.
            AmbiguousError: it may have been stored.
            VendorError: it was not stored.
        """
