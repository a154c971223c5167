"""Uploads."""

from dataclasses import dataclass
from datetime import datetime

from linkweave.models import Upload


@dataclass(frozen=True, slots=True)
class UploadQuestion:
    """The uploads of these accounts. `search` is a part of the name."""

    accounts: tuple[str, ...]
    search: str | None = None
    mime_type: str | None = None
    uploaded_after: datetime | None = None
    uploaded_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class KnownUpload:
    """A file that was uploaded through the gateway, and its position among the others."""

    account: str
    upload: Upload
    position: tuple[int, int]


@dataclass(frozen=True, slots=True)
class UploadPage:
    """A page of uploads, newest first."""

    uploads: tuple[KnownUpload, ...]
    has_next: bool
