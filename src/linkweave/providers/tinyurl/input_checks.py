"""Finds values that TinyURL certainly refuses, or cannot store, before any call."""

import re
from collections.abc import Iterator
from typing import Final

from linkweave.models.changes import Change, InputProblem, LinkPatch, NewLink

SHARED_DOMAINS: Final = frozenset({"tinyurl.com", "rotf.lol", "tiny.one"})
"""DOC."""
DEFAULT_DOMAIN: Final = "tinyurl.com"

_SHARED_SLUG: Final = range(5, 31)
_MAX_TAG: Final = 45
_SLUG: Final = re.compile(r"[A-Za-z0-9_-]+")
"""FOUND."""


def check_new(new: NewLink, domain: str) -> Iterator[InputProblem]:
    """The problems of a link on `domain`."""
    yield from _check_slug(new.slug)
    if new.slug is not None and domain in SHARED_DOMAINS and len(new.slug) not in _SHARED_SLUG:
        problem = f"must have {_SHARED_SLUG.start} to {_SHARED_SLUG.stop - 1} characters on {domain}"
        yield InputProblem(("slug",), problem, is_invalid=True)
    yield from _check_tags("tags", new.tags)


def check_changes(patch: LinkPatch) -> Iterator[InputProblem]:
    """The problems of changes."""
    yield from _check_slug(patch.slug)
    yield from _check_tags("add_tags", patch.add_tags)


def _check_slug(slug: Change[str]) -> Iterator[InputProblem]:
    if isinstance(slug, str) and not _SLUG.fullmatch(slug):
        yield InputProblem(("slug",), "must be of letters, digits, - and _ at TinyURL", is_invalid=True)


def _check_tags(name: str, tags: Change[tuple[str, ...]]) -> Iterator[InputProblem]:
    if isinstance(tags, tuple) and any(len(tag) > _MAX_TAG for tag in tags):
        yield InputProblem((name,), f"must have at most {_MAX_TAG} characters each at TinyURL", is_invalid=True)
