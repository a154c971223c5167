"""What a provider can change, as types. Every call of these methods has `Call.writes` set and is sent at most once."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from linkweave.errors import VendorError
from linkweave.models import Capability, LinkFilter, Tracker, Upload, Webhook
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

    `run` takes the link's handle and returns the handle after the call: a new slug may change it.
    """

    fields: frozenset[str]
    run: Callable[[str], Awaitable[str]]


class CanCreateLinks(ABC):
    """CREATE_LINK."""

    capability: ClassVar[Capability] = Capability.CREATE_LINK
    creatable: ClassVar[frozenset[str]]
    """The fields of NewLink that the vendor accepts, less `reuse`."""
    finds_existing: ClassVar[bool] = False
    """Whether the vendor itself returns an existing link to the same destination, if `reuse` is set."""

    def check_new_link(self, new: NewLink) -> Sequence[InputProblem]:  # noqa: ARG002 - most vendors take any value of a field they take
        """The parts of creatable fields that the vendor's API cannot express, such as a platform. Makes no call."""
        return ()

    async def check_domain(self, domain: str | None) -> None:  # noqa: B027 - most vendors have a default domain
        """Find out whether a link can be created on `domain`; for None, the vendor chooses one.

        Raises:
            InvalidChoiceError: it cannot, because the vendor has no such domain or cannot choose.
            VendorError: that could not be found out.
        """

    @abstractmethod
    async def create_link(self, new: NewLink) -> WrittenLink:
        """Create one link.

        Raises:
            ConflictError: the slug is taken (`field` is "slug").
            AmbiguousError: the link may have been created.
            VendorError: the link was not created.
        """


class CanCreateLinksTogether(CanCreateLinks):
    """BATCH_CREATE."""

    capability: ClassVar[Capability] = Capability.BATCH_CREATE
    create_batch_size: ClassVar[int]

    @abstractmethod
    async def create_links(self, new: Sequence[NewLink]) -> Sequence[WrittenLink | VendorError]:
        """Create at most `create_batch_size` links; one result each, in order.

        Raises:
            VendorError: the whole batch failed.
        """


class CanUpdateLinks(ABC):
    """UPDATE_LINK."""

    capability: ClassVar[Capability] = Capability.UPDATE_LINK
    updatable: ClassVar[frozenset[str]]
    """The fields of LinkPatch that the vendor accepts."""
    clearable: ClassVar[frozenset[str]]
    """The fields among them that the vendor can clear."""

    def check_patch(self, patch: LinkPatch) -> Sequence[InputProblem]:  # noqa: ARG002 - as check_new_link
        """The parts of updatable fields that the vendor's API cannot express. Makes no call."""
        return ()

    @abstractmethod
    def plan_update(self, patch: LinkPatch) -> tuple[UpdateStep, ...]:
        """The calls that make the changes, in their fixed order; each field is in exactly one."""


class CanUpdateLinksTogether(CanUpdateLinks):
    """BATCH_UPDATE."""

    capability: ClassVar[Capability] = Capability.BATCH_UPDATE
    update_batch_size: ClassVar[int]

    def takes_together(self, patch: LinkPatch) -> bool:  # noqa: ARG002 - most vendors take any
        """Whether `update_links` takes this patch. Links with another one are updated one by one."""
        return True

    @abstractmethod
    async def update_links(
        self, patches: Sequence[tuple[str, LinkPatch]]
    ) -> Sequence[WrittenLink | VendorError | None]:
        """Change at most `update_batch_size` links by handle; one result each, in order.

        None is a change of which the vendor's answer shows nothing but that it was made.

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
            AmbiguousError: the link may have been deleted.
            VendorError: the link was not deleted.
        """


class CanDeleteLinksTogether(CanDeleteLinks):
    """BATCH_DELETE."""

    capability: ClassVar[Capability] = Capability.BATCH_DELETE

    @abstractmethod
    async def delete_links(self, handles: Sequence[str]) -> Mapping[str, VendorError | None]:
        """Delete links in as few calls as the vendor allows; for every handle its error, or None for success.

        Raises:
            VendorError: nothing was deleted.
        """


class CanRestoreLinks(ABC):
    """RESTORE_LINK."""

    capability: ClassVar[Capability] = Capability.RESTORE_LINK

    @abstractmethod
    async def restore_link(self, handle: str) -> None:
        """Restore a deleted link."""


