"""Changes and deletes links at Cutt.ly: `action=edit`."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from linkweave.models.changes import InputProblem, LinkPatch
from linkweave.providers.cuttly.edits import DELETE, Edit, edits_of, patch_problems, renamed
from linkweave.providers.cuttly.handles import is_handle, short_url_of
from linkweave.providers.cuttly.link_reader import BUCKET, LinkReader
from linkweave.providers.cuttly.refusals import EDIT_STATUSES, status_of
from linkweave.providers.write_capabilities import UpdateStep
from linkweave.transport.call import Call

# DOC: values of `status`.
_DONE: Final = 1
_INVALID_URL: Final = 4


class LinkUpdater(LinkReader):
    """UPDATE_LINK and DELETE_LINK."""

    def check_patch(self, patch: LinkPatch) -> Sequence[InputProblem]:
        """Finds what the API cannot express, such as several tags, and values that its document excludes."""
        return (*patch_problems(patch), *self.check_expiry(patch.expiry, needed=()))

    def plan_update(self, patch: LinkPatch) -> tuple[UpdateStep, ...]:
        """One step a field: title, tag, destination, unique clicks, mobiles, A/B, expiry, password, alias.

        The step for mobiles is four calls, one for each. When one of them fails, the earlier ones were made.
        """
        return tuple(
            UpdateStep(frozenset({name}), partial(self._change, name, calls)) for name, calls in edits_of(patch)
        )

    async def delete_link(self, handle: str) -> None:
        """Deletes a link in one call.

        Raises:
            NotFoundError: the vendor does not have the link.
            AmbiguousError: the link may have been deleted.
            VendorError: the link was not deleted.
        """
        await self._send("delete link", handle, DELETE)

    async def _change(self, name: str, edits: Sequence[Edit], handle: str) -> str:
        for edit in edits:
            await self._send("update link", handle, edit, name)
            if name == "slug":
                handle = renamed(handle, edit.value)
        return handle

    async def _send(self, operation: str, handle: str, edit: Edit, name: str | None = None) -> None:
        """Sends one group of parameters for one link; `name` is the field that it is about."""
        if not is_handle(handle):
            raise self.not_found(operation)
        call = Call(
            operation,
            "GET" if edit.form is None else "POST",
            "",
            edit.query(short_url_of(handle)),
            form=edit.form,
            multipart=edit.form is not None,
            bucket=BUCKET,
            writes=True,
            wrote=lambda data: status_of(data) not in EDIT_STATUSES,
        )
        status = status_of((await self.client.fetch(call)).data)
        if status is None or status not in {_DONE, *EDIT_STATUSES}:
            raise self.bad_response(call, "status is none that the vendor documents")
        if status != _DONE:
            refusal = EDIT_STATUSES[status]
            raise self.refusal_error(replace(refusal, field=name) if status == _INVALID_URL else refusal, call)
