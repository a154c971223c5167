"""Objects that an answer has at several places, and that are written once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from graphql.pyutils import Path

from linkweave.schema.execution.compiled.places import Place


@dataclass(slots=True, eq=False)
class Entity:
    """An object that was written for one selection, and all its places in the answer.

    Attributes:
        source: what the object was written from.
        places: where it is. The first one is where it was written.
        answer: the written object. It may still have fields that wait for a vendor.
        failed: whether a field inside of it has an error, so that it must be written again at a new place.
    """

    source: Any
    places: list[Place]
    answer: dict[str, Any] | None = None
    failed: bool = False


@dataclass(slots=True)
class Entities:
    """The entities of one answer."""

    _by_id: dict[object, dict[str, Entity]] = field(default_factory=dict)
    _by_place: dict[int, Entity] = field(default_factory=dict)

    def find(self, selection: object, source: Any, place: Place) -> dict[str, Any] | None:
        """Returns the written object, which is now also at `place`. None if it must be written."""
        known = self._by_id.get(selection)
        entity = None if known is None else known.get(source.id)
        if entity is None or entity.failed or entity.answer is None:
            return None
        if entity.source is not source and entity.source != source:
            return None
        entity.places.append(place)
        return entity.answer

    def open(self, selection: object, source: Any, place: Place) -> Entity:
        """Returns the entity that will be written at `place`."""
        entity = Entity(source, [place])
        self._by_id.setdefault(selection, {})[source.id] = entity
        self._by_place[id(place)] = entity
        return entity

    def clear(self) -> None:
        """Forgets all entities. Their places refer to them."""
        self._by_id.clear()
        self._by_place.clear()

    def occurrences(self, place: Place | None) -> list[Place | None]:
        """Returns all places of the object or list that was written at `place`."""
        entity = None if place is None else self._by_place.get(id(place))
        return [place] if entity is None else list(entity.places)

    def paths(self, place: Place) -> Iterator[Path]:
        """Yields the path of `place` in each object that contains it."""
        for parent in self.occurrences(place.parent):
            prefixes = [None] if parent is None else self.paths(parent)
            for prefix in prefixes:
                yield Path(prefix, place.key, place.position.type_name)

    def mark_failed(self, place: Place) -> None:
        """Marks all entities that contain `place`."""
        parent = place.parent
        if parent is None:
            return
        entity = self._by_place.get(id(parent))
        if entity is not None:
            entity.failed = True
        for occurrence in [parent] if entity is None else entity.places:
            self.mark_failed(occurrence)
