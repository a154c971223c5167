"""The update that follows the create of a copy, for the fields that a vendor takes in no create."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from linkweave.accounts import Account
from linkweave.catalog.jobs.copy_plans import LostField
from linkweave.models.changes import LinkPatch, NewLink
from linkweave.providers.write_capabilities import CanUpdateLinks

# Fields of a link whose change has another name.
_PATCH_NAMES: Final[Mapping[str, str]] = MappingProxyType({"tags": "add_tags"})
_FIELD_NAMES: Final[Mapping[str, str]] = MappingProxyType({name: field for field, name in _PATCH_NAMES.items()})


@dataclass(frozen=True, slots=True)
class FittingPatch:
    """What the vendor can change of a copy afterwards, and what it cannot. `patch` is None where it is nothing."""

    patch: LinkPatch | None
    lost: tuple[LostField, ...] = ()


def fitting_patch(values: Mapping[str, Any], target: Account) -> FittingPatch:
    """Returns the update that gives `values` to a link at `target`. Makes no call."""
    adapter = target.adapter
    updatable = adapter.updatable if isinstance(adapter, CanUpdateLinks) else frozenset[str]()
    named = {_PATCH_NAMES.get(field, field): value for field, value in values.items()}
    lost = [
        _lost(name, f"{target.provider.name} does not support this field") for name in sorted(named.keys() - updatable)
    ]
    patch = LinkPatch(**{name: value for name, value in named.items() if name in updatable})
    while isinstance(adapter, CanUpdateLinks) and (problems := adapter.check_patch(patch)):
        name = problems[0].path[0]
        # A problem of no given field is one of the whole update.
        refused = {name} if name in patch.given() else patch.given()
        lost += [_lost(each, problems[0].message) for each in sorted(refused)]
        patch = patch.only(patch.given() - refused)
    return FittingPatch(patch if patch.given() else None, tuple(lost))


def field_names(patch: LinkPatch) -> list[str]:
    """Returns the names of the fields of a link that `patch` changes, sorted."""
    return sorted(_FIELD_NAMES.get(name, name) for name in patch.given())


def patched(new: NewLink, patch: LinkPatch | None) -> NewLink:
    """Returns `new` as it is after `patch`, as far as a new link has such fields."""
    if patch is None:
        return new
    values = {_FIELD_NAMES.get(name, name): getattr(patch, name) for name in patch.given()}
    known: dict[str, Any] = {name: value for name, value in values.items() if hasattr(new, name)}
    return replace(new, **known)


def _lost(name: str, message: str) -> LostField:
    return LostField(_FIELD_NAMES.get(name, name), message)
