"""Creates, changes and deletes links."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Final

from linkweave.errors import RejectedError
from linkweave.models import Expiry
from linkweave.models.changes import ALL_LINK_FIELDS, UNSET, InputProblem, LinkPatch, NewLink, Unset, WrittenLink
from linkweave.providers.kutt.inferred import EXPIRY_MARGIN, LINK_ID
from linkweave.providers.kutt.input_checks import check_values
from linkweave.providers.kutt.link_reader import LinkReader
from linkweave.providers.kutt.refusals import NOTHING_CHANGED
from linkweave.providers.kutt.wire import DeletedAnswer, LinkAnswer
from linkweave.providers.write_capabilities import UpdateStep
from linkweave.transport.call import Call

CREATABLE: Final = frozenset({"destination", "slug", "domain", "note", "password", "expiry"})
UPDATABLE: Final = frozenset({"destination", "slug", "note", "password", "expiry"})
CLEARABLE: Final = frozenset({"password"})

KEPT_PASSWORD: Final = "•••"  # noqa: S105 - stands for the one that is there
"""Keeps the password of a link: a PATCH without any removes it. A link without a password gets none (FOUND)."""

_CREATED: Final = 201
_DELETE: Final = "delete link"
_UPDATE: Final = "update link"


class LinkWriter(LinkReader):
    """CREATE_LINK, UPDATE_LINK and DELETE_LINK."""

    def check_new_link(self, new: NewLink) -> Sequence[InputProblem]:
        """Finds values that Kutt certainly refuses, and an expiry by anything but a day."""
        return (*check_values(new.slug, new.note, new.password), *self.check_expiry(new.expiry))

    def check_patch(self, patch: LinkPatch) -> Sequence[InputProblem]:
        """As `check_new_link`."""
        return (*check_values(patch.slug, patch.note, patch.password), *self.check_expiry(patch.expiry))

    async def create_link(self, new: NewLink) -> WrittenLink:
        """Create one link, with one call. Kutt itself finds an existing one to the same destination.

        Raises:
            ConflictError: the slug is taken.
            AmbiguousError: the link may have been created.
            VendorError: the link was not created.
        """
        given = {
            "target": new.destination,
            "customurl": new.slug,
            "domain": new.domain,
            "description": new.note,
            "password": new.password,
            "expire_in": None if new.expiry is None else self._expire_in(new.expiry),
            "reuse": new.reuse or None,
        }
        body = {key: value for key, value in given.items() if value is not None}
        answer, fetched = await self.fetch(LinkAnswer, Call("create link", "POST", "/links", json=body, writes=True))
        created = not new.reuse or fetched.status == _CREATED
        return WrittenLink(answer.to_link(fetched.at), ALL_LINK_FIELDS, created=created)

    def plan_update(self, patch: LinkPatch) -> tuple[UpdateStep, ...]:
        """One call for all fields."""
        fields = patch.given()
        return (UpdateStep(fields, partial(self._edit, patch)),) if fields else ()

    async def delete_link(self, handle: str) -> None:
        """Delete a link, and its statistics with it.

        Raises:
            NotFoundError: the user has no such link.
            AmbiguousError: the link may have been deleted.
            VendorError: the link was not deleted.
        """
        if not LINK_ID.fullmatch(handle):
            raise self.not_found(_DELETE)
        await self.fetch(DeletedAnswer, Call(_DELETE, "DELETE", f"/links/{handle}", writes=True))

    async def _edit(self, patch: LinkPatch, handle: str) -> str:
        if not LINK_ID.fullmatch(handle):
            raise self.not_found(_UPDATE)
        body = self._edit_body(patch)
        call = Call(_UPDATE, "PATCH", f"/links/{handle}", json=body, writes=True)
        try:
            await self.fetch(LinkAnswer, call)
        except RejectedError as error:
            # Then every value is the present one (FOUND), as is so after an update that got through.
            if error.provider_code != NOTHING_CHANGED:
                raise
        return handle

    def _edit_body(self, patch: LinkPatch) -> Mapping[str, object]:
        given = {
            "target": patch.destination,
            "address": patch.slug,
            "description": patch.note,
            "expire_in": self._expire_in(patch.expiry) if isinstance(patch.expiry, Expiry) else UNSET,
            "password": KEPT_PASSWORD if isinstance(patch.password, Unset) else patch.password,
        }
        return {key: value for key, value in given.items() if value is not None and not isinstance(value, Unset)}

    def _expire_in(self, expiry: Expiry) -> str | None:
        """The time until the end of the day in UTC: as text, a number counts milliseconds (FOUND)."""
        if expiry.at is None:
            return None
        end = datetime.combine(expiry.at, time(0), UTC) + timedelta(days=1) - EXPIRY_MARGIN
        return str((end - self.clock.now()) // timedelta(milliseconds=1))
