"""Uploading files, with a short link where one is wanted."""

import re
from dataclasses import replace
from typing import Annotated, Final

import strawberry

from linkweave import models
from linkweave.errors import ErrorCode, InvalidInputError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.session import Session
from linkweave.gather.writing.create_links import CreateCommand, CreateResult, create_links, find_unsupported
from linkweave.gather.writing.failures import Failure, Path
from linkweave.gather.writing.uploads import upload_file
from linkweave.models.changes import NewLink, NewUpload, WrittenLink
from linkweave.schema.context import Info
from linkweave.schema.inputs.parsing import account_of, accounts_in_order, filled
from linkweave.schema.types.link import Link
from linkweave.schema.types.payloads import UserError, errors_of, written_link, wrong_input
from linkweave.schema.types.upload import ShortenUploadInput, Upload, UploadFileInput, UploadTarget

_DURATION: Final = re.compile(r"P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?", re.ASCII)
_SHORTEN: Final[Path] = ("input", "shorten")


@strawberry.type(description="An uploaded file and, if requested, its short link. Each of the two can fail on its own.")
class UploadPayload:
    loaders: strawberry.Private[AccountLoaders | None]
    written: strawberry.Private[WrittenLink | None]
    upload: Upload | None = strawberry.field(description="The uploaded file. Null if the upload failed.")
    errors: list[UserError] = strawberry.field(
        description="The errors. If a path begins with `input`, `shorten`, the error is about the short link.",
    )

    @strawberry.field(description="The short link. Null if you did not request one, or if it could not be created.")
    async def link(self, info: Info) -> Link | None:
        if self.loaders is None or self.written is None:
            return None
        return await written_link(info, self.loaders, self.written)

    @classmethod
    def of(cls, upload: Upload | None, link: CreateResult | None, errors: list[UserError]) -> "UploadPayload":
        return cls(
            loaders=None if link is None else link.loaders,
            written=None if link is None else link.written,
            upload=upload,
            errors=errors,
        )


@strawberry.type(description="Mutations of uploads.")
class UploadMutations:
    @strawberry.mutation(
        description=("Uploads a file to a Chevereto site such as pic.li. It can also create a short link to the file.")
    )
    async def upload_file(
        self,
        info: Info,
        input: Annotated[UploadFileInput, strawberry.argument(description="The file and its options.")],  # noqa: A002 - the contract's name
    ) -> UploadPayload:
        session = info.context.session
        try:
            loaders, new = _read(session, input)
            # Before the file is sent, so that nothing that is known then leaves an upload without its link.
            order = None if input.shorten is None else _order(session, input.shorten)
        except InvalidInputError as error:
            return UploadPayload.of(None, None, errors_of([wrong_input(error)]))
        refused = () if order is None else find_unsupported(order.accounts[0], order.new)
        if refused:
            return UploadPayload.of(None, None, errors_of(refused, _SHORTEN))
        sent = await upload_file(loaders, new, session.records.store)
        if sent.upload is None:
            return UploadPayload.of(None, None, errors_of(sent.failures))
        upload = Upload.of(loaders, sent.upload)
        if order is None or input.shorten is None:
            return UploadPayload.of(upload, None, [])
        link = await _shorten(order, sent.upload, input.shorten.target or UploadTarget.FILE)
        return UploadPayload.of(upload, link, errors_of([_of_target(each) for each in link.failures], _SHORTEN))


async def _shorten(order: CreateCommand, upload: models.Upload, target: UploadTarget) -> CreateResult:
    destination = upload.url if target is UploadTarget.FILE else upload.viewer_url
    if destination is None:
        message = "the file waits for approval and has no address yet; shorten its viewer, or shorten it later"
        return CreateResult(order.accounts[0], None, (Failure(ErrorCode.REJECTED, message, ("target",)),))
    (created,) = await create_links([replace(order, new=replace(order.new, destination=destination))])
    return created


def _of_target(failure: Failure) -> Failure:
    """A failure in the words of `shorten`, where the destination is what `target` chooses."""
    return replace(failure, path=("target",)) if failure.path == ("destination",) else failure


def _order(session: Session, given: ShortenUploadInput) -> CreateCommand:
    accounts = accounts_in_order(session, "shorten.accounts", given.accounts)
    tags = None if given.tags is None else tuple(given.tags)
    # The destination is known when the upload is there.
    slug, domain = filled(given.slug, "shorten.slug"), filled(given.domain, "shorten.domain")
    return CreateCommand(accounts, NewLink("", slug, domain, given.title, tags=tags))


def _read(session: Session, given: UploadFileInput) -> tuple[AccountLoaders, NewUpload]:
    if sum(each is not None for each in (given.file, given.base64, given.url)) != 1:
        raise InvalidInputError("input", "takes exactly one of file, base64 and url")
    if given.expires_in is not None and not _DURATION.fullmatch(given.expires_in):
        raise InvalidInputError("expiresIn", "must be an ISO 8601 duration, like P3D or PT5M")
    if given.width is not None and given.width < 1:
        raise InvalidInputError("width", "must be at least 1")
    return account_of(session, "account", given.account), NewUpload(
        given.file,
        given.base64,
        given.url,
        given.title,
        given.description,
        None if given.tags is None else tuple(given.tags),
        given.album,
        given.category,
        given.width,
        given.expires_in,
        given.nsfw,
        given.use_file_date,
    )
