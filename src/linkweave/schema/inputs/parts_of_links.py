"""Parses the objects in an input of a link: campaign parameters, expiry, destinations, preview."""

from collections.abc import Sequence
from dataclasses import fields

from linkweave.errors import InvalidInputError
from linkweave.models import DeviceTarget, Expiry, Utm, Variant
from linkweave.models.changes import Preview
from linkweave.schema.inputs.links import DeviceTargetInput, ExpiryInput, PreviewInput, UtmInput, VariantInput
from linkweave.schema.names import to_camel_case


def parse_utm(utm: UtmInput | None) -> Utm | None:
    """Returns the campaign parameters.

    Raises:
        InvalidInputError: It is empty.
    """
    if utm is None:
        return None
    _check_not_empty(utm, "utm")
    return Utm(utm.source, utm.medium, utm.campaign, utm.term, utm.content)


def parse_expiry(expiry: ExpiryInput | None) -> Expiry | None:
    """Returns the expiry.

    Raises:
        InvalidInputError: It is empty.
    """
    if expiry is None:
        return None
    _check_not_empty(expiry, "expiry")
    return Expiry(
        expiry.at,
        expiry.after_clicks,
        expiry.count_unique_only,
        expiry.redirect_to,
        expiry.redirect_to_after_clicks,
    )


def parse_device_targets(targets: Sequence[DeviceTargetInput] | None) -> tuple[DeviceTarget, ...] | None:
    """Returns the destinations of platforms."""
    return None if targets is None else tuple(DeviceTarget(each.platform, each.destination) for each in targets)


def parse_variants(variants: Sequence[VariantInput] | None) -> tuple[Variant, ...] | None:
    """Returns the alternative destinations."""
    return None if variants is None else tuple(Variant(each.destination, each.percentage) for each in variants)


def parse_preview(preview: PreviewInput | None) -> Preview | None:
    """Returns the preview.

    Raises:
        InvalidInputError: It is empty.
    """
    if preview is None:
        return None
    _check_not_empty(preview, "preview")
    return Preview(preview.title, preview.description, preview.image_url)


def _check_not_empty(value: UtmInput | ExpiryInput | PreviewInput, field: str) -> None:
    """Checks that an object says something: each vendor would read an empty one in its own way.

    Raises:
        InvalidInputError: Each of its fields is null or left out.
    """
    names = [each.name for each in fields(value)]
    if all(getattr(value, name) is None for name in names):
        allowed = ", ".join(map(to_camel_case, names))
        raise InvalidInputError(field, f"is empty; name at least one of {allowed}, or leave {field} out")
