"""Sending files, and finding again what was sent: the vendors' APIs list no uploads, so the gateway keeps them."""

from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter, ValidationError

from linkweave.errors import VendorError
from linkweave.gather.account_loaders import AccountLoaders
from linkweave.gather.capabilities import unsupported_capability
from linkweave.gather.writing.failures import Failure, from_error, from_input_problems
from linkweave.models import Capability, Upload
from linkweave.models.changes import NewUpload
from linkweave.providers.write_capabilities import CanUploadFiles
from linkweave.storage.interfaces import Store

UPLOAD_TTL_SECONDS: Final = 30 * 24 * 3600

_UPLOAD: Final = TypeAdapter(Upload)


@dataclass(frozen=True, slots=True)
class UploadResult:
    """What came of an upload."""

    upload: Upload | None = None
    failures: tuple[Failure, ...] = ()


async def upload_file(loaders: AccountLoaders, new: NewUpload, store: Store) -> UploadResult:
    """Send a file to an account's provider, and remember what it answered."""
    account, adapter = loaders.account, loaders.account.adapter
    if not isinstance(adapter, CanUploadFiles):
        return UploadResult(None, (from_error(unsupported_capability(account, Capability.UPLOAD_FILE), account),))
    objections = from_input_problems(adapter.check_upload(new), account)
    if objections:
        return UploadResult(None, objections)
    try:
        upload = await adapter.upload(new)
    except VendorError as error:
        return UploadResult(None, (from_error(error, account),))
    await store.set(_name(loaders.key, upload.id), _UPLOAD.dump_json(upload), UPLOAD_TTL_SECONDS)
    return UploadResult(upload)


async def find_upload(account: str, upload_id: str, store: Store) -> Upload | None:
    """What was uploaded to `account` under `upload_id`, while it is remembered."""
    kept = await store.get(_name(account, upload_id))
    try:
        return None if kept is None else _UPLOAD.validate_json(kept)
    except ValidationError:
        return None


def _name(account: str, upload_id: str) -> str:
    return f"upload:{account}:{upload_id}"
