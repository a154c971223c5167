"""What a site left out of an upload that it accepted. Its answer is HTTP 200, and has no word of it (RUN on 4.2.0)."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Final

from linkweave.models import Upload
from linkweave.models.changes import InputProblem, NewUpload

_INTERVAL: Final = re.compile(
    r"P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?", re.ASCII
)
_CLOCK_TOLERANCE: Final = timedelta(seconds=60)


def losses(new: NewUpload, upload: Upload) -> Iterator[InputProblem]:
    """The parts of `new` that `upload` does not have."""
    kept = {tag.casefold() for tag in upload.tags}
    for at, tag in enumerate(new.tags or ()):
        if tag.strip().casefold() not in kept:
            yield InputProblem(("tags", str(at)), "the file was stored without this tag")
    for name, wanted, stored in (
        ("title", new.title, upload.title),
        ("description", new.description, upload.description),
    ):
        if wanted and unescape(stored or "").split() != wanted.split():
            yield InputProblem((name,), f"the file was stored with another {name}, or without one")
    if new.category is not None and upload.category != new.category.strip():
        yield InputProblem(("category",), "the file was stored in another category, or in none")
    if new.width is not None and upload.width not in (None, new.width):
        yield InputProblem(("width",), f"the picture was stored with a width of {upload.width}")
    yield from _expiry_losses(new, upload)
    if new.album is not None:
        problem = "the site does not tell whether the file is in this album: it ignores an album that it does not find"
        yield InputProblem(("album",), problem, is_uncertain=True)


def _expiry_losses(new: NewUpload, upload: Upload) -> Iterator[InputProblem]:
    if new.expires_in is None:
        return
    if upload.expires_at is None:
        yield InputProblem(("expires_in",), "the file was stored without an end")
        return
    interval = _INTERVAL.fullmatch(new.expires_in)
    if interval is None or upload.created_at is None:
        return
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in interval.groups())
    wanted = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    if abs(upload.expires_at - upload.created_at - wanted) > _CLOCK_TOLERANCE:
        yield InputProblem(("expires_in",), f"the file ends at {upload.expires_at.isoformat()} instead")
