"""Uploads files, and finds uploads again. No vendor's API lists uploads, so the gateway stores them."""

from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter, ValidationError

from linkweave.errors import VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.capabilities import unsupported_capability
from linkweave.gather.writing.failures import Failure, from_error, from_input_problems, from_loss
from linkweave.models import Capability, Upload
from linkweave.models.changes import NewUpload
from linkweave.providers.write_capabilities import CanUploadFiles
from linkweave.storage.interfaces import Store

UPLOAD_TTL_SECONDS: Final = 30 * 24 * 3600

_UPLOAD: Final = TypeAdapter(Upload)


@dataclass(frozen=True, slots=True)
class UploadResult:
    """The result of an upload. Beside an upload, `failures` are the parts of the input that it lacks or may lack."""

    upload: Upload | None = None
    failures: tuple[Failure, ...] = ()


async def upload_file(loaders: AccountLoaders, new: NewUpload, store: Store) -> UploadResult:
    """Uploads a file to an account's provider, and stores the provider's answer."""
    account, adapter = loaders.account, loaders.account.adapter
    if not isinstance(adapter, CanUploadFiles):
        return UploadResult(None, (from_error(unsupported_capability(account, Capability.UPLOAD_FILE), account),))
    problems = from_input_problems(adapter.check_upload(new), account)
    if problems:
        return UploadResult(None, problems)
    try:
        upload = await adapter.upload(new)
    except VendorError as error:
        return UploadResult(None, (from_error(error, account),))
    await store.set(_record_name(loaders.key, upload.id), _UPLOAD.dump_json(upload), UPLOAD_TTL_SECONDS)
    if loaders.recorder is not None:
        await loaders.recorder.uploaded(loaders.key, upload)
    failures = (from_loss(loss, account) for loss in adapter.upload_losses(new, upload))
    return UploadResult(upload, tuple(failures))


async def find_upload(account: str, upload_id: str, store: Store) -> Upload | None:
    """Returns the upload with this id; None where it is unknown or expired."""
    stored = await store.get(_record_name(account, upload_id))
    try:
        return None if stored is None else _UPLOAD.validate_json(stored)
    except ValidationError:
        return None


def _record_name(account: str, upload_id: str) -> str:
    return f"upload:{account}:{upload_id}"