class CanResetStats(ABC):
    """RESET_STATS."""

    capability: ClassVar[Capability] = Capability.RESET_STATS

    @abstractmethod
    async def reset_stats(self, handles: Sequence[str]) -> Mapping[str, VendorError | None]:
        """Delete the clicks of links, in as few calls as the vendor allows; an error or None for each."""


class CanWriteTags(ABC):
    """WRITE_TAGS."""

    capability: ClassVar[Capability] = Capability.WRITE_TAGS
    creates_tags: ClassVar[bool] = True
    """Whether a tag can be created alone. Else `create_tag` is UNSUPPORTED: a tag exists while a link has it."""

    @abstractmethod
    async def create_tag(self, name: str) -> str:
        """Create a tag and return its name as the vendor spells it. A tag that exists is no error."""

    @abstractmethod
    async def rename_tag(self, name: str, new_name: str) -> str:
        """Rename a tag and return its name as the vendor spells it."""

    @abstractmethod
    async def delete_tag(self, name: str) -> None:
        """Delete a tag."""


class CanWriteTaggedLinks(ABC):
    """A part of WRITE_TAGS that few vendors have: writes to all links of a choice of tags, in one call each.

    `tagged_updatable` are the fields of a patch that such a call takes, in snake case. Of a filter only its tags count.
    """

    tagged_updatable: ClassVar[frozenset[str]]

    @abstractmethod
    def check_tagged_patch(self, patch: LinkPatch) -> Sequence[InputProblem]:
        """The parts of the patch that the vendor's API cannot express. Makes no call."""

    @abstractmethod
    async def update_tagged_links(self, tags: LinkFilter, patch: LinkPatch) -> None:
        """Change the links."""

    @abstractmethod
    async def delete_tagged_links(self, tags: LinkFilter) -> None:
        """Delete the links."""

    @abstractmethod
    async def reset_tagged_stats(self, tags: LinkFilter) -> None:
        """Delete the clicks of the links."""


class CanWriteWebhooks(ABC):
    """WRITE_WEBHOOKS."""

    capability: ClassVar[Capability] = Capability.WRITE_WEBHOOKS

    @abstractmethod
    async def create_webhook(self, new: NewWebhook) -> Webhook:
        """Create a webhook."""

    @abstractmethod
    async def update_webhook(self, webhook_id: str, patch: WebhookPatch) -> Webhook:
        """Change a webhook and return it as it is afterwards."""

    @abstractmethod
    async def update_webhooks(self, ids: Sequence[str], patch: WebhookPatch) -> Mapping[str, Webhook | VendorError]:
        """Change webhooks alike, in as few calls as the vendor allows; each as it is afterwards, or its error."""

    @abstractmethod
    async def delete_webhooks(self, ids: Sequence[str]) -> Mapping[str, VendorError | None]:
        """Delete webhooks, in as few calls as the vendor allows; an error or None for each."""


class CanWriteTrackers(ABC):
    """WRITE_TRACKERS."""

    capability: ClassVar[Capability] = Capability.WRITE_TRACKERS

    @abstractmethod
    async def add_trackers(self, new: NewTrackers) -> tuple[Tracker, ...]:
        """Put trackers on a link and return all trackers of the link."""

    @abstractmethod
    async def remove_tracker(self, tracker_id: str) -> None:
        """Remove a tracker from its link."""


class CanReportAbuse(ABC):
    """REPORT_ABUSE."""

    capability: ClassVar[Capability] = Capability.REPORT_ABUSE

    @abstractmethod
    async def report_abuse(self, report: AbuseReport) -> None:
        """Report a short link.

        Raises:
            UnsupportedError: the account's settings have this off.
        """


class CanUploadFiles(ABC):
    """UPLOAD_FILE."""

    capability: ClassVar[Capability] = Capability.UPLOAD_FILE

    def check_upload(self, new: NewUpload) -> Sequence[InputProblem]:  # noqa: ARG002 - as check_new_link
        """The parts of the input that the vendor's API cannot express, or is certain to refuse. Makes no call."""
        return ()

    def upload_losses(self, new: NewUpload, upload: Upload) -> Sequence[InputProblem]:  # noqa: ARG002 - as check_upload
        """The parts of the input that the stored file does not have, or may not have. Makes no call."""
        return ()

    @abstractmethod
    async def upload(self, new: NewUpload) -> Upload:
        """Send a file, in pieces as they are read.

        Raises:
            ConflictError: the vendor has this file already.
            AmbiguousError: the file may have been stored.
            VendorError: the file was not stored.
        """
