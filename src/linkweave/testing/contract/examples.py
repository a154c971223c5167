"""Example values for the fields of link inputs, and how a link shows them after the write."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from linkweave.schema.names import to_camel_case


@dataclass(frozen=True)
class FieldExample:
    """Fields of an input, and what a later query shows for them; None where the vendor's API does not tell.

    `before` are the fields with which the link is created, for examples of updates.
    """

    given: Mapping[str, object]
    shows: Mapping[str, Any] | None
    before: Mapping[str, object] = field(default_factory=dict)


def shown(**fields: object) -> FieldExample:
    """Returns an example of fields that the link shows as they were given."""
    return FieldExample(fields, fields)


def write_only(**fields: object) -> FieldExample:
    """Returns an example of fields that no endpoint of the vendor tells."""
    return FieldExample(fields, None)


def shown_tags(*names: str) -> Mapping[str, object]:
    """Returns tags as a link shows them."""
    return {"tags": [{"name": name} for name in names]}


NEW_DESTINATION: Final = "https://www.example.com/autumn?ref=contract"
_UTM: Final = {"source": "newsletter", "medium": "email", "campaign": "autumn", "term": "coat", "content": "top"}
_TARGETS: Final = [
    {"platform": "IOS", "destination": "https://apps.example.com/ios"},
    {"platform": "ANDROID", "destination": "https://apps.example.com/android"},
]
_EXPIRY: Final = {
    "at": "2027-01-31",
    "afterClicks": 100,
    "countUniqueOnly": None,
    "redirectTo": None,
    "redirectToAfterClicks": None,
}

_BOTH: Final[Mapping[str, FieldExample]] = {
    "destination": shown(destination=NEW_DESTINATION),
    "slug": shown(slug="autumn26"),
    "title": shown(title="Autumn coats"),
    "note": shown(note="Autumn leaflet"),
    "externalId": shown(externalId="crm-4711"),
    "utm": shown(utm=_UTM),
    "expiry": FieldExample({"expiry": {"at": "2027-01-31", "afterClicks": 100}}, {"expiry": _EXPIRY}),
    "deviceTargets": shown(deviceTargets=_TARGETS),
    "password": FieldExample({"password": "open sesame"}, {"passwordProtected": True}),
    "emailReports": shown(emailReports=True),
    "uniqueWindowMinutes": shown(uniqueWindowMinutes=30),
}

CREATE_EXAMPLES: Final[Mapping[str, FieldExample]] = MappingProxyType(
    {**_BOTH, "tags": FieldExample({"tags": ["autumn", "Coats"]}, shown_tags("autumn", "Coats"))}
)
UPDATE_EXAMPLES: Final[Mapping[str, FieldExample]] = MappingProxyType(
    {
        **_BOTH,
        "addTags": FieldExample({"addTags": ["winter"]}, shown_tags("autumn", "winter"), {"tags": ["autumn"]}),
        "removeTags": FieldExample({"removeTags": ["autumn"]}, shown_tags("coats"), {"tags": ["autumn", "coats"]}),
        "archived": shown(archived=True),
        "starred": shown(starred=True),
        "protected": shown(protected=True),
    }
)


def select_examples(
    fields: Iterable[str], defaults: Mapping[str, FieldExample], own: Mapping[str, FieldExample]
) -> dict[str, FieldExample]:
    """Returns the example of each field that a provider takes: the provider's own, or the default."""
    names = {to_camel_case(name) for name in fields}
    examples = {**{name: each for name, each in defaults.items() if name in names}, **own}
    assert examples.keys() == names, f"examples are missing, or not needed: {examples.keys() ^ names}"
    return examples
