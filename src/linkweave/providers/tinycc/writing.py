"""What all writes of links share: the items of an answer, each a link or an error of its own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from linkweave.errors import VendorError
from linkweave.models.changes import Change, InputProblem, WrittenLink
from linkweave.providers.tinycc.link_wire import WrittenUrl
from linkweave.providers.tinycc.links import LinkReader
from linkweave.providers.tinycc.refusals import item_refusal
from linkweave.transport.call import Call

MAX_NEW_SLUG_CHARACTERS: Final = 25
"""DOC. Hashes of existing links may be longer."""
OUT_OF_ORDER: Final = "the answer does not follow the order of the request"


class ItemReader(LinkReader):
    """Reads the items of answers to POST and PATCH."""

    def item_error(self, item: Mapping[str, Any], call: Call) -> VendorError | None:
        """The error of an item that was refused."""
        refusal = item_refusal(item)
        return None if refusal is None else self.refusal_error(refusal, call)

    def written_link(self, item: Mapping[str, Any], call: Call, at: datetime) -> WrittenLink | VendorError:
        """The link or the error that an item holds; an item of another shape is an error of its own."""
        error = self.item_error(item, call)
        if error is not None:
            return error
        try:
            entry = self.parse(WrittenUrl, item, call)
        except VendorError as problem:
            return problem
        return WrittenLink(entry.to_link(at), entry.known_fields)


def any_written(data: object) -> bool:
    """Whether an answer to a write has an item without an error, or no list of items at all."""
    items = data.get("urls") if isinstance(data, Mapping) else None
    return not isinstance(items, list) or not items or any(item_refusal(item) is None for item in items)


def check_slug(slug: Change[str]) -> tuple[InputProblem, ...]:
    """A new slug that is too long, which the vendor refuses with the code of a taken one."""
    if not isinstance(slug, str) or len(slug) <= MAX_NEW_SLUG_CHARACTERS:
        return ()
    message = f"has {len(slug)} characters; tiny.cc allows {MAX_NEW_SLUG_CHARACTERS}"
    return (InputProblem(("slug",), message, is_invalid=True),)


def hash_of(item: Mapping[str, Any]) -> str | None:
    """The hash that an item names: a link's own, or in a failed item the one of the request (DOC)."""
    slug = item.get("hash", item.get("custom_hash"))
    # The vendor sends numbers for text elsewhere too.
    return str(slug) if isinstance(slug, str | int) else None
