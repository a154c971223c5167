"""How an upload is said to Chevereto: the form's fields, in the order of the document."""

from collections.abc import Iterator

from linkweave.models.changes import InputProblem, NewUpload
from linkweave.transport.call import Pairs


def form_fields(new: NewUpload, text: str | None) -> Pairs:
    """Every field but the file; `text` is base64 or a URL in its place. The answer is always asked for as JSON."""
    pairs = {
        "source": text,
        "title": new.title,
        "description": new.description,
        "tags": ",".join(new.tags) if new.tags else None,
        "album_id": new.album,
        "category_id": new.category,
        "width": None if new.width is None else str(new.width),
        "expiration": new.expires_in,
        "nsfw": _flag(new.nsfw),
        "format": "json",
        "use_file_date": _flag(new.use_file_date),
    }
    return tuple((name, value) for name, value in pairs.items() if value is not None)


def objections(new: NewUpload) -> Iterator[InputProblem]:
    """Tags that would be several: they are told in one field, with commas between them."""
    for place, tag in enumerate(new.tags or ()):
        if "," in tag:
            yield InputProblem(("tags", str(place)), "Chevereto separates tags by commas: there can be none in a tag")


def _flag(value: bool | None) -> str | None:
    return None if value is None else str(int(value))
