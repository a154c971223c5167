"""What the description of an enum is."""

from collections.abc import Mapping
from enum import Enum
from typing import TypeAlias

# Of each enum: its description, and those of its values.
Descriptions: TypeAlias = Mapping[type[Enum], tuple[str, Mapping[str, str]]]
