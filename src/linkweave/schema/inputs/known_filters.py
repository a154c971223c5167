"""The filters of lists that only the catalog has."""

from datetime import datetime

import strawberry

from linkweave.catalog.reads.questions.destinations import DestinationQuestion
from linkweave.catalog.reads.questions.links import LinkQuestion
from linkweave.catalog.reads.questions.uploads import UploadQuestion
from linkweave.errors import InvalidInputError
from linkweave.gather.session import Session
from linkweave.providers.write_capabilities import CanUploadFiles
from linkweave.schema.inputs.filters import LinkFilterInput, account_keys

_MAX_SEARCH = 1_000


@strawberry.input(name="DestinationFilter", description="Selects destinations that meet all conditions given.")
class DestinationFilterInput:
    min_links: int | None = strawberry.field(
        default=None, description="Only destinations with at least so many links. The default is 1."
    )
    min_accounts: int | None = strawberry.field(
        default=None, description="Only destinations with links in at least so many accounts. The default is 1."
    )
    search: str | None = strawberry.field(
        default=None, description="Text to find in the URL. The case of the letters A to Z makes no difference."
    )
    host: str | None = strawberry.field(default=None, description="Only URLs with this host.")
    ignore_utm: bool = strawberry.field(
        default=False, description="Whether URLs are the same that differ only by campaign parameters (`utm_…`)."
    )
    links: LinkFilterInput | None = strawberry.field(
        default=None, description="Only the links that match this filter count. The default is all links."
    )

    def parse(self) -> DestinationQuestion:
        """Returns the conditions without the links.

        Raises:
            InvalidInputError: A condition is wrong.
        """
        for name, number in (("minLinks", self.min_links), ("minAccounts", self.min_accounts)):
            if number is not None and number < 1:
                raise InvalidInputError(f"filter.{name}", f"{number} is not allowed; it must be at least 1")
        return DestinationQuestion(
            LinkQuestion(()),
            1 if self.min_links is None else self.min_links,
            1 if self.min_accounts is None else self.min_accounts,
            _search(self.search),
            _storable("host", self.host),
            self.ignore_utm,
        )


@strawberry.input(name="UploadFilter", description="Selects uploads that meet all conditions given.")
class UploadFilterInput:
    accounts: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Only uploads of these accounts. Each is an account key or an account ID."
    )
    search: str | None = strawberry.field(
        default=None, description="Text to find in the name. The case of the letters A to Z makes no difference."
    )
    mime_type: str | None = strawberry.field(default=None, description="Only files of this media type.")
    uploaded_after: datetime | None = strawberry.field(
        default=None, description="Only files that were uploaded at this time or later."
    )
    uploaded_before: datetime | None = strawberry.field(
        default=None, description="Only files that were uploaded before this time."
    )

    def parse(self, session: Session) -> UploadQuestion:
        """Returns the question for the uploads of the caller's accounts.

        Raises:
            InvalidInputError: A condition is wrong.
        """
        chosen = session.choose("filter.accounts", account_keys(session, "filter.accounts", self.accounts))
        keys = tuple(each.key for each in chosen if isinstance(each.account.adapter, CanUploadFiles))
        return UploadQuestion(
            keys, _search(self.search), _storable("mimeType", self.mime_type), self.uploaded_after, self.uploaded_before
        )


def _search(text: str | None) -> str | None:
    if text is None:
        return None
    if not text.strip():
        raise InvalidInputError("filter.search", "must not be blank; leave it out to restrict nothing")
    if len(text) > _MAX_SEARCH or "\0" in text:
        raise InvalidInputError("filter.search", f"must have at most {_MAX_SEARCH} characters, and no NUL")
    return text.strip()


def _storable(name: str, text: str | None) -> str | None:
    if text is not None and "\0" in text:
        raise InvalidInputError(f"filter.{name}", "must not contain NUL")
    return text
