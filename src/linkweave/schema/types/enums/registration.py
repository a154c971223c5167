"""Registers the enums of the layers below with Strawberry."""

from typing import Any, Final, cast

import strawberry
from strawberry.types.enum import has_enum_definition

from linkweave.schema.types.enums.catalog import CATALOG
from linkweave.schema.types.enums.descriptions import Descriptions
from linkweave.schema.types.enums.gateway import GATEWAY
from linkweave.schema.types.enums.jobs import JOBS
from linkweave.schema.types.enums.providers import PROVIDERS
from linkweave.schema.types.enums.writes import WRITES

_DESCRIPTIONS: Final[Descriptions] = {**PROVIDERS, **GATEWAY, **CATALOG, **WRITES, **JOBS}


def describe_enums() -> None:
    """Registers the enums of the layers below with Strawberry and describes them. A second call changes nothing.

    Strawberry may have registered an enum before, when it read a type's annotations. Types refer to that definition,
    so this function changes it and does not replace it.
    """
    for enum, (description, values) in _DESCRIPTIONS.items():
        shown = enum if has_enum_definition(enum) else strawberry.enum(enum)
        definition = cast("Any", shown).__strawberry_definition__
        definition.description = description
        for value in definition.values:
            value.description = values[value.name]
