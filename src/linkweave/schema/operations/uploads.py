"""The mutation that uploads a file, and can create a short link to it."""

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
from linkweave.schema.inputs.parsing import accounts_in_order, find_account, strip_non_blank
from linkweave.schema.types.link import Link
from linkweave.schema.types.payloads import UserError, input_failure, read_written_link, user_errors
from linkweave.schema.types.upload import ShortenUploadInput, Upload, UploadFileInput, UploadTarget

_DURATION: Final = re.compile(r"P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?", re.ASCII)
_SHORTEN: Final[Path] = ("input", "shorten")


@strawberry.type(description="An uploaded file and, if requested, its short link. Each of the two can fail on its own.")
class UploadPayload:
    loaders: strawberry.Private[AccountLoaders | None]
    written: strawberry.Private[WrittenLink | None]
    upload: Upload | None = strawberry.field(description="The uploaded file. Null if the upload failed.")
    errors: list[UserError] = strawberry.field(
        description=(
            "The errors. If a path begins with `input`, `shorten`, the error is about the short link. Beside an "
            "upload, another error names an option that the provider left out, or that it does not confirm."
        ),
    )

    @strawberry.field(description="The short link. Null if you did not request one, or if it could not be created.")
    async def link(self, info: Info) -> Link | None:
        return await read_written_link(info, self.loaders, self.written)

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
            new, loaders = _parse_file(input), find_account(session, "account", input.account)
            # The command is checked before the upload. Otherwise a wrong input would leave a file without its link.
            command = None if input.shorten is None else _parse_shorten(session, input.shorten)
        except InvalidInputError as error:
            return UploadPayload.of(None, None, user_errors([input_failure(error)]))
        unsupported = () if command is None else find_unsupported(command.accounts[0], command.new)
        if unsupported:
            return UploadPayload.of(None, None, user_errors(unsupported, _SHORTEN))
        result = await upload_file(loaders, new, session.records.store)
        if result.upload is None:
            return UploadPayload.of(None, None, user_errors(result.failures))
        upload, lost = Upload.of(loaders, result.upload), user_errors(result.failures)
        if command is None or input.shorten is None:
            return UploadPayload.of(upload, None, lost)
        link = await _shorten(command, result.upload, input.shorten.target or UploadTarget.FILE)
        failures = [_with_target_path(failure) for failure in link.failures]
        return UploadPayload.of(upload, link, [*lost, *user_errors(failures, _SHORTEN)])


async def _shorten(command: CreateCommand, upload: models.Upload, target: UploadTarget) -> CreateResult:
    destination = upload.url if target is UploadTarget.FILE else upload.viewer_url
    if destination is None:
        message = "the file waits for approval and has no address yet; shorten its viewer, or shorten it later"
        return CreateResult(command.accounts[0], None, (Failure(ErrorCode.REJECTED, message, ("target",)),))
    (result,) = await create_links([replace(command, new=replace(command.new, destination=destination))])
    return result


def _with_target_path(failure: Failure) -> Failure:
    """Changes the path `destination` to `target`, which chooses the destination of an upload's link."""
    return replace(failure, path=("target",)) if failure.path == ("destination",) else failure


def _parse_shorten(session: Session, link: ShortenUploadInput) -> CreateCommand:
    """Returns the command for the short link. Its destination is set after the upload."""
    accounts = accounts_in_order(session, "shorten.accounts", link.accounts)
    tags = None if link.tags is None else tuple(link.tags)
    slug = strip_non_blank(link.slug, "shorten.slug")
    domain = strip_non_blank(link.domain, "shorten.domain")
    return CreateCommand(accounts, NewLink("", slug, domain, link.title, tags=tags))


def _parse_file(file: UploadFileInput) -> NewUpload:
    if sum(each is not None for each in (file.file, file.base64, file.url)) != 1:
        raise InvalidInputError("input", "takes exactly one of file, base64 and url")
    if file.expires_in is not None and not _DURATION.fullmatch(file.expires_in):
        raise InvalidInputError("expiresIn", "must be an ISO 8601 duration, like P3D or PT5M")
    if file.width is not None and file.width < 1:
        raise InvalidInputError("width", "must be at least 1")
    return NewUpload(
        file.file,
        file.base64,
        file.url,
        file.title,
        file.description,
        None if file.tags is None else tuple(file.tags),
        file.album,
        file.category,
        file.width,
        file.expires_in,
        file.nsfw,
        file.use_file_date,
    )
