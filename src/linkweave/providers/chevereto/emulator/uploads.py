"""A stored file, and its JSON: the fields of the document, in its order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Any, Final

from linkweave.providers.chevereto.emulator.durations import after
from linkweave.providers.chevereto.emulator.forms import Content
from linkweave.providers.chevereto.emulator.pictures import Format, random_name

SITE: Final = "https://pics.brand-demo.example"

# The site's own clock is behind GMT, as in the document's example.
_LOCAL: Final = timedelta(hours=-3)
_MEDIUM_WIDTH: Final = 500
_THUMB_BYTES: Final = 1150
_SHORT_TITLE: Final = 25
# RUN: limits that the site applies without a word.
_LONGEST_TITLE: Final = 100
_LONGEST_TAG: Final = 32
_MOST_TAGS: Final = 10
_SHORTEST: Final = timedelta(minutes=5)
_LONGEST: Final = timedelta(days=365)
_KILO: Final = 1000


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of the site. `fields` are those of its form."""

    id: str
    file: Content
    kept_as: Format
    width: int
    height: int
    animated: bool
    approved: bool
    uploader: str
    at: datetime
    fields: Mapping[str, str]

    @property
    def name(self) -> str:
        """The name in the site's folders: the file's own name and letters that make it unique."""
        stem = PurePosixPath(self.file.name).stem
        return stem if stem == random_name(self.file) else f"{stem}{self._secret[:16]}"

    @property
    def url(self) -> str:
        """The address of the file itself."""
        return self._place(f"{self.name}.{self.kept_as.extension}")

    @property
    def path_viewer(self) -> str:
        """The path of its page."""
        return f"/image/{self.id}"

    def to_json(self) -> dict[str, Any]:
        """The answer's `image`; while the file waits for approval, without its URLs (FOUND)."""
        answer = {**self._facts(), **self._state(), **self._addresses(), **self._labels()}
        answer["delete_url"] = f"{SITE}{self.path_viewer}/delete/{self._secret[16:64]}"
        if not self.approved:
            for name in ("url", "display_url"):
                del answer[name]
            for name in ("image", "thumb", "medium"):
                del answer[name]["url"]
        return answer

    @property
    def _secret(self) -> str:
        return sha256(f"{self.id} {self.file.md5}".encode()).hexdigest()

    @property
    def _title(self) -> str:
        return _kept(self.fields.get("title"), _LONGEST_TITLE) or PurePosixPath(self.file.name).stem

    @property
    def _tags(self) -> list[str]:
        """The tags that the site takes; it drops others without a word (RUN)."""
        tags = [tag.strip() for tag in self.fields.get("tags", "").split(",") if tag.strip()][:_MOST_TAGS]
        return [tag for tag in tags if len(tag) <= _LONGEST_TAG and not set("/<#") & set(tag)]

    def _place(self, filename: str) -> str:
        return f"{SITE}/images/{self.at + _LOCAL:%Y/%m/%d}/{filename}"

    def _facts(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "extension": self.kept_as.extension,
            "size": self.file.size,
            "width": self.width,
            "height": self.height,
            "date": _moment(self.at + _LOCAL),
            "date_gmt": _moment(self.at),
            "title": self._title,
            "description": _kept(self.fields.get("description"), None),
            "nsfw": int(self.fields.get("nsfw") == "1"),
            "storage_mode": "datefolder",
            "md5": self.file.md5,
            "source_md5": None,
            "original_filename": self.file.name,
            "original_exifdata": None,
            "views": 0,
            "category_id": _number(self.fields.get("category_id")),
        }

    def _state(self) -> dict[str, Any]:
        expires = after(self.at, self.fields.get("expiration", ""))
        if expires is not None:
            expires = min(max(expires, self.at + _SHORTEST), self.at + _LONGEST)
        tags = [
            {"name": tag, "name_safe_html": tag, "url_key": tag.lower(), "url": f"/tag/{tag.lower()}"}
            for tag in self._tags
        ]
        return {
            "chain": 5,
            "thumb_size": _THUMB_BYTES,
            "medium_size": 0,
            "frame_size": 0,
            "expiration_date_gmt": None if expires is None else _moment(expires),
            "likes": 0,
            "is_animated": int(self.animated),
            "is_approved": int(self.approved),
            "is_360": 0,
            "duration": 0,
            "type": "image",
            "tags": tags,
            "tags_string": ", ".join(self._tags),
            "file": {"resource": {"type": "path"}},
            "id_encoded": self.id,
        }

    def _addresses(self) -> dict[str, Any]:
        medium = self._size(".md", 0) if self.width > _MEDIUM_WIDTH else dict.fromkeys(self._size("", 0))
        return {
            "filename": f"{self.name}.{self.kept_as.extension}",
            "mime": self.kept_as.mime,
            "url": self.url,
            "ratio": self.width / max(1, self.height),
            "size_formatted": _size_in_words(self.file.size),
            "image": self._size("", self.file.size),
            "thumb": self._size(".th", _THUMB_BYTES),
            "url_frame": "",
            "medium": medium,
        }

    def _size(self, suffix: str, size: int) -> dict[str, Any]:
        name, extension = f"{self.name}{suffix}", self.kept_as.extension
        return {
            "filename": f"{name}.{extension}",
            "name": name,
            "mime": self.kept_as.mime,
            "extension": extension,
            "url": self._place(f"{name}.{extension}"),
            **({"size": size} if size else {}),
        }

    def _labels(self) -> dict[str, Any]:
        short = self._title if len(self._title) <= _SHORT_TITLE else f"{self._title[:_SHORT_TITLE]}..."
        return {
            "duration_time": "",
            "url_viewer": SITE + self.path_viewer,
            "path_viewer": self.path_viewer,
            "url_short": SITE + self.path_viewer,
            "display_url": self.url,
            "display_width": self.width,
            "display_height": self.height,
            "views_label": "views",
            "likes_label": "likes",
            "how_long_ago": "moments ago",
            "date_fixed_peer": _moment(self.at + _LOCAL),
            "title_truncated": short,
            "title_truncated_html": short,
            "is_use_loader": False,
            "display_title": self._title,
        }


def _kept(text: str | None, longest: int | None) -> str | None:
    """The text as the site keeps it: PHP takes "0" for empty (RUN)."""
    return text[:longest] if text and text != "0" else None


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < _SHORT_TITLE else None


def _size_in_words(size: int) -> str:
    if size < _KILO:
        return f"{size} B"
    return f"{size / _KILO:.1f} KB" if size < _KILO**2 else f"{size / _KILO**2:.1f} MB"
