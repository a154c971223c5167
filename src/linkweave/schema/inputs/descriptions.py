"""Adds the providers that support a field to the descriptions of the link inputs, as the adapters declare it."""

from collections.abc import Mapping
from typing import Any, Final, cast

from linkweave.providers.record import Provider
from linkweave.providers.write_capabilities import CanCreateLinks, CanUpdateLinks
from linkweave.schema.inputs.links import CreateLinkInput, UpdateLinkInput

_MARK: Final = " Supported by: "

# Fields that the gateway itself evaluates.
_GATEWAY_FIELDS: Final = frozenset({"accounts", "id", "if_exists", "idempotency_key"})


def describe_inputs(providers: Mapping[str, Provider]) -> None:
    """Adds the providers to the description of each field. A second call replaces what the first one added."""
    creating = {
        each.name: each.adapter.creatable for each in providers.values() if issubclass(each.adapter, CanCreateLinks)
    }
    updating = {
        each.name: each.adapter.updatable for each in providers.values() if issubclass(each.adapter, CanUpdateLinks)
    }
    _describe(CreateLinkInput, creating)
    _describe(UpdateLinkInput, updating)


def _describe(kind: type, supporters: Mapping[str, frozenset[str]]) -> None:
    for field in cast("Any", kind).__strawberry_definition__.fields:
        if field.python_name in _GATEWAY_FIELDS:
            continue
        base, _, _ = field.description.partition(_MARK)
        names = ", ".join(name for name, fields in supporters.items() if field.python_name in fields)
        field.description = f"{base}{_MARK}{names or 'no provider yet'}."
