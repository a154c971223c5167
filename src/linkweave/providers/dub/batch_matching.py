"""Finds out which item of a batch's answer belongs to which link: Dub does not keep their order (FOUND)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from linkweave.models.changes import NewLink

# Keys of a new link that its answer repeats. `url` may be spelled otherwise afterwards.
_EXACT: Final = ("externalId", "title", "comments")
_WITHOUT_CASE: Final = ("domain", "key")


def without_twins(new: Sequence[NewLink]) -> Iterator[tuple[int, ...]]:
    """The places of new links, in groups without one slug twice: Dub refuses such a batch as a whole (DOC)."""
    rest = list(range(len(new)))
    while rest:
        group: dict[object, int] = {}
        for place in rest:
            slug = new[place].slug
            group.setdefault(place if slug is None else slug.casefold(), place)
        yield tuple(group.values())
        rest = [place for place in rest if place not in group.values()]


def match_items(
    bodies: Sequence[Mapping[str, object]], items: Iterable[Mapping[str, Any]]
) -> list[Mapping[str, Any] | None]:
    """The item of each body, None where none fits. An item that failed repeats the body as its `link`."""
    left = list(items)
    found: dict[int, Mapping[str, Any]] = {}
    # Bodies that say more choose first: what has neither slug nor title fits many items.
    for place in sorted(range(len(bodies)), key=lambda place: -len(bodies[place])):
        item = next((each for each in left if _fits(bodies[place], each)), None)
        if item is not None:
            left.remove(item)
            found[place] = item
    return [found.get(place) for place in range(len(bodies))]


def _fits(body: Mapping[str, object], item: Mapping[str, Any]) -> bool:
    link = item.get("link") if "error" in item else item
    if not isinstance(link, dict) or not _same_url(body.get("url"), link.get("url")):
        return False
    exact = all(link.get(key) == body[key] for key in _EXACT if key in body)
    return exact and all(
        str(link.get(key)).casefold() == str(body[key]).casefold() for key in _WITHOUT_CASE if key in body
    )


def _same_url(sent: object, got: object) -> bool:
    """Whether these are the same but for the query, into which Dub writes campaign values, and the scheme."""
    return _comparable(sent) == _comparable(got)


def _comparable(url: object) -> str:
    text = str(url)
    return text.partition("://")[2].partition("?")[0].rstrip("/").casefold() if "://" in text else text
