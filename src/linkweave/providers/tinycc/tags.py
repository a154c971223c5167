"""Creates, renames and deletes tags."""

from collections.abc import Iterable
from typing import Final

from linkweave.errors import RejectedError, VendorError
from linkweave.providers.tinycc.account import AccountReader
from linkweave.providers.tinycc.account_wire import TagsAnswer
from linkweave.providers.tinycc.inferred import DUPLICATE_TAG_CODE
from linkweave.providers.tinycc.link_wire import Done
from linkweave.transport.call import Call

_CREATE: Final = "create tag"
_RENAME: Final = "rename tag"
_DELETE: Final = "delete tag"


class TagWriter(AccountReader):
    """WRITE_TAGS."""

    async def create_tag(self, name: str) -> str:
        """Create a tag, or find the one that exists: the vendor makes no second one (DOC), whatever it answers."""
        call = Call(_CREATE, "POST", "/tags", json={"label": name}, writes=True)
        try:
            answer, _ = await self.fetch(TagsAnswer, call)
        except RejectedError as error:
            known = _spelled(name, await self.list_tags()) if error.provider_code == DUPLICATE_TAG_CODE else None
            if known is None:
                raise
            return known
        return await self._tag_in(answer, name, call)

    async def rename_tag(self, name: str, new_name: str) -> str:
        """Rename a tag, also on its links."""
        path = self.path_to("/tags", name, _RENAME, "tag")
        call = Call(_RENAME, "PATCH", path, json={"label": new_name}, writes=True)
        answer, _ = await self.fetch(TagsAnswer, call)
        return await self._tag_in(answer, new_name, call)

    async def delete_tag(self, name: str) -> None:
        """Delete a tag, also from its links."""
        await self.fetch(Done, Call(_DELETE, "DELETE", self.path_to("/tags", name, _DELETE, "tag"), writes=True))

    async def _tag_in(self, answer: TagsAnswer, name: str, call: Call) -> str:
        """The tag that was written: the only one of the answer (DOC), however it is spelled, or one of the list."""
        labels = [entry.label for entry in answer.tags]
        known = labels[0] if len(labels) == 1 else _spelled(name, labels)
        if known is None:
            try:
                known = _spelled(name, await self.list_tags())
            except VendorError:
                known = None
        if known is None:
            raise self.bad_response(call, "the tag is missing")
        return known


def _spelled(name: str, labels: Iterable[str]) -> str | None:
    """The label that differs from `name` in case at most."""
    return next((label for label in labels if label.casefold() == name.casefold()), None)
