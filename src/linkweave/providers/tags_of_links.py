"""Tags that exist only while a link has them: what all such vendors share."""

from collections.abc import Iterable
from typing import ClassVar, Final

from linkweave.errors import AmbiguousError, ConflictError
from linkweave.providers.base import Adapter

RENAME_TAG: Final = "rename tag"
DELETE_TAG: Final = "delete tag"
_CREATE_TAG: Final = "create tag"


class TagsOfLinks(Adapter):
    """A part of WRITE_TAGS, for vendors where a tag is a word on links. Each link that has it is changed."""

    creates_tags: ClassVar[bool] = False

    async def create_tag(self, name: str) -> str:  # noqa: ARG002 - no tag can be created alone
        """Raises UnsupportedError: a tag exists while a link has it."""
        raise self.unsupported(_CREATE_TAG, "has no tag without a link; give it to a link")

    def require_new(self, name: str, others: Iterable[str]) -> None:
        """Checks that no tag in `others` has the name that a tag shall have.

        Raises:
            ConflictError: one has it.
        """
        if name.casefold() in {tag.casefold() for tag in others}:
            raise self.error(ConflictError, "there is a tag with the new name", RENAME_TAG)

    def half_done(self, changed: int, count: int, operation: str, provider_code: str | None = None) -> AmbiguousError:
        """The error for a write that has changed some links with the tag, and not all."""
        problem = f"{changed} of {count} links with the tag were changed"
        return self.error(AmbiguousError, problem, operation, provider_code=provider_code)
