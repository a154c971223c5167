"""What a link becomes at another account, and what it loses there."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from linkweave.accounts import Account
from linkweave.catalog.jobs.copy_plans import LostField
from linkweave.jobs.copying.patches import fitting_patch, patched
from linkweave.models import Link
from linkweave.models.changes import LinkPatch, NewLink
from linkweave.providers.write_capabilities import CanCreateLinks

# Fields with the same name and meaning in both. Empty values of them are not copied.
_KEPT: Final = (
    "title",
    "note",
    "tags",
    "external_id",
    "utm",
    "expiry",
    "device_targets",
    "variants",
    "unique_window_minutes",
    "email_reports",
)
# Without these there is no copy.
_REQUIRED: Final = frozenset({"destination", "domain"})
_PASSWORD: Final = LostField("password", "no vendor tells a link's password")
_CAMPAIGN: Final = LostField("campaign", "a campaign belongs to the account that it is in")
# No link is created in these states.
_STATES: Final = ("archived", "starred", "protected")


@dataclass(frozen=True, slots=True)
class LinkCopy:
    """The copy of a link, the update that follows its create, what it lacks, and why it cannot be created, if so."""

    new: NewLink
    lost: tuple[LostField, ...] = ()
    problem: str | None = None
    patch: LinkPatch | None = None

    @property
    def slug(self) -> str | None:
        """The slug of the finished copy; None where the vendor chooses it."""
        return patched(self.new, self.patch).slug


def copy_link(link: Link, target: Account, slug: str | None, domain: str | None) -> LinkCopy:
    """Returns the copy of `link` at `target`. Makes no call.

    What the target's vendor takes in no create is in the patch. What it cannot express is left out, except for the
    destination and the domain. A slug that the vendor does not allow is left out too: the vendor then chooses another.
    """
    adapter = target.adapter
    new = NewLink(link.destination, slug, domain, **_kept(link))
    if not isinstance(adapter, CanCreateLinks):
        return LinkCopy(new, (), f"{target.provider.name} cannot create links")
    lost = [*_untold(link)]
    later: dict[str, Any] = {state: True for state in _STATES if getattr(link, state)}
    for field in sorted(new.given() - adapter.creatable):
        if field in _REQUIRED:
            return LinkCopy(new, tuple(lost), f"{target.provider.name} does not support the field {field}")
        later[field] = getattr(new, field)
        new = _without(new, field)
    while problems := adapter.check_new_link(new):
        problem = problems[0]
        field = problem.path[0]
        if field in _REQUIRED or field not in new.given():
            return LinkCopy(new, tuple(lost), problem.message)
        lost.append(LostField(field, problem.message))
        new = _without(new, field)
    fitting = fitting_patch(later, target)
    return LinkCopy(new, (*lost, *fitting.lost), None, fitting.patch)


def _kept(link: Link) -> dict[str, Any]:
    return {name: getattr(link, name) for name in _KEPT if getattr(link, name)}


def _untold(link: Link) -> Iterator[LostField]:
    """Yields what no copy can have, whatever its vendor."""
    if link.password_protected:
        yield _PASSWORD
    if link.campaign_id is not None:
        yield _CAMPAIGN


def _without(new: NewLink, field: str) -> NewLink:
    cleared: dict[str, Any] = {field: None}
    return replace(new, **cleared)
