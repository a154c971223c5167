"""Says at each field of a link's inputs which providers take it, computed from their adapters."""

from collections.abc import Mapping
from typing import Any, Final, cast

from linkweave.providers.record import Provider
from linkweave.providers.write_capabilities import CanCreateLinks, CanUpdateLinks
from linkweave.schema.inputs.links import CreateLinkInput, UpdateLinkInput

_MARK: Final = " Taken by: "

# Read by the gateway itself, whoever the provider is.
_OWN: Final = frozenset({"accounts", "id", "if_exists", "idempotency_key"})


def describe_inputs(providers: Mapping[str, Provider]) -> None:
    """Add to each field's description who takes it. Doing it again replaces what was added before."""
    creating = {
        each.name: each.adapter.creatable for each in providers.values() if issubclass(each.adapter, CanCreateLinks)
    }
    updating = {
        each.name: each.adapter.updatable for each in providers.values() if issubclass(each.adapter, CanUpdateLinks)
    }
    _describe(CreateLinkInput, creating)
    _describe(UpdateLinkInput, updating)


def _describe(kind: type, takers: Mapping[str, frozenset[str]]) -> None:
    for field in cast("Any", kind).__strawberry_definition__.fields:
        if field.python_name in _OWN:
            continue
        base, _, _ = field.description.partition(_MARK)
        names = ", ".join(name for name, fields in takers.items() if field.python_name in fields)
        field.description = f"{base}{_MARK}{names or 'none of the providers here'}."
