"""What changed of a link, as the gateway saw it."""

from datetime import datetime
from typing import Any

import orjson
import strawberry

from linkweave.catalog.reads.questions import changes
from linkweave.models.link_changes import ChangeKind, SeenBy
from linkweave.schema.names import to_camel_case


@strawberry.type(description="A field of a link that changed.")
class ChangedField:
    name: str = strawberry.field(description="The name of the field of `Link`.")
    before: str | None = strawberry.field(description="The value before, as text or as JSON. Null if there was none.")
    after: str | None = strawberry.field(description="The value after, as text or as JSON. Null if there is none.")

    @classmethod
    def of(cls, name: str, before: Any, after: Any) -> "ChangedField":
        return cls(name=to_camel_case(name), before=_text(before), after=_text(after))


@strawberry.type(description="A change of a link, as the gateway saw it.")
class LinkChange:
    kind: ChangeKind = strawberry.field(description="What happened.")
    at: datetime = strawberry.field(description="When the gateway saw the change.")
    seen_by: SeenBy = strawberry.field(description="How the gateway saw the change.")
    fields: list[ChangedField] = strawberry.field(description="The fields that changed. Empty for a new link.")

    @classmethod
    def of(cls, change: changes.LinkChange) -> "LinkChange":
        return cls(
            kind=change.kind,
            at=change.at,
            seen_by=change.seen_by,
            fields=[ChangedField.of(each.name, each.before, each.after) for each in change.fields],
        )


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else orjson.dumps(value).decode()
